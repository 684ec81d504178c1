"""Unified Data Model of Google SecOps (Chronicle): network events as JSON lines.

    {"metadata":{"eventTimestamp":"2026-11-21T01:58:16Z","eventType":"NETWORK_DNS"},"principal":{"ip":["10.0.0.7"]},"network":{"dns":{"questions":[{"name":"claude.ai","type":1}]}}}

Names are written ``event_type`` or ``eventType``; an event may stand in ``event``, ``udm`` or ``events``. The
shapes are those of the documentation's samples.
Reference: https://cloud.google.com/chronicle/docs/reference/udm-field-list
"""

from __future__ import annotations

import re
from typing import Any

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.answers import Answer, Outcome, Question, by_json
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Refused, Skipped
from scanner.logs.pairing import WINDOW
from scanner.logs.values import count, dig, outcome, program, said
from scanner.logs.web import answered, sighting
from scanner.model import Action, Channel, Observation, Sighting

_TYPE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_TYPES = ("metadata.event_type", "metadata.eventType", "eventType")
_TIMES = ("metadata.event_timestamp", "metadata.eventTimestamp", "eventTimestamp", "timestamp")
_CLIENTS = ("principal.ip", "principal.hostname", "principal.asset.hostname", "principal.asset.ip")
_USERS = (
    "principal.user.userid", "principal.user.email_addresses", "principal.user.emailAddresses",
    "principal.user.user_display_name", "principal.user.userDisplayName",
)  # fmt: skip
_PROGRAMS = ("principal.process.file.full_path", "principal.process.file.fullPath")
_SNI = ("network.tls.client.server_name", "network.tls.client.serverName")
_HOSTS = ("target.hostname", "target.asset.hostname", "target.domain.name")
_METHOD = "network.http.method"
_DECIDED = ("security_result.action", "securityResult.action")
_ACTIONS = {
    **dict.fromkeys(("ALLOW", "ALLOW_WITH_MODIFICATION"), Action.ALLOWED),
    **dict.fromkeys(("BLOCK", "QUARANTINE"), Action.BLOCKED),
    "CHALLENGE": Action.CHALLENGED,
    "FAIL": Action.ERROR,
}
_RCODES = {"0": Action.ALLOWED, "2": Action.ERROR, "3": Action.NXDOMAIN, "5": Action.BLOCKED}
_QTYPES = {
    "1": "A", "2": "NS", "5": "CNAME", "6": "SOA", "12": "PTR", "15": "MX", "16": "TXT",
    "28": "AAAA", "33": "SRV", "64": "SVCB", "65": "HTTPS",
}  # fmt: skip

Record = dict[str, Any]


def parse(record: Record, hosts: HostTable, clock: Clock) -> Outcome:
    """Return what an event shows about a wanted host."""
    event = _event(record)
    kind = said(event, *_TYPES) or ""
    if not event or not _TYPE.fullmatch(kind):
        return Refused("no metadata with an event type")
    if not kind.startswith("NETWORK_"):
        return Skipped("event of another type")
    asked = said(event, "network.dns.questions.name")
    host, where = (hosts[asked], "dns") if asked else _site(event, hosts)
    if host is None:
        return ()
    if not host:
        return Skipped("event without a host")
    if said(event, "network.direction") == "INBOUND":
        return Skipped("inbound connection")
    seen = _observe(event, host, where, clock)
    if where != "dns":
        return (seen,)
    key = (host, seen.client, seen.qtype, said(event, "network.dns.id"))
    is_answer = dig(event, "network.dns.response") is True or dig(event, "network.dns.answers")
    return (Answer if is_answer else Question)(key, seen)


def _event(record: Record) -> Record:
    """Return the event: what has the parts that say what it is, and who or which network."""
    for event in (record.get("event"), record.get("udm"), dig(record, "events.event"), record):
        if isinstance(event, dict) and any(
            isinstance(event.get(part), dict) for part in ("metadata", "principal")
        ):
            return event
    return {}


def _site(event: Record, hosts: HostTable) -> tuple[str | None, str]:
    """Return what the table says of the site, and where it stood."""
    url = said(event, "target.url") or ""
    named = said(event, *_HOSTS)
    is_path = url.startswith("/")
    site = host_of_url(_raw(url)) if url and not is_path else _raw(named or "") if is_path else b""
    found = hosts[site]
    if found is None:
        found = hosts.of_api(_raw(url), said(event, _METHOD), site)
    if found != "":
        return found, "url"
    for where, name in (("tls", said(event, *_SNI)), ("target", named)):
        if (found := hosts[name or ""]) != "":
            return found, where
    return "", ""


def _raw(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")


def _observe(event: Record, host: str, where: str, clock: Clock) -> Observation:
    url = said(event, "target.url")
    path = path_of_url(_raw(url)) if url else None
    method = (said(event, _METHOD) or "").upper() or None
    kind, channel = _kind(event, where, url, path, method)
    is_page, is_question = kind is Sighting.HTTP_URL, kind is Sighting.DNS_QUERY
    when, quality = _time(event, clock)
    qtype = said(event, "network.dns.questions.type")
    return Observation(
        channel=channel,
        value=host,
        ts=when,
        kind=kind,
        client=said(event, *_CLIENTS),
        user=said(event, *_USERS),
        action=_action(event, is_question),
        bytes_up=None if is_question else _count(event, "network.sent_bytes", "network.sentBytes"),
        bytes_down=None
        if is_question
        else _count(event, "network.received_bytes", "network.receivedBytes"),
        path=path if is_page else None,
        qtype=_QTYPES.get(qtype, qtype) if is_question and qtype else None,
        time_quality=quality,
        method=method if is_page else None,
        process=program(said(event, *_PROGRAMS)),
    )


def _kind(
    event: Record, where: str, url: str | None, path: str | None, method: str | None
) -> tuple[Sighting, Channel]:
    if where == "dns":
        return Sighting.DNS_QUERY, Channel.DNS
    if where == "url":
        return sighting(url, path, method)
    if where == "tls":
        return Sighting.TLS_SNI, Channel.TLS
    if method or dig(event, "network.http") is not None:
        return Sighting.HTTP_CONNECT, Channel.PROXY
    return Sighting.NAME, Channel.FLOW


def _count(event: Record, *paths: str) -> int | None:
    return count(said(event, *paths))


def _time(event: Record, clock: Clock) -> Time:
    for name in _TIMES:
        written = dig(event, name)
        if isinstance(written, dict):  # as protocol buffers write it
            written = dig(written, "seconds")
        time = clock.any(written)
        if time[0] is not None:
            return time
    return NO_TIME


def _action(event: Record, is_question: bool) -> Action:
    decided = _ACTIONS.get(said(event, *_DECIDED) or "")
    if decided in (Action.BLOCKED, Action.CHALLENGED):
        return decided
    if is_question:
        code = said(event, "network.dns.response_code", "network.dns.responseCode")
        worded = outcome(said(event, "additional.response_code"))
        happened = _RCODES.get(code or "") or worded
    else:
        happened = answered(said(event, "network.http.response_code", "network.http.responseCode"))
    return happened or decided or Action.UNKNOWN


FORMAT = Format(
    name="udm",
    title="Google SecOps (Chronicle) UDM events",
    read=by_json(parse),
    specificity=60,
    proves=OF_A_PROXY | {Proof.PROCESS},
    reference="https://cloud.google.com/chronicle/docs/reference/udm-field-list",
    sample=(
        b'{"metadata":{"eventTimestamp":"2026-11-21T01:58:16.647245Z","eventType":"NETWORK_DNS"},'
        b'"principal":{"ip":["10.0.0.7"]},"target":{"ip":["10.0.0.1"]},"network":{"applicationProtocol":"DNS",'
        b'"dns":{"questions":[{"name":"api.openai.com","type":1,"class":1}],"id":12345}}}\n'
        b'{"metadata":{"event_timestamp":"2026-11-21T01:58:17Z","event_type":"NETWORK_HTTP"},'
        b'"network":{"http":{"method":"POST","response_code":200},"sent_bytes":"18120","received_bytes":"5120"},'
        b'"principal":{"hostname":"pc8","ip":["10.0.0.8"],"user":{"userid":"ana"}},'
        b'"target":{"hostname":"claude.ai","url":"https://claude.ai/api/chat"}}\n'
        b'{"metadata":{"event_timestamp":"2026-11-21T01:58:18Z","event_type":"USER_LOGIN"},"principal":{"ip":["10.0.0.8"]}}\n'
    ),
    window=WINDOW,
)
