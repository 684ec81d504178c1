"""dnstap files, as JSON lines."""

import json
import struct
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.logs.binary.dnstap import BINARY
from scanner.logs.formats.dnstap import FORMAT
from tests.support import read, within

_CONTENT = b"protobuf:dnstap.Dnstap"
_AUTH_QUERY, _QUERY, _RESPONSE = 1, 5, 6


def _control(kind: int, content: bytes | None = None) -> bytes:
    said = b"" if content is None else struct.pack(">2I", 1, len(content)) + content
    return struct.pack(">3I", 0, 4 + len(said), kind) + said


_START, _STOP = _control(2, _CONTENT), _control(3)


def _varint(value: int) -> bytes:
    small = value & 0x7F
    return bytes([small]) if value < 0x80 else bytes([small | 0x80]) + _varint(value >> 7)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _fixed(field: int, value: int) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<I", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _name(name: str) -> bytes:
    labels = [label.encode("latin-1") for label in name.split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _wire(
    name: bytes, flags: int = 0x0100, qtype: int = 1, questions: int = 1, answers: bytes = b""
) -> bytes:
    head = struct.pack(">6H", 14219, flags, questions, bool(answers), 0, 0)
    return head + name + struct.pack(">2H", qtype, 1) + answers


def _frame(
    kind: int, wire: bytes, client: str = "10.0.0.7", times: bytes | None = None, more: bytes = b""
) -> bytes:
    is_query = kind != _RESPONSE
    if times is None:
        seconds, part = (8, 9) if is_query else (12, 13)
        times = _number(seconds, 1795226310) + _fixed(part, 136000000)
    message = (
        _number(1, kind)
        + _number(2, 1)
        + _bytes(4, ip_address(client).packed)
        + _number(6, 57042)
        + times
        + _bytes(10 if is_query else 14, wire)
        + more
    )
    whole = _bytes(1, b"ns1.corp.example") + _bytes(14, message) + _number(15, 1)
    return struct.pack(">I", len(whole)) + whole


_OPENAI = _name("api.openai.com")
_FRAMES = _frame(_QUERY, _wire(_OPENAI)) + _frame(_RESPONSE, _wire(_OPENAI, 0x8180))


def _records(path: Path, image: bytes) -> list[dict[str, object]]:
    path.write_bytes(image)
    return [json.loads(line) for line in BINARY.records(path)]


def _record(kind: str = "CLIENT_QUERY", **changed: object) -> dict[str, object]:
    usual = {
        "type": kind,
        "client": "10.0.0.7",
        "port": 57042,
        "time": "1795226310.136000000",
        "id": 14219,
        "name": "api.openai.com",
        "qtype": "A",
    }
    return {**usual, **changed}


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (_START, _STOP),
        (_control(4, _CONTENT) + _START, _STOP + _control(5)),
        (_control(2), b""),
    ],
)
def test_streams_of_one_and_of_two_directions(begin: bytes, end: bytes, tmp_path: Path) -> None:
    assert BINARY.is_it(begin)
    assert _records(tmp_path / "tap", begin + _FRAMES + end) == [
        _record(),
        _record("CLIENT_RESPONSE", rcode="NOERROR"),
    ]


def test_streams_one_after_the_other(tmp_path: Path) -> None:
    image = (_START + _frame(_QUERY, _wire(_OPENAI)) + _STOP) * 2
    assert _records(tmp_path / "tap", image) == [_record(), _record()]


def test_d20_a_response_without_the_time_of_its_query(tmp_path: Path) -> None:
    unset = _number(8, 0) + _number(12, 1795226311) + _fixed(13, 5)
    both = _number(8, 1795226310) + _fixed(9, 7) + _number(12, 1795226311)
    wire = _wire(_OPENAI, 0x8180)
    frames = b"".join(_frame(_RESPONSE, wire, times=times) for times in (unset, both, b""))
    assert [one.get("time") for one in _records(tmp_path / "tap", _START + frames)] == [
        "1795226311.000000005",
        "1795226310.000000007",
        None,
    ]


def test_d20_query_and_response_go_through_the_format_as_one(tmp_path: Path) -> None:
    (tmp_path / "tap").write_bytes(_START + _FRAMES + _STOP)
    reading = read(FORMAT, b"\n".join(BINARY.records(tmp_path / "tap")) + b"\n")
    assert [(one.line, one.value) for one in reading.observations] == [(1, "api.openai.com")]


def test_what_a_response_says(tmp_path: Path) -> None:
    pointed = b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, 3) + b"\x01x\0"
    address = b"\xc0\x0c" + struct.pack(">HHIH", 28, 1, 60, 16) + bytes(16)
    head = struct.pack(">6H", 14219, 0x8183, 1, 2, 0, 0)
    wire = head + _OPENAI + struct.pack(">2H", 65, 1) + pointed + address
    frame = _frame(_RESPONSE, wire, more=_bytes(15, _bytes(1, b"RPZ") + _number(3, 1)))
    assert _records(tmp_path / "tap", _START + frame) == [
        _record("CLIENT_RESPONSE", qtype="HTTPS", rcode="NXDOMAIN", policy="NXDOMAIN", address="::")
    ]


@pytest.mark.parametrize(
    ("wire", "told"),
    [
        (_wire(_name("with space.example")), {"name": "with\\032space.example"}),
        (_wire(_name('a"b\\c.b\xfccher.example')), {"name": "a\\034b\\092c.b\\252cher.example"}),
        (_wire(b"\x05a.b\0c\x02ai\0"), {"name": "a\\046b\\000c.ai"}),
        (_wire(b"\0"), {"name": "."}),
        (_wire(_OPENAI, qtype=4711), {"qtype": "TYPE4711"}),
    ],
)
def test_d3_names_as_in_a_zone_file(wire: bytes, told: dict[str, object], tmp_path: Path) -> None:
    assert _records(tmp_path / "tap", _START + _frame(_QUERY, wire)) == [_record(**told)]


def test_d21_a_client_of_ipv6(tmp_path: Path) -> None:
    frame = _frame(_QUERY, _wire(_OPENAI), client="2001:db8::7")
    assert _records(tmp_path / "tap", _START + frame) == [_record(client="2001:db8::7")]


def test_messages_that_ask_nothing_and_those_between_servers(tmp_path: Path) -> None:
    frames = (
        _frame(_QUERY, _wire(_OPENAI, questions=0))
        + _frame(_QUERY, _wire(_OPENAI, flags=0x2000))
        + _frame(_AUTH_QUERY, _wire(_OPENAI))
    )
    records = _records(tmp_path / "tap", _START + frames)
    assert [(one["type"], "name" in one) for one in records] == [
        ("CLIENT_QUERY", False),
        ("CLIENT_QUERY", False),
        ("AUTH_QUERY", False),
    ]


@pytest.mark.parametrize(
    "wire",
    [
        _wire(b"\xc0\x0c"),
        _wire(b"\xc0\x10\x00\x00\xc0\x0c"),
        _wire(b"\x01a\xc0\x0c"),
        _wire((b"\x3f" + b"a" * 63) * 6),
        _wire(b"\x7fa\0"),
        _wire(b"\x0aapi"),
        b"short",
        b"",
    ],
)
def test_p7_a_name_without_end_is_damage_and_the_next_frame_is_read(
    wire: bytes, tmp_path: Path
) -> None:
    frames = _frame(_QUERY, wire) + _frame(_QUERY, _wire(_OPENAI))
    first, second = _records(tmp_path / "tap", _START + frames)
    assert list(first) == ["damaged"]
    assert second == _record()


def test_f4_what_stands_before_a_cut_is_kept(tmp_path: Path) -> None:
    image = _START + _FRAMES
    for end in range(len(image) - 20, len(image)):
        records = _records(tmp_path / "tap", image[:end])
        assert records == [_record(), {"damaged": "the file is cut short in a frame"}]


def test_an_enormous_frame_ends_the_reading(tmp_path: Path) -> None:
    image = _START + _FRAMES + b"\x7f\xff\xff\xff" + b"x" * 100
    assert [sorted(one)[0] for one in _records(tmp_path / "tap", image)][2:] == ["damaged"]


def test_streams_of_something_else_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="of these only dnstap is read"):
        _records(tmp_path / "tap", _control(2, b"protobuf:other") + _FRAMES)


def test_is_it_tells_by_the_head() -> None:
    assert [
        BINARY.is_it(head) for head in (b"", bytes(12), _STOP, b"\0\0\0\0 a text", _START[:12])
    ] == [False, False, False, False, True]


@settings(max_examples=300)
@given(
    cut=st.none() | st.integers(12, 400),
    places=st.lists(st.tuples(st.integers(12, 400), st.binary(min_size=1, max_size=9)), max_size=8),
)
def test_no_damage_is_more_than_an_error_or_a_damaged_record(
    cut: int | None, places: list[tuple[int, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    image = bytearray(_START + _FRAMES + _FRAMES + _STOP)
    for place, noise in places:
        image[place % len(image) : place % len(image) + len(noise)] = noise
    path = tmp_path_factory.mktemp("dnstap") / "tap"
    path.write_bytes(image[:cut])
    with within(5):
        try:
            found = list(BINARY.records(path))
        except SourceError:
            return
    assert [one for one in found if b"\n" in one or not isinstance(json.loads(one), dict)] == []
    assert len(found) <= len(image)
