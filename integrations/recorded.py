"""Recorded collections: one file an account, a JSON object a line, people as codes.

::

    {"gnomon": "account", "version": 1, "connector": "entra", "tenant": {...}, "began": "..."}
    {"operation": "entra.users", "parameters": {}, "page": 1, "items": [...]}
    {"ended": [{"operation": "entra.users", "parameters": {}, "state": "complete", ...}]}

``gnomon scan --record FOLDER`` writes them, and a scan reads them as it reads the account.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from integrations.connector import Connector
from integrations.fields import time_of
from integrations.operations import Operation
from integrations.pace import stamp
from integrations.shelf import OpState, Progress, Shelf
from scanner.errors import SourceError
from scanner.model import Tenant
from scanner.privacy import Pseudonyms

_VERSION = 1
_BEGINNING = b'{"gnomon":"account"'
_LONGEST = 256 * 1024 * 1024
_WORD = re.compile(r"[\w.@+-]{8,}")
_SAID = ("since", "note", "rests on")  # of each operation


def record(
    path: Path, connector: Connector, tenant: Tenant, shelf: Shelf, pseudonyms: Pseudonyms
) -> None:
    """Write a collection to a file, for its owner alone: all of it, or nothing."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # one of others would stay theirs
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for line in _told(connector, tenant, shelf, pseudonyms):
                file.write(msgspec.json.encode(line) + b"\n")
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _told(
    connector: Connector, tenant: Tenant, shelf: Shelf, pseudonyms: Pseudonyms
) -> Iterator[dict[str, Any]]:
    yield {
        "gnomon": "account",
        "version": _VERSION,
        "connector": connector.name,
        "tenant": tenant._asdict(),
        "began": stamp(float(shelf.head("began") or 0)).isoformat(),
        "of a person": bool(shelf.head("of a person")),
    }
    coding = _Coding(connector, shelf, pseudonyms)
    for id_ in shelf.operations():
        operation = connector.operation(id_)
        for number, (parameters, items) in enumerate(shelf.items(id_), 1):
            redacted = [coding.of(item, operation) for item in items]
            asked = _without_addresses(parameters, pseudonyms)
            yield {"operation": id_, "parameters": asked, "page": number, "items": redacted}
    yield {
        "ended": [
            {
                "operation": id_,
                "parameters": _without_addresses(parameters, pseudonyms),
                "state": progress.state.value,
                "reason": progress.reason,
                **{kind: shelf.head(f"{kind} {id_}") for kind in _SAID},
            }
            for id_ in shelf.operations()
            for parameters, progress in shelf.of_operation(id_)
        ]
    }


def _path(name: str) -> list[str]:
    return name.replace("[]", "").split(".")


class _Coding:
    """Puts codes in the place of people: where an operation says they are, and within its texts."""

    def __init__(self, connector: Connector, shelf: Shelf, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        # A text names people by what other fields call them; without such texts nobody is looked up.
        has_texts = any(one.people_within for one in connector.operations)
        self._known = set(_called(connector, shelf)) if has_texts else set()

    def of(self, item: Any, operation: Operation | None) -> Any:
        """Return an item with codes for people."""
        if operation is None:
            return item
        for name in operation.people:
            item = _replaced(item, _path(name), self._coded)
        for name in operation.people_within:
            item = _replaced(item, _path(name), self._coded_within)
        return item

    def _coded(self, value: Any) -> Any:
        return _coded(value, self._pseudonyms)

    def _coded_within(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return _WORD.sub(
            lambda word: self._coded(word[0]) if word[0] in self._known else word[0], value
        )


def _called(connector: Connector, shelf: Shelf) -> Iterator[str]:
    """Yield whatever people are called by in the fields that name them."""
    for operation in connector.operations:
        for _, items in shelf.items(operation.id) if operation.people else ():
            for name in operation.people:
                for item in items:
                    yield from _texts_at(item, _path(name))


def _texts_at(value: Any, path: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts_at(one, path)
    elif not path and isinstance(value, str):
        yield value
    elif path and isinstance(value, Mapping):
        yield from _texts_at(value.get(path[0]), path[1:])


def _without_addresses(parameters: Mapping[str, str], pseudonyms: Pseudonyms) -> dict[str, str]:
    """Return what was asked for, with codes for people; other keys of theirs are no names."""
    return {
        name: pseudonyms.actor(value, None)[0] if "@" in value else value
        for name, value in parameters.items()
    }


def _replaced(value: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """Return a value with what is at a path changed."""
    if isinstance(value, list):
        return [_replaced(one, path, change) for one in value]
    if not path:
        return change(value)
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    return {**value, path[0]: _replaced(value[path[0]], path[1:], change)}


def _coded(value: Any, pseudonyms: Pseudonyms) -> Any:
    """Return a name as a code, also one that an account gives as a number, or in an object."""
    if isinstance(value, Mapping):
        return {name: _coded(one, pseudonyms) for name, one in value.items()}
    if isinstance(value, bool) or value in (None, ""):
        return value
    return pseudonyms.actor(str(value), None)[0]


def is_recorded(path: Path) -> bool:
    """Whether a file is a recorded collection."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def connector_of(path: Path) -> str:
    """Return the name of the connector that recorded a file. Raises SourceError."""
    with path.open("rb") as file:
        return str(_decoded(file.readline(_LONGEST), path, 1).get("connector", ""))


def lay_out(path: Path, shelf: Shelf) -> Tenant:
    """Put the pages of a recorded collection on a shelf; returns whose they are. Raises SourceError.

    Where the end of the file is missing, every operation was read in part.
    """
    tenant = Tenant("", "")
    for line in _lines(path):
        if "gnomon" in line:
            if tenant.id:
                raise SourceError(f"{path}: two recordings in one file; give each a file")
            tenant = _tenant(line, path)
            shelf.note("began", str(_seconds(line.get("began"))))
            if line.get("of a person"):
                shelf.note("of a person", "yes")
        elif "items" in line:
            _page(line, shelf)
        elif "ended" in line:
            _end(line["ended"], shelf)
    return tenant


def _page(line: dict[str, Any], shelf: Shelf) -> None:
    operation, parameters = str(line.get("operation", "")), _parameters(line)
    items = line["items"] if isinstance(line["items"], list) else []
    progress = shelf.progress(operation, parameters) or Progress(
        OpState.PARTIAL, reason="the recording ends before it does"
    )
    shelf.keep(operation, parameters, None, items, progress)


def _end(ended: Any, shelf: Shelf) -> None:
    for one in ended if isinstance(ended, list) else []:
        if not isinstance(one, dict):
            continue
        operation, parameters = str(one.get("operation", "")), _parameters(one)
        progress = shelf.progress(operation, parameters) or Progress(OpState.READING)
        try:
            state = OpState(str(one.get("state")))
        except ValueError:
            state = OpState.PARTIAL
        ended_so = progress._replace(state=state, reason=str(one.get("reason") or ""))
        shelf.write(operation, parameters, ended_so)
        for kind in _SAID:
            if (said := one.get(kind)) and (kind != "since" or _seconds(said)):
                shelf.note(f"{kind} {operation}", str(said))


def _parameters(line: Mapping[str, Any]) -> dict[str, str]:
    found = line.get("parameters")
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _tenant(line: Mapping[str, Any], path: Path) -> Tenant:
    found = line.get("tenant")
    if line.get("version") != _VERSION or not isinstance(found, dict) or not found.get("id"):
        raise SourceError(f"{path}: not a recording that this gnomon can read")
    domains = found.get("domains")
    return Tenant(
        str(found.get("system", "")),
        str(found["id"]),
        str(found.get("name", "")),
        tuple(map(str, domains)) if isinstance(domains, list) else (),
    )


def _seconds(began: object) -> float:
    try:
        return time_of(began).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return 0.0


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST), b""), 1):
            if not line.endswith(b"\n"):
                return  # it was being written
            yield _decoded(line, path, number)


def _decoded(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise SourceError(f"{path}:{number}: not a line of a recording: {error}") from error
    if not isinstance(found, dict):
        raise SourceError(f"{path}:{number}: not a line of a recording")
    return found
