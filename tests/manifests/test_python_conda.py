"""conda environments: specifications, pip's part, exports, look-alikes."""

import pytest

from scanner.manifests import Group, Mention, Tie, Trouble, Unreadable
from scanner.manifests.kinds.conda_environment import MANIFEST
from scanner.model import Identifier
from tests.manifests.support import found, mentions

_TEXT = """\
# openai is only named here
name: openai
channels: [conda-forge, pytorch]
dependencies:
  - python=3.11
  - "pytorch::PyTorch >=2.3,<3"   # openai
  - numpy=1.26.4=py311h64a7726_0
  - scikit-learn 1.4.*
  - conda-forge::transformers[version='>=4.40']
  - category_encoders
  - pip
  - pip:
    - openai>=1.30,<2
    - langchain[openai]~=0.2
    - git+https://github.com/openai/whisper.git@v1
    - -r requirements.txt
    - --index-url https://packages.example.com
    - -e .
variables:
  OPENAI_API_KEY: secret
"""


def package(value: str, line: int, version: str = "", **more: object) -> Mention:
    more.setdefault("is_direct", True)
    return Mention(Identifier.PACKAGE, value, line, version, **more)  # type: ignore[arg-type]


def test_an_environment() -> None:
    tree = {"environment.yml": _TEXT, "requirements.txt": "anthropic\n"}
    assert found(MANIFEST, "environment.yml", tree) == [
        package("pkg:conda/python", 5, "=3.11"),
        package("pkg:conda/pytorch", 6, ">=2.3,<3"),
        package("pkg:conda/numpy", 7, "1.26.4", tie=Tie.LOCKED, is_direct=None),
        package("pkg:conda/scikit-learn", 8, "1.4.*"),
        package("pkg:conda/transformers", 9, ">=4.40"),
        package("pkg:conda/category_encoders", 10),
        package("pkg:conda/pip", 11),
        package("pkg:pypi/openai", 13, ">=1.30,<2"),
        package("pkg:pypi/langchain", 14, "~=0.2"),
        package("pkg:github/openai/whisper", 15, "v1"),
        package("pkg:pypi/anthropic", 16),
    ]


def test_lists_on_one_line_and_damage() -> None:
    text = "dependencies: [openai=1.2, 5, {pip: [anthropic, '<x>']}, ]\n"
    assert found(MANIFEST, "environment-dev.yml", {"environment-dev.yml": text}) == [
        package("pkg:conda/openai", 1, "=1.2", group=Group.DEV),
        Trouble("not a package of conda", 1),
        package("pkg:pypi/anthropic", 1, group=Group.DEV),
        Trouble("not a requirement", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "production:\n  host: x\n",
        "dependencies: {openai: 1}\n",
        "- openai\n",
        "a: [\n",
        "[" * 200000,
        "- " * 100000 + "x",
        "? " * 100000 + "x",
    ],
)
def test_what_is_no_environment_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        mentions(MANIFEST, "environment.yml", text)
