"""What is known to a question before a person answers it, where it differs, and what counts then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scanner.inventory.supplier_answers import Answer, Reply, Standing, answers, value_of
from scanner.inventory.supplier_conflicts import yes_or_no
from scanner.inventory.supplier_matrix import Party, proposed
from scanner.inventory.supplier_questions import Asks, activities, questions
from scanner.inventory.supplier_statements import Ground, SourceKind
from scanner.inventory.supplier_triage import triage
from scanner.inventory.suppliers import SupplierUse
from scanner.model import (
    Act,
    Decision,
    Fact,
    LifeCycle,
    SupplierProfile,
    Tier,
    Vendor,
    VendorKind,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OLD = NOW.date() - timedelta(days=365)


def fact(
    key: str,
    value: str | bool,
    source: str = "https://a.example/",
    *on: str,
    as_of: date | None = None,
) -> Fact:
    return Fact(key, value, as_of or date(2026, 6, 1), source, on)


def ground(*facts: Fact, **urls: str) -> Ground:
    vendor = Vendor(
        schema=1, id="acme", name="Acme", kind=VendorKind.VENDOR, tier=Tier.CURATED,
        status=LifeCycle.ACTIVE, updated=date(2026, 6, 1), products=(),
        supplier=SupplierProfile(urls=urls, facts=facts),
    )  # fmt: skip
    return Ground(SupplierUse("acme", "Acme", "US", False, (), 4), vendor, (), NOW, OLD)


def said(verdict: str, text: str, number: int = 1, **more: str) -> Decision:
    value = {"question": "Q10", "value": text, "source_kind": "contract", "as_of": "2026-10-01"}
    return Decision(
        "supplier:acme", verdict, "", "Ana", NOW, act=Act.ANSWER, value={**value, **more},
        number=number,
    )  # fmt: skip


def known(*facts: Fact, decisions: tuple[Decision, ...] = ()) -> dict[str, Answer]:
    return {one.question.id: one for one in answers(ground(*facts), decisions, NOW, OLD)}


def test_there_are_36_questions_and_what_is_ours_to_say_is_not_asked_of_the_supplier() -> None:
    assert [one.id for one in questions()] == [f"Q{n:02}" for n in range(1, 37)]
    ours = [one.id for one in questions() if one.asks is Asks.US]
    assert ours == ["Q02", "Q03", "Q04", "Q16", "Q20", "Q21", "Q35", "Q36"]
    observed = {
        one.id for one in questions() if {"systems", "accounts", "reach"} & set(one.observed)
    }
    assert observed <= set(ours)


@pytest.mark.parametrize(
    ("values", "reply", "standing"),
    [
        ([], Reply.UNKNOWN, Standing.OPEN),
        ([True], Reply.YES, Standing.PREFILLED),
        (["no; prompts are not used"], Reply.NO, Standing.PREFILLED),
        (["no by default"], Reply.NO, Standing.PREFILLED),
        (["no wording on training"], Reply.UNKNOWN, Standing.PREFILLED),
        (["business: no by default; others: yes"], Reply.UNKNOWN, Standing.PREFILLED),
        (["yes: personal plan", "no, enterprise plan"], Reply.PARTLY, Standing.PREFILLED),
        (["unknown: looked, not stated"], Reply.UNKNOWN, Standing.OPEN),
    ],
)
def test_a_question_whether_is_prefilled_by_a_clear_word_alone(
    values: list[str | bool], reply: Reply, standing: Standing
) -> None:
    found = known(*(fact("trains_on_customer_data", one) for one in values))["Q10"]
    assert (found.reply, found.standing) == (reply, standing)
    assert len(found.statements) == len(values)


def test_a_question_what_is_prefilled_in_part_and_never_in_full() -> None:
    found = known(fact("retention", "30 days"))["Q13"]
    assert (found.reply, found.standing) == (Reply.PARTLY, Standing.PREFILLED)
    (one,) = found.statements
    assert (one.text, one.source, one.as_of) == ("30 days", "https://a.example/", date(2026, 6, 1))


def test_a_person_goes_before_what_is_prefilled_and_it_stays_beside_it() -> None:
    found = known(fact("trains_on_customer_data", True), decisions=(said("no", "by contract"),))
    assert (found["Q10"].reply, found["Q10"].standing) == (Reply.NO, Standing.ANSWERED)
    assert [one.text for one in found["Q10"].statements] == ["yes"]
    (differs,) = found["Q10"].conflicts
    assert (differs.is_plain, differs.against_person) == (True, True)


def test_an_answer_that_is_taken_back_leaves_what_was_known_before() -> None:
    made = (said("no", "by contract"), said("withdrawn", "", number=2))
    found = known(fact("trains_on_customer_data", True), decisions=made)["Q10"]
    assert (found.reply, found.said, found.seen) == (Reply.YES, None, 2)


def test_unknown_is_open_and_is_never_no() -> None:
    found = known(decisions=(said("unknown", ""),))["Q10"]
    assert (found.reply, found.standing, found.is_open) == (Reply.UNKNOWN, Standing.ANSWERED, True)
    scored = triage((), 0.0, list(known().values()))
    assert (scored.inherent, scored.residual) == (0, 0)
    assert len(scored.unknown) == 35, "how much rests on it is counted"


def test_only_what_a_person_settled_lowers_the_points() -> None:
    trains = fact("trains_on_customer_data", True)
    prefilled = known(trains, fact("retention", "30 days"), fact("dpa", "https://a.example/dpa"))
    assert triage((), 0.3, list(prefilled.values()))[:2] == (4, 4)
    settled = known(trains, decisions=(said("yes", "signed", question="Q19"),))
    assert triage((), 0.3, list(settled.values()))[:2] == (4, 3)
    old = known(trains, decisions=(said("yes", "signed", question="Q19", as_of="2024-01-01"),))
    assert old["Q19"].is_stale
    assert triage((), 0.3, list(old.values()))[:2] == (4, 4)


def test_statements_that_are_opposite_differ_plainly() -> None:
    facts = [fact("trains_on_customer_data", one) for one in ("yes: by default", "no, never")]
    (found,) = known(*facts)["Q10"].conflicts
    assert found.is_plain
    apart = [
        fact("trains_on_customer_data", "yes: by default", "https://a.example/", "chat"),
        fact("trains_on_customer_data", "no, never", "https://a.example/", "api"),
    ]
    assert known(*apart)["Q10"].conflicts == ()


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        (
            ("ISO 42001 held", "https://a.example/"),
            ("ISO/IEC 42001: no", "https://b.example/"),
            True,
        ),
        (("SOC 2 held", "https://a.example/"), ("ISO/IEC 42001: no", "https://b.example/"), False),
        (
            ("ISO 42001 held", "https://a.example/1"),
            ("ISO 42001: no", "https://x.a.example/"),
            False,
        ),
    ],
)
def test_statements_of_other_sources_on_one_certificate_are_to_be_compared(
    first: tuple[str, str], second: tuple[str, str], differs: bool
) -> None:
    found = known(fact("certifications", *first), fact("certifications", *second))["Q17"]
    assert [one.is_plain for one in found.conflicts] == ([False] if differs else [])


def test_what_is_too_old_is_marked_on_the_day() -> None:
    days = [OLD - timedelta(days=1), OLD]
    found = known(*(fact("retention", f"{one}", as_of=one) for one in days))["Q13"]
    assert [one.is_stale for one in found.statements] == [True, False]
    ended = known(decisions=(said("yes", "held", valid_until="2026-11-20"),))["Q10"]
    assert ended.is_stale


def test_an_address_answers_only_where_no_fact_gives_it() -> None:
    both = ground(fact("dpa", "https://a.example/dpa : signed"), dpa="https://a.example/dpa")
    listed = {one.question.id: one for one in answers(both, (), NOW, OLD)}
    assert [one.code for one in listed["Q19"].statements] == ["dpa"]
    alone = {one.question.id: one for one in answers(ground(dpa="https://x/"), (), NOW, OLD)}
    assert [one.code for one in alone["Q19"].statements] == ["url_dpa"]


def test_who_does_what_is_proposed_by_whose_the_models_are_and_unknown_where_that_differs() -> None:
    one = {each.activity: each.proposal for each in proposed(["llm_api"])}
    assert (one["model"], one["integration"], one["operation"]) == (
        Party.SUPPLIER, Party.US, Party.SHARED,
    )  # fmt: skip
    two = {each.activity: each.proposal for each in proposed(["llm_api", "embedded_in_saas"])}
    assert (two["model"], two["integration"]) == (Party.SUPPLIER, Party.UNKNOWN)
    assert {each.proposal for each in proposed([])} == {Party.UNKNOWN}
    parties = {party for each in activities() for party in each.usual.values()}
    assert parties <= set(Party)


def test_a_value_is_stored_without_what_is_empty() -> None:
    stored = value_of("Q10", "no", SourceKind.CONTRACT, date(2026, 1, 1))
    assert stored == {
        "question": "Q10", "value": "no", "source_kind": "contract", "as_of": "2026-01-01",
    }  # fmt: skip


def test_a_clear_word_is_a_word_of_its_own() -> None:
    told = ["yes", "No.", "no: x", "nothing", "yes unless opted out", "no by default"]
    assert [yes_or_no(one) for one in told] == ["yes", "", "no", "", "", "no"]
