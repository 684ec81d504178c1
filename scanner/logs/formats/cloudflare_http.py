"""Cloudflare Gateway's HTTP log, as Logpush delivers it: JSON lines.

    {"Action":"allow","Datetime":"2026-11-20T08:01:02Z","DeviceName":"laptop-ana","Email":"ana@corp.example","HTTPHost":"api.openai.com","HTTPMethod":"POST","HTTPStatusCode":200,"SourceIP":"10.0.0.7","URL":"https://api.openai.com/v1/responses"}

Cloudflare's other HTTP log, of its edge, names visitors of the customer's own sites, as a web
server does: its records are ignored, with that reason. The words for the actions other than
``block`` are from documentation.
Reference: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_http/
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.formats.cloudflare_dns import person
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import outcome, text
from scanner.model import Action, Channel, Observation, Sighting

# Do not inspect, scan or isolate; and isolate, which shows the site in a browser far away.
_LETS_PASS = frozenset(
    {"off", "on", "bypass", "scan", "noscan", "isolate", "isolated", "noisolate", "donotinspect"}
)
_TURNS_AWAY = frozenset({"redirect", "redirected"})
_GATEWAY_ERRORS = frozenset({"502", "503", "504"})


class Record(msgspec.Struct, gc=False, rename="pascal"):
    """The fields that are needed; the values may be of any type."""

    url: Any = msgspec.field(default=None, name="URL")
    http_host: Any = msgspec.field(default=None, name="HTTPHost")
    http_method: Any = msgspec.field(default=None, name="HTTPMethod")
    status: Any = msgspec.field(default=None, name="HTTPStatusCode")
    action: Any = None
    datetime: Any = None
    device_name: Any = None
    email: Any = None
    source_ip: Any = msgspec.field(default=None, name="SourceIP")
    internal_ip: Any = msgspec.field(default=None, name="SourceInternalIP")
    # of the edge's log
    client_request_host: Any = None
    client_request_method: Any = None
    edge_start: Any = msgspec.field(default=None, name="EdgeStartTimestamp")
    edge_status: Any = msgspec.field(default=None, name="EdgeResponseStatus")
    ray: Any = msgspec.field(default=None, name="RayID")


def parse(record: Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the request that a record shows."""
    if _is_of_the_edge(record):
        return Skipped("record of a web server, not of a proxy")
    url, named = _raw(record.url), _raw(record.http_host)
    if record.action is None or record.datetime is None or (url is None and named is None):
        return Refused("not a Gateway HTTP record: no Action and Datetime, or no URL and HTTPHost")
    if record.http_method is None and record.http_host is None and record.status is None:
        return Refused("not a Gateway HTTP record: nothing of HTTP in it")
    site = _site(url, named)
    host = hosts[site]
    if host is None and url is not None:
        host = hosts.of_api(url, text(record.http_method), site)
    if host is None:
        return ()
    return (_observe(record, host, url, clock),) if host else Skipped("record without a host")


def _observe(record: Record, host: str, url: bytes | None, clock: Clock) -> Observation:
    method = (text(record.http_method) or "CONNECT").upper()
    is_tunnel = method == "CONNECT"
    when, quality = clock.any(record.datetime)
    return Observation(
        channel=Channel.PROXY,
        value=host,
        ts=when,
        kind=Sighting.HTTP_CONNECT if is_tunnel else Sighting.HTTP_URL,
        client=text(record.internal_ip) or text(record.source_ip) or text(record.device_name),
        user=person(record.email),
        action=_action(text(record.action) or "", text(record.status) or ""),
        path=None if is_tunnel or url is None else path_of_url(url),
        time_quality=quality,
        method=None if is_tunnel else method,
    )


def _raw(value: object) -> bytes | None:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) and value else None


def _site(url: bytes | None, named: bytes | None) -> bytes:
    """Return the host of the URL; the header's where the URL is a path alone, or missing."""
    of_url = host_of_url(url) if url is not None else b""
    return of_url or named or b""


def _is_of_the_edge(record: Record) -> bool:
    marks = (record.edge_start, record.edge_status, record.ray, record.client_request_method)
    return record.client_request_host is not None and any(mark is not None for mark in marks)


def _action(written: str, status: str) -> Action:
    word = written.lower()
    said = Action.ALLOWED if word in _LETS_PASS else outcome(word)
    if said is Action.BLOCKED or word in _TURNS_AWAY:
        return Action.BLOCKED
    if status == "407":
        return Action.CHALLENGED
    if status in _GATEWAY_ERRORS:
        return Action.ERROR
    return said or Action.UNKNOWN


FORMAT = Format(
    name="cloudflare-http",
    title="Cloudflare Gateway HTTP (Logpush)",
    read=by_json(Record, parse),
    specificity=60,
    proves=OF_A_PROXY - {Proof.BYTES_UP, Proof.BYTES_DOWN},
    reference="https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_http/",
    sample=(
        b'{"AccountID":"e1836771179f98aa","Action":"allow","Datetime":"2026-11-20T08:01:02Z",'
        b'"DestinationIP":"203.0.113.9","DestinationPort":443,"DeviceName":"laptop-ana",'
        b'"Email":"ana@corp.example","HTTPHost":"api.openai.com","HTTPMethod":"POST",'
        b'"HTTPStatusCode":200,"HTTPVersion":"HTTP/2","IsIsolated":false,"PolicyName":"",'
        b'"SourceIP":"10.0.0.7","SourcePort":47924,"URL":"https://api.openai.com/v1/responses"}\n'
        b'{"AccountID":"e1836771179f98aa","Action":"block","Datetime":"2026-11-20T08:01:09Z",'
        b'"DestinationIP":"203.0.113.10","DestinationPort":443,"DeviceName":"","Email":"",'
        b'"HTTPHost":"chat.deepseek.com","HTTPMethod":"GET","HTTPStatusCode":403,'
        b'"HTTPVersion":"HTTP/2","IsIsolated":false,"PolicyName":"No chat","SourceIP":"10.0.0.8",'
        b'"SourcePort":47925,"URL":"https://chat.deepseek.com/"}\n'
    ),
)
