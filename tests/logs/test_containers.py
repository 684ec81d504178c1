"""Archives of several logs: what comes out, what does not, and what may never come out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from scanner.logs.containers import (
    USUAL_LIMITS,
    Limits,
    Member,
    Spent,
    holds_several,
    is_container,
    members,
)
from tests.support import at, within

_WHEN = at("2026-11-21T01:58:30Z")
_A, _B = b"one log\n", b"another\nlog\n"


def _tar(*files: tuple[str, bytes], kind: int = tarfile.GNU_FORMAT, **changed: object) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=kind) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), int(_WHEN.timestamp())
            for key, value in changed.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def _zip(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 21, 1, 58, 30)), content, how)
    return made.getvalue()


class _Out:
    """What came out of an archive."""

    def __init__(self, members_found: list[Member], contents: list[bytes | None]) -> None:
        self.files = {
            one.name: content
            for one, content in zip(members_found, contents, strict=True)
            if content is not None
        }
        self.reasons = {one.name: one.reason for one in members_found if one.reason}
        self.times = [one.mtime for one in members_found]


def _out(
    content: bytes, folder: Path, limits: Limits = USUAL_LIMITS, spent: Spent | None = None
) -> _Out:
    """Unpack everything, as a caller does; beside a file, a packed zip may lie there whole."""
    path = folder / "archive"
    path.write_bytes(content)
    unpacked = folder / "unpacked"
    unpacked.mkdir(exist_ok=True)
    found, contents = [], []
    for one in members(path, unpacked, limits, spent):
        assert len(list(unpacked.iterdir())) <= 2
        found.append(one)
        contents.append(one.file.read_bytes() if one.file else None)
    assert list(unpacked.iterdir()) == []
    return _Out(found, contents)


_PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


@pytest.mark.parametrize("packed", sorted(_PACKED))
@pytest.mark.parametrize(
    "kind", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT], ids=["gnu", "pax", "ustar"]
)  # fmt: skip
def test_f8_a_tar_however_it_is_packed(packed: str, kind: int, tmp_path: Path) -> None:
    files = (("logs/access.log", _A), ("logs/access.log.1", _B), ("empty.log", b""))
    out = _out(_PACKED[packed](_tar(*files, kind=kind)), tmp_path)
    assert out.files == dict(files)
    assert out.reasons == {}
    assert out.times == [_WHEN] * 3
    assert holds_several(tmp_path / "archive")


@pytest.mark.parametrize(
    "how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("packed", ["plain", "gz"])
def test_a_zip_however_it_is_packed(how: int, packed: str, tmp_path: Path) -> None:
    files = (("logs/access.log", _A), ("logs/access.log.1", _B), ("empty.log", b""))
    out = _out(_PACKED[packed](_zip(*files, how=how)), tmp_path)
    assert out.files == dict(files)
    assert out.times == [_WHEN] * 3
    assert holds_several(tmp_path / "archive")


@pytest.mark.parametrize("kind", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_that_do_not_fit_into_a_header(kind: int, tmp_path: Path) -> None:
    long, accented = "d/" * 150 + "access.log", "büro/zugriff.log"
    out = _out(_tar((long, _A), (accented, _B), kind=kind), tmp_path)
    assert out.files == {long: _A, accented: _B}


def test_a_tar_from_before_there_was_a_magic_is_told_by_its_checksum(tmp_path: Path) -> None:
    header = bytearray(_tar(("a.log", _A)))
    header[257:512] = bytes(255)
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header[:512])
    assert is_container(bytes(header[:512]))
    assert _out(bytes(header), tmp_path).files == {"a.log": _A}


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"PK",
        bytes(512),
        b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 -\n" * 9,
        (b"a" * 257 + b"ustar 00").ljust(600, b" "),
        b"7" * 600,
        _zip(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"")),
        gzip.compress(_A) * 30,
    ],
    ids=["nothing", "short", "zeros", "a log", "a word", "figures", "a workbook", "gz"],
)
def test_what_is_no_container(head: bytes) -> None:
    assert not is_container(head)


def test_a_zip_with_nothing_in_it_is_a_container(tmp_path: Path) -> None:
    assert is_container(_zip())
    assert _out(_zip(), tmp_path).files == {}


def test_folders_and_what_a_mac_adds_are_passed_over(tmp_path: Path) -> None:
    noise = ("__MACOSX/logs/._a.log", "logs/._a.log", "logs/.DS_Store", ".DS_Store")
    files = [*((name, b"noise") for name in noise), ("logs/a.log", _A), ("my__MACOSX.log", _B)]
    expected = {"logs/a.log": _A, "my__MACOSX.log": _B}
    assert _out(_zip(*files, ("logs/", b"")), tmp_path).files == expected
    folder = _tar(("logs", b""), type=tarfile.DIRTYPE)[:512]
    out = _out(folder + _tar(*files), tmp_path)
    assert (out.files, out.reasons) == (expected, {})


@pytest.mark.parametrize(
    "name",
    ["../a.log", "logs/../../a.log", "/etc/a.log", "C:\\a.log", "..\\a.log", "\\\\server\\a.log"],
)
@pytest.mark.parametrize("make", [_tar, _zip])
def test_f9_names_that_lead_elsewhere_are_refused(
    make: Callable[..., bytes], name: str, tmp_path: Path
) -> None:
    out = _out(make((name, _A), ("./b.log", _B)), tmp_path)
    assert out.files == {"b.log": _B}
    assert list(out.reasons) == [name]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["archive", "unpacked"]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.BLKTYPE, "a device"),
        (tarfile.FIFOTYPE, "a pipe"),
    ],
)
def test_f9_links_and_devices_are_refused(kind: bytes, what: str, tmp_path: Path) -> None:
    link = _tar(("a.log", b""), type=kind, linkname="/etc/passwd")[:512]
    out = _out(link + _tar(("b.log", _B)), tmp_path)
    assert out.files == {"b.log": _B}
    assert out.reasons == {"a.log": f"{what}; only plain files are read from an archive"}


def test_f9_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("a.log")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("b.log", _B)
    out = _out(made.getvalue(), tmp_path)
    assert out.files == {"b.log": _B}
    assert out.reasons == {"a.log": "a link; only plain files are read from an archive"}


@pytest.mark.parametrize("make", [_zip, lambda *files: gzip.compress(_tar(*files))])
def test_f9_a_bomb_is_refused_and_the_rest_is_read(
    make: Callable[..., bytes], tmp_path: Path
) -> None:
    limits = Limits(ratio=100, beyond=300_000)
    content = make(("a.log", _A), ("bomb", bytes(3_000_000)), ("b.log", _B))
    out = _out(content, tmp_path, limits)
    assert out.files == {"a.log": _A, "b.log": _B}
    assert out.reasons == {
        "bomb": "it unpacks to more than 100 times its size in the archive, as no log does"
    }


@pytest.mark.parametrize("make", [_zip, _tar])
def test_f9_what_comes_out_in_all_is_bounded(make: Callable[..., bytes], tmp_path: Path) -> None:
    lines = [b"%d" % number * 4_000 for number in range(10, 18)]
    content = make(*((f"{at}.log", line) for at, line in enumerate(lines)))
    out = _out(content, tmp_path, Limits(size=20_000))
    assert out.files == {"0.log": lines[0], "1.log": lines[1]}
    assert out.reasons == {
        "": "the archive unpacks to more than 20,000 bytes; what comes after it is not read"
    }


@pytest.mark.parametrize("make", [_zip, _tar])
def test_f9_so_is_the_number_of_files(make: Callable[..., bytes], tmp_path: Path) -> None:
    content = make(*((f"{at}.log", _A) for at in range(9)))
    out = _out(content, tmp_path, Limits(members=3))
    assert list(out.files) == ["0.log", "1.log", "2.log"]
    assert out.reasons == {
        "": "the archive holds more than 3 files; what comes after it is not read"
    }


def test_f9_a_list_of_too_many_files_is_not_even_read(tmp_path: Path) -> None:
    content = _zip(*((f"{at}.log", b"") for at in range(400)))
    out = _out(content, tmp_path, Limits(members=20))
    assert out.reasons == {"": "the archive lists too many files; what comes after it is not read"}


def test_archives_in_an_archive_share_one_allowance(tmp_path: Path) -> None:
    spent = Spent()
    _out(_zip(("a.log", _A)), tmp_path, spent=spent)
    _out(_zip(("b.log", _B)), tmp_path, spent=spent)
    assert spent == Spent(size=len(_A) + len(_B), members=2)


def test_an_enormous_header_cannot_fill_the_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    out = _out(header.tobuf(tarfile.GNU_FORMAT) + bytes(5000), tmp_path)
    assert out.reasons == {
        "": "the tar archive is damaged: a header of over 1 MiB; what comes after it is not read"
    }


def test_a_file_that_is_cut_short_is_read_up_to_there(tmp_path: Path) -> None:
    content = _tar(("a.log", _A), ("b.log", _B * 1000))
    out = _out(content[:4000], tmp_path)
    assert out.files == {"a.log": _A, "b.log": (_B * 1000)[: 4000 - 1536]}
    assert out.reasons == {"b.log": "the tar archive is cut short"}


def test_compressed_data_that_is_cut_short_is_read_up_to_there(tmp_path: Path) -> None:
    noise = b"".join(struct.pack("<Q", at * 0x9E3779B97F4A7C15 % 2**64) for at in range(20_000))
    out = _out(gzip.compress(_tar(("a.log", _A), ("b.log", noise)))[:-50_000], tmp_path)
    assert out.files["a.log"] == _A
    assert len(out.files["b.log"]) > 50_000
    assert noise.startswith(out.files["b.log"])
    assert out.reasons["b.log"].startswith("the gz data is damaged or cut short")


def test_damage_between_two_files_of_a_tar(tmp_path: Path) -> None:
    content = bytearray(_tar(("a.log", _A), ("b.log", _B), ("c.log", _A)))
    content[1024] ^= 1
    out = _out(bytes(content), tmp_path)
    assert out.files == {"a.log": _A}
    assert out.reasons == {
        "": "the tar archive is damaged: bad checksum; what comes after it is not read"
    }


def test_damage_in_one_file_of_a_zip_leaves_the_others(tmp_path: Path) -> None:
    content = _zip(("a.log", _A), ("b.log", b"changed\n"), ("c.log", _B), how=zipfile.ZIP_STORED)
    out = _out(content.replace(b"changed\n", b"Changed\n", 1), tmp_path)
    assert (out.files["a.log"], out.files["c.log"]) == (_A, _B)
    assert out.reasons == {"b.log": "the zip archive is damaged: Bad CRC-32 for file 'b.log'"}


def test_a_zip_that_is_cut_short(tmp_path: Path) -> None:
    out = _out(_zip(("a.log", _A), ("b.log", _B))[:-30], tmp_path)
    assert out.files == {}
    assert out.reasons[""].startswith("the zip archive is damaged or cut short")


def test_an_encrypted_file_of_a_zip(tmp_path: Path) -> None:
    content = bytearray(_zip(("a.log", _A), ("b.log", _B)))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    out = _out(bytes(content), tmp_path)
    assert out.files == {"b.log": _B}
    assert out.reasons == {
        "a.log": "encrypted; unpack it with its password, and scan what comes out"
    }


@pytest.mark.parametrize("when", [0, 10**15, -5])
def test_times_that_nobody_knows(when: int, tmp_path: Path) -> None:
    assert _out(_tar(("a.log", _A), mtime=when), tmp_path).times == [None]


def test_a_zip_that_knows_the_time_at_greenwich(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("a.log", (2026, 11, 21, 14, 0, 0))
        info.extra = struct.pack("<HHBi", 0x5455, 5, 1, int(_WHEN.timestamp()))
        archive.writestr(info, _A)
    assert _out(made.getvalue(), tmp_path).times == [_WHEN]


def test_names_are_told_so_that_they_can_be_printed(tmp_path: Path) -> None:
    content = _tar(("a\n\x1b[31m.log", _A))
    assert list(_out(content, tmp_path).files) == ["a??[31m.log"]


def test_damaged_archives_never_fail_otherwise(tmp_path: Path) -> None:
    files = (("a.log", _A * 99), ("d/b.log", _B * 99))
    archives = [_zip(*files), _tar(*files), _tar(*files, kind=tarfile.PAX_FORMAT, mtime=1.5)]
    archives += [gzip.compress(one) for one in archives]
    tried = 0
    with within(60):
        for content in archives:
            for place in range(0, len(content), max(1, len(content) // 80)):
                damaged = bytearray(content)
                damaged[place] ^= 0x55
                for one in (bytes(damaged), content[:place]):
                    (tmp_path / "archive").write_bytes(one)
                    if one and holds_several(tmp_path / "archive"):
                        _out(one, tmp_path)
                        tried += 1
    assert tried > 500
