"""Records added up: what each listing of an account shows of AI.

Applications are learnt first, from all listings, for any of them may refer to any. People are
looked up last, and only those whom evidence is about: memory grows with the AI in an account, not
with the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from scanner.accounts import Listing, Recognise
from scanner.accounts.directory import Colleagues, heads
from scanner.accounts.drafting import Draft, Granted, Looks
from scanner.accounts.joining import joined_app, joined_person
from scanner.accounts.seats import notes_on_seats
from scanner.model import App, Holding, Person, Signature
from scanner.privacy import Pseudonyms


def _nothing(_app: App) -> Looks:
    return ()


class Gathering:
    """The listings of one account at work.

    ``recognise`` says which product an application is, ``look`` what of an unknown one looks like AI.
    """

    def __init__(
        self,
        recognise: Recognise,
        pseudonyms: Pseudonyms,
        look: Callable[[App], Looks] = _nothing,
    ) -> None:
        self._recognise = recognise
        self._look = look
        self._pseudonyms = pseudonyms
        self._apps: dict[str, Signature | None] = {}
        self._looks: dict[str, Looks] = {}

    def gather(self, listings: Sequence[Listing]) -> list[Holding]:
        """Return what each listing shows, in their order."""
        self._learn(listings)
        drafts = [self._draft(listing) for listing in listings]
        people = self._people(listings, {key for draft in drafts for key in draft.people})
        revoked: dict[Granted, datetime] = {}
        for draft in drafts:
            for what, when in draft.revoked.items():
                revoked[what] = max(when, revoked.get(what, when))
        held = [draft.finished(people, self._pseudonyms, revoked) for draft in drafts]
        for listing, draft, one in zip(listings, drafts, held, strict=True):
            if draft.is_directory:
                one.people = Colleagues(listing.records, self._pseudonyms)
                one.heads = heads(listing.records)
        for number, note in notes_on_seats(listings, drafts, people):
            held[number].notes = (*held[number].notes, note)
        return held

    def _learn(self, listings: Sequence[Listing]) -> None:
        """Recognise the applications, by all that any listing says of each."""
        known: dict[str, App] = {}
        for listing in listings:
            for record in listing.records():
                if isinstance(record, App):
                    said = known.get(record.key)
                    known[record.key] = joined_app(said, record) if said else record
        for key, app in known.items():
            found = self._apps[key] = self._recognise(app)
            if found is None and (looks := self._look(app)):
                self._looks[key] = looks

    def _draft(self, listing: Listing) -> Draft:
        draft = Draft(self._apps, self._looks, listing.is_state)
        for record in listing.records():
            draft.add(record)
        return draft

    def _people(self, listings: Sequence[Listing], wanted: set[str]) -> dict[str, Person]:
        """Return the people whom evidence is about."""
        found: dict[str, Person] = {}
        for person in _people_of(listings) if wanted else ():
            if person.key in wanted:
                known = found.get(person.key)
                found[person.key] = joined_person(known, person) if known else person
        return found


def _people_of(listings: Sequence[Listing]) -> Iterator[Person]:
    for listing in listings:
        for record in listing.records():
            if isinstance(record, Person):
                yield record
