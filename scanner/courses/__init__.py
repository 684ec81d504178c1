"""The way of each source through a scan: read by the processes, then stored, each in its turn.

A course is a generator. It yields what it waits for, nothing when it waits for its turn to be
stored, and returns what became of its source. Whatever happens to one source ends in a status.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from scanner.errors import GnomonError, SourceError
from scanner.inputs import Refused
from scanner.model import Findings, SourceState, SourceStatus
from scanner.reading import Tools
from scanner.store import ListingStore
from scanner.workers import Workers, explained

# What is found out about a log's names beyond the log, given its name; returns what is to be said.
Enrich = Callable[[str, Findings], tuple[str, ...]]
Course = Generator[list[Future[Any]], None, SourceStatus]
# Above this share of lines that are not understood, a source counts as read in part.
REJECTED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Desk:
    """What the courses of one scan share. ``stamp`` decides how a log is read, beside the log."""

    tools: Tools
    stamp: str
    workers: Workers
    store: ListingStore
    scan: int
    enrich: Enrich | None = None


def nothing() -> None:
    """Do nothing: there is nothing to take away."""


def refused(desk: Desk, source: Refused, position: int) -> Course:
    """Return the way of what cannot be read for what it is."""
    yield []
    status = SourceStatus(source.name, source.state, reason=source.reason)
    desk.store.write_status(desk.scan, position, status)
    return status


def guarded(
    desk: Desk,
    name: str,
    reading: Course,
    position: int,
    stored: Callable[[], None] = nothing,
    ended: Callable[[], None] = nothing,
) -> Course:
    """Return the way of one source, which whatever happens to it ends in a status.

    ``stored`` is called when it is, ``ended`` in any case.
    """
    started = time.perf_counter()
    try:
        status = yield from reading
        stored()
    except (SourceError, OSError) as error:
        status = _failed(desk, name, position, reason_of(error))
    except GnomonError:
        raise
    except Exception as error:
        known = explained(error)
        if isinstance(known, GnomonError):
            raise known from error
        reason = f"reading it failed: {type(error).__name__}: {error}"
        status = _failed(desk, name, position, reason)
    finally:
        ended()
    status.seconds = time.perf_counter() - started
    return status


def _failed(desk: Desk, name: str, position: int, reason: str) -> SourceStatus:
    status = SourceStatus(name, SourceState.FAILED, reason=reason)
    desk.store.write_status(desk.scan, position, status)
    return status


def reason_of(error: Exception) -> str:
    """Return why something could not be read, in one sentence."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return str(error)
