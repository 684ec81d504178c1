r"""Cisco Umbrella's DNS log as it lies in S3: quoted CSV of 10 to 16 columns, with or without a header.

    "2026-11-20 08:01:02","Ana Bell (ana@corp.example)","Ana Bell (ana@corp.example),LAP-7","10.0.0.7","203.0.113.7","Allowed","1 (A)","NOERROR","api.openai.com.","Generative AI","AD Users","AD Users,Roaming Computers",""

Times are UTC. Every version of the schema appends columns to the former one, so the first ten
always mean the same. The identities are those of a person, a machine or a network, as the columns
of their types say; before version 3 there are none, and a mail address tells a person.
Reference: https://docs.umbrella.com/umbrella-user-guide/docs/dns-log-formats
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Proof, Tally, sieve_of
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.values import record_type, text
from scanner.model import Action, Channel, Observation, Sighting

if TYPE_CHECKING:
    from scanner.logs.rows import Mask, Rows

_FEWEST_COLUMNS = 10
_SEPARATOR = b'","'
_ALLOWED = b'","Allowed","'
_BLOCKED = b'","Blocked","'
# The types of nearly all questions; a line with another one is only read more slowly.
_COMMON_TYPES = frozenset(
    {b"1 (A)", b"28 (AAAA)", b"65 (HTTPS)", b"12 (PTR)", b"16 (TXT)", b"33 (SRV)", b"5 (CNAME)"}
)
_HEADS = frozenset({"Query Type", "QueryType"})
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_TYPE = re.compile(r"(\d+|Other)(?: \(([\w-]*)\))?")
_NO_NAME = re.compile(r"[\s,;/]")
_ADDRESS = re.compile(r"[0-9.]{7,15}(?![0-9.])|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_ACTIONS = {
    "Allowed": Action.ALLOWED,
    "Proxied": Action.ALLOWED,
    "Blocked": Action.BLOCKED,
}
_BY_RCODE = {
    "NXDOMAIN": Action.NXDOMAIN,
    "REFUSED": Action.BLOCKED,
    "SERVFAIL": Action.ERROR,
    "FORMERR": Action.ERROR,
    "NOTIMP": Action.ERROR,
}


def cells_of(line: bytes) -> list[str] | None:
    """Return the columns of a line of CSV; None where quotes do not pair."""
    shown = line.strip().decode("utf-8", "backslashreplace")
    inner = shown[1:-1].split('","')
    if shown[:1] == '"' == shown[-1:] and shown.count('"') == 2 * len(inner):
        return inner
    if shown.count('"') % 2:
        return None
    try:
        return next(csv.reader([shown], skipinitialspace=True, strict=True), [])
    except csv.Error:
        return None


def is_time(cell: str) -> bool:
    """Whether a column holds a time as Umbrella writes it, which is UTC and does not say so."""
    return _TIME.fullmatch(cell) is not None


def address_of(cell: str) -> str | None:
    """Return the address in a column; a relay may have put something behind it."""
    found = _ADDRESS.match(cell)
    return found[0] if found else None


def person_of(label: str, kind: str, identities: str, kinds: str) -> str | None:
    """Return the person among the identities; ``label`` is the foremost one, of type ``kind``.

    Names may hold commas themselves: then the types cannot be told apart, save the foremost.
    """
    if "User" in kind or (not kinds and "@" in label):
        return text(label)
    names, types = identities.split(","), kinds.split(",")
    if len(names) != len(types):
        return None
    return next((text(n) for n, one in zip(names, types, strict=True) if "User" in one), None)


def machine_of(label: str, kind: str) -> str | None:
    """Return the machine that the foremost identity is, if it is one."""
    is_machine = any(word in kind for word in ("Computer", "Roaming", "Device", "Chromebook"))
    return text(label) if is_machine else None


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    cells = cells_of(line)
    if cells is None:
        return Refused("quotes that do not pair")
    if cells[:1] == ["Timestamp"] and not _HEADS.isdisjoint(cells):
        return Skipped("header")
    if len(cells) < _FEWEST_COLUMNS or cells[5] not in _ACTIONS or not is_time(cells[0]):
        return Refused("not a time, identities, addresses and an action")
    qtype, name = _TYPE.fullmatch(cells[6]), cells[8]
    if qtype is None or _NO_NAME.search(name):
        return Refused("no type of question, or no name, after the action")
    host = hosts[name]
    if not host:
        return () if host is None else Skipped("record without a host")
    label, identities, inside, outside = cells[1:5]
    kind, kinds = (*cells[10:12], "", "")[:2]
    when, quality = clock.iso(f"{cells[0]}+00:00")
    return (
        Observation(
            channel=Channel.DNS,
            value=host,
            ts=when,
            kind=Sighting.DNS_QUERY,
            client=address_of(inside) or machine_of(label, kind) or address_of(outside),
            user=person_of(label, kind, identities, kinds),
            action=_action(cells[5], cells[7]),
            qtype=qtype[2] or record_type(qtype[1]),
            time_quality=quality,
        ),
    )


def _action(said: str, rcode: str) -> Action:
    action = _ACTIONS[said]
    return _BY_RCODE.get(rcode, action) if action is Action.ALLOWED else action


_read = by_line(parse)


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    return _read((_worth_a_look(batch, hosts) for batch in batches), hosts, tally, clock)


def _are_regular(rows: Rows) -> Mask:
    cells = rows.quoted_cells(ord(","))
    if cells is None:
        return rows.none()
    is_plain = (cells.counts >= _FEWEST_COLUMNS) & ~rows.strange()
    is_plain &= cells.column(0).begins_with_digits(4) & cells.column(6).is_one_of(_COMMON_TYPES)
    is_plain &= cells.column(5).is_one_of([b"Allowed", b"Blocked"])
    return is_plain & cells.column(8).is_a_name()


def _worth_a_look(batch: Batch, hosts: HostTable) -> Batch:
    """Return a batch without the regular records about unwanted hosts, which are most of its lines."""
    found = [
        one
        for one in zip(*batch, strict=True)
        if not (
            len(
                asked := (one[1].partition(_ALLOWED)[2] or one[1].partition(_BLOCKED)[2]).split(
                    _SEPARATOR, 3
                )
            )
            == 4
            and asked[0] in _COMMON_TYPES
            and hosts[asked[2]] is None
        )
    ]
    return Batch([number for number, _ in found], [line for _, line in found])


FORMAT = Format(
    name="umbrella-dns",
    title="Cisco Umbrella DNS (CSV)",
    read=read,
    sieve=sieve_of(_are_regular),
    specificity=80,
    proves=OF_DNS | {Proof.USER},
    reference="https://docs.umbrella.com/umbrella-user-guide/docs/dns-log-formats",
    sample=(
        b'"2026-11-20 08:01:02","Bell, Ana (ana@corp.example)","Bell, Ana (ana@corp.example),LAP-7",'
        b'"10.0.0.7","203.0.113.7","Allowed","1 (A)","NOERROR","api.openai.com.",'
        b'"Generative AI,Application","AD Users","AD Users,Roaming Computers","","506165","","8234970"\n'
        b'"2026-11-20 08:01:09","LAP-8","LAP-8","10.0.0.8","203.0.113.7","Blocked","28 (AAAA)",'
        b'"NOERROR","chat.deepseek.com.","Generative AI","Roaming Computers","Roaming Computers",'
        b'"Generative AI","506165","","8234970"\n'
    ),
)
