"""Why a review stands where it does: codes with values, so that every language can word them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

Value = str | date | tuple["str | Ground", ...]

# In the words of the command line; the catalogues of reports have the same codes.
WORDS: Mapping[str, str] = {
    "undecided": "nobody has decided yet",
    "decided": "decided by {by}",
    "policy_product": "by the policy on the product {name}",
    "policy_supplier": "by the policy on the supplier {name}",
    "policy_category": "by the policy on the category {name}",
    "expired": "{verdict} until {day}; that is past",
    "seen_again": "retired, and seen again since",
    "changed": "changed since: {what}",
    "rearranged": "merged or split since: {what}",
    "part_undecided": "nobody has decided on {name}",
    "part_decided": "{name} was {verdict} by {by} on {day}",
    "whole_decided": "{whole}, which {name} was a part of then, was {verdict} by {by} on {day}",
}


class Ground(NamedTuple):
    """One reason. Its ``verdict`` is a state or a place in the scope, as it was decided."""

    code: str
    values: Mapping[str, Value] = MappingProxyType({})

    def __str__(self) -> str:
        return WORDS[self.code].format(
            **{name: _plain(name, one) for name, one in self.values.items()}
        )


def _plain(name: str, value: Value) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return str(value).replace("_", " ") if name == "verdict" else str(value)
