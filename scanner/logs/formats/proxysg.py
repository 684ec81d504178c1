r"""Symantec (Blue Coat) Edge and Cloud SWG, as pairs or as JSON; its ELFF is read as W3C.

    2026-11-20T08:01:02PROXY01 bluecoat - access_log - c-ip=10.0.0.7 cs-host=api.openai.com cs-method=CONNECT cs-uri-scheme=tcp cs-username=ana s-action=TCP_TUNNELED sc-bytes=5120 cs-bytes=18120 sc-filter-result=OBSERVED sc-status=200

Times are UTC; that of the pairs stands before them, with the proxy's name right behind it. A
question that the DNS proxy was asked stands in ``x-dns-cs-dns`` (from documentation).
Reference: https://techdocs.broadcom.com/us/en/symantec-security-software/web-and-network-security/edge-swg.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import Clock, Time
from scanner.logs.keyvalue import pairs, sole_value
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import count, decoded, outcome, said
from scanner.logs.web import answered
from scanner.model import Action, Channel, Observation, Sighting

_LONGEST_HEAD = 300
_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?!Z )(?=[A-Za-z ])")
# What no other log has beside c-ip and cs-host.
_OWN = frozenset({"sc-filter-result", "s-action", "x-bluecoat-transaction-uuid"})
_TUNNELS = frozenset({"ssl", "tcp", "tunnel", "ssl-tunnel"})

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_Fields = Mapping[str, Any]


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record shows."""
    fields: _Fields
    if line.lstrip()[:1] == b"{":
        try:
            fields = decoded(_decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Refused(f"not such a JSON record: {error}")
        head = b""
    else:
        begin = line.find(b"c-ip=", 0, _LONGEST_HEAD)
        if begin < 0 or b"cs-host=" not in line:
            return Refused("neither JSON nor pairs from c-ip= on")
        if _is_plainly_unwanted(line, hosts):
            return ()
        head, fields = line[:begin], pairs(line[begin:])
    if "c-ip" not in fields or "cs-host" not in fields or _OWN.isdisjoint(fields):
        return Refused("no record of a ProxySG")
    seen = _question(fields, hosts) if _is_question(fields) else _request(fields, hosts)
    if not isinstance(seen, Observation):
        return seen or ()
    when, quality = _time(fields, head, clock)
    return (seen._replace(ts=when, time_quality=quality),)


def _is_plainly_unwanted(line: bytes, hosts: HostTable) -> bool:
    """Whether a glance at a line of a hundred pairs is enough: most are about hosts of no interest."""
    if b"sc-filter-result=" not in line or b"cs-method=" not in line or b"cs-method=POST" in line:
        return False
    host = sole_value(line, b"cs-host")
    return bool(host) and hosts[host or b""] is None


def _request(fields: _Fields, hosts: HostTable) -> Observation | Skipped | None:
    url = said(fields, "c-url", "cs-uri", "cs-url") or ""
    site = said(fields, "cs-host") or host_of_url(url.encode("utf-8", "replace")).decode()
    path = path_of_url((said(fields, "cs-uri-path") or url).encode("utf-8", "replace"))
    method = said(fields, "cs-method")
    host = hosts[site]
    if host is None and path is not None:
        host = hosts.of_api(path.encode(), method, site.encode("utf-8", "surrogatepass"))
    if not host:
        return Skipped("record without a host") if host == "" else None
    scheme = (said(fields, "cs-uri-scheme") or url.partition("://")[0]).lower()
    is_tunnel = method == "CONNECT" or scheme in _TUNNELS or path is None
    return Observation(
        channel=Channel.PROXY,
        value=host,
        kind=Sighting.HTTP_CONNECT if is_tunnel else Sighting.HTTP_URL,
        client=said(fields, "c-ip", "cs-ip", "x-client-device-name"),
        user=said(fields, "cs-username", "cs-user", "cs-userdn"),
        action=_action(fields),
        bytes_up=count(fields.get("cs-bytes")),
        bytes_down=count(fields.get("sc-bytes")),
        path=None if is_tunnel else path,
        method=None if is_tunnel else method,
    )


def _is_question(fields: _Fields) -> bool:
    return said(fields, "cs-host") is None and said(fields, "x-dns-cs-dns") is not None


def _question(fields: _Fields, hosts: HostTable) -> Observation | Skipped | None:
    host = hosts[said(fields, "x-dns-cs-dns") or ""]
    if not host:
        return Skipped("record without a host") if host == "" else None
    verdict = outcome(said(fields, "sc-filter-result"))
    answer = outcome(said(fields, "x-dns-rs-rcode"))
    return Observation(
        channel=Channel.DNS,
        value=host,
        kind=Sighting.DNS_QUERY,
        client=said(fields, "c-ip"),
        user=said(fields, "cs-username", "cs-user", "cs-userdn"),
        action=(verdict if verdict is Action.BLOCKED else answer or verdict) or Action.UNKNOWN,
        qtype=said(fields, "x-dns-cs-qtype"),
    )


def _action(fields: _Fields) -> Action:
    verdict = outcome(said(fields, "sc-filter-result"))
    if "DENIED" in (said(fields, "s-action") or "").upper():
        verdict = Action.BLOCKED
    status = answered(said(fields, "sc-status"))
    if status is Action.CHALLENGED or (status is Action.ERROR and verdict is not Action.BLOCKED):
        return status
    return verdict or status or Action.UNKNOWN


def _time(fields: _Fields, head: bytes, clock: Clock) -> Time:
    if (date := said(fields, "date")) and (time := said(fields, "time")):
        return clock.iso(f"{date}T{time}+00:00")
    if unix := said(fields, "x-timestamp-unix"):
        return clock.any(unix)
    stamp = _STAMP.search(head)
    return clock.iso(f"{stamp[1].decode()}+00:00") if stamp else time_of(head, clock)


FORMAT = Format(
    name="proxysg",
    title="Symantec (Blue Coat) Edge and Cloud SWG, key=value and JSON",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://techdocs.broadcom.com/us/en/symantec-security-software/web-and-network-security/edge-swg.html",
    sample=(
        b'2026-11-20T08:01:02PROXY01.CORP.EXAMPLE bluecoat - access_log - c-ip=10.0.0.7 rs-Content-Type="-"  '
        b'cs-auth-groups=- cs-bytes=18120 cs-categories="Generative AI" cs-host=api.openai.com cs-ip=203.0.113.1 '
        b"cs-method=POST cs-uri-port=443 cs-uri-scheme=https cs-username=ana s-action=TCP_NC_MISS "
        b'sc-bytes=5120 sc-filter-result=OBSERVED sc-status=200 c-url="https://api.openai.com/v1/responses" '
        b'cs-Referer="-" cs-uri-path=/v1/responses cs-uri-query="-"\n'
        b'2026-11-20T08:01:09PROXY01.CORP.EXAMPLE bluecoat - access_log - c-ip=10.0.0.8 rs-Content-Type="-"  '
        b'cs-auth-groups=- cs-bytes=310 cs-categories="Generative AI" cs-host=chat.deepseek.com '
        b"cs-ip=203.0.113.1 cs-method=CONNECT cs-uri-port=443 cs-uri-scheme=tcp cs-username=- "
        b"s-action=TCP_DENIED sc-bytes=0 sc-filter-result=DENIED sc-status=403 "
        b'c-url="tcp://chat.deepseek.com:443/" cs-Referer="-" cs-uri-path=/ cs-uri-query="-"\n'
    ),
)
