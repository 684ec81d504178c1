r"""Sophos Firewall (XG, SFOS) and Sophos UTM: web filter, TLS and application records.

    device="SFW" date=2026-11-20 time=08:01:02 timezone="CET" device_name="XG1" log_id=050901616001 log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" user_name="ana" url="https://api.openai.com/" src_ip=10.0.0.7 sent_bytes=1832 recv_bytes=5120 domain=api.openai.com
    2026:11:20-08:01:02 utm1 httpproxy[6267]: id="0001" severity="info" sys="SecureWeb" sub="http" name="http access" action="pass" method="GET" srcip="10.0.0.7" user="ana" statuscode="200" size="311" url="https://claude.ai/chat"

Newer firewalls write ``timestamp`` with its zone. A URL of https without a path is a site of
which no more is known. Time zones are names; one that several zones share is not believed. The
fields of TLS records (``log_type="SSL"``) are from documentation.
Reference: https://docs.sophos.com/nsg/sophos-firewall/21.0/Help/en-us/webhelp/onlinehelp/AdministratorHelp/Logs/LogsSyslog/
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Format
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.keyvalue import pairs, sole_value
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import NOT_A_PROXYS
from scanner.logs.values import count, outcome, text
from scanner.model import Action, Channel, Observation, Sighting

_FIREWALL = re.compile(rb"[ ,]log_type=.{0,400}?[ ,]log_component=")
_UTM = re.compile(rb'(?:^|[ >])id="\d{4}" severity="\w*" sys="\w+" sub="\w+" ')
# The reverse proxy of the UTM, before servers of one's own.
_UTM_SERVER = re.compile(rb'(?:^|[ >])id="\d{4}" srcip="[^"]{0,45}" localip="')
_HEAD = 1500
_WEB = (
    "Content Filtering",
    "SSL",
    "Firewall",
    "ATP",
    "Application Filter",
    "Anti-Virus",
    "Sandbox",
)
_OF_SERVERS = ("WAF", "Web Server Protection")
_OF_MAIL = ("SMTP", "SMTPS", "POP3", "POP3S", "POPS", "IMAP4", "IMAP", "IMAPS", "FTP")
_UTM_TIME = re.compile(rb"(\d{4}):(\d\d):(\d\d)-(\d\d:\d\d:\d\d) ")
_OFFSET = re.compile(r"([+-])(\d\d?)(?::?(\d\d))?")
_ZONES = {
    "GMT": "+00:00",
    "UTC": "+00:00",
    "WET": "+00:00",
    "WEST": "+01:00",
    "CET": "+01:00",
    "CEST": "+02:00",
    "EET": "+02:00",
    "EEST": "+03:00",
    "EDT": "-04:00",
    "PDT": "-07:00",
    "PST": "-08:00",
    "JST": "+09:00",
}
_ACTIONS = {
    "warned": Action.CHALLENGED,
    "warn": Action.CHALLENGED,
    "clean": Action.ALLOWED,
    "decrypt": Action.ALLOWED,
    "do not decrypt": Action.ALLOWED,
    "alert": Action.ALLOWED,
    "virus": Action.BLOCKED,
}
_REFUSED_BY_GATEWAY = ("502", "503", "504")
_OPEN = ("start", "interim")


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record shows: a request, a TLS name, an application."""
    is_utm = _UTM.search(line, 0, _HEAD) is not None
    if not is_utm and _FIREWALL.search(line, 0, _HEAD) is None:
        if _UTM_SERVER.search(line, 0, _HEAD):
            return Skipped(NOT_A_PROXYS)
        return Refused("neither log_type and log_component nor id, severity, sys and sub of Sophos")
    if _is_unwanted(line, hosts):
        return ()
    record = pairs(line)
    kind = record.get("sys", "") if is_utm else record.get("log_type", "")
    if is_utm and "action" not in record:
        return Skipped("notice")
    if kind in _OF_SERVERS:
        return Skipped(NOT_A_PROXYS)
    if record.get("log_component") in _OF_MAIL:
        return Skipped("record without a host or an application")
    url = (text(record.get("url")) or "").encode()
    named = text(record.get("sni")) or text(record.get("server_name")) or ""
    site = host_of_url(url) or named.encode() or (record.get("domain") or "").encode()
    if b" " in site:
        return Refused("no host has a blank in it")
    host, method = hosts[site], (text(record.get("method")) or "").upper()
    if host is None:
        host = hosts.of_api(url, method or None)
    if host is None:
        return ()
    if host and (is_utm or kind in _WEB):
        seen = _seen(record, host, line, clock)
        return (_tls(seen) if kind == "SSL" else _request(seen, url, method),)
    return _application(record, kind, line, hosts, clock)


def _is_unwanted(line: bytes, hosts: HostTable) -> bool:
    """Whether a glance shows that the record has a URL, and one that nobody wants."""
    url = sole_value(line, b"url")
    return bool(url and hosts[host_of_url(url)] is None and hosts.of_api(url, None) is None)


def _tls(seen: Observation) -> Observation:
    return seen._replace(channel=Channel.TLS, kind=Sighting.TLS_SNI)


def _request(seen: Observation, url: bytes, method: str) -> Observation:
    path = path_of_url(url)
    is_plain = url.startswith(b"http:")
    # Without decryption only the name of the site is known.
    if method == "CONNECT" or not (method or is_plain or path not in (None, "/")):
        return seen
    return seen._replace(kind=Sighting.HTTP_URL, path=path, method=method or None)


def _application(
    record: dict[str, str], kind: str, line: bytes, hosts: HostTable, clock: Clock
) -> Parsed:
    name = text(record.get("app_name")) or text(record.get("application"))
    if name is None or kind not in _WEB:
        return Skipped("record without a host or an application")
    event = record.get("con_event") or record.get("connevent") or ""
    if event.lower() in _OPEN:
        return Skipped("session that goes on")
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
        client=_first(record, "src_ip", "srcip", "sourceip"),
        user=_first(record, "user_name", "user", "login_user"),
        action=_action(record),
        bytes_up=count(_first(record, "sent_bytes", "bytes_sent")),
        bytes_down=count(_first(record, "recv_bytes", "bytes_received", "size")),
        time_quality=quality,
    )


def _first(record: dict[str, str], *keys: str) -> str | None:
    return next((known for key in keys if (known := text(record.get(key)))), None)


def _action(record: dict[str, str]) -> Action:
    word = (_first(record, "log_subtype", "action") or "").lower()
    status = _first(record, "statuscode", "http_status", "status_code")
    if status == "407":
        return Action.CHALLENGED
    found = _ACTIONS.get(word) or outcome(word) or Action.UNKNOWN
    is_failed = found is Action.ALLOWED and status in _REFUSED_BY_GATEWAY
    return Action.ERROR if is_failed else found


def _time(record: dict[str, str], line: bytes, clock: Clock) -> Time:
    if stamp := text(record.get("timestamp")):
        return clock.any(stamp)
    if (day := record.get("date")) and (hour := record.get("time")):
        return clock.iso(f"{day}T{hour}{_offset(record.get('timezone', ''))}")
    if found := _UTM_TIME.search(line, 0, _HEAD):
        year, month, day_of_month, at = (part.decode() for part in found.groups())
        return clock.iso(f"{year}-{month}-{day_of_month}T{at}")
    return NO_TIME


def _offset(zone: str) -> str:
    """Return the offset of a zone as ISO writes it: CET, +11, +0530; "" if it is not known."""
    if found := _OFFSET.fullmatch(zone.strip()):
        return f"{found[1]}{int(found[2]):02d}:{found[3] or '00'}"
    return _ZONES.get(zone.strip().upper(), "")


FORMAT = Format(
    name="sophos",
    title="Sophos Firewall (XG, SFOS) and Sophos UTM logs",
    read=by_line(parse),
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://docs.sophos.com/nsg/sophos-firewall/21.0/Help/en-us/webhelp/onlinehelp/AdministratorHelp/Logs/LogsSyslog/",
    sample=(
        b'<30>device="SFW" date=2026-11-20 time=09:01:02 timezone="CET" device_name="XG1" device_id=C01001K234RXPA1 log_id=050901616001 log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" status="" priority=Information fw_rule_id=2 user_name="ana" user_gp="Open Group" iap=13 category="Generative AI" category_type="Acceptable" url="https://api.openai.com/v1/models" contenttype="application/json" override_token="" src_ip=10.0.0.7 dst_ip=203.0.113.7 protocol="TCP" src_port=54110 dst_port=443 sent_bytes=1832 recv_bytes=15940 domain=api.openai.com exceptions= activityname="" reason="not eligible"\n'
        b'Nov 20 08:01:09 xg1 device_name="SFW" timestamp="2026-11-20T09:01:09+0100" device_model="SFVH" device_serial_id="C01001BQC8TFFFF" log_id=050902616002 log_type="Content Filtering" log_component="HTTP" log_subtype="Denied" log_version=1 severity="Information" fw_rule_id="12" url="https://chat.deepseek.com" src_ip="10.0.0.8" dst_ip="203.0.113.10" protocol="TCP" src_port=50931 dst_port=443 bytes_sent=19591 bytes_received=285 domain="chat.deepseek.com" http_status="0"\n'
        b'2026:11:20-09:01:12 utm1 httpproxy[6267]: id="0001" severity="info" sys="SecureWeb" sub="http" name="http access" action="pass" method="POST" srcip="10.0.0.9" dstip="203.0.113.9" user="bob" group="staff" ad_domain="corp.example" statuscode="200" cached="0" size="92" request="0x7fad8b180000" url="https://claude.ai/api/chat" referer="https://claude.ai/" error="" authtime="0" ua="Mozilla/5.0" exceptions="" category="170" reputation="trusted" content-type="application/json"\n'
    ),
)
