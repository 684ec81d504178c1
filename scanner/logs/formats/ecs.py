"""Elastic Common Schema: records of Beats, Elastic Agent and whatever else writes its fields.

    {"@timestamp":"2026-11-21T01:58:16.401Z","ecs":{"version":"8.11.0"},"source":{"ip":"10.0.0.7"},"dns":{"question":{"name":"claude.ai","type":"A"},"response_code":"NOERROR","type":"answer"}}

Fields are nested, or flat with dots, or partly each. ``host`` is the machine that ships the
record, and the one that asked only where the agent watches its own machine.
Reference: https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
"""

from __future__ import annotations

import re
from typing import Any

from scanner.hosts import HostTable, host_of_url, is_absolute_url, path_of_url
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.answers import Answer, Outcome, Question, by_json
from scanner.logs.clock import Clock
from scanner.logs.lines import Refused, Skipped
from scanner.logs.pairing import WINDOW
from scanner.logs.requests import NOT_A_PROXYS
from scanner.logs.values import count, dig, outcome, program, said
from scanner.logs.web import answered, sighting
from scanner.model import Action, Channel, Observation, Sighting

# Objects of the schema, one of which every record has beside its time.
_OBJECTS = re.compile(r"(?:ecs|event|dns|url|tls|http|source|destination|network)(?:\.|$)")
_ADDRESS = re.compile(r"[\d.]+(?::\d+)?|\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?")
_INWARD = frozenset({"inbound", "ingress"})
_CLIENTS = ("source.ip", "client.ip", "source.address", "client.address")
_ANSWERED = ("destination.ip", "server.ip")
_OF_SERVICES = frozenset({"53", "80", "443"})
_USERS = ("user.name", "source.user.name", "client.user.name", "user.email", "source.user.email")
_STATUS = "http.response.status_code"
# Servers of one's own, and what stands before them: they name visitors.
_OF_SERVERS = re.compile(
    r"(?:nginx|apache|apache_tomcat|iis|haproxy|traefik|envoyproxy)\.(?:access|log)|aws\.(?:elb|waf|cloudfront)|akamai\.siem"
    r"|cloudflare_logpush\.(?:http_request|firewall_event)|modsecurity|citrix_waf|barracuda_waf|f5_bigip"
)

Record = dict[str, Any]


def parse(record: Record, hosts: HostTable, clock: Clock) -> Outcome:
    """Return what a record shows about a wanted host."""
    if "@timestamp" not in record or not any(map(_OBJECTS.match, record)):
        return Refused("not a record of the Elastic Common Schema")
    if "winlog" in record or "flow_id" in record:
        return Refused("an event of Windows or of Suricata, not of the schema itself")
    dataset = said(record, "event.dataset", "data_stream.dataset") or ""
    if _OF_SERVERS.match(dataset) and not _is_of_a_proxy(record):
        return Skipped(NOT_A_PROXYS)
    asked = said(record, "dns.question.name", "dns.query.name")  # the latter of Security Onion
    host, meaning = (hosts[asked], "dns") if asked else _site(record, hosts)
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    if said(record, "network.direction") in _INWARD:
        return Skipped("inbound connection")
    if meaning != "dns":
        return (_observe(record, host, meaning, clock),)
    seen = _ask(record, host, clock)
    key = (host, seen.client, seen.qtype, said(record, "dns.id"))
    return (Answer if said(record, "dns.type") == "answer" else Question)(key, seen)


def _site(record: Record, hosts: HostTable) -> tuple[str | None, str]:
    """Return what the table says of the site; one with a name counts before an address."""
    candidates = [
        (name, meaning)
        for name, meaning in (
            (_host_of(_url(record)) or said(record, "url.domain"), "url"),
            (said(record, "tls.client.server_name", "ssl.server_name"), "tls"),
            (said(record, "destination.domain", "server.domain"), "flow"),
        )
        if name
    ]
    if not candidates:
        return "", ""
    named = (one for one in candidates if not _ADDRESS.fullmatch(one[0]))
    name, meaning = next(named, candidates[0])
    found = hosts[name]
    if found is None and meaning == "url":
        url = (_url(record) or said(record, "url.path") or "").encode("utf-8", "surrogatepass")
        raw = name.encode("utf-8", "surrogatepass")
        found = hosts.of_api(url, _method(record), raw)
    return found, meaning


def _is_of_a_proxy(record: Record) -> bool:
    """Whether a request names the site itself, as one to a proxy does."""
    original = said(record, "url.original") or ""
    return _method(record) == "CONNECT" or is_absolute_url(
        original.encode("utf-8", "surrogatepass")
    )


def _url(record: Record) -> str | None:
    url = said(record, "url.full", "url.original")
    return None if url is None or url.startswith("/") else url


def _host_of(url: str | None) -> str | None:
    return host_of_url(url.encode("utf-8", "surrogatepass")).decode() if url else None


def _method(record: Record) -> str | None:
    return (said(record, "http.request.method") or "").upper() or None


def _ask(record: Record, host: str, clock: Clock) -> Observation:
    when, quality = clock.any(record["@timestamp"])
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=_client(record),
        user=said(record, *_USERS),
        action=_blocked(record) or outcome(said(record, "dns.response_code")) or _action(record),
        qtype=said(record, "dns.question.type"),
        time_quality=quality,
        process=program(said(record, "process.name", "process.executable")),
    )


def _observe(record: Record, host: str, meaning: str, clock: Clock) -> Observation:
    when, quality = clock.any(record["@timestamp"])
    kind, channel = _kind(record, meaning)
    is_page = kind is Sighting.HTTP_URL
    return Observation(
        channel=channel,
        value=host,
        ts=when,
        kind=kind,
        client=_client(record),
        user=said(record, *_USERS),
        action=_verdict(record),
        bytes_up=count(dig(record, "source.bytes") or dig(record, "http.request.bytes")),
        bytes_down=count(dig(record, "destination.bytes") or dig(record, "http.response.bytes")),
        path=_path(record) if is_page else None,
        time_quality=quality,
        method=_method(record) if is_page else None,
        process=program(said(record, "process.name", "process.executable")),
    )


def _kind(record: Record, meaning: str) -> tuple[Sighting, Channel]:
    if meaning == "url":
        return sighting(_url(record), _path(record), _method(record))
    if meaning == "flow":
        return Sighting.NAME, Channel.FLOW
    is_quic = said(record, "network.protocol") == "quic"
    return (Sighting.QUIC_SNI if is_quic else Sighting.TLS_SNI), Channel.TLS


def _path(record: Record) -> str | None:
    path = said(record, "url.path")
    if path is None and (url := said(record, "url.full", "url.original")):
        return path_of_url(url.encode("utf-8", "surrogatepass"))
    return path_of_url(path.encode("utf-8", "surrogatepass")) if path else None


def _client(record: Record) -> str | None:
    """Return who asked: the other end where the source is a service that answers."""
    ports = said(record, "source.port"), said(record, "destination.port")
    if ports[0] in _OF_SERVICES and ports[1] not in _OF_SERVICES:
        return said(record, *_ANSWERED)
    client = said(record, *_CLIENTS)
    if client is None and "endpoint" in (said(record, "agent.type"), said(record, "event.module")):
        return said(record, "host.name", "host.hostname")
    return client


def _verdict(record: Record) -> Action:
    status = answered(said(record, _STATUS))
    if status is Action.CHALLENGED:
        return status
    return _blocked(record) or status or _action(record)


def _blocked(record: Record) -> Action | None:
    types = dig(record, "event")
    types = types.get("type") if isinstance(types, dict) else record.get("event.type")
    is_denied = "denied" in types if isinstance(types, list) else types == "denied"
    if is_denied or outcome(said(record, "event.action")) is Action.BLOCKED:
        return Action.BLOCKED
    return None


def _action(record: Record) -> Action:
    words = ("event.action", "event.type", "event.outcome")
    said_of = (outcome(said(record, path)) for path in words)
    return next((action for action in said_of if action), Action.UNKNOWN)


FORMAT = Format(
    name="ecs",
    title="Elastic Common Schema (Packetbeat, Elastic Agent)",
    read=by_json(parse),
    specificity=45,
    proves=OF_A_PROXY | {Proof.PROCESS},
    reference="https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html",
    sample=(
        b'{"@timestamp":"2026-11-21T01:58:16.401Z","agent":{"type":"packetbeat"},"ecs":{"version":"8.11.0"},'
        b'"source":{"ip":"10.0.0.7","port":65020,"bytes":36},"destination":{"ip":"10.0.0.1","port":53},'
        b'"dns":{"id":681,"question":{"name":"api.openai.com","type":"A"},"response_code":"NOERROR","type":"answer"}}\n'
        b'{"@timestamp":"2026-11-21T01:58:17.000Z","ecs":{"version":"8.11.0"},"event":{"action":"blocked"},'
        b'"http":{"request":{"method":"CONNECT","bytes":600}},"source":{"ip":"10.0.0.8"},'
        b'"url":{"domain":"chat.deepseek.com","full":"https://chat.deepseek.com"},"user":{"email":"ana@corp.example"}}\n'
        b'{"@timestamp":"2026-11-21T01:58:18.000Z","ecs.version":"8.11.0","source.ip":"10.0.0.9",'
        b'"destination.domain":"claude.ai","tls.client.server_name":"claude.ai","network.protocol":"tls"}\n'
    ),
    window=WINDOW,
)
