"""AdGuard Home's query log, querylog.json: JSON lines, question and outcome in one record.

    {"T":"2026-11-20T09:01:02.519796+01:00","QH":"api.openai.com","QT":"A","QC":"IN","CP":"doh","CID":"laptop-ana","IP":"10.0.0.7","Answer":"Qz+BgAABAAE=","Result":{},"Elapsed":837429}

Of the answer, a DNS message in base64, the response code alone is looked at. What the API of the
web interface says of a query (from documentation) is read too:

    {"time":"2026-11-20T08:01:02.5Z","client":"10.0.0.7","question":{"class":"IN","name":"api.openai.com","type":"A"},"reason":"NotFilteredNotFound","status":"NOERROR","rules":[]}

Reference: https://github.com/AdguardTeam/AdGuardHome/blob/master/internal/querylog/decode.go
"""

from __future__ import annotations

import binascii
from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import dig, outcome, text
from scanner.model import Action, Channel, Observation, Sighting

# Reasons are written as numbers; the names are those of the web interface.
# https://github.com/AdguardTeam/AdGuardHome/blob/master/internal/filtering/filtering.go
_BLOCKS = frozenset(
    {3, 4, 5, 6, 8}
    | {"FilteredBlackList", "FilteredSafeBrowsing", "FilteredParental"}
    | {"FilteredInvalid", "FilteredBlockedService"}
)
_SAFE_SEARCH = frozenset({7, "FilteredSafeSearch"})
_REWRITES = frozenset({9, 10, 11, "Rewrite", "RewriteEtcHosts", "RewriteRule"})
_SINKHOLES = frozenset({"0.0.0.0", "::"})  # noqa: S104 - answers, not addresses to bind
_ACTION_OF_RCODE = {
    0: Action.ALLOWED,
    2: Action.ERROR,
    3: Action.NXDOMAIN,
    5: Action.BLOCKED,
}


class _Record(msgspec.Struct, gc=False):
    QH: Any = None
    T: Any = None
    QT: Any = None
    QC: Any = None
    IP: Any = None
    CID: Any = None
    Answer: Any = None
    Result: Any = None
    # of the API
    time: Any = None
    question: Any = None
    client: Any = None
    status: Any = None
    reason: Any = None


def parse(record: _Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the question that a record shows."""
    if record.QH is None and record.reason is not None:
        record = _of_api(record)
    name = record.QH
    if not isinstance(name, str) or record.T is None or (record.QT is None and record.QC is None):
        return Refused("not a record of AdGuard Home: no QH, T and QT")
    host = hosts[name]
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    when, quality = clock.any(record.T)
    seen = Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=_word(record.IP) or _word(record.CID),
        action=_action(record),
        qtype=_word(record.QT),
        time_quality=quality,
    )
    return (seen,)


def _of_api(record: _Record) -> _Record:
    """Return a record of the API under the names of the log."""
    return _Record(
        QH=dig(record.question, "name") or dig(record.question, "host"),
        QT=dig(record.question, "type"),
        T=record.time,
        IP=record.client,
        Result={"Reason": record.reason},
        status=record.status,
    )


def _word(value: object) -> str | None:
    """Return a value that is text; an address written as a number is damage."""
    return text(value) if isinstance(value, str) else None


def _action(record: _Record) -> Action:
    result = record.Result if isinstance(record.Result, dict) else {}
    rcode = _rcode(record.Answer)
    answered = outcome(_word(record.status)) or Action.UNKNOWN
    if rcode is not None:
        answered = _ACTION_OF_RCODE.get(rcode, Action.ERROR)
    reason = result.get("Reason")
    if not isinstance(reason, int | str):
        reason = 0
    if reason in _BLOCKS:
        return Action.BLOCKED
    if reason in _REWRITES:
        return _of_rewrite(result, answered)
    if result.get("IsFiltered") is True and reason not in _SAFE_SEARCH:
        return Action.BLOCKED
    return answered


def _of_rewrite(result: dict[str, Any], answered: Action) -> Action:
    """What an administrator's own answer comes to: a refusal, or an address of their choice."""
    listed = result.get("IPList")
    addresses = {text(one) for one in listed} if isinstance(listed, list) else set()
    if answered in (Action.NXDOMAIN, Action.BLOCKED) or dig(result, "DNSRewriteResult.RCode"):
        return Action.BLOCKED
    if addresses and addresses <= _SINKHOLES:
        return Action.BLOCKED
    return Action.UNKNOWN


def _rcode(answer: object) -> int | None:
    """Return the response code of a DNS message in base64; None if it is none."""
    if not isinstance(answer, str):
        return None
    try:
        return binascii.a2b_base64(answer[:8], strict_mode=True)[3] & 0x0F
    except (binascii.Error, ValueError, IndexError):
        return None


FORMAT = Format(
    name="adguard",
    title="AdGuard Home querylog.json",
    read=by_json(_Record, parse),
    specificity=60,
    proves=OF_DNS,
    reference="https://github.com/AdguardTeam/AdGuardHome/blob/master/internal/querylog/decode.go",
    sample=(
        b'{"T":"2026-11-20T09:01:02.519796+01:00","QH":"api.openai.com","QT":"A","QC":"IN","CP":"",'
        b'"Answer":"Qz+BgAABAAEAAAAA","IP":"10.0.0.7","Result":{},"Elapsed":837429,'
        b'"Upstream":"https://dns.example/dns-query"}\n'
        b'{"T":"2026-11-20T09:01:09.001200+01:00","QH":"chat.deepseek.com","QT":"AAAA","QC":"IN",'
        b'"CP":"doh","CID":"laptop-tom","Answer":"Qz+BgAABAAEAAAAA","IP":"203.0.113.8",'
        b'"Result":{"IsFiltered":true,"Reason":3,"Rules":[{"FilterListID":42,'
        b'"Text":"||deepseek.com^"}]},"Elapsed":91250}\n'
    ),
)
