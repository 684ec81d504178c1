"""How values of the record read in a sheet: each kind of value in a cell of its own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from reports.deciding import said_of
from reports.paper import Cell, Share
from reports.reasons import scope_reason
from reports.texts import Texts
from scanner.inventory.origin import UNKNOWN
from scanner.inventory.record import Value
from scanner.inventory.record_fields import BY_NAME, Kind, Standing

_MOST = 12  # of a list that a cell shows
_ANSWERS = frozenset({"yes", "no"})


def cell_of(value: Value, texts: Texts) -> Cell:
    """Return a value as a reader of the language reads it; one that there is not is said to be none."""
    if value.state is not Standing.KNOWN:
        return _absent(value.state, texts)
    if (shown := _SHOWN.get(value.name)) is not None:
        return shown(value.value, texts)
    kind = BY_NAME[value.name].kind
    match kind:
        case Kind.CHOICE:
            return word_of(value.name, value.value, texts)
        case Kind.CHOICES:
            return tuple(word_of(value.name, one, texts) for one in value.value)
        case Kind.SHARE:
            return Share(float(value.value))
        case Kind.DAY:
            return date.fromisoformat(value.value)
        case Kind.TEXTS:
            return _some([str(one) for one in value.value], texts)
        case Kind.TIME | Kind.NUMBER | Kind.FLAG:
            return value.value  # type: ignore[no-any-return]
    return str(value.value)


def origin_of(value: Value, texts: Texts) -> Cell:
    """Return whose a value is."""
    if value.state is not Standing.KNOWN:
        return _absent(value.state, texts)
    return texts.of("origin", value.origin.value)


def word_of(field: str, value: object, texts: Texts) -> str:
    """Return the word for one of the values that a field may have."""
    if value == UNKNOWN:
        return texts("common.unknown")
    if field == "approval_status":
        return texts.of("status", value)
    group = "answer" if value in _ANSWERS else field
    key = f"register.value.{group}.{value}"
    return texts(key) if texts.has(key) else str(value).replace("_", " ")


def _absent(state: Standing, texts: Texts) -> str:
    return texts("register.missing" if state is Standing.MISSING else "common.unknown")


def _some(items: Iterable[Cell], texts: Texts) -> Cell:
    """Return the first of many, and how many more there are."""
    listed = tuple(items)
    if len(listed) <= _MOST:
        return listed
    return (*listed[:_MOST], texts("common.and_more", n=len(listed) - _MOST))


def _inputs(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    return _some((texts.of("area", one["class"]) for one in value), texts)


def _models(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    named = (" ".join(filter(None, (one["maker"], one["model"], one["version"]))) for one in value)
    return _some(dict.fromkeys(named), texts)


def _components(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    named = (" ".join(filter(None, (one["value"], one["version"]))) for one in value)
    return _some(dict.fromkeys(named), texts)


def _roles(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    return tuple(
        texts(
            "register.with_reason",
            what=texts.of("role", one["role"]),
            why=texts.of("claim", one["status"]),
        )
        for one in value
    )


def _owner(value: Mapping[str, Any], texts: Texts) -> Cell:
    who = value["person"]
    if value["unit"]:
        who = texts("register.owner_of", person=who, unit=value["unit"])
    if value["status"] != "confirmed":
        return texts("common.to_confirm", what=who)
    on = value["confirmed_on"]
    return texts("common.confirmed_by", what=who, by=value["confirmed_by"], at=on)


def _users(value: Mapping[str, Any], texts: Texts) -> Cell:
    units = [
        texts("register.people_of", unit=one["unit"], people=one["people"])
        for one in value["units"]
    ]
    return _some((texts("common.people", n=value["count"]), *units), texts)


def _approval(value: Mapping[str, Any], texts: Texts) -> Cell:
    verdict = texts.of("status", value["verdict"])
    said = texts("register.by_on", verdict=verdict, by=value["by"], on=value["on"])
    return tuple(filter(None, (said, value["reason"], value["conditions"])))


def _risk(value: Mapping[str, Any], texts: Texts) -> Cell:
    return texts(
        "register.risk_of",
        tier=word_of("risk_triage", value["tier"], texts),
        score=str(value["score"]),
    )


def _scope(value: Mapping[str, Any], texts: Texts) -> Cell:
    place = texts.of("place", value["scope"])
    why = value["reason"] or scope_reason(value["why"], texts)
    return texts("register.with_reason", what=place, why=why)


def _reviews(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    return tuple(
        texts(
            "register.review_of",
            supplier=one["supplier"],
            verdict=texts.of("status", one["verdict"]),
        )
        for one in value
    )


def _evidence(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    return _some((str(one["id"]) for one in value), texts)


def _channels(value: list[str], texts: Texts) -> Cell:
    return tuple(texts.of("channel", one) for one in value)


def _history(value: list[Mapping[str, Any]], texts: Texts) -> Cell:
    return _some((_decided(one, texts) for one in value), texts)


def _decided(one: Mapping[str, Any], texts: Texts) -> str:
    said = said_of(one["act"], one["verdict"], one["value"], texts)
    return texts("register.by_on", verdict=said, by=one["by"], on=_day(one["at"]))


def _day(when: Any) -> Any:
    return datetime.fromisoformat(when) if isinstance(when, str) else when


def _scans(value: Mapping[str, Any], texts: Texts) -> Cell:
    # As they are: of thousands of systems, putting marks into numbers takes most of the time.
    return texts("register.scans_of", **{name: str(one) for name, one in value.items()})


_SHOWN: Mapping[str, Callable[[Any, Texts], Cell]] = {
    "data_inputs": _inputs,
    "models": _models,
    "components": _components,
    "roles_22989": _roles,
    "owner": _owner,
    "users": _users,
    "approval": _approval,
    "risk_triage": _risk,
    "scope_43": _scope,
    "supplier_review_ref": _reviews,
    "evidence": _evidence,
    "channels": _channels,
    "history": _history,
    "scan_run_ids": _scans,
}
