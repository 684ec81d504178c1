"""What several commands have in common: options, settings, the signatures, the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from scanner.compiled import SignatureBase
    from scanner.config import Config
    from scanner.logs.screen import Screen
    from scanner.model import AISystem
    from scanner.output import OutputFormat
    from scanner.privacy import Pseudonyms
    from scanner.reading import Tools
    from scanner.store import Reader

_Function = TypeVar("_Function", bound=Callable[..., Any])

_FORMATS = ("table", "json", "ndjson", "csv")


def format_option(*names: str) -> Callable[[_Function], _Function]:
    """``--format``: how a listing is printed."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(names or _FORMATS),
        default="table",
        show_default=True,
        callback=lambda _ctx, _param, value: _output_format(value),
        help="How to print the result.",
    )


def db_option(function: _Function) -> _Function:
    """``--db``: the database."""
    return click.option(
        "--db",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="The database [default: gnomon.db, or as gnomon.toml says].",
    )(function)


def log_options(function: _Function) -> _Function:
    """What logs do not say of themselves: their format, zone and year."""
    options = (
        click.option(
            "--log-format", metavar="NAME", help="Read as this format (see `gnomon formats`)."
        ),
        click.option(
            "--tz", metavar="ZONE", help="Zone of times that name none, e.g. Europe/Madrid."
        ),
        click.option("--year", type=int, metavar="YEAR", help="Year of times that name none."),
    )
    for option in options:
        function = option(function)
    return function


def settings(**flags: Any) -> Config:
    """Return the settings in force, with the flags that were given."""
    from scanner import config

    user_file = Path(click.get_app_dir("gnomon")) / config.FILE_NAME
    return config.load(Path.cwd(), os.environ, user_file, flags)


def open_signatures(config: Config) -> SignatureBase:
    """Open the signatures, ready for matching; a broken file is told and left out."""
    from scanner.compiled import open_base
    from scanner.config import cache_folder
    from scanner.output import say

    folders = (Path(folder) for folder in config.signatures)
    tell = say if sys.stderr.isatty() else None
    known = open_base(folders, cache_folder(os.environ), tell)
    for problem in known.pack.problems:
        say(f"gnomon: {problem}; this file is left out")
    return known


def tools_of(
    known: SignatureBase, pseudonyms: Pseudonyms, folder: Path, screen: bool = False
) -> Tools:
    """Return what logs are read with."""
    from scanner.reading import Tools
    from scanner.registry import BINARIES, ENVELOPES, FORMATS, values

    return Tools(
        formats=values(FORMATS),
        envelopes=values(ENVELOPES),
        binaries=values(BINARIES),
        matcher=known.matcher,
        shapes=known.shapes,
        pseudonyms=pseudonyms,
        folder=folder,
        now=now(),
        screen=_screen(known) if screen else None,
    )


def _screen(known: SignatureBase) -> Screen | None:
    """Return the filter for lines that matter; None, and say so, where there can be none."""
    from scanner.logs.screen import Screen
    from scanner.output import say

    ends, texts = known.matcher.literals()
    shapes = known.shapes.literals()
    if shapes is None or not Screen.is_available():
        why = "hyperscan is not installed" if shapes is not None else "a shape is too general"
        say(f"gnomon: --screen is not possible: {why}; every line is read")
        return None
    return Screen(ends, [*texts, *shapes])


def open_reader(config: Config) -> Reader:
    """Open the database for reading."""
    from scanner.store import Reader

    return Reader(config.database, read_only=True)


def now() -> datetime:
    """Return the current time; everything below the commands has it passed in."""
    return datetime.now(UTC)


def known_format(name: str | None) -> str | None:
    """Return the format's name, or fail with the names there are."""
    from scanner.errors import UsageError
    from scanner.registry import FORMATS, values

    names = [one.name for one in values(FORMATS)]
    if name is not None and name not in names:
        raise UsageError(f"no log format is named {name!r}; there are {', '.join(names)}")
    return name


def find_system(systems: list[AISystem], wanted: str) -> AISystem:
    """Return the system of that id, product key or name; several of one name are an error."""
    from scanner.errors import UsageError

    key = wanted.casefold()
    found = [one for one in systems if key in (one.id, one.product.casefold(), one.name.casefold())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no AI system is known as {wanted!r}; see `gnomon inventory list`")
    ids = ", ".join(one.id for one in found)
    raise UsageError(f"{wanted!r} names several systems: {ids}; use an id")


def _output_format(value: str) -> OutputFormat:
    from scanner.output import OutputFormat

    return OutputFormat(value)


def readable(argument: str) -> str:
    """Return an argument of any bytes as text."""
    return os.fsencode(argument).decode("utf-8", "backslashreplace")


def stdin_lines() -> Iterator[str]:
    """Yield the lines of standard input that are not blank, of any bytes, as text."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
        if text.strip():
            yield text
