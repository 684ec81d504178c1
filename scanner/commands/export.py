"""``gnomon export``: the inventory as files that governance tools take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._collecting import uncollected
from scanner.commands._shared import db_option, format_option, open_reader, settings

if TYPE_CHECKING:
    from integrations.exports import Export
    from scanner.output import OutputFormat

_COLUMNS = ("target", "title", "file", "holds", "how it is taken")
_MOST_TOLD = 20


@click.command("export")
@click.argument("target", required=False)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where to write the files.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="What only you can say, such as a user's number there; see --list.",
)
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="Hand on who used what only from this day on [default: all there is].",
)
@click.option("--list", "is_list", is_flag=True, help="List the targets, their files and settings.")
@db_option
@format_option()
def command(
    target: str | None,
    folder: Path | None,
    given: tuple[str, ...],
    since: datetime | None,
    is_list: bool,
    db: str | None,
    style: OutputFormat,
) -> None:
    """Write the inventory as files that a governance tool imports. Nothing is sent anywhere.

    Owners and roles are handed on only where a person confirmed them; what nobody has assessed stays
    empty or says so, and what a target cannot be given is told.
    """
    from scanner.errors import UsageError

    if is_list or target is None:
        _list(style)
        return
    export = _find(target)
    if folder is None:
        raise UsageError(f"say where to: gnomon export {target} --out FOLDER")
    _write(export, _answers(export, given), folder, since, db)


def _write(
    export: Export,
    answers: Mapping[str, str],
    folder: Path,
    since: datetime | None,
    db: str | None,
) -> None:
    from datetime import UTC

    from integrations.exports import File
    from scanner import output
    from scanner.commands.report import material_of, write

    config = settings(db=db)
    left = []
    with open_reader(config) as store, uncollected():
        material = material_of(store, config)
        handed = material.handover(since.replace(tzinfo=UTC) if since else None)
        _make(folder)
        for one in export.write(handed, answers):
            if isinstance(one, File):
                write(folder / one.name, one.content)
                output.show(str(folder / one.name))
            else:
                left.append(one)
    for one in left[:_MOST_TOLD]:
        output.say(f"left out: {one.what}: {one.why}")
    if len(left) > _MOST_TOLD:
        output.say(f"left out: {len(left) - _MOST_TOLD:,} more")


def _make(folder: Path) -> None:
    from scanner.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error


def _find(target: str) -> Export:
    from scanner.errors import UsageError
    from scanner.registry import EXPORTS, values

    known: dict[str, Export] = {one.name: one for one in values(EXPORTS)}
    if target not in known:
        raise UsageError(f"no target is named {target!r}; there are {', '.join(known)}")
    return known[target]


def _answers(export: Export, given: tuple[str, ...]) -> dict[str, str]:
    """Return what was said with --set. Raises UsageError for what is not asked, or is missing."""
    from scanner.errors import UsageError

    asked = {one.name: one for one in export.asked}
    answers: dict[str, str] = {}
    for one in given:
        name, separator, value = one.partition("=")
        if name not in asked or not separator:
            there = ", ".join(asked) or "nothing"
            raise UsageError(f"--set {one}: {export.name} asks for {there}, as NAME=VALUE")
        if asked[name].values and value not in asked[name].values:
            raise UsageError(f"--set {one}: {name} is one of {', '.join(asked[name].values)}")
        answers[name] = value
    for setting in export.asked:
        if setting.is_required and not answers.get(setting.name):
            raise UsageError(f"{export.name} needs --set {setting.name}=VALUE: {setting.why}")
    return answers


def _list(style: OutputFormat) -> None:
    from scanner import output
    from scanner.registry import EXPORTS, values

    rows = [
        {
            "target": export.name,
            "title": export.title,
            "file": file.name,
            "holds": file.holds,
            "how it is taken": file.how,
            "settings": [f"{one.name}: {one.why}" for one in export.asked],
        }
        for export in values(EXPORTS)
        for file in export.files
    ]
    output.listing(rows, (*_COLUMNS, "settings"), style)
