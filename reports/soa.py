"""A worksheet for the statement of applicability: all 38 controls; state and reason are people's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reports import Report, as_paper
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import Cell, Column, Paper, Said, Section, Table, Tone, say
from reports.soa_data import Control, Soa, soa_of
from reports.soa_sheet import fill
from reports.texts import Texts
from scanner.inventory.applicability import Applies
from scanner.inventory.applicability_lint import Objected, Objection
from scanner.inventory.control_evidence import Touch

_MOST_NAMES = 12


def compose(material: Material) -> Paper:
    """Return the worksheet as it stands now."""
    texts = material.texts
    soa = soa_of(material)
    lint = texts("soa.section.lint", n=len(soa.objections))
    return Paper(
        name="soa",
        title=texts("soa.title"),
        subtitle=texts("soa.subtitle"),
        head=head_of(material),
        sections=(
            Section(
                "worksheet",
                texts("soa.section.worksheet"),
                (
                    say(texts("soa.lead")),
                    say(_counts(soa, texts)),
                    say(Said(texts("soa.how"), Tone.SOFT)),
                    _worksheet(soa, texts),
                ),
            ),
            Section("lint", lint, (_lint(soa, texts),)),
            Section("touches", texts("soa.section.touches"), (_touches(soa, texts),)),
            blind_section(material),
        ),
        data=soa,
    )


def _counts(soa: Soa, texts: Texts) -> str:
    counted = Counter(one.state for one in soa.controls if one.state)
    states = {one.value: counted[one.value] for one in Applies}
    return texts("soa.counts", stated=counted.total(), **states)


def _worksheet(soa: Soa, texts: Texts) -> Table:
    choices = tuple(texts(f"soa.state.{one}") for one in Applies)
    return Table(
        name=texts("soa.section.worksheet"),
        columns=(
            Column(texts("soa.column.control"), 9),
            Column(texts("soa.column.title"), 26),
            Column(texts("soa.column.note"), 30),
            Column(texts("soa.column.touches"), 34),
            Column(texts("soa.column.suggested"), 30),
            Column(texts("soa.column.state"), 18, choices=choices, is_to_fill=True),
            Column(texts("soa.column.reason"), 40, is_to_fill=True),
            Column(texts("soa.column.by"), 16),
            Column(texts("soa.column.seen"), 10, is_number=True),
        ),
        rows=tuple(_row(one, soa, texts) for one in soa.controls),
        empty="",
        ids=tuple(f"control-{one.id}" for one in soa.controls),
    )


def _row(one: Control, soa: Soa, texts: Texts) -> tuple[Cell, ...]:
    shown = tuple(_touch(each, texts) for each in soa.touches if each.control == one.id)
    return (
        one.id,
        one.title,
        texts(f"soa.note.{one.id}"),
        shown or Said(texts("soa.untouched"), Tone.SOFT),
        _suggested(one, texts),
        texts(f"soa.state.{one.state}") if one.state else "",
        one.reason,
        one.by,
        one.decision,
    )


def _touch(one: Touch, texts: Texts) -> Said:
    text = texts(f"soa.touch.{one.key}", n=len(one.ids))
    return Said(text, Tone.BAD if one.is_gap else Tone.PLAIN, opens=f"#{one.id}")


def _suggested(one: Control, texts: Texts) -> str:
    found = one.suggestion
    return texts(
        f"soa.weight.{found.weight}",
        roles=", ".join(texts.of("role", role) for role in found.roles),
        n=len(found.systems),
        confirmed=found.confirmed,
    )


def _lint(soa: Soa, texts: Texts) -> Table:
    known = {one.id: one for one in soa.touches}
    return Table(
        name=texts("soa.sheet.lint"),
        columns=(
            Column(texts("soa.lint.control"), 12),
            Column(texts("soa.lint.objection"), 46),
            Column(texts("soa.lint.against"), 60),
        ),
        rows=tuple(_objections(soa, known, texts)),
        empty=texts("soa.lint.none"),
    )


def _objections(soa: Soa, known: dict[str, Touch], texts: Texts) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each objection; controls without a state are one, at the end."""
    unstated = [one.control for one in soa.objections if one.objection is Objection.NO_STATE]
    for one in soa.objections:
        if one.objection is not Objection.NO_STATE:
            yield (
                _control(one.control),
                Said(texts(f"soa.objection.{one.objection}"), Tone.BAD),
                tuple(_against(one, known, texts)),
            )
    if unstated:
        said = Said(texts(f"soa.objection.{Objection.NO_STATE}"), Tone.SOFT)
        yield len(unstated), said, ", ".join(unstated)


def _control(control: str) -> Said:
    return Said(control, opens=f"#control-{control}")


def _against(one: Objected, known: dict[str, Touch], texts: Texts) -> list[Cell]:
    against: list[Cell] = [_touch(known[each], texts) for each in one.touches]
    if one.roles:
        named = texts.listed([texts.of("role", role) for role in one.roles])
        against.append(texts("soa.lint.role", roles=named))
    return against


def _touches(soa: Soa, texts: Texts) -> Table:
    return Table(
        name=texts("soa.sheet.touches"),
        columns=(
            Column(texts("soa.touches.control"), 9),
            Column(texts("soa.touches.what"), 44),
            Column(texts("soa.touches.number"), 8, is_number=True),
            Column(texts("soa.touches.which"), 60),
            Column(texts("soa.touches.ids"), 50),
        ),
        rows=tuple(
            (
                _control(one.control),
                texts(f"soa.touch.{one.key}", n=len(one.ids)),
                len(one.ids),
                _some(one.names, texts),
                _some(one.ids, texts),
            )
            for one in soa.touches
        ),
        empty=texts("soa.touches.none"),
        ids=tuple(one.id for one in soa.touches),
    )


def _some(names: tuple[str, ...], texts: Texts) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} {texts('common.and_more', n=more)}" if more > 0 else shown


REPORT = Report(
    "soa",
    "A worksheet for the statement of applicability, filled in by people",
    as_paper(compose, "xlsx", "docx", "html", "csv", "json"),
    compose=compose,
    data=Soa,
    fill=fill,
)
