"""Python's locks: versions, groups, what is direct, the way to the rest, and their size."""

import time

import pytest

from scanner.manifests import Group, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.kinds.pdm_lock import MANIFEST as PDM
from scanner.manifests.kinds.pipfile_lock import MANIFEST as PIPFILE
from scanner.manifests.kinds.poetry_lock import MANIFEST as POETRY
from scanner.manifests.kinds.pylock import MANIFEST as PYLOCK
from scanner.manifests.kinds.uv_lock import MANIFEST as UV
from tests.manifests.support import found

_Row = tuple[str, str, int, Group, bool | None, list[str]]


def rows(kind: Manifest, path: str, text: str, beside: dict[str, str] | None = None) -> list[_Row]:
    """Return name, version, line, group, whether it is direct, and the way to it."""
    seen = list(found(kind, path, {**(beside or {}), path: text}))
    named = [one for one in seen if isinstance(one, Mention)]
    assert len(named) == len(seen)
    assert all(one.tie is Tie.LOCKED for one in named)

    def bare(purl: str) -> str:
        return purl.removeprefix("pkg:pypi/")

    return [
        (bare(one.value), one.version, one.line, one.group, one.is_direct, [*map(bare, one.via)])
        for one in named
    ]


_UV = """\
version = 1
revision = 3
requires-python = ">=3.12"

[manifest]
members = ["api", "triage"]

[[package]]
name = "api"
version = "1.0"
source = { editable = "packages/api" }
dependencies = [
    { name = "triage" },
    { name = "httpx" },
]

[[package]]
name = "certifi"
version = "2024.6.2"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "httpx"
version = "0.27.2"
source = { registry = "https://packages.example.com/simple" }
dependencies = [
    { name = "certifi" },
]
sdist = { url = "https://x/httpx-0.27.2.tar.gz", hash = "sha256:ab", size = 1 }
wheels = [
    { url = "https://x/httpx-0.27.2-py3-none-any.whl", hash = "sha256:ab", size = 2 },
    { url = "https://x/httpx-0.27.2-py2-none-any.whl", hash = "sha256:ab", size = 2 },
]

[[package]]
name = "langchain"
version = "0.2.5"
source = { git = "https://github.com/langchain-ai/langchain.git?rev=main#abc" }
dependencies = [
    { name = "langsmith" },
]

[package.optional-dependencies]
openai = [
    { name = "openai" },
]

[[package]]
name = "langsmith"
version = "0.1.0"
source = { registry = "https://packages.example.com/simple" }
dependencies = [
    { name = "langchain" },
    { name = "torch", version = "2.2.0", source = { registry = "https://x" }, marker = "a" },
]

[[package]]
name = "openai"
version = "1.35.0"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "pytest"
version = "8.2.2"
source = { registry = "https://packages.example.com/simple" }
dependencies = [
    { name = "certifi" },
    { name = "pluggy" },
]

[[package]]
name = "pluggy"
version = "1.5.0"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "torch"
version = "2.2.0"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "torch"
version = "2.3.0"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "triage"
source = { virtual = "." }
dependencies = [
    { name = "langchain", extra = ["openai"] },
]

[package.optional-dependencies]
gpu = [
    { name = "vllm" },
]

[package.dev-dependencies]
test = [
    { name = "pytest" },
]

[package.metadata]
requires-dist = [{ name = "never" }]

[[package]]
name = "vllm"
version = "0.5.0"
source = { path = "vllm-0.5.0-py3-none-any.whl" }
"""


def test_uv() -> None:
    run, lang = Group.RUNTIME, ["langchain"]
    assert rows(UV, "uv.lock", _UV) == [
        ("certifi", "2024.6.2", 18, run, False, ["httpx"]),
        ("httpx", "0.27.2", 23, run, True, []),
        ("langchain", "0.2.5", 36, run, True, []),
        ("langsmith", "0.1.0", 49, run, False, lang),
        ("openai", "1.35.0", 58, run, False, lang),
        ("pytest", "8.2.2", 63, Group.TEST, True, []),
        ("pluggy", "1.5.0", 72, Group.TEST, False, ["pytest"]),
        ("torch", "2.2.0", 77, run, False, [*lang, "langsmith"]),
        ("torch", "2.3.0", 82, run, False, [*lang, "langsmith"]),
        ("vllm", "0.5.0", 107, Group.OPTIONAL, True, []),
    ]


def package(name: str, version: str, more: str = "") -> str:
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\n{more}\n'


_PYPROJECT = """\
[tool.poetry.dependencies]
python = "^3.11"
langchain = "^0.2"
vllm = { version = "*", optional = true }
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
_POETRY_1 = (
    package("langchain", "0.2.5", 'optional = false\n[package.dependencies]\nOpenAI = ">=1"')
    + package("openai", "1.35.0", 'optional = false\nfiles = [\n    {file = "x", hash = "y"},\n]')
    + package("pytest", "8.2.2", "optional = false")
    + package("vllm", "0.5.0", "optional = true")
    + package(
        "mine",
        "1",
        '[package.source]\ntype = "directory"\nurl = "../mine"\n[package.dependencies]\ncohere = "*"',
    )
    + package("cohere", "5", "optional = false")
    + '[metadata]\nlock-version = "2.0"\n'
)


def test_poetry_with_its_project() -> None:
    assert rows(POETRY, "poetry.lock", _POETRY_1, {"pyproject.toml": _PYPROJECT}) == [
        ("langchain", "0.2.5", 2, Group.RUNTIME, True, []),
        ("openai", "1.35.0", 8, Group.RUNTIME, False, ["langchain"]),
        ("pytest", "8.2.2", 15, Group.DEV, True, []),
        ("vllm", "0.5.0", 19, Group.OPTIONAL, True, []),
        ("cohere", "5", 31, Group.RUNTIME, True, []),
    ]


def test_poetry_alone_tells_only_what_nothing_needs() -> None:
    assert rows(POETRY, "poetry.lock", _POETRY_1) == [
        ("langchain", "0.2.5", 2, Group.RUNTIME, True, []),
        ("openai", "1.35.0", 8, Group.RUNTIME, None, ["langchain"]),
        ("pytest", "8.2.2", 15, Group.RUNTIME, True, []),
        ("vllm", "0.5.0", 19, Group.OPTIONAL, True, []),
        ("cohere", "5", 31, Group.RUNTIME, True, []),
    ]


@pytest.mark.parametrize(
    ("more", "group"),
    [
        ('category = "dev"', Group.DEV),
        ('category = "main"\noptional = true', Group.OPTIONAL),
        ('groups = ["main", "dev"]', Group.RUNTIME),
        ('groups = ["dev", "test"]', Group.DEV),
        ('optional = true\ngroups = ["main"]', Group.OPTIONAL),
        ('groups = ["agents"]', Group.OPTIONAL),
    ],
)
def test_poetry_of_each_age_tells_groups(more: str, group: Group) -> None:
    assert [row[3] for row in rows(POETRY, "poetry.lock", package("openai", "1", more))] == [group]


def test_pdm() -> None:
    text = (
        package(
            "aiohttp",
            "3.9.5",
            'groups = ["default"]\ndependencies = [\n'
            '    "attrs>=17; python_version < \\"3.13\\"",\n    "aiohttp==3.9.5",\n]',
        )
        + package("aiohttp", "3.9.5", 'extras = ["speedups"]\ngroups = ["default"]')
        + package("attrs", "23.2.0", 'groups = ["dev", "default"]')
        + package("pytest", "8.2.2", 'groups = ["test"]')
        + package("local", "1", 'path = "./local"')
        + package("whisper", "1", 'git = "https://x"\nrevision = "abc"\ngroups = ["speech"]')
    )
    assert rows(PDM, "pdm.lock", text) == [
        ("aiohttp", "3.9.5", 2, Group.RUNTIME, True, []),
        ("attrs", "23.2.0", 15, Group.RUNTIME, None, ["aiohttp"]),
        ("pytest", "8.2.2", 19, Group.TEST, True, []),
        ("whisper", "1", 27, Group.OPTIONAL, True, []),
    ]


def test_pylock() -> None:
    text = """\
lock-version = "1.0"
dependency-groups = ["default", "dev"]
default-groups = ["app"]
created-by = "pdm"
[[packages]]
name = "httpx"
version = "0.27.2"
marker = "\\"default\\" in dependency_groups or \\"dev\\" in dependency_groups"
wheels = [
    {name = "httpx-0.27.2-py3-none-any.whl",url = "https://x",hashes = {sha256 = "ab"}},
]
[[packages]]
name = "openai"
version = "1.35.0"
marker = "'app' in dependency_groups"
[packages.tool.pdm]
dependencies = ["httpx<1,>=0.23"]
[[packages]]
name = "vllm"
marker = "'gpu' in extras"
vcs = {type = "git", url = "https://x", requested-revision = "v1", commit-id = "ab"}
dependencies = [{name = "openai"}]
[[packages]]
name = "mine"
directory = {path = ".", editable = true}
"""
    assert rows(PYLOCK, "pylock.dev.toml", text) == [
        ("httpx", "0.27.2", 6, Group.RUNTIME, None, ["vllm", "openai"]),
        ("openai", "1.35.0", 13, Group.RUNTIME, None, ["vllm"]),
        ("vllm", "v1", 19, Group.OPTIONAL, True, []),
    ]


def test_pylock_without_dependencies_does_not_tell_what_is_direct() -> None:
    text = 'lock-version = "1.0"\n[[packages]]\nname = "openai"\nversion = "1"\n'
    assert rows(PYLOCK, "pylock.toml", text) == [("openai", "1", 3, Group.RUNTIME, None, [])]


_PIPFILE_LOCK = """\
{
    "_meta": {"hash": {"sha256": "ab"}, "sources": [{"name": "openai", "url": "https://x"}]},
    "default": {
        "httpx": {
            "hashes": ["sha256:ab"],
            "version": "==0.27.2"
        },
        "openai": {
            "version": "==1.35.0"
        },
        "whisper": {
            "git": "https://github.com/openai/whisper.git",
            "ref": "abc"
        },
        "mine": {
            "editable": true,
            "path": "."
        }
    },
    "develop": {
        "openai": {
            "version": "==1.35.0"
        }
    },
    "agents": {
        "crewai": {
            "version": "==0.30"
        }
    }
}
"""


def test_pipfile_lock() -> None:
    pipfile = '[packages]\nopenai = "*"\n[agents]\ncrewai = "*"\n'
    assert rows(PIPFILE, "Pipfile.lock", _PIPFILE_LOCK, {"Pipfile": pipfile}) == [
        ("httpx", "0.27.2", 4, Group.RUNTIME, False, []),
        ("openai", "1.35.0", 8, Group.RUNTIME, True, []),
        ("whisper", "abc", 11, Group.RUNTIME, False, []),
        ("openai", "1.35.0", 21, Group.DEV, True, []),
        ("crewai", "0.30", 26, Group.OPTIONAL, True, []),
    ]
    assert {row[4] for row in rows(PIPFILE, "Pipfile.lock", _PIPFILE_LOCK)} == {None}


@pytest.mark.parametrize("kind", [UV, POETRY, PDM, PYLOCK])
def test_a_damaged_package_is_said(kind: Manifest) -> None:
    key = "packages" if kind is PYLOCK else "package"
    text = f'version = 1\n[[{key}]]\nname = "<x>"\n[[{key}]]\nname = "openai"\nversion = 5\n'
    path = next(iter(kind.samples))
    seen = found(kind, path, {path: text})
    assert [one.line for one in seen if isinstance(one, Trouble)] == [3]
    assert [one.value for one in seen if isinstance(one, Mention)] == ["pkg:pypi/openai"]


@pytest.mark.parametrize("kind", [UV, POETRY, PDM, PYLOCK, PIPFILE])
@pytest.mark.parametrize("text", ["", "package = 5", "[tool.x]\na = 1", "[[package", '{"a": 1}'])
def test_what_is_no_lock_is_refused(kind: Manifest, text: str) -> None:
    path = next(iter(kind.samples))
    with pytest.raises(Unreadable):
        found(kind, path, {path: text})


def test_large_locks_take_little_time() -> None:
    files = '    { url = "https://x/a-1-py3-none-any.whl", hash = "sha256:' + "ab" * 32 + '" },\n'
    wheels = "wheels = [\n" + files * 40 + "]\n"
    text = 'version = 1\n[[package]]\nname = "own"\nsource = { virtual = "." }\n'
    text += 'dependencies = [\n    { name = "p0" },\n]\n'
    for n in range(1000):
        text += package(
            f"p{n}", "1", f'dependencies = [\n    {{ name = "p{n + 1}" }},\n]\n{wheels}'
        )
    begun = time.process_time()
    seen = found(UV, "uv.lock", {"uv.lock": text})
    assert time.process_time() - begun < 3  # 5 MB; a third of a second where nothing else runs
    assert len(seen) == 1000
    last = seen[-1]
    assert isinstance(last, Mention)
    assert len(last.via) == 64  # a forged chain is cut
