"""The summaries say what the evidence adds up to, whatever was done in whatever order."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import UsageError
from scanner.inventory import identity
from scanner.inventory.identity import Judgement, register_built_systems, register_used_systems
from scanner.inventory.sources import forget
from scanner.model import (
    Action,
    Application,
    Built,
    Channel,
    Component,
    Evidence,
    EvidenceKey,
    EvidenceKind,
    Findings,
    Group,
    Identifier,
    Level,
    Signature,
    SourceState,
    SourceStatus,
    Tie,
    Vendor,
)
from scanner.privacy import Privacy
from scanner.store import NewSource, Store
from scanner.store.summaries import rebuild
from tests.support import detection, vendor

_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_TABLES = (
    "identity", "system_detection", "system_application", "tally", "sight", "met", "summary",
    "system_channel",
)  # fmt: skip
_DECIDED = Judgement("ana", "they are", _NOW)


def _vendor(name: str) -> Vendor:
    return vendor(
        name,
        detection(f"{name}.web", suffix=(f"{name}.com",)),
        detection(f"{name}.api", exact=(f"api.{name}.com",)),
        detection(f"{name}.site", evidence=EvidenceKind.PRESENCE, suffix=(f"{name}.org",)),
        detection(f"{name}.package", Identifier.PACKAGE, EvidenceKind.BUILD, purl=(f"pkg:{name}",)),
    )


_SIGNATURES = {
    one.id: Signature(maker, maker.products[0], one)
    for maker in map(_vendor, ("red", "green", "blue"))
    for one in maker.products[0].detections
}
_LOGGED = sorted(key for key in _SIGNATURES if not key.endswith("package"))


class Wrote(NamedTuple):
    """A source is written; one of that name before it is replaced, as a log that grew."""

    name: str
    rows: dict[EvidenceKey, Evidence]


class Planted(NamedTuple):
    """A source tree is written, with an application of these components."""

    name: str
    parts: frozenset[str]


class Did(NamedTuple):
    """A person decides something."""

    what: str
    one: int
    other: int


class Moved(NamedTuple):
    """Newer signatures: a detection speaks for another product, or makes no system any more."""

    detection: str
    to: str
    kind: EvidenceKind


_ROWS = st.dictionaries(
    st.builds(
        EvidenceKey,
        st.sampled_from(_LOGGED),
        st.sampled_from(["u-1", "u-2", "u-3", ""]),
        st.just("user"),
        st.sampled_from([None, 20_000, 20_001]),
        st.sampled_from([Channel.DNS, Channel.PROXY]),
        st.sampled_from([Action.ALLOWED, Action.BLOCKED, Action.CHALLENGED]),
    ).map(lambda key: key if key.actor else key._replace(actor_kind="unknown")),
    st.builds(
        lambda level, events, up, hour: Evidence(
            level, events, bytes_up=up, line=hour + 1,
            first=None if hour > 20 else _NOW + timedelta(hours=hour),
            last=None if hour > 20 else _NOW + timedelta(hours=hour + 1),
        ),
        st.sampled_from(list(Level)), st.integers(0, 5), st.integers(0, 9), st.integers(0, 23),
    ),
    max_size=6,
)  # fmt: skip
_NAMES = st.sampled_from(["a.log", "b.log", "c.log"])
_STEPS = st.lists(
    st.one_of(
        st.builds(Wrote, _NAMES, _ROWS),
        st.builds(Wrote, _NAMES, _ROWS),
        st.builds(Planted, st.just("tree"), st.frozensets(st.sampled_from(sorted(_SIGNATURES)))),
        st.builds(
            Did, st.sampled_from(["merge", "unmerge", "split", "rename", "forget"]),
            st.integers(0, 9), st.integers(0, 9),
        ),
        st.builds(
            Moved, st.sampled_from(_LOGGED), st.sampled_from(["red", "green", "blue"]),
            st.sampled_from([EvidenceKind.USE, EvidenceKind.SUPPORTING]),
        ),
    ),
    max_size=12,
)  # fmt: skip


def _source(store: Store, name: str, turn: int) -> NewSource:
    old = tuple(store.sources_like(name, b""))
    return NewSource(name, turn, f"{turn}", 1, "r", name, "squid", b"", b"", old, old)


def _do(store: Store, step: object, turn: int, known: dict[str, Signature]) -> None:
    scan = store.begin_scan(_NOW + timedelta(days=turn), "0", "1", Privacy.PSEUDONYMOUS)
    match step:
        case Wrote(name, rows):
            status = SourceStatus(name, SourceState.COMPLETE)
            signatures = {key.detection: known[key.detection] for key in rows}
            found = Findings(signatures=signatures)
            assert store.write_source(
                scan, 0, status, _source(store, name, turn), found, rows.items()
            )
        case Planted(name, parts):
            _plant(store, scan, name, parts, turn)
        case Moved(key, to, kind):
            maker = next(one.vendor for one in known.values() if one.vendor.id == to)
            moved = detection(key, evidence=kind, suffix=("x.com",))
            known[key] = Signature(maker, maker.products[0], moved)
        case Did():
            _decide(store, step)
        case _:
            raise AssertionError(step)
    register_used_systems(store)
    register_built_systems(store)


def _plant(store: Store, scan: int, name: str, parts: frozenset[str], turn: int) -> None:
    components = [
        Component(one, Identifier.PACKAGE, one, "1", Tie.DECLARED, Group.RUNTIME, True, (), "f", 1)
        for one in sorted(parts)
    ]
    built = Built(name, "", signatures={one: _SIGNATURES[one] for one in parts})
    built.applications = [Application(f"{name}/app", "app", "", components=components)]
    status = SourceStatus(name, SourceState.COMPLETE)
    judges = (lambda one, _part: one.vendor.id != "blue", lambda one, _part: True)
    store.write_tree(scan, 0, status, _source(store, name, turn), built, judges)
    again = SourceStatus(name, SourceState.ALREADY_READ)
    store.write_status(scan, 1, again, store.sources_like(name, b"")[0].id)


def _decide(store: Store, step: Did) -> None:
    places = sorted(store.places(), key=lambda one: one.id)
    names = store.source_names()
    if not places or not names:
        return
    one, other = places[step.one % len(places)].id, places[step.other % len(places)].id
    try:
        match step.what:
            case "merge":
                store.decide(identity.merge(store, one, other, _DECIDED))
            case "unmerge":
                store.decide(identity.unmerge(store, one, other, _DECIDED))
            case "rename":
                store.decide(identity.rename(store, one, f"N{step.other}", _DECIDED))
            case "forget":
                forget(store, names[step.one % len(names)], "ana", "old", _NOW)
            case _:
                own = store.detections_in(identity.place_of(store, one).system)
                some = [row["detection"] for row in own][: 1 + step.other % 2]
                store.decide(identity.split(store, one, some, f"S{step.other % 3}", _DECIDED))
    except UsageError:
        return  # such as merging what is one already


def _dump(store: Store) -> dict[str, list[Any]]:
    return {
        table: sorted(store._db.conn.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        for table in _TABLES
    }


def _expected(store: Store) -> dict[str, tuple[int, int, int, int | None]]:
    """Add up the evidence of every system, one row after another: events, users, bytes, last."""
    whose = dict(store._db.conn.execute("SELECT detection, system FROM system_detection"))
    rows = store._db.conn.execute(
        "SELECT evidence.detection, evidence.action, MAX(plain, ipv6, service), actor.kind, "
        "actor.id, bytes_up, last FROM evidence JOIN actor ON actor.id = evidence.actor "
        "JOIN detection ON detection.id = evidence.detection WHERE creates_system"
    )
    events: dict[str, int] = defaultdict(int)
    people: dict[str, set[int]] = defaultdict(set)
    size: dict[str, int] = defaultdict(int)
    lasts: dict[str, set[int]] = defaultdict(set)
    for number, action, count, kind, actor, up, last in rows:
        system = whose[number]
        events[system] += 0 if action == "auth_challenge" else count
        people[system].update({actor} if kind != "unknown" else ())
        lasts[system].update({last} if last is not None else ())
        size[system] += up
    return {
        one: (events[one], len(people[one]), size[one], max(lasts[one], default=None))
        for one in events
    }


@settings(max_examples=150)
@given(_STEPS)
def test_they_are_what_a_rebuild_makes_and_what_rows_add_up_to(steps: list[object]) -> None:
    with TemporaryDirectory() as folder, Store(Path(folder, "x.db"), may_create=True) as store:
        known = dict(_SIGNATURES)
        for turn, step in enumerate(steps):
            _do(store, step, turn, known)
            rows = store._db.conn.execute(
                "SELECT system, events, users, bytes_up, last FROM summary WHERE level IS NOT NULL"
            )
            assert {row[0]: row[1:] for row in rows} == _expected(store)
        kept = _dump(store)
        store._db.conn.execute("BEGIN")
        rebuild(store._db.conn)
        assert _dump(store) == kept
        assert {one.id for one in store.systems()} <= {one.id for one in store.facts()}


def test_a_database_from_before_the_summaries_is_summed_up_when_it_is_opened(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.db"
    with Store(path, may_create=True) as store:
        key = EvidenceKey("red.web", "u-1", "user", 20_000, Channel.DNS, Action.ALLOWED)
        _do(store, Wrote("a.log", {key: Evidence(Level.RESOLVED, 3, line=1)}), 0, _SIGNATURES)
        before = store.systems()
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in _TABLES:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0014_summaries'")
        for table in _TABLES:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX component_by_application")
    with Store(path) as store:
        assert store.systems() == before
    assert [(one.name, one.events, one.users) for one in before] == [("Red", 3, 1)]


def test_a_product_s_evidence_is_told_by_product_and_by_system(tmp_path: Path) -> None:
    with Store(tmp_path / "x.db", may_create=True) as store:
        rows = {
            EvidenceKey(key, "u-1", "user", 20_000, Channel.DNS, Action.ALLOWED): Evidence(
                Level.RESOLVED, 3, line=1
            )
            for key in ("red.web", "red.api", "green.web")
        }
        _do(store, Wrote("a.log", rows), 0, _SIGNATURES)
        red, green = (identity.place_of(store, f"{one}/product").id for one in ("red", "green"))
        store.decide(identity.merge(store, red, green, _DECIDED))
        store.decide(identity.split(store, red, ["red.api"], "Red API", _DECIDED))
        named = {one.name: one.id for one in store.systems()}

        def detections(key: str) -> list[str]:
            return [row["detection"] for row in store.evidence_of(key)]

        assert detections(red) == ["green.web", "red.web"] == detections("red/product")
        assert detections(named["Red API"]) == ["red.api"]
        assert detections("green/product") == ["green.web"]
        assert store.systems_in_scan(1) == {red, named["Red API"]}
        assert [one.systems for one in store.suppliers()] == [
            (red,), tuple(sorted([red, named["Red API"]])),
        ]  # fmt: skip
