"""What text a match of an expression must hold."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import Identifier, Shape
from scanner.required import required
from tests.support import the_base


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ("abc", {"abc"}),
        ("a(?:b|c)d", {"abd", "acd"}),
        (r"/v\d+/(?:fim|chat)/completions", {"/fim/completions", "/chat/completions"}),
        (r"[a-z]+gpt[a-z]*", {"gpt"}),
        ("colou?r", {"color", "colour"}),
        ("(?:ab){2}c", {"ababc"}),
        ("x(?:yz)+", {"yz"}),
        (r"\d+", set()),
        ("(?:abc|\\d)", set()),
        ("(?!no)yes", {"yes"}),
        ("CamelCase", {"camelcase"}),
    ],
)
def test_the_texts_of_an_expression(expression: str, texts: set[str]) -> None:
    assert required(expression) == texts


def _shapes() -> list[Shape]:
    return [
        shape
        for shape in the_base().pack.shapes
        if shape.channel in (Identifier.HOST, Identifier.HTTP_PATH) and not shape.suppresses
    ]


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_every_match_of_a_shape_holds_one_of_its_texts(data: st.DataObject) -> None:
    patterns = sorted({pattern for shape in _shapes() for pattern in shape.pattern})
    pattern = data.draw(st.sampled_from(patterns))
    match = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    assert any(text in match.lower() for text in required(pattern))


def test_every_shape_can_be_looked_for() -> None:
    assert the_base().shapes.literals()
