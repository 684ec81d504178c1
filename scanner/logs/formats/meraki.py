"""Cisco Meraki MX and Z appliances: the URLs that clients ask for, and those that are blocked.

    1795161662.348215340 MX84 urls src=10.0.0.7:60336 dst=203.0.113.7:443 mac=78:7B:8A:CC:05:18 request: UNKNOWN https://api.openai.com/...

``UNKNOWN`` and the dots stand for what TLS hides. The time is in seconds since 1970. A blocked
page is an event (from documentation) that names no address of its client; so is a file that was
scanned, with its address. Lines about flows and
other events are left out.
Reference: https://documentation.meraki.com/General_Administration/Monitoring_and_Reporting/Syslog_Event_Types_and_Log_Samples
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable, host_of_url, is_absolute_url, path_of_url
from scanner.logs import Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.model import Action, Channel, Observation, Sighting

_HEAD = re.compile(
    rb"(?:^|[ >])(\d{9,10}(?:\.\d{1,9})?) (?:\S{1,80} ){1,2}"
    rb"(urls|flows|(?:\w{1,40}_)?firewall|events|ids-alerts|security_event|airmarshal_events"
    rb"|ip_flow_start|ip_flow_end|l3_firewall|l7_firewall) "
)
_LONGEST_ENVELOPE = 400
_REQUEST = b" request: "
_CLIENT = re.compile(
    rb"src=(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9.]{7,15})|([0-9a-fA-F:.]{2,45}(?= |$)))(?::\d{1,5})?(?= |$)"
)
_BLOCK = re.compile(rb"(?:type=)?content_filtering_block (?:.{0,200}?[ '])?url='?([^' ]+)")
_SCAN = re.compile(rb"security_filtering_file_scanned url='?([^' ]+)")
_STOPPED = b" action=block"
_MAC = re.compile(rb" (?:client_)?mac='?([0-9A-Fa-f:]{17})")
_HIDDEN = "/..."
# Colons of an IPv6 address in full with a port, written without brackets.
_EIGHT_GROUPS_AND_PORT = 8


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a line shows: a request for a URL, or a page that was blocked."""
    head = _HEAD.search(line, 0, _LONGEST_ENVELOPE)
    if head is None:
        return Refused("no time, name and kind of a Meraki line")
    rest = line[head.end() :]
    if head[2] == b"urls":
        return _request(rest, head[1], hosts, clock)
    about = _BLOCK if head[2] == b"events" else _SCAN if head[2] == b"security_event" else None
    page = about.match(rest) if about else None
    if page is None:
        return Skipped(head[2].decode())
    is_stopped = about is _BLOCK or _STOPPED in rest
    return _observe(rest, head[1], b"" if is_stopped else b"UNKNOWN", page[1], hosts, clock)


def _request(rest: bytes, time: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    before, _, request = rest.partition(_REQUEST)
    method, _, written = request.partition(b" ")
    url = written.split(b" ", 1)[0]
    if not (method.isalpha() and is_absolute_url(url)):
        return Refused("no method and URL after request:")
    return _observe(before, time, method, url, hosts, clock)


def _observe(
    fields: bytes, time: bytes, method: bytes, url: bytes, hosts: HostTable, clock: Clock
) -> Parsed:
    known = b"" if method == b"UNKNOWN" else method
    host = hosts[host_of_url(url)]
    if host is None:
        host = hosts.of_api(url, known or None)
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    when, quality = clock.epoch(time)
    path = path_of_url(url)
    is_tunnel = known in (b"", b"CONNECT") and path in (None, "/", _HIDDEN)
    return (
        Observation(
            channel=Channel.PROXY,
            value=host,
            ts=when,
            kind=Sighting.HTTP_CONNECT if is_tunnel else Sighting.HTTP_URL,
            client=_client(fields),
            action=Action.ALLOWED if method else Action.BLOCKED,
            path=None if is_tunnel else path,
            time_quality=quality,
            method=None if is_tunnel or not known else known.decode().upper(),
        ),
    )


def _client(fields: bytes) -> str | None:
    """Return the address of the client without its port; its hardware address if it has none."""
    if found := _CLIENT.search(fields):
        client = (found[1] or found[2] or found[3]).decode()
        return client.rpartition(":")[0] if client.count(":") == _EIGHT_GROUPS_AND_PORT else client
    mac = _MAC.search(fields)
    return mac[1].decode() if mac else None


FORMAT = Format(
    name="meraki",
    title="Cisco Meraki MX syslog (urls)",
    read=by_line(parse),
    specificity=75,
    proves=frozenset({Proof.TIME, Proof.CLIENT, Proof.HOST, Proof.PATH, Proof.ACTION}),
    reference="https://documentation.meraki.com/General_Administration/Monitoring_and_Reporting/Syslog_Event_Types_and_Log_Samples",
    sample=(
        b"<134>1 1795161662.348215340 MX84 urls src=10.0.0.7:60336 dst=203.0.113.7:443 mac=78:7B:8A:CC:05:18 request: UNKNOWN https://api.openai.com/...\n"
        b"<134>1 1795161662.289402144 MX84 flows allow src=10.0.0.7 dst=10.0.0.34 mac=78:7B:8A:CC:05:18 protocol=udp sport=54841 dport=15600\n"
        b"<134>1 1795161669.676404537 MX84 urls src=10.0.0.8:56424 dst=203.0.113.9:80 mac=64:1C:AE:68:2A:01 agent='Mozilla/5.0 (Windows NT 10.0; Win64; x64)' request: GET http://www.example.org/p/x\n"
    ),
)
