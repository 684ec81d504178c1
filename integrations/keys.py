"""What signs requests alike: a key for good, or a token that ends and is got again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from integrations.connector import Context
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


class EndingToken(ABC):
    """A token for all operations that ends: it is got when it is needed, and again at its end."""

    is_of_a_person = False

    def __init__(self, context: Context) -> None:
        self._context = context
        self._token = ""
        self._ends = 0.0  # seconds since 1970
        self._granted: frozenset[str] | None = None

    def headers(self, operation: Operation) -> Mapping[str, str]:  # noqa: ARG002 - one token for all
        """Return the header that signs. Raises SourceError where the service gives no token."""
        if not self._token or self._context.now() >= self._ends:
            self._get()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> None:
        """Forget the token."""
        self._token = ""

    def granted(self) -> frozenset[str] | None:
        """Return what was granted; asked, if it was not. Raises SourceError."""
        if self._granted is None:
            self._get()
        return self._granted

    @abstractmethod
    def _get(self) -> None:
        """Get a token, and note when it ends and what it may do. Raises SourceError."""
