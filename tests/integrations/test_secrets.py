"""F14: secrets by reference only, and shown by nothing."""

from __future__ import annotations

import pickle
import traceback
from pathlib import Path

import pytest

from integrations.secrets import Secret, secret_of
from scanner.errors import ConfigError

CANARY = "canary-4711-feathers"


def _file(folder: Path, mode: int, content: str = CANARY) -> Path:
    path = folder / "key"
    path.write_text(content)
    path.chmod(mode)
    return path


def test_f14_a_variable_a_file_and_a_place_in_the_keyring_are_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            return CANARY if (service, username) == ("gnomon", "entra") else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

        def delete_password(self, service: str, username: str) -> None:
            raise NotImplementedError

    _file(tmp_path, 0o600, CANARY + "\n")
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        for reference in ("env:KEY", "file:key", f"file:{tmp_path}/key", "keyring:gnomon/entra"):
            found = secret_of(reference, "entra: secret", tmp_path, {"KEY": CANARY})
            assert found.reveal() == CANARY
        with pytest.raises(ConfigError, match="has no gnomon/other"):
            secret_of("keyring:gnomon/other", "entra: secret", tmp_path)
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_f14_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    _file(tmp_path, mode)
    with pytest.raises(ConfigError, match="chmod 600") as caught:
        secret_of("file:key", "entra: secret", tmp_path)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        (CANARY, "never written into the settings"),
        (f"plain:{CANARY}", "never written into the settings"),
        ("env:", "names nothing"),
        ("env:NOT_SET", "is not set"),
        ("file:missing", "cannot be read"),
        ("file:empty", "is empty"),
    ],
)
def test_f14_what_is_no_reference_is_refused_without_being_shown(
    tmp_path: Path, reference: str, says: str
) -> None:
    (tmp_path / "empty").touch(0o600)
    with pytest.raises(ConfigError, match=says) as caught:
        secret_of(reference, "entra: secret", tmp_path, {})
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_f14_a_secret_shows_nothing_of_itself() -> None:
    secret = Secret(CANARY, "env:KEY")
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
