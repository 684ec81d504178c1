r"""Sophos Web Appliance: its ``sophos_log``, in a file or through syslog.

    h=10.0.0.7 u="CORP\\ana" s=200 X=- t=1795161662 T=284453 Ts=0 act=1 cat="0x22" ... in=812 out=5120 meth=GET ref="-" ua="Mozilla/5.0" req="GET https://claude.ai/chat HTTP/1.1" dom="claude.ai"

``act`` is below zero where the appliance showed a page of its own: it blocked the request, or it
warned. ``in`` is the size of the request, ``out`` that of the answer (from documentation).
Reference: https://docs.sophos.com/nsg/swa/help/en-us/nsg/swa/concepts/InterpretingLogFiles.html
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import Clock
from scanner.logs.keyvalue import pairs
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import NO_HOST, NO_REQUEST, Request, person
from scanner.logs.values import count, text, without_port
from scanner.logs.web import answered
from scanner.model import Action

_BEGUN = re.compile(rb"(?:^|[ >])h=\S* u=.{0,300}? s=\d{1,3} X=")
_HEAD = 700
_WARNED = ("-2", "-4", "-7")


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    if not _BEGUN.search(line, 0, _HEAD) or b" act=" not in line or b" req=" not in line:
        return Refused("no h, u, s, X, act and req of a Sophos Web Appliance")
    fields = pairs(line)
    request = Request.of(fields.get("req", "").encode("utf-8", "surrogatepass"))
    if request is None or not request.is_for_a_proxy:
        return Skipped(NO_REQUEST)
    host = request.host(hosts)
    if not host:
        return () if host is None else Skipped(NO_HOST)
    when, quality = clock.epoch(fields.get("t", ""))
    seen = request.observation(host)._replace(
        ts=when,
        time_quality=quality,
        client=without_port(text(fields.get("h"))),
        user=person((fields.get("u") or "").encode("utf-8", "surrogatepass")),
        action=_action(fields.get("act", ""), fields.get("s", "")),
        bytes_up=count(fields.get("in")),
        bytes_down=count(fields.get("out")),
    )
    return (seen,)


def _action(act: str, status: str) -> Action:
    answer = answered(status)
    if answer is Action.CHALLENGED or act in _WARNED:
        return Action.CHALLENGED
    if act.startswith("-"):
        return Action.BLOCKED
    return answer or Action.ALLOWED


FORMAT = Format(
    name="sophos-web",
    title="Sophos Web Appliance (sophos_log)",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://docs.sophos.com/nsg/swa/help/en-us/nsg/swa/concepts/InterpretingLogFiles.html",
    sample=(
        b'h=10.0.0.7 u="CORP\\\\ana" s=200 X=- t=1795161662 T=284453 Ts=0 act=1 cat="0x2300000029" app="-" rsn=- '
        b'threat="-" type="text/html" ctype="text/html" sav-ev=5.1 sav-dv=2026.11 uri-dv=- cache=- in=18120 '
        b'out=5120 meth=POST ref="-" ua="python-httpx/0.27" req="POST https://api.openai.com/v1/responses HTTP/1.1" '
        b'dom="openai.com" filetype="-" rule="0" filesize=5120 target_ip="203.0.113.7" sandbox=-\n'
        b'h=10.0.0.8 u="-" s=403 X=- t=1795161669 T=1234 Ts=0 act=-1 cat="0x2300000029" app="-" rsn=2 '
        b'threat="-" type="-" ctype="-" sav-ev=5.1 sav-dv=2026.11 uri-dv=- cache=- in=310 out=0 meth=CONNECT '
        b'ref="-" ua="-" req="CONNECT chat.deepseek.com:443 HTTP/1.1" dom="deepseek.com" filetype="-" rule="1"\n'
    ),
)
