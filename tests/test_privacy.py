"""Pseudonyms: people leave the log as keyed codes."""

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import StoreError
from scanner.privacy import Privacy, Pseudonyms, load_key

_KEY = bytes(range(32))


def test_a_user_beats_the_address_and_nobody_is_unknown() -> None:
    people = Pseudonyms(_KEY)
    code, kind = people.actor("ana", "10.0.0.7")
    assert kind == "user"
    assert re.fullmatch(r"u-[0-9a-f]{20}", code)
    code, kind = people.actor(None, "10.0.0.7")
    assert kind == "client"
    assert re.fullmatch(r"c-[0-9a-f]{20}", code)
    assert people.actor(None, None) == people.actor("", "") == ("", "unknown")


def test_the_same_person_has_the_same_code_whatever_the_case() -> None:
    first, second = Pseudonyms(_KEY), Pseudonyms(_KEY)
    assert first.actor("CORP\\Ana", None) == second.actor("corp\\ana", None)
    assert first.actor("ana", None) != first.actor("bob", None)


def test_a_user_named_like_an_address_is_not_that_address() -> None:
    people = Pseudonyms(_KEY)
    assert people.actor("10.0.0.7", None)[0][2:] != people.actor(None, "10.0.0.7")[0][2:]


def test_another_key_gives_other_codes_and_another_name() -> None:
    one, other = Pseudonyms(_KEY), Pseudonyms(_KEY[::-1])
    assert one.actor("ana", None) != other.actor("ana", None)
    assert one.key_id != other.key_id
    assert one.key_id == Pseudonyms(_KEY).key_id
    assert _KEY.hex()[:12] != one.key_id


@given(st.text(min_size=4))
def test_a_code_shows_nothing_of_the_name(name: str) -> None:
    code, kind = Pseudonyms(_KEY).actor(name, None)
    assert kind == "user"
    assert re.fullmatch(r"u-[0-9a-f]{20}", code)


def test_identified_stores_people_as_the_log_names_them() -> None:
    people = Pseudonyms(_KEY, Privacy.IDENTIFIED)
    assert people.actor("Ana", "10.0.0.7") == ("Ana", "user")
    assert people.actor(None, "10.0.0.7") == ("10.0.0.7", "client")


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "gnomon.key"
    key = load_key(path, may_create=True)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path, may_create=True) == load_key(path, may_create=False) == key
    assert load_key(tmp_path / "other.key", may_create=True) != key


def test_a_key_that_is_missing_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "gnomon.key"
    with pytest.raises(StoreError, match="missing; restore it from your backup"):
        load_key(path, may_create=False)
    assert not path.exists()


def test_a_key_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gnomon.key"
    path.write_bytes(_KEY[:31])
    with pytest.raises(StoreError, match=r"not a pseudonym key \(31 bytes\)"):
        load_key(path, may_create=True)


def test_a_key_that_cannot_be_read_or_written_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot read the pseudonym key"):
        load_key(tmp_path, may_create=True)
    with pytest.raises(StoreError, match="cannot write the pseudonym key"):
        load_key(tmp_path / "no folder" / "gnomon.key", may_create=True)


def test_a_person_is_one_with_and_without_the_organisations_own_domain() -> None:
    ours = Pseudonyms(b"k" * 32, domains=("Harbour.example",))
    codes = {
        ours.actor(name, None)
        for name in (
            "ana.ruiz",
            "Ana.Ruiz@harbour.example",
            "HARBOUR\\ana.ruiz",
            "ana.ruiz@HARBOUR.EXAMPLE",
        )
    }
    assert len(codes) == 1
    assert ours.actor("ana.ruiz@elsewhere.example", None) not in codes
    plain = Pseudonyms(b"k" * 32)
    assert plain.actor("ana.ruiz", None) != plain.actor("ana.ruiz@harbour.example", None)
