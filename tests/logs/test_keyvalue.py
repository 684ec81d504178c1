"""Lines of pairs, taken apart."""

import pytest

from scanner.logs.keyvalue import colon_pairs, pairs, sole_value
from tests.support import within


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"", {}),
        (b"no pairs here at all", {}),
        (b"a=b", {"a": "b"}),
        (b"a=1 b=2\tc=3,d=4;e=5|f=6", dict(zip("abcdef", "123456", strict=True))),
        (b'a="x y" b="" c="z"', {"a": "x y", "b": "", "c": "z"}),
        (b"user= group=staff", {"user": "", "group": "staff"}),
        (b"src=10.0.0.7:51234 dst=[2001:db8::9]:443", {"src": "10.0.0.7:51234", "dst": "[2001:db8::9]:443"}),
        (rb'msg="he said \"hi\" to b=c" d=e', {"msg": 'he said "hi" to b=c', "d": "e"}),
        (b'msg="he said ""hi"" twice",d="e"', {"msg": 'he said "hi" twice', "d": "e"}),
        (rb'user="corp\bob" d=e', {"user": "corp\\bob", "d": "e"}),
        (rb'user="corp\\bob" d=e', {"user": "corp\\bob", "d": "e"}),
        (b'<189>Nov 20 08:01:02 gw date=2026-11-20 a="1"', {"date": "2026-11-20", "a": "1"}),
        (b"url=https://a.example/?x=1&y=2 b=c", {"url": "https://a.example/?x=1&y=2", "b": "c"}),
        (b'msg="x a=1 y" b=2', {"msg": "x a=1 y", "b": "2"}),
        (b"a=first a=second", {"a": "first"}),
        (b'a="never closed b=c', {"a": "never closed b=c"}),
        (b'ua="Moz "quoted" x" b=2', {"ua": "Moz ", "b": "2"}),
        ("user=Zo\u00eb b=\u00fc".encode(), {"user": "Zo\u00eb", "b": "\u00fc"}),
        (b"user=Zo\xeb b=c", {"user": "Zo\\xeb", "b": "c"}),
        (b"ad.request-id=7 _x=8", {"ad.request-id": "7", "_x": "8"}),
        (b"a=b, c=d; ", {"a": "b", "c": "d"}),
    ],
)  # fmt: skip
def test_pairs(line: bytes, found: dict[str, str]) -> None:
    assert pairs(line) == found


def test_s17_a_bare_value_runs_to_the_next_key() -> None:
    line = (
        b"category=Business, Software/Hardware reason=not allowed user=Ana B. Lee url=a.example/x"
    )
    assert pairs(line) == {
        "category": "Business, Software/Hardware",
        "reason": "not allowed",
        "user": "Ana B. Lee",
        "url": "a.example/x",
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"", {}),
        (b'[action:"Accept"; src:"10.0.0.7"]', {"action": "Accept", "src": "10.0.0.7"}),
        (b'sys_message::"eth0 is up"; a:"b"', {"sys_message": "eth0 is up", "a": "b"}),
        (rb'tag:"[x=1\]"; user:"a \"b\""; c:"d"', {"tag": "[x=1]", "user": 'a "b"', "c": "d"}),
        (b'version:"5"; version:"1.0"', {"version": "5"}),
        (b'a:"cut off', {"a": "cut off"}),
        (b'time:"1795161662"; url:"https://a.example/?b=c"', {"time": "1795161662", "url": "https://a.example/?b=c"}),
    ],
)  # fmt: skip
def test_colon_pairs(line: bytes, found: dict[str, str]) -> None:
    assert colon_pairs(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'a=1 host="api.openai.com" b=2', b"api.openai.com"),
        (b"host=api.openai.com,b=2", b"api.openai.com"),
        (b"host=", b""),
        (b"a=1 b=2", b""),
        (b"dsthost=x", None),
        (b'msg="x host=evil" host=api.openai.com', None),
        (rb'host="a\"b"', None),
        (b'host="no end', None),
    ],
)
def test_a_glance_at_one_value(line: bytes, found: bytes | None) -> None:
    assert sole_value(line, b"host") == found


@pytest.mark.parametrize(
    "filling",
    [b"a", b"=", b'"', b"\\", b" ", b",", b"a ", b"a=", b'a="', b'a:"', b"a,", b'""', b"a=b ", b'\\"', b"- "],
)  # fmt: skip
def test_f10_the_time_is_linear(filling: bytes) -> None:
    enormous = filling * (1_000_000 // len(filling))
    with within(10):
        for line in (enormous, b"a=" + enormous, b'a="' + enormous, b'a:"' + enormous):
            pairs(line)
            colon_pairs(line)
            sole_value(line, b"a")
