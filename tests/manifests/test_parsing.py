"""Documents as values: what libraries read, with bounds."""

from typing import Any

import pytest
import yaml

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import json_of, toml_of, xml_of, yaml_of


def values(text: str) -> list[Any]:
    return yaml_of(Document("x.yaml", text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: [x, y, {c: d}]\n",
        "- 1\n- 2.5\n- yes\n- null\n- ~\n- 'no'\n- \"a\\nb\"\n- 2026-11-21\n",
        "a: &x {k: v, l: w}\nb: *x\nc:\n  <<: *x\n  l: own\n",
        "a: &x {k: v}\nb: &y {k: w, m: n}\nc:\n  <<: [*x, *y]\n",
        "one: 1\n---\n- two\n---\nthree\n",
        "text: |\n  lines\n  of it\nfolded: >\n  one\n  two\n",
        "",
        "# only words\n",
        "? complex\n: value\n1: number\ntrue: truth\n",
    ],
)
def test_yaml_is_what_the_library_reads(text: str) -> None:
    assert values(text) == list(yaml.safe_load_all(text))


def test_a_tag_of_others_stands_for_its_value() -> None:
    assert values("a: !Ref b\nc: !Sub [d, e]\n") == [{"a": "b", "c": ["d", "e"]}]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 50_000, "- " * 50_000, "a:\n  b: [", "\t- x", "a: b: c", "&a [*a"],
)
def test_yaml_that_cannot_be_read(text: str) -> None:
    with pytest.raises(Unreadable):
        values(text)


def test_yaml_that_grows() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(Unreadable, match="without bound"):
        values("\n".join(lines))


@pytest.mark.parametrize(
    "data",
    [
        b"<a><b></a>",
        b'<?xml version="1.0" encoding="rot13"?><a/>',
        b'<?xml version="1.0" encoding="shift_jis"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 1000,
        b"",
    ],
)
def test_xml_that_cannot_be_read(data: bytes) -> None:
    with pytest.raises(Unreadable):
        xml_of(Document("x.xml", data))


def test_xml_keeps_texts_lines_and_no_namespaces() -> None:
    root = xml_of(
        Document("x.xml", b'<p:a xmlns:p="q">\n <b c="d">x<!-- no --> y</b>\n <b/></p:a>')
    )
    assert [(one.tag, one.line, one.text, one.attributes) for one in root.all("b")] == [
        ("b", 2, "x y", {"c": "d"}),
        ("b", 3, "", {}),
    ]


def test_json_and_toml_that_cannot_be_read() -> None:
    for data in (b"{", b"", b"[" * 100_000):
        with pytest.raises(Unreadable):
            json_of(Document("x.json", data))
        with pytest.raises(Unreadable):
            toml_of(Document("x.toml", data or b"="))


def test_xml_of_another_root() -> None:
    assert xml_of(Document("x.xml", b"<a/>"), "b", "a").tag == "a"
    with pytest.raises(Unreadable, match="its root is 'a', not 'b'"):
        xml_of(Document("x.xml", b"<a/>"), "b")
