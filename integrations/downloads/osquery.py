"""osquery and Fleet: what is installed, running and listening, as JSON or CSV of one of its tables.

    [{"bundle_identifier": "com.openai.chat", "name": "ChatGPT.app", "path": "/Applications/..."}]

``osqueryi --json`` and ``--csv``, ``fleetctl query`` (one object a host), Fleet's own exports, and
osquery's own log of results, of which snapshots and what was added show what is there. Events and
command lines are never read.
Reference: https://osquery.io/schema/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from integrations.columns import Columns, folded
from integrations.downloads import Beginning, Download, Once, Opened
from integrations.downloads.osquery_tables import TABLES, OsqueryTable
from integrations.fields import Item
from integrations.tables import find
from scanner.model import App, Install, Record

_ACTIONS = frozenset({"snapshot", "added", "removed"})
_HOSTS = (
    "host_display_name", "host_hostname", "host_name", "hostname", "host", "computer_name",
    "device_name", "system_name", "hostIdentifier",
)  # fmt: skip
_READ = (
    "name", "version", "bundle_identifier", "bundle_short_version", "publisher", "identifier",
    "path", "port", "author",
)  # fmt: skip
# What its tables of events have.
_OF_EVENTS = frozenset(
    {
        "unixtime",
        "calendartime",
        "hostidentifier",
        "eid",
        "time",
        "action",
        "timestamp",
        "ts",
        "datetime",
        "eventtime",
        "eventtype",
        "event",
    }
)


def recognises(beginning: Beginning) -> bool:
    """Whether it is rows of one of the tables that are read."""
    if beginning.is_json:
        first = beginning.first[1]
        return _is_logged(first) or _of_item(first) is not None
    return _of_sheets(beginning) is not None


def read(file: Opened) -> Iterator[Record]:
    """Yield an installation for each row, and each application once."""
    once = Once()
    for found in _rows(file):
        app = found.table.app(found.row)
        if app is None:
            file.bad["(row)"] += 1
            continue
        yield from once.new((app,))
        yield _install(app, found)


class _Row(NamedTuple):
    """A row, the table it is of, and what stands around it: the host, when it was asked."""

    table: OsqueryTable
    row: Item
    host: str
    around: Item


def _rows(file: Opened) -> Iterator[_Row]:
    if file.beginning.is_json:
        for beside, item in file.items():
            yield from _of_result(beside, item, file)
    elif table := _of_sheets(file.beginning):
        for row in file.rows(_columns(table)):
            yield _Row(table, row, row.text("device"), row)


def _of_result(beside: Mapping[str, object], item: Item, file: Opened) -> Iterator[_Row]:
    """Yield the rows of one item: one itself, or all of a snapshot. One that was removed is none."""
    if item.text("action") == "removed":
        file.ignored["row that was removed"] += 1
        return
    for row in _rows_of(item):
        if table := _of_row(item, row):
            yield _Row(table, row, _host(beside, item, row), item)
        else:
            file.ignored["row of another table"] += 1


def _install(app: App, found: _Row) -> Install:
    version = found.row.text("bundle_short_version") or found.row.text("version")
    seen = found.around.time("last_fetched") or found.around.time("unixTime")
    return Install(app=app.key, device=found.host, version=version, seen=seen)


def _rows_of(item: Item) -> Iterator[Item]:
    """Yield the columns of an item, which Fleet and osquery's log wrap together with the host."""
    if item.has("snapshot"):
        yield from item.items("snapshot")
    else:
        yield item.at("columns") if item.has("columns") else item


def _host(beside: Mapping[str, object], item: Item, row: Item) -> str:
    places = (Item(beside), item, row)
    return next((name for one in places for key in _HOSTS if (name := one.text(key))), "")


def _of_item(item: Item) -> OsqueryTable | None:
    """Return the table of an item's rows; a log of results may begin with any."""
    return next((found for row in _rows_of(item) if (found := _of_row(item, row))), None)


def _of_row(item: Item, row: Item) -> OsqueryTable | None:
    # Beside the columns a log says when they were asked; among them it is a table of events.
    around = () if _is_logged(item) else item.names()
    names = frozenset(row.names())
    if _OF_EVENTS & frozenset(map(folded, (*around, *names))):
        return None
    return next((one for one in TABLES if names >= one.needed), None)


def _is_logged(item: Item) -> bool:
    """Whether an item is a result of a query that osquery runs by schedule, of whichever table."""
    is_result = item.has("columns") or item.has("snapshot")
    return is_result and item.has("hostIdentifier") and item.text("action") in _ACTIONS


def _of_sheets(beginning: Beginning) -> OsqueryTable | None:
    return next((one for one in TABLES if find(_columns(one), beginning.sheets)), None)


def _columns(table: OsqueryTable) -> Columns:
    names = {one: (folded(one),) for one in (*_READ, "last_fetched", *sorted(table.needed))}
    return Columns(
        names={"device": tuple(map(folded, _HOSTS)), **names},
        needed=tuple(sorted(table.needed)),
        keys=("name", "identifier", "port", "path"),
        times=("last_fetched",),
        never=_OF_EVENTS,
    )


DOWNLOAD = Download(
    name="osquery",
    title="osquery and Fleet inventories (JSON, CSV)",
    system="osquery",
    reference="https://osquery.io/schema/",
    recognises=recognises,
    read=read,
    samples={
        "apps.json": (
            b'[\n  {"bundle_identifier":"com.openai.chat","bundle_name":"ChatGPT",'
            b'"bundle_short_version":"1.2025.330","name":"ChatGPT.app",'
            b'"path":"/Applications/ChatGPT.app"}\n]\n'
        ),
        "fleetctl.json": (
            b'{"host":"mac-07","rows":[{"browser_type":"chrome","identifier":'
            b'"difoiogjjojoaoomphldepapgpbgkhkb","name":"ChatGPT Sidebar","profile":"Default",'
            b'"version":"4.2"}]}\n'
            b'{"host":"mac-08","rows":[]}\n'
        ),
        "fleet_report.json": (
            b'{"query_id": 31, "results": [{"host_id": 1, "host_name": "mac-07", "last_fetched":'
            b' "2026-11-19T05:35:49Z", "columns": {"name": "anthropic.claude-code", "publisher":'
            b' "Anthropic", "publisher_id": "u-1", "version": "2.0.1", "uuid": "u-2"}}]}\n'
        ),
        "osqueryd.snapshots.log": (
            b'{"snapshot":[{"name":"ChatGPT.app","bundle_identifier":"com.openai.chat","path":'
            b'"/Applications/ChatGPT.app","bundle_short_version":"1.2"}],"action":"snapshot",'
            b'"name":"pack_it_apps","hostIdentifier":"mac-07","calendarTime":"Thu Nov 19 05:35:49'
            b' 2026 UTC","unixTime":1795066549,"epoch":0,"counter":0,"numerics":false}\n'
        ),
        "osqueryd.results.log": (
            b'{"name":"pack_it_apps","hostIdentifier":"mac-07","calendarTime":"Thu Nov 19 05:35:49'
            b' 2026 UTC","unixTime":1795066549,"epoch":0,"counter":1,"columns":{"name":'
            b'"ChatGPT.app","bundle_identifier":"com.openai.chat","path":'
            b'"/Applications/ChatGPT.app"},"action":"added"}\n'
        ),
        "python_packages.csv": (
            b"host_display_name,name,version,summary,author,path,directory\n"
            b"mac-07,openai,3.52.0,The client,OpenAI,/opt/lib/openai.dist-info,/opt/lib\n"
        ),
        "listening_ports.csv": (
            b"pid|port|protocol|family|address|path\n812|11434|6|2|127.0.0.1|\n"
        ),
    },
    verified_by="the schema as recalled",
)
