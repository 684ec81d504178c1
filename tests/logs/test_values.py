"""Field values, and where they stand in a record."""

import pytest

from scanner.logs.values import dig, is_set, program, record_type, said, text, without_port

_RECORD = {
    "dns": {"question": {"name": "claude.ai"}},
    "source.ip": "10.0.0.7",
    "a.b": {"c": [{"d": 3}]},
    "x": {"y.z": 5},
    "principal": {"ip": ["10.0.0.8", "10.0.0.9"]},
    "none": [],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dns.question.name", "claude.ai"),
        ("source.ip", "10.0.0.7"),
        ("a.b.c.d", 3),
        ("x.y.z", 5),
        ("principal.ip", "10.0.0.8"),
        ("principal.ip.x", None),
        ("none.x", None),
        ("none", None),
        ("nowhere", None),
        ("dns.nowhere.name", None),
        ("source", None),
    ],
)
def test_what_stands_at_a_path(path: str, value: object) -> None:
    assert dig(_RECORD, path) == value


def test_the_first_that_is_set_is_said() -> None:
    assert said(_RECORD, "nowhere", "none", "principal.ip", "source.ip") == "10.0.0.8"
    assert said([], "x") is None


@pytest.mark.parametrize(
    "word", ["", "-", "N/A", "NA", "None", "null", " unknown user ", "anonymous"]
)
def test_words_for_nothing(word: str) -> None:
    assert (text(word), is_set(word)) == (None, False)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("C:\\x\\a b.exe", "a b.exe"),
        ("/usr/bin/curl", "curl"),
        ("curl", "curl"),
        ("/", None),
        (None, None),
    ],
)
def test_a_program_without_its_folder(path: str | None, name: str | None) -> None:
    assert program(path) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (28, "AAAA"),
        ("65", "HTTPS"),
        ("type=65", "HTTPS"),
        ("A", "A"),
        ("TYPE65", "TYPE65"),
        (65353, "65353"),
        ("-", None),
        (None, None),
    ],
)
def test_a_record_type_by_its_name(written: object, name: str | None) -> None:
    assert record_type(written) == name


@pytest.mark.parametrize(
    ("written", "client"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("10.0.0.7:51234", "10.0.0.7"),
        ("10.0.0.7:51234:X0", "10.0.0.7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("pc7.corp.example", "pc7.corp.example"),
        (None, None),
    ],
)
def test_a_client_without_its_port(written: str | None, client: str | None) -> None:
    assert without_port(written) == client
