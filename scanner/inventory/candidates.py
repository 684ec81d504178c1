"""Candidates: what looks like AI and is named by no signature, with reasons and a score.

A candidate is never a system. A person, or two signals that are independent of each other, turn
it into a signature of the user's own (promotion.py); from then on it is found like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from scanner.hosts import fold, host_of_url, path_of_url
from scanner.matching import Matcher
from scanner.model import (
    CANDIDATE_KEY,
    Candidate,
    CandidateStatus,
    Decision,
    EvidenceKind,
    Identifier,
    Level,
    Reason,
    Shape,
    Signal,
    candidate_key,
)
from scanner.shapes import SDK_DEPENDENCY, Shapes, score
from scanner.store import Reader


def called(one: Candidate) -> str:
    """Return what a candidate calls itself, or what it is known by."""
    parts = (part for seen in one.seen_as for part in seen.split(";"))
    named = (part.partition("=")[2] for part in parts if part.startswith("app_name="))
    return next(named, one.subject)


def candidates(store: Reader, matcher: Matcher | None = None) -> list[Candidate]:
    """Return every candidate, the surest and most seen first.

    With a ``matcher`` those are left out that a signature has come to name since the scan.
    """
    signs = store.candidate_signs()
    decided = store.latest_decisions(CANDIDATE_KEY)
    if matcher is not None:
        signs = [sign for sign in signs if _key(sign) in decided or not _is_named(sign, matcher)]
    found = [
        _candidate(Identifier(channel), subject, list(group), decided)
        for (channel, subject), group in groupby(signs, key=itemgetter("channel", "subject"))
    ]
    return sorted(found, key=lambda one: (-one.score, -one.level, -one.records, one.subject))


def judge(
    shapes: Shapes,
    matcher: Matcher,
    channel: Identifier,
    value: str,
    text: str = "",
    depends: Iterable[str] = (),
) -> Candidate | None:
    """Say what one value would be as a candidate; None if nothing about it looks like AI.

    ``text`` is what its publisher says of it, ``depends`` the package URLs it is built on.
    """
    reasons = [
        *(_reason(shape, value) for shape in _looks(shapes, channel, value)),
        *(_reason(shape, text) for shape in shapes.of_text(text)),
        *_dependencies(matcher, depends),
    ]
    if not reasons:
        return None
    return Candidate(
        channel=channel,
        subject=value,
        score=score((reason.signal, reason.confidence) for reason in reasons),
        status=CandidateStatus.OPEN,
        reasons=tuple(reasons),
        records=1,
        level=Level.ATTEMPT,
        is_proven=len({reason.signal for reason in reasons}) > 1,
    )


def _key(sign: dict[str, Any]) -> str:
    return candidate_key(Identifier(sign["channel"]), sign["subject"])


def _is_named(sign: dict[str, Any], matcher: Matcher) -> bool:
    channel = Identifier(sign["channel"])
    values = [sign["detail"]]
    if channel not in (Identifier.HOST, Identifier.OAUTH):  # of these the detail says it
        values.append(sign["subject"])
    met = (matcher.match_value(channel, value) for value in values)
    return any(one is not None and one.detection.evidence.creates_system for one in met)


def _candidate(
    channel: Identifier, subject: str, signs: list[dict[str, Any]], decided: Mapping[str, Decision]
) -> Candidate:
    status, signs = _undecided(signs, decided.get(candidate_key(channel, subject)))
    firsts = [sign["first"] for sign in signs if sign["first"]]
    lasts = [sign["last"] for sign in signs if sign["last"]]
    return Candidate(
        channel=channel,
        subject=subject,
        score=max(_scores(signs)),
        status=status,
        reasons=tuple(_reasons(signs)),
        records=max(_records_by_shape(signs)),
        level=Level(max(sign["level"] for sign in signs)),
        is_proven=any(len({sign["signal"] for sign in group}) > 1 for group in _by_detail(signs)),
        first_seen=min(firsts, default=None),
        last_seen=max(lasts, default=None),
        sources=tuple(sorted({sign["source"] for sign in signs})),
    )


def _undecided(
    signs: list[dict[str, Any]], decision: Decision | None
) -> tuple[CandidateStatus, list[dict[str, Any]]]:
    """Return the status, and the signs it is about: a host that nobody promoted is open again."""
    if decision is None:
        return CandidateStatus.OPEN, signs
    status = CandidateStatus(decision.verdict)
    promoted = tuple((decision.conditions or "").split())
    rest = [sign for sign in signs if not _is_below(sign["detail"], promoted)]
    if status is CandidateStatus.PROMOTED and promoted and rest:
        return CandidateStatus.OPEN, rest
    return status, signs


def _is_below(value: str, names: tuple[str, ...]) -> bool:
    return any(value == name or value.endswith(f".{name}") for name in names)


def _scores(signs: list[dict[str, Any]]) -> Iterator[int]:
    """Yield a score for each thing that was seen: signs of two hosts do not confirm each other."""
    for group in _by_detail(signs):
        yield score((Signal(sign["signal"]), sign["confidence"]) for sign in group)


def _by_detail(signs: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for _, group in groupby(sorted(signs, key=itemgetter("detail")), key=itemgetter("detail")):
        yield list(group)


def _records_by_shape(signs: list[dict[str, Any]]) -> Iterator[int]:
    """Yield the records of each shape: one record may have several, and is one record still."""
    by_shape = sorted(signs, key=itemgetter("shape"))
    for _, group in groupby(by_shape, key=itemgetter("shape")):
        yield sum(sign["records"] for sign in group)


def _reasons(signs: list[dict[str, Any]]) -> Iterator[Reason]:
    ordered = sorted(signs, key=lambda sign: (-sign["confidence"], sign["shape"], sign["detail"]))
    for (shape, detail), group in groupby(ordered, key=itemgetter("shape", "detail")):
        same = list(group)
        yield Reason(
            signal=Signal(same[0]["signal"]),
            shape=shape,
            meaning=same[0]["meaning"],
            detail=detail,
            confidence=same[0]["confidence"],
            records=sum(sign["records"] for sign in same),
        )


def _looks(shapes: Shapes, channel: Identifier, value: str) -> tuple[Shape, ...]:
    match channel:
        case Identifier.HOST:
            return shapes.of_host(_folded(value))
        case Identifier.HOST_PATH:
            url = value.encode("utf-8", "surrogateescape")
            return (*shapes.of_host(fold(host_of_url(url))), *shapes.of_path(path_of_url(url)))
        case _:
            return shapes.signs(channel, value)


def _folded(host: str) -> str:
    return fold(host.encode("utf-8", "surrogateescape"))


def _reason(shape: Shape, detail: str) -> Reason:
    return Reason(shape.signal, shape.id, shape.meaning, detail, shape.confidence)


def _dependencies(matcher: Matcher, depends: Iterable[str]) -> Iterator[Reason]:
    for purl in depends:
        met = matcher.match_value(Identifier.PACKAGE, purl)
        if met is not None and met.detection.evidence is EvidenceKind.BUILD:
            yield _reason(SDK_DEPENDENCY, met.product_key)
