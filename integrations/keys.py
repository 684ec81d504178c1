"""What signs requests alike: a key for good, or a token that ends and is got again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from integrations.addresses import address_of
from integrations.answers import Answer, of_status
from integrations.connector import Context, Stopped, Trouble
from integrations.operations import Operation, TokenRequest
from integrations.sending import send

_LARGEST = 1024 * 1024  # of an answer that holds a token


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
        """Return the header that signs. Raises SourceError where the service gives no token, and
        Stopped where it may give one later."""
        if not self._token or self._context.now() >= self._ends:
            self._get()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> None:
        """Forget the token."""
        self._token = ""

    def granted(self) -> frozenset[str] | None:
        """Return what was granted; asked, if it was not. Raises as ``headers`` does."""
        if self._granted is None:
            self._get()
        return self._granted

    @abstractmethod
    def _get(self) -> None:
        """Get a token, and note when it ends and what it may do. Raises as ``headers`` does."""

    def _address(self, request: TokenRequest, parameters: Mapping[str, str]) -> str:
        return address_of(self._context.hosts[request.host], request.path, parameters)

    def _ask(
        self,
        request: TokenRequest,
        parameters: Mapping[str, str],
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """Return the answer to a request for a token. Raises Stopped where another may come later."""
        with self._context.network.client() as client:
            address = self._address(request, parameters)
            answer = send(client, request.method, address, headers, content, _LARGEST)
        meaning = of_status(answer)
        if meaning.trouble in (Trouble.RETRY, Trouble.SLOW_DOWN):
            raise Stopped(meaning._replace(advice=f"no token: {meaning.advice}"))
        return answer


def said(answer: Answer) -> Mapping[str, Any]:
    """Return what an answer holds; nothing for one that is no object."""
    return answer.body if isinstance(answer.body, Mapping) else {}
