"""``gnomon demo``: the example organisation, scanned and reported, to see what the tool does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scanner.config import Config

ORGANISATION = "harbour-and-pine"


@click.command("demo")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="out",
    show_default=True,
    help="Folder for the database and the reports.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> int:
    """Scan what an example organisation has, and write every report on it.

    The logs were written by real daemons (squid, unbound, bind, dnsmasq) for an invented company.
    """
    from scanner import output
    from scanner.commands import scan
    from scanner.commands.inventory import list_systems

    example = example_folder()
    db = folder / "gnomon.db"
    _make(folder)
    config = example_settings(example, db)
    code = scan.scan_and_print(config, scan.inputs_of(config), output.OutputFormat.TABLE)
    output.show("")
    ctx.invoke(list_systems, db=str(db), style=output.OutputFormat.TABLE)
    written = write_reports(config, folder)
    output.show(f"\n{written} documents in {folder}; begin with {folder / 'brief.html'}")
    handed = write_exports(config, folder / "exports")
    output.show(
        f"{handed} files for governance tools in {folder / 'exports'}, made with example ids; "
        "nothing was sent"
    )
    return code


def write_reports(config: Config, folder: Path) -> int:
    """Write every report in every format; returns how many documents there are.

    One that is about a system or a supplier is about the one that most rests on.
    """
    from dataclasses import replace

    from reports import About
    from scanner.commands import report
    from scanner.commands._shared import open_reader
    from scanner.registry import REPORTS, values

    written = 0
    with open_reader(config) as store:
        material = report.material_of(store, config)
        supplier = next(iter(material.suppliers), "")
        system = max(material.systems.values(), key=lambda one: (one.users, one.id)).id
        subjects = {None: "", About.SUPPLIER: supplier}
        for one in values(REPORTS):
            about = subjects.get(one.about, system)
            of_it = replace(material, about=about) if about else material
            name = f"{one.name}-{about}" if about else one.name
            for made in one.outputs.values():
                report.write(folder / f"{name}{made.suffix}", made.write(of_it))
                written += 1
    return written


def write_exports(config: Config, folder: Path) -> int:
    """Write what every governance tool takes, each into a folder; returns how many files there are.

    What only a user of such a tool can say, such as a user's number there, has an example's value.
    """
    from integrations.exports import File
    from scanner.commands import report
    from scanner.commands._shared import open_reader
    from scanner.registry import EXPORTS, values

    written = 0
    with open_reader(config) as store:
        handed = report.material_of(store, config).handover()
        for export in values(EXPORTS):
            there = folder / export.name
            _make(there)
            answers = {one.name: one.example for one in export.asked if one.is_required}
            for made in export.write(handed, answers):
                if isinstance(made, File):
                    report.write(there / made.name, made.content)
                    written += 1
    return written


def _make(folder: Path) -> None:
    from scanner.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be made: {error.strerror}; choose another --out"
        ) from error


def example_settings(example: Path, db: Path) -> Config:
    """Return the example's own settings, whatever the caller's are."""
    from scanner import config

    return config.load(example, {}, example / "no-user-file", {"db": str(db)})


def example_folder() -> Path:
    """Return where the example lies: in the installed package, or in the checkout."""
    from scanner.errors import UsageError

    here = Path(__file__).resolve()
    for root in (here.parents[1], here.parents[2]):
        if (root / "examples" / ORGANISATION).is_dir():
            return root / "examples" / ORGANISATION
    raise UsageError("the example organisation is not in this installation")
