"""``gnomon inventory merge | split | rename``: what people say is one system, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scanner.commands._shared import db_option, now, settings

if TYPE_CHECKING:
    from scanner.inventory.identity import Judgement
    from scanner.model import Decision
    from scanner.store import Reader

_Function = TypeVar("_Function", bound=Callable[..., Any])


def judged(function: _Function) -> _Function:
    """``--by`` and ``--reason``: who decides, and why."""
    function = click.option("--reason", required=True, metavar="WHY", help="Why.")(function)
    return click.option("--by", required=True, metavar="NAME", help="Who decides.")(function)


@click.command("merge")
@click.argument("system")
@click.argument("other")
@judged
@db_option
def merge(system: str, other: str, by: str, reason: str, db: str | None) -> None:
    """Say that OTHER is SYSTEM: one row, with the evidence and the suppliers of both.

    Every later scan keeps to it. `gnomon inventory split SYSTEM OTHER` takes it back.
    """
    from scanner.inventory import identity

    _record(db, by, reason, lambda store, judged: identity.merge(store, system, other, judged))


@click.command("split")
@click.argument("system")
@click.argument("other", required=False)
@click.option("--detections", multiple=True, metavar="ID", help="What the new system is known by.")
@click.option("--name", metavar="NAME", help="What the new system is called.")
@judged
@db_option
def split(
    system: str,
    other: str | None,
    detections: tuple[str, ...],
    name: str | None,
    by: str,
    reason: str,
    db: str | None,
) -> None:
    """Say that OTHER, which was merged into SYSTEM, is another; or make some detections a system.

    `gnomon inventory show SYSTEM` lists the detections. `gnomon inventory merge` takes it back.
    """
    from scanner.errors import UsageError
    from scanner.inventory import identity

    def decide(store: Reader, judged: Judgement) -> Decision:
        if other is not None and not detections and name is None:
            return identity.unmerge(store, system, other, judged)
        if other is not None or not detections or name is None:
            raise UsageError("give OTHER, or --detections and --name")
        listed = [one for given in detections for one in given.replace(",", " ").split()]
        return identity.split(store, system, listed, name, judged)

    _record(db, by, reason, decide)


@click.command("rename")
@click.argument("system")
@click.argument("name", required=False)
@judged
@db_option
def rename(system: str, name: str | None, by: str, reason: str, db: str | None) -> None:
    """Call SYSTEM by another NAME; without one, by its own again. Its id stays."""
    from scanner.inventory import identity

    _record(db, by, reason, lambda store, judged: identity.rename(store, system, name, judged))


def _record(
    db: str | None, by: str, reason: str, decide: Callable[[Reader, Judgement], Decision]
) -> None:
    """Record a decision, and show the systems that stand after it."""
    from scanner import output
    from scanner.inventory.identity import Judgement
    from scanner.store import Store

    with Store(settings(db=db).database) as store:
        decision = store.decide(decide(store, Judgement(by, reason, now())))
        concerned = {decision.subject, *map(str, decision.value.values())}
        shown = [one for one in store.systems() if one.id in concerned]
    for one in shown:
        output.show(
            f"{one.id}  {one.name} ({one.supplier}): {one.events} events, {one.users} users"
        )


COMMANDS = (merge, split, rename)
