"""``gnomon review scope | scope-list``: what is in the scope of the management system."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from scanner.commands._deciding import by_option, day, reason_option, seen_option, tell, utc
from scanner.commands._shared import (
    db_option,
    find_to_decide,
    format_option,
    now,
    open_reader,
    settings,
)

if TYPE_CHECKING:
    from scanner.output import OutputFormat

_EXCLUSIONS = ("not_ai", "unrelated_internal", "statistics", "immaterial", "other_entity")
_SCOPE = ("id", "name", "scope", "why", "code", "by", "review_due", "owner", "decide_by")


@click.command("scope")
@click.argument("system")
@click.argument("scope", type=click.Choice(["in", "out", "undecided"]))
@by_option
@reason_option
@click.option("--code", type=click.Choice(_EXCLUSIONS), help="Why it is out of scope.")
@day("--review-due", "Until when it holds; what is out needs one.")
@seen_option
@db_option
def decide_scope(
    system: str,
    scope: str,
    by: str,
    reason: str,
    code: str | None,
    review_due: datetime | None,
    seen: int | None,
    db: str | None,
) -> None:
    """Record whether an AI system is in the scope of the management system."""
    from scanner.inventory import scope as scoping
    from scanner.store import Store

    with Store(settings(db=db).database) as store:
        found = find_to_decide(store, system)
        outcome = scoping.decide_scope(
            store, found.id, scoping.Place(scope), reason, by, now(), code or "", utc(review_due),
            seen,
        )  # fmt: skip
    tell(found.name, f"{scope} of scope" if scope == "out" else f"{scope} scope", outcome)


@click.command("scope-list")
@click.option("--scope", type=click.Choice(["in", "out", "undecided"]), help="Only those.")
@db_option
@format_option()
def list_scope(scope: str | None, db: str | None, style: OutputFormat) -> None:
    """List which AI systems are in scope, out of it and undecided, and why.

    What is undecided has who decides, and by when.
    """
    from scanner import output
    from scanner.inventory.scope import scopes

    config = settings(db=db)
    with open_reader(config) as store:
        names = store.system_names()
        found = scopes(store, config, now())
    rows = (
        {
            "id": one.system,
            "name": names[one.system],
            "scope": one.place,
            **{key: value for key, value in asdict(one).items() if key not in ("system", "place")},
            "owner": one.owner or ("nobody yet" if one.decide_by else ""),
        }
        for one in found
        if scope is None or one.place == scope
    )
    output.listing(rows, _SCOPE, style)


COMMANDS = (decide_scope, list_scope)
