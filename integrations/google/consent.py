"""How an administrator grants what is asked for, and how much of the grants then shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from integrations.google import cloud, vertex
from integrations.google.errors import DELEGATION
from integrations.google.signing import client_id_of

_CONSOLE: Final = "https://admin.google.com/ac/owl/domainwidedelegation"
_CLOUD: Final = frozenset(
    scope
    for one in (*cloud.OPERATIONS, *vertex.OPERATIONS)
    for alternative in one.scopes
    for scope in alternative
)


def consent(settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return the line for the admin console: the client id, the scopes, and a link that fills them in.

    Scopes of Google Cloud are not in it: there the service account asks in its own name.
    """
    wanted = sorted(set(scopes))
    delegated = [one for one in wanted if one not in _CLOUD]
    lines = []
    if delegated:
        known = client_id_of(settings)
        lines += [
            f"admin console: {DELEGATION}, Add new",
            f"client id: {known or 'the unique id of the service account, a number'}",
            f"scopes: {','.join(delegated)}",
        ]
        if known:
            query = {"clientIdToAdd": known, "clientScopeToAdd": ",".join(delegated)}
            lines.append(f"{_CONSOLE}?{urlencode(query, safe=':/,')}")
    if len(delegated) < len(wanted):
        lines.append("Google Cloud: give the service account the roles named beside each operation")
    return "\n".join(lines)


class Coverage(StrEnum):
    """How much of the OAuth grants is known."""

    WINDOW = "window"  # those of the log's 180 days
    LISTED = "listed"  # all there are: each person was asked about once
    FOLLOWED = "followed"  # all: they were listed once, and the log was followed without a gap


_TEXTS: Final = {
    Coverage.WINDOW: "Grants of the last 180 days are seen. Older ones show if their application "
    "was at work in the last 30 days; silent older ones do not. google.tokens, or the console's "
    "list of accessed apps, shows them",
    Coverage.LISTED: "All grants are seen: those of each person were listed",
    Coverage.FOLLOWED: "All grants are seen: they were listed once, and the log was followed since",
}
NOTE: Final = (
    "Which grants are seen depends on three states. "
    f"{_TEXTS[Coverage.WINDOW]}. {_TEXTS[Coverage.LISTED]}. {_TEXTS[Coverage.FOLLOWED]}."
)


def coverage(is_listed: bool, was_listed: bool, has_gap: bool) -> Coverage:
    """Return which of the three states holds.

    ``is_listed``: the grants of each person were listed completely in this run; ``was_listed``: in
    an earlier one; ``has_gap``: the log was not read completely at some time since.
    """
    if is_listed:
        return Coverage.LISTED
    return Coverage.FOLLOWED if was_listed and not has_gap else Coverage.WINDOW


def coverage_note(state: Coverage) -> str:
    """Return what to say of the grants, in one sentence or three."""
    return _TEXTS[state]
