"""``gnomon scan``: read logs, store what they show, say what is new."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import (
    ForcedFormat,
    db_option,
    format_option,
    known_format,
    log_options,
    now,
    open_signatures,
    settings,
    tools_of,
)

if TYPE_CHECKING:
    from scanner.config import Config
    from scanner.engine import ScanSummary
    from scanner.inputs import LogInput
    from scanner.model import AISystem, SourceStatus
    from scanner.output import OutputFormat
    from scanner.privacy import Pseudonyms
    from scanner.store import Store
    from signatures.loader import Pack


_NAMES_SHOWN = 20


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@db_option
@log_options
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that read [default: one for each core].",
)
@click.option(
    "--screen",
    is_flag=True,
    help="For months of logs: find the lines that hold a wanted name, and read only those.",
)
@click.option(
    "--signatures",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="A folder of your own signature files, beside the built-in ones.",
)
@click.option(
    "--git",
    "revision",
    metavar="REV",
    help="Read repositories as they are in a revision, without a checkout.",
)
@click.option(
    "--no-ignore",
    "ignores",
    flag_value=False,
    default=True,
    help="In source trees, read what .gitignore names too.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["new", "unreviewed", "prohibited"]),
    multiple=True,
    help="Exit with 10, 11 or 12 where the scan shows an AI system that is so.",
)
@click.option(
    "--record",
    type=click.Path(exists=True, file_okay=False, writable=True),
    metavar="FOLDER",
    help="Keep what accounts answer, with codes for people, in files that a scan can read.",
)
@click.option(
    "--resolve",
    is_flag=True,
    help="Ask a resolver about hosts in logs that nobody knows: those that lead to AI are candidates.",
)
@click.option(
    "--resolver",
    metavar="ADDRESS[:PORT]",
    help="The resolver that --resolve asks [default: the system's].",
)
@format_option("table", "json")
def command(
    paths: tuple[str, ...],
    db: str | None,
    log_format: ForcedFormat,
    tz: str | None,
    year: int | None,
    jobs: int | None,
    screen: bool,
    folders: tuple[str, ...],
    revision: str | None,
    ignores: bool,
    fail_on: tuple[str, ...],
    record: str | None,
    resolve: bool,
    resolver: str | None,
    style: OutputFormat,
) -> int:
    """Read logs (files, folders, - for standard input) and source trees, and add what they show to
    the inventory.

    A folder with a manifest or a repository in it is read as a source tree. Without PATH, every
    source that gnomon.toml names is read. Reading the same source again changes nothing.
    """
    config = log_format.added_to(settings(db=db, signatures=list(folders) or None))
    inputs = inputs_of(config, paths, known_format(log_format.name, config), tz, year)
    if resolver and not resolve:
        raise click.UsageError("--resolver is for --resolve: it says whom that asks")
    wanted = Wanted(
        jobs, screen, revision, ignores, fail_on, not paths, Path(record) if record else None,
        (resolver or "") if resolve else None,
    )  # fmt: skip
    return scan_and_print(config, inputs, style, wanted)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a scan is wanted; see the options."""

    jobs: int | None = None
    screen: bool = False
    revision: str | None = None
    ignores: bool = True
    fail_on: tuple[str, ...] = ()
    asks: bool = False  # whether the accounts of gnomon.toml are asked
    record: Path | None = None
    resolver: str | None = None  # asked about unknown names; "" is the system's, None no one


def scan_and_print(
    config: Config,
    inputs: list[LogInput],
    style: OutputFormat,
    wanted: Wanted | None = None,
) -> int:
    """Scan ``inputs``, print the summary, and return the exit code."""
    from scanner.errors import ExitCode

    wanted = wanted or Wanted()
    result = run(config, inputs, wanted)
    _print(result, style)
    if failed := _failed(result["systems_in_scan"], wanted.fail_on):
        return failed
    if result["nothing_recognised"]:
        return ExitCode.NOTHING_RECOGNISED
    return ExitCode.INCOMPLETE if result["incomplete"] else ExitCode.DONE


def _failed(systems: list[dict[str, Any]], fail_on: tuple[str, ...]) -> int:
    """Return the gravest exit code that was asked for and met, and say which systems meet it; or 0."""
    from scanner import output
    from scanner.errors import ExitCode

    for what, code in (
        ("prohibited", ExitCode.PROHIBITED),
        ("unreviewed", ExitCode.UNREVIEWED),
        ("new", ExitCode.NEW),
    ):
        names = [one["name"] for one in systems if one[what]] if what in fail_on else []
        if names:
            output.say(f"gnomon: {what}: {_some(names)}")
            return code
    return 0


def run(
    config: Config,
    inputs: list[LogInput],
    wanted: Wanted,
) -> dict[str, Any]:
    """Scan ``inputs`` into the configured database; returns the summary as it is printed."""
    from scanner import __version__, interrupts, progress, spill
    from scanner.commands._accounts import connector_inputs, with_accounts
    from scanner.commands._resolving import enrichment
    from scanner.engine import Engine
    from scanner.inputs import LogInput, find_inputs
    from scanner.inventory.candidates import candidates
    from scanner.inventory.identity import register_built_systems, register_used_systems
    from scanner.inventory.review import reviewed
    from scanner.inventory.snapshots import keep as keep_snapshots
    from scanner.model import CandidateStatus
    from scanner.reading.recognition import LEAST_SIFTED
    from scanner.store import SnapshotStore
    from scanner.workers import cores

    known = open_signatures(config)
    pack = known.pack
    with (
        SnapshotStore(config.database, may_create=True) as store,
        spill.scratch() as folder,
        progress.in_terminal() as shown,
    ):
        pseudonyms = _pseudonyms(config, store)
        found = with_accounts(
            list(find_inputs(inputs, _own_files(config), wanted.revision, wanted.ignores))
        )
        if wanted.asks:
            found += connector_inputs(config, store, pseudonyms, wanted.record)
        logs = [one for one in found if isinstance(one, LogInput)]
        is_much = any(log.file is None or log.size >= LEAST_SIFTED for log in logs)
        enrich = None if wanted.resolver is None else enrichment(known.matcher, wanted.resolver)
        is_much = is_much and enrich is None  # lines without a wanted name are of interest then
        has_trees = any(not isinstance(one, LogInput) for one in found)
        tools = tools_of(known, pseudonyms, folder, wanted.screen, config, is_much, has_trees)
        tools = replace(tools, resolves=enrich is not None)
        engine = Engine(
            tools, pack.version, __version__, now, wanted.jobs or cores(), shown, enrich
        )
        with interrupts.held():  # reading can be stopped; what was read is filed to its end
            try:
                summary = engine.scan(found, store)
            finally:  # also what a stopped scan had finished has its place in the inventory
                register_used_systems(store)
                register_built_systems(store)
                keep_snapshots(store, known.matcher)
        systems = reviewed(store, config.policy, now())
        in_scan = store.systems_in_scan(summary.scan)
        open_ones = [
            one.subject
            for one in candidates(store, known.matcher)
            if one.status is CandidateStatus.OPEN
        ]
    return _told(config, pack, summary, systems, in_scan, open_ones)


def _told(
    config: Config,
    pack: Pack,
    summary: ScanSummary,
    systems: list[AISystem],
    in_scan: set[str],
    open_ones: list[str],
) -> dict[str, Any]:
    """Return what a scan did, and what the inventory holds since, as it is printed."""
    from scanner.inventory.verdicts import UNDECIDED, State

    new = [one for one in systems if one.first_scan == summary.scan]
    again = [one for one in systems if one.id in in_scan and one.first_scan != summary.scan]
    return {
        "scan": summary.scan,
        "database": str(config.database),
        "signatures": pack.version,
        "signature_problems": [str(problem) for problem in pack.problems],
        "sources": [_source(source) for source in summary.sources],
        "systems": {
            "new": len(new),
            "seen_again": len(again),
            "total": len(systems),
            "names_new": [one.name for one in new],
        },
        "systems_in_scan": [
            {
                "id": one.id,
                "name": one.name,
                "kind": one.kind,
                "new": one.first_scan == summary.scan,
                "unreviewed": one.status in UNDECIDED,
                "prohibited": one.status == State.REJECTED,
            }
            for one in systems
            if one.id in in_scan
        ],
        "candidates": {"open": len(open_ones), "first": open_ones[:_NAMES_SHOWN]},
        "nothing_recognised": summary.nothing_recognised,
        "stopped": summary.is_stopped,
        "incomplete": summary.is_incomplete or bool(pack.problems),
    }


def inputs_of(
    config: Config,
    paths: tuple[str, ...] = (),
    log_format: str | None = None,
    tz: str | None = None,
    year: int | None = None,
) -> list[LogInput]:
    """Return what is to be read: the paths given, or else the sources that gnomon.toml names."""
    from scanner.config import zone_of
    from scanner.errors import UsageError
    from scanner.inputs import STDIN, LogInput

    zone = zone_of(tz or config.logs.timezone)
    year = year or config.logs.year
    if not paths and not config.sources:
        raise UsageError("nothing to scan: name a log or a folder, or list sources in gnomon.toml")
    for path in paths:
        if path != STDIN and not Path(path).exists():
            raise UsageError(f"{path}: no such file or folder")
    if paths:
        return [LogInput(path, log_format, zone, year) for path in paths]
    return [
        LogInput(
            source.path,
            known_format(source.format, config) or log_format,
            zone_of(source.timezone) or zone,
            source.year or year,
            Path(config.folder) if config.folder else None,
        )
        for source in config.sources
        if source.path is not None
    ]


def _own_files(config: Config) -> frozenset[str]:
    """Return the real paths of the database, its companions and the key: they are no logs."""
    database = os.path.realpath(config.database)
    companions = (f"{database}{end}" for end in ("", "-wal", "-shm", "-journal"))
    return frozenset((*companions, os.path.realpath(config.key_file)))


def _pseudonyms(config: Config, store: Store) -> Pseudonyms:
    from scanner.errors import StoreError
    from scanner.privacy import Pseudonyms, load_key

    known = store.meta("key_id")
    key = load_key(config.key_file, may_create=known is None)
    pseudonyms = Pseudonyms(key, config.privacy, config.domains)
    if known is None:
        store.set_meta("key_id", pseudonyms.key_id)
    elif known != pseudonyms.key_id:
        raise StoreError(
            f"{config.key_file}: not the key that {config.database} was made with; "
            "its people would be counted twice; use the right key, or another database"
        )
    return pseudonyms


def _source(status: SourceStatus) -> dict[str, Any]:
    return {
        "source": status.name,
        "status": status.state.value,
        "format": status.format,
        "read": status.read,
        "parsed": status.parsed,
        "ignored": sum(status.ignored.values()),
        "ignored_kinds": status.ignored,
        "rejected": status.rejected,
        "rejects": [reject._asdict() for reject in status.rejects],
        "period": {"first": status.first, "last": status.last, "quality": status.time_quality},
        "screened": status.screened,
        "bytes": status.bytes_read,
        "seconds": round(status.seconds, 3),
        "reason": status.reason,
        "notes": list(status.notes),
    }


def _print(result: dict[str, Any], style: OutputFormat) -> None:
    from scanner import output

    if style is output.OutputFormat.JSON:
        output.document(result)
        return
    rows = [
        {**source, "first": _minute(source, "first"), "last": _minute(source, "last")}
        for source in result["sources"]
    ]
    columns = (
        "source",
        "format",
        "status",
        "read",
        "parsed",
        "ignored",
        "rejected",
        "first",
        "last",
    )
    output.listing(rows, columns, style)
    for source in result["sources"]:
        _explain(source)
    counts = result["systems"]
    output.show(
        f"\n{counts['new']} new AI systems, {counts['seen_again']} seen again, "
        f"{counts['total']} in all, in {result['database']}, by signatures {result['signatures']}"
    )
    if counts["names_new"]:
        output.show(f"New: {_some(counts['names_new'])}")
    if open_ones := result["candidates"]["open"]:
        what = "name looks" if open_ones == 1 else "names look"
        output.show(f"{open_ones} {what} like AI, and no signature knows: gnomon candidates list")
    if result["stopped"]:
        output.say("gnomon: stopped; what was read to its end is kept, the same command goes on")
    if result["nothing_recognised"]:
        output.say("gnomon: nothing here was recognised as a log: nothing was looked at")
    elif counts["total"]:
        output.show("Next: gnomon inventory list, gnomon report brief --out brief.html")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more


def _minute(source: dict[str, Any], end: str) -> str:
    when = source["period"][end]
    return when.strftime("%Y-%m-%d %H:%M") if when else ""


def _explain(source: dict[str, Any]) -> None:
    from scanner import output

    if source["reason"] and source["status"] != "already_read":
        output.say(f"{source['source']}: {source['reason']}")
    for note in source["notes"]:
        output.say(f"{source['source']}: {note}")
    for reject in source["rejects"]:
        where = f"{source['source']}:{reject['line']}"
        output.say(f"{where}: {reject['reason']}: {reject['excerpt']}")
