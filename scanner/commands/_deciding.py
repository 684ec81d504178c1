"""What the commands that people decide by have in common: options, and what is said of a decision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from scanner.config import Config
    from scanner.inventory.recording import Outcome
    from scanner.inventory.review_lists import Standpoint
    from scanner.store import Reader

STATES = (
    "new", "in_review", "approved", "approved_with_conditions", "restricted", "rejected",
    "dismissed", "retired",
)  # fmt: skip


def day(name: str, text: str) -> Callable[[Any], Any]:
    """An option that is a day."""
    return click.option(name, type=click.DateTime(formats=["%Y-%m-%d"]), metavar="DAY", help=text)


by_option = click.option("--by", required=True, metavar="NAME", help="Who decides.")
reason_option = click.option("--reason", required=True, help="Why.")
seen_option = click.option(
    "--seen",
    type=click.IntRange(0),
    metavar="NUMBER",
    help="The newest decision that you have seen; a newer one is a conflict.",
)


def standpoints(store: Reader, config: Config, when: datetime) -> list[Standpoint]:
    """Return where every system stands; say which policies are about none of them."""
    from scanner import output
    from scanner.inventory import review_lists
    from scanner.inventory.policy import unmet

    found = review_lists.standpoints(store, config.policy, when)
    for one in unmet((each.system for each in found), config.policy):
        about = one.product or one.supplier or one.category
        output.say(f"gnomon: the policy on {about} is about no AI system that was seen")
    return found


def tell(name: str, verdict: str, outcome: Outcome) -> None:
    """Say what became of a decision."""
    from scanner import output

    if outcome.note:
        output.say(f"gnomon: {outcome.note}")
    if outcome.decision is None:
        output.say(f"gnomon: {name}: the same decision stands already")
        return
    output.show(f"{name}: {verdict} (decision {outcome.decision.number})")


def utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None
