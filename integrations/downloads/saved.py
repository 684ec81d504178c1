"""Answers of admin APIs that people saved: read by the parsers of the connectors, as live ones are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import cast

from integrations.connector import Connector
from integrations.fields import Item, Projection
from integrations.operations import Operation
from scanner.model import Record


@cache
def operation_at(connector: str, path: str) -> Operation | None:
    """Return the operation of a connector that asks for a path, given without version and host."""
    return next((one for one in _operations(connector) if _resource(one.path) == path), None)


@cache
def operation_of(connector: str, id: str) -> Operation | None:  # noqa: A002 - as it is called everywhere
    """Return the operation of a connector by its id."""
    return next((one for one in _operations(connector) if one.id == id), None)


def parsed(
    operation: Operation, value: object, parameters: Mapping[str, str], bad: Counter[str]
) -> Iterator[Record]:
    """Yield the records of an item of an answer; fields that no operation declares stay unread."""
    known = Projection(operation.fields).of(value)
    return operation.parse(Item(known, bad), parameters)


def _operations(connector: str) -> tuple[Operation, ...]:
    # By name and when asked for: connectors are many, and a saved answer is of one.
    try:
        found = getattr(import_module(f"integrations.{connector}"), "CONNECTOR", None)
    except ImportError:
        return ()
    return cast("Connector", found).operations if found is not None else ()


def _resource(path: str) -> str:
    """Cut what a version is of a path: /v1.0/users and /beta/users are users."""
    first, _, rest = path.strip("/").partition("/")
    return rest if first in ("v1.0", "beta") else path.strip("/")
