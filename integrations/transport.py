"""The one place from which requests leave: declared operations alone, paged, retried, accounted for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlencode, urljoin, urlsplit

import msgspec

from integrations.bodies import Unfit, body_of, decoded
from integrations.connector import Connector, Credentials, Meaning, Page, Sent, Trouble
from integrations.downloaded import rows_of
from integrations.links import next_of
from integrations.operations import Operation, Paging
from integrations.pace import Clock, Pace, backoff, delay_asked, skew
from scanner.errors import GnomonError

if TYPE_CHECKING:
    import httpx2

_TRIES = 6  # for one page
_SPARE = 20  # requests beyond three for each page that an operation may take
_EMPTY = 100  # pages without an item, one after the other
_SKEW = 120.0  # seconds that two clocks may differ
_LARGEST = 64 * 1024 * 1024  # of a page
_LARGEST_DOWNLOAD = 256 * 1024 * 1024
_MOST_DOWNLOADS = 1000  # that one answer may lead to
_PARAMETER = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\{(\w+):number\}")
_ENDS = (Trouble.DENIED, Trouble.NOT_LICENSED, Trouble.NOT_THERE, Trouble.WRONG)


class Stopped(GnomonError):  # noqa: N818 - as one says it
    """An operation cannot be read on; what was read so far stands."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__(meaning.advice)
        self.meaning = meaning


class Undeclared(GnomonError):  # noqa: N818 - as one says it
    """A request that no operation declares. It was not sent."""


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes
    body: Any  # decoded JSON, or None


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
        seen: set[str] = set()
        empty = sent = pages = 0
        while True:
            if following in seen:
                raise Stopped(
                    Meaning(Trouble.WRONG, "the account names a page again that was read")
                )
            seen.add(following)
            answer, tries = self._answer(operation, parameters, following, deadline)
            pages, sent = pages + 1, sent + tries
            page = self._page(operation, answer)
            yield page
            if not page.following:
                if _says_more(operation, answer):
                    raise Stopped(Meaning(Trouble.WRONG, "there is more, and no word of where"))
                return
            empty = 0 if page.items else empty + 1
            if empty > _EMPTY:
                raise Stopped(Meaning(Trouble.WRONG, f"{empty} empty pages, one after the other"))
            if sent > 3 * pages + _SPARE:
                raise Stopped(Meaning(Trouble.RETRY, "too many requests had to be repeated"))
            following = page.following

    def _answer(
        self, operation: Operation, parameters: Mapping[str, str], following: str, deadline: float
    ) -> tuple[_Answer, int]:
        """Return a page's answer and how many requests it took."""
        is_renewed = False
        last = ""
        for tries in range(_TRIES):
            if self._clock.time() > deadline:
                raise Stopped(Meaning(Trouble.RETRY, "the time for it was over"))
            answer = self._ask(operation, parameters, following)
            meaning = self._meaning(operation, answer)
            if meaning is None:
                return answer, tries + 1
            if meaning.trouble is Trouble.SIGN_IN and not is_renewed:
                is_renewed = True
                self._credentials.renew()
                self.sent.renewals += 1
                continue
            if meaning.trouble is Trouble.SIGN_IN:
                raise Stopped(meaning._replace(trouble=Trouble.DENIED))
            if meaning.trouble in _ENDS or meaning.trouble is Trouble.RESTART:
                raise Stopped(meaning)
            last = meaning.advice
            delay = self._delay(answer, meaning, tries)
            if self._clock.time() + delay > deadline:
                raise Stopped(Meaning(Trouble.RETRY, f"{last}; the time for it was over"))
            self._pace.wait(delay)
        raise Stopped(Meaning(Trouble.RETRY, f"{last}; given up after {_TRIES} tries"))

    def _delay(self, answer: _Answer, meaning: Meaning, tries: int) -> float:
        """Return the seconds to wait before the next try."""
        is_too_fast = meaning.trouble is Trouble.SLOW_DOWN
        asked = delay_asked(answer.headers, self._clock.time(), is_too_fast)
        return backoff(tries, self._dice) if asked is None else asked + self._dice.random()

    def _ask(self, operation: Operation, parameters: Mapping[str, str], following: str) -> _Answer:
        import httpx2

        method, address, body = self.request(operation, parameters, following)
        self._pace.wait_for(operation.quota)
        self.sent.count(operation.id)
        headers = {**operation.headers, **self._credentials.headers(operation)}
        try:
            answer = self._send(method, address, headers, body, _LARGEST)
            if operation.follows_download and answer.status in (200, 302):
                answer = self._download(answer)
        except (httpx2.LocalProtocolError, UnicodeEncodeError) as error:
            # What it says quotes the header, and with it the key.
            wrong = "the key, or another header, holds characters that none may hold"
            raise Stopped(Meaning(Trouble.WRONG, wrong)) from error.with_traceback(None)
        except Unfit as error:
            raise Stopped(Meaning(Trouble.WRONG, str(error))) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            text = f"{type(error).__name__}: {error}"[:300]
            return _Answer(0, {}, text.encode("utf-8", "replace"), None)
        difference = skew(answer.headers, self._clock.time())
        if difference is not None and abs(difference) > abs(self.sent.skew):
            self.sent.skew = difference
        return answer

    def request(
        self, operation: Operation, parameters: Mapping[str, str], following: str = ""
    ) -> tuple[str, str, Any]:
        """Return method, address and body of a request. Raises Undeclared, or Stopped for a page
        elsewhere."""
        base = self._hosts[operation.host].rstrip("/")
        path = _PARAMETER.sub(lambda one: _segment(parameters, one[1]), operation.path)
        query = [
            (name, _filled(one, parameters))
            for name, value in operation.query.items()
            for one in value.split("\n")  # a list is a parameter that is repeated
        ]
        body: Any = _filled_body(operation.body, parameters)
        address = f"{base}{path}"
        if following:
            match operation.paging:
                case Paging.ODATA | Paging.LINK:
                    return operation.method, self._same_place(operation, address, following), body
                case Paging.SKIP_TOKEN:
                    body = _with(body or {}, operation.page_token[1], following)
                case _:
                    if operation.method == "POST":
                        body = _with(body or {}, operation.page_token[1], following)
                    else:
                        query.append((operation.page_token[1], following))
        if query:
            address = f"{address}?{urlencode(query, safe='$,:/()', quote_via=quote)}"
        return operation.method, address, body

    def _same_place(self, operation: Operation, address: str, following: str) -> str:
        """Return where a list goes on: where it began, or where the operation says it may."""
        try:
            wanted, found = urlsplit(address), urlsplit(urljoin(address, following))
            is_same_host = _origin(wanted) == _origin(found)
        except ValueError as error:
            wrong = "the list is said to go on at what is no address: not asked"
            raise Stopped(Meaning(Trouble.WRONG, wrong)) from error
        path = _segments(found.path)
        base = urlsplit(self._hosts[operation.host]).path.rstrip("/")
        others = (_expression(f"{base}{one}") for one in operation.next_paths)
        is_known = path == _segments(wanted.path) or any(
            one.fullmatch("/".join(path)) for one in others
        )
        if not is_same_host or not is_known or {".", ".."} & set(path):
            where = f"{found.scheme}://{found.hostname}{found.path}"[:200]
            raise Stopped(
                Meaning(Trouble.WRONG, f"the list is said to go on at {where}: not asked")
            )
        return found._replace(fragment="").geturl()

    def _send(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: Any,
        most: int,
    ) -> _Answer:
        content = None if body is None else msgspec.json.encode(body)
        named = {"Accept-Encoding": "gzip", **headers}
        if content is not None:
            named.setdefault("Content-Type", "application/json")
        with self._client.stream(method, address, headers=named, content=content) as response:
            data = body_of(response, most)
            answered = {name.lower(): value for name, value in response.headers.items()}
            return _Answer(response.status_code, answered, data, decoded(data))

    def _download(self, answer: _Answer) -> _Answer:
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
            self._check_download(address)
            found = self._send("GET", address, {}, None, _LARGEST_DOWNLOAD)
            if found.status != 200:
                return found
            gathered += rows_of(found.content, found.headers.get("content-type", ""))
        return answer._replace(status=200, body=gathered, content=b"")

    def _check_download(self, address: str) -> None:
        """Raise Stopped for an address that is not among the connector's."""
        try:
            parts = urlsplit(address)
            is_plain = parts.scheme == "https" and "@" not in parts.netloc
            known = is_plain and _is_below(parts.hostname or "", self._connector.download_hosts)
            where = f"{parts.scheme}://{parts.hostname}"[:200]
        except ValueError:
            known, where = False, "what is no address"
        if not known:
            raise Stopped(Meaning(Trouble.WRONG, f"the report is said to be at {where}: not asked"))

    def _meaning(self, operation: Operation, answer: _Answer) -> Meaning | None:
        """Return what is the trouble with an answer; None if there is none."""
        if own := self._connector.meaning(answer.status, answer.headers, answer.body, operation):
            return own
        status = answer.status
        if status == 200 and _has_list(operation, answer.body):
            return None
        if status == 204:
            return None
        if status == 0:
            return Meaning(Trouble.RETRY, f"no answer: {answer.content.decode('utf-8', 'replace')}")
        if status == 200 and answer.body is not None:
            return Meaning(Trouble.RETRY, "an answer without the list that was asked for")
        if status == 200:
            return Meaning(Trouble.RETRY, "an answer that is no JSON, or was cut off")
        named = " or ".join(" with ".join(one) for one in operation.scopes) or "more rights"
        match status:
            case 401:
                return Meaning(Trouble.SIGN_IN, "the token is not accepted")
            case 403:
                return Meaning(Trouble.DENIED, f"not allowed; it needs {named}")
            case 404:
                return Meaning(Trouble.NOT_THERE, "the account has no such thing")
            case 429:
                return Meaning(Trouble.SLOW_DOWN, "too many requests")
            case 408 | 425 | 500 | 502 | 503 | 504:
                return Meaning(Trouble.RETRY, f"the service answered {status}")
            case 410:
                return Meaning(Trouble.RESTART, "the place in the list is gone")
            case 301 | 302 | 303 | 307 | 308:
                return Meaning(
                    Trouble.WRONG, "the service answered with another address: not asked"
                )
        return Meaning(Trouble.WRONG, f"the service answered {status}")

    def _page(self, operation: Operation, answer: _Answer) -> Page:
        body = answer.body
        found = body if isinstance(body, list) else _at(body, operation.items)
        items = found if isinstance(found, list) else [] if found is None else [found]
        total = _at(body, operation.total) if operation.total else None
        return Page(items, _following(operation, answer), total if isinstance(total, int) else None)


def _following(operation: Operation, answer: _Answer) -> str:
    body = answer.body
    match operation.paging:
        case Paging.NONE:
            return ""
        case Paging.ODATA:
            found = _at(body, operation.page_token[0] or "@odata.nextLink", whole=True)
        case Paging.LINK:
            found = next_of(answer.headers.get("link", ""))
        case Paging.AFTER | Paging.PAGE:
            goes_on = _says_more(operation, answer)
            found = _at(body, operation.page_token[0]) if goes_on else ""
        case _:
            found = _at(body, operation.page_token[0], whole="$" in operation.page_token[0])
    return found if isinstance(found, str) else "" if found is None else str(found)


def _says_more(operation: Operation, answer: _Answer) -> bool:
    """Whether an answer says in so many words that it is not the last."""
    is_told = operation.paging in (Paging.AFTER, Paging.PAGE)
    return is_told and isinstance(answer.body, dict) and answer.body.get("has_more") is True


def _has_list(operation: Operation, body: Any) -> bool:
    """Whether an answer has what the operation lists. An error in its place is no empty list."""
    if not isinstance(body, dict | list):
        return False
    if isinstance(body, list) or not operation.items or operation.paging is Paging.NONE:
        return True
    found = _at(body, operation.items)
    # Microsoft writes an empty list; most others leave it out.
    return isinstance(found, list) or (found is None and operation.paging is not Paging.ODATA)


def _at(body: Any, path: str, whole: bool = False) -> Any:
    """Return what is at a dotted path; the whole for an empty one, None where nothing is."""
    for part in [path] if whole else path.split(".") if path else []:
        if not isinstance(body, Mapping):
            return None
        body = body.get(part)
    return body


def _segment(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter as one segment of a path, whatever is in it."""
    value = parameters.get(name, "")
    if value in ("", ".", ".."):
        raise Undeclared(f"{name!r} cannot be {value!r}")
    return quote(value, safe="")


def _filled(value: str, parameters: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda one: parameters.get(one[1], one[0]), value)


def _filled_body(body: object, parameters: Mapping[str, str]) -> Any:
    if isinstance(body, str):
        number = _NUMBER.fullmatch(body)
        return int(parameters[number[1]]) if number else _filled(body, parameters)
    if isinstance(body, Mapping):
        return {name: _filled_body(value, parameters) for name, value in body.items()}
    if isinstance(body, list | tuple):
        return [_filled_body(one, parameters) for one in body]
    return body


def _with(body: Mapping[str, Any], path: str, value: str) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    inner = body.get(head)
    return {
        **body,
        head: _with(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value,
    }


def _expression(path: str) -> re.Pattern[str]:
    """Return what matches a path with parameters, each one segment."""
    parts = _PARAMETER.split(path.lower())
    return re.compile("[^/]+".join(re.escape(one) for one in parts[::2]))


def _origin(parts: SplitResult) -> tuple[str, str, str, int | None]:
    """Return where an address leads, and as whom. Raises ValueError."""
    port = parts.port or (443 if parts.scheme == "https" else None)
    who = parts.netloc.rpartition("@")[0]
    return parts.scheme, who, parts.hostname or "", port


def _segments(path: str) -> list[str]:
    """Return the segments of a path, each as it is meant: a slash in one divides nothing."""
    return [unquote(one).lower().replace("/", "%2f") for one in path.rstrip("/").split("/")]


def _is_below(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in domains)
