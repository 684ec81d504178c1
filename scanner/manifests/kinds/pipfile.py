"""Pipfile: the packages that Pipenv shall install.

    [packages]
    openai = ">=1.30"

Categories of one's own are tables like ``[packages]``; their names tell what they are for.
Reference: https://pipenv.pypa.io/en/latest/pipfile.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Trouble
from scanner.manifests.parsing import toml_of
from scanner.manifests.python_packages import group_named
from scanner.manifests.python_projects import Declared, named_tables
from scanner.manifests.toml_lines import TomlLines
from scanner.model import Identifier

_NO_PACKAGES = frozenset({"source", "requires", "scripts", "pipenv"})


def read(document: Document) -> Iterator[Found]:
    """Yield what a Pipfile asks for."""
    places = TomlLines(document)
    for name, table in toml_of(document).items():
        if name in _NO_PACKAGES or not isinstance(table, dict):
            continue
        for one in named_tables(table, category(name), (name,)):
            line = places.of(*one.path)
            if isinstance(one, Declared):
                yield Mention(
                    Identifier.PACKAGE,
                    one.purl,
                    line,
                    one.version,
                    group=one.group,
                    is_direct=True,
                )
            else:
                yield Trouble("not a package", line)


def category(name: str) -> Group:
    """Return what a category of packages is for: ``packages``, ``dev-packages``, or one's own."""
    return Group.RUNTIME if name == "packages" else group_named(name, Group.OPTIONAL)


MANIFEST = Manifest(
    name="pipfile",
    title="Pipfile",
    files=("Pipfile",),
    read=read,
    reference="https://pipenv.pypa.io/en/latest/pipfile.html",
    samples={
        "Pipfile": b"""\
[[source]]
url = "https://packages.example.com/simple"
verify_ssl = true
name = "company"

[packages]
openai = ">=1.30"
langchain = { version = "~=0.2", extras = ["openai"] }
whisper = { git = "https://github.com/openai/whisper.git", ref = "v20231117" }

[dev-packages]
pytest = "*"

[requires]
python_version = "3.12"
"""
    },
)
