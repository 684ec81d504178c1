"""Plugins: found by their folder, and one that fails stops nothing."""

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from scanner import registry
from scanner.registry import FORMATS, GROUPS, FailedPlugin, Plugin, PluginGroup, load, values

_GROUP = PluginGroup("plugins_of_a_test", "THING", "gnomon.things_of_a_test")
_THING = "class Thing:\n    name = {!r}\nTHING = Thing()\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / _GROUP.package
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    load.cache_clear()
    yield package
    load.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == _GROUP.package]:
        del sys.modules[name]


def _names(plugins: tuple[Plugin, ...]) -> list[tuple[str, str]]:
    return [(plugin.value.name, plugin.origin) for plugin in plugins]


def test_a_file_with_the_constant_is_a_plugin_and_others_are_not(folder: Path) -> None:
    (folder / "a.py").write_text(_THING.format("z"))
    (folder / "b.py").write_text(_THING.format("y"))
    (folder / "words.py").write_text("'''No plugin.'''\n")
    found, failed = load(_GROUP)
    assert _names(found) == [("y", "plugins_of_a_test.b"), ("z", "plugins_of_a_test.a")]
    assert failed == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise RuntimeError('broken on purpose')", "RuntimeError: broken on purpose"),
        (
            "import no_such_module_anywhere",
            "ModuleNotFoundError: No module named 'no_such_module_anywhere'",
        ),
        ("THING = 1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_plugin_that_fails_is_listed_and_stops_nothing(
    text: str, reason: str, folder: Path
) -> None:
    (folder / "a.py").write_text(_THING.format("good"))
    (folder / "broken.py").write_text(text + "\n")
    found, failed = load(_GROUP)
    assert _names(found) == [("good", "plugins_of_a_test.a")]
    assert failed == (FailedPlugin("broken", "plugins_of_a_test.broken", reason),)
    assert [one.name for one in values(_GROUP)] == ["good"]


def test_a_plugin_that_is_not_python_at_all_is_listed(folder: Path) -> None:
    (folder / "a.py").write_text(_THING.format("good"))
    (folder / "broken.py").write_text("def (:\n")
    found, failed = load(_GROUP)
    assert _names(found) == [("good", "plugins_of_a_test.a")]
    assert [(one.name, one.reason.partition(":")[0]) for one in failed] == [
        ("broken", "SyntaxError")
    ]


def test_a_plugin_without_a_name_is_listed(folder: Path) -> None:
    (folder / "a.py").write_text(_THING.format("good"))
    (folder / "nameless.py").write_text("THING = object()\n")
    found, failed = load(_GROUP)
    assert _names(found) == [("good", "plugins_of_a_test.a")]
    assert [one.name for one in failed] == ["nameless"]


def test_plugins_of_others_come_by_entry_points(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.py").write_text(_THING.format("good"))
    (folder.parent / "outside_of_a_test.py").write_text(_THING.format("foreign"))
    points = (
        EntryPoint("foreign", "outside_of_a_test:THING", _GROUP.entry_point),
        EntryPoint("missing", "outside_of_a_test:NOTHING", _GROUP.entry_point),
    )
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    found, failed = load(_GROUP)
    assert _names(found) == [("foreign", "?"), ("good", "plugins_of_a_test.a")]
    assert [(one.name, one.origin) for one in failed] == [("missing", "?")]
    sys.modules.pop("outside_of_a_test")


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.package)
def test_every_plugin_of_our_own_loads_and_names_differ(group: PluginGroup) -> None:
    found, failed = load(group)
    names = [plugin.value.name for plugin in found]
    assert failed == ()
    assert names == sorted(set(names))


def test_formats_say_where_they_come_from() -> None:
    origins = {plugin.value.name: plugin.origin for plugin in load(FORMATS)[0]}
    assert origins["squid"] == "scanner.logs.formats.squid"
