r"""PAN-OS firewalls: the URL filtering records of THREAT logs, and TRAFFIC logs by application.

    1,2026/11/20 08:01:02,012801000001,THREAT,url,2561,2026/11/20 08:01:02,10.0.0.7,203.0.113.9,0.0.0.0,0.0.0.0,out,corp\ana,,ssl,vsys1,trust,untrust,ae1,ae2,fwd,2026/11/20 08:01:02,28191,1,52984,443,0,0,0x403000,tcp,alert,"api.openai.com/",(9999),...

The columns that count stand at the same places in all versions; later ones append to them, a time
with its zone among others. The URL has no scheme. A sinkholed DNS query is a spyware record with
the name in the place of the URL. A session is logged at its start too, if the rule says so: that
record is left out.
Reference: https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions
"""

from __future__ import annotations

import csv
import re

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.values import count, outcome, text
from scanner.model import Action, Channel, Observation, Sighting

_HEAD = re.compile(
    rb"(?:^|[ :\]>\t])(\d?,\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,[0-9A-Za-z]*,([A-Z]{2,14}(?:-[A-Z]{2,9})?),([a-z0-9-]*),)"
)
_EXPORTED_HEADER = b"Domain,Receive Time,Serial #,Type,"
_LONGEST_ENVELOPE = 400
_MARKS = frozenset(',"')
# Places of the columns; the first stands before the receive time.
_GENERATED, _SOURCE, _USER, _APP, _PORT, _ACTION = 6, 7, 12, 14, 25, 30
_MISC, _SENT, _RECEIVED, _METHOD = 31, 32, 33, 63
_HIGH_RESOLUTION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_METHOD_WORD = re.compile(r"[a-z]{3,9}")
_FORWARDED = "x-fwd-for:"
# What stands for an application in sessions that ended before one was known.
_NO_APPLICATION = frozenset(
    {
        "incomplete",
        "insufficient-data",
        "not-applicable",
        "unknown-tcp",
        "unknown-udp",
        "non-syn-tcp",
    }
)
_ACTIONS = {
    "alert": Action.ALLOWED,
    "continue": Action.ALLOWED,
    "override": Action.ALLOWED,
    "block-continue": Action.CHALLENGED,
    "block-override": Action.CHALLENGED,
    "override-lockout": Action.BLOCKED,
    "reset-client": Action.BLOCKED,
    "reset-server": Action.BLOCKED,
    "reset-both": Action.BLOCKED,
    "random-drop": Action.BLOCKED,
}


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record shows: a URL that was asked for, a sinkholed name, an application."""
    line = _bare(line)
    head = _HEAD.search(line, 0, _LONGEST_ENVELOPE)
    if head is None:
        if line.startswith(_EXPORTED_HEADER):
            return Skipped("header")
        return Refused("no receive time, serial number, type and subtype of PAN-OS")
    kind, subtype = head[2].decode(), head[3].decode()
    if kind == "TRAFFIC" and subtype in ("end", "drop", "deny"):
        return _traffic(line[head.start(1) :], subtype, hosts, clock)
    if kind == "THREAT" and subtype in ("url", "spyware"):
        return _threat(line[head.start(1) :], subtype, hosts, clock)
    return Skipped(f"{kind} {subtype}".strip())


def _bare(line: bytes) -> bytes:
    """Return an exported line, of which every cell stands in quotes, as a firewall sends it."""
    if not line.startswith(b'"') or b'","' not in line:
        return line
    try:
        row = next(csv.reader([line.decode("utf-8", "backslashreplace")]), [])
    except csv.Error:
        return line
    cells = (f'"{c.replace(chr(34), chr(34) * 2)}"' if _MARKS & {*c} else c for c in row)
    return ",".join(cells).encode()


def _threat(body: bytes, subtype: str, hosts: HostTable, clock: Clock) -> Parsed:
    front = _front(body)
    if front is None:
        return Refused("not the columns of a THREAT record")
    asked, is_query = front[_MISC], subtype == "spyware"
    site = asked if is_query else host_of_url(asked)
    if not front[_PORT].isdigit() or b"," in site or b" " in site:
        return Refused("not the columns of a THREAT record")
    if is_query and not front[_APP].startswith(b"dns"):
        return Skipped("THREAT spyware")
    host = hosts[site]
    if host is None and not is_query:
        host = hosts.of_api(asked, None)
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    row = _row(body)
    if row is None:
        return Refused("not the columns of a THREAT record")
    return ((_query if is_query else _request)(row, host, clock),)


def _traffic(body: bytes, subtype: str, hosts: HostTable, clock: Clock) -> Parsed:
    front = _front(body)
    if front is None:
        return Refused("not the columns of a TRAFFIC record")
    name = front[_APP].decode("ascii", "replace").lower()
    if not name or name in _NO_APPLICATION:
        return Skipped("record without an application")
    app = hosts.of_app(name)
    if app is None:
        return ()
    row = _row(body)
    if row is None:
        return Refused("not the columns of a TRAFFIC record")
    seen = _seen(row, app, clock)._replace(
        channel=Channel.FLOW,
        kind=Sighting.APP,
        bytes_up=count(row[_SENT]),
        bytes_down=count(row[_RECEIVED]),
    )
    return (seen if subtype == "end" else seen._replace(action=Action.BLOCKED),)


def _seen(row: list[str], value: str, clock: Clock) -> Observation:
    """Return what all records show."""
    user = "" if row[_USER].startswith(_FORWARDED) else row[_USER]  # what a header says, no person
    when, quality = _time(row, clock)
    word = row[_ACTION].lower()
    return Observation(
        channel=Channel.PROXY,
        value=value,
        ts=when,
        client=text(row[_SOURCE]),
        user=text(user.replace("\\\\", "\\")),
        action=_ACTIONS.get(word) or outcome(word) or Action.UNKNOWN,
        time_quality=quality,
    )


def _request(row: list[str], host: str, clock: Clock) -> Observation:
    method = row[_METHOD] if len(row) > _METHOD else ""
    method = method.upper() if _METHOD_WORD.fullmatch(method) and method != "unknown" else ""
    path = path_of_url(row[_MISC].encode())
    # Without decryption only the name of the site is known.
    is_tunnel = method == "CONNECT" or (not method and path in (None, "/") and row[_PORT] != "80")
    seen = _seen(row, host, clock)
    if is_tunnel:
        return seen._replace(kind=Sighting.HTTP_CONNECT)
    return seen._replace(kind=Sighting.HTTP_URL, path=path, method=method or None)


def _query(row: list[str], host: str, clock: Clock) -> Observation:
    return _seen(row, host, clock)._replace(channel=Channel.DNS, kind=Sighting.DNS_QUERY)


def _time(row: list[str], clock: Clock) -> Time:
    """Return the time of the event; the firewall's local one if no column names a zone."""
    exact = next((cell for cell in reversed(row) if _HIGH_RESOLUTION.fullmatch(cell)), None)
    return clock.iso(exact) if exact else clock.any(row[_GENERATED])


def _front(body: bytes) -> list[bytes] | None:
    """Return the first columns, to the URL; None if they are not there."""
    cells = body.split(b",", _MISC)
    if len(cells) <= _MISC:
        return None
    rest = cells[_MISC]
    if body.find(b'"', 0, len(body) - len(rest)) >= 0:  # a quoted name of a rule or a user
        row = _row(body)
        return [cell.encode() for cell in row[: _MISC + 1]] if row else None
    if not rest.startswith(b'"'):
        cells[_MISC] = rest.partition(b",")[0]
        return cells
    end = rest.find(b'"', 1)
    cells[_MISC] = rest[1:end]
    return cells if end > 0 else None


def _row(body: bytes) -> list[str] | None:
    """Return all columns; None if there are too few."""
    try:
        row = next(csv.reader([body.decode("utf-8", "backslashreplace")]), [])
    except csv.Error:
        return None
    return row if len(row) > _RECEIVED else None


FORMAT = Format(
    name="panos",
    title="Palo Alto Networks PAN-OS URL filtering and traffic logs",
    read=by_line(parse),
    specificity=85,
    proves=OF_A_PROXY,
    reference="https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions",
    sample=(
        b"Nov 20 08:01:02 fw1 1,2026/11/20 08:01:02,012801000001,THREAT,url,2561,2026/11/20 08:01:02,10.0.0.7,203.0.113.9,0.0.0.0,0.0.0.0,out,corp\\ana,,ssl,vsys1,trust,untrust,ae1,ae2,fwd,2026/11/20 08:01:02,28191,1,52984,443,0,0,0x403000,tcp,block-url,"
        b'"chat.deepseek.com/",(9999),artificial-intelligence,informational,client-to-server,7726,0x2000000000000000,10.0.0.0-10.255.255.255,United States,0,,0,,,0,,,,,,,,0,0,0,0,0,,fw1,,,,,0,,0,,N/A,unknown,AppThreat-0-0,0x0,0,4294967295,\n'
        b"Nov 20 08:01:09 fw1 1,2026/11/20 08:01:09,012801000001,TRAFFIC,end,2561,2026/11/20 08:01:09,10.0.0.8,203.0.113.7,0.0.0.0,0.0.0.0,out,corp\\bob,,openai-base,vsys1,trust,untrust,ae1,ae2,fwd,2026/11/20 08:01:09,22751,1,55113,443,0,0,0x400053,tcp,allow,26492,20642,5850,36,2026/11/20 08:00:04,65,artificial-intelligence,0,32091112,0x0,10.0.0.0-10.255.255.255,United States,0,16,20,tcp-fin,0,0,0,0,,fw1,from-policy\n"
        b"Nov 20 08:01:11 fw1 1,2026/11/20 08:01:11,012801000001,THREAT,url,2562,2026/11/20 08:01:11,10.0.0.7,203.0.113.7,0.0.0.0,0.0.0.0,out,corp\\ana,,web-browsing,vsys1,trust,untrust,ae1,ae2,fwd,2026/11/20 08:01:11,28192,1,52990,443,0,0,0x40b000,tcp,alert,"
        b'"api.openai.com/v1/chat/completions?x=""1""",(9999),artificial-intelligence,informational,client-to-server,7727,0x8000000000000000,10.0.0.0-10.255.255.255,United States,,application/json,0,,,1,,,,,,,,0,0,0,0,0,,fw1,,,,post,0,,0,,N/A,unknown,AppThreat-0-0,0x0,0,4294967295,,"artificial-intelligence,low-risk",a76c7b1d-5e84-48f5-9498-a9d10ffc959c,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,0,2026-11-20T08:01:11.719+01:00,,,,ai,saas,browser-based,4,"pervasive-use",,web-browsing,no,no\n'
    ),
)
