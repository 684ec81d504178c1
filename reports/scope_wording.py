"""How the scope document says its things in words: who writes what is missing, roles, the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from reports.paper import Cell, Said, Tone
from reports.scope_data import Scope
from reports.texts import Texts
from scanner.inventory.scope_entries import Entry

_LONGEST = 160  # characters of a justification before the annex, where it is whole
_LONGEST_NOTE = 240  # characters of what was seen; JSON has all of it
_MOST = 3  # names in a cell before the annex


class Wording:
    """The words of one scope document."""

    def __init__(self, scope: Scope, texts: Texts) -> None:
        self.scope = scope
        self.texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        return self.texts(f"scope.{key}", **values)

    def written(self, said: str | Sequence[str]) -> Cell:
        """Return what people wrote, or who has to write it; nothing is ever put in their place."""
        text = said if isinstance(said, str) else "; ".join(said)
        if text:
            return text
        who = self.scope.told.accountable or self("accountable_unnamed")
        return Said(self("to_write", who=who), Tone.BAD)

    def roles(self, one: Entry) -> Cell:
        """Return the roles held for a system, confirmed ones first; a mark is on the others."""
        if not one.roles:
            return Said(self.texts("common.unknown"), Tone.SOFT)
        ordered = sorted(one.roles, key=lambda each: not each.is_confirmed)
        named = [
            self.role(each.role) + ("" if each.is_confirmed else self("open_mark"))
            for each in ordered
        ]
        return Said(", ".join(named), Tone.PLAIN if one.has_confirmed_role else Tone.SOFT)

    def role(self, role: str) -> str:
        return self.texts.of("role", role)

    def owner(self, one: Entry) -> Cell:
        if not one.owner:
            return Said(self.texts("common.nobody"), Tone.BAD)
        name = one.owner.partition(" <")[0]  # the address stands in the register
        return name if one.is_owner_confirmed else Said(name + self("open_mark"), Tone.SOFT)

    def decider(self, one: Entry) -> Cell:
        """Return who would decide: who answers for the system, marked if nobody confirmed that."""
        return self.owner(one) if one.owner else one.decider or self.owner(one)

    def origin(self, one: Entry) -> str:
        return ", ".join(self(f"origin.{each}") for each in one.origin)

    def environment(self, one: Entry) -> str:
        return ", ".join(self(f"place.{each}") for each in one.environment)

    def name(self, one: Entry) -> Cell:
        """Return the name, marked if nobody confirmed where it is; it opens its row in the annex."""
        mark = "" if one.is_decided or one.place == "undecided" else self("note_star")
        return Said(f"{one.name}{mark}", opens=f"#{one.id}")

    def some(self, names: Sequence[str], most: int = _MOST) -> str:
        """Return the first of several names, and how many more there are."""
        shown = ", ".join(names[:most])
        more = len(names) - most
        return f"{shown} {self.texts('common.and_more', n=more)}" if more > 0 else shown

    def short(self, text: str) -> str:
        """Return a text that may be long as far as there is room for it."""
        one_line = " ".join(text.split())
        if len(one_line) <= _LONGEST:
            return one_line
        return self("whole_in_annex", text=one_line[:_LONGEST].rstrip())

    def sentence(self, organisation: str) -> str:
        """Return a draft of the sentence for a certificate, from roles and families of systems."""
        if not self.scope.in_scope:
            return self("statement.none")
        families = [self(f"family.{one}") for one in self.scope.families]
        text = self(
            "statement.sentence",
            organisation=organisation,
            families=self.texts.listed(families),
            roles=self._held(),
        )
        return self("statement.draft") + text

    def _held(self) -> str:
        held = [one for one in self.scope.roles if one.confirmed or one.candidate]
        confirmed = self.texts.listed([self.role(one.role) for one in held if one.confirmed])
        candidates = self.texts.listed([self.role(one.role) for one in held if not one.confirmed])
        if confirmed and candidates:
            return self("statement.roles_some", confirmed=confirmed, candidates=candidates)
        if candidates:
            return self("statement.roles_none", candidates=candidates)
        return confirmed or self("statement.roles_unknown")


def shortened(note: str) -> str:
    """Return what was seen, as far as a table has room for it."""
    return note if len(note) <= _LONGEST_NOTE else f"{note[:_LONGEST_NOTE].rstrip()}…"
