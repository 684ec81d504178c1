"""``gnomon candidates``: what looks like AI and is named by no signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import (
    db_option,
    format_option,
    now,
    open_reader,
    open_signatures,
    readable,
    settings,
    stdin_lines,
)
from scanner.model import OTHERS, CandidateStatus, Category, Identifier

if TYPE_CHECKING:
    from scanner.config import Config
    from scanner.model import Candidate, Decision
    from scanner.output import OutputFormat
    from scanner.store import Reader

_SHOWN = 5  # hosts of a candidate in a listing
_COLUMNS = (
    "subject",
    "score",
    "seen_as",
    "signals",
    "level",
    "records",
    "first_seen",
    "last_seen",
    "reasons",
)


@click.group("candidates")
def command() -> None:
    """List, judge, promote and dismiss what looks like AI and no signature names."""


@command.command("list")
@db_option
@click.option("--all", "everything", is_flag=True, help="Also those promoted or dismissed.")
@click.option("--min-score", type=click.IntRange(0, 100), default=0, help="Leave lower ones out.")
@format_option()
def list_candidates(db: str | None, everything: bool, min_score: int, style: OutputFormat) -> None:
    """List the candidates, the surest first. None of them is an AI system yet."""
    from scanner import output

    config = settings(db=db)
    with open_reader(config) as store:
        found = [one for one in _candidates(config, store) if one.score >= min_score]
    shown = [one for one in found if everything or one.status is CandidateStatus.OPEN]
    output.listing((_row(one) for one in shown), (*_COLUMNS, "status", "channel"), style)


@command.command("judge")
@click.option(
    "--channel",
    type=click.Choice([one.value for one in Identifier]),
    default="host",
    show_default=True,
    help="What the values are.",
)
@click.option("--text", default="", help="What its publisher says of it.")
@click.option("--depends", multiple=True, metavar="PURL", help="A package that it is built on.")
@click.argument("values", nargs=-1)
@format_option()
def judge_values(
    channel: str, text: str, depends: tuple[str, ...], values: tuple[str, ...], style: OutputFormat
) -> None:
    """Say what each of VALUES would score, and why; nothing is stored.

    Without VALUES each line of standard input: a value, or a value, a tab and what its publisher
    says of it. A value that a signature names is no candidate, whatever it looks like.
    """
    from scanner import output
    from scanner.inventory.candidates import judge

    known = open_signatures(settings())
    shapes, matcher = known.shapes, known.matcher
    identifier = Identifier(channel)
    given = [(value, text) for value in map(readable, values)] or list(_stdin_values(text))
    rows = []
    for value, said in given:
        met = matcher.match_value(identifier, value)
        found = judge(shapes, matcher, identifier, value, said, depends) if not met else None
        row = {"value": value, "named": met.product_key if met else None}
        rows.append(
            {
                **row,
                "score": found.score if found else None,
                "proven": found.is_proven if found else None,
                "reasons": _reasons(found) if found else [],
            }
        )
    output.listing(rows, ("value", "named", "score", "proven", "reasons"), style)


@command.command("promote")
@db_option
@click.argument("subjects", nargs=-1)
@click.option("--proven", is_flag=True, help="Every open one on which two signals agree.")
@click.option("--by", help="Who decides; needed unless two independent signals agree.")
@click.option("--reason", default="", help="Why.")
@click.option("--name", help="What to call it [default: the subject].")
@click.option(
    "--category",
    type=click.Choice([one.value for one in Category]),
    default=Category.OTHER.value,
    help="What it is for.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Your own folder of signatures [default: the first that gnomon.toml names].",
)
def promote(
    db: str | None,
    subjects: tuple[str, ...],
    proven: bool,
    by: str | None,
    reason: str,
    name: str | None,
    category: str,
    into: Path | None,
) -> None:
    """Turn candidates into signatures of your own; the next scan finds them as AI."""
    from scanner import output
    from scanner.errors import UsageError
    from scanner.inventory import judging
    from scanner.store import Store

    config = settings(db=db)
    folder = into or next((Path(folder) for folder in config.signatures), None)
    if folder is None:
        raise UsageError('name a folder with --into, and in gnomon.toml: signatures = ["FOLDER"]')
    if not subjects and not proven:
        raise UsageError("name a candidate, or give --proven")
    shapes = open_signatures(config).shapes
    with Store(config.database) as store:
        chosen = _chosen(_candidates(config, store), subjects, proven)
        is_decided = bool((by or "").strip() and reason.strip())
        unproven = [one.subject for one in chosen if not one.is_proven]
        if unproven and not is_decided:
            raise UsageError(
                f"one signal alone is not enough for {', '.join(unproven)}; "
                "a person may decide it: --by NAME --reason WHY"
            )
        if name and len(chosen) > 1:
            raise UsageError("--name is for one candidate; promote them one by one")
        for one in chosen:
            why = reason or "; ".join(sorted({each.meaning for each in one.reasons}))
            said = _decision(one, CandidateStatus.PROMOTED, by or "two independent signals", why)
            _, file = judging.enlist(
                store, one, said, shapes, name or "", Category(category), now().date(), folder
            )
            output.show(f"{one.subject}: now known by {file}; scan again to see it")
    if not chosen:
        output.say("gnomon: no open candidate has two independent signals")
    elif str(folder) not in config.signatures:
        output.say(f'gnomon: add signatures = ["{folder}"] to gnomon.toml, or give --signatures')


@command.command("dismiss")
@db_option
@click.argument("subjects", nargs=-1, required=True)
@click.option("--by", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why it is no AI, or none of ours.")
def dismiss(db: str | None, subjects: tuple[str, ...], by: str, reason: str) -> None:
    """Record that candidates are no AI; they are not listed again."""
    from scanner import output
    from scanner.errors import UsageError
    from scanner.store import Store

    config = settings(db=db)
    if not (by.strip() and reason.strip()):
        raise UsageError("a decision needs a name and a reason: --by NAME --reason WHY")
    with Store(config.database) as store:
        for one in _chosen(_candidates(config, store), subjects, proven=False):
            store.decide(_decision(one, CandidateStatus.DISMISSED, by, reason))
            output.show(f"{one.subject}: dismissed")
            if one.status is CandidateStatus.PROMOTED:
                output.say("gnomon: the file that its promotion wrote still stands; remove it")


def _decision(candidate: Candidate, status: CandidateStatus, by: str, why: str) -> Decision:
    from scanner.model import Decision

    return Decision(candidate.key, status.value, why, by, now())


def _candidates(config: Config, store: Reader) -> list[Candidate]:
    from scanner.inventory.candidates import candidates

    return candidates(store, open_signatures(config).matcher)


def _chosen(found: list[Candidate], subjects: tuple[str, ...], proven: bool) -> list[Candidate]:
    from scanner.errors import UsageError

    by_subject = {host: one for one in found for host in one.seen_as}
    by_subject.update({one.subject: one for one in found})
    if missing := [subject for subject in subjects if subject not in by_subject]:
        raise UsageError(f"no candidate is {', '.join(missing)}; see `gnomon candidates list`")
    if OTHERS in subjects:
        raise UsageError(f"{OTHERS} stands for names that were too many to list")
    chosen = list(dict.fromkeys(by_subject[subject] for subject in subjects))
    if proven:
        open_ones = [
            one for one in found if one.status is CandidateStatus.OPEN and one.subject != OTHERS
        ]
        chosen += [one for one in open_ones if one.is_proven and one not in chosen]
    return chosen


def _row(candidate: Candidate) -> dict[str, Any]:
    return {
        "subject": candidate.subject,
        "channel": candidate.channel,
        "score": candidate.score,
        "status": candidate.status,
        "seen_as": list(candidate.seen_as[:_SHOWN]),
        "signals": sorted({reason.signal.value for reason in candidate.reasons}),
        "proven": candidate.is_proven,
        "level": candidate.level.label,
        "records": candidate.records,
        "first_seen": candidate.first_seen,
        "last_seen": candidate.last_seen,
        "reasons": _reasons(candidate),
        "sources": list(candidate.sources),
    }


def _reasons(candidate: Candidate) -> list[str]:
    return sorted({f"{reason.meaning} ({reason.confidence})" for reason in candidate.reasons})


def _stdin_values(text: str) -> Iterator[tuple[str, str]]:
    """Yield the value of each line, and its publisher's words after a tab (or ``text``)."""
    for line in stdin_lines():
        value, _, said = line.partition("\t")
        yield value.strip(), said.strip() or text
