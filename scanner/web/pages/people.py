"""Codes: what stands for a person stays a code, until a reviewer asks for one and says why.

There is no list of people, for nobody. That somebody asked is a decision like any other, and shown.
"""

from __future__ import annotations

from scanner.errors import StoreError
from scanner.inventory.revealing import SUBJECT, QuestionError, pseudonyms_of, reveal
from scanner.model import Act
from scanner.privacy import Privacy
from scanner.web.people import Role
from scanner.web.visit import Answer, Page, Sent, Shown, Visit

_FIELDS = ("code", "reason", "names")


def form(visit: Visit) -> Answer:
    """Show the form that asks for one code, and who asked for which before."""
    return _shown(visit, {"code": visit.query.get("code", "")})


def ask(visit: Visit) -> Answer:
    """Look for the name of one code; it is told on the next page, once."""
    try:
        found = reveal(
            visit.writer,
            visit.config,
            visit.said("code"),
            visit.said("reason"),
            visit.person.name,
            visit.now,
            [one for one in visit.said("names").splitlines() if one.strip()],
        )
    except QuestionError as error:
        said = {name: visit.said(name) for name in _FIELDS}
        return _shown(visit, said, error.word)
    key = "web_people.found" if found.name else "web_people.not_found"
    visit.tell(visit.texts(key, code=found.code, name=found.name, tried=found.tried))
    return Sent("/people")


def _shown(visit: Visit, said: dict[str, str], flaw: str = "") -> Answer:
    asked = [one for one in visit.material.decisions if one.act is Act.REVEAL]
    return Shown(
        "people.html",
        {
            "said": said,
            "flaw": flaw,
            "why_not": _why_not(visit),
            "asked": asked[::-1],
            "code_of": lambda one: one.subject.removeprefix(SUBJECT),
        },
        status=400 if flaw else 200,
    )


def _why_not(visit: Visit) -> str:
    """Return why no code can be asked for here; "" if it can."""
    if visit.material.store.privacy() == Privacy.IDENTIFIED:
        return visit.texts("web_people.identified")
    try:
        pseudonyms_of(visit.material.store, visit.config)
    except StoreError as error:
        return str(error)
    return ""


PAGES = (
    Page("/people", form, Role.REVIEWER, title="web_people.title", order=8),
    Page("/people", ask, Role.REVIEWER, writes=True),
)
