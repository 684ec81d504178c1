"""Keys that sign every request alike: what most vendors' admin APIs are asked with."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.operations import Operation


class Key:
    """One key, in the headers that carry it. It cannot be renewed, and does not tell its rights."""

    __slots__ = ("_headers",)

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)

    def headers(self, operation: Operation) -> Mapping[str, str]:  # noqa: ARG002 - the same for all
        """Return the headers that sign a request."""
        return self._headers

    def renew(self) -> None:
        """Do nothing: there is no other key."""

    def granted(self) -> frozenset[str] | None:
        """Return None: a key does not tell what it may do."""
        return None

    @property
    def is_of_a_person(self) -> bool:
        """False: a key sees what the organisation allows keys to see."""
        return False
