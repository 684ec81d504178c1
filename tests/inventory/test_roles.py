"""Roles: labelled cases with precision and recall, and what holds of every system."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.inventory.components import is_of_hub
from scanner.inventory.role_rules import rules
from scanner.inventory.roles import claims, notes
from scanner.model import RoleClaim, RoleNote, RoleStatus, SystemFacts
from tests.inventory.role_cases import Case, cases, facts_of, part, presets

LOWEST = 0.95
_EVIDENCE = ("seen", "reached", "parts", "hints", "seats", "kept", "switched", "spent")


def held(case: Case) -> list[RoleClaim]:
    found = claims(case.facts, case.decided, case.settings)
    return [one for one in found if one.status is not RoleStatus.REJECTED]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_rules_fire_where_they_should_and_nowhere_else(case: Case) -> None:
    found = claims(case.facts, case.decided, case.settings)
    told = notes(case.facts, case.decided, case.settings)
    fired = {rule for one in found for rule in one.rules} | {one.rule for one in told}
    assert case.fires | case.notes <= fired
    assert not case.silent & fired
    asked = {question for one in found for question in one.questions}
    assert not [
        rule.id for rule in rules().rules if rule.id in case.unasked and rule.question in asked
    ]
    confidence = {one.role: one.confidence for one in found}
    assert {role: confidence.get(role) for role in case.confidence} == case.confidence


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_sub_roles_are_as_labelled_and_no_wrong_role_is_sure(case: Case) -> None:
    found = {one.role: one for one in held(case)}
    labelled = {role: sub_role for role, sub_role in case.expect.items() if sub_role}
    assert {role: found[role].sub_role for role in labelled if role in found} == labelled
    sure = [
        one.role for one in found.values() if one.role not in case.expect and one.confidence > 0.6
    ]
    assert sure == []


def test_precision_and_recall_of_each_role(capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for case in cases():
        found = {one.role for one in held(case)}
        right.update(found & case.expect.keys())
        wrong.update(found - case.expect.keys())
        missed.update(case.expect.keys() - found)
    scores = {
        role: (
            right[role] / (right[role] + wrong[role]),
            right[role] / (right[role] + missed[role]),
        )
        for role in sorted({*right, *wrong, *missed})
    }
    with capsys.disabled():
        print(f"\n{len(cases())} labelled systems")  # noqa: T201
        for role, (precision, recall) in scores.items():
            told = f"right {right[role]}, wrong {wrong[role]}, missed {missed[role]}"
            print(f"{role:<9} precision {precision:.3f} recall {recall:.3f} ({told})")  # noqa: T201
    assert min(min(one) for one in scores.values()) >= LOWEST
    assert set(scores) == {"customer", "partner", "producer", "provider"}


def test_every_rule_has_cases_where_it_fires_and_where_it_must_not() -> None:
    fires = Counter(rule for case in cases() for rule in case.fires | case.notes)
    silent = Counter(rule for case in cases() for rule in case.silent | case.unasked)
    ids = [f"R{number:02}" for number in range(1, 28)]
    assert [rule.id for rule in rules().rules] == ids
    assert [rule for rule in ids if not fires[rule] or not silent[rule]] == []
    assert len(cases()) >= 80
    assert len({case.name for case in cases()}) == len(cases())


def test_rules_speak_of_roles_that_there_are() -> None:
    there = {one.id: one.sub_roles for one in rules().roles}
    for rule in rules().rules:
        for one in (role for case in rule.cases for role in case.roles):
            assert not one.sub_role or one.sub_role in there[one.role], rule.id
            assert 0 < one.confidence < 1
        assert rule.question.endswith((".", "?"))
        assert set(rule.yields_to) < {one.id for one in rules().rules}


def test_document_004s_example_in_full() -> None:
    facts = facts_of(
        {"parts": ["openai"], "hints": [{"kind": "customer_facing", "label": "payments"}]}
    )
    shared: dict[str, Any] = {
        "rules": ("R07",),
        "questions": ("Is it shipped to customers, and is the feature live?",),
        "evidence": ("c1.pyproject.toml:1", "hint:package.json:1"),
    }
    assert claims(facts) == [
        RoleClaim("customer", "user", 0.8, **shared),
        RoleClaim("provider", "product", 0.8, **shared),
        RoleClaim("producer", "integrator", 0.75, **shared),
    ]


@pytest.mark.parametrize(
    ("value", "is_had_here"),
    [
        ("meta-llama/Llama-3.1-8B", True),
        ("mistralai/Mistral-7B-Instruct-v0.3", True),
        ("openai/gpt-oss-20b", True),
        ("openai/whisper-large-v3", True),
        ("BAAI/bge-m3", True),
        ("models/tides.Q4.gguf", True),
        ("mistralai/mistral-large", False),
        ("openai/gpt-4o", False),
        ("gemini/gemini-1.5-flash", False),
        ("bedrock/anthropic.claude-v2", False),
        ("azure/our-deployment", False),
        ("gpt-4o-mini", False),
    ],
)
def test_a_model_of_a_hub_is_told_from_one_that_others_run(value: str, is_had_here: bool) -> None:
    assert is_of_hub(part(1, {"like": "hub-model", "value": value})) is is_had_here


def test_high_impact_is_a_note_and_no_role() -> None:
    question = "Does it need an impact assessment, and is it in Annex III of the AI Act? A person sets the tier."
    looked_up = {"channel": "dns", "level": "attempt", "action": "blocked"}
    facts = facts_of({"category": "health", "seen": [looked_up]})
    assert notes(facts) == [RoleNote("R23", "needs-impact-check", question)]
    assert claims(facts) == []


def test_the_eu_act_role_that_a_person_says_is_no_role_of_the_other_set() -> None:
    case = next(one for one in cases() if one.fires == {"R13"} and not one.decided)
    said = replace(_said(case.facts, "provider"))
    assert claims(case.facts, [said]) == claims(case.facts)


def _said(facts: SystemFacts, value: str) -> Any:
    from scanner.model import Act, Decision
    from tests.inventory.role_cases import WHEN

    told = {"field": "ai_act_role", "value": value}
    return Decision(facts.id, "said", "why", "ana", WHEN, act=Act.FIELD, value=told, number=1)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_evidence_changes_nothing(case: Case, seed: int) -> None:
    order = Random(seed)
    shuffled: dict[str, Any] = {
        name: tuple(order.sample(getattr(case.facts, name), len(getattr(case.facts, name))))
        for name in _EVIDENCE
    }
    other = replace(case.facts, **shuffled)
    decided = order.sample(case.decided, len(case.decided))
    assert claims(other, decided, case.settings) == claims(case.facts, case.decided, case.settings)


# Evidence of every kind, to be put together at will. Hints that colleagues alone meet a system
# speak against a role and are left out.
_SEEN = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(
            ["dns", "proxy", "tls", "activity", "grant", "device", "seat", "sso", "code", "app",
             "asset", "expense", "setting", "register"]
        ),
        "level": st.sampled_from(["listed", "attempt", "resolved", "connected", "used"]),
        "action": st.sampled_from(["allowed", "unknown", "blocked", "auth_challenge"]),
        "identifier": st.sampled_from(["host", "oauth", "process", "bundle", "ide_ext", "mcp_server", "dns_txt"]),
        "kind": st.sampled_from(["use", "grant", "install", "entitlement", "exposure"]),
        "actors": st.integers(0, 5),
        "days": st.integers(0, 4),
        "source": st.sampled_from(["one", "two"]),
    }
)  # fmt: skip
_REACHED = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["identity", "mail", "files"]),
        "consent": st.sampled_from(["user", "admin", "unknown"]),
        "is_for_all": st.booleans(),
    }
)
_PART = st.fixed_dictionaries(
    {
        "like": st.sampled_from(sorted(presets())),
        "purpose": st.sampled_from(["runtime", "dev", "test"]),
        "is_direct": st.booleans(),
    }
)
_HINT = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("customer_facing"),
            "label": st.sampled_from(["payments", "a mobile app", "a web interface or API"]),
        }
    ),
    st.just({"kind": "agent_or_tool", "label": "functions that a model may call"}),
    st.just({"kind": "deployment", "label": "a published package or image"}),
)
_KEPT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["API key", "agent", "endpoint", "custom model", "dataset", "enabled API"]
        ),
        "name": st.sampled_from(["a", "b"]),
        "detail": st.sampled_from(["", "public"]),
    }
)
_MORE = st.fixed_dictionaries(
    {
        "category": st.sampled_from(
            ["assistant", "model-api", "coding-agent", "local-runtime", "security", "data-labelling", "application"]
        ),
        "nature": st.sampled_from(["pure", "embedded", "hosting"]),
        "seen": st.lists(_SEEN, max_size=4),
        "reached": st.lists(_REACHED, max_size=2),
        "parts": st.lists(_PART, max_size=4),
        "hints": st.lists(_HINT, max_size=2),
        "seats": st.lists(st.just({"plan": "Team", "bought": 3, "assigned": 2}), max_size=1),
        "kept": st.lists(_KEPT, max_size=2),
        "switched": st.lists(st.just({"name": "assistant", "is_on": True}), max_size=1),
        "spent": st.lists(st.fixed_dictionaries({"amount": st.sampled_from([-9.0, 9.0])}), max_size=2),
    }
)  # fmt: skip


@given(raw=_MORE, data=st.data())
@settings(max_examples=400, deadline=None)
def test_more_evidence_never_lowers_a_confidence(raw: dict[str, Any], data: st.DataObject) -> None:
    whole = facts_of(raw)
    fewer: dict[str, Any] = {
        name: tuple(
            one for one in getattr(whole, name) if data.draw(st.booleans(), label=f"{name} stays")
        )
        for name in _EVIDENCE
    }
    after = {one.role: one.confidence for one in claims(whole)}
    for one in claims(replace(whole, **fewer)):
        assert after.get(one.role, 0.0) >= one.confidence


@given(raw=_MORE, seed=st.integers())
@settings(max_examples=200, deadline=None)
def test_claims_do_not_depend_on_order_and_stay_in_bounds(raw: dict[str, Any], seed: int) -> None:
    facts = facts_of(raw)
    order = Random(seed)
    shuffled: dict[str, Any] = {
        name: tuple(order.sample(getattr(facts, name), len(getattr(facts, name))))
        for name in _EVIDENCE
    }
    found = claims(facts)
    assert claims(replace(facts, **shuffled)) == found
    for one in found:
        assert 0 < one.confidence <= 0.99
        assert one.rules
        assert 0 < len(one.questions) <= len(one.rules)
        assert one.evidence
