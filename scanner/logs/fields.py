"""Records that name their fields: what the common names mean, for CSV and JSON lines.

The dictionary holds names as exporters write them (ECS, OCSF, Sentinel, Cloudflare, NextDNS and
plain ones), compared without regard to case and to ``_``, ``-``, blanks and dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs.clock import Clock
from scanner.logs.values import count, text
from scanner.model import Action, Channel, Observation, Sighting

# For each meaning the names it goes by, best first.
_NAMES: dict[str, tuple[str, ...]] = {
    "query": (
        "dns.question.name", "query.hostname", "query_name", "queryname", "dns_query", "dnsquery",
        "query", "qname", "qh", "rrname", "question",
    ),
    "sni": ("tls.client.server_name", "tls.sni", "sni", "server_name", "ssl_server_name", "ssl_sni"),
    "url": (
        "url.full", "url.original", "http_request.url.url_string", "url", "request_url",
        "requesturl", "uri", "full_url", "web_url", "cs_uri", "remoteurl",
    ),
    "host": (
        "url.domain", "destination.domain", "http_request.url.hostname", "dst_endpoint.hostname",
        "http_host", "httphost", "cs_host", "dest_host", "desthost", "dhost", "dst_host",
        "destinationhostname", "destination_host", "destination_domain", "domain_name",
        "domainname", "domain", "fqdn", "hostname", "host", "site",
    ),
    "client": (
        "source.ip", "src_endpoint.ip", "client.ip", "client_ip", "clientip", "src_ip", "srcip",
        "srcipaddr", "source_ip", "sourceip", "c_ip", "src", "client_address", "srcaddr",
        "source_address", "local_ip", "ip", "remote_addr", "client", "source",
    ),
    "user": (
        "user.name", "user.email", "src_user", "srcusername", "source_user", "sourceusername",
        "username", "user_name", "cs_username", "suser", "login", "user_email", "email", "user",
        "account",
    ),
    "time": (
        "@timestamp", "timestamp", "ts", "time", "datetime", "date_time", "event_time",
        "eventtime", "timegenerated", "start_time", "starttime", "query_timestamp", "date", "t",
    ),
    "action": (
        "event.action", "action", "disposition", "device_action", "deviceaction", "act", "verdict",
        "decision", "resolverdecision", "policy_action", "status",
    ),
    "status": ("http.response.status_code", "status_code", "sc_status", "http_status", "response_code"),
    "rcode": ("dns.response_code", "rcode", "rcode_name", "response_code_name", "dns_rcode"),
    "qtype": ("dns.question.type", "query_type", "querytype", "querytypename", "qtype", "qt", "rrtype", "record_type"),
    "method": ("http.request.method", "request_method", "http_method", "cs_method", "method"),
    "bytes_up": ("source.bytes", "bytes_out", "bytes_sent", "sentbytes", "sent_bytes", "cs_bytes", "request_bytes", "requestsize", "upload", "bytes_up", "sent"),
    "bytes_down": ("destination.bytes", "bytes_in", "bytes_received", "receivedbytes", "rcvd_bytes", "sc_bytes", "response_bytes", "responsesize", "download", "bytes_down", "received"),
}  # fmt: skip
_HOST_MEANINGS = ("query", "sni", "url", "host")
_ACTIONS = {
    Action.BLOCKED: (
        "block", "blocked", "deny", "denied", "drop", "dropped", "reject", "rejected", "refused",
        "forbidden", "sinkhole", "sinkholed", "reset", "isolate", "quarantine",
    ),
    Action.ALLOWED: (
        "allow", "allowed", "permit", "permitted", "accept", "accepted", "pass", "passed", "ok",
        "noerror", "success", "succeeded", "observed", "default", "proxied", "bypass",
        "allowedondomain",
    ),
    Action.NXDOMAIN: ("nxdomain",),
    Action.ERROR: ("servfail", "error", "failed", "timeout", "failure"),
}  # fmt: skip
_ACTION_OF = {word: action for action, words in _ACTIONS.items() for word in words}


def plain_name(name: str) -> str:
    """Return a field name without case and separators: ``Src_IP`` and ``srcIp`` are one."""
    return re.sub(r"[^a-z0-9@]", "", name.lower())


_MEANING = {
    plain_name(name): (meaning, rank)
    for meaning, names in _NAMES.items()
    for rank, name in enumerate(names)
}


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field of a record means what. ``host`` is the field that a wanted host is looked up in."""

    by_meaning: Mapping[str, str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Fields | None:
        """Find the meanings in a record's field names; None if none of them can hold a host."""
        best: dict[str, tuple[int, str]] = {}
        for name in names:
            meaning, rank = _MEANING.get(plain_name(name), ("", 0))
            if meaning and (meaning not in best or rank < best[meaning][0]):
                best[meaning] = (rank, name)
        found = {meaning: name for meaning, (_, name) in best.items()}
        return cls(found) if any(meaning in found for meaning in _HOST_MEANINGS) else None

    @property
    def count(self) -> int:
        return len(self.by_meaning)

    def host(self, record: Mapping[str, object], hosts: HostTable) -> tuple[str | None, str]:
        """Return what the table says of the record's host, and the meaning it was found under."""
        for meaning in _HOST_MEANINGS:
            value = record.get(self.by_meaning.get(meaning, ""))
            if not isinstance(value, str) or value in ("", "-"):
                continue
            if meaning == "url" and value.startswith("/"):
                continue  # a path alone: the host stands in a field of its own
            raw = value.encode("utf-8", "surrogatepass")
            found = hosts[host_of_url(raw) if meaning != "query" else raw]
            if found != "":
                return found, meaning
        return "", "host"

    def observe(
        self, record: Mapping[str, object], host: str, meaning: str, clock: Clock, line: int
    ) -> Observation:
        """Return what a record about ``host`` shows."""
        when, quality = clock.any(self._get(record, "time"))
        method = str(self._get(record, "method") or "").upper()
        kind, channel = _kind(meaning, method, "url" in self.by_meaning)
        is_dns = channel is Channel.DNS
        return Observation(
            channel=channel,
            value=host,
            ts=when,
            kind=kind,
            client=text(self._get(record, "client")),
            user=text(self._get(record, "user")),
            action=self._action(record, is_dns),
            bytes_up=count(self._get(record, "bytes_up")),
            bytes_down=count(self._get(record, "bytes_down")),
            path=self._path(record) if kind is Sighting.HTTP_URL else None,
            qtype=_qtype(self._get(record, "qtype")) if is_dns else None,
            line=line,
            time_quality=quality,
        )

    def _get(self, record: Mapping[str, object], meaning: str) -> object:
        return record.get(self.by_meaning.get(meaning, ""))

    def _path(self, record: Mapping[str, object]) -> str | None:
        url = text(self._get(record, "url")) or ""
        return path_of_url(url.encode("utf-8", "surrogatepass"))

    def _action(self, record: Mapping[str, object], is_dns: bool) -> Action:
        words = [str(self._get(record, "action") or ""), str(self._get(record, "rcode") or "")]
        status = str(self._get(record, "status") or "")
        for word in words:
            if action := _ACTION_OF.get(plain_name(word)):
                return action
            if word.isdigit() and not is_dns:  # "status" may hold an HTTP code
                status = status or word
        if status == "407":
            return Action.CHALLENGED
        if status in ("502", "503", "504"):
            return Action.ERROR
        return Action.ALLOWED if status.isdigit() and len(status) == 3 else Action.UNKNOWN


def _kind(meaning: str, method: str, has_url: bool) -> tuple[Sighting, Channel]:
    if meaning == "query":
        return Sighting.DNS_QUERY, Channel.DNS
    if meaning == "sni":
        return Sighting.TLS_SNI, Channel.TLS
    if method == "CONNECT":
        return Sighting.HTTP_CONNECT, Channel.PROXY
    if meaning == "url" or has_url or method:
        return Sighting.HTTP_URL, Channel.PROXY
    return Sighting.NAME, Channel.LOG


def _qtype(value: object) -> str | None:
    """Return the record type's name: ``1 (A)`` and ``A`` are A."""
    written = text(value)
    named = re.search(r"\((\w+)\)", written) if written else None
    return named[1] if named else written
