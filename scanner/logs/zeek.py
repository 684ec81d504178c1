"""What a Zeek record means, whichever way it is written down (TSV or JSON)."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any

from scanner.hosts import HostTable, host_of_url, is_absolute_url, path_of_url
from scanner.logs.clock import Clock
from scanner.logs.values import count, record_type, text
from scanner.model import Action, Channel, Observation, Sighting

# Which field of which log names the host.
HOST_FIELDS = {"dns": "query", "ssl": "server_name", "quic": "server_name", "http": "host"}
# The client's address, under the names that writers give it.
ORIGIN_FIELDS = ("id.orig_h", "id_orig_h", "src", "source.ip")
# Every field that says something here; a reader may pass over the others.
USED_FIELDS = frozenset(
    {*HOST_FIELDS.values(), *ORIGIN_FIELDS, "ts", "@timestamp", "qtype_name", "qtype", "rcode_name"}
    | {"answers", "rejected", "established", "uri", "method", "username", "proxied", "status_code"}
    | {"request_body_len", "response_body_len", "cipher", "client_protocol"}
    | {"client_initial_dcid", "uid", "orig_bytes", "resp_bytes"}
)
# The log of connections, and fields that no other log has.
CONNECTIONS = "conn"
_OF_CONNECTIONS = ("conn_state", "orig_bytes")
_SINKHOLES = frozenset({"0.0.0.0", "::"})  # noqa: S104 - answers, not addresses to bind
_NOWHERE = tuple(_SINKHOLES)
_DNS, _QUERY, _ALLOWED = Channel.DNS, Sighting.DNS_QUERY, Action.ALLOWED
_GATEWAY_ERRORS = frozenset({"502", "503", "504"})

Row = Mapping[str, Any]


def observe(path: str, row: Row, host: str, clock: Clock, line: int) -> Observation | None:
    """Return what a record shows, or None if it names no wanted host after all.

    ``row`` holds the fields that are set; ``path`` is the log's name (dns, ssl, ...) or "".
    """
    log = kind_of_log(path) if path else _path_of(row)
    if log is None or not host:
        return None
    if log == "http":
        return _http(row, host, clock, line)
    if log == "dns":
        return _dns(row, host, clock, line)
    kind = Sighting.QUIC_SNI if log == "quic" else Sighting.TLS_SNI
    action = Action.ERROR if _is(row.get("established"), "F") else Action.ALLOWED
    return _in_tls(row, host, clock, line, kind, action)


def is_of_connections(path: str, names: Container[str]) -> bool:
    """Whether a log of that name, whose records have these fields, is conn: it names no hosts.

    Others like it (conn_long) tell of the same connections once more.
    """
    return path == CONNECTIONS or (not path and any(name in names for name in _OF_CONNECTIONS))


def observe_connection(row: Row, host: str, clock: Clock, line: int) -> Observation:
    """Return what a record of conn shows: the bytes of a connection that another log names."""
    up, down = count(row.get("orig_bytes")), count(row.get("resp_bytes"))
    return _in_tls(row, host, clock, line, Sighting.FLOW, Action.ALLOWED, up, down)


def named_connection(row: Row) -> bytes | None:
    """Return the id of the connection that a record of ssl or quic names; None if it failed."""
    uid = row.get("uid")
    if "server_name" not in row or not isinstance(uid, str) or _is(row.get("established"), "F"):
        return None
    return uid.encode("utf-8", "surrogatepass")


def asks_a_proxy(method: object, uri: object) -> bool:
    """Whether a request names its host in the URI: CONNECT, or an absolute one."""
    return method == "CONNECT" or (
        isinstance(uri, str) and is_absolute_url(uri.encode("utf-8", "replace"))
    )


def is_worth_a_look(method: object, uri: object, hosts: HostTable) -> bool:
    """Whether a request to an unwanted host may be wanted for its URI."""
    if asks_a_proxy(method, uri):
        return True
    if not (isinstance(uri, str) and isinstance(method, str)):
        return False
    return hosts.of_api(uri.encode("utf-8", "replace"), method, b"-") is not None


def asked_host(row: Row, host: str | None, hosts: HostTable) -> str | None:
    """Return what the table says of the host that is asked for: a proxy's URI beats the header."""
    uri, method = row.get("uri"), row.get("method")
    if not isinstance(uri, str):
        return host
    url = uri.encode("utf-8", "surrogatepass")
    raw = str(row.get("host") or "").encode("utf-8", "surrogatepass")
    if asks_a_proxy(method, uri):
        target = host_of_url(url)
        found = hosts[target]
        raw, host = (raw, host) if found == "" else (target, found)
    if host is None and isinstance(method, str):
        return hosts.of_api(url, method, raw)
    return host


@lru_cache(maxsize=256)
def kind_of_log(path: str) -> str | None:
    """Return which of the logs that name hosts ``path`` is: ``http_external`` is http."""
    kind = path.replace("-", "_").partition("_")[0]
    return kind if kind in HOST_FIELDS else None


def _dns(row: Row, host: str, clock: Clock, line: int) -> Observation:
    when, quality = clock.any(row.get("ts") or row.get("@timestamp"))
    return Observation(  # the fields by place: half the time, and DNS logs are the largest
        _DNS,
        host,
        when,
        _QUERY,
        _origin(row),
        None,
        _dns_action(row),
        None,
        None,
        None,
        text(row.get("qtype_name")) or record_type(row.get("qtype")),
        line,
        quality,
    )


def _dns_action(row: Row) -> Action:
    rcode = row.get("rcode_name")
    if _is_sinkhole(row.get("answers")):
        return Action.BLOCKED
    if rcode == "REFUSED" or _is(row.get("rejected"), "T"):
        return Action.BLOCKED
    if rcode == "NOERROR":
        return _ALLOWED
    if rcode == "NXDOMAIN":
        return Action.NXDOMAIN
    if rcode in ("SERVFAIL", "FORMERR", "NOTIMP"):
        return Action.ERROR
    return Action.ALLOWED if rcode else Action.UNKNOWN


def _is_sinkhole(answers: object) -> bool:
    """Whether all answers, of which there are some, lead nowhere."""
    if isinstance(answers, str):
        return answers.startswith(_NOWHERE) and _SINKHOLES.issuperset(answers.split(","))
    if not isinstance(answers, list) or not answers:
        return False
    return _SINKHOLES.issuperset(map(str, answers))


def _http(row: Row, host: str, clock: Clock, line: int) -> Observation:
    uri = (text(row.get("uri")) or "").encode("utf-8", "surrogatepass")
    is_connect = row.get("method") == "CONNECT"
    kind = Sighting.HTTP_CONNECT if is_connect else Sighting.HTTP_URL
    channel = Channel.PROXY if is_connect or row.get("proxied") else Channel.HTTP
    when, quality = clock.any(row.get("ts") or row.get("@timestamp"))
    return Observation(
        channel,
        host,
        when,
        kind,
        _origin(row),
        text(row.get("username")),
        _http_action(row, is_connect),
        count(row.get("request_body_len")),
        count(row.get("response_body_len")),
        path=None if is_connect else path_of_url(uri),
        line=line,
        time_quality=quality,
        method=None if is_connect else text(row.get("method")),
    )


def _http_action(row: Row, is_connect: bool) -> Action:
    status = text(row.get("status_code")) or ""
    if status == "407":
        return Action.CHALLENGED
    if is_connect and status.startswith("4"):
        return Action.BLOCKED
    if status in _GATEWAY_ERRORS:
        return Action.ERROR
    return Action.ALLOWED if status else Action.UNKNOWN


def _in_tls(
    row: Row,
    host: str,
    clock: Clock,
    line: int,
    kind: Sighting,
    action: Action,
    up: int | None = None,
    down: int | None = None,
) -> Observation:
    when, quality = clock.any(row.get("ts") or row.get("@timestamp"))
    client = _origin(row)
    return Observation(
        Channel.TLS, host, when, kind, client, None, action, up, down, None, None, line, quality
    )


def _origin(row: Row) -> str | None:
    nested = row.get("id")
    if nested is not None and isinstance(nested, Mapping):  # to ask that of None is not free
        return text(nested.get("orig_h"))
    for name in ORIGIN_FIELDS:
        if found := text(row.get(name)):
            return found
    return None


def _path_of(row: Row) -> str:
    """Tell the log by its fields, where neither header nor record names it."""
    if "query" in row:
        return "dns"
    if "client_initial_dcid" in row or "client_protocol" in row:
        return "quic"
    if "server_name" in row or "cipher" in row:
        return "ssl"
    return "http" if "host" in row or "uri" in row else ""


def _is(value: object, letter: str) -> bool:
    return value is (letter == "T") or value == letter
