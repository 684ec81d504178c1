"""The sources of a report as a reader wants them: an account in one row, and states in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any

from reports.texts import Texts
from scanner.logs import Proof
from scanner.model import SOURCE_TREE, SourceState, TimeQuality
from scanner.registry import CONNECTORS, DOWNLOADS, FORMATS, values

_CODE = "code"
# The senses that show AI and that a scan of logs does not have, and which connector or download has
# which. A list of extensions is not all that is on a device. Each one missing is a blind spot.
_SENSES = {
    "grants": {
        "entra", "google", "okta", "entra-enterprise-apps", "google-accessed-apps",
        "google-oauth-log", "google-json", "graph-json", "okta-log", "sso-apps", "sso-assignments",
    },
    "administration": {"github", "slack", "openai", "anthropic", "cursor"},
    _CODE: set(),
    "devices": {"installed-apps", "intune-apps", "jamf-computers", "osquery"},
    "spend": {"expenses"},
}  # fmt: skip
_UNSEEN = (SourceState.DENIED, SourceState.NOT_LICENSED, SourceState.SKIPPED)
_LOOKED_AT = (
    SourceState.COMPLETE,
    SourceState.PARTIAL,
    SourceState.EMPTY,
    SourceState.ALREADY_READ,
)
_COUNTS = ("read", "parsed", "rejected", "screened")
_REMOVED = "forgotten: "  # how the reason begins of a source that a person removed


def in_rows(sources: Iterable[Mapping[str, Any]], texts: Texts) -> list[dict[str, Any]]:
    """Return the sources as rows of a table: what one account lists is one row."""
    rows: dict[str, dict[str, Any]] = {}
    for one in sources:
        account, title = _account_of(one)
        if not title:
            rows[f"{len(rows)} {one['name']}"] = _row(one, texts)
        elif account in rows:
            _add(rows[account], one, title, texts)
        else:
            rows[account] = _first(one, account, title, texts)
    for row in rows.values():
        if row["lists"]:
            row["format"] += f", {texts('common.source.lists', n=row['lists'])}"
            row["words"] = texts.of("state", "partial" if row["is_bad"] else "complete")
            if row["lacks"] and not row["is_bad"]:
                row["words"] = texts("common.source.but_for", n=row["lacks"])
    return list(rows.values())


def _account_of(source: Mapping[str, Any]) -> tuple[str, str]:
    """Return the account that a source is a list of, and which list; "" for any other source."""
    connector, _, title = (source["format"] or "").partition(": ")
    name: str = source["name"]
    if connector in _titles() and title and name.endswith(f" {title}"):
        return name.removesuffix(f" {title}"), title
    return "", ""


def _row(source: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    state = SourceState(source["state"])
    said = [source["reason"], *source["notes"]]
    return {
        **source,
        "words": texts.of("state", "removed" if is_removed(source) else state),
        "is_bad": state.is_incomplete,
        "said": [one for one in said if one],
        "lists": 0,
        "lacks": 0,
    }


def _first(source: Mapping[str, Any], account: str, title: str, texts: Texts) -> dict[str, Any]:
    row = {**_row(source, texts), "name": account, "format": source["format"].partition(": ")[0]}
    row |= {"is_bad": False, "said": [], "first": None, "last": None}
    row |= dict.fromkeys(_COUNTS, 0)
    _add(row, source, title, texts)
    return row


def _add(row: dict[str, Any], source: Mapping[str, Any], title: str, texts: Texts) -> None:
    state = SourceState(source["state"])
    row["lists"] += 1
    row["is_bad"] |= state.is_incomplete
    for name in _COUNTS:
        row[name] += source[name]
    for end, choose in (("first", min), ("last", max)):
        known = [one for one in (row[end], source[end]) if one is not None]
        row[end] = choose(known, default=None)
    if state is not SourceState.COMPLETE:
        row["lacks"] += 1
        words = filter(None, (title, texts.of("state", state), source["reason"]))
        row["said"].append(reduce(lambda what, then: _pair_of(texts, what, then), words))
    row["said"] += [_pair_of(texts, title, note) for note in source["notes"]]


def _pair_of(texts: Texts, what: str, then: str) -> str:
    return texts("common.pair", what=what, then=then)


def not_looked_at(sources: Iterable[Mapping[str, Any]], texts: Texts) -> list[tuple[str, str]]:
    """Return the senses that no source of this scan has, each with what it would show."""
    seen = {sense for one in sources for sense in _senses_of(one)}
    return [_pair(texts, f"sense.{sense}") for sense in _SENSES if sense not in seen]


def _pair(texts: Texts, key: str, **values: Any) -> tuple[str, str]:
    """Return what is not seen, and what follows from that."""
    return texts(f"common.{key}.what", **values), texts(f"common.{key}.then")


def _senses_of(source: Mapping[str, Any]) -> set[str]:
    if SourceState(source["state"]) in _UNSEEN:
        return set()
    title = source["format"] or ""
    if title == SOURCE_TREE:
        return {_CODE}
    titles = _titles()
    name = titles.get(title) or titles.get(title.partition(": ")[0])
    return {sense for sense, names in _SENSES.items() if name in names}


def unseen(sources: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many sources nobody licensed or asked for, and how many there are in all."""
    states = [SourceState(one["state"]) for one in sources if not is_removed(one)]
    return sum(one in _UNSEEN and not one.is_incomplete for one in states), len(states)


def is_removed(source: Mapping[str, Any]) -> bool:
    """Return whether a person removed what a source showed, and nothing read it since."""
    is_skipped = SourceState(source["state"]) is SourceState.SKIPPED
    return is_skipped and (source["reason"] or "").startswith(_REMOVED)


def is_anything_read(sources: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether anything was looked at, whole or in part: else nothing found says nothing."""
    return any(SourceState(one["state"]) in _LOOKED_AT and not is_removed(one) for one in sources)


def logged(sources: Iterable[Mapping[str, Any]]) -> tuple[datetime, datetime] | None:
    """Return from when to when logs or captures watched the network; None if none has a time.

    The dates in lists of accounts say when something was bought or granted, often years ago.
    """
    watching = {one.name for one in values(FORMATS)}
    logs = (one for one in sources if watching & set((one["format"] or "").split(" + ")))
    ends = [(one["first"], one["last"]) for one in logs if one["first"] and one["last"]]
    return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None


def blind_spots(sources: list[dict[str, Any]], texts: Texts) -> list[tuple[str, str]]:
    """Return what the evidence cannot show, each with its consequence."""
    proves = {one.name: one.proves for one in values(FORMATS)}
    sources = [one for one in sources if not is_removed(one)]
    named_by = ((name, one) for one in sources for name in (one["format"] or "").split(" + "))
    read = [(name, one) for name, one in named_by if name in proves]
    spots = _not_read_whole(sources, texts)
    for proof, key in ((Proof.USER, "no_users"), (Proof.BYTES_UP, "no_bytes")):
        without = sorted({name for name, _ in read if proof not in proves[name]})
        if without:
            spots.append(_pair(texts, f"spot.{key}", formats=texts.listed(without)))
    for quality in (TimeQuality.ASSUMED_ZONE, TimeQuality.ASSUMED_YEAR, TimeQuality.NONE):
        named = sorted(
            {name for name, one in read if one["time_quality"] == quality and one["parsed"]}
        )
        if named:
            spots.append(_pair(texts, f"spot.time_{quality}", formats=texts.listed(named)))
    return [*spots, _pair(texts, "spot.unknown_names")]


def _not_read_whole(sources: list[dict[str, Any]], texts: Texts) -> list[tuple[str, str]]:
    partly = sum(SourceState(one["state"]).is_incomplete for one in sources)
    rejected = sum(one["rejected"] for one in sources)
    lacking, lists = unseen(sources)
    spots = []
    if partly:
        spots.append(_pair(texts, "spot.partly", partly=partly, all=len(sources)))
    if lacking:
        spots.append(_pair(texts, "spot.lacking", lacking=lacking, all=lists))
    if rejected:
        spots.append(_pair(texts, "spot.rejected", lines=rejected))
    return spots


def _titles() -> dict[str, str]:
    return {one.title: one.name for group in (CONNECTORS, DOWNLOADS) for one in values(group)}
