"""Records that name their fields: what the common names mean, for CSV and JSON lines.

The dictionary holds names as exporters write them (ECS, OCSF, Sentinel, Cloudflare, NextDNS and
plain ones), compared without regard to case and to ``_``, ``-`` and blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.requests import Request
from scanner.logs.values import count, is_set, outcome, text, without_port
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality

# For each meaning the names it goes by, best first.
_NAMES: dict[str, tuple[str, ...]] = {
    "query": (
        "dns.question.name", "query.hostname", "query_name", "queryname", "dns_query", "dnsquery",
        "query", "qname", "qh", "rrname", "question", "dns.rrname",
    ),
    "sni": ("tls.client.server_name", "tls.sni", "sni", "server_name", "ssl_server_name", "ssl_sni"),
    "url": (
        "url.full", "url.original", "http_request.url.url_string", "full_url", "url", "request_url",
        "requesturl", "uri", "web_url", "target_url", "http.url", "cs_uri", "remoteurl",
        "destination_url", "requested_url", "full_path_url", "url/filename",
    ),
    "host": (
        "url.domain", "destination.domain", "http_request.url.hostname", "dst_endpoint.hostname",
        "http_host", "httphost", "cs_host", "dest_host", "desthost", "dhost", "dst_host",
        "destinationhostname", "destination_host", "destination_domain", "http.hostname", "requested_host",
        "url_domain", "url_host", "dest_name", "dest_domain", "dst_domain",
        "destination_fqdn", "dst_fqdn", "domain_name", "domainname", "domain", "fqdn", "dest", "destination", "remotename",
    ),
    "client": (
        "source.ip", "src_endpoint.ip", "client.ip", "client_ip", "clientip", "src_ip", "srcip",
        "srcipaddr", "source_ip", "sourceip", "c_ip", "src", "client_address", "srcaddr",
        "source_address", "client", "remote_addr", "local_ip", "x_client_ip", "source", "ip",
        "source_ip_address", "client_ip_address", "user_ip", "connection_ip",
    ),
    "user": (
        "user.name", "user.email", "src_user", "srcusername", "source_user", "sourceusername",
        "username", "user_name", "cs_username", "suser", "login", "user_email", "vpn_user_email",
        "email", "user", "usr", "userid",
        "account", "initiatingprocessaccountname", "user_principal_name", "upn", "login_name",
        "remote_user",
    ),
    "time": (
        "@timestamp", "timestamp", "ts", "time", "datetime", "date_time", "event_time",
        "eventtime", "timegenerated", "start_time", "starttime", "query_timestamp", "_time", "t",
        "request_timestamp_epoch", "request_timestamp", "generate_time", "generated_time", "receive_time",
        "log_time", "time_local", "time_iso8601",
    ),
    "date": ("date",),
    "zone": ("tz", "timezone", "time_zone"),
    "path": ("url_path", "uri_path", "cs_uri_path", "cs_uri_stem", "requested_path"),
    "request": ("request", "request_line"),
    "filtered": ("result.isfiltered",),
    "action": (
        "firewall_rule_action", "event.action", "action", "disposition", "device_action",
        "deviceaction", "act", "verdict", "decision", "resolverdecision", "policy_action", "actiontype", "status",
        "pe_action", "result",
    ),
    "status": ("http.response.status_code", "status_code", "sc_status", "http_status", "response_code", "http_status_code", "http_response_code"),
    "rcode": ("dns.response_code", "rcode", "reply_code", "rcode_name", "response_code_name", "dns_rcode"),
    "qtype": ("dns.question.type", "query_type", "querytype", "querytypename", "qtype", "qt", "rrtype", "record_type"),
    "method": ("http.request.method", "request_method", "http_method", "cs_method", "method", "http_request_method", "http_action"),
    "bytes_up": ("source.bytes", "bytes_out", "bytes_sent", "sentbytes", "sent_bytes", "cs_bytes", "request_bytes", "requestsize", "upload", "bytes_up", "sent", "sentbyte", "uploaded_bytes", "upload_bytes", "client_to_server_bytes", "request_length"),
    "bytes_down": ("destination.bytes", "bytes_in", "bytes_received", "receivedbytes", "rcvd_bytes", "sc_bytes", "response_bytes", "responsesize", "download", "bytes_down", "received", "rcvd", "rcvdbyte", "downloaded_bytes", "download_bytes", "server_to_client_bytes", "body_bytes_sent"),
    "client_port": ("source.port", "src_endpoint.port", "src_port", "srcport", "source_port", "sport", "spt", "s_port"),
    "server": (
        "destination.ip", "dst_endpoint.ip", "dest_ip", "destip", "dst_ip", "dstip", "destination_ip",
        "dst_ip_addr", "destination_address", "dst",
    ),
    "server_port": (
        "destination.port", "dst_endpoint.port", "dest_port", "dst_port", "dstport",
        "destination_port", "dport", "dpt",
    ),
}  # fmt: skip
_STRONG = ("query", "sni", "url", "host")
# A machine's own name in half of all logs, and the site in the other half.
_WEAK = frozenset({"host", "hostname", "site"})
# Alone it may as well be what a server sent back, as in nginx logs.
_SENT, _BODY_SENT = "bytessent", "bodybytessent"
# Names that mean something else in the log of a web server or a proxy, told by these meanings.
_DOUBTFUL = frozenset({"query", "question", "servername"})
_OF_REQUESTS = frozenset({"url", "method", "request"})
_HOST_ALONE = re.compile(r"[^/]+")
_USER_ID = "userid"
_NAMED_USER = re.compile(r"[@\\]|^[A-Za-z][A-Za-z.]{1,30}$")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_ZONE = re.compile(r"(?:UTC|GMT)?([+-]\d\d:?\d\d)")
# A request as a web server logs it; one to a proxy names the site.
_OF_A_SERVER = re.compile(r"[A-Z]{3,16} /\S* HTTP/\d")
# Squid's words for a tunnel that it peeks into, whose own record follows.
_PEEKED = frozenset({"NONE_NONE", "NONE", "TAG_NONE"})
# The WebTrends format of firewalls (SonicWall, Stormshield), told by its name for the site.
_WELF_SITE = "dstname"
# No names: what a Stormshield calls an address, and the address of a network card.
_NO_NAME = re.compile(r"host_[\d.]+|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_WELF = {
    _WELF_SITE: ("host", 0),
    "op": ("method", 9),
    "arg": ("path", 9),
    "fwaction": ("action", 0),
    "msg": ("action", 99),  # Web site access denied
}
# Records of users who log in to a firewall of that kind name the domain of the account.
_WELF_OF_ACCOUNTS = frozenset({"fw", "logtype", "domain"})
# A record from one of these ports is about what a server sent.
_OF_SERVERS = frozenset({"53", "80", "443"})
_PRIVILEGED = 1023
# What shippers wrap a record in.
_WRAPPERS = re.compile(r"^(?:properties|jsonpayload|_source|zeek\.(?:dns|ssl|quic|http))\.", re.I)


def plain_name(name: str) -> str:
    """Return a field name without case and separators: ``Src_IP`` and ``srcIp`` are one.

    The dots of nested fields stay: ``host.name`` is the shipper's machine and no host name.
    """
    bare = re.sub(r"#\d+$", "", _WRAPPERS.sub("", name))  # the second column of one name
    return re.sub(r"[^a-z0-9@.]", "", bare.lower())


_MEANING = {
    plain_name(name): (meaning, rank)
    for meaning, names in _NAMES.items()
    for rank, name in enumerate(names)
}


def _meaning(plain: str) -> tuple[str, int]:
    """Return what a name means, and how good a name for it that is; "" if nothing."""
    if plain in _WEAK:
        return "weak", 0
    undotted = plain.replace(".", "")  # a header may be spelled Device.Action
    inner = plain.removeprefix("event.")  # what Splunk's collector and Menlo wrap a record in
    return _MEANING.get(plain) or _MEANING.get(undotted) or _MEANING.get(inner) or ("", 0)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field of a record means what. ``host`` is the field that a wanted host is looked up in."""

    by_meaning: Mapping[str, tuple[str, ...]]  # names by rank, the best first

    @classmethod
    def of(cls, names: Iterable[str]) -> Fields | None:
        """Find the meanings in a record's field names; None if none of them can hold a host."""
        ranked: dict[str, list[tuple[int, str]]] = {}
        plain = {name: plain_name(name) for name in names}
        known = set(plain.values())
        for name in plain:
            meaning, rank = _meaning(plain[name])
            if _WELF_SITE in known:
                meaning, rank = _WELF.get(plain[name], (meaning, rank))
            if plain[name] == "domain" and known >= _WELF_OF_ACCOUNTS:
                continue
            if meaning:
                ranked.setdefault(meaning, []).append((rank, name))
        found = {
            meaning: tuple(name for _, name in sorted(entries, key=itemgetter(0)))
            for meaning, entries in ranked.items()
        }
        _drop_the_doubtful(found)
        can_hold = any(meaning in found for meaning in (*_STRONG, "weak", "request"))
        return cls(found) if can_hold else None

    def first(self) -> tuple[str, str]:
        """Return the field that is looked at first for a host, and its meaning for a glance.

        That is "" where a glance is not enough: a URL beside it may be one of a model API.
        """
        meaning = next(one for one in (*_STRONG, "weak", "request") if one in self.by_meaning)
        is_enough = meaning == "url" or self.by_meaning.keys().isdisjoint(("url", "request"))
        return self.by_meaning[meaning][0], meaning if is_enough else ""

    def host(self, record: Mapping[str, object], hosts: HostTable) -> tuple[str | None, str]:
        """Return what the table says of the record's host, and the meaning it was found under."""
        if (request := self._request(record)) is not None:
            return request.host(hosts), "request"
        for meaning in self._host_meanings(record):
            for name in self.by_meaning.get(meaning, ()):
                value = record.get(name)
                if not isinstance(value, str) or not _may_be_host(meaning, value):
                    continue
                raw = value.encode("utf-8", "surrogatepass")
                site = host_of_url(raw) if meaning != "query" else raw
                found = hosts[site]
                if found is None and "url" in self.by_meaning:
                    found = self._of_api(record, site, hosts)
                if found != "":
                    return found, "host" if meaning == "weak" else meaning
        return "", "host"

    def _of_api(self, record: Mapping[str, object], site: bytes, hosts: HostTable) -> str | None:
        """Return an unwanted host after all, if the URL is one of a model API."""
        url, method = text(self._get(record, "url")), text(self._get(record, "method"))
        if url is None:
            return None
        return hosts.of_api(url.encode("utf-8", "surrogatepass"), method and method.upper(), site)

    def _host_meanings(self, record: Mapping[str, object]) -> tuple[str, ...]:
        """Where to look: a bare ``host`` only where it can be nothing but the site."""
        others = any(meaning in self.by_meaning for meaning in _STRONG)
        url = self._get(record, "url")
        is_request = isinstance(url, str) and url.startswith("/")
        asks = "request" in self.by_meaning or "method" in self.by_meaning
        is_request = is_request or (asks and "url" not in self.by_meaning)
        return (*_STRONG, "weak") if is_request or not others else _STRONG

    def observe(
        self, record: Mapping[str, object], host: str, meaning: str, clock: Clock, line: int
    ) -> Observation:
        """Return what a record about ``host`` shows."""
        when, quality = self._time(record, clock)
        method = str(self._get(record, "method") or "").upper()
        url = text(self._get(record, "url"))
        if (request := self._request(record)) is not None:
            method = method or request.method.decode("ascii", "replace")
            url = request.url.decode("utf-8", "surrogatepass")
        kind, channel = _kind(meaning, method, url)
        is_answer = self._is_of_a_server(record)
        up, down = (
            _size(self._get(record, way))
            for way in (("bytes_down", "bytes_up") if is_answer else ("bytes_up", "bytes_down"))
        )
        is_dns = channel is Channel.DNS
        return Observation(
            channel=channel,
            value=host,
            ts=when,
            kind=kind,
            client=without_port(text(self._get(record, "server" if is_answer else "client"))),
            user=self._user(record),
            action=self._action(record, is_dns),
            bytes_up=up,
            bytes_down=down,
            path=self._path(record, url or "") if kind is Sighting.HTTP_URL else None,
            qtype=_qtype(self._get(record, "qtype")) if is_dns else None,
            line=line,
            time_quality=quality,
            method=(method or None) if kind is Sighting.HTTP_URL else None,
        )

    def _get(self, record: Mapping[str, object], meaning: str) -> object:
        """Return the first value of that meaning that is set."""
        values = (record.get(name) for name in self.by_meaning.get(meaning, ()))
        return next((value for value in values if is_set(value)), None)

    def is_of_a_web_server(self, record: Mapping[str, object]) -> bool:
        """Whether a record's request line names no site: the log of a server, not of a proxy."""
        if "request" not in self.by_meaning or "url" in self.by_meaning:
            return False
        request = self._get(record, "request")
        return isinstance(request, str) and _OF_A_SERVER.match(request) is not None

    def _user(self, record: Mapping[str, object]) -> str | None:
        """Return the user; a number that stands for one is none."""
        for name in self.by_meaning.get("user", ()):
            user = text(record.get(name))
            is_number = plain_name(name).endswith(_USER_ID) and not _NAMED_USER.search(user or "")
            if user is not None and not is_number:
                return user
        return None

    def _request(self, record: Mapping[str, object]) -> Request | None:
        """Return the request line of a proxy's record, if it names a site and no URL does."""
        if "request" not in self.by_meaning or "url" in self.by_meaning:
            return None
        written = self._get(record, "request")
        if not isinstance(written, str):
            return None
        request = Request.of(written.encode("utf-8", "surrogatepass"))
        return request if request is not None and request.is_for_a_proxy else None

    def _is_of_a_server(self, record: Mapping[str, object]) -> bool:
        """Whether the source of a record is a server that answers, and its client the other side."""
        if "server" not in self.by_meaning or "client_port" not in self.by_meaning:
            return False
        port = text(self._get(record, "server_port")) or ""
        is_service = text(self._get(record, "client_port")) in _OF_SERVERS
        return is_service and port.isdigit() and int(port) > _PRIVILEGED

    def _path(self, record: Mapping[str, object], url: str) -> str | None:
        path = text(self._get(record, "path")) or ""
        found = path_of_url(url.encode("utf-8", "surrogatepass"))
        if found is None and path.startswith("/"):
            found = path_of_url(path.encode("utf-8", "surrogatepass"))
        return found

    def _time(self, record: Mapping[str, object], clock: Clock) -> Time:
        time, date = self._get(record, "time"), self._get(record, "date")
        read = NO_TIME
        if date is not None:
            read = self._zoned(f"{text(date)} {text(time) or ''}".strip(), record, clock)
        return read if read[0] is not None else self._zoned(time, record, clock)

    def _zoned(self, written: object, record: Mapping[str, object], clock: Clock) -> Time:
        """Return a time, which may leave its zone to another field."""
        read = clock.any(written)
        if read[1] is not TimeQuality.ASSUMED_ZONE:
            return read
        zone = text(self._get(record, "zone")) or ""
        offset = _ZONE.fullmatch(zone)
        if offset is None and zone not in ("UTC", "GMT", "Z"):
            return read
        told = clock.any(f"{text(written)}{offset[1] if offset else '+00:00'}")
        return told if told[0] is not None else read

    def _action(self, record: Mapping[str, object], is_dns: bool) -> Action:
        if self._get(record, "filtered") is True:
            return Action.BLOCKED
        status = text(self._get(record, "status")) or ""
        if status == "407":
            return Action.CHALLENGED
        if self._is_peek(record):
            return Action.REPEAT
        for meaning in ("action", "rcode"):
            word = text(self._get(record, meaning))
            if action := outcome(word):
                return action
            if word and outcome(word.rpartition(" ")[2]) is Action.BLOCKED:
                return Action.BLOCKED
            if word and word.isdigit() and not is_dns:  # "status" may hold an HTTP code
                status = status or word
        if status == "407":
            return Action.CHALLENGED
        if status in ("502", "503", "504"):
            return Action.ERROR
        return Action.ALLOWED if status.isdigit() and len(status) == 3 else Action.UNKNOWN

    def _is_peek(self, record: Mapping[str, object]) -> bool:
        is_tunnel = str(self._get(record, "method") or "").upper() == "CONNECT"
        is_empty = not count(self._get(record, "bytes_down"))
        words = (record.get(name) for name in self.by_meaning.get("action", ()))
        return is_tunnel and is_empty and any(text(word) in _PEEKED for word in words)


def is_unwanted(meaning: str, raw: bytes, hosts: HostTable) -> bool:
    """Whether the value of a record's first field names a host that nobody wants.

    What ``Fields.host`` would find too, and far sooner; False also where a glance cannot tell.
    """
    if meaning in ("query", ""):
        return meaning != "" and hosts[raw] is None
    if meaning == "url":
        site = host_of_url(raw)
        return hosts[site] is None and hosts.of_api(raw, None, site) is None
    return b"." in raw and hosts[host_of_url(raw)] is None


def _drop_the_doubtful(found: dict[str, tuple[str, ...]]) -> None:
    """Drop meanings that another field makes unlikely: a ``query`` beside a URL is its query."""
    sent = [name for name in found.get("bytes_up", ()) if plain_name(name) == _SENT]
    received = {plain_name(name) for name in found.get("bytes_down", ())}
    if sent and received <= {_BODY_SENT}:
        found["bytes_up"] = tuple(name for name in found["bytes_up"] if name not in sent)
    if not _OF_REQUESTS.isdisjoint(found):
        for meaning in ("query", "sni"):
            sure = tuple(n for n in found.get(meaning, ()) if plain_name(n) not in _DOUBTFUL)
            if meaning in found and not sure:
                del found[meaning]
            elif sure:
                found[meaning] = sure


def _may_be_host(meaning: str, value: str) -> bool:
    if value in ("", "-") or (meaning == "url" and value.startswith(("/", "error:"))):
        return False  # a path alone: the host stands in a field of its own
    if _NO_NAME.fullmatch(value):
        return False
    return meaning not in ("host", "weak") or "." in value or ":" in value


def _size(value: object) -> int | None:
    """Return a number of bytes, which Kibana writes for people: ``1,024``."""
    if isinstance(value, str) and _THOUSANDS.fullmatch(value):
        value = value.replace(",", "")
    return count(value)


def _kind(meaning: str, method: str, url: str | None) -> tuple[Sighting, Channel]:
    if meaning == "query":
        return Sighting.DNS_QUERY, Channel.DNS
    if meaning == "sni":
        return Sighting.TLS_SNI, Channel.TLS
    if method == "CONNECT" or (url and _HOST_ALONE.fullmatch(url)):
        return Sighting.HTTP_CONNECT, Channel.PROXY
    if url or method:
        return Sighting.HTTP_URL, Channel.PROXY
    return Sighting.NAME, Channel.LOG


def _qtype(value: object) -> str | None:
    """Return the record type's name: ``1 (A)`` and ``A`` are A."""
    written = text(value)
    named = re.search(r"\((\w+)\)", written) if written else None
    return named[1] if named else written
