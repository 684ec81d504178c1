"""The one place from which requests leave: declared operations alone, paged, retried, accounted for."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from integrations.addresses import check_download, request_of
from integrations.answers import Answer, meaning_of, page_of
from integrations.connector import (
    Connector,
    Credentials,
    Meaning,
    Page,
    ProvesPossession,
    Sent,
    Stopped,
    Trouble,
    Undeclared,
)
from integrations.downloaded import rows_of
from integrations.operations import Operation
from integrations.pace import Clock, Pace, backoff, delay_asked, skew
from integrations.paging import follow
from integrations.sending import send

if TYPE_CHECKING:
    import httpx2

_TRIES = 6  # for one page
_LARGEST = 64 * 1024 * 1024  # of a page
_LARGEST_DOWNLOAD = 256 * 1024 * 1024
_MOST_DOWNLOADS = 1000  # that one answer may lead to
_PASSING = (Trouble.RETRY, Trouble.SLOW_DOWN)


class Transport:
    """Sends the operations of one connector, signed with one set of credentials."""

    def __init__(
        self,
        connector: Connector,
        credentials: Credentials,
        client: httpx2.Client,
        hosts: Mapping[str, str],
        clock: Clock,
        seed: int = 0,
    ) -> None:
        self._connector = connector
        self._credentials = credentials
        self._client = client
        self._hosts = hosts
        self._clock = clock
        self._pace = Pace(connector.quotas, clock)
        self._dice = random.Random(seed)  # noqa: S311 - jitter, no secret
        self.sent = Sent()

    @property
    def waited(self) -> float:
        """The seconds spent waiting so far."""
        return self._pace.waited

    def pages(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        following: str = "",
        deadline: float = float("inf"),
    ) -> Iterator[Page]:
        """Yield the pages of an operation, from a place on that an earlier page named.

        Raises Stopped where it goes no further, Undeclared for what is no operation of this
        connector.
        """
        if operation not in self._connector.operations:
            raise Undeclared(f"{operation.id} is no operation of {self._connector.name}")
        yield from follow(
            lambda place: self._page(operation, parameters, place, deadline), following
        )

    def _page(
        self, operation: Operation, parameters: Mapping[str, str], following: str, deadline: float
    ) -> tuple[Page, int]:
        """Return a page and how many requests it took. Raises Stopped."""
        is_renewed = False
        last = ""
        for tries in range(_TRIES):
            if self._clock.time() > deadline:
                raise Stopped(Meaning(Trouble.RETRY, "the time for it was over"))
            answer, meaning = self._told(operation, parameters, following)
            if meaning is None:
                return page_of(operation, answer), tries + 1
            if meaning.trouble is Trouble.SIGN_IN and not is_renewed:
                is_renewed = True
                self._credentials.renew()
                self.sent.renewals += 1
                continue
            if meaning.trouble is Trouble.SIGN_IN:
                raise Stopped(meaning._replace(trouble=Trouble.DENIED))
            if meaning.trouble not in _PASSING:
                raise Stopped(meaning)
            last = meaning.advice
            delay = self._delay(answer, meaning, tries)
            if self._clock.time() + delay > deadline:
                raise Stopped(Meaning(Trouble.RETRY, f"{last}; the time for it was over"))
            self._pace.wait(delay)
        raise Stopped(Meaning(Trouble.RETRY, f"{last}; given up after {_TRIES} tries"))

    def _delay(self, answer: Answer, meaning: Meaning, tries: int) -> float:
        """Return the seconds to wait before the next try."""
        is_too_fast = meaning.trouble is Trouble.SLOW_DOWN
        asked = delay_asked(answer.headers, self._clock.time(), is_too_fast)
        return backoff(tries, self._dice) if asked is None else asked + self._dice.random()

    def _told(
        self, operation: Operation, parameters: Mapping[str, str], following: str
    ) -> tuple[Answer, Meaning | None]:
        """Return an answer and what is the trouble with it. Raises Stopped."""
        method, address, body = request_of(self._hosts, operation, parameters, following)
        try:
            signed = self._signed(operation, method, address)
        except Stopped as error:  # no token: the same as no answer
            return Answer(0, {}, b"", None), error.meaning
        self._pace.wait_for(operation.quota)
        self.sent.count(operation.id)
        answer = self._ask(operation, method, address, signed, body)
        difference = skew(answer.headers, self._clock.time())
        if difference is not None and abs(difference) > abs(self.sent.skew):
            self.sent.skew = difference
        return answer, meaning_of(self._connector, operation, answer)

    def _signed(self, operation: Operation, method: str, address: str) -> Mapping[str, str]:
        headers = {**operation.headers, **self._credentials.headers(operation)}
        if isinstance(self._credentials, ProvesPossession):
            headers |= self._credentials.proof(operation, method, address)
        return headers

    def _ask(
        self,
        operation: Operation,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: Any,
    ) -> Answer:
        content = None if body is None else msgspec.json.encode(body)
        named = headers if body is None else {"Content-Type": "application/json", **headers}
        answer = send(self._client, method, address, named, content, _LARGEST)
        is_led = operation.follows_download and answer.status in (200, 302)
        return self._download(answer) if is_led else answer

    def _download(self, answer: Answer) -> Answer:
        """Fetch what an answer leads to, without credentials."""
        if answer.status == 302:
            addresses = [answer.headers.get("location", "")]
        else:
            links = answer.body.get("download_links") if isinstance(answer.body, dict) else None
            if not isinstance(links, list):  # it may be the report itself
                rows = rows_of(answer.content, answer.headers.get("content-type", ""))
                return answer if answer.body is not None else answer._replace(body=rows)
            addresses = [one for one in links if isinstance(one, str)]
        if len(addresses) > _MOST_DOWNLOADS:
            raise Stopped(Meaning(Trouble.WRONG, f"a report in {len(addresses):,} pieces"))
        gathered: list[Any] = []
        for address in addresses:
            check_download(address, self._connector.download_hosts)
            found = send(self._client, "GET", address, {}, None, _LARGEST_DOWNLOAD)
            if found.status != 200:
                return found
            gathered += rows_of(found.content, found.headers.get("content-type", ""))
        return answer._replace(status=200, body=gathered, content=b"")
