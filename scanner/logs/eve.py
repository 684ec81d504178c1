"""What an EVE record of Suricata means: who asked for which host, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.hosts import HostTable
from scanner.logs.clock import Clock
from scanner.logs.eve_flows import Shown, objects
from scanner.logs.values import count, outcome, text
from scanner.logs.zeek import asked_host, asks_a_proxy, observe
from scanner.model import Action

# Of more names in one record, those beyond are passed over.
NAMES_A_RECORD = 32
# The objects of an event that may name a host.
PARTS = {
    "dns": ("dns",),
    "tls": ("tls",),
    "quic": ("quic",),
    "http": ("http",),
    "alert": ("dns", "tls", "quic", "http"),
}
ANSWERS = ("answer", "response")
_SERVICE_PORTS = frozenset({3128, 8000, 8080, 8443, 8888})


def shown(row: dict[str, Any], kind: str, hosts: HostTable, clock: Clock, line: int) -> list[Shown]:
    """Return what a record shows about wanted hosts, its fields under the names that Zeek has."""
    blocks = kind == "alert" and _blocks(row)
    flow = row.get("flow_id")
    flow = flow if isinstance(flow, int | str) else None
    when = row.get("timestamp") or row.get("@timestamp")
    common = {"ts": when, "id.orig_h": _client(row)}
    every = []
    for name in PARTS[kind]:
        part = row.get(name)
        if not isinstance(part, dict):
            continue
        for log, host, fields, key in _acts(name, part, hosts):
            seen = observe(log, {**common, **fields}, host, clock, line)
            if seen is not None:
                if blocks:
                    seen = seen._replace(action=Action.BLOCKED)
                elif part.get("version") == "UNDETERMINED":  # no word of the server was seen
                    seen = seen._replace(action=Action.UNKNOWN)
                by = kind if kind != "dns" or "rcode_name" not in fields else "answer"
                every.append(Shown(seen, flow, (log, host, *key), by))
    return every


def http_host(hostname: object, url: object, method: object, hosts: HostTable) -> str | None:
    raw = hostname if isinstance(hostname, str) else ""
    host = hosts[raw]
    if not isinstance(url, str) or (host and url.startswith("/")):
        return host
    return asked_host({"host": raw, "uri": url, "method": method}, host, hosts)


# Zeek's name for the log, the host, the fields under Zeek's names, what tells this act from others.
_Asked = tuple[str, str, dict[str, Any], tuple[str | None, ...]]


def _acts(name: str, part: dict[str, Any], hosts: HostTable) -> Iterator[_Asked]:
    if name == "dns":
        yield from _of_dns(part, hosts)
    elif name == "http":
        url, method = part.get("url"), part.get("http_method")
        if host := http_host(part.get("hostname"), url, method, hosts):
            fields = {
                "uri": url,
                "method": method,
                "proxied": asks_a_proxy(method, url),
                "status_code": part.get("status"),
                "response_body_len": part.get("length"),
            }
            yield "http", host, fields, (text(part.get("url")),)
    elif isinstance(part.get("sni"), str) and (host := hosts[part["sni"]]):
        yield ("quic" if name == "quic" else "ssl"), host, {}, ()


def _of_dns(dns: dict[str, Any], hosts: HostTable) -> Iterator[_Asked]:
    asked = [dns, *objects(dns.get("queries")), *objects(dns.get("query"))]
    answers = objects(dns.get("answer"))
    is_answer = dns.get("type") in ANSWERS or (bool(answers) and len(asked) == 1)
    for question in (asked + answers)[: NAMES_A_RECORD + 1]:
        name = question.get("rrname")
        if isinstance(name, str) and (host := hosts[name]):
            fields = {"qtype_name": question.get("rrtype")}
            if is_answer:  # a question has a code as well since version 3, and it means nothing
                fields |= _outcome({**dns, **question})
            yield "dns", host, fields, (text(question.get("id")) or text(dns.get("id")),)


def _outcome(answer: dict[str, Any]) -> dict[str, Any]:
    records = [answer, *objects(answer.get("answers"))]
    addresses = [one.get("rdata") for one in records if one.get("rrtype") in ("A", "AAAA")]
    grouped = answer.get("grouped")
    if isinstance(grouped, dict):
        lists = [grouped.get(name) for name in ("A", "AAAA")]
        addresses += [one for several in lists if isinstance(several, list) for one in several]
    known = [shown for address in addresses if (shown := text(address))]
    return {"rcode_name": text(answer.get("rcode")), "answers": known}


def _blocks(row: dict[str, Any]) -> bool:
    """Whether an alert stopped the traffic: the rule said so, or the packet's verdict."""
    words = (part.get("action") for part in objects([row.get("alert"), row.get("verdict")]))
    return any(outcome(text(word)) is Action.BLOCKED for word in words)


def _client(row: dict[str, Any]) -> str | None:
    """Return the side that is not the service: answers and alerts may come from the server."""
    source, destination = text(row.get("src_ip")), text(row.get("dest_ip"))
    match row.get("direction"):
        case "to_server":
            return source
        case "to_client":
            return destination
    is_server = _is_service(row.get("src_port")) and not _is_service(row.get("dest_port"))
    return destination if is_server else source


def _is_service(port: object) -> bool:
    number = count(port)
    return number is not None and (number < 1024 or number in _SERVICE_PORTS)
