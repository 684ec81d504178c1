"""Leaves the collection of cycles out while a document is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Make many objects that all stay until the end, without looking for cycles among them.

    Of thousands of systems, each search goes through millions of objects that are still needed:
    it took two fifths of the time and found nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
