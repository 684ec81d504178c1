r"""Check Point Quantum gateways: logs of the Log Exporter, in its syslog, plain and JSON forms.

    <134>1 2026-11-20T08:01:02Z gw1 CheckPoint 1930 - [action:"Accept"; loguid:"{0x6abca8af,0x1c,0x100014ac,0x3c8a91d2}"; origin:"10.0.0.1"; time:"1795161662"; appi_name:"ChatGPT"; product:"URL Filtering"; resource:"https://chatgpt.com"; src:"10.0.0.7"]

Plain (from documentation) is ``time=1795161662|loguid={0x..}|product=URL Filtering|resource=...``.
Without HTTPS inspection ``resource`` holds the site alone. Repeated keys are one for each layer
of the policy; the first counts. The CEF and LEEF forms are other formats.
Reference: https://sc1.checkpoint.com/documents/R81/WebAdminGuides/EN/CP_R81_LoggingAndMonitoring_AdminGuide/Topics-LMG/Log-Exporter-Appendix.htm
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.keyvalue import colon_pairs, pairs
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import count, decoded, outcome, text
from scanner.model import Action, Channel, Observation, Sighting

_SIGN = re.compile(
    rb'\bloguid(?::"|="?)\{0x[0-9a-f]|"loguid":\s?"\{?0x[0-9a-f]|Fields@1\.3\.6\.1\.4\.1\.2620 |CheckPoint \d+ - \[\w+::?"'
)
_COLONED = re.compile(rb'[\[; ]\w+::?"')
_RESOURCE = re.compile(rb'[; \[]resource:"([^"\\;]++)"')
_HEAD = 4000
# What names the site, best first; the rest of a record names the firewall and its rules.
_SITES = ("resource", "http_host", "dst_domain", "dns_query", "tls_server_host_name")
_DNS_PORT = "53"
_ACTIONS = {
    "bypass": Action.ALLOWED,
    "inspect": Action.ALLOWED,
    "https inspect": Action.ALLOWED,
    "https bypass": Action.ALLOWED,
    "decrypt": Action.ALLOWED,
    "encrypt": Action.ALLOWED,
    "detect": Action.ALLOWED,
    "inform user": Action.ALLOWED,
    "ask user": Action.CHALLENGED,
    "redirect": Action.BLOCKED,
    "prevent": Action.BLOCKED,
}
_REFRESHED = "(+)"
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record shows: a site that was asked for, or an application."""
    if _SIGN.search(line, 0, _HEAD) is None or b"CEF:" in line[:_HEAD] or b"LEEF:" in line[:_HEAD]:
        return Refused("no loguid of Check Point, and no head of its syslog")
    if _is_unwanted(line, hosts):
        return ()
    record = _record(line)
    if record is None:
        return Refused("not a whole JSON record")
    name, site = next(
        ((name, found) for name in _SITES if (found := text(record.get(name)))), ("", "")
    )
    url = site.partition(";")[0].encode()
    host = hosts[host_of_url(url)]
    if host is None and name == "resource":
        host = hosts.of_api(url, text(record.get("method")))
    if host is None:
        return ()
    if not host:
        return _application(record, line, hosts, clock)
    seen = _seen(record, host, line, clock)
    if name == "dns_query" or text(record.get("service")) == _DNS_PORT:
        return (seen._replace(channel=Channel.DNS, kind=Sighting.DNS_QUERY),)
    return (_request(record, seen, name, url),)


def _record(line: bytes) -> dict[str, str] | None:
    """Return what the fields of a record say, in whichever of its forms; None if it is damaged."""
    if line.startswith(b"{"):
        try:
            fields = decoded(_decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return {name: said for name, value in fields.items() if (said := text(value)) is not None}
    return colon_pairs(line) if _COLONED.search(line, 0, _HEAD) else pairs(line)


def _is_unwanted(line: bytes, hosts: HostTable) -> bool:
    """Whether a glance shows that the record is about a site, and one that nobody wants."""
    found = _RESOURCE.search(line)
    return bool(
        found and hosts[host_of_url(found[1])] is None and hosts.of_api(found[1], None) is None
    )


def _request(record: dict[str, str], seen: Observation, name: str, url: bytes) -> Observation:
    method, path = text(record.get("method")), path_of_url(url)
    is_plain = url.startswith(b"http:")
    if name == "tls_server_host_name":
        return seen._replace(channel=Channel.TLS, kind=Sighting.TLS_SNI)
    if name != "resource" or not (method or is_plain or path not in (None, "/")):
        return seen
    return seen._replace(kind=Sighting.HTTP_URL, path=path, method=method and method.upper())


def _application(record: dict[str, str], line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    name = text(record.get("appi_name"))
    if name is None:
        return Skipped("record without a host or an application")
    app = hosts.of_app(name)
    if app is None:
        return ()
    seen = _seen(record, app, line, clock)
    return (seen._replace(channel=Channel.FLOW, kind=Sighting.APP),)


def _seen(record: dict[str, str], value: str, line: bytes, clock: Clock) -> Observation:
    """Return what all records show, as a tunnel of which the host is known."""
    when, quality = _time(record, line, clock)
    return Observation(
        channel=Channel.PROXY,
        value=value,
        ts=when,
        kind=Sighting.HTTP_CONNECT,
        client=text(record.get("proxy_src_ip")) or text(record.get("src")),
        user=_user(record),
        action=_action(record),
        bytes_up=count(record.get("sent_bytes")),
        bytes_down=count(record.get("received_bytes")),
        time_quality=quality,
    )


def _user(record: dict[str, str]) -> str | None:
    """Return the person; the mark of a login that was renewed is no part of the name."""
    for key in ("src_user_name", "user"):
        if known := text(record.get(key, "").strip().removesuffix(_REFRESHED)):
            return known
    return None


def _action(record: dict[str, str]) -> Action:
    word = (text(record.get("action")) or text(record.get("rule_action")) or "").lower()
    return _ACTIONS.get(word) or outcome(word) or Action.UNKNOWN


def _time(record: dict[str, str], line: bytes, clock: Clock) -> Time:
    """Return the time of the record, or that of the syslog head before it."""
    written = text(record.get("time"))
    time = clock.any(written) if written else NO_TIME
    if time[0] is None:
        time = NO_TIME
    return time if time[0] is not None else time_of(line, clock)


FORMAT = Format(
    name="checkpoint",
    title="Check Point gateway logs (Log Exporter)",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://sc1.checkpoint.com/documents/R81/WebAdminGuides/EN/CP_R81_LoggingAndMonitoring_AdminGuide/Topics-LMG/Log-Exporter-Appendix.htm",
    sample=(
        b'<134>1 2026-11-20T08:01:02Z gw1 CheckPoint 1930 - [action:"Accept"; flags:"411908"; ifdir:"outbound"; ifname:"eth1"; logid:"0"; loguid:"{0x6abca8af,0x1c,0x100014ac,0x3c8a91d2}"; origin:"10.0.0.1"; originsicname:"CN=gw1,O=mgmt.corp.example.x7k2pq"; sequencenum:"1"; time:"1795161662"; version:"5"; __policy_id_tag:"product=VPN-1 & FireWall-1[db_tag={6A1E3F52-9C0B-4D7A-B2E8-11F04C6D9A37};mgmt=mgmt;date=1795110000;policy_name=Standard\\]"; app_category:"Computers / Internet"; app_risk:"2"; dst:"203.0.113.7"; layer_name:"Network"; layer_name:"Web Control"; method:"POST"; product:"URL Filtering"; proto:"6"; resource:"https://api.openai.com/v1/chat/completions"; rule_action:"Accept"; s_port:"52144"; service:"443"; service_id:"https"; src:"10.0.0.7"; src_machine_name:"ws7"; src_user_name:"ana"]\n'
        b'<134>1 2026-11-20T08:01:09Z gw1 CheckPoint 1930 - [action:"Accept"; flags:"444676"; ifdir:"outbound"; ifname:"eth0"; logid:"0"; loguid:"{0x6abca8b6,0x0,0x60e0fe3b,0xda019994}"; origin:"10.0.0.1"; sequencenum:"1"; time:"1795161669"; version:"5"; dst:"10.0.0.2"; product:"VPN-1 & FireWall-1"; proto:"17"; s_port:"46915"; service:"53"; service_id:"domain-udp"; src:"10.0.0.7"]\n'
        b'<134>1 2026-11-20T08:01:12Z gw1 CheckPoint 1930 - [action:"Block"; flags:"311552"; ifdir:"outbound"; ifname:"eth1"; logid:"0"; loguid:"{0x6abca8b9,0x1d,0x100014ac,0x3c8a91d3}"; origin:"10.0.0.1"; sequencenum:"2"; time:"1795161672"; version:"5"; dst:"203.0.113.10"; product:"URL Filtering"; proto:"6"; resource:"https://chat.deepseek.com"; s_port:"52150"; service:"443"; service_id:"https"; src:"10.0.0.8"; src_user_name:"bob"]\n'
    ),
)
