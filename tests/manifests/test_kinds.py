"""What every kind of file in source trees keeps to, whatever it is given."""

import random
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.manifests import Manifest, Mention, Project, Trouble, Unreadable
from scanner.model import Identifier
from scanner.registry import MANIFESTS, values
from tests.manifests.support import Files, found

_KINDS: dict[str, Manifest] = {one.name: one for one in values(MANIFESTS)}
_SAMPLES = [(name, path) for name, kind in sorted(_KINDS.items()) for path in kind.samples]
_BAD = {
    "nothing": b"",
    "blanks": b" \n\t\n",
    "NULs": b"\0" * 4096,
    "no text": bytes(range(256)) * 20,
    "another type": b"<html><body>404 Not Found</body></html>\n",
    "only a brace": b"{",
    "null": b"null",
    "a list": b"[1, 2, [3]]",
    "a number": b"12345678901234567890123456789012345678901234567890",
    "deep JSON": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "deep YAML": b"- " * 5_000 + b"x",
    "a YAML bomb": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (n + 1, n + 1, b",".join([b"*%c" % n] * 9)) for n in range(97, 107)
    ),
    "an XML bomb": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><project>&b;</project>',
    "one long line": b"x" * 1_000_000,
    "UTF-16": "{}\n".encode("utf-16"),
    "Latin-1": b"name = caf\xe9\n",
    "lone surrogate": b'{"name": "\\ud800"}',
}


def _read(kind: Manifest, path: str, data: bytes) -> list[object]:
    """Return what is found; a file may be refused as a whole, and may raise nothing else."""
    try:
        return list(found(kind, path, {path: data}))
    except Unreadable as error:
        assert str(error)
        return []


def test_there_are_kinds() -> None:
    assert _KINDS


@pytest.mark.parametrize(("name", "path"), _SAMPLES)
def test_a_sample_mentions_something(name: str, path: str) -> None:
    kind = _KINDS[name]
    assert _is_named(kind, path), f"{path} has not the name of a {name}"
    data = kind.samples[path]
    assert not kind.holds or any(text in data for text in kind.holds)
    seen = found(kind, path, kind.samples)
    assert [one for one in seen if isinstance(one, Mention | Project)]
    assert not [one for one in seen if isinstance(one, Trouble)]
    lines = data.count(b"\n") + 1
    for one in seen:
        assert 0 <= one.line <= lines
        if isinstance(one, Mention) and one.channel is Identifier.PACKAGE:
            assert one.value.startswith("pkg:")
            assert "@" not in one.value.partition("/")[2]


def _is_named(kind: Manifest, path: str) -> bool:
    path = path.lower()
    name = path.rpartition("/")[2]
    return any(
        fnmatchcase(f"/{path}", f"*/{one.lower()}")
        if "/" in one
        else fnmatchcase(name, one.lower())
        for one in kind.files
    )


@pytest.mark.parametrize("bad", sorted(_BAD))
@pytest.mark.parametrize("name", sorted(_KINDS))
def test_bad_input_is_no_error_and_invents_nothing(name: str, bad: str) -> None:
    kind = _KINDS[name]
    path = next(iter(kind.samples))
    for one in _read(kind, path, _BAD[bad]):
        if isinstance(one, Mention):  # in a list of names nearly every word is one
            assert one.value.rpartition("/")[2].lower().encode() in _BAD[bad].lower()


@pytest.mark.parametrize("name", sorted(_KINDS))
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_damage_is_no_error(name: str, seed: int) -> None:
    dice = random.Random(seed)
    kind = _KINDS[name]
    path = dice.choice(sorted(kind.samples))
    data = kind.samples[path]
    begin, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    match dice.randrange(5):
        case 0:
            data = data[:begin]
        case 1:
            data = data[:begin] + data[end:]
        case 2:
            data = data[:begin] + data[begin:end] * 3 + data[end:]
        case 3:
            data = data[:begin] + dice.randbytes(3) + data[begin:]
        case _:
            data = data.replace(b'"', b"'").replace(b":", b"=", dice.randrange(3))
    _read(kind, path, data)


@pytest.mark.parametrize(("name", "path"), _SAMPLES)
def test_ends_of_lines_marks_and_encodings_change_nothing(name: str, path: str) -> None:
    kind = _KINDS[name]
    data = kind.samples[path]
    if b"\0" in data or not data.isascii():
        pytest.skip("not ASCII text")
    plain = found(kind, path, kind.samples)
    for other in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data):
        assert found(kind, path, {**kind.samples, path: other}) == plain


def test_files_beside_stay_in_the_tree() -> None:
    tree = Files({"a/b/requirements.txt": "", "c.txt": "x"})
    document = tree.document("a/b/requirements.txt")
    assert document.beside("../../c.txt") is not None
    assert document.beside("../../../c.txt") is None
    assert document.beside("/c.txt") is None
    assert document.above("c.txt") is not None
    assert document.above("d.txt") is None
