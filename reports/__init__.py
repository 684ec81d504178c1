"""Documents made from the store's views: a report is one file with one constant, ``REPORT``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from reports.material import Material
from reports.paper import Paper
from scanner.inventory.applicability import Filled
from scanner.inventory.approval import OpenPoint
from scanner.store import Store


class About(StrEnum):
    """What a report is about, beside everything: then it takes the id or name of one."""

    SYSTEM = "system"
    SUPPLIER = "supplier"
    EITHER = "system or supplier"


class Output(NamedTuple):
    """One way of writing a report: the end of the file's name, and what makes its content.

    ``compose`` makes the paper that is written, where the format is of a paper.
    """

    suffix: str
    write: Callable[[Material], str | bytes]
    compose: Callable[[Material], Paper] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A document. Its outputs are made from what the store holds, the same every time.

    The first of ``outputs`` is made if none is asked for. ``compose`` makes the paper that its
    general formats write, if it has any, and ``data`` is the type of the paper's data: its JSON
    Schema is published. A report that people approve has ``points``: what speaks against it. One
    that people fill in has ``fill``, which records what a file says, by its name and its bytes.
    """

    name: str
    title: str
    outputs: Mapping[str, Output]
    about: About | None = None
    compose: Callable[[Material], Paper] | None = None
    data: type | None = None
    points: Callable[[Material], list[OpenPoint]] | None = None
    fill: Callable[[Store, str, bytes, str, datetime], list[Filled]] | None = None


def as_paper(compose: Callable[[Material], Paper], *formats: str) -> dict[str, Output]:
    """Return the outputs of a paper in general formats: html, docx, xlsx, csv, md, json."""
    return {name: Output(f".{name}", partial(_written, compose, name), compose) for name in formats}


def _written(compose: Callable[[Material], Paper], name: str, material: Material) -> str | bytes:
    return write_paper(compose(material), name, material)


def write_paper(paper: Paper, name: str, material: Material) -> str | bytes:
    """Return a paper in a general format, by its name."""
    from reports.writers import writer

    template = material.config.template_of(paper.name) if name == "docx" else None
    return writer(name, template)(paper, material.texts)
