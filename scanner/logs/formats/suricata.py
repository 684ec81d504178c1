"""Suricata's event log, eve.json, with DNS of its versions 1, 2 and 3: JSON lines.

    {"timestamp":"2026-11-20T08:01:02.160693+0000","flow_id":1303642123387833,"event_type":"tls","src_ip":"10.0.0.7","src_port":49791,"dest_ip":"203.0.113.9","dest_port":443,"proto":"TCP","tls":{"sni":"claude.ai","version":"TLS 1.3"}}

What a wanted record shows is held for ``window`` lines: the answer tells what became of a question,
the record of the flow how many bytes went each way, an alert whether it was blocked. The shapes of
CONNECT and of netflow are from documentation.
Reference: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Spelled, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.values import count, decoded, outcome, text
from scanner.logs.zeek import asked_host, asks_a_proxy, observe
from scanner.model import Action, Channel, Observation, Sighting

_WINDOW = 20_000
_BOUND = 100_000
_NAMES_A_RECORD = 32

# The objects of an event that may name a host.
_PARTS = {
    "dns": ("dns",),
    "tls": ("tls",),
    "quic": ("quic",),
    "http": ("http",),
    "alert": ("dns", "tls", "quic", "http"),
}
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
_ANSWERS = ("answer", "response")
_SERVICE_PORTS = frozenset({3128, 8000, 8080, 8443, 8888})
_SUCCESS = (Action.ALLOWED, Action.UNKNOWN)

_Flow = int | str
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


class _Shown(NamedTuple):
    """What a record shows, ``key`` telling one act in a flow from another, ``by`` the event."""

    seen: Observation
    flow: _Flow | None
    key: tuple[str | None, ...]
    by: str


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    decode = msgspec.json.Decoder(_Event).decode
    held = _Held()
    for number, line in numbered(batches):
        try:
            event = decoded(decode, line)
            kind = event.event_type
            if type(kind) is not str or (event.flow_id is None and not _is_flowless(kind, line)):
                tally.reject(number, "not an EVE record: no event_type, or no flow_id", line)
            elif kind not in _PARTS:
                if kind in _FLOWS and held.waits_for(event.flow_id):
                    yield from held.end(decoded(msgspec.json.decode, line), kind, number)
                tally.ignored[_HOSTLESS.get(kind, "record of another type")] += 1
            elif (found := _look_up(event, hosts)) == _UNWANTED:
                continue
            elif found != _WANTED:
                tally.ignored[found] += 1
            else:
                row = decoded(msgspec.json.decode, line)
                yield from held.take(_shown(row, kind, hosts, clock, number), number, tally)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
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
        is_answer = isinstance(part, _Part) and part.type in _ANSWERS
        return "answer" if is_answer else _UNWANTED
    parts = [one for name in _PARTS[kind] if type(one := getattr(event, name)) is _Part]
    found = [host for one in parts for host in _hosts_of(one, hosts)]
    if any(found):
        return _WANTED
    if None not in found:
        return f"{kind} without a host"
    is_answer = kind == "dns" and any(one.type in _ANSWERS for one in parts)
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
        yield _http_host(part.hostname, part.url, part.http_method, hosts)
    for several in (part.queries, part.query, part.answer):
        if several is not None:
            listed = several if isinstance(several, list) else (several,)
            for one in listed[:_NAMES_A_RECORD]:
                if isinstance(one, _Question) and isinstance(one.rrname, str):
                    yield hosts[one.rrname]


def _http_host(hostname: object, url: object, method: object, hosts: HostTable) -> str | None:
    raw = hostname if isinstance(hostname, str) else ""
    host = hosts[raw]
    if not isinstance(url, str) or (host and url.startswith("/")):
        return host
    return asked_host({"host": raw, "uri": url, "method": method}, host, hosts)


def _shown(
    row: dict[str, Any], kind: str, hosts: HostTable, clock: Clock, line: int
) -> list[_Shown]:
    """Return what a record shows about wanted hosts, its fields under the names that Zeek has."""
    blocks = kind == "alert" and _blocks(row)
    flow = row.get("flow_id")
    flow = flow if isinstance(flow, int | str) else None
    when = row.get("timestamp") or row.get("@timestamp")
    common = {"ts": when, "id.orig_h": _client(row)}
    every = []
    for name in _PARTS[kind]:
        part = row.get(name)
        if not isinstance(part, dict):
            continue
        for log, host, fields, key in _acts(name, part, hosts):
            seen = observe(log, {**common, **fields}, host, clock, line)
            if seen is not None:
                if blocks:
                    seen = seen._replace(action=Action.BLOCKED)
                elif part.get("version") == "UNDETERMINED":  # no word of the server was seen
                    seen = seen._replace(action=Action.UNKNOWN)
                by = kind if kind != "dns" or "rcode_name" not in fields else "answer"
                every.append(_Shown(seen, flow, (log, host, *key), by))
    return every


# Zeek's name for the log, the host, the fields under Zeek's names, what tells this act from others.
_Asked = tuple[str, str, dict[str, Any], tuple[str | None, ...]]


def _acts(name: str, part: dict[str, Any], hosts: HostTable) -> Iterator[_Asked]:
    if name == "dns":
        yield from _of_dns(part, hosts)
    elif name == "http":
        url, method = part.get("url"), part.get("http_method")
        if host := _http_host(part.get("hostname"), url, method, hosts):
            fields = {
                "uri": url,
                "method": method,
                "proxied": asks_a_proxy(method, url),
                "status_code": part.get("status"),
                "response_body_len": part.get("length"),
            }
            yield "http", host, fields, (text(part.get("url")),)
    elif isinstance(part.get("sni"), str) and (host := hosts[part["sni"]]):
        yield ("quic" if name == "quic" else "ssl"), host, {}, ()


def _of_dns(dns: dict[str, Any], hosts: HostTable) -> Iterator[_Asked]:
    asked = [dns, *_listed(dns.get("queries")), *_listed(dns.get("query"))]
    answers = _listed(dns.get("answer"))
    is_answer = dns.get("type") in _ANSWERS or (bool(answers) and len(asked) == 1)
    for question in (asked + answers)[: _NAMES_A_RECORD + 1]:
        name = question.get("rrname")
        if isinstance(name, str) and (host := hosts[name]):
            fields = {"qtype_name": question.get("rrtype")}
            if is_answer:  # a question has a code as well since version 3, and it means nothing
                fields |= _outcome({**dns, **question})
            yield "dns", host, fields, (text(question.get("id")) or text(dns.get("id")),)


def _outcome(answer: dict[str, Any]) -> dict[str, Any]:
    records = [answer, *_listed(answer.get("answers"))]
    addresses = [one.get("rdata") for one in records if one.get("rrtype") in ("A", "AAAA")]
    grouped = answer.get("grouped")
    if isinstance(grouped, dict):
        lists = [grouped.get(name) for name in ("A", "AAAA")]
        addresses += [one for several in lists if isinstance(several, list) for one in several]
    known = [shown for address in addresses if (shown := text(address))]
    return {"rcode_name": text(answer.get("rcode")), "answers": known}


def _listed(value: object) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def _blocks(row: dict[str, Any]) -> bool:
    """Whether an alert stopped the traffic: the rule said so, or the packet's verdict."""
    words = (part.get("action") for part in _listed([row.get("alert"), row.get("verdict")]))
    return any(outcome(text(word)) is Action.BLOCKED for word in words)


def _client(row: dict[str, Any]) -> str | None:
    """Return the side that is not the service: answers and alerts may come from the server."""
    source, destination = text(row.get("src_ip")), text(row.get("dest_ip"))
    match row.get("direction"):
        case "to_server":
            return source
        case "to_client":
            return destination
    is_server = _is_service(row.get("src_port")) and not _is_service(row.get("dest_port"))
    return destination if is_server else source


def _is_service(port: object) -> bool:
    number = count(port)
    return number is not None and (number < 1024 or number in _SERVICE_PORTS)


@dataclass(slots=True)
class _Act:
    """An act that is held: ``is_open`` until it is yielded."""

    seen: Observation
    flow: _Flow
    key: tuple[str | None, ...]
    by: str
    carries_bytes: bool
    is_open: bool = True


class _Held:
    """What the wanted records of the last lines show, each for ``_WINDOW`` lines.

    Which record repeats which, and which carries a flow's bytes, depends on the lines within the
    window alone. Of several acts of a flow about one host, the first that got through carries them.
    """

    def __init__(self) -> None:
        self._order: deque[_Act] = deque()
        self._latest: dict[tuple[object, ...], _Act] = {}
        self._open: dict[_Flow, dict[int, _Act]] = {}
        self._carriers: dict[tuple[_Flow, str], _Act] = {}

    def waits_for(self, flow: object) -> bool:
        """Whether acts of a flow are held."""
        return isinstance(flow, int | str) and flow in self._open

    def take(self, shown: list[_Shown], line: int, tally: Tally) -> Iterator[Observation]:
        """Hold what a record shows; a record that only repeats what is held is ignored."""
        yield from self._advance(line)
        new = [one for one in shown if not self._repeats(one)]
        if not new:
            is_answer = bool(shown) and shown[0].by == "answer"
            tally.ignored["answer" if is_answer else "repeat of a record above"] += 1
        for one in new:
            if one.flow is None:
                yield one.seen
            else:
                self._hold(one, one.flow)

    def end(self, row: dict[str, Any], kind: str, line: int) -> Iterator[Observation]:
        """Yield the acts of a flow that ended, with its bytes; netflow tells one way at a time."""
        yield from self._advance(line)
        acts = list(self._open.get(row["flow_id"], {}).values())
        sizes = next(iter(_listed(row.get(kind))), {})
        for act in acts:
            if act.carries_bytes and act.seen.action in _SUCCESS:
                act.seen = _with_bytes(act.seen, row, sizes)
        if kind == "flow":
            for act in acts:
                yield self._close(act)

    def rest(self) -> Iterator[Observation]:
        """Yield what is still held, in the order of its lines."""
        for act in self._order:
            if act.is_open:
                yield act.seen

    def _advance(self, line: int) -> Iterator[Observation]:
        order = self._order
        while order and (line - order[0].seen.line > _WINDOW or len(order) > _BOUND):
            act = order.popleft()
            if act.is_open:
                yield self._close(act)
            if self._latest.get((act.flow, *act.key)) is act:
                del self._latest[(act.flow, *act.key)]
            if self._carriers.get((act.flow, act.seen.value)) is act:
                del self._carriers[(act.flow, act.seen.value)]

    def _repeats(self, one: _Shown) -> bool:
        """Whether a record shows an act that is held, of which it may tell more."""
        act = self._latest.get((one.flow, *one.key))
        if act is None or not ("alert" in (one.by, act.by) or one.by == "answer"):
            return False
        if one.seen.action is Action.BLOCKED or act.seen.action is Action.UNKNOWN:
            act.seen = act.seen._replace(action=one.seen.action)
        if act.by == "alert" and one.by not in ("alert", "answer"):
            act.by = one.by
            act.seen = one.seen._replace(action=act.seen.action, line=act.seen.line)
        return True

    def _hold(self, one: _Shown, flow: _Flow) -> None:
        seen = one.seen
        is_first = (flow, seen.value) not in self._carriers
        act = _Act(seen, flow, one.key, one.by, is_first and _may_carry_bytes(seen))
        if act.carries_bytes:
            self._carriers[(flow, seen.value)] = act
        self._latest[(flow, *one.key)] = act
        self._open.setdefault(flow, {})[id(act)] = act
        self._order.append(act)

    def _close(self, act: _Act) -> Observation:
        act.is_open = False
        of_flow = self._open[act.flow]
        del of_flow[id(act)]
        if not of_flow:
            del self._open[act.flow]
        return act.seen


def _may_carry_bytes(seen: Observation) -> bool:
    """Whether a flow is an act's own: a proxy's connection carries requests to other hosts too."""
    is_alone = seen.channel in (Channel.TLS, Channel.HTTP) or seen.kind is Sighting.HTTP_CONNECT
    return is_alone and seen.action in _SUCCESS


def _with_bytes(seen: Observation, row: dict[str, Any], sizes: dict[str, Any]) -> Observation:
    if "bytes_toserver" in sizes:
        up, down = count(sizes.get("bytes_toserver")), count(sizes.get("bytes_toclient"))
        return seen._replace(bytes_up=up, bytes_down=down)
    size = count(sizes.get("bytes"))
    if text(row.get("src_ip")) == seen.client:
        return seen._replace(bytes_up=size)
    return seen._replace(bytes_down=size)


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
    window=_WINDOW,
    spelled=Spelled.HIDDEN,
)
