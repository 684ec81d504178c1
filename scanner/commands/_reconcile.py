"""``gnomon inventory reconcile``: the organisation's own register beside what evidence shows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._shared import db_option, now, open_reader, open_signatures, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scanner.inventory.reconcile import Line

_COLUMNS = (
    "status", "name", "supplier", "register_name", "entries", "rows", "grade", "matched_by", "note",
)  # fmt: skip
_ALL = (
    "status", "systems", "name", "supplier", "grade", "matched_by", "register_name",
    "register_vendor", "register_owner", "register_status", "entries", "rows", "spellings", "note",
)  # fmt: skip
_STATES = ("in_both", "proposed", "ambiguous", "not_registered", "never_seen")
_MOST = 5  # rows that a table names of one line


@click.command("reconcile")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only", type=click.Choice(_STATES), help="Only those.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "ndjson", "xlsx"]),
    default="table",
    show_default=True,
    help="How to print the result; xlsx needs --out.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The workbook to write; one that is there is left as it is.",
)
@db_option
def reconcile(file: Path, only: str | None, style: str, out: Path | None, db: str | None) -> None:
    """Compare a register of AI (FILE, .xlsx or .csv) with the inventory. Neither is changed.

    Rows are matched by keys (client ids, addresses, packages, repositories), then by names. What is
    only near a name is proposed, and what several might be is ambiguous: both are for a person. A
    plain spreadsheet is read, and exports of CISO Assistant, Probo, VerifyWise, Comp AI, OpenGRC and
    ServiceNow.
    """
    from integrations.registers import Register
    from scanner import output
    from scanner.errors import UsageError
    from scanner.inventory import reconcile as comparing

    if (style == "xlsx") != (out is not None):
        raise UsageError("--format xlsx and --out FILE belong together")
    config, when = settings(db=db), now()
    counts: Counter[str] = Counter()
    with open_reader(config) as store:
        known = open_signatures(config)
        register = Register(file)
        lines = comparing.reconcile(register, store, store.systems(), known.matcher)
        shown = _counted((one for one in lines if only in (None, one.status)), counts)
        if out is not None:
            from scanner.inventory.reconcile_sheet import as_workbook

            _write(out, as_workbook(shown, when))
        else:
            kind = output.OutputFormat(style)
            is_table = kind is output.OutputFormat.TABLE
            rows = (comparing.document(one) for one in shown)
            output.listing(
                ({**one, "rows": _some(one["rows"])} for one in rows) if is_table else rows,
                _COLUMNS if is_table else _ALL,
                kind,
            )
    told = [f"{counts[one]:,} {one.replace('_', ' ')}" for one in _STATES if counts[one]]
    told += [f"{number:,} {what}" for what, number in sorted(register.bad.items())]
    output.say(f"{file.name} ({', '.join(register.shapes)}): {', '.join(told) or 'nothing'}")


COMMANDS = (reconcile,)


def _counted(lines: Iterable[Line], counts: Counter[str]) -> Iterator[Line]:
    for one in lines:
        counts[one.status] += 1
        yield one


def _some(rows: list[str]) -> list[str]:
    more = [f"and {len(rows) - _MOST} more"] if len(rows) > _MOST else []
    return rows[:_MOST] + more


def _write(file: Path, content: bytes) -> None:
    from scanner.errors import UsageError

    try:
        with file.open("xb") as handle:
            handle.write(content)
    except FileExistsError:
        raise UsageError(f"{file}: is there already, and nothing is overwritten") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from error
