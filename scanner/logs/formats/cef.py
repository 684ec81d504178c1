r"""Common Event Format (CEF), as many firewalls, proxies and DNS servers send it to a SIEM.

    CEF:0|Forcepoint|Security|8.5.4|9|Transaction blocked|7|act=blocked app=https src=10.0.0.7 suser=ana dhost=claude.ai rt=1795226296000 request=https://claude.ai/chat

Seven header fields between bars (``\|`` is a bar in one), then ``key=value`` with blanks in the
values (``\=`` is a sign in one); of a key that comes twice the first counts. Some relays cut
``CEF:`` off. Seen in real logs: Forcepoint, FortiGate, Infoblox, PAN-OS and Zscaler; the others
(from documentation) by the common keys.
Reference: https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors/pdfdoc/common-event-format-v25/common-event-format-v25.pdf
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format, Proof, stamps
from scanner.logs.answers import Answer, Outcome, Question, by_line
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Refused, Skipped
from scanner.logs.pairing import WINDOW
from scanner.logs.requests import NOT_A_PROXYS
from scanner.logs.syslog import time_of
from scanner.logs.values import count, outcome, program, text, without_directory
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality

_ANCHOR_WITHIN = 300
_FIELD = rb"((?:[^|\\]++|\\.)*)"
# A bar too many stands before the vendor in some of Check Point's.
_HEADER = re.compile(
    rb" ?[01]\|(?:\|(?=Check Point\|))?" + rb"\|".join([_FIELD] * 6) + rb"(?:\||$)", re.DOTALL
)
_SEVERITY = re.compile(rb"\d{1,2}|Unknown|Low|Medium|High|Very-High|Very High", re.I)
_KEY = re.compile(rb"\s([A-Za-z][\w.\-]{0,80})=")
_ESCAPED = re.compile(r"\\([\\=|])")
_BACKSLASHES = re.compile(r"\\{2,}")
_REWRITE = re.compile(rb"rpz \S+ \S+ rewrite (\S+) \[")
_PALO_ALTO, _FORTINET, _INFOBLOX = b"Palo Alto Networks", b"Fortinet", b"Infoblox"
_CHECK_POINT = b"Check Point"
# Firewalls before web servers of one's own: vendor, and product or kind of event.
_OF_SERVERS_FRONT = frozenset(
    {
        (b"Citrix", b"APPFW"),
        (b"F5", b"ASM"),
        (b"Incapsula", b"SIEMintegration"),
        (b"Imperva Inc.", b"SecureSphere"),
        (b"Akamai", b"akamai_siem"),
        (b"Barracuda", b"WAF"),
    }
)
_HOST_KEYS = (b"dhost", b"FTNTFGThostname", b"destinationHostName")
_QUESTION_KEYS = (b"FTNTFGTqname", b"destinationDnsDomain")
_HOST_LABELS = frozenset({"domain", "fqdn", "hostname", "url", "sni", "server name"})
_BLOCK_LABELS = frozenset({"block reason"})
_QUESTION_LABELS = frozenset({"query", "dns query", "dnsquery", "qname", "query name"})
# What shows that two hosts spoke, where dhost may also be the computer that an event is about.
_OF_A_CONNECTION = frozenset(
    {b"dpt", b"spt", b"proto", b"app", b"in", b"out", b"requestMethod", b"request"}
)
_OF_A_FILE = frozenset({b"fname", b"filePath", b"fileHash"})
_OF_SERVERS = ("80", "443", "53")
_PRIVILEGED = 1023
_CLIENT_KEYS = (b"src", b"c6a2", b"shost", b"sourceHostName")
_USER_KEYS = (b"suser", b"sourceUserName", b"susr", b"userid")
_TIME_KEYS = (b"rt", b"start", b"end", b"FTNTFGTeventtime", b"deviceReceiptTime", b"event_time")
_QTYPE_KEYS = (b"FTNTFGTqtype", b"qtype", b"InfobloxDNSQType")
_RCODE_KEYS = (b"FTNTFGTrcode", b"InfobloxDNSRCode")
_WEB = frozenset({"http", "https", "ssl", "tls", "quic", "http_proxy"})
# Words for "let through" beyond those that all products share.
_LET_THROUGH = frozenset(
    {"alert", "continue", "monitored", "detected", "exempt", "log", "override"}
)

Fields = Mapping[bytes, bytes]


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Outcome:
    """Return what an event shows about a wanted host."""
    begin = _begin(line)
    header = _HEADER.match(line, begin) if begin >= 0 else None
    if header is None:
        return Refused("no CEF header of seven fields")
    is_named = line[max(begin - 4, 0) : begin] == b"CEF:"
    if not is_named and not (header[1] and header[2] and _SEVERITY.fullmatch(header[6])):
        return Refused("no CEF: before the version, and no vendor or severity")
    if (header[1], header[2]) in _OF_SERVERS_FRONT or (header[1], header[4]) in _OF_SERVERS_FRONT:
        return Skipped(NOT_A_PROXYS)
    fields = _fields(line[header.end() :])
    host, is_question = _host(fields, header, hosts)
    if host is None:
        return ()
    if not host:
        return _application(fields, header, hosts, clock, line[:begin])
    seen = _observe(fields, header, host, is_question, clock, line[:begin])
    if not is_question:
        return (seen,)
    key = (host, seen.client, fields.get(b"spt"), fields.get(b"FTNTFGTxid"))
    said = header[5].lower()
    if b"dns-response" in said or b"dns response" in said:
        return Answer(key, seen)
    return Question(key, seen) if b"query" in said else (seen,)


def _begin(line: bytes) -> int:
    """Return where the version of the header stands; -1 if nowhere near the beginning."""
    begin = line.find(b"CEF:", 0, _ANCHOR_WITHIN)
    if begin >= 0:
        return begin + 4
    bar = line.find(b"|", 0, _ANCHOR_WITHIN)
    is_version = line[bar - 1 : bar] in (b"0", b"1") and line[max(bar - 2, 0) : bar - 1] in (
        b"",
        b" ",
        b":",
    )
    return bar - 1 if bar > 0 and is_version else -1


def _fields(extension: bytes) -> dict[bytes, bytes]:
    parts = _KEY.split(b" " + extension)
    return dict(zip(reversed(parts[1::2]), reversed(parts[2::2]), strict=True))


def _host(fields: Fields, header: re.Match[bytes], hosts: HostTable) -> tuple[str | None, bool]:
    """Return what the table says of the host, and whether a DNS question names it."""
    url = _url(fields)
    if url and not url.startswith(b"/"):
        return _wanted(url, _site(url), fields, hosts), False
    names = [_word(fields[key]) for key in _HOST_KEYS if key in fields and _is_site(fields, key)]
    if url and names:
        return _wanted(url, _site(names[0]), fields, hosts), False
    asked = [_word(fields[key]) for key in _QUESTION_KEYS if key in fields]
    if header[1] == _INFOBLOX and (rewrite := _REWRITE.search(fields.get(b"msg", b""))):
        asked.insert(0, rewrite[1])
    asked += _labelled(fields, _QUESTION_LABELS)
    for is_question, found in ((True, asked), (False, names + _labelled(fields, _HOST_LABELS))):
        for raw in found:
            host = hosts[_site(raw)]
            if host != "":
                return host, is_question
    return "", False


def _is_site(fields: Fields, key: bytes) -> bool:
    """Whether a field names the other side of a connection: no computer and no mail address."""
    name = fields[key]
    if b"@" in name:
        return False
    if not _OF_A_CONNECTION.isdisjoint(fields):
        return True
    is_alone = name == fields.get(b"shost") or not _OF_A_FILE.isdisjoint(fields)
    return b"." in name and b"src" in fields and not is_alone


def _wanted(url: bytes, raw: bytes, fields: Fields, hosts: HostTable) -> str | None:
    host = hosts[raw]
    if host is not None:
        return host
    return hosts.of_api(url, fields.get(b"requestMethod", b"").strip() or None, raw)


def _word(value: bytes) -> bytes:
    """Return the first word: names and URLs hold no blanks, but damaged values do."""
    return next(iter(value.split(None, 1)), b"")


def _site(name: bytes) -> bytes:
    """Return the host of a name or URL; a backslash begins an escape, which no host holds."""
    return host_of_url(name).partition(b"\\")[0]


def _url(fields: Fields) -> bytes:
    url = _word(fields.get(b"request") or fields.get(b"url", b"")).strip(b'"')
    return b"" if url == b"-" else url


def _labelled(fields: Fields, labels: frozenset[str], mark: bytes = b".") -> list[bytes]:
    """Return the custom fields that bear one of these labels: cs1Label=Query cs1=claude.ai."""
    return [
        _word(fields[key[:-5]])
        for key, label in fields.items()
        if key.endswith(b"Label")
        and label.strip().decode("ascii", "replace").lower() in labels
        and mark in fields.get(key[:-5], b"")
        and fields.get(key[:-5])
    ]


def _application(
    fields: Fields, header: re.Match[bytes], hosts: HostTable, clock: Clock, head: bytes
) -> Outcome:
    """Return a session with an application that the firewall knows, but no host."""
    key = b"app" if header[1] == _PALO_ALTO else b"FTNTFGTapp"
    name = _said(fields, key)
    app = hosts.of_app(name) if name else None
    if name is None:
        return Skipped("event without a host")
    if app is None:
        return ()
    seen = _observe(fields, header, app, False, clock, head)
    return (seen._replace(kind=Sighting.APP, channel=Channel.FLOW, path=None, method=None),)


def _observe(
    fields: Fields,
    header: re.Match[bytes],
    host: str,
    is_question: bool,
    clock: Clock,
    head: bytes,
) -> Observation:
    url, method = _url(fields), (_said(fields, b"requestMethod") or "").upper() or None
    kind, channel = _kind(fields, header, url, method, is_question)
    is_page = kind is Sighting.HTTP_URL
    when, quality = _time(fields, clock, head)
    sent, received = (b"in", b"out") if header[1] == _PALO_ALTO else (b"out", b"in")
    users = (b"suser", b"duser") if header[1] == _FORTINET else _USER_KEYS
    user = _said(fields, *users)
    return Observation(
        channel=channel,
        value=host,
        ts=when,
        kind=kind,
        client=_client(fields),
        user=without_directory(user and _BACKSLASHES.sub(r"\\", user)),
        action=_action(fields, header, is_question),
        bytes_up=None if is_question else count(_said(fields, sent)),
        bytes_down=None if is_question else count(_said(fields, received)),
        path=path_of_url(url) if is_page else None,
        qtype=_said(fields, *_QTYPE_KEYS) if is_question else None,
        time_quality=quality,
        method=method if is_page else None,
        process=program(_said(fields, b"sproc")),
    )


def _client(fields: Fields) -> str | None:
    """Return who asked: the other side where an event is about what a server sent."""
    port = _said(fields, b"dpt") or ""
    if _said(fields, b"spt") in _OF_SERVERS and port.isdigit() and int(port) > _PRIVILEGED:
        return _said(fields, b"dst")
    return _said(fields, *_CLIENT_KEYS)


def _kind(
    fields: Fields, header: re.Match[bytes], url: bytes, method: str | None, is_question: bool
) -> tuple[Sighting, Channel]:
    if is_question:
        return Sighting.DNS_QUERY, Channel.DNS
    protocol = (_said(fields, b"app") or "").lower()
    path = path_of_url(url) if url else None
    # They write "/" for a TLS session that they did not look into.
    is_sealed = path == "/" and (
        (header[1] == _FORTINET and protocol != "http")
        or (header[1] == _PALO_ALTO and not method and _said(fields, b"dpt") != "80")
        or (header[1] == _CHECK_POINT and not method and url.startswith(b"https:"))
    )
    if method == "CONNECT" or (url and path is None) or is_sealed:
        return Sighting.HTTP_CONNECT, Channel.PROXY
    if url.startswith((b"ssl://", b"tunnel://", b"tcp://")):
        return Sighting.HTTP_CONNECT, Channel.PROXY
    if path:
        return Sighting.HTTP_URL, Channel.PROXY
    if method or protocol in _WEB:
        return Sighting.HTTP_CONNECT, Channel.PROXY
    return Sighting.NAME, Channel.LOG


def _time(fields: Fields, clock: Clock, head: bytes) -> Time:
    for key in _TIME_KEYS:
        written = _said(fields, key)
        time = stamps.read(written, clock)
        if time[1] is TimeQuality.ASSUMED_ZONE and fields.get(b"dtz") in (b"UTC", b"GMT"):
            time = stamps.read(f"{written} UTC", clock)
        if time[0] is not None:
            return time
    before = time_of(head, clock)
    return before if before[0] is not None else NO_TIME


def _action(fields: Fields, header: re.Match[bytes], is_question: bool) -> Action:
    if header[1] == _INFOBLOX and header[4].startswith(b"RPZ"):
        return Action.ALLOWED if header[5] == b"PASSTHRU" else Action.BLOCKED
    word = (_said(fields, b"act", b"FTNTFGTaction", b"fw_action", b"pe_action") or "").lower()
    said = outcome(word)
    if said is Action.BLOCKED:
        return said
    result = _said(fields, b"outcome") or ""
    if result == "407":
        return Action.CHALLENGED
    if result in ("502", "503", "504"):
        return Action.ERROR
    reason = next(iter(_labelled(fields, _BLOCK_LABELS, b"")), None)  # of Skyhigh: 0 is none
    if reason is not None:
        return Action.BLOCKED if reason.strip(b"0") else Action.ALLOWED
    code = _said(fields, *_RCODE_KEYS) or header[5].decode("ascii", "replace").rpartition(" ")[2]
    if is_question and (answered := outcome(code)):
        return answered
    if said or word in _LET_THROUGH:
        return said or Action.ALLOWED
    if result.isdigit() and len(result) == 3:
        return Action.ALLOWED
    return outcome(result) or Action.UNKNOWN


def _said(fields: Fields, *keys: bytes) -> str | None:
    """Return the first of these that is set."""
    for key in keys:
        raw = fields.get(key, b"").decode("utf-8", "backslashreplace").strip().strip('"')
        if said := text(raw):
            return _ESCAPED.sub(r"\1", said) if "\\" in said else said
    return None


FORMAT = Format(
    name="cef",
    title="Common Event Format (CEF)",
    read=by_line(parse),
    specificity=85,
    proves=OF_A_PROXY | {Proof.PROCESS},
    reference="https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors/pdfdoc/common-event-format-v25/common-event-format-v25.pdf",
    sample=(
        b"CEF:0|Forcepoint|Security|8.5.4|9|Transaction permitted|1|act=permitted app=https dst=203.0.113.7 "
        b"dhost=api.openai.com dpt=443 src=10.0.0.7 suser=ana rt=1795226296000 in=5120 out=18120 "
        b"requestMethod=POST request=https://api.openai.com/v1/responses?x\\=1\n"
        b"Nov 21 01:58:16 zscaler-nss CEF:0|Zscaler|NSSWeblog|5.7|Blocked|Not allowed to browse this category|3|"
        b"act=Blocked app=HTTP_PROXY dhost=chat.deepseek.com src=10.0.0.8 in=0 out=310 outcome=403 "
        b"request=chat.deepseek.com:443 rt=Nov 21 2026 01:58:16 requestMethod=CONNECT suser=tom@corp.example\n"
        b"CEF:0|Fortinet|Fortigate|v7.4.3|54803|dns:dns-query pass|3|FTNTFGTeventtime=1795226297 src=10.0.0.9 "
        b"spt=54621 dst=10.0.0.1 dpt=53 FTNTFGTxid=42311 FTNTFGTqname=claude.ai FTNTFGTqtype=A act=pass\n"
    ),
    window=WINDOW,
)
