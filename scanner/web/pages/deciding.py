"""Verdicts given in the browser: the same decision as on the command line and in a spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from scanner.inventory.recording import ConflictError, Outcome, RefusedError, record, record_one
from scanner.inventory.review import judge
from scanner.inventory.verdicts import RULES, Because, Flaw
from scanner.model import Act, Decision
from scanner.web.pages.queue import waiting
from scanner.web.people import Role
from scanner.web.system_lists import in_words as told
from scanner.web.verdict_form import Given, drafted, given, in_words, may_say, proposed
from scanner.web.visit import Answer, Page, Refused, Sent, Shown, Visit, number_of

_SYSTEM = "ais-"
# Of what is lacking: that of no field first, then as the fields stand.
_ORDER = ("", "by", "verdict", "reason", "conditions", "review_due", "exceptions", "code")


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Why nothing was recorded: what is lacking by system, and what others decided meanwhile."""

    flaws: Mapping[str, Sequence[Flaw]] = field(default_factory=dict)
    newer: Sequence[Decision] = ()

    @property
    def status(self) -> int:
        return 409 if self.newer else 400 if self.flaws else 200


_NOTHING = Unsaid()


def form(visit: Visit) -> Answer:
    """Show the form for a verdict on one system."""
    system = visit.path["system"]
    stand = visit.material.standpoints.get(system)
    review = stand.review if stand else None
    return _shown(visit, (system,), proposed(visit.query.get("verdict", ""), review, visit.now))


def form_of_several(visit: Visit) -> Answer:
    """Show the form for one verdict on several systems; the address names each with what was seen."""
    seen, known = _seen(visit.query), visit.material.decided
    newest = [known.newest(one, Act.REVIEW) for one in seen]
    since = [
        one
        for one, number in zip(newest, seen.values(), strict=True)
        if one and one.number > number
    ]
    typed = proposed(visit.query.get("verdict", ""), None, visit.now)
    return _shown(visit, seen, typed, Unsaid(newer=since), status=200)


def _shown(
    visit: Visit,
    systems: Collection[str],
    typed: Given,
    unsaid: Unsaid = _NOTHING,
    status: int | None = None,
) -> Answer:
    """Return the form, filled in as it was."""
    material = visit.material
    if not systems:
        visit.tell(visit.texts("web_system.several.none"))
        return Sent("/")
    if any(one not in material.standpoints for one in systems):
        return Refused(404, visit.texts("web.refused.gone"))
    return Shown(
        "decide.html",
        {
            "systems": [material.systems[one] for one in systems],
            "reviews": {one: material.standpoints[one].review for one in systems},
            "given": typed,
            "verdicts": may_say(visit),
            "rules": RULES,
            "codes": list(Because),
            "flaws": _by_field(visit, typed, unsaid.flaws),
            "newer": [(one, *told(material, one)) for one in unsaid.newer],
            "is_one": len(systems) == 1,
        },
        unsaid.status if status is None else status,
    )


def decide(visit: Visit) -> Answer:
    """Record a verdict; where it cannot be, the form comes back with the reason."""
    system, typed = visit.path["system"], given(visit)
    if refused := _refused(visit, typed, (system,)):
        return refused
    seen = {system: number_of(visit.said("seen"))}
    drafts, flaws = drafted(visit, typed, seen)
    if flaws:
        return _shown(visit, (system,), typed, Unsaid(flaws, _newer(visit, seen)))
    try:
        outcome = record_one(visit.writer, drafts[0], judge)
    except ConflictError as error:
        return _shown(visit, (system,), typed, Unsaid(newer=[error.newer] if error.newer else ()))
    except RefusedError as error:
        return _shown(visit, (system,), typed, Unsaid({system: [Flaw("", "", str(error))]}))
    return _back(visit, typed, [outcome])


def decide_several(visit: Visit) -> Answer:
    """Record one verdict on several systems, each a decision of its own: all of them, or none."""
    typed = given(visit)
    seen = _seen({name: values[0] for name, values in visit.form.items() if values})
    if refused := _refused(visit, typed, seen):
        return refused
    drafts, flaws = drafted(visit, typed, seen)
    if flaws or not drafts:
        return _shown(visit, seen, typed, Unsaid(flaws, _newer(visit, seen)))
    outcomes = record(visit.writer, drafts, judge, is_whole=True)
    unsaid = _of_outcomes(outcomes)
    return (
        _shown(visit, seen, typed, unsaid)
        if unsaid.status != 200
        else _back(visit, typed, outcomes)
    )


def _refused(visit: Visit, typed: Given, systems: Collection[str]) -> Refused | None:
    if any(one not in visit.material.standpoints for one in systems):
        return Refused(404, visit.texts("web.refused.gone"))
    if typed.verdict and typed.verdict not in may_say(visit):
        return visit.refusal(Role.APPROVER)
    return None


def _of_outcomes(outcomes: Sequence[Outcome]) -> Unsaid:
    flaws = {one.draft.decision.subject: [Flaw("", "", one.flaw)] for one in outcomes if one.flaw}
    return Unsaid(flaws, [one.newer for one in outcomes if one.newer])


def _newer(visit: Visit, seen: Mapping[str, int]) -> list[Decision]:
    """Return what others decided since, also where something is lacking.

    The form comes back as made from what stands now, and would write over that without a word.
    """
    reviews = {one: visit.material.standpoints[one].review for one in seen}
    numbers = {reviews[one].number for one, number in seen.items() if reviews[one].number > number}
    return [one for one in visit.material.decisions if one.number in numbers]


def _back(visit: Visit, typed: Given, outcomes: Sequence[Outcome]) -> Sent:
    """Go back to the queue, to what comes after what was decided."""
    texts, material = visit.texts, visit.material
    subjects = [one.draft.decision.subject for one in outcomes]
    visit.session.decisions.extend(one.decision.number for one in outcomes if one.decision)
    named = texts.listed([material.systems[one].name for one in subjects])
    key = "web.decided" if any(one.decision for one in outcomes) else "web_system.same"
    visit.tell(texts(key, name=named, verdict=texts.of("status", typed.verdict)))
    following = _after(waiting(material), subjects)
    return Sent(f"/?at={following}#{following}" if following else "/")


def _after(queue: Sequence[str], decided: Collection[str]) -> str:
    """Return what comes after the last of these; if nothing does, what comes before the first."""
    places = [at for at, one in enumerate(queue) if one in decided]
    if not places:
        return ""
    rest = [one for one in queue[places[-1] :] if one not in decided]
    before = [one for one in queue[: places[0]] if one not in decided]
    return rest[0] if rest else before[-1] if before else ""


def _by_field(
    visit: Visit, typed: Given, flaws: Mapping[str, Sequence[Flaw]]
) -> dict[str, list[str]]:
    """Return what is lacking in words, by field; what is wrong with some of several names them."""
    words: dict[tuple[str, str], list[str]] = {}
    for system, several in flaws.items():
        for flaw in several:
            said = in_words(visit, flaw, typed.verdict) if flaw.kind else flaw.text
            words.setdefault((flaw.about, said), []).append(system)
    found: dict[str, list[str]] = {}
    for (about, said), systems in sorted(words.items(), key=lambda one: _ORDER.index(one[0][0])):
        names = visit.texts.listed([visit.material.systems[one].name for one in systems])
        is_of_some = len(systems) < len(flaws) or (about == "verdict" and len(systems) > 1)
        found.setdefault(about, []).append(f"{names}: {said}" if is_of_some else said)
    return found


def _seen(said: Mapping[str, str]) -> dict[str, int]:
    """Return the systems that a query or form names, each with the newest decision seen of it."""
    return {name: number_of(value) for name, value in said.items() if name.startswith(_SYSTEM)}


PAGES = (
    Page("/several", form_of_several, Role.REVIEWER),
    Page("/several", decide_several, Role.REVIEWER, writes=True),
    Page("/systems/{system}/decide", form, Role.REVIEWER),
    Page("/systems/{system}/decide", decide, Role.REVIEWER, writes=True),
)
