r"""Forcepoint (once Websense) web security: pairs, and the cloud's CSV; CEF and LEEF are read as such.

    vendor=Websense product=Security product_version=8.5.5 action=permitted severity=1 category=153 user=- src_host=10.0.0.7 dst_host=claude.ai bytes_out=197 bytes_in=76 http_response=200 http_method=CONNECT url=https://claude.ai

    "20/11/2026","08:01:02","ana","Not available","Generative AI","Allowed","None","Default","claude.ai/chat","198.51.100.7","203.0.113.9","10.0.0.7","None","None","Mozilla/5.0","200","Get"

A user may be a distinguished name, whose own ``OU=`` are no pairs. The time of pairs is that of the
syslog line. The CSV has no header, its columns those that the cloud exports by default; its date
begins with the day.
Reference: https://www.websense.com/content/support/library/web/v85/siem/siem.pdf
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import replace

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import Clock
from scanner.logs.keyvalue import pairs
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import count, outcome, text, without_directory
from scanner.logs.web import answered
from scanner.model import Action, Channel, Observation, Sighting

_LONGEST_HEAD = 300
_ANCHORS = (b"vendor=Websense ", b"vendor=Forcepoint ")
_EXPORTED = re.compile(rb'"\d{1,2}/\d{1,2}/\d{4}","\d\d?:\d\d:\d\d","')
_COLUMNS = (
    "date", "time", "user", "workstation", "category", "action", "risk class", "policy", "url",
    "connection", "destination", "source", "threat type", "threat", "agent", "status", "method",
)  # fmt: skip


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a line shows."""
    if _EXPORTED.match(line):
        return _exported(line, hosts, clock)
    begins = (line.find(anchor, 0, _LONGEST_HEAD) for anchor in _ANCHORS)
    begin = next((begin for begin in begins if begin >= 0), None)
    if begin is None:
        return Refused("no vendor=Websense")
    fields = pairs(line[begin:])
    if "dst_host" not in fields and "url" not in fields:
        return Skipped("record without a host")
    url = (text(fields.get("url")) or "").encode("utf-8", "surrogatepass")
    method = text(fields.get("http_method"))
    host = hosts[host_of_url(url)]
    if host == "":
        host = hosts[text(fields.get("dst_host")) or ""]
    if host is None:
        host = hosts.of_api(url, method)
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    path = None if method == "CONNECT" else path_of_url(url)
    when, quality = time_of(line[:begin], clock)
    seen = Observation(
        channel=Channel.PROXY,
        value=host,
        ts=when,
        kind=Sighting.HTTP_CONNECT if path is None else Sighting.HTTP_URL,
        client=text(fields.get("src_host")),
        user=_user(line),
        action=_action(fields),
        bytes_up=count(fields.get("bytes_out")),
        bytes_down=count(fields.get("bytes_in")),
        path=path,
        time_quality=quality,
        method=None if path is None else method,
    )
    return (seen,)


def _exported(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a row of the cloud's CSV shows."""
    try:
        cells = next(csv.reader([line.decode("utf-8", "backslashreplace")]), [])
    except csv.Error:
        cells = []
    if len(cells) != len(_COLUMNS):
        return Refused(f"not the {len(_COLUMNS)} columns of an export")
    row = dict(zip(_COLUMNS, cells, strict=True))
    url = row["url"].encode("utf-8", "surrogatepass")
    method = (text(row["method"]) or "").upper() or None
    host = hosts[host_of_url(url)]
    if host is None:
        host = hosts.of_api(url, method)
    if not host:
        return () if host is None else Skipped("record without a host")
    path = None if method == "CONNECT" else path_of_url(url)
    when, quality = replace(clock, day_is_first=True).any(f"{row['date']} {row['time']}")
    status, said = answered(text(row["status"])), outcome(row["action"])
    is_settled = status in (Action.CHALLENGED, Action.ERROR) and said is not Action.BLOCKED
    seen = Observation(
        channel=Channel.PROXY,
        value=host,
        ts=when,
        kind=Sighting.HTTP_CONNECT if path is None else Sighting.HTTP_URL,
        client=text(row["source"]) or text(row["connection"]),
        user=text(row["user"]),
        action=(status if is_settled else said or status) or Action.UNKNOWN,
        path=path,
        time_quality=quality,
        method=None if path is None else method,
    )
    return (seen,)


def _user(line: bytes) -> str | None:
    """Return the person at the end of ``LDAP://10.0.0.1 OU=Users,DC=corp/Ana Lee``."""
    written = line.partition(b" user=")[2].partition(b" src_host=")[0].strip(b'" ')
    return text(without_directory(written.decode("utf-8", "backslashreplace")))


def _action(fields: Mapping[str, str]) -> Action:
    said = outcome(fields.get("action"))
    status = answered(text(fields.get("http_proxy_status_code")))
    status = status or answered(text(fields.get("http_response")))
    if status is Action.CHALLENGED or (status is Action.ERROR and said is not Action.BLOCKED):
        return status
    return said or status or Action.UNKNOWN


FORMAT = Format(
    name="forcepoint",
    title="Forcepoint (Websense) web security, key=value",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://www.websense.com/content/support/library/web/v85/siem/siem.pdf",
    sample=(
        b"<159>Nov 20 08:01:02 UTC 10.0.0.1 vendor=Websense product=Security product_version=8.5.5 "
        b"action=permitted severity=1 category=153 user=LDAP://10.0.0.2 OU=Users,DC=corp,DC=example/Ana Lee "
        b"src_host=10.0.0.7 src_port=62189 dst_host=api.openai.com dst_ip=203.0.113.7 dst_port=443 "
        b"bytes_out=18120 bytes_in=5120 http_response=200 http_method=POST http_content_type=application/json "
        b"http_user_agent=python-httpx/0.27 http_proxy_status_code=200 reason=- disposition=1026 "
        b"policy=role-8**Default role=8 duration=0 url=https://api.openai.com/v1/responses\n"
        b"<159>Nov 20 08:01:09 UTC 10.0.0.1 vendor=Websense product=Security product_version=8.5.5 "
        b"action=blocked severity=7 category=153 user=- src_host=10.0.0.8 src_port=62190 "
        b"dst_host=chat.deepseek.com dst_ip=203.0.113.8 dst_port=443 bytes_out=197 bytes_in=76 "
        b"http_response=403 http_method=CONNECT http_content_type=- http_user_agent=- "
        b"http_proxy_status_code=403 reason=- disposition=1025 policy=- role=8 duration=0 "
        b"url=https://chat.deepseek.com\n"
    ),
)
