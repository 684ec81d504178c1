"""Suricata's event log, eve.json, with DNS of its versions 1, 2 and 3: JSON lines.

    {"timestamp":"2026-11-20T08:01:02.160693+0000","flow_id":1303642123387833,"event_type":"tls","src_ip":"10.0.0.7","src_port":49791,"dest_ip":"203.0.113.9","dest_port":443,"proto":"TCP","tls":{"sni":"claude.ai","version":"TLS 1.3"}}

What a wanted record shows is held for ``window`` lines: the answer tells what became of a question,
the record of the flow how many bytes went each way, an alert whether it was blocked. The shapes of
CONNECT and of netflow are from documentation.
Reference: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Sieved, Spelled, Tally
from scanner.logs.clock import Clock
from scanner.logs.eve import ANSWERS, NAMES_A_RECORD, PARTS, http_host, shown
from scanner.logs.eve_flows import WINDOW, Held
from scanner.logs.lines import numbered
from scanner.logs.values import decoded
from scanner.model import Observation

if TYPE_CHECKING:
    from scanner.logs.rows import Mask, Rows

_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# The events that name none, or only again what another names.
_HOSTLESS = {
    name: f"{name} record"
    for name in [
        "anomaly",
        "arp",
        "bittorrent_dht",
        "dcerpc",
        "dhcp",
        "dnp3",
        "drop",
        "encryption",
        "engine",
        "enip",
        "fileinfo",
        "flow",
        "frame",
        "ftp",
        "ftp_data",
        "ike",
        "ikev2",
        "krb5",
        "ldap",
        "mdns",
        "metadata",
        "modbus",
        "mqtt",
        "netflow",
        "nfs",
        "packetinfo",
        "pgsql",
        "pop3",
        "rdp",
        "rfb",
        "sip",
        "smb",
        "smtp",
        "snmp",
        "ssh",
        "stats",
        "telnet",
        "tftp",
        "websocket",
    ]
}
_FLOWS = ("flow", "netflow")
_WANTED, _UNWANTED = "wanted", ""
_Scalar = bool | int | float | str | None


class _Question(msgspec.Struct, gc=False):
    rrname: Any = None


class _Part(msgspec.Struct, gc=False):
    """What may name a host in one of the objects, whichever it is."""

    type: Any = None
    rrname: Any = None
    queries: _Question | list[_Question | list[Any] | _Scalar] | _Scalar = None
    query: _Question | list[_Question | list[Any] | _Scalar] | _Scalar = None
    answer: _Question | list[Any] | _Scalar = None
    sni: Any = None
    hostname: Any = None
    url: Any = None
    http_method: Any = None


class _Event(msgspec.Struct, gc=False):
    """The few fields that decide whether an event is wanted; decoding passes over all others."""

    event_type: Any = None
    flow_id: Any = None
    dns: _Part | list[Any] | _Scalar = None
    tls: _Part | list[Any] | _Scalar = None
    quic: _Part | list[Any] | _Scalar = None
    http: _Part | list[Any] | _Scalar = None


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    decode = msgspec.json.Decoder(_Event).decode
    held = Held()
    for number, line in numbered(batches):
        try:
            event = decoded(decode, line)
            kind = event.event_type
            if type(kind) is not str or (event.flow_id is None and not _is_flowless(kind, line)):
                tally.reject(number, "not an EVE record: no event_type, or no flow_id", line)
            elif kind not in PARTS:
                if kind in _FLOWS and held.waits_for(event.flow_id):
                    yield from held.end(decoded(msgspec.json.decode, line), kind, number)
                tally.ignored[_HOSTLESS.get(kind, "record of another type")] += 1
            elif (found := _look_up(event, hosts)) == _UNWANTED:
                continue
            elif found != _WANTED:
                tally.ignored[found] += 1
            else:
                row = decoded(msgspec.json.decode, line)
                yield from held.take(shown(row, kind, hosts, clock, number), number, tally)
        except _ERRORS as error:
            tally.reject(number, f"not a JSON record: {error}", line)
    yield from held.rest()


def _is_flowless(kind: str, line: bytes) -> bool:
    """Whether a record of no flow is Suricata's: it has the object that its type promises."""
    may_be = kind in _HOSTLESS or kind == "alert"
    return may_be and b'"%s":' % kind.encode("utf-8", "surrogatepass") in line


def _look_up(event: _Event, hosts: HostTable) -> str:
    """Return whether an event names a wanted host or an unwanted one; else why it is ignored."""
    kind = event.event_type
    name = _only_name(event, kind)
    if name is not None and hosts[name] is None:  # what most events are, and soon told
        part = event.dns if kind == "dns" else None
        is_answer = isinstance(part, _Part) and part.type in ANSWERS
        return "answer" if is_answer else _UNWANTED
    parts = [one for name in PARTS[kind] if type(one := getattr(event, name)) is _Part]
    found = [host for one in parts for host in _hosts_of(one, hosts)]
    if any(found):
        return _WANTED
    if None not in found:
        return f"{kind} without a host"
    is_answer = kind == "dns" and any(one.type in ANSWERS for one in parts)
    return "answer" if is_answer else _UNWANTED


def _only_name(event: _Event, kind: str) -> str | None:
    """Return the name in an event that has just one, in one of its usual places; None: look closer."""
    name = None
    match kind:
        case "dns":
            part = event.dns
            if type(part) is not _Part or part.query is not None or part.answer is not None:
                return None
            name, asked = part.rrname, part.queries
            if name is None and type(asked) is list and len(asked) == 1:
                name = asked[0].rrname if type(asked[0]) is _Question else None
            elif asked is not None:
                return None
        case "tls":
            name = event.tls.sni if type(event.tls) is _Part else None
        case "http":
            part = event.http
            if type(part) is _Part and type(part.url) is str and part.url.startswith("/"):
                name = part.hostname if part.http_method == "GET" else None
    return name if type(name) is str else None


def _hosts_of(part: _Part, hosts: HostTable) -> Iterator[str | None]:
    """Yield what the table says of each host that an object names."""
    if isinstance(part.rrname, str):
        yield hosts[part.rrname]
    elif isinstance(part.sni, str):
        yield hosts[part.sni]
    elif part.hostname is not None or part.url is not None:
        yield http_host(part.hostname, part.url, part.http_method, hosts)
    for several in (part.queries, part.query, part.answer):
        if several is not None:
            listed = several if isinstance(several, list) else (several,)
            for one in listed[:NAMES_A_RECORD]:
                if isinstance(one, _Question) and isinstance(one.rrname, str):
                    yield hosts[one.rrname]


class _UsualQuestion(msgspec.Struct, gc=False):
    rrname: str


class _UsualPart(msgspec.Struct, gc=False):
    """What names a host, as nearly every record has it: dns before version 3, and dns, tls, http since."""

    type: str | None = None
    rrname: str | None = None
    queries: list[_UsualQuestion] | None = None
    query: Any = None
    answer: Any = None
    sni: str | None = None
    hostname: str | None = None
    url: str | None = None


class _UsualEvent(msgspec.Struct, gc=False):
    event_type: str
    flow_id: int | str | None = None
    dns: _UsualPart | None = None
    tls: _UsualPart | None = None
    quic: _UsualPart | None = None
    http: _UsualPart | None = None


_usual_events = msgspec.json.Decoder(_UsualEvent).decode_lines
# What becomes of a row: it is read, or it is a record, or it is ignored, by kind.
_READ, _RECORD, _ANSWER, _FIRST_KIND = range(4)
_ANY = "any"  # in place of a name that does not matter
_KINDS = ["", "", "answer", *_HOSTLESS.values()]
_FATES = {kind: at for at, kind in enumerate(_HOSTLESS, _FIRST_KIND)}


class _Sieve:
    """Tells usual events; a record of a flow is read if a wanted name was in a record of the flow."""

    def __init__(self) -> None:
        self._wanted: set[object] = set()  # flows of the last lines, of WINDOW at least
        self._wanted_before: set[object] = set()
        self._lines = 0  # since these were the other
        self._unknown = 0  # so many lines on there may be flows that it did not see

    def __call__(self, rows: Rows, named: Mask) -> Sieved:
        """Tell the rows that need no reading; see ``Sieve``."""
        import numpy as np  # here it is loaded already

        from scanner.logs.rows import are_names

        self._advance(len(rows))
        events = rows.records(_usual_events)
        if events is None:
            self._unknown = WINDOW + len(rows)
            return Sieved(rows.none())
        self._wanted.update(events[row].flow_id for row in named.nonzero()[0].tolist())
        told = [self._told(event) for event in events]
        fates = np.array([fate for fate, _ in told], dtype=np.uint8)
        fates[~are_names([name for _, name in told])] = _READ
        counts = np.bincount(fates[~named], minlength=len(_KINDS)).tolist()
        ignored = {_KINDS[at]: counts[at] for at in range(_ANSWER, len(_KINDS)) if counts[at]}
        return Sieved(fates != _READ, ignored)

    def _advance(self, lines: int) -> None:
        self._lines += lines
        self._unknown -= lines
        if self._lines > WINDOW + lines:
            self._wanted_before, self._wanted, self._lines = self._wanted, set(), lines

    def _told(self, event: _UsualEvent) -> tuple[int, str]:
        """Return what becomes of an event if it names a host, and the name; any for one that has none."""
        kind = event.event_type
        if event.flow_id is None:
            return _READ, _ANY
        if kind == "dns":
            return _told_of_dns(event.dns)
        if kind == "tls":
            return _RECORD, (event.tls and event.tls.sni) or ""
        if kind in _FLOWS and self._is_wanted(event.flow_id):
            return _READ, _ANY
        if kind == "http":
            part = event.http
            is_plain = part is not None and part.url is not None and part.url.startswith("/")
            return _RECORD, (part.hostname if part and is_plain else None) or ""
        if kind == "quic":
            return _RECORD, (event.quic and event.quic.sni) or ""
        return _FATES.get(kind, _READ), _ANY

    def _is_wanted(self, flow: int | str) -> bool:
        """Whether a wanted name was in a record of the flow, or may have been."""
        return self._unknown > 0 or flow in self._wanted or flow in self._wanted_before


def _told_of_dns(part: _UsualPart | None) -> tuple[int, str]:
    if part is None or part.query is not None or part.answer is not None:
        return _READ, _ANY
    name, asked = part.rrname, part.queries
    if asked is not None:
        name = asked[0].rrname if name is None and len(asked) == 1 else None
    return (_ANSWER if part.type in ANSWERS else _RECORD), name or ""


FORMAT = Format(
    name="suricata",
    title="Suricata EVE (JSON)",
    read=read,
    specificity=65,
    proves=OF_A_PROXY - {Proof.USER},
    reference="https://docs.suricata.io/en/latest/output/eve/eve-json-format.html",
    sample=(
        b'{"timestamp":"2026-11-20T08:01:02.100693+0000","flow_id":1531972173335705,"in_iface":"eth0",'
        b'"event_type":"dns","src_ip":"10.0.0.7","src_port":38141,"dest_ip":"10.0.0.1","dest_port":53,'
        b'"proto":"UDP","dns":{"version":3,"type":"request","tx_id":0,"id":62415,"flags":"100",'
        b'"rd":true,"opcode":0,"rcode":"NOERROR","queries":[{"rrname":"api.openai.com","rrtype":"A"}]}}\n'
        b'{"timestamp":"2026-11-20T08:01:02.160693+0000","flow_id":1303642123387833,"in_iface":"eth0",'
        b'"event_type":"tls","src_ip":"10.0.0.7","src_port":49791,"dest_ip":"203.0.113.9",'
        b'"dest_port":443,"proto":"TCP","tls":{"sni":"api.openai.com","version":"TLS 1.3"}}\n'
        b'{"timestamp":"2026-11-20T08:02:02.160701+0000","flow_id":1303642123387833,"in_iface":"eth0",'
        b'"event_type":"flow","src_ip":"10.0.0.7","src_port":49791,"dest_ip":"203.0.113.9",'
        b'"dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":24,"pkts_toclient":17,'
        b'"bytes_toserver":18120,"bytes_toclient":7410,"age":60,"state":"closed","alerted":false}}\n'
        b'{"timestamp":"2026-11-20T08:02:09.009510+0000","event_type":"stats","stats":{"uptime":5400}}\n'
    ),
    window=WINDOW,
    spelled=Spelled.PARTLY,
    sieve=lambda _header: _Sieve(),
)
