"""Times, for tests."""

from datetime import datetime


def at(text: str) -> datetime:
    """Return an ISO 8601 time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
