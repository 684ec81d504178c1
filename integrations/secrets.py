"""Secrets, by reference only: ``env:NAME``, ``file:PATH``, ``keyring:SERVICE/NAME``.

A secret stands in no argument, log, database, report or traceback. Whoever holds one holds a
``Secret``, which shows nothing of itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from scanner.errors import ConfigError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST = 1024 * 1024


class Secret:
    """A secret that was looked up. ``reveal`` gives it; nothing else does."""

    __slots__ = ("_value", "reference")

    def __init__(self, value: str, reference: str) -> None:
        self._value = value
        self.reference = reference

    def reveal(self) -> str:
        """Return the secret itself, for the library that signs in."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({self.reference!r})"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


def secret_of(
    reference: str, name: str, folder: Path, environ: Mapping[str, str] | None = None
) -> Secret:
    """Return the secret that a reference names; paths are relative to ``folder``.

    Raises ConfigError: for a secret that is given itself, one that is not there, and a file that
    others than its owner may read.
    """
    kind, colon, rest = reference.partition(":")
    if not colon or kind not in ("env", "file", "keyring"):
        raise ConfigError(
            f"{name}: a secret is named by env:VARIABLE, file:PATH or keyring:SERVICE/NAME, "
            "never written into the settings"
        )
    if not rest:
        raise ConfigError(f"{name}: {kind}: names nothing")
    if kind == "env":
        return Secret(_of_environment(rest, name, environ), reference)
    if kind == "file":
        return Secret(_of_file(folder / Path(rest).expanduser(), name), reference)
    return Secret(_of_keyring(rest, name), reference)


def _of_environment(variable: str, name: str, environ: Mapping[str, str] | None) -> str:
    value = (os.environ if environ is None else environ).get(variable, "")
    if not value.strip():
        raise ConfigError(f"{name}: the variable {variable} is not set")
    return value.strip()


def _of_file(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            if os.name == "posix" and (open_to := os.fstat(file.fileno()).st_mode & _OTHERS):
                raise ConfigError(
                    f"{name}: {path} can be read by others (mode {open_to:03o} beyond its owner); "
                    f"chmod 600 {path}"
                )
            content = file.read(_MOST + 1)
    except OSError as error:
        raise ConfigError(f"{name}: {path} cannot be read: {error.strerror}") from error
    if len(content) > _MOST or not content.strip():
        raise ConfigError(f"{name}: {path} is empty, or too large for a secret")
    return content.decode("utf-8", "replace").strip("\ufeff\r\n")


def _of_keyring(place: str, name: str) -> str:
    service, _, user = place.partition("/")
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise ConfigError(f"{name}: keyring: needs gnomon[keyring]") from error
    try:
        value = keyring.get_password(service, user)
    except KeyringError as error:
        raise ConfigError(f"{name}: the keyring cannot be read: {error}") from error
    if not value:
        raise ConfigError(f"{name}: the keyring has no {place}")
    return value
