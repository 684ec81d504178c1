"""Accounts: read when their turn comes, each of their listings stored in a transaction of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from scanner.accounts import Account, AccountInput, Listing
from scanner.accounts.gathering import Gathering
from scanner.accounts.meaning import Meaning
from scanner.courses import Course, Desk, guarded, nothing, reason_of, refused, trees
from scanner.errors import ConfigError, GnomonError, SourceError
from scanner.inputs import Refused
from scanner.model import Holding, SourceState, SourceStatus, Tenant, TimeQuality
from scanner.store import NewListing, NewSource


def courses(desk: Desk, given: AccountInput, position: int) -> Iterator[Course]:
    """Yield the way of each repository and each listing of an account.

    The account is read when the first of them is asked for. It stays open until the last of them has
    ended, and what it kept until all is stored goes when all is: a listing that could not be stored
    leaves it for the next scan.
    """
    with ExitStack() as opening:
        try:
            yield from _courses(desk, given, position, opening)
        except (SourceError, ConfigError, OSError) as error:
            yield refused(desk, Refused(given.name, reason_of(error)), position)
        except GnomonError:
            raise
        except Exception as error:  # noqa: BLE001 - a connector may be a plugin, an account hostile
            reason = f"reading it failed: {type(error).__name__}"
            yield refused(desk, Refused(given.name, reason), position)


def _courses(
    desk: Desk, given: AccountInput, position: int, opening: ExitStack
) -> Iterator[Course]:
    meaning = Meaning(desk.tools.matcher, desk.tools.shapes)
    account = opening.enter_context(given.open(meaning.of))
    listings = account.listings()
    held = Gathering(meaning.of, desk.tools.pseudonyms, meaning.signs).gather(listings)
    for tree in account.trees():
        yield trees.course_of_listed(desk, tree, f"{given.name} {tree.name}", position)
        position += 1
    # Courses are asked for before earlier ones are stored: from here on the last one closes.
    closing = opening.pop_all()
    stored = _Stored(account, len(listings))
    for number, (listing, holding) in enumerate(zip(listings, held, strict=True), 1):
        storing = _store_listing(desk, account.tenant, listing, holding, position)
        ended = closing.close if number == len(listings) else nothing
        yield guarded(desk, listing.name, storing, position, stored.one, ended)
        position += 1
    if not listings:
        closing.close()


class _Stored:
    """Counts the listings of an account that are stored; tells it when all are."""

    def __init__(self, account: Account, listings: int) -> None:
        self._account = account
        self._left = listings

    def one(self) -> None:
        self._left -= 1
        if not self._left:
            self._account.stored()


def _store_listing(
    desk: Desk, tenant: Tenant, listing: Listing, held: Holding, position: int
) -> Course:
    yield []  # its turn comes when all before it are stored
    fingerprint = fingerprint_of_listing(tenant, listing.key)
    if listing.is_file and (copy := desk.store.copy_of(listing.digest, fingerprint)):
        reason = "the same content is stored already"
        status = SourceStatus(listing.name, SourceState.ALREADY_READ, reason=reason)
        desk.store.write_status(desk.scan, position, status, copy)
        return status
    status = status_of_listing(listing, held)
    new = NewListing(
        NewSource(
            fingerprint=fingerprint,
            length=listing.size,
            digest=listing.digest,
            size=listing.size,
            reading=desk.stamp,
            name=listing.name,
            format=listing.title,
            marks=b"",
            beginning=b"",
            replaces=(),
            alike=(),
        ),
        is_complete=listing.state is SourceState.COMPLETE,
        since=listing.since,
        until=listing.until,
        account=f"{tenant.system}:{tenant.id}",
    )
    # Also one without a page may be whole: there was nothing that it could be asked about.
    if listing.pages or new.is_complete:
        desk.store.write_listing(desk.scan, position, status, new, held)
    else:
        desk.store.write_status(desk.scan, position, status)
    return status


def fingerprint_of_listing(tenant: Tenant, key: str) -> str:
    """Return what a listing is known by: whose it is, and what it lists."""
    named = f"listing\0{tenant.system}\0{tenant.id}\0{key}"
    return hashlib.blake2b(named.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def status_of_listing(listing: Listing, held: Holding) -> SourceStatus:
    """Return what became of a listing: its "lines" are its records."""
    bad = listing.bad_fields()
    ignored, rejected = Counter(held.ignored) + Counter(listing.ignored()), listing.rejected()
    notes = (*listing.notes, *held.notes)
    if bad:
        fields = ", ".join(f"{name} ({count:,})" for name, count in sorted(bad.items()))
        notes = (*notes, f"fields that were not what they should be, and were left out: {fields}")
    return SourceStatus(
        name=listing.name,
        state=listing.state,
        format=listing.title,
        reason=listing.reason,
        read=held.read + sum(listing.ignored().values()) + rejected,
        ignored=dict(sorted(ignored.items())),
        rejected=rejected,
        first=held.first or listing.since,
        last=held.last or (None if listing.is_state else listing.until),
        time_quality=TimeQuality.EXACT if held.first else TimeQuality.NONE,
        notes=notes,
    )
