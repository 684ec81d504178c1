r"""Cisco Umbrella's web log as it lies in S3: quoted CSV of 22 to some 56 columns, with or without a header.

    "2026-11-20 08:01:02","LAP-7","10.0.0.7","203.0.113.7","203.0.113.9","text/html","ALLOWED","https://claude.ai/new","","Mozilla/5.0","200","562","1489","1200","","Generative AI","","","","","","Roaming Computers","","LAP-7","Roaming Computers","GET"

Times are UTC. Every version of the schema appends columns to the former one. A record whose quote
is not closed on its line, as a line break in a file's name leaves it, is rejected.
Reference: https://docs.umbrella.com/umbrella-user-guide/docs/web-log-formats
"""

from __future__ import annotations

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import Clock
from scanner.logs.formats.umbrella_dns import (
    address_of,
    cells_of,
    is_time,
    machine_of,
    person_of,
)
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.values import count, outcome
from scanner.model import Action, Channel, Observation, Sighting

_FEWEST = 22
_LABEL, _INSIDE, _OUTSIDE, _ACTION, _URL = 1, 2, 3, 6, 7
_STATUS, _BYTES_UP, _BYTES_DOWN = 10, 11, 12
_KIND, _IDENTITIES, _KINDS, _METHOD = 21, 23, 24, 25
_LONGEST = 26
_ACTIONS = frozenset({"ALLOWED", "BLOCKED", "PROXIED", "WARNED", "ISOLATED"})


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    cells = cells_of(line)
    if cells is None:
        return Refused("quotes that do not pair")
    if cells[:1] == ["Timestamp"] and "Policy Identity Type" in cells:
        return Skipped("header")
    if len(cells) < _FEWEST or cells[_ACTION].upper() not in _ACTIONS or not is_time(cells[0]):
        return Refused("not a time, identity, addresses, content type and action")
    url = cells[_URL].strip('"<> ').encode("utf-8", "surrogatepass")
    cells += [""] * (_LONGEST - len(cells))
    method = cells[_METHOD].upper()
    host = hosts[host_of_url(url)]
    if host is None:
        host = hosts.of_api(url, method)
    if host is None:
        return ()
    if " " in host or "," in host:  # a doubled quote has joined two cells
        return Refused("the address runs on into the next cell")
    return (
        (_observe(cells, host, url, method, clock),) if host else Skipped("record without a host")
    )


def _observe(cells: list[str], host: str, url: bytes, method: str, clock: Clock) -> Observation:
    when, quality = clock.iso(f"{cells[0]}+00:00")
    label, kind, inside = cells[_LABEL], cells[_KIND], cells[_INSIDE]
    is_tunnel = method == "CONNECT" or (not method and path_of_url(url) is None)
    return Observation(
        channel=Channel.PROXY,
        value=host,
        ts=when,
        kind=Sighting.HTTP_CONNECT if is_tunnel else Sighting.HTTP_URL,
        client=address_of(inside) or machine_of(label, kind) or address_of(cells[_OUTSIDE]),
        user=person_of(label, kind, cells[_IDENTITIES], cells[_KINDS]),
        action=_action(cells[_ACTION], cells[_STATUS]),
        bytes_up=count(cells[_BYTES_UP]),
        bytes_down=count(cells[_BYTES_DOWN]),
        path=None if is_tunnel else path_of_url(url),
        time_quality=quality,
        method=None if is_tunnel else method or None,
    )


def _action(said: str, status: str) -> Action:
    if status == "407":
        return Action.CHALLENGED
    action = outcome(said) or Action.UNKNOWN
    if action is Action.ALLOWED and status in ("502", "503", "504"):
        return Action.ERROR
    return action


FORMAT = Format(
    name="umbrella-proxy",
    title="Cisco Umbrella web (CSV)",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://docs.umbrella.com/umbrella-user-guide/docs/web-log-formats",
    sample=(
        b'"2026-11-20 08:01:02","LAP-7","10.0.0.7","203.0.113.7","203.0.113.9","text/html","ALLOWED",'
        b'"https://claude.ai/new?from=mail","","Mozilla/5.0 (X11; Linux x86_64)","200","562","1489","1200",'
        b'"","Generative AI,Application","","","","","","Roaming Computers","","LAP-7,Ana Bell (ana@corp.example)",'
        b'"Roaming Computers,AD Users","GET","","","new","13671956","","","","",""\n'
        b'"2026-11-20 08:01:09","Site One","10.0.0.8","203.0.113.7","203.0.113.10","","BLOCKED",'
        b'"https://chat.deepseek.com/","","Mozilla/5.0 (X11; Linux x86_64)","403","","","","",'
        b'"Generative AI","","","","","","Sites","Generative AI","Site One","Sites","GET"\n'
    ),
)
