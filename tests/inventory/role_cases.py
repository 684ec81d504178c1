"""The labelled cases of roles: compact descriptions of systems, as facts, decisions and settings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scanner.config import RoleSettings
from scanner.model import (
    Act,
    Action,
    Channel,
    Consent,
    Decision,
    EvidenceKind,
    Hinted,
    Identifier,
    Kept,
    Level,
    Part,
    Reached,
    Seats,
    Seen,
    Spent,
    Switched,
    SystemFacts,
    SystemKind,
    Way,
)
from tests.support import at

FOLDER = Path(__file__).parent / "roles"
WHEN = at("2026-11-02T09:00:00Z")
_SHIPPED = ("runtime", "optional")


class Case(NamedTuple):
    """A system, what people said of it, and what a person who knows it would say."""

    name: str
    facts: SystemFacts
    decided: tuple[Decision, ...]
    settings: RoleSettings
    expect: dict[str, str]  # sub-roles by role; "" where any will do
    fires: frozenset[str]
    silent: frozenset[str]
    unasked: frozenset[str]  # rules whose question another rule has answered
    notes: frozenset[str]
    confidence: Mapping[str, float]


@cache
def cases() -> tuple[Case, ...]:
    """Return every labelled case, in the order of the files."""
    files = sorted(one for one in FOLDER.glob("*.toml") if one.name != "parts.toml")
    return tuple(
        case_of(case) for file in files for case in tomllib.loads(file.read_text())["cases"]
    )


def case_of(raw: dict[str, Any]) -> Case:
    facts = facts_of(raw)
    said = [
        _decision(number, facts.id, Act.ROLE, one["verdict"], one)
        for number, one in enumerate(raw.get("said", ()), 1)
    ]
    filled = [
        _decision(100 + number, facts.id, Act.FIELD, "said", {"field": name, "value": value})
        for number, (name, value) in enumerate(raw.get("fields", {}).items())
    ]
    return Case(
        raw["name"],
        facts,
        (*said, *filled),
        RoleSettings(raw.get("enough", 3), tuple(raw.get("client_work", ()))),
        dict((*one.split("/"), "")[:2] for one in raw["expect"]),
        frozenset(raw.get("fires", ())),
        frozenset(raw.get("silent", ())),
        frozenset(raw.get("unasked", ())),
        frozenset(raw.get("notes", ())),
        raw.get("confidence", {}),
    )


def facts_of(raw: dict[str, Any]) -> SystemFacts:
    kind = raw.get("kind", "built" if "parts" in raw else "used")
    return SystemFacts(
        id="ais-0123456789ab",
        name=raw.get("name", "a system"),
        kind=SystemKind(kind),
        product=raw.get("product", "acme/product"),
        suppliers={"acme": "Acme"},
        category=raw.get("category", "application"),
        ai_nature=raw.get("nature", "pure"),
        first_scan=1,
        seen=tuple(seen(number, **one) for number, one in enumerate(raw.get("seen", ()), 1)),
        reached=tuple(_reached(number, one) for number, one in enumerate(raw.get("reached", ()))),
        parts=tuple(part(number, one) for number, one in enumerate(raw.get("parts", ()), 1)),
        hints=tuple(
            Hinted(one["kind"], one["label"], one.get("file", "package.json"), number)
            for number, one in enumerate(raw.get("hints", ()), 1)
        ),
        seats=tuple(Seats(**{**_SEATS, **one}) for one in raw.get("seats", ())),
        kept=tuple(Kept(**{**_KEPT, **one}) for one in raw.get("kept", ())),
        switched=tuple(Switched(**{**_SWITCHED, **one}) for one in raw.get("switched", ())),
        spent=tuple(Spent(**{**_SPENT, **one}) for one in raw.get("spent", ())),
        counts=raw.get("counts", {}),
        people=raw.get("people", 0),
        is_registered=raw.get("registered", False),
    )


_SEATS: dict[str, Any] = {"never_used": None, "source": "licences"}
_KEPT: dict[str, Any] = {"detail": "", "owner": "", "source": "assets"}
_SWITCHED: dict[str, Any] = {"unit": "", "source": "settings"}
_SPENT: dict[str, Any] = {"month": "2026-11", "currency": "EUR", "people": 0, "source": "card.csv"}


def seen(number: int, channel: str, level: str, **more: Any) -> Seen:
    source = more.get("source", f"{channel}.log")
    action = Action(more.get("action", "allowed"))
    return Seen(
        id=f"e{number}.acme.product.host.{channel}.{action}",
        source=source,
        detection="acme.product.host",
        identifier=Identifier(more.get("identifier", "host")),
        kind=EvidenceKind(more.get("kind", "use")),
        channel=Channel(channel),
        action=action,
        level=Level[level.upper()],
        events=more.get("events", 10),
        actors=more.get("actors", 1),
        days=more.get("days", 1),
        bytes_up=more.get("bytes_up", 0),
        first=WHEN,
        last=WHEN,
        confidence=95,
    )


def _reached(number: int, raw: dict[str, Any]) -> Reached:
    return Reached(
        id=f"g1.app.{number}",
        area=raw["area"],
        can_write=raw.get("can_write"),
        is_wide=raw.get("is_wide", False),
        way=Way(raw.get("way", "delegated")),
        consent=Consent(raw["consent"]),
        scope=raw.get("scope", f"{raw['area']}.read"),
        people=raw.get("people", 1),
        is_for_all=raw.get("is_for_all", False),
        source="grants",
    )


@cache
def presets() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / "parts.toml").read_text())


def part(number: int, raw: str | dict[str, Any]) -> Part:
    own: dict[str, Any] = {"like": raw} if isinstance(raw, str) else dict(raw)
    told = {**presets()[own.pop("like")], **own}
    purpose, is_direct = told.get("purpose", "runtime"), told.get("is_direct", True)
    kind = EvidenceKind(told.get("kind", "build"))
    is_enough = told.get("channel") != "key_shape" and kind is not EvidenceKind.SUPPORTING
    is_tool = told["category"] == "coding-agent"
    file = told.get("file", "pyproject.toml")
    return Part(
        id=f"c1.{file}:{number}",
        product=told["product"],
        supplier_id=told["product"].partition("/")[0],
        supplier=told["product"].partition("/")[0].title(),
        category=told["category"],
        kind=kind,
        channel=Identifier(told.get("channel", "package")),
        value=told["value"],
        version="",
        tie=told.get("tie", "declared"),
        purpose=purpose,
        is_direct=is_direct,
        is_shipped=is_enough and not is_tool and purpose in _SHIPPED and is_direct,
        speaks_to=told.get("speaks_to", ""),
        file=file,
        line=number,
        source="tree",
    )


def _decision(number: int, system: str, act: Act, verdict: str, value: dict[str, Any]) -> Decision:
    told = {name: one for name, one in value.items() if name != "verdict"}
    return Decision(
        system, verdict, "as the owner says", "ana", WHEN, act=act, value=told, number=number
    )
