"""Flags beat the environment, that beats the project's file, that the user's."""

import os
from pathlib import Path

import pytest

from scanner.config import load, zone_of
from scanner.errors import ConfigError
from scanner.privacy import Privacy


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "gnomon.toml"
    path.parent.mkdir()
    path.write_text(
        'organisation = "User"\ndb = "user.db"\n[logs]\nyear = 2001\ntimezone = "UTC"\n'
    )
    return path


def test_each_place_beats_the_one_before_it(tmp_path: Path, user_file: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert load(project, {}, user_file, {}).organisation == "User"
    assert load(project, {}, user_file, {}).database == user_file.parent / "user.db"

    (project / "gnomon.toml").write_text('organisation = "Project"\n[logs]\nyear = 2002\n')
    in_project = load(project / "nowhere" / "deep", {}, user_file, {})
    assert (in_project.organisation, in_project.logs.year, in_project.logs.timezone) == (
        "Project",
        2002,
        "UTC",
    )
    environ = {"GNOMON_ORGANISATION": "Environment", "GNOMON_YEAR": "2003", "GNOMON_DB": "e.db"}
    in_environment = load(project, environ, user_file, {})
    assert (in_environment.organisation, in_environment.logs.year) == ("Environment", 2003)
    assert load(project, environ, user_file, {"db": "flag.db"}).database == Path("flag.db")
    assert load(project, environ, user_file, {"db": None}).database == Path("e.db")


def test_paths_in_a_file_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "gnomon.toml").write_text('key = "k"\n[[sources]]\npath = "logs"\n')
    config = load(tmp_path, {}, tmp_path / "none", {})
    assert config.database == tmp_path / "gnomon.db"
    assert config.key_file == tmp_path / "k"
    assert config.sources[0].path == str(tmp_path / "logs")


def test_the_defaults(tmp_path: Path) -> None:
    config = load(tmp_path, {}, tmp_path / "none", {})
    assert (config.database, config.key_file) == (Path("gnomon.db"), Path("gnomon.key"))
    assert config.privacy is Privacy.PSEUDONYMOUS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("db =", "not TOML: Invalid value"),
        ("colour = 1", "unknown field `colour`"),
        ('privacy = "public"', "Invalid enum value 'public'"),
        ("[logs]\nyear = 'x'", "Expected `int | null`, got `str`"),
        ("[[sources]]\nformat = 'squid'", "a path or a connector"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_fault(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "gnomon.toml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, {}, tmp_path / "none", {})
    assert str(tmp_path / "gnomon.toml") in str(raised.value)
    assert said in str(raised.value)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="named by GNOMON_CONFIG"):
        load(tmp_path, {"GNOMON_CONFIG": str(tmp_path / "x.toml")}, tmp_path / "none", {})


def test_zones_are_known_by_name() -> None:
    assert str(zone_of("Europe/Madrid")) == "Europe/Madrid"
    assert zone_of(None) is None
    with pytest.raises(ConfigError, match="Mars/Base"):
        zone_of("Mars/Base")


def test_folders_of_signatures_come_from_the_environment_too(tmp_path: Path) -> None:
    environ = {"GNOMON_SIGNATURES": os.pathsep.join(["one", "two"])}
    assert load(tmp_path, environ, tmp_path / "none", {}).signatures == ("one", "two")
