"""``gnomon suppliers answer | set | decide | questionnaire | import``: the review of a supplier."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._deciding import by_option, day, reason_option, seen_option, tell, utc
from scanner.commands._shared import (
    db_option,
    find_supplier,
    format_option,
    now,
    open_reader,
    open_signatures,
    settings,
)

if TYPE_CHECKING:
    from scanner.config import Config
    from scanner.inventory.supplier_record import SupplierRecord
    from scanner.output import OutputFormat
    from scanner.store import Reader

_REPLIES = ("yes", "partly", "no", "unknown", "not_applicable", "withdrawn")
_KINDS = (
    "vendor_document", "contract", "certificate", "vendor_answer", "catalogue_fact", "observed",
    "own_word",
)  # fmt: skip
_VERDICTS = {
    "approve": "approved",
    "approve-with-conditions": "approved_with_conditions",
    "restrict": "restricted",
    "reject": "rejected",
    "exit": "exit",
}


@click.command("answer")
@click.argument("supplier")
@click.argument("question")
@click.argument("state", type=click.Choice(_REPLIES))
@click.argument("value", required=False, default="")
@by_option
@click.option(
    "--source",
    "kind",
    type=click.Choice(_KINDS),
    default="own_word",
    show_default=True,
    help="What it rests on.",
)
@click.option("--url", default="", metavar="ADDRESS", help="Where that is.")
@day("--as-of", "The day that it speaks for [default: today].")
@click.option("--tier", default="", metavar="PLAN", help="The product or plan that it holds for.")
@day("--valid-until", "Until when, such as the end of a certificate.")
@click.option("--note", default="", help="What else there is to say.")
@seen_option
@db_option
def answer(
    supplier: str,
    question: str,
    state: str,
    value: str,
    by: str,
    kind: str,
    url: str,
    as_of: datetime | None,
    tier: str,
    valid_until: datetime | None,
    note: str,
    seen: int | None,
    db: str | None,
) -> None:
    """Answer a question (Q01 to Q36) of the review of a supplier.

    Nothing that was said before is changed: the newest answer counts, and what is known from evidence
    and from the catalogue stays beside it. `withdrawn` takes the last answer back.
    """
    from scanner.inventory import supplier_answering as answering
    from scanner.inventory.supplier_answers import Reply
    from scanner.inventory.supplier_statements import SourceKind
    from scanner.store import Store

    config = settings(db=db)
    given = answering.Given(
        question=question,
        reply=None if state == "withdrawn" else Reply(state),
        value=value,
        kind=SourceKind(kind),
        url=url,
        as_of=as_of.date() if as_of else None,
        tier=tier,
        valid_until=valid_until.date() if valid_until else None,
        note=note,
    )
    with Store(config.database) as store:
        (found,) = records_in(store, config, supplier)
        outcome = answering.answer(store, found.id, given, by, now(), {found.id}, seen)
    tell(f"{found.name} {question.upper()}", state, outcome)


@click.command("set")
@click.argument("supplier")
@click.argument("field")
@click.argument("values", nargs=-1, metavar="VALUE...")
@by_option
@reason_option
@click.option("--withdraw", is_flag=True, help="Take back what was said of it.")
@seen_option
@db_option
def set_field(
    supplier: str,
    field: str,
    values: tuple[str, ...],
    by: str,
    reason: str,
    withdraw: bool,
    seen: int | None,
    db: str | None,
) -> None:
    """Record what only people can say of a supplier: contract, contacts, assurance, who does what.

    A name that is no field is answered with those that there are. `activity.NAME` with us, supplier,
    customer or shared says who answers for an activity, as agreed.
    """
    from scanner.errors import UsageError
    from scanner.inventory import supplier_answering as answering
    from scanner.store import Store

    if withdraw == bool(values):
        raise UsageError("give a value, or --withdraw without one")
    config = settings(db=db)
    with Store(config.database) as store:
        (found,) = records_in(store, config, supplier)
        outcome = answering.fill(
            store, found.id, field, values, reason, by, now(), {found.id}, seen
        )
    tell(found.name, f"{field} {'withdrawn' if withdraw else ', '.join(values)}", outcome)


@click.command("decide")
@click.argument("supplier")
@click.argument("verdict", type=click.Choice(tuple(_VERDICTS)))
@by_option
@reason_option
@day("--review-due", "Until when it holds; all but a rejection need one.")
@click.option("--conditions", help="Under which conditions.")
@seen_option
@db_option
def decide(
    supplier: str,
    verdict: str,
    by: str,
    reason: str,
    review_due: datetime | None,
    conditions: str | None,
    seen: int | None,
    db: str | None,
) -> None:
    """Record a decision on a supplier, with what it rests on: what changes makes a review due."""
    from scanner.inventory import supplier_answering as answering
    from scanner.inventory.supplier_review import Verdict
    from scanner.store import Store

    config = settings(db=db)
    with Store(config.database) as store:
        (found,) = records_in(store, config, supplier)
        outcome = answering.decide(
            store, found.id, Verdict(_VERDICTS[verdict]), reason, by, now(), found.basis,
            {found.id}, utc(review_due), conditions, seen,
        )  # fmt: skip
    tell(found.name, _VERDICTS[verdict], outcome)


@click.command("questionnaire")
@click.argument("supplier")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--lang", "language", metavar="LANGUAGE", help="en or fr [default: as gnomon.toml says]."
)
@db_option
def questionnaire(supplier: str, file: Path, language: str | None, db: str | None) -> None:
    """Write the questions for a supplier to fill in (.xlsx or .docx).

    It holds what is publicly said of the supplier with its source, and nothing that was observed in
    the organisation. Nothing is sent: `gnomon suppliers set SUPPLIER questionnaire_sent DAY` records
    that you did.
    """
    from reports import supplier_questionnaire as paper
    from reports.texts import Texts
    from scanner import output
    from scanner.commands.report import write
    from scanner.errors import UsageError

    makers = {".xlsx": paper.as_workbook, ".docx": paper.as_document}
    if file.suffix.lower() not in makers:
        raise UsageError(f"{file}: give it a name that ends in .xlsx or .docx")
    config, when = settings(db=db, language=language), now()
    with open_reader(config) as store:
        (found,) = records_in(store, config, supplier)
    make = makers[file.suffix.lower()]
    texts = Texts(config.language)
    write(file, make(found, config.organisation or texts("supplier.our_organisation"), texts, when))
    output.say(f"Wrote {file}; hand it back by `gnomon suppliers import {found.id} {file.name}`")


@click.command("import")
@click.argument("supplier")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@db_option
@format_option()
def import_(supplier: str, file: Path, by: str, db: str | None, style: OutputFormat) -> int:
    """Record the answers of a questionnaire (.xlsx, .docx or .csv), and say what became of each row.

    One row with an error keeps all from being recorded. A question that somebody answered since the
    questionnaire was written is a conflict: it is told, and left as it is.
    """
    from reports.supplier_questionnaire import lexicon
    from scanner import output
    from scanner.errors import ExitCode, UsageError
    from scanner.inventory.supplier_import import Result, import_answers
    from scanner.store import Store

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    config = settings(db=db)
    with Store(config.database) as store:
        (found,) = records_in(store, config, supplier)
        done = import_answers(store, found.id, file.name, content, lexicon(), by, now(), {found.id})
    output.listing((one._asdict() for one in done.results), Result._fields, style)
    counts: dict[str, int] = {}
    for one in done.results:
        counts[one.result] = counts.get(one.result, 0) + 1
    told = [f"{count:,} {what}" for what, count in sorted(counts.items())]
    told.append(f"{done.empty:,} not answered")
    output.say(f"{found.name}: {', '.join(told)}; {file.name} is sha256:{done.sha256}")
    return ExitCode.DONE if done.is_whole else ExitCode.ERROR


def records_in(store: Reader, config: Config, wanted: str) -> list[SupplierRecord]:
    """Return the record of the supplier of that id or name, alone. Raises UsageError."""
    from scanner.errors import UsageError
    from scanner.inventory.supplier_record import supplier_records
    from scanner.inventory.suppliers import suppliers

    known = open_signatures(config).matcher
    uses = {one.id: one for one in suppliers(store, store.systems(), known)}
    if not (id_ := find_supplier(uses, wanted)):
        raise UsageError(f"no supplier is known as {wanted!r}; see `gnomon suppliers list`")
    return supplier_records(store, known, config, now().astimezone(UTC), [id_])


COMMANDS = (answer, set_field, decide, questionnaire, import_)
