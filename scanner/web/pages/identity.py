"""What is one system, said in the browser: merged, split, renamed. No scan undoes it."""

from __future__ import annotations

from collections.abc import Callable

from scanner.inventory import identity
from scanner.inventory.identity import Judgement
from scanner.inventory.recording import check_seen
from scanner.model import Act, Decision
from scanner.web.pages.claims import said, seen
from scanner.web.people import Role
from scanner.web.visit import Answer, Page, Visit


def rename(visit: Visit) -> Answer:
    """Call a system otherwise; without a name, by its own again."""
    name = visit.said("name") or None
    system = visit.path["system"]
    return _judged(
        visit,
        "rename",
        Act.RENAME,
        lambda judged: identity.rename(visit.writer, system, name, judged),
        visit.texts("web_system.identity.renamed"),
    )


def merge(visit: Visit) -> Answer:
    """Say that another system is this one."""
    other, system = visit.said("other"), visit.path["system"]
    return _judged(
        visit,
        "merge",
        Act.MERGE,
        lambda judged: identity.merge(visit.writer, system, other, judged),
        visit.texts("web_system.identity.merged", other=other),
    )


def split(visit: Visit) -> Answer:
    """Take out what was merged in, or make some detections a system of their own."""
    system, other, name = visit.path["system"], visit.said("other"), visit.said("name")
    detections = visit.form.get("detection", ())

    def judge(judged: Judgement) -> Decision:
        if other:
            return identity.unmerge(visit.writer, system, other, judged)
        return identity.split(visit.writer, system, detections, name, judged)

    done = visit.texts("web_system.identity.split")
    return _judged(visit, "unmerge" if other else "split", Act.SPLIT, judge, done)


def _judged(
    visit: Visit, form: str, act: Act, judge: Callable[[Judgement], Decision], done: str
) -> Answer:
    """Record a decision on what is one system, unless somebody said something of that meanwhile."""

    def record() -> None:
        check_seen(visit.writer, visit.path["system"], act, seen(visit))
        judged = Judgement(visit.person.name, visit.said("reason"), visit.now)
        visit.writer.decide(judge(judged))

    return said(visit, form, "identity", record, done)


PAGES = (
    Page("/systems/{system}/rename", rename, Role.REVIEWER, writes=True),
    Page("/systems/{system}/merge", merge, Role.REVIEWER, writes=True),
    Page("/systems/{system}/split", split, Role.REVIEWER, writes=True),
)
