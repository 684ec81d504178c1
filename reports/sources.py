"""The sources of a report as a reader wants them: an account in one row, and states in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scanner.logs import Proof
from scanner.model import SOURCE_TREE, SourceState, TimeQuality
from scanner.registry import CONNECTORS, DOWNLOADS, FORMATS, values

SOURCE_CODE = "Source code and manifests"
# The senses that show AI and that a scan of logs does not have; each one is a blind spot.
SENSES = {
    "SSO and OAuth grants": "which AI applications may read mail, files and calendars",
    "SaaS administration": "AI features switched on inside software that is already paid for",
    SOURCE_CODE: "AI that is built into the organisation's own software",
    "Devices": "AI installed on laptops: desktop apps, extensions, local models",
    "Spend": "AI that people pay for and claim back",
}
# Which connector or download has which sense. A list of extensions is not all that is on a device.
_SENSE_OF = {
    "SSO and OAuth grants": {
        "entra", "google", "okta", "entra-enterprise-apps", "google-accessed-apps",
        "google-oauth-log", "google-json", "graph-json", "okta-log", "sso-apps", "sso-assignments",
    },
    "SaaS administration": {"github", "slack", "openai", "anthropic", "cursor"},
    "Devices": {"installed-apps", "intune-apps", "jamf-computers", "osquery"},
    "Spend": {"expenses"},
}  # fmt: skip
_WORDS = {
    SourceState.COMPLETE: "complete",
    SourceState.PARTIAL: "in part",
    SourceState.FAILED: "failed",
    SourceState.UNRECOGNISED: "unrecognised",
    SourceState.EMPTY: "empty",
    SourceState.ALREADY_READ: "read before",
    SourceState.DENIED: "denied",
    SourceState.NOT_LICENSED: "not licensed",
    SourceState.SKIPPED: "not asked for",
}
_UNSEEN = (SourceState.DENIED, SourceState.NOT_LICENSED, SourceState.SKIPPED)
_COUNTS = ("read", "parsed", "rejected", "screened")


def in_rows(sources: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sources as rows of a table: what one account lists is one row."""
    rows: dict[str, dict[str, Any]] = {}
    for one in sources:
        account, title = _account_of(one)
        if not title:
            rows[f"{len(rows)} {one['name']}"] = _row(one)
        elif account in rows:
            _add(rows[account], one, title)
        else:
            rows[account] = _first(one, account, title)
    for row in rows.values():
        if row["lists"]:
            row["format"] += f", {row['lists']} {'list' if row['lists'] == 1 else 'lists'}"
            row["words"] = "in part" if row["is_bad"] else "complete"
            if row["lacks"] and not row["is_bad"]:
                row["words"] = f"complete, but for {row['lacks']}"
    return list(rows.values())


def _account_of(source: Mapping[str, Any]) -> tuple[str, str]:
    """Return the account that a source is a list of, and which list; "" for any other source."""
    connector, _, title = (source["format"] or "").partition(": ")
    name: str = source["name"]
    if connector in _titles() and title and name.endswith(f" {title}"):
        return name.removesuffix(f" {title}"), title
    return "", ""


def _row(source: Mapping[str, Any]) -> dict[str, Any]:
    state = SourceState(source["state"])
    said = [source["reason"], *source["notes"]]
    return {
        **source,
        "words": _WORDS[state],
        "is_bad": state.is_incomplete,
        "said": [one for one in said if one],
        "lists": 0,
        "lacks": 0,
    }


def _first(source: Mapping[str, Any], account: str, title: str) -> dict[str, Any]:
    row = {**_row(source), "name": account, "format": source["format"].partition(": ")[0]}
    row |= {"is_bad": False, "said": [], "first": None, "last": None}
    row |= dict.fromkeys(_COUNTS, 0)
    _add(row, source, title)
    return row


def _add(row: dict[str, Any], source: Mapping[str, Any], title: str) -> None:
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
        row["said"].append(": ".join(filter(None, [title, _WORDS[state], source["reason"]])))
    row["said"] += [f"{title}: {note}" for note in source["notes"]]


def not_looked_at(sources: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the senses that no source of this scan has, each with what it would show."""
    seen = {sense for one in sources for sense in _senses_of(one)}
    return [(name, shows) for name, shows in SENSES.items() if name not in seen]


def _senses_of(source: Mapping[str, Any]) -> set[str]:
    if SourceState(source["state"]) in _UNSEEN:
        return set()
    title = source["format"] or ""
    if title == SOURCE_TREE:
        return {SOURCE_CODE}
    titles = _titles()
    name = titles.get(title) or titles.get(title.partition(": ")[0])
    return {sense for sense, names in _SENSE_OF.items() if name in names}


def unseen(sources: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many sources nobody licensed or asked for, and how many there are in all."""
    states = [SourceState(one["state"]) for one in sources]
    return sum(one in _UNSEEN and not one.is_incomplete for one in states), len(states)


def blind_spots(sources: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what the evidence cannot show, each with its consequence."""
    proves = {one.name: one.proves for one in values(FORMATS)}
    named_by = ((name, one) for one in sources for name in (one["format"] or "").split(" + "))
    read = [(name, one) for name, one in named_by if name in proves]
    spots = _not_read_whole(sources)
    for proof, what, consequence in (
        (Proof.USER, "no user names", "people behind one address count once"),
        (Proof.BYTES_UP, "no bytes sent", "a look-up and a pasted document look alike"),
    ):
        without = sorted({name for name, _ in read if proof not in proves[name]})
        if without:
            spots.append((f"{_listed(without)}: {what}", consequence))
    for quality, what in (
        (TimeQuality.ASSUMED_ZONE, "times name no zone; UTC was assumed"),
        (TimeQuality.ASSUMED_YEAR, "times name no year; it was assumed"),
        (TimeQuality.NONE, "records have no time"),
    ):
        named = sorted(
            {name for name, one in read if one["time_quality"] == quality and one["parsed"]}
        )
        if named:
            spots.append(
                (f"{_listed(named)}: {what}", "days may be wrong near midnight or New Year")
            )
    spots.append(
        (
            "Names that no signature knows",
            "AI that is newer than the signatures is shown only where it looks like AI",
        )
    )
    return spots


def _not_read_whole(sources: list[dict[str, Any]]) -> list[tuple[str, str]]:
    partly = sum(SourceState(one["state"]).is_incomplete for one in sources)
    rejected = sum(one["rejected"] for one in sources)
    lacking, lists = unseen(sources)
    spots = []
    if partly:
        what = f"{partly} of {len(sources)} sources not read, or not whole"
        spots.append((what, "what they hold is in no figure; the table below gives the reasons"))
    if lacking:
        what = f"{lacking} of {lists} sources not licensed, or not asked for"
        spots.append((what, "accounts would tell more; the table below says which lists"))
    if rejected:
        spots.append((f"{rejected:,} lines not understood", "use in them is not counted"))
    return spots


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _titles() -> dict[str, str]:
    return {one.title: one.name for group in (CONNECTORS, DOWNLOADS) for one in values(group)}
