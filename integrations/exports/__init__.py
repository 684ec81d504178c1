"""Exports: what each governance tool takes, made from the inventory as it is handed on.

A target is one file here with one constant, ``EXPORT``. Its ``write`` is a pure function: it is
handed the inventory and yields files, and what it had to leave out with the reason. Nothing is sent.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from scanner.model import HandedSystem, Handover

NOT_ASSESSED = "not assessed"
# What nobody has allowed yet, and what somebody has refused.
UNDECIDED = frozenset({"new", "in_review"})


class File(NamedTuple):
    """A file for a target, whole."""

    name: str
    content: bytes


class LeftOut(NamedTuple):
    """What a target cannot be given, and why."""

    what: str
    why: str


class Loaded(NamedTuple):
    """A kind of file that an export writes, and how the target takes it."""

    name: str
    holds: str
    how: str


class Asked(NamedTuple):
    """What only the one who exports can say, such as a user's number in the target.

    ``example`` stands in for it where the files are only to be looked at.
    """

    name: str
    why: str
    is_required: bool = False
    values: tuple[str, ...] = ()
    example: str = ""


Write = Callable[[Handover, Mapping[str, str]], Iterable[File | LeftOut]]


@dataclass(frozen=True, slots=True)
class Export:
    """A target. ``read`` names the version of it whose rules the files keep."""

    name: str
    title: str
    reference: str
    read: str
    files: tuple[Loaded, ...]
    write: Write
    asked: tuple[Asked, ...] = ()
    note: str = ""


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV with a mark of its encoding; cells that would be formulas are quoted."""
    from scanner.output import cell

    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(columns)
    lines.writerows([cell(row.get(column, "")) for column in columns] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_json(value: Any) -> bytes:
    """Return one JSON document."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def as_lines(values: Iterable[Any]) -> bytes:
    """Return one JSON document a line."""
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in values).encode()


def told(one: HandedSystem) -> str:
    """Return what the evidence says of a system, in one text for people: dated, and as candidates."""
    roles = [f"{role['role']} ({role['status']})" for role in one.fields.get("roles_22989") or ()]
    parts = (
        ("Status", one.text("approval_status").replace("_", " ")),
        ("Roles (ISO/IEC 22989)", ", ".join(roles)),
        ("Scope", one.part("scope_43", "scope")),
        ("First seen", one.text("first_seen")[:10]),
        ("Last seen", one.text("last_seen")[:10]),
        ("Users or addresses", one.part("users", "count")),
        ("May reach", ", ".join(one.texts("data_reach"))),
        ("Seen through", ", ".join(one.texts("channels"))),
        ("Inventory id", one.id),
    )
    return "; ".join(f"{name}: {value}" for name, value in parts if value)


def held(one: HandedSystem) -> list[str]:
    """Return the roles of ISO/IEC 22989 that a person confirmed: a candidate is no role yet."""
    roles = one.fields.get("roles_22989") or ()
    return [str(role["role"]) for role in roles if role["status"] == "confirmed"]


def unique(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a name for each id that no other has, whatever its case; the id tells equals apart."""
    listed = list(names)
    counts: dict[str, int] = {}
    for _, name in listed:
        counts[name.casefold()] = counts.get(name.casefold(), 0) + 1
    return {
        key: name if counts[name.casefold()] == 1 else f"{name} [{key}]" for key, name in listed
    }
