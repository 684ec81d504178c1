"""An inventory to hand on, small and awkward: equal names, commas, formulas, nobody's decisions."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

from integrations.exports import File, LeftOut
from scanner.model import (
    EvidenceKind,
    Fact,
    HandedSupplier,
    HandedSystem,
    Handover,
    Identifier,
    Part,
    SystemKind,
    Usage,
)
from scanner.registry import EXPORTS, values
from tests.support import at

MADE = at("2026-12-01T00:00:00Z")


def system(key: str, name: str, kind: SystemKind = SystemKind.USED, **fields: Any) -> HandedSystem:
    """Return a system of Example AI; its fields are those of the record."""
    parts = (_part("pkg:pypi/openai"),) if kind is SystemKind.BUILT else ()
    return HandedSystem(
        id=key,
        name=name,
        kind=kind,
        product=f"example-ai/{key}",
        category="application" if parts else "assistant",
        suppliers=("example-ai",),
        fields={"approval_status": "new", "first_seen": "2026-11-01T08:00:00Z", **fields},
        parts=parts,
        hosts=() if parts else ("chat.example.com",),
    )


def handed(*systems: HandedSystem, usages: tuple[Usage, ...] = ()) -> Handover:
    """Return an inventory of these systems and their one supplier."""
    fact = Fact("dpa", "signed on request", date(2026, 1, 1), "https://example.com/dpa")
    supplier = HandedSupplier(
        id="example-ai",
        name="Example AI",
        country="ES",
        legal_entity="Example AI, S.L.",
        urls={"website": "https://example.com", "privacy": "https://example.com/privacy"},
        facts=(fact,),
        systems=tuple(one.id for one in systems),
    )
    return Handover(
        "Harbour & Pine", MADE, "0.1.0", "2026.11", "pseudonymous", systems, (supplier,), usages
    )


def usage(person: str, host: str = "chat.example.com", is_blocked: bool = False) -> Usage:
    when = at("2026-11-16T08:40:46.889Z")
    return Usage("ais-1", person, "Sales", host, when, is_blocked, 3)


def exported(target: str, what: Handover, **given: str) -> tuple[dict[str, bytes], list[LeftOut]]:
    """Return the files of an export by their names, and what it left out."""
    (export,) = (one for one in values(EXPORTS) if one.name == target)
    answers = {name.replace("_", "-"): value for name, value in given.items()}
    found = list(export.write(what, answers))
    files = {one.name: one.content for one in found if isinstance(one, File)}
    return files, [one for one in found if isinstance(one, LeftOut)]


def rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of CSV that begins with the mark of its encoding, as a target reads it."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def lines(content: bytes) -> list[Any]:
    return [json.loads(one) for one in content.decode().splitlines()]


def _part(value: str) -> Part:
    return Part(
        id="c1.app.py:1", product="example-ai/api", supplier_id="example-ai", supplier="Example AI",
        category="model-api", kind=EvidenceKind.BUILD, channel=Identifier.PACKAGE, value=value,
        version="1.0", tie="declared", purpose="runtime", is_direct=True, is_shipped=True,
        speaks_to="", file="pyproject.toml", line=3, source="code",
    )  # fmt: skip
