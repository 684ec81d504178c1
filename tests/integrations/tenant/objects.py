"""Objects of Graph, made when they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, overload

TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"  # as the token service of entra/tenant.py has it
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"  # the application permission of that name

Object = dict[str, Any]


class Made(Sequence[Object]):
    """A list of which each object is made when it is asked for."""

    def __init__(self, length: int, make: Callable[[int], Object]) -> None:
        self._length = length
        self._make = make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Object: ...
    @overload
    def __getitem__(self, at: slice) -> list[Object]: ...
    def __getitem__(self, at: int | slice) -> Object | list[Object]:
        if isinstance(at, slice):
            return [self._make(one) for one in range(self._length)[at]]
        if not 0 <= at < self._length:
            raise IndexError(at)
        return self._make(at)


def id_of(kind: str, number: int) -> str:
    """Return the id of an object: always the same, and no two alike."""
    return f"{_prefix(kind)}-0000-4000-8000-{number:012x}"


@cache
def _prefix(kind: str) -> str:
    return hashlib.sha256(kind.encode()).hexdigest()[:8]


def app(
    number: int, name: str, client: str, owner: str, url: str = "", roles: bool = False
) -> Object:
    role = {"id": MAIL_READ, "value": "Mail.Read", "allowedMemberTypes": ["Application"]}
    return {
        "id": id_of("app", number),
        "appId": client or id_of("client", number),
        "displayName": name,
        "appDisplayName": name,
        "appOwnerOrganizationId": owner or id_of("tenant", number),
        "homepage": url or None,
        "loginUrl": None,
        "replyUrls": [f"{url}/oauth/callback"] if url else [],
        "servicePrincipalType": "Application",
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None},
        "description": None,
        "accountEnabled": True,
        "isDisabled": None,
        "appRoles": [role] if roles else [],
    }


def sku(sku: str, name: str, plan: str, used: int, bought: int) -> Object:
    return {
        "id": f"{TENANT}_{sku}",
        "skuId": sku,
        "skuPartNumber": name,
        "consumedUnits": used,
        "prepaidUnits": {"enabled": bought, "suspended": 0, "warning": 0},
        "servicePlans": [{"servicePlanId": plan, "servicePlanName": name, "appliesTo": "User"}],
    }
