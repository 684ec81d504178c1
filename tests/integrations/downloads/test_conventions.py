"""What holds for every kind of download: its samples are its own, and a log is never one."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.downloads import Beginning, Download, Opened
from integrations.downloads.recognition import download_of, opened
from scanner.errors import SourceError
from scanner.logs import Format
from scanner.logs.binary import json_document
from scanner.logs.detection import judge, sample_lines
from scanner.model import App, Person, Record
from scanner.registry import DOWNLOADS, FORMATS, load, values
from tests.support import clock

_ALL: tuple[Download, ...] = values(DOWNLOADS)
_FORMATS: tuple[Format, ...] = values(FORMATS)
_SAMPLES = [(one, name) for one in _ALL for name in sorted(one.samples)]
every_sample = pytest.mark.parametrize(
    ("download", "name"), _SAMPLES, ids=[f"{one.name}-{name}" for one, name in _SAMPLES]
)


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _read(path: Path) -> tuple[list[Record], Opened]:
    ((download, file),) = opened(path)
    return list(download.read(file)), file


def test_the_downloads_are_here() -> None:
    assert load(DOWNLOADS)[1] == ()
    assert {one.name for one in _ALL} == {
        "browser-extensions",
        "copilot-usage",
        "directory",
        "discovered-apps",
        "dns-records",
        "entra-audit-log",
        "entra-enterprise-apps",
        "entra-sign-ins",
        "expenses",
        "google-accessed-apps",
        "google-json",
        "google-oauth-log",
        "graph-json",
        "installed-apps",
        "intune-apps",
        "jamf-computers",
        "okta-json",
        "okta-log",
        "osquery",
        "register",
        "sso-apps",
        "sso-assignments",
        "zscaler-shadow-it",
    }


@pytest.mark.parametrize("download", _ALL, ids=lambda one: one.name)
def test_it_says_what_it_is(download: Download) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", download.name)
    assert download.title
    assert download.system
    assert download.reference.startswith("https://")
    assert download.verified_by
    assert download.samples


@every_sample
def test_a_sample_is_recognised_by_its_own_kind_alone(
    download: Download, name: str, tmp_path: Path
) -> None:
    path = _file(tmp_path, name, download.samples[name])
    assert [one.name for one in _ALL if one.recognises(Beginning(path))] == [download.name]
    assert download_of(path) is download


@every_sample
def test_a_sample_is_understood_whole(download: Download, name: str, tmp_path: Path) -> None:
    records, file = _read(_file(tmp_path, name, download.samples[name]))
    assert records
    assert file.bad == {}


# Each page of Graph is a file of its own: the applications are in another.
@pytest.mark.parametrize(
    ("download", "name"), [pair for pair in _SAMPLES if pair[0].name != "graph-json"]
)
def test_what_refers_to_an_application_comes_after_it(
    download: Download, name: str, tmp_path: Path
) -> None:
    known = set()
    for one in _read(_file(tmp_path, name, download.samples[name]))[0]:
        if isinstance(one, App):
            known.add(one.key)
        elif not isinstance(one, Person):
            assert getattr(one, "app", None) in known


@every_sample
def test_no_log_format_claims_a_sample(download: Download, name: str) -> None:
    best = judge(_FORMATS, sample_lines(download.samples[name]), clock())[0]
    assert not best.is_fit or not best.parsed, best.format.name


@every_sample
def test_no_log_format_claims_the_records_of_a_document(
    download: Download, name: str, tmp_path: Path
) -> None:
    path = _file(tmp_path, name, download.samples[name])
    if json_document.is_it(download.samples[name]):
        lines = list(json_document.records(path))
        best = judge(_FORMATS, lines, clock())[0]
        assert not best.is_fit or not best.parsed, best.format.name


@pytest.mark.parametrize("log_format", _FORMATS, ids=lambda one: one.name)
def test_no_download_claims_a_log(log_format: Format, tmp_path: Path) -> None:
    path = _file(tmp_path, "log", log_format.sample)
    assert [one.name for one in _ALL if one.recognises(Beginning(path))] == []


@every_sample
def test_every_cut_of_a_sample_is_read_as_far_as_it_goes(
    download: Download, name: str, tmp_path: Path
) -> None:
    whole = download.samples[name]
    for end in range(0, len(whole), 7):
        path = _file(tmp_path, name, whole[:end])
        for one, file in opened(path):
            assert list(one.read(file)) is not None


def _damaged(content: bytes, count: int) -> Iterator[bytes]:
    chance = random.Random(42001)
    for _ in range(count):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        yield bytes(damaged)


@every_sample
def test_no_damage_is_an_error(download: Download, name: str, tmp_path: Path) -> None:
    for damaged in _damaged(download.samples[name], 60):
        path = _file(tmp_path, name, damaged)
        try:
            list(download.read(Opened(Beginning(path))))
        except SourceError as error:
            assert "names the columns" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"{",
        b"[]",
        b"{}",
        b'{"value": [',
        b"null",
        b"a,b,c\n1,2,3\n",
        b"\xff\xfe",
        b"\0" * 500,
        random.Random(7).randbytes(100_000),
        b"x" * 200_000,
        b"," * 200_000,
        b'"' * 70_000,
        b"[" * 70_000,
        b'{"a":' * 30_000,
        b"PK\x03\x04" + b"\0" * 100,
    ],
    ids=range(17),
)
def test_what_is_no_download_is_none(content: bytes, tmp_path: Path) -> None:
    assert download_of(_file(tmp_path, "file", content)) is None


_WRITTEN = {
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "told to Excel": lambda text: b"sep=,\n" + text.encode(),
    "blank lines": lambda text: b"\n\n" + text.encode() + b"\n\n",
}


@pytest.mark.parametrize("how", sorted(_WRITTEN))
@pytest.mark.parametrize("download", [one for one in _ALL if "csv" in one.title.lower()], ids=lambda one: one.name)  # fmt: skip
def test_however_a_table_is_written_it_says_the_same(
    download: Download, how: str, tmp_path: Path
) -> None:
    for name, content in download.samples.items():
        try:
            text = content.removeprefix(b"\xef\xbb\xbf").decode()
        except UnicodeDecodeError:
            continue  # it is in an encoding of its own
        if not name.endswith(".csv"):
            continue
        plain, _ = _read(_file(tmp_path, "plain.csv", content))
        other, file = _read(_file(tmp_path, "other.csv", _WRITTEN[how](text)))
        assert other == plain
        assert file.bad == {}
