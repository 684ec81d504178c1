"""What a packet capture shows: names in DNS, TLS, QUIC and HTTP, each with its client.

    {"kind":"tls","frame":82,"time":1795226402799289000,"client":"10.0.0.7","host":"claude.ai","up":748,"down":1793}

These lines are what packets become here; ``gnomon capture`` writes them too. A line is numbered by
its packet, as other tools number packets. A DNS question and its answer are one line, and so are
all packets of a connection; ``up`` and ``down`` are its bytes. Where the name that was asked for is
not wanted, one that it is an alias of may be. Packets that name nothing come as counts.
Reference: https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import numbered
from scanner.logs.web import answered
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_PACKETS = 1 << 40
_KINDS = {
    "dns": (Channel.DNS, Sighting.DNS_QUERY),
    "tls": (Channel.TLS, Sighting.TLS_SNI),
    "quic": (Channel.TLS, Sighting.QUIC_SNI),
    "http": (Channel.HTTP, Sighting.HTTP_URL),
    "connect": (Channel.PROXY, Sighting.HTTP_CONNECT),
}
_CODES = {
    "NOERROR": Action.ALLOWED,
    "NXDOMAIN": Action.NXDOMAIN,
    "REFUSED": Action.BLOCKED,
}
_REFUSED = ("403", "451")


class _Line(msgspec.Struct, gc=False):
    """A line: of a name, or of packets that name nothing."""

    kind: str
    host: str = ""
    frame: int = 0
    time: int = 0
    client: str | None = None
    qtype: str | None = None
    rcode: str | None = None
    cnames: list[str] | None = None
    nowhere: bool = False
    up: int | None = None
    down: int | None = None
    method: str | None = None
    path: str | None = None
    status: str | None = None
    why: str = ""
    what: str = ""
    packets: int = 1
    times: int = 0


_decode = msgspec.json.Decoder(_Line).decode


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, _clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each name that is wanted."""
    for number, line in numbered(batches):
        try:
            record = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            tally.reject(number, f"no line about packets: {error}", line)
            continue
        if record.kind not in _KINDS:
            _account(record, number, line, tally)
            continue
        host = _wanted(record, hosts)
        if host:
            yield _observe(record, host)
        elif host == "":
            tally.ignored["name that is no host"] += 1


def _wanted(record: _Line, hosts: HostTable) -> str | None:
    """Return the host that is wanted: the one asked for, or one that it stands for; None if none is."""
    host = hosts[record.host]
    if host is None and record.cnames:
        host = next(filter(None, (hosts[one] for one in record.cnames)), None)
    if host is None and record.path and record.method:
        host = hosts.of_api(record.path.encode(), record.method, record.host.encode())
    return host


def _observe(record: _Line, host: str) -> Observation:
    channel, kind = _KINDS[record.kind]
    time, quality = _time(record.time)
    return Observation(
        channel=channel,
        value=host,
        ts=time,
        kind=kind,
        client=record.client,
        action=_action(record),
        bytes_up=record.up,
        bytes_down=record.down,
        path=record.path,
        qtype=record.qtype,
        line=max(record.frame, 1),
        time_quality=quality,
        method=record.method if record.kind == "http" else None,
    )


def _time(nanoseconds: int) -> Time:
    if nanoseconds <= 0:
        return NO_TIME
    try:
        return _START + timedelta(microseconds=nanoseconds // 1000), TimeQuality.EXACT
    except OverflowError:
        return NO_TIME


def _action(record: _Line) -> Action:
    if record.kind == "dns":
        if record.nowhere:
            return Action.BLOCKED
        return _CODES.get(record.rcode, Action.ERROR) if record.rcode else Action.UNKNOWN
    if record.status is not None:
        is_refused = record.kind == "connect" and record.status in _REFUSED
        return Action.BLOCKED if is_refused else answered(record.status) or Action.UNKNOWN
    return Action.ALLOWED if record.down else Action.UNKNOWN


def _account(record: _Line, number: int, line: bytes, tally: Tally) -> None:
    """Count the packets that a line tells of as so many lines."""
    if record.kind == "noted":
        tally.read -= 1
        tally.joined -= 1
        tally.noted[record.what] += record.times
        return
    if record.kind not in ("ignored", "undecodable") or not 0 < record.packets < _MOST_PACKETS:
        tally.reject(number, f"a line of an unknown kind, {record.kind!r}", line)
        return
    tally.read += record.packets - 1
    tally.joined += record.packets - 1
    if record.kind == "ignored":
        tally.ignored[record.why] += record.packets
    else:
        tally.reject(number, record.why, line)
        tally.rejected += record.packets - 1


FORMAT = Format(
    name="capture",
    title="Packet captures: DNS, TLS, QUIC and HTTP names (pcap, pcapng)",
    read=read,
    specificity=80,
    proves=OF_A_PROXY - {Proof.USER},
    reference="https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2",
    sample=(
        b'{"kind":"dns","frame":1,"time":1795226402111868000,"client":"10.0.0.7",'
        b'"host":"api.openai.com","qtype":"A","rcode":"NOERROR"}\n'
        b'{"kind":"tls","frame":2,"time":1795226402799289000,"client":"10.0.0.7","host":"claude.ai",'
        b'"up":21843,"down":1793,"alpn":["h2","http/1.1"]}\n'
        b'{"kind":"quic","frame":3,"time":1795226404485376000,"client":"2001:db8::7",'
        b'"host":"chatgpt.com","up":2787,"down":2092,"alpn":["h3"]}\n'
        b'{"kind":"http","frame":4,"time":1795226404221991000,"client":"10.0.0.7",'
        b'"host":"api.mistral.ai","up":100,"down":145,"method":"GET","path":"/v1/models","status":"200"}\n'
    ),
)
