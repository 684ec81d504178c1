"""Where a request goes and what it carries: an operation with its parameters, and no other place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlencode, urljoin, urlsplit

from integrations.connector import Meaning, Stopped, Trouble, Undeclared
from integrations.operations import Operation, Paging

_PARAMETER = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\{(\w+):number\}")


class Request(NamedTuple):
    """What is sent, but for the headers."""

    method: str
    address: str
    body: Any


def request_of(
    hosts: Mapping[str, str],
    operation: Operation,
    parameters: Mapping[str, str],
    following: str = "",
) -> Request:
    """Return the request for a page. Raises Undeclared, and Stopped for a page elsewhere."""
    address = address_of(hosts[operation.host], operation.path, parameters)
    query = [
        (name, _filled(one, parameters))
        for name, value in operation.query.items()
        for one in value.split("\n")  # a list is a parameter that is repeated
    ]
    body: Any = _filled_body(operation.body, parameters)
    if following:
        match operation.paging:
            case Paging.ODATA | Paging.LINK:
                base = urlsplit(hosts[operation.host]).path.rstrip("/")
                place = _same_place(operation, base, address, following)
                return Request(operation.method, place, body)
            case Paging.SKIP_TOKEN:
                body = _with(body or {}, operation.page_token[1], following)
            case _ if operation.method == "POST":
                body = _with(body or {}, operation.page_token[1], following)
            case _:
                query.append((operation.page_token[1], following))
    if query:
        address = f"{address}?{urlencode(query, safe='$,:/()', quote_via=quote)}"
    return Request(operation.method, address, body)


def address_of(host: str, path: str, parameters: Mapping[str, str]) -> str:
    """Return a path at a host, each parameter as one segment. Raises Undeclared."""
    filled = _PARAMETER.sub(lambda one: _segment(parameters, one[1]), path)
    return f"{host.rstrip('/')}{filled}"


def check_download(address: str, domains: tuple[str, ...]) -> None:
    """Raise Stopped for an address that an answer leads to and that is not below the domains."""
    try:
        parts = urlsplit(address)
        is_plain = parts.scheme == "https" and "@" not in parts.netloc
        known = is_plain and _is_below(parts.hostname or "", domains)
        where = f"{parts.scheme}://{parts.hostname}"[:200]
    except ValueError:
        known, where = False, "what is no address"
    if not known:
        raise Stopped(Meaning(Trouble.WRONG, f"the report is said to be at {where}: not asked"))


def _same_place(operation: Operation, base: str, address: str, following: str) -> str:
    """Return where a list goes on: where it began, or where the operation says it may."""
    try:
        wanted, found = urlsplit(address), urlsplit(urljoin(address, following))
        is_same_host = _origin(wanted) == _origin(found)
    except ValueError as error:
        wrong = "the list is said to go on at what is no address: not asked"
        raise Stopped(Meaning(Trouble.WRONG, wrong)) from error
    path = _segments(found.path)
    others = (_expression(f"{base}{one}") for one in operation.next_paths)
    is_known = path == _segments(wanted.path) or any(
        one.fullmatch("/".join(path)) for one in others
    )
    if not is_same_host or not is_known or {".", ".."} & set(path):
        where = f"{found.scheme}://{found.hostname}{found.path}"[:200]
        raise Stopped(Meaning(Trouble.WRONG, f"the list is said to go on at {where}: not asked"))
    return found._replace(fragment="").geturl()


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
