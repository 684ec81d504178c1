"""Which decisions speak for a system now, when people have merged it, or split it.

A decision speaks for all that its subject stood for when it was made. So a merge loses none, a split
gives each system its own back, and nothing that was decided is ever written anew. Of what was decided
on the parts of one system, what burdens counts if it was said of any part (a role, a place in the
scope, a rejection); what relieves counts only if it was said of all (an approval, a place out of it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.inventory.grounds import Ground, Value
from scanner.model import Act, Decision, RoleStatus
from scanner.store import Place, Reader
from scanner.store.arrangement import Arrangement

_ARRANGES = (Act.MERGE, Act.SPLIT)
# Returns what a decision is about beside its system, such as a role.
_About = Callable[[Decision], str]


@dataclass(frozen=True, slots=True)
class Word:
    """The newest decision that speaks for one part of a system; None if nobody said anything.

    ``is_of_whole`` is of a decision on another system, which this was a part of when it was made.
    """

    part: str
    decision: Decision | None
    is_of_whole: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """All decisions, by the systems that they speak for now."""

    spoken: Mapping[str, Sequence[Decision]]  # for each that ever was a system, in their order
    parts: Mapping[str, Sequence[str]]  # what a system stands for, itself first, if it is merged
    arranged: Mapping[str, Sequence[Decision]]  # the merges and splits that each had a part in
    places: Mapping[str, Place]  # all that ever was a system, if any was merged or split

    def parts_of(self, system: str) -> Sequence[str]:
        """Return what a system stands for, itself first."""
        return self.parts.get(system, (system,))

    def is_one(self, system: str) -> bool:
        """Whether a system stands for nothing but itself, and was never a part of another."""
        return not self.arranged.get(system)

    @property
    def names(self) -> dict[str, str]:
        """What all are called, those that were merged too, if there are any."""
        return {one.id: one.name for one in self.places.values()}

    def words(self, system: str, act: Act) -> list[Word]:
        """Return the newest decision on each part of a system, and on what it was a part of since."""
        parts = self.parts_of(system)
        return [
            one for part in parts for one in _words(part, self.made(part, act), frozenset(parts))
        ]

    def said(self, system: str) -> list[Decision]:
        """Return the words on its roles and fields that count, in their order, as of the system.

        Its own word on a field goes before that of a part; a role is held that any part holds.
        """
        roles = self._by_part(system, Act.ROLE, lambda one: str(one.value.get("role", "")))
        fields = self._by_part(system, Act.FIELD, lambda one: str(one.value.get("field", "")))
        whole = len(self.parts_of(system))
        counted = [*_held(roles, whole), *(one[0] for one in map(_filled, fields.values()) if one)]
        ordered = sorted(counted, key=lambda one: one.number)
        return [replace(one, subject=system) for one in ordered]

    def about(self, system: str) -> list[Decision]:
        """Return all that was decided on a system and on its parts, in order, as it was recorded."""
        parts = self.parts_of(system)
        made = [one for part in parts for one in self.spoken.get(part, ())]
        arranged = [one for part in parts for one in self.arranged.get(part, ())]
        return sorted({one.number: one for one in (*made, *arranged)}.values(), key=_number)

    def newest(self, system: str, act: Act) -> Decision | None:
        """Return what nobody may overrule unseen: the newest word on it, or merge or split of it."""
        parts = self.parts_of(system)
        made = [one for part in parts for one in self.made(part, act)]
        arranged = [one for part in parts for one in self.arranged.get(part, ())]
        return max((*made, *arranged), key=_number, default=None)

    @property
    def homes(self) -> dict[str, str]:
        """The system that stands for each that was merged away, and for itself."""
        return {part: home for home, parts in self.parts.items() for part in parts}

    def ground(self, word: Word) -> Ground:
        """Return who said what of a part, and when."""
        name = self.name(word.part)
        one = word.decision
        if one is None:
            return Ground("part_undecided", {"name": name})
        said: dict[str, Value] = {
            "name": name, "verdict": one.verdict, "by": one.by, "day": one.at.date(),
        }  # fmt: skip
        if word.is_of_whole:
            return Ground("whole_decided", {**said, "whole": self.name(one.subject)})
        return Ground("part_decided", said)

    def name(self, part: str) -> str:
        """Return what a part is called."""
        return self.places[part].name if part in self.places else part

    def made(self, part: str, act: Act) -> list[Decision]:
        """Return the decisions of one kind that speak for a part, in order."""
        return [one for one in self.spoken.get(part, ()) if one.act is act]

    def _by_part(self, system: str, act: Act, about: _About) -> dict[str, list[Decision]]:
        """Return the newest word of each part on each thing, those of the system itself first."""
        found: dict[str, list[Decision]] = {}
        parts = self.parts_of(system)
        for part in parts:
            own = (one for one in self.made(part, act) if one.subject in parts)
            for key, one in {about(one): one for one in own}.items():
                found.setdefault(key, []).append(one)
        return found


def decided(store: Reader) -> Decided:
    """Return all decisions, by the systems that they speak for."""
    made = store.decisions()
    if not any(one.act in _ARRANGES for one in made):
        return Decided(_by_subject(made), {}, {}, {})
    places = {one.id: one for one in store.places()}
    parts: dict[str, list[str]] = {}
    for one in places.values():
        parts.setdefault(one.system, []).append(one.id)
    return Decided(
        spoken=_spoken(made, places),
        parts={home: sorted(several, key=lambda one: (one != home, one))
               for home, several in parts.items()},
        arranged=_arranged(made),
        places=places,
    )  # fmt: skip


def _words(part: str, made: Sequence[Decision], parts: frozenset[str]) -> Iterator[Word]:
    own = next((one for one in reversed(made) if one.subject in parts), None)
    yield Word(part, own)
    if made and made[-1] is not own:
        yield Word(part, made[-1], is_of_whole=True)


def _held(roles: Mapping[str, Sequence[Decision]], whole: int) -> Iterator[Decision]:
    """Yield the word on each role: held by any part, or by none if all parts were looked at."""
    for several in roles.values():
        held = [one for one in several if one.verdict == RoleStatus.CONFIRMED]
        if held or len(several) == whole:
            yield max(held or several, key=_number)


def _filled(several: Sequence[Decision]) -> Sequence[Decision]:
    """Return the words on a field that say something, the system's own first; or else that none do."""
    return [one for one in several if one.value.get("value") not in ("", None)] or several


def _spoken(made: Iterable[Decision], places: Mapping[str, Place]) -> dict[str, list[Decision]]:
    """Return what speaks for each system that ever was one: all that its homes heard in their time."""
    played = Arrangement()
    homes = _homes(played, places)
    found: dict[str, list[Decision]] = {}
    for one in made:
        if one.act in _ARRANGES:
            played.add(one.act, one.subject, one.value)
            homes = _homes(played, places)
        else:
            for part in homes.get(one.subject, (one.subject,)):
                found.setdefault(part, []).append(one)
    return found


def _homes(played: Arrangement, places: Mapping[str, Place]) -> dict[str, list[str]]:
    """Return what each system stands for, as far as merges and splits are played."""
    found: dict[str, list[str]] = {}
    for one in places:
        part = one
        while (base := places[part].base) and part not in played.bases:  # not split off yet
            part = base
        found.setdefault(played.home(part, places), []).append(one)
    return found


def _arranged(made: Iterable[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for one in made:
        if one.act in _ARRANGES:
            concerned = {one.subject, one.value.get("other"), one.value.get("system")}
            for system in concerned - {None}:
                found.setdefault(str(system), []).append(one)
    return found


def _by_subject(made: Iterable[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for one in made:
        found.setdefault(one.subject, []).append(one)
    return found


def _number(one: Decision) -> int:
    return one.number
