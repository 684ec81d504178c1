"""Jupyter notebooks: their cells, the commands among them, and where in the file they are."""

import json

import pytest

from scanner.manifests import Group, Mention, Tie, Trouble, Unreadable
from scanner.manifests.kinds.notebook import MANIFEST
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles

PATH = "research/a.ipynb"


def notebook(*cells: str, kernel: str = "python", indent: int | None = 1) -> str:
    """Return a notebook of code cells, written as Jupyter writes it."""
    made = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": one.splitlines(True)}
        for one in cells
    ]
    kernelspec = {"display_name": kernel, "language": kernel, "name": kernel}
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernelspec}}, indent=indent)


def values(text: str) -> list[str]:
    return [one.value for one in mentions(MANIFEST, PATH, text)]


def test_cells_are_one_program_with_the_lines_of_the_file() -> None:
    text = notebook(
        'MODEL = "gpt-4o"\n', "!pip install openai\nimport openai\nopenai.ask(\n    model=MODEL)"
    )
    lines = text.split("\n")
    seen = mentions(MANIFEST, PATH, text)
    assert seen == [
        Mention(Identifier.PACKAGE, "pkg:pypi/openai", 16, group=Group.NOTEBOOK, is_direct=True),
        Mention(Identifier.MODEL, "gpt-4o", 8, tie=Tie.CONFIGURED, group=Group.NOTEBOOK),
        Mention(Identifier.IMPORT, "openai", 17, tie=Tie.IMPORTED, group=Group.NOTEBOOK),
    ]
    assert [one.value.rpartition("/")[2] in lines[one.line - 1] for one in seen] == [True] * 3


def test_a_file_written_otherwise_has_no_lines() -> None:
    text = notebook("import openai", indent=None)
    assert [(one.value, one.line) for one in mentions(MANIFEST, PATH, text)] == [("openai", 0)]


def test_a_source_that_is_one_text_has_its_line() -> None:
    text = '{"cells": [{"cell_type": "code",\n "source": "import os\\nimport openai"}]}\n'
    assert [(one.value, one.line) for one in mentions(MANIFEST, PATH, text)] == [
        ("openai", 2),
        ("os", 2),
    ]


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("%pip install openai", ["pkg:pypi/openai"]),
        ("!pip install -q -U openai anthropic", ["pkg:pypi/openai", "pkg:pypi/anthropic"]),
        ("! pip3 install 'langchain>=0.2'", ["pkg:pypi/langchain"]),
        ("!{sys.executable} -m pip install cohere", ["pkg:pypi/cohere"]),
        ("!python -m pip install cohere", ["pkg:pypi/cohere"]),
        ("!uv pip install cohere", ["pkg:pypi/cohere"]),
        ("!pip install -r requirements.txt", []),
        ("!pip install cohere && echo done", ["pkg:pypi/cohere"]),
        ("!pip install \\\n  cohere \\\n  openai", ["pkg:pypi/cohere", "pkg:pypi/openai"]),
        ("%%bash\npip install cohere", ["pkg:pypi/cohere"]),
        ("%%capture\n!pip install cohere\nx = 1", ["pkg:pypi/cohere"]),
        ("if True:\n    !pip install cohere", ["pkg:pypi/cohere"]),
        ("# !pip install cohere", []),
        ('"""\n!pip install cohere\n"""', []),
        ("%%writefile a.sh\npip install cohere", []),
        ("!echo pip", []),
    ],
)
def test_installing_commands(line: str, packages: list[str]) -> None:
    assert values(notebook(line)) == packages


def test_versions_are_as_written() -> None:
    seen = mentions(MANIFEST, PATH, notebook("!pip install openai==1.2.3 'cohere>=5,<6'"))
    assert [one.value for one in seen] == ["pkg:pypi/openai", "pkg:pypi/cohere"]
    assert seen[0].version == "1.2.3"
    assert seen[1].version


@pytest.mark.parametrize(
    "cell",
    [
        "%load_ext autoreload\nimport openai",
        "files = !ls\nimport openai",
        "t = %timeit -o f()\nimport openai",
        "openai?\nimport openai",
        "import openai\n??openai",
        "%%time\nimport openai",
        "await f()\nimport openai",
        "for x in y:\n    %time f(x)\nimport openai",
        "x = (5\n % 3)\nimport openai",
    ],
)
def test_what_ipython_adds_to_python(cell: str) -> None:
    text = notebook(cell)
    assert values(text) == ["openai"]
    assert troubles(MANIFEST, PATH, text) == []


@pytest.mark.parametrize(
    "cell", ["%%sql\nimport openai", "%%html\n<b>", "%%javascript\nimport 'x'"]
)
def test_cells_in_other_languages_say_nothing(cell: str) -> None:
    assert found(MANIFEST, PATH, {PATH: notebook(cell)}) == []


def test_variables_are_named_and_never_told() -> None:
    text = notebook(
        "%env OPENAI_API_KEY=sk-abc\nfrom google.colab import userdata\nuserdata.get('HF_TOKEN')"
    )
    names = [one.value for one in mentions(MANIFEST, PATH, text) if one.channel is Identifier.ENV]
    assert names == ["OPENAI_API_KEY", "HF_TOKEN"]


def test_a_damaged_cell_leaves_the_others() -> None:
    text = notebook("import openai", "def (", "import cohere")
    assert values(text) == ["openai", "cohere"]
    assert troubles(MANIFEST, PATH, text) == [Trouble("not Python 3: invalid syntax", 16)]


@pytest.mark.parametrize("kernel", ["ir", "julia-1.9", "javascript", "scala"])
def test_kernels_of_other_languages_are_passed_over(kernel: str) -> None:
    assert found(MANIFEST, PATH, {PATH: notebook("library(openai)", kernel=kernel)}) == []


def test_markdown_raw_cells_and_outputs_say_nothing() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["import openai"]},
        {"cell_type": "raw", "source": ["import openai"]},
        {"cell_type": "code", "source": [], "outputs": [{"text": ["import openai"]}]},
    ]
    assert values(json.dumps({"cells": cells})) == []


def test_format_3() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["text"]},
        {"cell_type": "code", "input": ["import openai"], "language": "python"},
    ]
    text = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}, indent=1)
    assert [(one.value, one.line) for one in mentions(MANIFEST, PATH, text)] == [("openai", 14)]


@pytest.mark.parametrize("text", ["{}", "[]", '{"cells": {}}', '{"cells": [{"source": [1]}]}', ""])
def test_what_is_no_notebook(text: str) -> None:
    with pytest.raises(Unreadable):
        mentions(MANIFEST, PATH, text)
