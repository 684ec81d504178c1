r"""Log Event Extended Format (LEEF), as products send it to QRadar: 1.0, and 2.0 with any separator.

    LEEF:1.0|Forcepoint|Security|8.5.0|transaction:permitted|sev=1<tab>usrName=ana<tab>src=10.0.0.7<tab>srcBytes=521<tab>dstBytes=88<tab>url=https://claude.ai/chat

Attributes stand between tabs; 2.0 may name another separator in its header, as itself (``^``) or
in hexadecimal (``0x5e``, ``x09``). Seen in real logs: Forcepoint, WatchGuard; the others (from
documentation): Check Point, Zscaler.
Reference: https://www.ibm.com/docs/en/dsm?topic=leef-overview
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format, stamps
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.keyvalue import pairs
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import count, outcome, text, without_directory
from scanner.model import Action, Channel, Observation, Sighting

_ANCHOR_WITHIN = 300
_VERSION = re.compile(rb" ?([12])\.0")
_BARRED = re.compile(rb"[A-Za-z]\w*=[^|=]*\|[A-Za-z]\w*=")
_HEXADECIMAL = re.compile(rb"(?:0?x|\\x)([0-9A-Fa-f]{1,4})")

_URL_KEYS = ("url", "URL", "requestURL", "request", "resource")
_URL_OF_PALO_ALTO = "Miscellaneous"
_SEALED = ("", "/")
_HOST_KEYS = (
    "sni",
    "dstHost",
    "dstHostName",
    "dhost",
    "dstname",
    "domain",
    "dst_domain",
    "hostname",
)
_OF_COMPUTERS = ("hostname", "domain")
_OF_A_CONNECTION = frozenset({"dst", "dstPort", "dstIP", "proto", "op", "method"})
_QUESTION_KEYS = ("query", "dnsQuery", "question", "qname")
_CLIENT_KEYS = ("src", "srcHostName", "identSrc")
_USER_KEYS = ("usrName", "src_user", "user", "loginID", "identUsrName")
_ACTION_KEYS = ("action", "act", "disp", "disposition")
_METHOD_KEYS = ("method", "op", "requestMethod")
_STATUS_KEYS = ("proxyStatus-code", "responsecode", "httpStatus", "status")
_SENT_KEYS = ("srcBytes", "sent_bytes", "bytesOut")
_RECEIVED_KEYS = ("dstBytes", "rcvd_bytes", "bytesIn")
_TIME_KEYS = ("devTime", "time", "rt")
_APP_KEYS = ("appi_name", "app_name", "appname", "Application")
_TRANSACTION = "transaction:"

Fields = Mapping[str, str]


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what an event shows about a wanted host."""
    begin = line.find(b"LEEF:", 0, _ANCHOR_WITHIN)
    parts = line[begin + 5 if begin >= 0 else 0 :].split(b"|", 5)
    version = _VERSION.fullmatch(parts[0]) if len(parts) == 6 else None
    if version is None or (begin < 0 and b"=" not in parts[5]):  # relays cut LEEF: off
        return Refused("no LEEF header of five fields")
    fields = _fields(parts[5], version[1] == b"2")
    host, is_question = _host(fields, hosts)
    if host is None:
        return ()
    event = parts[4].decode("utf-8", "backslashreplace")
    if not host:
        return _application(fields, event, hosts, clock, line[: max(begin, 0)])
    return (_observe(fields, event, host, is_question, clock, line[: max(begin, 0)]),)


def _fields(tail: bytes, may_name_separator: bool) -> Fields:
    separator = b"\t"
    if may_name_separator:
        separator, tail = _separator(tail)
    if separator == b"\t" and b"\t" not in tail:
        tail = tail.replace(b"#011", b"\t")  # as rsyslog writes it
    if separator == b"\t" not in tail and _BARRED.match(tail):  # as PAN-OS does
        separator = b"|"
    attributes = tail.split(separator)
    if len(attributes) == 1 and tail.count(b"=") > 1:  # a relay made blanks of tabs
        return pairs(tail)
    fields: dict[str, str] = {}
    for attribute in attributes:
        key, sign, value = attribute.partition(b"=")
        if sign:
            fields.setdefault(_text(key).strip(), _text(value).strip())
    return fields


def _separator(tail: bytes) -> tuple[bytes, bytes]:
    """Return the separator that a 2.0 header names, and the attributes after it."""
    if tail.startswith(b"||"):
        return b"|", tail[2:]
    named, bar, rest = tail.partition(b"|")
    if not bar or b"=" in named:  # the header names none
        return b"\t", tail
    if found := _HEXADECIMAL.fullmatch(named):
        return chr(int(found[1], 16)).encode("utf-8", "replace"), rest
    return (named if len(_text(named)) == 1 else b"\t"), rest


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _host(fields: Fields, hosts: HostTable) -> tuple[str | None, bool]:
    """Return what the table says of the host, and whether a DNS question names it."""
    url, method = _url(fields), _said(fields, _METHOD_KEYS)
    if url and not url.startswith(b"/"):
        host = hosts[_site(url)]
        return (host if host is not None else hosts.of_api(url, method)), False
    for is_question, keys in ((True, _QUESTION_KEYS), (False, _HOST_KEYS)):
        for key in keys:
            if key not in fields or (key in _OF_COMPUTERS and not _is_connection(fields)):
                continue
            raw = _site(_word(fields[key]))
            host = hosts[raw]
            if host is None:
                host = hosts.of_api(url or _argument(fields), method, raw)
            if host != "":
                return host, is_question
    return "", False


def _is_connection(fields: Fields) -> bool:
    """Whether an event is about two hosts: one about a computer names that computer."""
    return not _OF_A_CONNECTION.isdisjoint(fields)


def _url(fields: Fields) -> bytes:
    if _is_of_palo_alto(fields):
        return _word(fields[_URL_OF_PALO_ALTO].strip('"'))
    return _word(_said(fields, _URL_KEYS) or "")


def _is_of_palo_alto(fields: Fields) -> bool:
    """Whether it is about a URL that PAN-OS saw, which stands where other things may."""
    return fields.get("Subtype", "").lower() == "url" and _URL_OF_PALO_ALTO in fields


def _word(value: str) -> bytes:
    """Return the first word: names and URLs hold no blanks, but damaged values do."""
    return next(iter(value.split(None, 1)), "").encode("utf-8", "backslashreplace")


def _site(name: bytes) -> bytes:
    """Return the host of a name or URL; a backslash begins an escape, which no host holds."""
    return host_of_url(name).partition(b"\\")[0]


def _argument(fields: Fields) -> bytes:
    """Return the path that WatchGuard writes beside the host."""
    path = fields.get("arg", "")
    return path.encode("utf-8", "backslashreplace") if path.startswith("/") else b""


def _said(fields: Fields, keys: tuple[str, ...]) -> str | None:
    """Return the first of these that is set."""
    return next((said for key in keys if key in fields and (said := text(fields[key]))), None)


def _application(fields: Fields, event: str, hosts: HostTable, clock: Clock, head: bytes) -> Parsed:
    """Return a session with an application that the firewall knows, but no host."""
    name = _said(fields, _APP_KEYS)
    if name is None:
        return Skipped("event without a host")
    app = hosts.of_app(name)
    if app is None:
        return ()
    seen = _observe(fields, event, app, False, clock, head)
    return (seen._replace(kind=Sighting.APP, channel=Channel.FLOW, path=None, method=None),)


def _observe(
    fields: Fields, event: str, host: str, is_question: bool, clock: Clock, head: bytes
) -> Observation:
    method = (_said(fields, _METHOD_KEYS) or "").upper() or None
    path = path_of_url(_url(fields) or _argument(fields))
    kind, channel = _kind(fields, path, method, is_question)
    is_page = kind is Sighting.HTTP_URL
    when, quality = _time(fields, clock, head)
    return Observation(
        channel=channel,
        value=host,
        ts=when,
        kind=kind,
        client=_said(fields, _CLIENT_KEYS),
        user=without_directory(_said(fields, _USER_KEYS)),
        action=_action(fields, event),
        bytes_up=None if is_question else count(_said(fields, _SENT_KEYS)),
        bytes_down=None if is_question else count(_said(fields, _RECEIVED_KEYS)),
        path=path if is_page else None,
        qtype=_said(fields, ("query_type", "qtype")) if is_question else None,
        time_quality=quality,
        method=method if is_page else None,
    )


def _kind(
    fields: Fields, path: str | None, method: str | None, is_question: bool
) -> tuple[Sighting, Channel]:
    if is_question:
        return Sighting.DNS_QUERY, Channel.DNS
    url = _url(fields)
    is_sealed = not method and (path or "") in _SEALED and fields.get("dstPort") != "80"
    if is_sealed and _is_of_palo_alto(fields):
        return Sighting.HTTP_CONNECT, Channel.PROXY
    if method != "CONNECT" and path and not url.startswith((b"ssl://", b"tunnel://", b"tcp://")):
        return Sighting.HTTP_URL, Channel.PROXY
    if not url and _said(fields, ("sni",)):
        return Sighting.TLS_SNI, Channel.TLS
    if url or method:
        return Sighting.HTTP_CONNECT, Channel.PROXY
    return Sighting.NAME, Channel.LOG


def _time(fields: Fields, clock: Clock, head: bytes) -> Time:
    written = _said(fields, _TIME_KEYS)
    for time in (stamps.read(written, clock, fields.get("devTimeFormat")), time_of(head, clock)):
        if time[0] is not None:
            return time
    return NO_TIME


def _action(fields: Fields, event: str) -> Action:
    words = [_said(fields, (key,)) for key in _ACTION_KEYS]
    if event.startswith(_TRANSACTION):  # Forcepoint
        words.insert(0, event.removeprefix(_TRANSACTION))
    words += [_said(fields, ("cat",)), event]  # Zscaler says Allowed or Blocked there
    said = next((action for word in words if (action := outcome(word))), None)
    status = _said(fields, _STATUS_KEYS)
    if said is not Action.BLOCKED and status == "407":
        return Action.CHALLENGED
    if said is not Action.BLOCKED and status in ("502", "503", "504"):
        return Action.ERROR
    return said or (Action.ALLOWED if status and status.isdigit() else Action.UNKNOWN)


FORMAT = Format(
    name="leef",
    title="Log Event Extended Format (LEEF)",
    read=by_line(parse),
    specificity=85,
    proves=OF_A_PROXY,
    reference="https://www.ibm.com/docs/en/dsm?topic=leef-overview",
    sample=(
        b"LEEF:1.0|Forcepoint|Security|8.5.0|transaction:permitted|sev=1\tcat=1512\tusrName=ana\t"
        b"src=10.0.0.7\tsrcPort=51234\tsrcBytes=18120\tdstBytes=5120\tdst=203.0.113.7\tdstPort=443\t"
        b"proxyStatus-code=200\tmethod=POST\turl=https://api.openai.com/v1/responses\n"
        b"<142>Nov 21 01:58:16 edge LEEF:1.0|WatchGuard|XTM|12.10.3|2CFF0000|policy=HTTPS-proxy\t"
        b"disp=Deny\tsrc=10.0.0.8\tdst=203.0.113.9\tproto=tcp\tsni=chat.deepseek.com\tsent_bytes=310\n"
        b"LEEF:2.0|Example|Proxy|3.1|web|^|devTime=2026-11-21T01:58:17Z^src=10.0.0.9^usrName=tom^"
        b"action=allowed^url=https://www.example.org/\n"
    ),
)
