"""Who a code stands for: a person with the key asks for one, says why, and that is recorded.

A code cannot be turned back. The names that the store holds in clear, and those that are given, are
coded in turn until one fits. The name itself is told and never stored.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from scanner.config import Config
from scanner.errors import StoreError, UsageError
from scanner.inventory.recording import LONGEST
from scanner.model import Act, Decision
from scanner.privacy import Privacy, Pseudonyms, load_key
from scanner.store import Reader, Store

SUBJECT = "code:"
MOST = 200_000  # names that are tried
_CODE = re.compile(r"[uc]-[0-9a-f]{20}")
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


class QuestionError(UsageError):
    """A question that is not answered and not recorded; ``word`` says which flaw it has."""

    def __init__(self, word: str, text: str) -> None:
        super().__init__(text)
        self.word = word


@dataclass(frozen=True, slots=True)
class Revealed:
    """What became of asking for a code: the name that fits, "" if none of those tried does."""

    code: str
    name: str
    tried: int
    decision: Decision


def reveal(
    store: Store,
    config: Config,
    code: str,
    reason: str,
    by: str,
    at: datetime,
    names: Iterable[str] = (),
) -> Revealed:
    """Look for who a code stands for, and record that it was asked for, also where nobody fits.

    ``names`` are tried beside those in the store; of a client address they are addresses and
    networks. Raises QuestionError, and StoreError where the key is not at hand.
    """
    code = code.strip().casefold()
    _check(store, code, reason)
    pseudonyms = pseudonyms_of(store, config)
    wanted = [*_known(store), *names] if code[0] == "u" else list(names)
    spelled = _spelled(wanted) if code[0] == "u" else _addresses(wanted)
    name, tried = _found(code, spelled, pseudonyms)
    decision = Decision(
        f"{SUBJECT}{code}",
        "revealed" if name else "not_found",
        reason.strip(),
        by,
        at,
        act=Act.REVEAL,
        value={"tried": tried},
    )
    return Revealed(code, name, tried, store.decide(decision))


def pseudonyms_of(store: Reader, config: Config) -> Pseudonyms:
    """Return what codes names as the store does. Raises StoreError where its key is not at hand."""
    key = load_key(config.key_file, may_create=False)
    made = Pseudonyms(key, Privacy.PSEUDONYMOUS, config.domains)
    if store.meta("key_id") not in (None, made.key_id):
        raise StoreError(f"{config.key_file}: not the key that {config.database} was made with")
    return made


def _check(store: Reader, code: str, reason: str) -> None:
    if not _CODE.fullmatch(code):
        raise QuestionError(
            "code", f"{code!r} is no code: it is u- or c- and twenty hexadecimal digits"
        )
    if not store.has_code(code):
        raise QuestionError("unknown", f"{code} stands nowhere in this database")
    if not reason.strip():
        raise QuestionError("reason", "say why it has to be known who this is; that is recorded")
    if len(reason) > LONGEST:
        raise QuestionError("long", f"a reason of more than {LONGEST:,} characters")


def _known(store: Reader) -> Iterator[str]:
    yield from store.people_in_clear()
    for system in store.systems():
        yield from (str(row["owner"]) for row in store.owner_candidates_of(system.id))
    for one in store.decisions():
        yield one.by
        yield str(one.value.get("owner", "")) if one.act is Act.OWNER else ""


def _found(code: str, names: Iterable[str], pseudonyms: Pseudonyms) -> tuple[str, int]:
    """Return the name that fits, "" if none does, and how many were tried."""
    tried = 0
    for name in dict.fromkeys(islice(names, MOST)):
        tried += 1
        user, client = (name, None) if code[0] == "u" else (None, name)
        if pseudonyms.actor(user, client)[0] == code:
            return name, tried
    return "", tried


def _spelled(names: Iterable[str]) -> Iterator[str]:
    """Yield each name as logs may write it: whole, its address, and what stands before the @."""
    for name in names:
        plain = name.strip()
        address = found[1] if (found := _ADDRESS.search(plain)) else plain
        for one in (plain, address, address.partition("@")[0]):
            if one and not _CODE.fullmatch(one):
                yield one


def _addresses(given: Iterable[str]) -> Iterator[str]:
    """Yield addresses, and each of a network. Raises QuestionError for what is neither."""
    for one in given:
        try:
            yield from map(str, ipaddress.ip_network(one.strip(), strict=False))
        except ValueError:
            text = f"{one!r} is no address and no network such as 10.0.0.0/16"
            raise QuestionError("network", text) from None
