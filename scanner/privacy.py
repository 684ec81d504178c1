"""Pseudonyms: people and addresses leave the log as keyed codes, and stay linkable to us only.

The key lives in its own file beside the database, readable by its owner alone. Whoever holds the
database without the key cannot tell who a code stands for, nor test a guess.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from enum import StrEnum
from pathlib import Path

from scanner.errors import StoreError

_KEY_BYTES = 32
_MEMO_BOUND = 50_000  # users, and as many clients
_NOBODY = ("", "unknown")
_CODE = re.compile(r"[uc]-[0-9a-f]{20}")


class Privacy(StrEnum):
    """How people are stored: as keyed codes, or as the log names them."""

    PSEUDONYMOUS = "pseudonymous"
    IDENTIFIED = "identified"


class Pseudonyms:
    """Turns a user name or a client address into what is stored for it.

    Names are compared without regard to case. The code is 80 bits of HMAC-SHA256, after ``u-``
    for a user or ``c-`` for a client address. A name that is such a code already, as in a recorded
    collection, stays as it is.
    """

    def __init__(
        self,
        key: bytes,
        privacy: Privacy = Privacy.PSEUDONYMOUS,
        domains: tuple[str, ...] = (),
    ) -> None:
        """``domains`` are the organisation's own: ana, ana@harbour.example and HARBOUR\\ana are one."""
        self._key = key
        self._domains = frozenset(one.casefold() for one in domains)
        self.privacy = privacy
        self._users: dict[str, tuple[str, str]] = {}
        self._clients: dict[str, tuple[str, str]] = {}

    @property
    def key_id(self) -> str:
        """A short name for the key, safe to store: tells one key from another."""
        return self._code("key", "")[:12]

    @property
    def domains(self) -> str:
        """The organisation's own domains, in one text."""
        return ",".join(sorted(self._domains))

    def actor(self, user: str | None, client: str | None) -> tuple[str, str]:
        """Return what to store for who acted, and its kind: user, client or unknown."""
        if user:
            return self._users.get(user) or self._new(self._users, "user", user)
        if client:
            return self._clients.get(client) or self._new(self._clients, "client", client)
        return _NOBODY

    def secret(self, value: str) -> str:
        """Return what to store for a secret that was found, under any privacy: its keyed code."""
        message = f"secret\0{value}".encode("utf-8", "surrogatepass")
        return f"s-{hmac.digest(self._key, message, 'sha256').hex()[:20]}"

    def _new(self, memo: dict[str, tuple[str, str]], kind: str, name: str) -> tuple[str, str]:
        if _CODE.fullmatch(name):
            return name, kind
        called = self._called(name) if kind == "user" and self._domains else name
        if self.privacy is Privacy.IDENTIFIED:
            return called, kind
        if len(memo) >= _MEMO_BOUND:
            memo.clear()
        actor = memo[name] = f"{kind[0]}-{self._code(kind, called)[:20]}", kind
        return actor

    def _called(self, name: str) -> str:
        """Return a user's name without the organisation's own domain, in whatever way it is written."""
        name = name.rpartition("\\")[2]
        local, _, domain = name.rpartition("@")
        return local if local and domain.casefold() in self._domains else name

    def _code(self, kind: str, name: str) -> str:
        message = f"{kind}\0{name.casefold()}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, "sha256").hex()


def load_key(path: Path, may_create: bool) -> bytes:
    """Return the key in ``path``, making it (mode 0600) if it is not there and may be made."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        if not may_create:
            raise StoreError(
                f"{path}: the pseudonym key of this database is missing; restore it from your "
                "backup, or start a new database"
            ) from None
        return _create_key(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot read the pseudonym key: {error.strerror}") from error
    if len(key) < _KEY_BYTES:
        raise StoreError(
            f"{path}: not a pseudonym key ({len(key)} bytes); restore it from a backup"
        )
    return key


def _create_key(path: Path) -> bytes:
    key = secrets.token_bytes(_KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
    except FileExistsError:  # another scan was quicker
        return load_key(path, may_create=False)
    except OSError as error:
        raise StoreError(f"{path}: cannot write the pseudonym key: {error.strerror}") from error
    return key
