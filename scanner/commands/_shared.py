"""What several commands have in common: options, settings, the signatures, the database."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

if TYPE_CHECKING:
    from scanner.compiled import SignatureBase
    from scanner.config import Config, FormatSettings
    from scanner.inventory.suppliers import SupplierUse
    from scanner.logs import Format
    from scanner.logs.screen import Screen
    from scanner.model import AISystem
    from scanner.output import OutputFormat
    from scanner.privacy import Pseudonyms
    from scanner.reading import Tools
    from scanner.store import Reader
    from scanner.trees.reading import Reader as TreeReader

_Function = TypeVar("_Function", bound=Callable[..., Any])

_FORMATS = ("table", "json", "ndjson", "csv")
# Options that describe a format in one string: what it is called in the help, and the help.
_DESCRIPTIONS = {
    "map": (
        "MAP",
        "Read by columns, host=col7,client=col3, or by names, host=ClientURL,client=cip.",
    ),
    "squid_logformat": ("TEXT", "Read as Squid writes with this logformat."),
    "nginx_log_format": ("TEXT", "Read as nginx writes with this log_format."),
    "apache_log_format": ("TEXT", "Read as Apache writes with this LogFormat."),
}


class ForcedFormat(NamedTuple):
    """The format that logs are read as, whatever they look like: its name, None if none is forced.

    ``described`` is there if an option describes it, and no plugin does.
    """

    name: str | None = None
    described: FormatSettings | None = None

    def added_to(self, config: Config) -> Config:
        """Return the settings with this among the formats of one's own."""
        from msgspec.structs import replace

        return (
            config
            if self.described is None
            else replace(config, formats=(*config.formats, self.described))
        )


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
    return _described_by_option(function)


def _described_by_option(function: _Function) -> _Function:
    """Add the options that describe a format, and hand them on as one value, ``log_format``."""

    @wraps(function)
    def command(*args: Any, log_format: str | None, **values: Any) -> Any:
        described = {name: values.pop(name) for name in _DESCRIPTIONS}
        return function(*args, log_format=_forced(log_format, described), **values)

    for name, (metavar, what) in _DESCRIPTIONS.items():
        click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=what)(command)
    return cast("_Function", command)


def _forced(name: str | None, described: dict[str, str | None]) -> ForcedFormat:
    """Return the format that the options force; at most one of them may be given."""
    from scanner.config import FormatSettings
    from scanner.errors import ConfigError, UsageError
    from scanner.logs.custom import formats_of

    given = {layout: text for layout, text in described.items() if text is not None}
    if len(given) + (name is not None) > 1:
        options = ", ".join(f"--{one.replace('_', '-')}" for one in described)
        raise UsageError(f"give only one of --log-format, {options}")
    if not given:
        return ForcedFormat(name)
    ((layout, text),) = given.items()
    option = f"--{layout.replace('_', '-')}"
    own = FormatSettings(f"{option} {text}", f"As {option} says", **{layout: text})  # type: ignore[arg-type]
    try:
        formats_of([own])
    except ConfigError as error:
        raise UsageError(f"{option}: {error.__cause__}") from error
    return ForcedFormat(own.name, own)


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


def formats_of(config: Config) -> tuple[Format, ...]:
    """Return the log formats there are, those of gnomon.toml last. Raises ConfigError."""
    from scanner.errors import ConfigError
    from scanner.logs import custom
    from scanner.registry import FORMATS, values

    built_in: tuple[Format, ...] = values(FORMATS)
    names = {one.name for one in built_in}
    for one in config.formats:
        if one.name in names:
            raise ConfigError(f"format {one.name!r}: there is one of that name; choose another")
        names.add(one.name)
    return (*built_in, *custom.formats_of(config.formats))


def tools_of(
    known: SignatureBase,
    pseudonyms: Pseudonyms,
    folder: Path,
    screen: bool = False,
    config: Config | None = None,
    is_much: bool = False,
    has_trees: bool = False,
) -> Tools:
    """Return what logs are read with; ``config`` may name formats of one's own.

    ``is_much`` says that a log is so large that making a filter for lines saves time, and
    ``has_trees`` that there are source trees.
    """
    from scanner import hosts
    from scanner.reading import Tools
    from scanner.registry import BINARIES, ENVELOPES, FORMATS, values

    formats = formats_of(config) if config is not None else values(FORMATS)
    filter_of_lines = _screen(known, is_asked_for=screen) if screen or is_much else None
    if filter_of_lines is not None:  # made once, before there are processes
        hosts.prepare()
        filter_of_lines.prepare(one for one in formats if screen or one.sieve)
    return Tools(
        formats=formats,
        envelopes=values(ENVELOPES),
        binaries=values(BINARIES),
        matcher=known.matcher,
        shapes=known.shapes,
        pseudonyms=pseudonyms,
        folder=folder,
        now=now(),
        screen=filter_of_lines,
        screens=screen,
        trees=_tree_reader(known, pseudonyms) if has_trees else None,
        own_formats=_digest_of(config.formats) if config is not None else "",
    )


def _tree_reader(known: SignatureBase, pseudonyms: Pseudonyms) -> TreeReader:
    """Return what source trees are read with, its filter made."""
    from scanner.config import cache_folder
    from scanner.registry import MANIFESTS, values
    from scanner.trees import hints
    from scanner.trees.choice import Choice
    from scanner.trees.keys import Keys
    from scanner.trees.namespaces import Namespaces
    from scanner.trees.reading import Reader
    from scanner.trees.wanted import Wanted

    keys = Keys(known.matcher)
    namespaces = Namespaces(known.matcher)
    telling = [*keys.telling, *namespaces.beginnings, *hints.telling()]
    wanted = Wanted(known.matcher, telling, cache_folder(os.environ))
    wanted.prepare()
    choice = Choice(values(MANIFESTS))
    return Reader(choice, known.matcher, wanted, keys, namespaces, known.shapes, pseudonyms)


def _digest_of(formats: Sequence[FormatSettings]) -> str:
    """Return a short name for definitions of formats: others, and the logs are read again."""
    import msgspec

    if not formats:
        return ""
    definitions = msgspec.json.encode(formats, order="deterministic")
    return hashlib.blake2b(definitions, digest_size=8).hexdigest()


def _screen(known: SignatureBase, is_asked_for: bool) -> Screen | None:
    """Return the filter for lines that matter; None, and say so, where there can be none."""
    from scanner.config import cache_folder
    from scanner.logs.filters import is_available
    from scanner.logs.screen import Screen
    from scanner.output import say

    ends, texts = known.matcher.literals()
    shapes = known.shapes.literals()
    if shapes is None or not is_available():
        why = "hyperscan is not installed" if shapes is not None else "a shape is too general"
        if is_asked_for:
            say(f"gnomon: --screen is not possible: {why}; every line is read")
        return None
    return Screen(ends, [*texts, *shapes], cache_folder(os.environ))


def open_reader(config: Config) -> Reader:
    """Open the database for reading."""
    from scanner.store import Reader

    return Reader(config.database, read_only=True)


def now() -> datetime:
    """Return the current time; everything below the commands has it passed in."""
    return datetime.now(UTC)


def made_at() -> datetime:
    """Return the time that documents bear: SOURCE_DATE_EPOCH, if that is set, makes the same again."""
    from scanner.errors import UsageError

    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return now()
    if not given.isascii() or not given.isdecimal() or len(given) > 11:
        raise UsageError(f"SOURCE_DATE_EPOCH={given}: give seconds since 1970")
    return datetime.fromtimestamp(int(given), UTC)


def known_format(name: str | None, config: Config) -> str | None:
    """Return the format's name, or fail with the names there are."""
    from scanner.errors import UsageError

    names = [] if name is None else [one.name for one in formats_of(config)]
    if name is not None and name not in names:
        raise UsageError(f"no log format is named {name!r}; there are {', '.join(names)}")
    return name


def find_supplier(suppliers: Mapping[str, SupplierUse], wanted: str) -> str:
    """Return the id of the supplier of that id or name; "" if there is none, or are several."""
    key = wanted.casefold()
    found = [one.id for one in suppliers.values() if key in (one.id, one.name.casefold())]
    return found[0] if len(found) == 1 else ""


def _find_system(systems: Iterable[AISystem], wanted: str) -> AISystem:
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


def find_to_show(store: Reader, systems: list[AISystem], wanted: str) -> AISystem:
    """Return the system of that id, product key or name, also of one that was merged into it."""
    from scanner.output import say

    home = _home_of(store, systems, wanted)
    if home is None:
        return _find_system(systems, wanted)
    say(f"gnomon: {wanted} was merged into {home.name}")
    return home


def find_to_decide(store: Reader, wanted: str) -> AISystem:
    """Return the system of that id, product key or name; of what was merged away it is told."""
    from scanner.errors import UsageError

    systems = store.systems()
    home = _home_of(store, systems, wanted)
    if home is not None:
        raise UsageError(f"{wanted} was merged into {home.name} ({home.id}); decide on that")
    return _find_system(systems, wanted)


def _home_of(store: Reader, systems: list[AISystem], wanted: str) -> AISystem | None:
    """Return what one that was merged away, and no other, belongs to; None if it is none of those."""
    key = wanted.casefold()
    if any(key in (one.id, one.product.casefold(), one.name.casefold()) for one in systems):
        return None
    homes = {
        one.system
        for one in store.places()
        if one.is_merged and key in (one.id, one.product.casefold(), one.name.casefold())
    }
    found = [one for one in systems if one.id in homes]
    return found[0] if len(found) == 1 else None


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
