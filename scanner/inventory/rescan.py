"""New signatures over what scans kept, without the logs: what is known only because we know more.

Kept are hosts, signs of unknown AI, applications, components, and the registrable domains that no
signature knew. What a rescan finds is resolved at most, and marked; who it was nobody can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scanner.inventory.identity import register_built_systems, register_used_systems
from scanner.matching import Matcher
from scanner.model import OTHERS, Channel, EvidenceKind, Identifier, Signature
from scanner.store.rescans import Basis, KeptValue, NewHit, RescanStore


def rescan(store: RescanStore, matcher: Matcher) -> list[NewHit]:
    """Store what the signatures make of kept values and did not before; returns what could not be.

    That is what suggests a component: only reading its source tree again says of what.
    """
    hits = list(found(store, matcher))
    scan = store.scans()[0].id
    to_read = [one for one in hits if _needs_the_tree(one)]
    store.write_hits(scan, (one for one in hits if not _needs_the_tree(one)))
    register_used_systems(store)
    register_built_systems(store)
    return to_read


def found(store: RescanStore, matcher: Matcher) -> Iterator[NewHit]:
    """Yield the kept values that a signature names which did not name them then."""
    known: dict[tuple[Basis, Identifier, str], Signature | None] = {}
    ask = partial(_signature, matcher)
    for kept in store.kept_values():
        if kept.value == OTHERS:
            continue
        about = (kept.basis, kept.channel, kept.value)
        if about not in known:
            known[about] = ask(kept)
        signature = known[about]
        if signature is not None and signature.product_key != kept.product:
            yield NewHit(kept, signature)


def _signature(matcher: Matcher, kept: KeptValue) -> Signature | None:
    """Return what a value speaks for. A domain speaks only for who has all of it."""
    met = matcher.match_value(kept.channel, kept.value)
    if met is None or met.detection.evidence is EvidenceKind.SUPPORTING:
        return None
    if kept.basis is Basis.DOMAIN and kept.value not in met.detection.suffix:
        return None
    return met


def _needs_the_tree(hit: NewHit) -> bool:
    return hit.kept.basis is Basis.SIGN and hit.kept.seen_by is Channel.CODE
