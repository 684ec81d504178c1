"""The brief: one page for a CISO. What is new, what needs a decision, what are we blind to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports import Report, as_paper
from reports.behind import behind
from reports.head import head_of
from reports.material import Material
from reports.paper import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Figure,
    Figures,
    Paper,
    Said,
    Section,
    Table,
    Tone,
    say,
)
from reports.pressing import in_order, question, why
from reports.sources import blind_spots, in_rows, is_anything_read, not_looked_at
from reports.spans import Spans
from scanner.inventory.candidates import called
from scanner.inventory.verdicts import UNDECIDED
from scanner.model import AISystem

# Rows on the page itself; the evidence below it holds every one.
_NEW, _DECIDE, _ASK, _UNITS, _CLAUSES = 4, 5, 3, 3, 3
_ROWS_BEHIND, _FEWEST_BEHIND = 8, 2  # of each table behind a system
_MOST_BEHIND = 1_500  # of all together: a page of hundreds of systems has to open at once
_WIDTHS = {"name": 26, "why": 60, "owner": 34, "source": 40, "state": 40}


_Reasons = Mapping[str, tuple[str, ...]]  # why a system presses, by its id


@dataclass(frozen=True, slots=True)
class Entry:
    """A system as the brief has it; ``score`` is what speaks for looking at it first."""

    id: str
    name: str
    supplier: str
    status: str
    level: str
    is_new: bool
    score: int
    why: tuple[str, ...]
    owner: str | None
    people: int
    events: int
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Brief:
    """What is new, what needs a decision, what nobody can see; systems by what speaks for them."""

    systems: tuple[Entry, ...]
    questions: tuple[str, ...]
    candidates: tuple[str, ...]
    not_looked_at: tuple[str, ...]
    limits: tuple[str, ...]


def compose(material: Material) -> Paper:
    """Return the brief."""
    texts = material.texts
    systems = in_order(material)
    reasons = {one.id: tuple(why(material, one)) for one in systems}
    return Paper(
        name="brief",
        title=texts("brief.title"),
        subtitle=_lead(material, systems),
        head=head_of(material),
        sections=tuple(_sections(material, systems, reasons)),
        data=_data(material, systems, reasons),
    )


def _sections(
    material: Material, systems: Sequence[AISystem], reasons: _Reasons
) -> Iterator[Section]:
    texts = material.texts
    new = [one for one in systems if material.is_new(one)]
    undecided = [one for one in systems if one.status in UNDECIDED]
    yield Section("figures", "", (_figures(material, systems, new, undecided),))
    yield Section("new", texts("brief.new.title"), tuple(_new(material, new)))
    yield Section(
        "decide", texts("brief.decide.title"), tuple(_decide(material, undecided, reasons))
    )
    yield Section("use", texts("brief.use.title"), tuple(_use(material)))
    yield Section("blind", texts("brief.blind.title"), tuple(_blind(material)))
    yield from _evidence(material, systems, reasons)


def _lead(material: Material, systems: Sequence[AISystem]) -> str:
    texts = material.texts
    if not is_anything_read(material.sources) and not systems:
        return texts("common.blind.no_sources")
    if not systems:
        return texts("brief.lead.none")
    undecided = sum(one.status in UNDECIDED for one in systems)
    waiting = texts("brief.lead.waiting", n=undecided) if undecided else texts("brief.lead.decided")
    found = texts(
        "brief.lead.found",
        systems=texts("common.systems", n=len(systems)),
        suppliers=texts("common.suppliers", n=len(material.store.suppliers())),
        people=texts("common.people", n=material.store.actor_count()),
    )
    return f"{found} {waiting}"


def _figures(
    material: Material,
    systems: Sequence[AISystem],
    new: Sequence[AISystem],
    undecided: Sequence[AISystem],
) -> Figures:
    texts = material.texts
    spots = not_looked_at(material.sources, texts), blind_spots(material.sources, texts)
    return Figures(
        (
            Figure(len(systems), texts("brief.figure.systems"), "#evidence"),
            Figure(len(new), _new_since(material), "#new", _hot(new)),
            Figure(len(undecided), texts("brief.figure.undecided"), "#decide", _hot(undecided)),
            Figure(sum(map(len, spots)), texts("brief.figure.blind"), "#blind"),
        )
    )


def _hot(systems: Sequence[AISystem]) -> Tone:
    return Tone.BAD if systems else Tone.PLAIN


def _new_since(material: Material) -> str:
    if material.since is None:
        return material.texts("brief.figure.new")
    return material.texts("brief.figure.new_since", day=material.since)


def _new(material: Material, new: Sequence[AISystem]) -> Iterator[Block]:
    texts = material.texts
    if new and material.since is None and len(material.scans) == 1:
        yield say(Said(texts("brief.new.first_scan"), Tone.SOFT))
    spans = Spans.of(material.days.values())
    rows = tuple(
        (
            _name(one),
            texts.of("category", one.category),
            one.supplier,
            _level(material, one),
            Said(texts.number(one.users), opens=f"#{one.id}"),
            Said(texts.number(one.events), opens=f"#{one.id}"),
            one.first_seen and one.first_seen.date(),
            spans.trend(material.days.get(one.id, {}), texts),
        )
        for one in new[:_NEW]
    )
    columns = ("name", "purpose", "supplier", "level", "#people", "#events", "first", "trend")
    yield _table(material, "new", columns, (*rows, *_more(material, len(new) - _NEW)))


def _decide(
    material: Material, undecided: Sequence[AISystem], reasons: _Reasons
) -> Iterator[Block]:
    texts = material.texts
    rows = tuple(
        (
            _name(one),
            (
                "; ".join(reasons[one.id][:_CLAUSES]),
                Said(texts(f"brief.ask.{question(one)}"), Tone.SOFT),
            ),
            one.last_seen and one.last_seen.date(),
            _owner(material, one),
        )
        for one in undecided[:_DECIDE]
    )
    more = _more(material, len(undecided) - _DECIDE)
    yield _table(material, "decide", ("name", "why", "last", "owner"), (*rows, *more))
    yield from _questions(material)
    yield from _candidates(material)


def _owner(material: Material, one: AISystem) -> Cell:
    texts = material.texts
    if one.owner is None:
        return Said(texts("common.nobody"), Tone.SOFT)
    if one.owner.confirmed_by:
        return one.owner.owner
    return Said(texts("common.to_confirm", what=one.owner.owner), Tone.SOFT)


def _questions(material: Material) -> Iterator[Block]:
    texts = material.texts
    asked = material.store.questions()
    if asked:
        yield say(texts("brief.questions"))
        said = (
            Said(_asked(material, one), opens=f"#ask-{one['product'].replace('/', '-')}")
            for one in asked[:_ASK]
        )
        more = (cell for (cell,) in _more(material, len(asked) - _ASK))
        yield Bullets((*said, *more))


def _asked(material: Material, one: dict[str, Any]) -> str:
    kind = "embedded" if one["ai_nature"] == "embedded" else "seen"
    people = material.texts("common.people", n=one["users"])
    return material.texts(f"brief.question.{kind}", name=one["name"], people=people)


def _candidates(material: Material) -> Iterator[Block]:
    texts = material.texts
    if material.candidates:
        yield say(texts("brief.candidates"))
        said = (
            Said(
                texts("brief.candidate", name=called(one), score=one.score, n=one.records),
                opens=f"#candidate-{at}",
            )
            for at, one in enumerate(material.candidates[:_ASK])
        )
        more = (cell for (cell,) in _more(material, len(material.candidates) - _ASK))
        yield Bullets((*said, *more))


def _use(material: Material) -> Iterator[Block]:
    texts = material.texts
    together: dict[int, int] = {}
    for counts in material.days.values():
        for day, count in counts.items():
            together[day] = together.get(day, 0) + count
    if not together:
        yield say(Said(texts("brief.use.none"), Tone.SOFT))
        return
    spans = Spans.of([together])
    title = texts("brief.use.chart", n=spans.days)
    yield Chart(title, tuple(spans.points(together, texts)))
    units = material.store.days_by_unit()
    ordered = sorted(units, key=lambda unit: (-sum(units[unit].values()), unit))
    rows = tuple(
        (unit, sum(units[unit].values()), spans.trend(units[unit], texts))
        for unit in ordered[:_UNITS]
    )
    if rows:
        more = _more(material, len(units) - _UNITS)
        yield _table(material, "use", ("unit", "#events", "trend"), (*rows, *more))
    else:
        yield say(Said(texts("brief.use.no_units"), Tone.SOFT))


def _blind(material: Material) -> Iterator[Block]:
    texts = material.texts
    yield say(Said(texts("brief.blind.lead"), Tone.SOFT))
    spots = [
        *not_looked_at(material.sources, texts),
        *blind_spots(material.sources, texts),
        *((one.subject.removeprefix("source:"), texts("common.blind.forgotten")) for one in material.removed),
    ]  # fmt: skip
    yield Bullets(tuple(texts("common.pair", what=what, then=then) for what, then in spots))


def _more(material: Material, number: int) -> Iterator[tuple[Cell]]:
    """Yield a row that says how many more there are, and where."""
    if number > 0:
        yield (Said(material.texts("common.and_more", n=number), Tone.SOFT, "#evidence"),)


def _name(one: AISystem) -> Said:
    return Said(one.name, opens=f"#{one.id}")


def _level(material: Material, one: AISystem) -> str:
    return material.texts.of("level", "built" if one.level is None else one.level.label)


def _table(
    material: Material, name: str, columns: Iterable[str], rows: tuple[tuple[Cell, ...], ...]
) -> Table:
    texts = material.texts
    titles = tuple(
        Column(texts(f"brief.column.{one.lstrip('#')}"), _WIDTHS.get(one, 14), one.startswith("#"))
        for one in columns
    )
    whole = tuple((*row, *[None] * (len(titles) - len(row))) for row in rows)
    return Table(texts(f"brief.{name}.title"), titles, whole, texts(f"brief.{name}.empty"))


def _evidence(
    material: Material, systems: Sequence[AISystem], reasons: _Reasons
) -> Iterator[Section]:
    """Yield what each figure opens: systems, questions, candidates, sources."""
    texts = material.texts
    yield Section(
        "evidence",
        texts("brief.evidence.title"),
        (say(texts("brief.evidence.lead")),),
        is_evidence=True,
    )
    rows_each = min(_ROWS_BEHIND, max(_FEWEST_BEHIND, _MOST_BEHIND // (len(systems) or 1)))
    for one in systems:
        title = f"{one.name}: {one.supplier}"
        pressing = say("; ".join(reasons[one.id]))
        asked = say(Said(texts(f"brief.ask.{question(one)}"), Tone.SOFT))
        blocks = (pressing, asked, *behind(material, one.id, rows_each))
        yield Section(one.id, title, blocks, is_evidence=True)
    for open_one in material.store.questions():
        key = f"ask-{open_one['product'].replace('/', '-')}"
        rows = [(one["source"], one["detection"], one["events"], one["people"])
                for one in material.store.evidence_of(open_one["product"])]  # fmt: skip
        yield _few(
            material,
            key,
            _asked(material, open_one),
            ("source", "detection", "#events", "#people"),
            rows,
        )
    signs: dict[str, list[dict[str, Any]]] = {}
    for sign in material.store.candidate_signs():
        signs.setdefault(sign["subject"], []).append(sign)
    for at, candidate in enumerate(material.candidates):
        found = [
            (f"{one['source']}:{one['line']}", one["detail"], one["meaning"], one["records"])
            for one in signs[candidate.subject]
        ]
        columns = ("source", "what", "meaning", "#events")
        yield _few(material, f"candidate-{at}", called(candidate), columns, found)
    yield _sources(material)


def _few(
    material: Material,
    key: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
) -> Section:
    table = _table(material, "evidence", columns, tuple(rows[:_ROWS_BEHIND]))
    return Section(key, title, (table,), is_evidence=True)


def _sources(material: Material) -> Section:
    texts = material.texts
    rows = tuple(
        (
            one["name"],
            one["format"] or texts("common.unknown"),
            (Said(one["words"], Tone.BAD if one["is_bad"] else Tone.PLAIN), *one["said"]),
            one["read"],
            one["rejected"],
        )
        for one in in_rows(material.sources, texts)
    )
    table = _table(material, "sources", ("source", "format", "state", "#read", "#rejected"), rows)
    return Section("sources", texts("brief.sources.title"), (table,), is_evidence=True)


def _data(material: Material, systems: Sequence[AISystem], reasons: _Reasons) -> Brief:
    texts = material.texts
    return Brief(
        systems=tuple(_entry(material, one, reasons[one.id]) for one in systems),
        questions=tuple(_asked(material, one) for one in material.store.questions()),
        candidates=tuple(one.subject for one in material.candidates),
        not_looked_at=tuple(what for what, _ in not_looked_at(material.sources, texts)),
        limits=tuple(what for what, _ in blind_spots(material.sources, texts)),
    )


def _entry(material: Material, one: AISystem, reasons: tuple[str, ...]) -> Entry:
    return Entry(
        id=one.id,
        name=one.name,
        supplier=one.supplier,
        status=one.status,
        level=question(one),
        is_new=material.is_new(one),
        score=material.triage[one.id]["score"],
        why=reasons,
        owner=one.owner.owner if one.owner else None,
        people=one.users,
        events=one.events,
        first_seen=one.first_seen,
        last_seen=one.last_seen,
    )


REPORT = Report(
    "brief",
    "One page: what is new, what needs a decision, what are we blind to",
    as_paper(compose, "html", "docx", "md", "json"),
    compose=compose,
    data=Brief,
)
