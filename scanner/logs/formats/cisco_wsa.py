r"""Cisco Secure Web Appliance (WSA, IronPort) access log: Squid's columns, an ACL tag, verdicts.

    1795226310.352 7 10.0.0.7 TCP_MISS/200 3004 CONNECT tunnel://api.openai.com:443/ "CORP\ana@realm" DIRECT/api.openai.com - PASSTHRU_WBRS_7-DefaultGroup-Staff-NONE-NONE-NONE-DefaultGroup-NONE <"IW_ai",7.1,1,"-",-> -

Decrypted visits are a CONNECT (a ``DECRYPT_`` tag) and then their requests. Where traffic is
redirected to the appliance, a TCP_CONNECT names an address, and the server column the site.
Reference: https://www.cisco.com/c/en/us/support/docs/security/secure-web-appliance/225832-understand-secure-web-appliance.html
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import (
    NO_HOST,
    Request,
    is_name,
    person,
    squid_outcome,
    words,
)
from scanner.logs.values import count
from scanner.model import Action

# A relay may have put its own head before the record.
_WITHIN = 300
_HEAD = re.compile(
    rb"(?<![^\s:])(\d{9,11}\.\d{3})\s+\d+(?:\.\d+)?\s+(?:(?:\"[^\"]*\"|-|[a-z]+:\S*)\s+)?(\S{1,64})\s+([A-Z][A-Z_]{2,40})/(\d{1,3})\s+(\d+|-)\s+"
    rb"(?=[A-Z_-]{1,20}\s)"
)
# user, hierarchy, server, type, codes that some add, ACL tag with its policies, verdicts
_TAIL = re.compile(
    rb'("[^"]{0,256}"|.{1,256}?) ([A-Z_]{3,40})/(\S{1,300}) \S{1,200} '
    rb"(?:[A-Z]{2,8}:\S{1,40} ){0,8}([A-Z][A-Z0-9_]{2,60})-\S{3,1000} (?:<|&lt;)"
)
# Its W3C log by syslog, without a header: user, machine, server, type, ACL tag with its policies
_W3C_TAIL = re.compile(
    rb'("[^"]{0,256}"|\S{1,256}) \S{1,300} ()(\S{1,300}) \S{1,200} ([A-Z][A-Z0-9_]{2,60})-\S{3,1000} '
)
_NOTICE = re.compile(rb"(?:.{0,80} )?Info: (?:Begin Logfile|End Logfile|Version: |Time offset )")
_CHALLENGES = (b"401", b"407")


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    head = _HEAD.search(line, 0, _WITHIN)
    if head is None:
        return _without_record(line)
    method, url, rest = (*line[head.end() :].split(b" ", 2), b"", b"")[:3]
    tail = _TAIL.match(rest) or _W3C_TAIL.match(rest)
    if tail is None:
        return Refused("no user, server, type and ACL tag after the URL")
    request = Request(method.removeprefix(b"TCP_"), url)
    if request.is_tunnel and tail[2] == b"DIRECT" and not is_name(request.site):
        request = request._replace(url=tail[3] if is_name(tail[3]) else url)
    host = request.host(hosts)
    if not host:
        return () if host is None else Skipped(NO_HOST)
    ended, client, result, status, size = head.groups()
    when, quality = clock.epoch(ended)
    action = squid_outcome(result, status, size, request.is_tunnel)
    seen = request.observation(host)._replace(
        ts=when,
        time_quality=quality,
        client=words(client),
        user=person(tail[1]),
        action=_of_policy(tail[4], result, status, action),
        bytes_down=count(size),
    )
    return (seen,)


def _without_record(line: bytes) -> Parsed:
    if line.startswith(b"#"):
        return Skipped("comment")
    if _NOTICE.match(line):
        return Skipped("notice")
    return Refused("not epoch, elapsed, client, code/status, size")


def _of_policy(tag: bytes, result: bytes, status: bytes, action: Action) -> Action:
    if b"DENIED" in result and status in _CHALLENGES:
        return Action.CHALLENGED
    if tag.startswith((b"BLOCK_", b"DROP_")):
        return Action.BLOCKED
    return Action.ERROR if result == b"NONE" and status.startswith(b"5") else action


FORMAT = Format(
    name="cisco-wsa",
    title="Cisco Secure Web Appliance (WSA) access log",
    read=by_line(parse),
    specificity=85,
    proves=OF_A_PROXY - {Proof.BYTES_UP},
    reference="https://www.cisco.com/c/en/us/support/docs/security/secure-web-appliance/225832-understand-secure-web-appliance.html",
    sample=(
        b"1795226310.352 35 10.0.0.7 TCP_MISS/200 3004 CONNECT tunnel://api.openai.com:443/ "
        b'"CORP\\ana@corp" DIRECT/api.openai.com - '
        b"PASSTHRU_WBRS_7-DefaultGroup-Staff-NONE-NONE-NONE-DefaultGroup-NONE "
        b'<"IW_comp",7.1,1,"-",-,-,-,-,"-",-,-,-,"-",-,-,"-","-",-,-,"IW_comp",-,"-"> - -\n'
        b"Info: 1795226311.120 7 10.0.0.8 TCP_DENIED/403 0 GET http://chat.deepseek.com/chat - "
        b"NONE/- - BLOCK_WEBCAT_12-DefaultGroup-Staff-NONE-NONE-NONE-DefaultGroup-NONE "
        b'<IW_comp,6.8,1,"-",-,-,-,-,"-",-,-,-,"-",-,-,"-","-",-,-,IW_comp,-,"-"> -\n'
    ),
)
