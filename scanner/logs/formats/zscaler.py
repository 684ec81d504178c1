r"""Zscaler Internet Access, as its log streaming (NSS) writes it: web, DNS and firewall records.

    {"sourcetype":"zscalernss-web","event":{"time":"Fri Nov 20 08:01:02 2026","login":"ana@corp.example",...}}

Records are JSON objects, or ``key=value`` cells with tabs between them. The feed is what an
administrator wrote down, so that a field goes by several names; a feed of values alone needs a
mapping. Times name no zone unless ``tz`` does, URLs have no scheme, and of an unopened TLS
session only the host is known. The name of a place stands for a user whom nobody asked.
Reference: https://help.zscaler.com/zia/nss-feed-output-format-web-logs
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import UTC
from typing import Any
from urllib.parse import unquote

import msgspec

from scanner.hosts import HostTable, fold, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import count, decoded, outcome, text
from scanner.logs.web import answered
from scanner.model import Action, Channel, Observation, Sighting

_NO_METHOD = "invalid"
_UNOPENED = frozenset({"SSL", "TUNNEL", "TUNNEL_SSL", "HTTP_PROXY"})
_ANSWERS = {
    "0.0.0.0": Action.BLOCKED,  # noqa: S104 - an answer, not an address to bind
    "refused": Action.BLOCKED,
    "nxdomain": Action.NXDOMAIN,
    "servfail": Action.ERROR,
}


class _Event(msgspec.Struct):
    """The fields of all feeds that say something about a visit."""

    vendor: Any = None
    time: Any = None
    datetime: Any = None
    epochtime: Any = None
    tz: Any = None
    url: Any = None
    eurl: Any = None
    b64url: Any = None
    host: Any = None
    hostname: Any = None
    urlclass: Any = None
    ClientIP: Any = None
    cip: Any = None
    cltip: Any = None
    login: Any = None
    user: Any = None
    location: Any = None
    locationname: Any = None
    devicehostname: Any = None
    proto: Any = None
    protocol: Any = None
    action: Any = None
    reqmethod: Any = None
    requestmethod: Any = None
    respcode: Any = None
    status: Any = None
    reqsize: Any = None
    requestsize: Any = None
    respsize: Any = None
    responsesize: Any = None
    dns_req: Any = None
    dns_reqtype: Any = None
    dns_resp: Any = None
    reqaction: Any = None
    resaction: Any = None
    clt_sip: Any = None
    csip: Any = None
    nwapp: Any = None
    cltdomain: Any = None
    cdfqdn: Any = None
    inbytes: Any = None
    outbytes: Any = None


class _Record(_Event):
    """A record, by itself or in the envelope that Splunk wants."""

    sourcetype: Any = None
    event: _Event | None = None


_decode = msgspec.json.Decoder(_Record).decode


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record shows."""
    if line.lstrip()[:1] == b"{":
        try:
            record = decoded(_decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Refused(f"not such a JSON record: {error}")
        when = NO_TIME
    elif b"\t" in line:
        head, *cells = line.decode("utf-8", "replace").split("\t")
        pairs = {
            key: value.strip('"')
            for key, _, value in (cell.partition("=") for cell in (head, *cells))
        }
        record = msgspec.convert(pairs, _Record)
        when = time_of(head.encode("utf-8", "replace"), clock)
    else:
        return Refused("neither a JSON record nor cells with tabs between them")
    return _parse(record.event or record, record.sourcetype, hosts, clock, when)


def _parse(event: _Event, source: object, hosts: HostTable, clock: Clock, sent: Time) -> Parsed:
    seen: Observation | Skipped | None = None
    if event.dns_req is not None:
        seen = _dns(event, hosts)
    elif event.csip is not None and event.nwapp is not None:
        seen = _firewall(event, hosts)
    elif event.urlclass is not None or source == "zscalernss-web" or _is_a_visit(event):
        seen = _web(event, hosts)
    elif _value(event.vendor) != "Zscaler" and not str(source).startswith("zscalernss"):
        return Refused("no record of a Zscaler web, DNS or firewall feed")
    else:
        return Skipped("record of another feed")
    if not isinstance(seen, Observation):
        return seen or ()
    when, quality = _time(event, clock, sent)
    return (seen._replace(ts=when, time_quality=quality, user=_user(event)),)


def _is_a_visit(event: _Event) -> bool:
    return event.vendor == "Zscaler" and _value(event.url, event.eurl) is not None


def _web(event: _Event, hosts: HostTable) -> Observation | Skipped | None:
    url = (_value(event.url, event.eurl) or "").encode("utf-8", "surrogatepass")
    url = url or _encoded(event)
    method = _value(event.reqmethod, event.requestmethod)
    method = None if method == _NO_METHOD else method
    host = hosts[host_of_url(url)]
    if host == "":
        host = hosts[_value(event.host, event.hostname) or ""]
    if host is None:
        host = hosts.of_api(url, method)
    if not host:
        return Skipped("record without a host") if host == "" else None
    path = path_of_url(url)
    is_closed = path is None or (path == "/" and _value(event.proto, event.protocol) in _UNOPENED)
    is_tunnel = method == "CONNECT" or is_closed
    return Observation(
        channel=Channel.PROXY,
        value=host,
        kind=Sighting.HTTP_CONNECT if is_tunnel else Sighting.HTTP_URL,
        client=_value(event.ClientIP, event.cip, event.cltip, event.devicehostname),
        action=_action(event),
        bytes_up=count(_value(event.reqsize, event.requestsize)),
        bytes_down=count(_value(event.respsize, event.responsesize)),
        path=None if is_tunnel else path,
        method=None if is_tunnel else method,
    )


def _encoded(event: _Event) -> bytes:
    """Return the URL of a feed that has it in base 64, if it is one of the host beside it."""
    try:
        url = b64decode(_value(event.b64url) or "", validate=True)
    except ValueError:
        return b""
    host = (_value(event.host, event.hostname) or "").encode("utf-8", "surrogatepass")
    return url if fold(host_of_url(url)) == fold(host) else b""


def _dns(event: _Event, hosts: HostTable) -> Observation | Skipped | None:
    host = hosts[_value(event.dns_req) or ""]
    if not host:
        return Skipped("record without a host") if host == "" else None
    verdicts = {outcome(_verdict(one)) for one in (event.reqaction, event.resaction)}
    answer = _ANSWERS.get((_value(event.dns_resp) or "").lower())
    allowed = Action.ALLOWED if Action.ALLOWED in verdicts else Action.UNKNOWN
    return Observation(
        channel=Channel.DNS,
        value=host,
        kind=Sighting.DNS_QUERY,
        client=_value(event.clt_sip, event.devicehostname),
        action=Action.BLOCKED if Action.BLOCKED in verdicts else answer or allowed,
        qtype=_value(event.dns_reqtype),
    )


def _firewall(event: _Event, hosts: HostTable) -> Observation | Skipped | None:
    """Return a session: with the host that was resolved for it, else the application's name."""
    host = hosts[_value(event.cltdomain, event.cdfqdn) or ""]
    app = None if host else hosts.of_app(_value(event.nwapp) or "")
    if not host and not app:
        return Skipped("record without a host") if host == "" else None
    return Observation(
        channel=Channel.FLOW,
        value=host or app or "",
        kind=Sighting.HTTP_CONNECT if host else Sighting.APP,
        client=_value(event.csip, event.devicehostname),
        action=outcome(_value(event.action)) or Action.UNKNOWN,
        bytes_up=count(_value(event.outbytes)),
        bytes_down=count(_value(event.inbytes)),
    )


def _value(*fields: object) -> str | None:
    """Return the first of a field's spellings that is set."""
    return next((shown for field in fields if (shown := text(field)) is not None), None)


def _verdict(word: object) -> str | None:
    return (_value(word) or "").upper().removeprefix("REQ_").removeprefix("RES_")


def _user(event: _Event) -> str | None:
    user = unquote(_value(event.login, event.user) or "")
    places = (_value(place) for place in (event.location, event.locationname))
    return None if user in {unquote(place or "") for place in places} else user or None


def _action(event: _Event) -> Action:
    status = answered(_value(event.respcode, event.status))
    said = outcome(_value(event.action))
    if status is Action.CHALLENGED or (status is Action.ERROR and said is not Action.BLOCKED):
        return status
    return said or Action.UNKNOWN


def _time(event: _Event, clock: Clock, sent: Time) -> Time:
    written = _value(event.epochtime, event.datetime, event.time)
    if written is None:
        return sent
    is_utc = _value(event.tz) in ("GMT", "UTC")
    return (replace(clock, zone=UTC, zone_is_given=True) if is_utc else clock).any(written)


FORMAT = Format(
    name="zscaler",
    title="Zscaler Internet Access (NSS web, DNS, firewall)",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://help.zscaler.com/zia/nss-feed-output-format-web-logs",
    sample=(
        b'{"sourcetype":"zscalernss-web","event":{"time":"Fri Nov 20 08:01:02 2026",'
        b'"login":"ana@corp.example","proto":"HTTPS","eurl":"api.openai.com/v1/responses",'
        b'"action":"Allowed","appname":"OpenAI","reqsize":"18120","respsize":"5120",'
        b'"urlclass":"Business Use","location":"HQ","cip":"10.0.0.7","reqmethod":"POST",'
        b'"respcode":"200","devicehostname":"LAPTOP7"}}\n'
        b'{"sourcetype":"zscalernss-web","event":{"time":"Fri Nov 20 08:01:09 2026",'
        b'"login":"HQ","proto":"SSL","eurl":"chat.deepseek.com:443",'
        b'"action":"Blocked","appname":"DeepSeek","reqsize":"608","respsize":"0",'
        b'"urlclass":"Bandwidth Loss","location":"HQ","cip":"10.0.0.8","reqmethod":"NA",'
        b'"respcode":"NA","devicehostname":"NA"}}\n'
        b'{"sourcetype":"zscalernss-dns","event":{"datetime":"Fri Nov 20 08:01:00 2026",'
        b'"user":"ana@corp.example","location":"HQ","reqaction":"Allow","resaction":"Allow",'
        b'"dns_reqtype":"A","dns_req":"claude.ai","dns_resp":"203.0.113.9","clt_sip":"10.0.0.7"}}\n'
    ),
)
