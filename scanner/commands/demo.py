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
    default="demo",
    show_default=True,
    help="Folder for the database and the report.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> int:
    """Scan the logs of an example organisation and write its brief.

    The logs were written by real daemons (squid, unbound, bind, dnsmasq) for an invented company.
    """
    from scanner import output
    from scanner.commands import report, scan
    from scanner.commands.inventory import list_systems
    from scanner.errors import UsageError

    example = example_folder()
    db, page = folder / "gnomon.db", folder / "brief.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be made: {error.strerror}; choose another --out"
        ) from error
    config = example_settings(example, db)
    code = scan.scan_and_print(config, scan.inputs_of(config), output.OutputFormat.TABLE)
    output.show("")
    ctx.invoke(list_systems, db=str(db), style=output.OutputFormat.TABLE)
    report.write(page, report.make("brief", config))
    output.show(f"\nThe brief: {page}")
    return code


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
