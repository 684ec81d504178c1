r"""Envoy and Istio access logs: the default text formats, and JSON with the usual names.

    [2026-11-21T01:58:30.136Z] "POST /v1/responses HTTP/2" 200 - 512 2048 154 152 "10.0.0.7" "python-requests/2.31" "6f1c" "api.openai.com" "203.0.113.7:443"
    [2026-11-21T01:58:31.120Z] "- - -" 0 - - - "-" 748 1793 15 - "-" "-" "-" "-" "203.0.113.7:443" outbound|443||api.openai.com 10.0.0.9:50000 203.0.113.7:443 10.0.0.7:44444 api.openai.com -
    {"start_time":"2026-11-21T01:58:30.136Z","authority":"api.openai.com","method":"POST","path":"/v1/responses","response_code":200,...}

(from documentation.) Records of the ``inbound`` side of a sidecar are visits to the service
itself, and are not counted.
Reference: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
"""

from __future__ import annotations

import re

import msgspec

from scanner.hosts import HostTable, path_of_url
from scanner.logs import Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import NO_HOST, NOT_A_PROXYS, is_name, status_outcome
from scanner.logs.values import count, decoded, text
from scanner.model import Action, Channel, Observation, Sighting

_TEXT = re.compile(
    rb'\[(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z?)\] "(\S{1,40}) (\S*) (\S{1,20})" (\d{1,3}) (\S{1,60}) (.*)',
    re.DOTALL,
)
_CELL = re.compile(rb'"([^"]*)"|(\S+)')
_BLOCKING_FLAGS = frozenset({"UAEX", "RLSE", "RL", "FI"})
_FAILING_FLAGS = frozenset({"UH", "UF", "UO", "NR", "URX", "NC", "UT", "DF"})
_BLACK_HOLE = "BlackHoleCluster"


_GATEWAYS_NAMES = {
    "name": ":authority",
    "original_path": "x-envoy-origin-path",
    "forwarded_for": "x-forwarded-for",
}


class Record(msgspec.Struct, rename=_GATEWAYS_NAMES):
    """The fields of a record that are needed, as Istio names them; a few as Envoy Gateway does."""

    response_code: object
    start_time: object = None
    timestamp: object = None
    authority: object = None
    name: object = None
    requested_server_name: object = None
    method: object = None
    path: object = None
    original_path: object = None
    response_flags: object = None
    response_code_details: object = None
    downstream_remote_address: object = None
    x_forwarded_for: object = None
    forwarded_for: object = None
    upstream_cluster: object = None
    upstream_host: object = None
    bytes_received: object = None
    bytes_sent: object = None


_DECODE = msgspec.json.Decoder(Record).decode


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    record = _of_json(line) if line.startswith(b"{") else _of_text(line)
    if isinstance(record, Refused):
        return record
    cluster = text(record.upstream_cluster) or ""
    if cluster.startswith("inbound|"):
        return Skipped(NOT_A_PROXYS)
    name = _name(record)
    if name is None:
        return Skipped(NO_HOST)
    method, path = text(record.method), text(record.path) or text(record.original_path) or ""
    url = path.encode("utf-8", "surrogatepass")
    host = hosts[name] or hosts.of_api(url, method, name.encode("utf-8", "surrogatepass"))
    if not host:
        return ()
    when, quality = clock.any(text(record.start_time) or text(record.timestamp))
    seen = Observation(
        channel=Channel.PROXY if method else Channel.TLS,
        value=host,
        ts=when,
        kind=_kind(method),
        client=_client(record),
        action=_action(record, cluster),
        bytes_up=count(record.bytes_received),
        bytes_down=count(record.bytes_sent),
        path=path_of_url(url) if method not in (None, "CONNECT") else None,
        time_quality=quality,
        method=None if method == "CONNECT" else method,
    )
    return (seen,)


def _of_json(line: bytes) -> Record | Refused:
    try:
        record = decoded(_DECODE, line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Refused(f"not such a JSON record: {error}")
    if record.response_flags is None or (
        record.upstream_host is None and record.upstream_cluster is None
    ):
        return Refused("no response_flags and upstream in it")
    return record


def _of_text(line: bytes) -> Record | Refused:
    """Read Envoy's default format or Istio's, which has three fields more before the byte counts."""
    found = _TEXT.match(line)
    if found is None:
        return Refused('not [time] "request" code flags')
    when, method, path, _, code, flags, rest = (
        part.decode("utf-8", "replace") for part in found.groups()
    )
    cells = [
        (quoted or bare).decode("utf-8", "replace")
        for quoted, bare in _CELL.findall(rest[:4000].encode())
    ]
    is_istio = len(cells) >= 16 and not cells[0].isdigit()
    details, cells = (cells[0], cells[3:]) if is_istio else ("", cells)
    if len(cells) < 9 or not (cells[0].isdigit() and cells[1].isdigit()):
        return Refused("no byte counts, authority and upstream")
    more = (*cells[9:], *[""] * 5)
    return Record(
        response_code=code,
        start_time=when,
        method=method,
        path=path,
        response_flags=flags,
        response_code_details=details,
        bytes_received=cells[0],
        bytes_sent=cells[1],
        x_forwarded_for=cells[4],
        authority=cells[7],
        upstream_host=cells[8],
        upstream_cluster=more[0],
        downstream_remote_address=more[3],
        requested_server_name=more[4],
    )


def _name(record: Record) -> str | None:
    for value in (record.authority, record.name, record.requested_server_name):
        name = text(value)
        if name and is_name(name.encode("utf-8", "surrogatepass")):
            return name
    return None


def _kind(method: str | None) -> Sighting:
    if method is None:
        return Sighting.TLS_SNI
    return Sighting.HTTP_CONNECT if method == "CONNECT" else Sighting.HTTP_URL


def _client(record: Record) -> str | None:
    forwarded = text(record.x_forwarded_for) or text(record.forwarded_for)
    if forwarded:
        return forwarded.partition(",")[0].strip() or None
    address, colon, port = (text(record.downstream_remote_address) or "").rpartition(":")
    return (address.strip("[]") if colon and port.isdigit() else port) or None


def _action(record: Record, cluster: str) -> Action:
    flags = set((text(record.response_flags) or "").split(","))
    details = text(record.response_code_details) or ""
    if cluster == _BLACK_HOLE or flags & _BLOCKING_FLAGS or details.startswith("rbac_"):
        return Action.BLOCKED
    if flags & _FAILING_FLAGS:
        return Action.ERROR
    code = (text(record.response_code) or "").encode()
    return Action.ALLOWED if code in (b"0", b"403") else status_outcome(code, False)


FORMAT = Format(
    name="envoy",
    title="Envoy and Istio access log",
    read=by_line(parse),
    specificity=74,
    proves=frozenset(Proof) - {Proof.PROCESS, Proof.USER},
    reference="https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage",
    sample=(
        b'[2026-11-21T01:58:30.136Z] "POST /v1/responses HTTP/2" 200 - 512 2048 154 152 "10.0.0.7" '
        b'"python-requests/2.31" "6f1c" "api.openai.com" "203.0.113.7:443"\n'
        b'[2026-11-21T01:58:31.120Z] "- - -" 0 - - - "-" 748 1793 15 - "-" "-" "-" "-" "203.0.113.8:443" '
        b"outbound|443||claude.ai 10.0.0.9:50000 203.0.113.8:443 10.0.0.8:44444 claude.ai -\n"
    ),
)
