"""Taking back one's own last verdict of this session: a new decision, by which nothing is erased."""

from __future__ import annotations

from scanner.inventory.recording import ConflictError, RefusedError
from scanner.inventory.undoing import undo
from scanner.inventory.verdicts import State
from scanner.model import Decision
from scanner.web.people import Role
from scanner.web.verdict_form import may_say
from scanner.web.visit import Answer, Page, Sent, Visit


def take_back(visit: Visit) -> Answer:
    """Take back the newest verdict of this session that was not taken back yet."""
    made, texts = visit.session.decisions, visit.texts
    if not made:
        visit.tell(texts("web_system.undo.none"))
        return Sent("/")
    try:
        outcome = undo(
            visit.writer,
            made[-1],
            visit.person.name,
            visit.now,
            may_say(visit),
            lambda undone, state, before: _reason(visit, undone, state, before),
        )
    except ConflictError as error:
        made.pop()  # somebody else's word stands now: it is not ours to take back any more
        visit.tell(_since(visit, error))
        return Sent("/")
    except RefusedError as error:
        made.pop()
        visit.tell(str(error))
        return Sent("/")
    made.pop()
    decision = outcome.draft.decision
    name = visit.material.systems[decision.subject].name
    visit.tell(texts("web_system.undo.done", name=name, reason=decision.reason))
    return Sent(f"/?at={decision.subject}#{decision.subject}")


def _reason(visit: Visit, undone: Decision, state: State, before: Decision | None) -> str:
    """Return the reason that is recorded: what is taken back, and what is so again, or why not."""
    texts = visit.texts
    values = {
        "number": str(undone.number),
        "verdict": texts.of("status", undone.verdict),
        "state": texts.of("status", state),
    }
    if before is None:
        return texts("web_system.undo.was_new", **values)
    values["before"] = texts.of("status", before.verdict)
    values["by"] = before.by
    values["at"] = texts.day(before.at)
    key = "back" if state.value == before.verdict else "not_back"
    return texts(f"web_system.undo.{key}", **values)


def _since(visit: Visit, error: ConflictError) -> str:
    newer = error.newer
    if newer is None:
        return str(error)
    texts = visit.texts
    return texts(
        "web_system.undo.since",
        by=newer.by,
        verdict=texts.of("status", newer.verdict),
        at=texts.minute(newer.at),
    )


PAGES = (Page("/undo", take_back, Role.REVIEWER, writes=True),)
