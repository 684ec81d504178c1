"""What a directory says of people: their units, who leads those, and who has left.

It is read once more for that, so that memory grows with its managers and not with its people. Of
people codes alone are kept; who leads a unit is named, for that is who may own what it uses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from scanner.accounts.joining import joined_person
from scanner.model import Colleague, Head, Person, Record
from scanner.naming import fold
from scanner.privacy import Pseudonyms

_LONGEST_CHAIN = 20  # of managers above each other; some directories go in circles

Records = Callable[[], Iterable[Record]]


def says_where(person: Person) -> bool:
    """Whether a record of a person is one of a directory: it has a unit, or a manager."""
    return bool(person.unit or person.manager)


class Colleagues:
    """The people of a directory by code, each as often as it lists them; read when they are asked for."""

    def __init__(self, records: Records, pseudonyms: Pseudonyms) -> None:
        self._records = records
        self._pseudonyms = pseudonyms

    def __iter__(self) -> Iterator[tuple[str, Colleague]]:
        for one in _people(self._records):
            if one.login or one.key:
                code, _ = self._pseudonyms.actor(one.login or one.key, None)
                yield code, Colleague(one.unit, one.is_active)


def heads(records: Records) -> tuple[Head, ...]:
    """Return who leads each unit: whom most of it answer to, or whoever leads them inside it."""
    answering: dict[str, Counter[str]] = {}
    for one in _people(records):
        if one.unit and one.manager:
            answering.setdefault(one.unit, Counter())[one.manager] += 1
    managers = _Managers(records, {name for each in answering.values() for name in each})
    return tuple(_head(unit, answering[unit], managers) for unit in sorted(answering))


def _head(unit: str, answering: Counter[str], managers: _Managers) -> Head:
    by_key: Counter[str] = Counter()
    for name, people in answering.items():
        by_key[managers.key_of(name)] += people
    most = min(by_key, key=lambda one: (-by_key[one], one))
    *_, key = managers.above(most, unit)
    person = managers.known.get(key)
    name = (person.login if person else "") or key
    return Head(unit, name, by_key.total(), person.is_active if person else None)


class _Managers:
    """Those of a directory's people whom others answer to."""

    def __init__(self, records: Records, called: set[str]) -> None:
        folded = {fold(one) for one in called}
        self.known: dict[str, Person] = {}
        self._keys: dict[str, str] = {}  # by folded name; of several of one name the first
        for one in _people(records):
            if one.key in called or (one.name and fold(one.name) in folded):
                known = self.known.get(one.key)
                self.known[one.key] = joined_person(known, one) if known else one
        for key in sorted(self.known):
            self._keys.setdefault(fold(self.known[key].name), key)

    def key_of(self, manager: str) -> str:
        """Return the key of a manager who is called by a key or a name."""
        return manager if manager in self.known else self._keys.get(fold(manager), manager)

    def above(self, key: str, unit: str) -> Iterator[str]:
        """Yield somebody, and whoever leads them, as far as they are of the unit."""
        seen: set[str] = set()
        while len(seen) < _LONGEST_CHAIN:
            yield key
            seen.add(key)
            person = self.known.get(key)
            key = self.key_of(person.manager) if person and person.manager else ""
            if key in seen or key not in self.known or self.known[key].unit != unit:
                return


def _people(records: Records) -> Iterator[Person]:
    return (one for one in records() if isinstance(one, Person))
