r"""Netskope events and alerts, as its API and its log shipper give them: JSON.

    {"type":"page","timestamp":1795161662,"user":"ana@corp.example","srcip":"10.0.0.7","url":"chatgpt.com/c/1","site":"ChatGPT","ccl":"medium",...}

``site`` and ``app`` are names of applications and never hosts. A connection that passed unopened
has a URL of the host alone. Scans of what is stored in a cloud are nobody's visits.
Reference: https://docs.netskope.com/en/get-events-data/
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import count, outcome, text
from scanner.model import Action, Channel, Observation, Sighting

# What Netskope alone calls its kinds of records, and what it calls all of them.
_OWN_TYPES = frozenset({"nspolicy", "admin_audit_logs", "malsite", "uba"})
_TYPES = _OWN_TYPES | {
    "page", "application", "connection", "network", "audit", "infrastructure", "alert",
    "endpoint", "incident", "policy", "dlp", "malware", "anomaly",
}  # fmt: skip
_OUTCOMES = {"alert": Action.ALLOWED, "restore": Action.UNKNOWN, "useralert": Action.UNKNOWN}


class _Event(msgspec.Struct):
    """The fields that say something about a visit, or tell the product."""

    type: Any = None
    record_type: Any = None
    ccl: Any = None
    ur_normalized: Any = None
    organization_unit: Any = None
    traffic_type: Any = None
    access_method: Any = None
    scan_type: Any = None
    timestamp: Any = None
    user: Any = None
    srcip: Any = None
    userip: Any = None
    hostname: Any = None
    url: Any = None
    domain: Any = None
    dsthost: Any = None
    app: Any = None
    action: Any = None
    client_bytes: Any = None
    server_bytes: Any = None


def parse(event: _Event, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what an event shows."""
    if not _is_own(event):
        return Refused("no event of Netskope")
    if text(event.scan_type):
        return Skipped("scan of what is stored")
    url = (text(event.url) or "").encode("utf-8", "surrogatepass")
    host = hosts[host_of_url(url)]
    if host == "":
        url = (text(event.domain) or text(event.dsthost) or "").encode("utf-8", "surrogatepass")
        host = hosts[url]
    if host is None:
        host = hosts.of_api(url, None)
    if host is None:
        return ()
    app = None if host else hosts.of_app(text(event.app) or "")
    if not host and not app:
        return Skipped("record without a host")
    return (_observe(event, host or app or "", _kind(host, url), url, clock),)


def _observe(event: _Event, value: str, kind: Sighting, url: bytes, clock: Clock) -> Observation:
    when, quality = clock.any(event.timestamp)
    return Observation(
        channel=_channel(event, kind),
        value=value,
        ts=when,
        kind=kind,
        client=text(event.srcip) or text(event.userip) or text(event.hostname),
        user=_user(event),
        action=_action(event),
        bytes_up=count(event.client_bytes),
        bytes_down=count(event.server_bytes),
        path=path_of_url(url) if kind is Sighting.HTTP_URL else None,
        time_quality=quality,
    )


def _is_own(event: _Event) -> bool:
    """Whether the record is of a kind that Netskope knows, and has what its records have."""
    kinds = {kind for kind in (event.type, event.record_type) if isinstance(kind, str)}
    marks = (event.ccl, event.ur_normalized, event.organization_unit, event.traffic_type)
    if not _OWN_TYPES.isdisjoint(kinds):
        return True
    return not _TYPES.isdisjoint(kinds) and sum(mark is not None for mark in marks) >= 2


def _kind(host: str | None, url: bytes) -> Sighting:
    if not host:
        return Sighting.APP
    return Sighting.HTTP_CONNECT if path_of_url(url) is None else Sighting.HTTP_URL


def _channel(event: _Event, kind: Sighting) -> Channel:
    if kind is Sighting.APP or "network" in (event.type, event.record_type):
        return Channel.FLOW
    return Channel.LOG if event.access_method == "API Connector" else Channel.PROXY


def _user(event: _Event) -> str | None:
    """Return the person; an address stands for one whom nobody knows."""
    user = text(event.user)
    return None if user in (event.srcip, event.userip) else user


def _action(event: _Event) -> Action:
    word = text(event.action)
    if word is None:  # an event is of what went through, unless it says otherwise
        return Action.ALLOWED if event.type in ("page", "connection") else Action.UNKNOWN
    return _OUTCOMES.get(word.lower()) or outcome(word) or Action.UNKNOWN


FORMAT = Format(
    name="netskope",
    title="Netskope events and alerts (JSON)",
    read=by_json(_Event, parse),
    specificity=65,
    proves=OF_A_PROXY,
    reference="https://docs.netskope.com/en/get-events-data/",
    sample=(
        b'{"_id":"a1","access_method":"Client","app":"ChatGPT","category":"Generative AI","ccl":"medium",'
        b'"client_bytes":18120,"domain":"chatgpt.com","dstip":"203.0.113.7","dstport":443,'
        b'"hostname":"LAPTOP7","numbytes":23240,"organization_unit":"","page":"chatgpt.com",'
        b'"server_bytes":5120,"site":"ChatGPT","srcip":"10.0.0.7","timestamp":1795161662,'
        b'"traffic_type":"CloudApp","type":"page","ur_normalized":"ana@corp.example",'
        b'"url":"chatgpt.com/c/1","user":"ana@corp.example"}\n'
        b'{"_id":"a2","access_method":"Client","action":"block","activity":"Upload","alert":"yes",'
        b'"app":"DeepSeek","ccl":"poor","policy":"No AI","site":"DeepSeek","srcip":"10.0.0.8",'
        b'"timestamp":1795161669,"traffic_type":"CloudApp","type":"nspolicy",'
        b'"ur_normalized":"bob@corp.example","url":"https://chat.deepseek.com/api/v0/file/upload",'
        b'"user":"bob@corp.example"}\n'
        b'{"_id":"a3","audit_log_event":"Login Successful","ccl":"unknown","organization_unit":"",'
        b'"timestamp":1795161670,"type":"admin_audit_logs","user":"admin@corp.example"}\n'
    ),
)
