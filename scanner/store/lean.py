"""sqlite-utils without what it imports if it can: pandas and numpy, 80 MiB that nothing here uses."""

from __future__ import annotations

import sys
from importlib import import_module

_UNUSED = ("pandas", "numpy")


def load_sqlite_utils() -> None:
    """Import sqlite-utils as if pandas and numpy were not installed; they can be imported later."""
    if "sqlite_utils" in sys.modules:
        return
    masked = [name for name in _UNUSED if name not in sys.modules]
    for name in masked:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's way to say: there is none
    try:
        import_module("sqlite_utils")
        import_module("sqlite_utils.migrations")
    finally:
        for name in masked:
            del sys.modules[name]
