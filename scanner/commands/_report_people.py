"""What people do with reports beside reading them: approve one, have an approved one again, fill one in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scanner.commands._shared import now, open_reader

if TYPE_CHECKING:
    from reports import Output, Report
    from reports.paper import Paper
    from scanner.config import Config

_OPTIONS = (
    click.option("--approve", is_flag=True, help="Approve it as it is now, as a new version."),
    click.option("--version", type=click.IntRange(1), help="An approved version, as it was."),
    click.option(
        "--import", "filled", type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE", help="Record what people filled in: the workbook or CSV file handed back.",
    ),
    click.option("--by", default="", metavar="NAME", help="Who approves, or who filled it in."),
    click.option("--reason", default="", help="Why it is approved although points are open."),
)  # fmt: skip


class Asked(NamedTuple):
    """What a person asks for beside a report as it is now."""

    approve: bool
    version: int | None
    filled: Path | None
    by: str
    reason: str


def people_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options for what people do with a report; the command gets them as ``asked``."""
    from functools import wraps

    @wraps(function)
    def command(
        *args: Any,
        approve: bool,
        version: int | None,
        filled: Path | None,
        by: str,
        reason: str,
        **values: Any,
    ) -> Any:
        return function(*args, asked=Asked(approve, version, filled, by, reason), **values)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check(asked: Asked) -> None:
    """Raise UsageError for what does not go together."""
    from scanner.errors import UsageError

    acts = [asked.approve, asked.version is not None, asked.filled is not None]
    if sum(acts) > 1:
        raise UsageError("--approve, --version and --import are three things; ask for one of them")
    if (asked.approve or asked.filled) and not asked.by.strip():
        raise UsageError("say who with --by NAME")
    if not (asked.approve or asked.filled) and (asked.by or asked.reason):
        raise UsageError("--by and --reason go with --approve, and --by with --import")


def paper_for(report: Report, config: Config, asked: Asked) -> Paper | None:
    """Return the paper that is approved now, or was; None if a report as it is now is wanted."""
    if asked.approve:
        return approve(report, config, asked)
    return approved(report, config, asked.version) if asked.version is not None else None


def written(report: Report, chosen: Output, paper: Paper, config: Config) -> str | bytes:
    """Return a paper that was kept, in the format that was chosen."""
    from reports.texts import Texts
    from reports.writers import writer

    name = next(name for name, one in report.outputs.items() if one is chosen)
    template = config.template_of(report.name) if name == "docx" else None
    return writer(name, template)(paper, Texts(paper.head.language))


def approve(report: Report, config: Config, asked: Asked) -> Paper:
    """Approve a report; returns it in the language that was asked for."""
    from dataclasses import replace

    from reports import approving
    from scanner import output
    from scanner.commands.report import material_of
    from scanner.store import PaperStore

    with PaperStore(config.database) as store:
        # by the clock, whatever date a reproducible build asks reports to have
        material = replace(material_of(store, config), now=now())
        made = approving.approve(store, material, report, asked.by, asked.reason)
        output.say(
            f"{report.name}: version {made.version} approved by {made.decision.by} "
            f"(decision {made.decision.number}, SHA-256 {made.decision.value['sha256']})"
        )
        return approving.approved(store, report, made.version, config.language)


def approved(report: Report, config: Config, version: int) -> Paper:
    """Return an approved version as it was."""
    from reports import approving

    with open_reader(config) as store:
        return approving.approved(store, report, version, config.language)


def fill(report: Report, config: Config, asked: Asked) -> int:
    """Record what a file says, whole or not at all; list what became of each row."""
    from scanner import output
    from scanner.errors import ExitCode, UsageError
    from scanner.inventory.applicability import Filled
    from scanner.store import Store

    if report.fill is None or asked.filled is None:
        raise UsageError(f"{report.name} is not filled in; `gnomon report soa --import FILE` is")
    try:
        content = asked.filled.read_bytes()
    except OSError as error:
        raise UsageError(f"{asked.filled}: cannot be read: {error.strerror}") from error
    with Store(config.database) as store:
        rows = report.fill(store, asked.filled.name, content, asked.by.strip(), now())
    told = [one._asdict() for one in rows if one.result != "empty"]
    output.listing(told, Filled._fields, output.OutputFormat.TABLE)
    counts = Counter(one.result for one in rows)
    output.say(", ".join(f"{n:,} {what}" for what, n in sorted(counts.items())) or "no rows")
    is_whole = not {"error", "conflict", "held back"} & counts.keys()
    return ExitCode.DONE if is_whole else ExitCode.ERROR
