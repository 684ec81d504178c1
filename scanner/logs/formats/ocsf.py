"""Open Cybersecurity Schema Framework: DNS, HTTP and network activity, as in Amazon Security Lake.

    {"class_uid":4003,"activity_id":2,"time":1795226296000,"query":{"hostname":"claude.ai.","type":"A"},"rcode":"NoError","src_endpoint":{"ip":"10.0.0.7"},"action_id":1}

One file may hold events of many classes; those of classes 4001, 4002 and 4003 name a site. The
question and its answer are one use, as are the opening and the closing of a connection.
Reference: https://schema.ocsf.io/1.4.0/classes/dns_activity
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

_NETWORK, _HTTP, _DNS = "4001", "4002", "4003"
_CLASS = re.compile(r"\d{4,8}")
_URL, _METHOD = "http_request.url.url_string", "http_request.http_method"
_URL_HOSTS = ("http_request.url.hostname", "http_request.url.domain", "url.hostname", "url.domain")
_HOSTS = ("dst_endpoint.hostname", "dst_endpoint.domain", "dst_endpoint.name")
_CLIENTS = (
    "src_endpoint.ip",
    "src_endpoint.hostname",
    "device.ip",
    "device.hostname",
    "device.name",
)
_USERS = ("actor.user.name", "actor.user.email_addr", "src_endpoint.owner.name", "actor.user.uid")
_PROGRAMS = ("actor.process.name", "actor.process.file.name", "actor.process.file.path")
# What Zeek and others call an application, and is none.
_PROTOCOLS = frozenset({"http", "https", "ssl", "tls", "quic", "dns", "ntp", "ssh", "smtp", "icmp"})
_INBOUND = "1"
_DISPOSITIONS = {
    **dict.fromkeys(("2", "3", "4", "5", "6", "21", "25", "26"), Action.BLOCKED),
    **dict.fromkeys(("1", "8", "10", "15", "16", "17", "18", "19", "20"), Action.ALLOWED),
    "22": Action.CHALLENGED,
    "23": Action.CHALLENGED,
    "27": Action.ERROR,
}
_ACTIONS = {"1": Action.ALLOWED, "2": Action.BLOCKED, "3": Action.ALLOWED}
_RCODES = {"0": Action.ALLOWED, "2": Action.ERROR, "3": Action.NXDOMAIN, "5": Action.BLOCKED}
# What happens to a connection: opened, and what ends or refuses it.
_OPEN, _ENDS = "1", frozenset({"2", "3"})
_FAILURES = {"4": Action.ERROR, "5": Action.ERROR}
_QUERY, _RESPONSE = "1", "2"

Record = dict[str, Any]


def parse(record: Record, hosts: HostTable, clock: Clock) -> Outcome:
    """Return what an event shows about a wanted host."""
    kind = said(record, "class_uid")
    if kind is None or not _CLASS.fullmatch(kind):
        return Refused("no class_uid")
    if kind not in (_NETWORK, _HTTP, _DNS):
        return Skipped("event of another class")
    host, where = _host(record, kind, hosts)
    if host is None:
        return ()
    if not host:
        return _application(record, hosts, clock)
    if said(record, "connection_info.direction_id") == _INBOUND:
        return Skipped("inbound connection")
    seen = _observe(record, kind, host, where, clock)
    activity = said(record, "activity_id")
    if kind == _DNS:
        key = (kind, host, seen.client, said(record, "src_endpoint.port"), seen.qtype)
        return Question(key, seen) if activity == _QUERY else Answer(key, seen)
    uid = said(record, "connection_info.uid")
    if kind == _NETWORK and uid and activity in (_OPEN, *_ENDS):
        return (Question if activity == _OPEN else Answer)((kind, uid, host), seen)
    return (seen,)


def _host(record: Record, kind: str, hosts: HostTable) -> tuple[str | None, str]:
    """Return what the table says of the host, and where it stood."""
    if kind == _DNS:
        asked = said(record, "query.hostname") or ""
        return hosts[asked], "query"
    url = said(record, _URL) or ""
    in_url = "" if url.startswith("/") else host_of_url(_raw(url)).decode("utf-8", "replace")
    for where, name in (
        ("url", said(record, *_URL_HOSTS) or in_url),
        ("sni", said(record, "tls.sni")),
        ("endpoint", said(record, *_HOSTS)),
    ):
        if name and name.startswith("/"):  # a path of a web application firewall
            continue
        found = hosts[name or ""]
        if found is None and where == "url":
            path = url or said(record, "http_request.url.path") or ""
            found = hosts.of_api(_raw(path), said(record, _METHOD), _raw(name or ""))
        if found != "":
            return found, where
    return "", ""


def _raw(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")


def _application(record: Record, hosts: HostTable, clock: Clock) -> Outcome:
    """Return a session with an application that the firewall knows, but no host."""
    name = said(record, "app_name")
    if name is None or name.lower() in _PROTOCOLS:
        return Skipped("event without a host")
    app = hosts.of_app(name)
    if app is None:
        return ()
    seen = _observe(record, _NETWORK, app, "app", clock)
    return (seen._replace(kind=Sighting.APP, channel=Channel.FLOW),)


def _observe(record: Record, kind: str, host: str, where: str, clock: Clock) -> Observation:
    path = _path(record)
    method = (said(record, _METHOD) or "").upper() or None
    what, channel = _kind(record, kind, where, path, method)
    is_page, is_question = what is Sighting.HTTP_URL, what is Sighting.DNS_QUERY
    when, quality = _time(record, clock)
    is_reply = is_question and said(record, "src_endpoint.port") == "53"
    return Observation(
        channel=channel,
        value=host,
        ts=when,
        kind=what,
        client=said(record, "dst_endpoint.ip") if is_reply else said(record, *_CLIENTS),
        user=said(record, *_USERS),
        action=_action(record, kind),
        bytes_up=None
        if is_question
        else _bytes(record, "traffic.bytes_out", "http_request.length"),
        bytes_down=None
        if is_question
        else _bytes(record, "traffic.bytes_in", "http_response.length"),
        path=path if is_page else None,
        qtype=said(record, "query.type") if is_question else None,
        time_quality=quality,
        method=method if is_page else None,
        process=program(said(record, *_PROGRAMS)),
    )


def _kind(
    record: Record, kind: str, where: str, path: str | None, method: str | None
) -> tuple[Sighting, Channel]:
    if kind == _DNS:
        return Sighting.DNS_QUERY, Channel.DNS
    if where == "url" or (kind == _HTTP and path):
        return sighting(said(record, _URL), path, method)
    if where == "sni":
        return Sighting.TLS_SNI, Channel.TLS
    if kind == _HTTP:
        return Sighting.HTTP_CONNECT, Channel.PROXY
    return Sighting.NAME, Channel.FLOW


def _bytes(record: Record, *paths: str) -> int | None:
    return next((size for path in paths if (size := count(said(record, path))) is not None), None)


def _path(record: Record) -> str | None:
    path = said(record, "http_request.url.path", _URL)
    return path_of_url(_raw(path)) if path else None


def _time(record: Record, clock: Clock) -> Time:
    for name in ("time", "time_dt", "start_time", "metadata.original_time"):
        time = clock.any(dig(record, name))
        if time[0] is not None:
            return time
    return NO_TIME


def _action(record: Record, kind: str) -> Action:
    disposition = _DISPOSITIONS.get(said(record, "disposition_id") or "")
    decided = disposition or _ACTIONS.get(said(record, "action_id") or "")
    if decided in (Action.BLOCKED, Action.CHALLENGED):
        return decided
    if kind == _HTTP:
        happened = answered(said(record, "http_response.code", "http_response.status"))
    elif kind == _DNS:
        happened = _RCODES.get(said(record, "rcode_id") or "") or outcome(said(record, "rcode"))
    else:
        happened = _FAILURES.get(said(record, "activity_id") or "")
    words = outcome(said(record, "disposition")) or outcome(said(record, "action"))
    return happened or decided or words or Action.UNKNOWN


FORMAT = Format(
    name="ocsf",
    title="OCSF DNS, HTTP and network activity",
    read=by_json(parse),
    specificity=60,
    proves=OF_A_PROXY | {Proof.PROCESS},
    reference="https://schema.ocsf.io/1.4.0/classes/dns_activity",
    sample=(
        b'{"class_uid":4003,"activity_id":2,"time":1795226296000,"query":{"hostname":"api.openai.com.","type":"A"},'
        b'"rcode":"NoError","rcode_id":0,"src_endpoint":{"ip":"10.0.0.7","port":51234},"disposition_id":0}\n'
        b'{"class_uid":4002,"activity_id":6,"time":1795226297000,"http_request":{"http_method":"POST",'
        b'"url":{"hostname":"claude.ai","path":"/api/chat"}},"http_response":{"code":200},'
        b'"src_endpoint":{"ip":"10.0.0.8"},"actor":{"user":{"name":"ana"}},"traffic":{"bytes_in":5120,"bytes_out":18120}}\n'
        b'{"class_uid":4001,"activity_id":6,"time":1795226298000,"tls":{"sni":"chat.deepseek.com"},"action_id":2,'
        b'"src_endpoint":{"ip":"10.0.0.9"},"dst_endpoint":{"ip":"203.0.113.7","port":443}}\n'
        b'{"class_uid":3002,"activity_id":1,"time":1795226299000,"user":{"name":"ana"}}\n'
    ),
    window=WINDOW,
)
