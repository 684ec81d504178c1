"""Documents made from the store's views: a report is one file with one constant, ``REPORT``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from reports.material import Material
from reports.paper import Paper


class About(StrEnum):
    """What a report is about, beside everything: then it takes the id or name of one."""

    SYSTEM = "system"
    SUPPLIER = "supplier"
    EITHER = "system or supplier"


class Output(NamedTuple):
    """One way of writing a report: the end of the file's name, and what makes its content."""

    suffix: str
    write: Callable[[Material], str | bytes]


@dataclass(frozen=True, slots=True)
class Report:
    """A document. Its outputs are made from what the store holds, the same every time.

    The first of ``outputs`` is made if none is asked for. ``compose`` makes the paper that its
    general formats write, if it has any, and ``data`` is the type of the paper's data: its JSON
    Schema is published.
    """

    name: str
    title: str
    outputs: Mapping[str, Output]
    about: About | None = None
    compose: Callable[[Material], Paper] | None = None
    data: type | None = None


def as_paper(compose: Callable[[Material], Paper], *formats: str) -> dict[str, Output]:
    """Return the outputs of a paper in general formats: html, docx, xlsx, csv, md, json."""
    return {name: Output(f".{name}", partial(_written, compose, name)) for name in formats}


def _written(compose: Callable[[Material], Paper], name: str, material: Material) -> str | bytes:
    from reports.writers import writer

    return writer(name)(compose(material), material.texts)
