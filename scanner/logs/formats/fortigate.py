r"""FortiGate (FortiOS) key=value logs: web filter, DNS, application control, TLS, traffic.

    date=2026-11-20 time=08:01:02 devname="FGT1" logid="0317013312" type="utm" subtype="webfilter" eventtime=1795161662136000000 tz="+0100" user="ana" srcip=10.0.0.7 dstip=203.0.113.9 dstport=443 service="HTTPS" hostname="api.openai.com" action="passthrough" url="/v1/models" sentbyte=1832 rcvdbyte=5120

The pairs are parted by blanks or by commas; ``eventtime`` has seconds or nanoseconds by version, and
tells the time even where a relay has cut the date off. A DNS answer settles its query. Traffic
records count when their session ends. The CEF form is another format.
Reference: https://docs.fortinet.com/document/fortigate/7.4.0/fortios-log-message-reference/357866/log-message-fields
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable, host_of_url, is_absolute_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.answers import Answer, Outcome, Question, by_line
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.keyvalue import pairs, sole_value
from scanner.logs.lines import Refused, Skipped
from scanner.logs.pairing import WINDOW
from scanner.logs.values import count, outcome, text
from scanner.model import Action, Channel, Observation, Sighting

_LOG_ID = re.compile(rb"(?:^|[ ,\t>])log_?id=")
_CELLS = re.compile(rb'"[a-z_]+=[^"]*(?:""[^"]*"")?","?[a-z_]+=')
_DOUBLED = re.compile(rb'=""[^" ,].*[^" ,]""')
_CELL = re.compile(rb'"((?:[^"]++|"")*)"(?!")')
_SUBTYPE = re.compile(rb"[ ,\t]subtype=")
_TYPE = re.compile(rb"[ ,\t]type=")
_HEAD = 1200
_BRACKETS = "[]'\" "
_STATISTICS = "000020"  # the number of the record about a session that goes on
_ACTIONS = {
    "passthrough": Action.ALLOWED,
    "monitored": Action.ALLOWED,
    "exempt": Action.ALLOWED,
    "log-only": Action.ALLOWED,
    "analytics": Action.ALLOWED,  # a copy went to the sandbox
    "filtered": Action.BLOCKED,
    "redirect": Action.BLOCKED,
    "clear_session": Action.BLOCKED,
    "close": Action.ALLOWED,
    "client-rst": Action.ALLOWED,
    "server-rst": Action.ALLOWED,
    "timeout": Action.ALLOWED,  # of a session that was let through
    "ip-conn": Action.ERROR,
    "authentication": Action.CHALLENGED,
}
_OF_SERVERS = ("80", "443", "53")
_PRIVILEGED = 1023
_REFUSED_BY_A_PROFILE = ("block", "blocked", "reset", "dropped")


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Outcome:
    """Return what a record shows: a request, a question or its answer, an application."""
    line = _bare(line)
    is_forti = all(sign.search(line, 0, _HEAD) for sign in (_LOG_ID, _SUBTYPE, _TYPE))
    if not is_forti or b"CEF:" in line[:_HEAD]:
        return Refused("no logid, type and subtype of FortiOS")
    if _is_unwanted(line, hosts):
        return ()
    record = pairs(line)
    kind = record.get("type", "")
    section = record.get("subtype", "") if kind == "utm" else kind
    if kind == "event":
        return Skipped("event of the firewall itself")
    if section == "dns" or "qname" in record:
        return _dns(record, hosts, clock)
    if section == "traffic" and (why := _is_no_end(record)):
        return Skipped(why)
    return _web(record, section, hosts, clock)


def _bare(line: bytes) -> bytes:
    """Return the pairs of an exported line, where each is a cell in quotes with its own doubled."""
    if line[:1] != b'"' and _DOUBLED.search(
        line
    ):  # a line of a table, without the quotes around it
        return line.replace(b'""', b'"')
    if not _CELLS.match(line):
        return line
    return b" ".join(cell.replace(b'""', b'"') for cell in _CELL.findall(line))


def _is_unwanted(line: bytes, hosts: HostTable) -> bool:
    """Whether a glance shows that the record names a host, and one that nobody wants."""
    for key in (b"hostname", b"qname"):
        raw = sole_value(line, key)
        if not raw:
            continue
        if hosts[raw.strip(b"[]'")] is not None:
            return False
        url = sole_value(line, b"url")
        return url is not None and hosts.of_api(url, None, raw) is None
    return False


def _web(record: dict[str, str], section: str, hosts: HostTable, clock: Clock) -> Outcome:
    url = record.get("url", "").encode()
    named = record.get("hostname") or record.get("sni") or ""
    raw = named.encode() or (host_of_url(url) if is_absolute_url(url) else b"")
    host = hosts[raw]
    method = record.get("httpmethod", "").upper()
    if host is None:
        host = hosts.of_api(url, method or None, raw)
    if host:
        return (_request(record, section, host, url, method, clock),)
    if host is None:
        return ()
    return _application(record, hosts, clock)


def _request(
    record: dict[str, str], section: str, host: str, url: bytes, method: str, clock: Clock
) -> Observation:
    seen = _seen(record, host, clock)
    if section == "ssl":
        return seen._replace(channel=Channel.TLS, kind=Sighting.TLS_SNI)
    path = path_of_url(url)
    is_plain = record.get("service", "").upper() == "HTTP"
    # Without deep inspection only the name of the site is known, and "/" stands for it.
    if method == "CONNECT" or not (method or is_plain or path not in (None, "/")):
        return seen
    return seen._replace(kind=Sighting.HTTP_URL, path=path, method=method or None)


def _application(record: dict[str, str], hosts: HostTable, clock: Clock) -> Outcome:
    name = text(record.get("app"))
    if name is None:
        return Skipped("record without a host or an application")
    app = hosts.of_app(name)
    if app is None:
        return ()
    return (_seen(record, app, clock)._replace(channel=Channel.FLOW, kind=Sighting.APP),)


def _dns(record: dict[str, str], hosts: HostTable, clock: Clock) -> Outcome:
    host = hosts[record.get("qname", "").strip(_BRACKETS).encode()]
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    seen = _seen(record, host, clock)._replace(
        channel=Channel.DNS,
        kind=Sighting.DNS_QUERY,
        qtype=text(record.get("qtype")),
        bytes_up=None,
        bytes_down=None,
    )
    key = (seen.client, record.get("srcport"), record.get("xid"), host, seen.qtype)
    is_query = "dns-query" in (record.get("eventtype"), record.get("subtype"))
    return Question(key, seen) if is_query else Answer(key, seen)


def _seen(record: dict[str, str], value: str, clock: Clock) -> Observation:
    """Return what all records show, as a tunnel of which the host is known."""
    when, quality = _time(record, clock)
    return Observation(
        channel=Channel.PROXY,
        value=value,
        ts=when,
        kind=Sighting.HTTP_CONNECT,
        client=_client(record),
        user=text(record.get("user")) or text(record.get("unauthuser")),
        action=_action(record),
        bytes_up=count(record.get("sentbyte")),
        bytes_down=count(record.get("rcvdbyte")),
        time_quality=quality,
    )


def _client(record: dict[str, str]) -> str | None:
    """Return who asked: the other side where the record is about what a server sent."""
    port = record.get("dstport", "")
    is_answer = record.get("srcport") in _OF_SERVERS and port.isdigit() and int(port) > _PRIVILEGED
    return text(record.get("dstip" if is_answer else "srcip"))


def _action(record: dict[str, str]) -> Action:
    if record.get("utmaction", "").lower() in _REFUSED_BY_A_PROFILE:
        return Action.BLOCKED
    word = record.get("action", "").lower()
    if not word:  # FortiProxy says it of transactions there
        word = record.get("utmaction", "").lower()
    return _ACTIONS.get(word) or outcome(word) or Action.UNKNOWN


def _is_no_end(record: dict[str, str]) -> str | None:
    """Say what a traffic record is that does not end its session, which another record counts."""
    if record.get("action") == "start":
        return "start of a session"
    if record.get("logid", "").endswith(_STATISTICS):
        return "statistics of an open session"
    return None


def _time(record: dict[str, str], clock: Clock) -> Time:
    if event := record.get("eventtime"):
        time = clock.epoch(event)
        if time[0] is not None:
            return time
    if (day := record.get("date")) and (hour := record.get("time")):
        return clock.iso(f"{day}T{hour}{record.get('tz', '')}")
    return NO_TIME


FORMAT = Format(
    name="fortigate",
    title="Fortinet FortiGate logs (key=value)",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://docs.fortinet.com/document/fortigate/7.4.0/fortios-log-message-reference/357866/log-message-fields",
    sample=(
        b'<189>date=2026-11-20 time=08:01:02 devname="FGT1" devid="FGT60FTK20000001" logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice" vd="root" eventtime=1795161662136000000 tz="+0100" policyid=38 sessionid=543234 user="ana" group="staff" srcip=10.0.0.7 srcport=65236 srcintf="port1" srcintfrole="lan" dstip=203.0.113.9 dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 service="HTTPS" hostname="api.openai.com" profile="default" action="passthrough" reqtype="direct" url="/v1/chat/completions" sentbyte=23545 rcvdbyte=6812 direction="outgoing" msg="URL belongs to an allowed category in policy" method="domain" cat=52 catdesc="Information Technology"\n'
        b'<190>date=2026-11-20 time=08:01:09 devname="FGT1" devid="FGT60FTK20000001" logid="1500054000" type="utm" subtype="dns" eventtype="dns-query" level="information" vd="root" eventtime=1795161669658642672 tz="+0100" policyid=26 sessionid=543235 srcip=10.0.0.8 srcport=54788 srcintf="port1" srcintfrole="lan" dstip=10.0.0.1 dstport=53 dstintf="wan1" dstintfrole="wan" proto=17 profile="default" xid=235 qname="claude.ai" qtype="A" qtypeval=1 qclass="IN"\n'
        b'<188>date=2026-11-20 time=08:01:12 devname="FGT1" devid="FGT60FTK20000001" logid="0316013056" type="utm" subtype="webfilter" eventtype="ftgd_blk" level="warning" vd="root" eventtime=1795161672 tz="+0100" policyid=38 sessionid=543236 user="bob" srcip=10.0.0.8 srcport=61930 dstip=203.0.113.10 dstport=443 proto=6 service="HTTPS" hostname="chat.deepseek.com" profile="default" action="blocked" url="https://chat.deepseek.com/" sentbyte=1152 rcvdbyte=1130 direction="outgoing" msg="URL belongs to a denied category in policy"\n'
    ),
    window=WINDOW,
)
