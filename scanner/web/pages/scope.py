"""The scope of the management system: what is drafted, what drifted, what speaks against approving it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports import approving, write_paper
from reports.people import without_names
from reports.scope import REPORT, compose, points
from scanner.errors import UsageError
from scanner.inventory.recording import ConflictError
from scanner.model import Decision
from scanner.store import PaperStore
from scanner.web.documents import format_name, kind_of, links
from scanner.web.papers import in_short
from scanner.web.people import Role
from scanner.web.visit import Answer, File, Page, Refused, Sent, Shown, Visit, number_of

PATH = "/scope"
_DRIFT = "drift"


def show(visit: Visit) -> Answer:
    """Show the scope as it stands now, and the versions that were approved."""
    return shown(visit)


def shown(visit: Visit, flaw: str = "", status: int = 200) -> Answer:
    """Return the page; ``flaw`` is why it could not be approved, with the reason still typed in."""
    texts, paper = visit.texts, visit.material.once("scope", compose)
    sections = in_short(paper.sections, texts)
    open_points = visit.material.once("scope points", points)
    return Shown(
        "scope.html",
        {
            "title": paper.title,
            "subtitle": paper.subtitle,
            "drift": next((one for one in sections if one.id == _DRIFT), None),
            "sections": [one for one in sections if one.id != _DRIFT],
            "points": [
                texts(f"scope.points.{one.key}", n=one.n, names=", ".join(one.names))
                for one in open_points
            ],
            "is_final": any(one.is_final for one in open_points),
            "state": _state(visit),
            "reason": visit.said("reason"),
            "flaw": flaw,
            "files": links(visit, REPORT.name),
            "versions": _versions(visit),
        },
        status,
    )


def _state(visit: Visit) -> str:
    """Return what the page was made from: who approves must not approve something newer."""
    return "-".join(map(str, visit.material.store.state()))


def _versions(visit: Visit) -> list[dict[str, Any]]:
    by_number: dict[int, Decision] = {one.number: one for one in visit.material.decisions}
    return [
        {
            "version": one.version,
            "decision": by_number[one.decision],
            "files": [
                (f"{PATH}/{one.version}/{style}", format_name(visit, style))
                for style in REPORT.outputs
            ],
        }
        for one in visit.material.store.kept_papers(REPORT.name)
        if one.decision in by_number
    ]


def approve(visit: Visit) -> Answer:
    """Approve the scope as it was shown; it is kept as a version, in every language."""
    texts, reason = visit.texts, visit.said("reason")
    if visit.said("state") != _state(visit):
        return shown(visit, texts("web_pages.scope.changed"), 409)
    if points(visit.material) and not reason:
        return shown(visit, texts("web_pages.scope.why"), 422)
    material = replace(visit.material.in_full, now=visit.now)
    try:
        with PaperStore(visit.config.database) as store:
            made = approving.approve(store, material, REPORT, visit.person.name, reason)
    except ConflictError:
        return shown(visit, texts("web_pages.scope.changed"), 409)
    except UsageError as error:
        return shown(visit, str(error), 422)
    visit.tell(texts("web_pages.scope.approved", version=made.version))
    return Sent(PATH)


def version(visit: Visit) -> Answer:
    """Hand out an approved version as it was."""
    number, style = visit.path["version"], visit.path["format"]
    if not number_of(number) or style not in REPORT.outputs:
        return Refused(404, visit.texts("web.refused.missing"))
    material = visit.material
    paper = approving.approved(material.store, REPORT, number_of(number), visit.texts.language)
    if not visit.person.may(Role.REVIEWER):
        paper = without_names(paper, visit.hide)
    content = write_paper(paper, style, material)
    whole = content.encode() if isinstance(content, str) else content
    suffix = REPORT.outputs[style].suffix
    return File(f"{REPORT.name}-{number_of(number)}{suffix}", whole, kind_of(suffix))


PAGES = (
    Page(PATH, show, title="web_pages.navigation.scope", order=4),
    Page(f"{PATH}/approve", approve, Role.APPROVER, writes=True, is_slow=True),
    Page(f"{PATH}/{{version}}/{{format}}", version, is_slow=True),
)
