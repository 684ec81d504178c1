"""What an answer says: its items and where the list goes on, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from integrations.connector import Connector, Meaning, Page, Trouble
from integrations.links import next_of
from integrations.operations import Operation, Paging


class Answer(NamedTuple):
    """What a service answered; its status is 0 where it did not."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes
    body: Any  # decoded JSON, or None


def meaning_of(connector: Connector, operation: Operation, answer: Answer) -> Meaning | None:
    """Return what is the trouble with an answer; None if there is none."""
    own = connector.meaning(answer.status, answer.headers, answer.body, operation)
    if own is not None:
        return own
    if answer.status == 204 and operation.paging is Paging.NONE:
        return None  # a list is said to be empty by an empty list
    if answer.status == 200:
        return _of_content(connector, operation, answer.body)
    return of_status(answer, " or ".join(" with ".join(one) for one in operation.scopes))


def of_status(answer: Answer, needed: str = "") -> Meaning:
    """Return what an answer means that brings nothing, as far as its status tells."""
    match answer.status:
        case 0:
            return Meaning(Trouble.RETRY, f"no answer: {answer.content.decode('utf-8', 'replace')}")
        case 401:
            return Meaning(Trouble.SIGN_IN, "the token is not accepted")
        case 403:
            return Meaning(Trouble.DENIED, f"not allowed; it needs {needed or 'more rights'}")
        case 404:
            return Meaning(Trouble.NOT_THERE, "the account has no such thing")
        case 429:
            return Meaning(Trouble.SLOW_DOWN, "too many requests")
        case 408 | 425 | 500 | 502 | 503 | 504:
            return Meaning(Trouble.RETRY, f"the service answered {answer.status}")
        case 410:
            return Meaning(Trouble.RESTART, "the place in the list is gone")
        case 301 | 302 | 303 | 307 | 308:
            return Meaning(Trouble.WRONG, "the service answered with another address: not asked")
    return Meaning(Trouble.WRONG, f"the service answered {answer.status}")


def page_of(operation: Operation, answer: Answer) -> Page:
    """Return the items of an answer and where it goes on."""
    body = answer.body
    found = body if isinstance(body, list) else _at(body, operation.items)
    items = found if isinstance(found, list) else [] if found is None else [found]
    total = _at(body, operation.total) if operation.total else None
    counted = total if isinstance(total, int) else None
    return Page(items, _following(operation, answer), counted, _says_more(operation, body))


def _of_content(connector: Connector, operation: Operation, body: Any) -> Meaning | None:
    if _has_list(connector, operation, body):
        return None
    if body is None:
        return Meaning(Trouble.RETRY, "an answer that is no JSON, or was cut off")
    return Meaning(Trouble.RETRY, "an answer without the list that was asked for")


def _has_list(connector: Connector, operation: Operation, body: Any) -> bool:
    """Whether an answer has what the operation lists. An error in its place is no empty list."""
    is_one = operation.paging is Paging.NONE
    if isinstance(body, list) or not isinstance(body, dict):
        return isinstance(body, list)
    if not operation.items:
        return is_one
    found = _at(body, operation.items)
    if found is None:
        return connector.omits_empty
    return is_one or isinstance(found, list)


def _following(operation: Operation, answer: Answer) -> str:
    body, place = answer.body, operation.page_token[0]
    match operation.paging:
        case Paging.NONE:
            return ""
        case Paging.ODATA:
            found = _at(body, place or "@odata.nextLink", whole=True)
        case Paging.LINK:
            found = next_of(answer.headers.get("link", ""))
        case Paging.AFTER | Paging.PAGE:
            found = _at(body, place) if _says_more(operation, body) else ""
        case _:
            found = _at(body, place, whole="$" in place)
    return found if isinstance(found, str) else "" if found is None else str(found)


def _says_more(operation: Operation, body: Any) -> bool:
    """Whether an answer says in so many words that it is not the last."""
    is_told = operation.paging in (Paging.AFTER, Paging.PAGE)
    return is_told and isinstance(body, dict) and body.get("has_more") is True


def _at(body: Any, path: str, whole: bool = False) -> Any:
    """Return what is at a dotted path; the whole for an empty one, None where nothing is."""
    for part in [path] if whole else path.split(".") if path else []:
        if not isinstance(body, Mapping):
            return None
        body = body.get(part)
    return body
