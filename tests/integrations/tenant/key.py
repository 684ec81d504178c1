"""The answer key: what a scan of a seeded tenant has to find, counted from the seed alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.integrations.tenant.cast import AI
from tests.integrations.tenant.seed import Seed

COPILOT = "microsoft/m365-copilot"


@dataclass
class Answer:
    """What there is of one product."""

    apps: set[str] = field(default_factory=set)
    grantors: set[str] = field(default_factory=set)  # logins of people who granted it something
    is_for_all: bool = False
    has_application_rights: bool = False
    members: set[str] = field(default_factory=set)  # logins of those who are assigned to it
    owners: set[str] = field(default_factory=set)  # logins of those who brought it in, or consented


def answers(seed: Seed) -> dict[str, Answer]:
    """Return what there is of each product that applications are of, by ``vendor/product``."""
    found: defaultdict[str, Answer] = defaultdict(Answer)
    for number, ai in enumerate(AI):
        answer = found[ai.product]
        answer.apps.add(ai.name)
        answer.members |= {seed.login((number + one) % seed.people) for one in (0, 1)}
    for person in range(0, seed.people, seed.one_in):
        found[AI[seed.chosen(person)].product].grantors.add(seed.login(person))
    found[AI[0].product].is_for_all = True
    found[AI[2].product].has_application_rights = True
    for event in range(seed.events):
        person, ai_number = seed.consenting(event)
        found[AI[ai_number].product].owners.add(seed.login(person))
    return dict(found)
