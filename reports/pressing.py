"""What presses for a decision: the order in which systems are looked at, why, and what is asked."""

from __future__ import annotations

from reports.accounts import in_clauses, listed_by
from reports.material import Material
from scanner.model import AISystem, Level


def in_order(material: Material) -> list[AISystem]:
    """Return the systems by data reach and consequence, then by how far their use got."""
    return sorted(material.systems.values(), key=lambda one: _weight(material, one))


def _weight(material: Material, one: AISystem) -> tuple[int, int, int, int, str, str]:
    # What is built is meant to be used.
    level = Level.USED if one.level is None else one.level
    score = material.triage[one.id]["score"]
    return -score, -level, -one.bytes_up, -one.users, one.name.casefold(), one.id


def question(one: AISystem) -> str:
    """Return which question a system raises, by how far its use got."""
    return "built" if one.level is None else one.level.label


def why(material: Material, one: AISystem) -> list[str]:
    """Say in a few clauses what makes a decision on this system pressing."""
    texts, facts = material.texts, material.facts[one.id]
    clauses = [_seen(material, one), *in_clauses(facts, texts)]
    if one.blocked and one.level is not Level.ATTEMPT:
        clauses.append(texts("brief.blocked", n=one.blocked))
    if texts.has(f"common.consequence.{one.category}"):
        clauses.append(texts(f"common.consequence.{one.category}"))
    return clauses


def _seen(material: Material, one: AISystem) -> str:
    """Say how far the use of a system got, and of how many people."""
    texts = material.texts
    if one.level is None:
        return texts("brief.seen.built", supplier=one.supplier)
    if one.level is Level.LISTED:
        said = listed_by(material.facts[one.id], texts)
        return f"{said}, {texts('common.people', n=one.users)}" if one.users else said
    there = material.people_by_level(one.id)[one.level]
    verb = "sent" if one.level is Level.USED and one.bytes_up else one.level.label
    if not there:
        return texts(f"brief.seen.{verb}.nobody")
    return texts(f"brief.seen.{verb}.some", people=texts("common.people", n=there), of=one.users)
