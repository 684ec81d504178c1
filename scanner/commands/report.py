"""``gnomon report``: documents made from the inventory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._collecting import uncollected
from scanner.commands._report_people import (
    Asked,
    check,
    fill,
    paper_for,
    people_options,
    written,
)
from scanner.commands._shared import db_option, made_at, open_reader, open_signatures, settings

if TYPE_CHECKING:
    from reports import Output, Report
    from reports.material import Material
    from scanner.config import Config
    from scanner.store import Reader


@click.command("report")
@click.argument("name", metavar="REPORT")
@click.argument("about", required=False, metavar="[SYSTEM|SUPPLIER]")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it [default: standard output]. Its ending chooses the format.",
)
@click.option("--as", "style", metavar="FORMAT", help="The format; see `gnomon reports`.")
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="What was first met since this day counts as new [default: in the last scan].",
)
@click.option(
    "--lang", "language", metavar="LANGUAGE", help="en or fr [default: as gnomon.toml says]."
)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A Word document of your own to pour it into, for docx; see docs/templates.md.",
)
@people_options
@db_option
def command(
    name: str,
    about: str | None,
    out: Path | None,
    style: str | None,
    since: datetime | None,
    language: str | None,
    template: Path | None,
    db: str | None,
    asked: Asked,
) -> int | None:
    """Write a report. `gnomon reports` lists them, with what each is about and its formats.

    The scope is approved with --approve --by NAME, and kept as it was; --version writes an approved
    one again. What people filled into the worksheet of controls comes back with --import.
    """
    from scanner import output
    from scanner.errors import UsageError

    check(asked)
    report = find_report(name)
    config = settings(db=db, language=language, reports=_with_template(name, template))
    if asked.filled is not None:
        return fill(report, config, asked)
    chosen = output_of(report, style, out)
    if template and chosen.suffix != ".docx":
        raise UsageError("--template is for Word documents: ask for --as docx")
    if (paper := paper_for(report, config, asked)) is not None:
        if asked.approve and out is None and style is None:
            return None
        content = written(report, chosen, paper, config)
    else:
        with open_reader(config) as store, uncollected():
            content = chosen.write(material_of(store, config, report, about, since))
    if out is None:
        output.raw(content)
        return None
    write(out, content)
    output.say(f"Wrote {out}")
    return None


def _with_template(report: str, template: Path | None) -> dict[str, dict[str, str]] | None:
    """Return the setting that names this template for this report."""
    return {"templates": {report: str(template)}} if template else None


def find_report(name: str) -> Report:
    """Return the report of that name. Raises UsageError with those that there are."""
    from scanner.errors import UsageError
    from scanner.registry import REPORTS, values

    reports: dict[str, Report] = {report.name: report for report in values(REPORTS)}
    if name not in reports:
        raise UsageError(f"no report is named {name!r}; there are: {', '.join(sorted(reports))}")
    return reports[name]


def output_of(report: Report, style: str | None, out: Path | None) -> Output:
    """Return the output that was asked for by name, or else by the file's ending, or the first."""
    from scanner.errors import UsageError

    known = ", ".join(report.outputs)
    if style is not None:
        if style not in report.outputs:
            raise UsageError(f"{report.name} is not written as {style!r}, but as: {known}")
        return report.outputs[style]
    first = next(iter(report.outputs.values()))
    if out is None or not out.suffix:
        return first
    fitting = [one for one in report.outputs.values() if out.name.endswith(one.suffix)]
    if not fitting:
        raise UsageError(f"{out}: {report.name} is written as: {known}; say which with --as")
    return max(fitting, key=lambda one: len(one.suffix))


def material_of(
    store: Reader,
    config: Config,
    report: Report | None = None,
    about: str | None = None,
    since: datetime | None = None,
) -> Material:
    """Return what a report is made from. Raises UsageError for a subject that it needs or has not."""
    from datetime import UTC

    from reports.material import Material

    known = open_signatures(config)
    material = Material(
        store=store,
        catalogue=known.matcher,
        signatures=known.pack.version,
        config=config,
        now=made_at(),
        since=since.replace(tzinfo=UTC) if since else None,
        language=config.language,
    )
    return material if report is None else _about(material, report, about)


def _about(material: Material, report: Report, about: str | None) -> Material:
    from dataclasses import replace

    from reports import About
    from scanner.commands._shared import find_supplier, find_to_show
    from scanner.errors import UsageError

    if report.about is None:
        if about:
            raise UsageError(f"{report.name} is about all systems, and not about one")
        return material
    if not about:
        raise UsageError(f"name the {report.about}: gnomon report {report.name} NAME")
    if report.about is not About.SYSTEM and (found := find_supplier(material.suppliers, about)):
        return replace(material, about=found)
    if report.about is About.SUPPLIER:
        raise UsageError(f"no supplier is known as {about!r}; see `gnomon suppliers list`")
    return replace(
        material, about=find_to_show(material.store, list(material.systems.values()), about).id
    )


def make(
    name: str, config: Config, style: str | None = None, about: str | None = None
) -> str | bytes:
    """Return the content of the report of that name."""
    report = find_report(name)
    with open_reader(config) as store:
        material = material_of(store, config, report, about)
        return output_of(report, style, None).write(material)


def write(path: Path, content: str | bytes) -> None:
    """Write a document whole or not at all."""
    from scanner.errors import UsageError

    beside = path.with_name(f".{path.name}.part")
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
