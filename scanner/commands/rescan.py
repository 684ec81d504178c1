"""``gnomon rescan``: new signatures over stored evidence, without the logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import db_option, format_option, now, open_signatures, settings

if TYPE_CHECKING:
    from scanner.inventory.changes import Change
    from scanner.output import OutputFormat
    from scanner.store.rescans import NewHit, Unkept

_COLUMNS = ("product", "supplier", "basis", "value", "sources")


@click.command("rescan")
@db_option
@click.option(
    "--signatures",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="A folder of your own signature files, beside the built-in ones.",
)
@format_option("table", "json")
def command(db: str | None, folders: tuple[str, ...], style: OutputFormat) -> None:
    """Match the signatures of today with what earlier scans kept, and say what is new.

    Hosts, applications, components and candidates are kept, and of logs that were read line by
    line the domains that no signature knew. What is found this way is marked, and resolved at most.
    """
    from scanner import __version__, output
    from scanner.inventory.changes import Kind, changes
    from scanner.inventory.rescan import rescan
    from scanner.inventory.snapshots import keep
    from scanner.privacy import Privacy
    from scanner.store.rescans import RescanStore

    config = settings(db=db, signatures=list(folders) or None)
    known = open_signatures(config)
    with RescanStore(config.database) as store:
        privacy = Privacy(store.privacy())
        scan = store.begin_scan(now(), __version__, known.pack.version, privacy)
        to_read = rescan(store, known.matcher)
        store.finish_scan(scan, now())
        keep(store, known.matcher)
        found = store.rescanned(scan)
        new = changes(store, scan - 1, scan, now(), kinds={Kind.NEW_BECAUSE_WE_KNOW_MORE})
        unkept = store.unkept()
    result = _told(scan, known.pack.version, found, to_read, new, unkept)
    if style is output.OutputFormat.JSON:
        output.document(result)
    else:
        _print(result, style)


def _told(
    scan: int,
    signatures: str,
    found: list[dict[str, Any]],
    to_read: list[NewHit],
    new: list[Change],
    unkept: Unkept,
) -> dict[str, Any]:
    return {
        "scan": scan,
        "signatures": signatures,
        "found": [{**one, "creates_system": bool(one["creates_system"])} for one in found],
        "new_because_we_know_more": [{"system": one.system, "name": one.name} for one in new],
        "read_again": sorted({one.kept.value for one in to_read}),
        "logs": unkept.logs,
        "logs_without_domains": unkept.without_domains,
    }


def _print(result: dict[str, Any], style: OutputFormat) -> None:
    from scanner import output

    if result["found"]:
        output.listing(result["found"], _COLUMNS, style)
    names = ", ".join(one["name"] for one in result["new_because_we_know_more"])
    output.show(f"New only because we know more: {names or 'nothing'}")
    if result["read_again"]:
        output.show(f"Scan their source trees again: {', '.join(result['read_again'])}")
    if without := result["logs_without_domains"]:
        output.say(
            f"gnomon: of {without} of {result['logs']} logs only lines with a wanted name were read: "
            "their other domains were not kept; scan them again to match all of them"
        )
