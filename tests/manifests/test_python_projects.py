"""pyproject.toml, setup.cfg, setup.py, Pipfile: every table, groups, lines, what is computed."""

import contextlib
import time

import pytest

from scanner.manifests import Group, Manifest, Mention, Project, Trouble, Unreadable
from scanner.manifests.kinds.pipfile import MANIFEST as PIPFILE
from scanner.manifests.kinds.pyproject import MANIFEST as PYPROJECT
from scanner.manifests.kinds.setup_cfg import MANIFEST as SETUP_CFG
from scanner.manifests.kinds.setup_py import MANIFEST as SETUP_PY
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles


def short(kind: Manifest, path: str, text: str, **beside: str) -> list[tuple[str, str, Group, int]]:
    """Return names, versions, groups and lines; all are direct and of the Python index."""
    seen = mentions(kind, path, text, **beside)
    assert all(one.is_direct and one.value.startswith("pkg:pypi/") for one in seen)
    return [(one.value.removeprefix("pkg:pypi/"), one.version, one.group, one.line) for one in seen]


_STANDARD = """\
[project]
name = "Claims_Triage"
version = "2.1.0"
description = "Uses openai>=1.30 to sort claims"  # openai>=1.30
keywords = ["openai"]
authors = [{name = "Ana Lima", email = "ana@example.com"}, {email = "ben@example.com"}]
maintainers = [{name = "Ana Lima", email = "ana@example.com"}, {name = "Cy"}]
dependencies = [
    # "cohere",
    "openai>=1.30",
    'langchain[openai] ~= 0.2; python_version >= "3.10"',
    "tokenizers ; sys_platform != \\"win32\\"",
    "whisper @ git+https://github.com/openai/whisper.git@v1",
    "shared-models",
]
[project.optional-dependencies]
gpu = ["torch>=2"]
test = ["pytest", "openai>=1.30"]
all = ["claims-triage[gpu,test]"]
[project.scripts]
triage = "triage:main"
[build-system]
requires = ["hatchling>=1.27"]
[dependency-groups]
evals = ["ragas"]
lint = ["ruff", {include-group = "types"}]
types = ["mypy"]
dev = [{include-group = "evals"}, {include-group = "lint"}]
[tool.uv]
dev-dependencies = ["ipython"]
constraint-dependencies = ["never<1"]
override-dependencies = ["never<2"]
[tool.uv.sources]
shared-models = { workspace = true }
[tool.uv.workspace]
members = ["packages/*", "apps/web"]
[tool.pdm.dev-dependencies]
docs = ["mkdocs"]
test = ["-e git+https://git.example.com/t.git#egg=testkit"]
[tool.hatch.envs.default]
dependencies = ["coverage"]
[tool.hatch.envs.test]
extra-dependencies = ["hypothesis"]
"""


def test_a_standard_project() -> None:
    assert short(PYPROJECT, "pyproject.toml", _STANDARD) == [
        ("openai", ">=1.30", Group.RUNTIME, 10),
        ("langchain", "~= 0.2", Group.RUNTIME, 11),
        ("tokenizers", "", Group.RUNTIME, 12),
        ("whisper", "v1", Group.RUNTIME, 13),
        ("torch", ">=2", Group.OPTIONAL, 17),
        ("pytest", "", Group.TEST, 18),
        ("openai", ">=1.30", Group.TEST, 18),
        ("ragas", "", Group.DEV, 25),
        ("ruff", "", Group.DEV, 26),
        ("mypy", "", Group.DEV, 27),
        ("hatchling", ">=1.27", Group.BUILD, 23),
        ("mkdocs", "", Group.DEV, 38),
        ("testkit", "", Group.TEST, 39),
        ("ipython", "", Group.DEV, 30),
        ("coverage", "", Group.DEV, 41),
        ("hypothesis", "", Group.TEST, 43),
    ]
    assert projects(PYPROJECT, "pyproject.toml", _STANDARD) == [
        Project(
            "Claims_Triage",
            "2.1.0",
            "Uses openai>=1.30 to sort claims",
            ("Ana Lima <ana@example.com>", "ben@example.com", "Cy"),
            ("packages/*", "apps/web"),
            True,
            2,
        )
    ]
    assert not troubles(PYPROJECT, "pyproject.toml", _STANDARD)


def test_poetry() -> None:
    text = """\
[tool.poetry]
name = "rag"
version = "0.1.0"
authors = ["Ana <ana@example.com>"]
[tool.poetry.dependencies]
python = "^3.11"
openai = "^1.30"
llama-index = {version = "0.11.*", optional = true, extras = ["x"]}
whisper = {git = "https://github.com/openai/whisper.git", tag = "v1"}
torch = [{version = "2.3", markers = "x"}, {version = "2.2"}]
"ruamel.yaml" = "*"
shared = {path = "../shared", develop = true}
[tool.poetry.dependencies.transformers]
version = ">=4.40"
[tool.poetry.dev-dependencies]
black = "*"
[tool.poetry.group.test.dependencies]
pytest = "^8"
[tool.poetry.group.agents.dependencies]
crewai = "*"
[tool.poetry.extras]
x = ["llama-index"]
"""
    assert short(PYPROJECT, "pyproject.toml", text) == [
        ("openai", "^1.30", Group.RUNTIME, 7),
        ("llama-index", "0.11.*", Group.OPTIONAL, 8),
        ("whisper", "v1", Group.RUNTIME, 9),
        ("torch", "2.3", Group.RUNTIME, 10),
        ("ruamel-yaml", "*", Group.RUNTIME, 11),
        ("transformers", ">=4.40", Group.RUNTIME, 13),
        ("black", "*", Group.DEV, 16),
        ("pytest", "^8", Group.TEST, 18),
        ("crewai", "*", Group.OPTIONAL, 20),
    ]
    assert projects(PYPROJECT, "pyproject.toml", text) == [
        Project("rag", "0.1.0", people=("Ana <ana@example.com>",), line=2)
    ]


def test_setuptools_reads_lists_instead() -> None:
    tree = {
        "pyproject.toml": "[project]\nname = 'x'\ndynamic = ['dependencies']\n"
        "[tool.setuptools.dynamic]\ndependencies = {file = ['deps.txt', 'gone.txt']}\n"
        "optional-dependencies.dev = {file = 'dev.txt'}\n",
        "deps.txt": "openai\n",
        "dev.txt": "pytest\n",
    }
    assert found(PYPROJECT, "pyproject.toml", tree)[1:] == [
        Mention(Identifier.PACKAGE, "pkg:pypi/openai", 5, is_direct=True),
        Trouble("includes a list that is not in the tree", 5),
        Mention(Identifier.PACKAGE, "pkg:pypi/pytest", 6, group=Group.DEV, is_direct=True),
    ]


def test_only_settings_of_tools_say_nothing() -> None:
    text = '[tool.black]\nline-length = 100\n[tool.mypy]\npackages = ["openai"]\n'
    assert found(PYPROJECT, "pyproject.toml", {"pyproject.toml": text}) == []


def test_damaged_parts_are_said_and_the_rest_is_read() -> None:
    text = """\
[project]
name = 5
dependencies = ["openai", 7, "<html>"]
optional-dependencies = []
[dependency-groups]
dev = [{include-group = "gone"}, {include-group = "dev"}, "ruff"]
loop = "x"
[tool.poetry]
dependencies = 5
[tool.poetry.group]
dev = 1
[tool.hatch.envs]
x = 1
"""
    seen = found(PYPROJECT, "pyproject.toml", {"pyproject.toml": text})
    assert [one.value for one in seen if isinstance(one, Mention)] == [
        "pkg:pypi/openai",
        "pkg:pypi/ruff",
    ]
    assert [one.line for one in seen if isinstance(one, Trouble)] == [3, 3, 4, 6, 7, 9]


def test_setup_cfg() -> None:
    text = """\
[metadata]
name = claims
version = attr: claims.__version__
description = Uses openai
author = Ana
author_email = ana@example.com

[options]
scripts = bin/x
setup_requires = setuptools_scm; wheel
install_requires =
    openai>=1.30  # chat
    # cohere
    langchain==0.2 ; python_version < "4"
    <nonsense>
tests_require = pytest

[options.extras_require]
gpu =
    torch>=2
docs = sphinx
no setting

[flake8]
install_requires = never
"""
    assert short(SETUP_CFG, "setup.cfg", text) == [
        ("openai", ">=1.30", Group.RUNTIME, 12),
        ("langchain", "==0.2", Group.RUNTIME, 14),
        ("setuptools-scm", "", Group.BUILD, 10),
        ("wheel", "", Group.BUILD, 10),
        ("pytest", "", Group.TEST, 16),
        ("torch", ">=2", Group.OPTIONAL, 20),
        ("sphinx", "", Group.DEV, 21),
    ]
    assert troubles(SETUP_CFG, "setup.cfg", text) == [
        Trouble("not a setting", 22),
        Trouble("not a requirement", 15),
    ]
    assert projects(SETUP_CFG, "setup.cfg", text) == [
        Project("claims", "", "Uses openai", ("Ana <ana@example.com>",), (), True, 2)
    ]


def test_setup_cfg_with_a_list_in_another_file() -> None:
    tree = {
        "setup.cfg": "[options]\ninstall_requires = file: requirements.txt\n",
        "requirements.txt": "openai\n",
    }
    assert [one.line for one in found(SETUP_CFG, "setup.cfg", tree)] == [2]


def test_setup_py() -> None:
    text = '''\
"""setup(install_requires=["never"])"""
import os
from setuptools import setup

VERSION = "1.30"
BASE = ["openai>=" + VERSION, f"langchain=={VERSION}", f"torch=={os.environ['T']}"]
BASE += ["httpx"]
if os.name == "nt":
    BASE.append("pywin32")
EXTRAS = {"gpu": ["vllm"], "test": "pytest"}
EXTRAS["all"] = [*EXTRAS["gpu"], "ray"]
META = dict(name="claims", author="Ana", setup_requires=["wheel"])
# setup(install_requires=["never"])

def main():
    setup(
        version=VERSION,
        install_requires=BASE + """
            anthropic
        """.split(),
        extras_require=EXTRAS,
        tests_require=read("tests.txt"),
        entry_points={"console_scripts": ["x = y:z"]},
        **META,
    )
'''
    assert short(SETUP_PY, "setup.py", text) == [
        ("openai", ">=1.30", Group.RUNTIME, 6),
        ("langchain", "==1.30", Group.RUNTIME, 6),
        ("torch", "=={}", Group.RUNTIME, 6),
        ("httpx", "", Group.RUNTIME, 7),
        ("pywin32", "", Group.RUNTIME, 9),
        ("anthropic", "", Group.RUNTIME, 19),
        ("wheel", "", Group.BUILD, 12),
        ("vllm", "", Group.OPTIONAL, 10),
        ("pytest", "", Group.TEST, 10),
        ("ray", "", Group.OPTIONAL, 11),
    ]
    assert Trouble("tests_require is computed", 22) in troubles(SETUP_PY, "setup.py", text)
    assert projects(SETUP_PY, "setup.py", text) == [
        Project("claims", "1.30", people=("Ana",), is_deployable=True, line=12)
    ]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("setup(install_requires=open('r.txt').read())", ["install_requires is computed"]),
        ("setup(install_requires=['openai', one()])", ["install_requires is computed in part"]),
        ("setup(install_requires=['openai'] + more())", ["install_requires is computed in part"]),
        ("setup(extras_require=find())", ["extras_require is computed"]),
        ("setup(**find())", ["arguments of setup() are computed"]),
        ("setup(install_requires=['<x>'])", ["not a requirement"]),
        ("setup(name='\\ud800', install_requires=['x==1\\ud800'])", []),
        ("setup(name='x')", []),
    ],
)
def test_what_a_setup_py_computes_is_unknown(text: str, reasons: list[str]) -> None:
    assert [one.reason for one in troubles(SETUP_PY, "setup.py", text)] == reasons


@pytest.mark.parametrize(
    "text",
    [
        "print 'Python 2'",
        "x = 1",
        "def setup(): pass",
        "-" * 100_000 + "1",
        "setup(" + "(" * 5000,
        "a = ['x'] * 2\n" + "a = ['x']\n" + "a = a + a\n" * 60 + "setup(install_requires=a)",
        "a = 'x'\n" + "a = a + a\n" * 60,
        "setup(install_requires=" + "+".join(["['x']"] * 30_000) + ")",
    ],
)
def test_a_setup_py_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        found(SETUP_PY, "setup.py", {"setup.py": text})


def test_pipfile() -> None:
    text = """\
[[source]]
name = "openai"
url = "https://packages.example.com/simple"
[packages]
openai = ">=1.30"
langchain = {version = "*", extras = ["openai"]}
whisper = {git = "https://github.com/openai/whisper.git", ref = "v1"}
mine = {path = ".", editable = true}
[dev-packages]
pytest = "*"
[agents]
crewai = "==0.30"
bad = 5
[requires]
python_version = "3.12"
[scripts]
start = "python x.py"
"""
    assert short(PIPFILE, "Pipfile", text) == [
        ("openai", ">=1.30", Group.RUNTIME, 5),
        ("langchain", "*", Group.RUNTIME, 6),
        ("whisper", "v1", Group.RUNTIME, 7),
        ("pytest", "*", Group.DEV, 10),
        ("crewai", "==0.30", Group.OPTIONAL, 12),
    ]
    assert [one.line for one in troubles(PIPFILE, "Pipfile", text)] == [13]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PYPROJECT, "x = 1 # " + '\\"' * 300_000),
        (PYPROJECT, "a" * 1_000_000),
        (PYPROJECT, "[project]\nname = 'x'\ndependencies = [" + "'openai'," * 20_000 + "]"),
        (PIPFILE, "[packages]\n" + "".join(f"p{n} = 'x'\n" for n in range(10_000))),
        (SETUP_CFG, "[options]\na = x" + " " * 500_000 + "y\n" + "b" + " " * 500_000 + "c"),
        (SETUP_CFG, "[options]\ninstall_requires =\n" + "  openai\n" * 20_000),
        (SETUP_PY, "a = []\n" + "a.append('openai')\n" * 5000 + "setup(install_requires=a)"),
    ],
)
def test_hostile_files_take_no_time(kind: Manifest, text: str) -> None:
    path = next(iter(kind.samples))
    begun = time.process_time()
    with contextlib.suppress(Unreadable):
        found(kind, path, {path: text})
    assert time.process_time() - begun < 3


def test_an_extra_for_what_runs_locally_is_an_extra() -> None:
    text = (
        '[project]\nname = "a"\n[project.optional-dependencies]\n'
        'local = ["ollama"]\ndev = ["ruff"]\nlocal-dev = ["mypy"]\n'
    )
    groups = {one.value: one.group.value for one in mentions(PYPROJECT, "pyproject.toml", text)}
    assert groups == {"pkg:pypi/ollama": "optional", "pkg:pypi/ruff": "dev", "pkg:pypi/mypy": "dev"}
