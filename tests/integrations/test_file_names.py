"""Names that people give their sources become names of files anywhere, each its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.file_names import file_name
from scanner.commands._accounts import connector_inputs
from scanner.config import Config, SourceSettings
from scanner.errors import ConfigError
from scanner.privacy import Pseudonyms


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("entra", "entra"),
        ("Contoso EU", "Contoso EU"),
        ("contoso.com", "contoso.com"),
        ("../x", "%2E.%2Fx"),
        ("/etc/passwd", "%2Fetc%2Fpasswd"),
        ("a\\b:c", "a%5Cb%3Ac"),
        (".hidden", "%2Ehidden"),
    ],
)
def test_what_means_something_to_a_file_system_is_spelled_out(name: str, file: str) -> None:
    assert file_name(name) == file


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "aux.old"])
def test_a_device_is_no_file(name: str) -> None:
    assert file_name(name).endswith(f"-{name}")


@given(st.text(min_size=1), st.text(min_size=1))
def test_one_name_one_file_in_one_folder(one: str, other: str) -> None:
    assert (file_name(one) == file_name(other)) == (one == other)
    assert Path(file_name(one)).name == file_name(one)
    assert len(file_name(one)) < 120
    assert not set(file_name(one)) & set('<>:"/\\|?*\0')


def _paths(tmp_path: Path, *sources: SourceSettings) -> list[Path]:
    config = Config(db=str(tmp_path / "gnomon.db"), sources=sources)
    pseudonyms = Pseudonyms(b"k" * 32)
    return [one.shelf for one in connector_inputs(config, None, pseudonyms, None)]  # type: ignore[arg-type]


def test_the_shelf_of_a_source_lies_beside_the_database_whatever_its_name(tmp_path: Path) -> None:
    found = _paths(
        tmp_path,
        SourceSettings(connector="entra"),
        SourceSettings(connector="entra", name="../x/y"),
        SourceSettings(connector="entra", name="x_y"),
    )
    assert {one.parent for one in found} == {tmp_path}
    assert len(set(found)) == 3


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two sources are called 'entra'"):
        _paths(tmp_path, *[SourceSettings(connector="entra")] * 2)
    with pytest.raises(ConfigError, match="two sources are called 'ACME'"):
        _paths(
            tmp_path,
            SourceSettings(connector="okta", name="Acme"),
            SourceSettings(connector="entra", name="ACME"),
        )
