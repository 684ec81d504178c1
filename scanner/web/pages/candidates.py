"""What looks like AI and no signature knows, and what may have AI inside: with reasons, to be judged."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from scanner.errors import UsageError
from scanner.inventory import judging
from scanner.inventory.candidates import called
from scanner.inventory.recording import ConflictError
from scanner.model import Candidate, CandidateStatus, Category, Decision
from scanner.web.pages.system import rows_of
from scanner.web.people import Role
from scanner.web.visit import Answer, Page, Refused, Sent, Shown, Visit

_MOST = 200  # of a list


def show(visit: Visit) -> Answer:
    """Show the candidates, and the questions to ask."""
    material = visit.material
    found = material.candidates
    return Shown(
        "candidates.html",
        {
            "candidates": [(_address(one), one) for one in found[:_MOST]],
            "called": called,
            "count": len(found),
            "questions": material.store.questions(),
        },
    )


def one_of(visit: Visit) -> Answer:
    """Show one candidate, and what can be said of it."""
    return _shown(visit, visit.query.get("key", ""))


def _shown(visit: Visit, key: str, flaw: str = "", status: int = 200) -> Answer:
    found = next((one for one in visit.material.candidates if one.key == key), None)
    found = found or judging.find(visit.material.store, key)
    if found is None:
        return Refused(404, visit.texts("web_system.candidate.gone"))
    decided = visit.material.store.decisions_on(key)
    return Shown(
        "candidate.html",
        {
            "one": found,
            "called": called,
            "decided": decided,
            "is_open": found.status is CandidateStatus.OPEN,
            "folder": next(iter(visit.config.signatures), ""),
            "categories": list(Category),
            "flaw": flaw,
            "said": {name: visit.said(name) for name in ("reason", "name", "category", "verdict")},
        },
        status,
    )


def judge(visit: Visit) -> Answer:
    """Record what a candidate is: AI, known from now on by a signature; or none."""
    key, verdict = visit.said("key"), visit.said("verdict")
    if verdict not in (CandidateStatus.PROMOTED, CandidateStatus.DISMISSED):
        return Refused(400, visit.texts("web.refused.missing"))
    decision = Decision(key, verdict, visit.said("reason"), visit.person.name, visit.now)
    try:
        if verdict == CandidateStatus.DISMISSED:
            judging.dismiss(visit.writer, decision)
            visit.tell(visit.texts("web_system.candidate.dismissed", name=key.partition(":")[2]))
        else:
            _accept(visit, decision)
    except ConflictError as error:
        return _shown(visit, key, str(error), 409)
    except UsageError as error:
        return _shown(visit, key, str(error), 400)
    return Sent("/candidates")


def _accept(visit: Visit, decision: Decision) -> None:
    folder, category = next(iter(visit.config.signatures), None), visit.said("category")
    if folder is None:
        raise UsageError(visit.texts("web_system.candidate.no_folder"))
    if category not in set(Category):
        raise UsageError(visit.texts("web_system.candidate.no_category"))
    from scanner.compiled import open_base
    from scanner.config import cache_folder

    shapes = open_base(map(Path, visit.config.signatures), cache_folder(os.environ)).shapes
    _, file = judging.accept(
        visit.writer, decision, shapes, visit.said("name"), Category(category),
        visit.now.date(), Path(folder),
    )  # fmt: skip
    visit.tell(visit.texts("web_system.candidate.promoted", file=file.name))


def asked(visit: Visit) -> Answer:
    """Show what was seen of software that may have AI inside."""
    product = visit.query.get("product", "")
    found = next(
        (one for one in visit.material.store.questions() if one["product"] == product), None
    )
    if found is None:
        return Refused(404, visit.texts("web_system.candidate.gone"))
    at = f"/questions?product={quote(product, safe='')}"
    back = "/candidates#questions", visit.texts("web_system.question.title")
    return rows_of(visit, product, found["name"], back, at)


def _address(one: Candidate) -> str:
    return f"/candidates/one?key={quote(one.key, safe='')}"


PAGES = (
    Page("/candidates", show),
    Page("/candidates/one", one_of),
    Page("/candidates/judge", judge, Role.REVIEWER, writes=True),
    Page("/questions", asked),
)
