"""The scope of the management system (clause 4.3): drafted from evidence, approved by a person."""

from __future__ import annotations

from reports import Report, as_paper
from reports.head import head_of
from reports.material import Material
from reports.paper import Paper
from reports.scope_annexes import annexes
from reports.scope_data import APPROVED, Scope, entries_of, scope_of
from reports.scope_sections import sections
from scanner.inventory.approval import OpenPoint
from scanner.inventory.scope import Place
from scanner.inventory.scope_entries import Entry, placed

# What people must say, by its name in gnomon.toml.
_WRITTEN = (
    "statement", "definition", "accountable", "legal_entities", "units", "sites", "issues",
    "parties", "activities",
)  # fmt: skip


def compose(material: Material) -> Paper:
    """Return the scope as it stands now: a draft, unless a person is approving it."""
    texts = material.texts
    scope = scope_of(material)
    document = scope.document
    subtitle = texts("scope.subtitle_draft", version=document.version)
    if document.status == APPROVED:
        at, by = document.approved_at, document.approved_by
        subtitle = texts("scope.subtitle_approved", version=document.version, by=by, at=at)
    return Paper(
        name="scope",
        title=texts("scope.title"),
        subtitle=subtitle,
        head=head_of(material),
        sections=(*sections(scope, material), *annexes(scope, material)),
        data=scope,
    )


def points(material: Material) -> list[OpenPoint]:
    """Return what an auditor would ask of whoever approves the scope as it stands."""
    entries = entries_of(material)
    inside = placed(entries, Place.IN)
    unapproved = [one.name for one in placed(entries, Place.OUT) if not _is_justified(one)]
    unwritten = [name for name in _WRITTEN if not getattr(material.config.scope, name)]
    counts = {
        "undecided": len(placed(entries, Place.UNDECIDED)),
        "by_default": sum(not one.is_decided for one in inside),
        "roles": sum(not one.has_confirmed_role for one in inside),
    }
    found = [] if inside else [OpenPoint("empty", is_final=True)]
    if unapproved:
        found.append(OpenPoint("unapproved", names=tuple(unapproved), is_final=True))
    found += [OpenPoint(key, n) for key, n in counts.items() if n]
    if unwritten:
        found.append(OpenPoint("unwritten", names=tuple(f"[scope] {one}" for one in unwritten)))
    return found


def _is_justified(one: Entry) -> bool:
    """Whether an exclusion says why, by whom and until when."""
    return bool(one.code and one.reason and one.by and one.review_due)


REPORT = Report(
    "scope",
    "The scope of the management system (clause 4.3), to be approved",
    as_paper(compose, "html", "docx", "md", "json"),
    compose=compose,
    data=Scope,
    points=points,
)
