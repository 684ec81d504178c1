"""The roles that there are, and the rules that suggest them."""

from __future__ import annotations

from pages import ROOT, between
from scanner.inventory.role_rules import Rule, rules


def roles_page() -> str:
    """The roles that there are, and the rules that suggest them."""
    known = rules()
    held = ["| role | what tells it | sub-roles | where it is from |", "|---|---|---|---|"]
    held += [
        f"| {one.title} (`{one.id}`) | {one.test} | {', '.join(f'`{name}`' for name in one.sub_roles)} | {one.source} |"
        for one in known.roles
    ]
    rows = [
        "| rule | when | roles, and how sure at most | what a person says |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| {one.id} | {one.title} | {_suggested(one)} | {one.question} |" for one in known.rules
    ]
    text = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    text = between(text, "roles", "\n".join(held) + "\n")
    return between(text, "rules", "\n".join(rows) + "\n")


def _suggested(rule: Rule) -> str:
    """Return the roles of a rule, each with the most that a case of it gives."""
    most: dict[str, float] = {}
    for one in (role for case in rule.cases for role in case.roles):
        most[one.role] = max(one.confidence, most.get(one.role, 0.0))
    told = ", ".join(f"{role} {confidence:.2f}" for role, confidence in most.items())
    return told or "none: a note"


PAGES = {"docs/roles.md": roles_page}
