"""Ctrl-C, let through where work can be left half done, and held back where it cannot."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held() -> Iterator[None]:
    """Leave a Ctrl-C for later; processes that are born meanwhile never get one."""
    with _masked("SIG_BLOCK"):
        yield


@contextmanager
def let_through() -> Iterator[None]:
    """Within ``held``: a Ctrl-C that came, or comes now, raises KeyboardInterrupt here."""
    with _masked("SIG_UNBLOCK"):
        yield


@contextmanager
def _masked(how: str) -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows: Ctrl-C comes when it comes
        yield
        return
    before = signal.pthread_sigmask(getattr(signal, how), {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
