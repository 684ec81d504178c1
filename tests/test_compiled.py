"""The signature base as scans use it: the cached artefact says what the files say."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner import compiled
from scanner.compiled import SignatureBase, open_base
from scanner.model import EvidenceKind, Vendor
from signatures import loader
from signatures.reading import Problem, read
from signatures.writer import write
from tests.support import BING, OPENAI, detection, met, the_base, vendor

ALL = loader.BUILT_IN
GATEWAY = vendor("gateway", detection("gateway.web", suffix=("gateway.example",)))
SHAPES = """\
schema: 1
shapes:
  - id: own.name
    channel: host
    signal: name
    meaning: its name says so
    confidence: 40
    pattern: ['own-[a-z]+[.]example']
    sources: [us]
    tests: {match: [own-x.example], no_match: [x.example]}
"""


@pytest.fixture
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put two vendors in the place of the thousands that are built in."""
    folder = tmp_path / "vendors"
    folder.mkdir()
    for one in (OPENAI, BING):
        (folder / f"{one.id}.yaml").write_text(write(one))
    monkeypatch.setattr(loader, "BUILT_IN", folder)
    monkeypatch.setattr(compiled, "BUILT_IN", folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder of the user's with one vendor."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "gateway.yaml").write_text(write(GATEWAY))
    return folder


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what forbids to read signature files from then on."""

    def refuse(*_: object) -> None:
        raise AssertionError("a signature file was read")

    return lambda: monkeypatch.setattr(loader, "read_folders", refuse)


def vendors(base: SignatureBase) -> list[str]:
    """Return the ids of a base's vendors."""
    return [one.id for one in base.pack.vendors]


def answers(base: SignatureBase) -> dict[tuple[str, str], str | None]:
    """Return the detection that each example of each detection meets."""
    found: dict[tuple[str, str], str | None] = {}
    for one in base.pack.vendors:
        for product in one.products:
            for each in product.detections:
                for value in (*each.tests.match, *each.tests.no_match):
                    signature = base.matcher.match_value(each.channel, value)
                    found[each.channel, value] = signature.detection.id if signature else None
    return found


def test_the_artefact_answers_as_the_files_do_for_300_vendors(
    built_in: Path, cache: Path, no_reading: Callable[[], None]
) -> None:
    files = sorted(ALL.rglob("*.yaml"))
    for path in files[:: len(files) // 300]:
        (built_in / path.name).write_bytes(path.read_bytes())
    from_files = open_base(cache_folder=cache)
    no_reading()
    from_cache = open_base(cache_folder=cache)
    assert len(from_cache.pack.vendors) >= 300
    assert answers(from_cache) == answers(from_files)
    assert list(from_cache.pack.vendors) == list(from_files.pack.vendors)
    assert from_cache.pack.shapes == from_files.pack.shapes
    assert from_cache.pack.files == from_files.pack.files
    assert from_cache.pack.version == from_files.pack.version
    assert set(answers(from_cache).values()) > {None}


def test_without_a_cache_folder_the_files_are_read(built_in: Path) -> None:
    assert vendors(open_base()) == ["bing", "openai"]


def test_vendors_of_an_artefact_are_a_sequence_like_any_other(built_in: Path, cache: Path) -> None:
    open_base(cache_folder=cache)
    kept = open_base(cache_folder=cache).pack.vendors
    assert len(kept) == 2
    assert [kept[0], kept[-1]] == [BING, OPENAI] == list(kept[0:2])
    assert kept[1] is kept[1]
    with pytest.raises(IndexError):
        kept[2]


def test_an_overlay_is_kept_with_the_built_in_files(
    built_in: Path, cache: Path, own: Path, no_reading: Callable[[], None]
) -> None:
    (own / "shapes").mkdir()
    (own / "shapes" / "mine.yaml").write_text(SHAPES)
    for _ in range(2):
        base = open_base([own], cache)
        assert vendors(base) == ["bing", "openai", "gateway"]
        assert met(base.matcher, "www.gateway.example") == "gateway.web"
        assert [one.id for one in base.shapes.of_host("own-x.example")] == ["own.name"]
        no_reading()


def test_of_an_overlay_only_its_own_files_are_understood_anew(
    built_in: Path, cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built_in / "broken.yaml").write_text("schema: 1\n")
    plain = open_base(cache_folder=cache)
    understood: list[str] = []

    def reading(path: Path, *given: Any) -> object:
        understood.append(path.name)
        return read(path, *given)

    monkeypatch.setattr(loader, "read", reading)
    base = open_base([own], cache)
    assert {"gateway.yaml", "broken.yaml"} <= set(understood)
    assert not {f"{one.id}.yaml" for one in (OPENAI, BING)} & set(understood)
    assert base.pack.problems == plain.pack.problems != ()
    assert answers(base) == answers(open_base([own]))
    assert base.pack.version == open_base([own]).pack.version


def test_with_and_without_an_overlay_are_two_bases(built_in: Path, cache: Path, own: Path) -> None:
    for _ in range(2):
        assert vendors(open_base([own], cache)) == ["bing", "openai", "gateway"]
        assert vendors(open_base([], cache)) == ["bing", "openai"]


def test_the_later_of_two_overlays_wins_each_time(
    built_in: Path, cache: Path, own: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    theirs = vendor("gateway", detection("theirs", suffix=("gateway.example",)))
    (other / "gateway.yaml").write_text(write(theirs))
    for _ in range(2):
        assert met(open_base([own, other], cache).matcher, "gateway.example") == "theirs"
        assert met(open_base([other, own], cache).matcher, "gateway.example") == "gateway.web"


def test_a_changed_file_of_an_overlay_is_noticed(built_in: Path, cache: Path, own: Path) -> None:
    assert met(open_base([own], cache).matcher, "changed.example") is None
    changed = vendor("gateway", detection("gateway.new", suffix=("changed.example",)))
    (own / "gateway.yaml").write_text(write(changed))
    assert met(open_base([own], cache).matcher, "changed.example") == "gateway.new"
    assert met(open_base([own], cache).matcher, "gateway.example") is None


def test_a_change_of_the_same_length_at_the_same_time_is_noticed(
    built_in: Path, cache: Path, own: Path
) -> None:
    file = own / "gateway.yaml"
    open_base([own], cache)
    was = file.stat()
    file.write_text(file.read_text().replace("gateway.example", "getaway.example"))
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert file.stat().st_size == was.st_size
    assert met(open_base([own], cache).matcher, "getaway.example") == "gateway.web"


def test_an_added_file_of_an_overlay_is_noticed(built_in: Path, cache: Path, own: Path) -> None:
    open_base([own], cache)
    below = own / "a"
    below.mkdir()
    (below / "added.yaml").write_text(write(vendor("added", detection("added.web", suffix=("a",)))))
    assert vendors(open_base([own], cache)) == ["bing", "openai", "gateway", "added"]


def test_a_removed_or_renamed_file_of_an_overlay_is_noticed(
    built_in: Path, cache: Path, own: Path
) -> None:
    open_base([own], cache)
    moved = (own / "gateway.yaml").rename(own / "other.yaml")
    assert Path(open_base([own], cache).pack.files["gateway"]) == moved
    moved.unlink()
    assert vendors(open_base([own], cache)) == ["bing", "openai"]


def test_changed_shapes_of_an_overlay_are_noticed(built_in: Path, cache: Path, own: Path) -> None:
    (own / "shapes").mkdir()
    open_base([own], cache)
    (own / "shapes" / "mine.yaml").write_text(SHAPES)
    assert open_base([own], cache).shapes.of_host("own-x.example") != ()


def the_only(cache: Path, pattern: str) -> Path:
    (file,) = cache.glob(pattern)
    return file


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "artefact removed": lambda artefact, _: artefact.unlink(),
    "artefact empty": lambda artefact, _: artefact.write_bytes(b""),
    "artefact cut": lambda artefact, _: artefact.write_bytes(artefact.read_bytes()[:-20]),
    "artefact garbage": lambda artefact, _: artefact.write_bytes(b"\xc1 no artefact" * 50),
    "artefact of another kind": lambda artefact, _: artefact.write_bytes(
        msgspec.msgpack.encode({"version": 7})
    ),
    "stamp removed": lambda _, stamp: stamp.unlink(),
    "stamp empty": lambda _, stamp: stamp.write_bytes(b""),
    "stamp binary": lambda _, stamp: stamp.write_bytes(b"\xff\x00\xfe"),
    "stamp of a stranger": lambda _, stamp: stamp.write_text("signatures-none.msgpack"),
    "stamp to elsewhere": lambda _, stamp: stamp.write_text("../../etc/passwd"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_damaged_is_made_again(
    built_in: Path,
    cache: Path,
    damage: Callable[[Path, Path], object],
    no_reading: Callable[[], None],
) -> None:
    first = open_base(cache_folder=cache)
    damage(the_only(cache, "signatures-*.msgpack"), the_only(cache, "files-*"))
    again = open_base(cache_folder=cache)
    assert list(again.pack.vendors) == list(first.pack.vendors)
    no_reading()
    assert answers(open_base(cache_folder=cache)) == answers(first)


def test_a_vendor_damaged_inside_an_artefact_is_made_again(built_in: Path, cache: Path) -> None:
    first = open_base(cache_folder=cache)
    artefact = the_only(cache, "signatures-*.msgpack")
    content = artefact.read_bytes()
    category = b"\xa8category\xa9assistant"
    assert content.count(category) == 2
    artefact.write_bytes(content.replace(category, b"\xa8category\xa9assistent"))
    assert answers(open_base(cache_folder=cache)) == answers(first)


@pytest.mark.parametrize("place", ["a file", "below a file", "a device", "a folder that is none"])
def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    place: str, built_in: Path, own: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    folder = {
        "a file": file,
        "below a file": file / "cache",
        "a device": Path("/dev/null"),
        "a folder that is none": Path("/proc/none/cache"),
    }[place]
    for _ in range(2):
        assert vendors(open_base([own], folder)) == ["bing", "openai", "gateway"]
    assert file.read_text() == "mine"


def test_a_folder_in_the_place_of_a_stamp_costs_nothing_but_time(
    built_in: Path, cache: Path
) -> None:
    open_base(cache_folder=cache)
    stamp = the_only(cache, "files-*")
    stamp.unlink()
    stamp.mkdir()
    for _ in range(2):
        assert vendors(open_base(cache_folder=cache)) == ["bing", "openai"]


def test_problems_of_overlays_are_told_each_time(
    built_in: Path, cache: Path, own: Path, no_reading: Callable[[], None]
) -> None:
    broken, odd = own / "broken.yaml", own / "odd.yaml"
    broken.write_text("schema: 1\nid: [\n")
    odd.write_text(write(GATEWAY).replace("id: gateway\n", "id: odd\ncolour: red\n", 1))
    from_files = open_base([own], cache)
    no_reading()
    from_cache = open_base([own], cache)
    assert from_cache.pack.problems == from_files.pack.problems
    assert from_cache.pack.problems[1] == Problem(odd, 3, "unknown key 'colour' at $")
    assert [one.path for one in from_cache.pack.problems] == [broken, odd]
    assert vendors(from_cache) == ["bing", "openai", "gateway"]


NO_STAMP_OF_FOLDERS = (
    "the stamp is made of files alone, so that a folder that is missing and none given are the same"
)


def test_a_missing_overlay_is_told_though_the_built_in_files_are_cached(
    built_in: Path, cache: Path, tmp_path: Path
) -> None:
    open_base([], cache)
    missing = tmp_path / "missing"
    problem = Problem(missing, 1, "no such folder of signatures")
    assert open_base([missing], cache).pack.problems == (problem,)


def test_a_missing_overlay_of_one_run_is_no_problem_of_the_next(
    built_in: Path, cache: Path, tmp_path: Path
) -> None:
    open_base([tmp_path / "missing"], cache)
    assert open_base([], cache).pack.problems == ()


def test_a_link_to_nowhere_in_an_overlay_is_a_problem_of_that_file(
    built_in: Path, cache: Path, own: Path
) -> None:
    lock = own / ".#gateway.yaml"
    lock.symlink_to("ana@desk.4711:1795226310")
    base = open_base([own], cache)
    assert vendors(base) == ["bing", "openai", "gateway"]


def test_a_file_of_an_overlay_may_have_any_name(built_in: Path, cache: Path, own: Path) -> None:
    odd = own / os.fsdecode(b"gate\xffway.yaml")
    (own / "gateway.yaml").rename(odd)
    for _ in range(2):
        assert vendors(open_base([own], cache)) == ["bing", "openai", "gateway"]


def test_only_the_newest_artefacts_are_kept(
    built_in: Path, cache: Path, own: Path, no_reading: Callable[[], None]
) -> None:
    for number in range(9):
        extra = vendor(f"v{number}", detection("v.web", suffix=(f"v{number}.example",)))
        (own / "extra.yaml").write_text(write(extra))
        open_base([own], cache)
    assert len(list(cache.glob("signatures-*.msgpack"))) == 4
    assert len(list(cache.glob("files-*"))) == 4
    assert len(list(cache.iterdir())) == 8
    no_reading()
    assert vendors(open_base([own], cache)) == ["bing", "openai", "v8", "gateway"]


def test_strangers_in_the_cache_folder_are_left_alone(built_in: Path, cache: Path) -> None:
    cache.mkdir()
    (cache / "notes.txt").write_text("mine")
    open_base(cache_folder=cache)
    assert (cache / "notes.txt").read_text() == "mine"


def test_what_an_artefact_holds_is_what_the_types_say(built_in: Path, cache: Path) -> None:
    odd = vendor("odd", detection("odd.s", evidence=EvidenceKind.SUPPORTING, suffix=("ü.example",)))
    (built_in / "odd.yaml").write_text(write(odd))
    open_base(cache_folder=cache)
    kept = open_base(cache_folder=cache).pack.vendors[1]
    assert (type(kept), kept) == (Vendor, odd)


def test_opening_the_real_base_from_its_cache_takes_less_than_150_ms() -> None:
    folder = Path(os.environ["GNOMON_CACHE"])
    the_base()

    def taken() -> float:
        started = time.perf_counter()
        open_base(cache_folder=folder)
        return time.perf_counter() - started

    assert min(taken() for _ in range(5)) < 0.150
