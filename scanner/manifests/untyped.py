"""Values of JSON, YAML and TOML that may be of any type: what they are, or an empty one of it."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """Return an object or table; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """Return a text; "" for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts in a list; none for anything else."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
