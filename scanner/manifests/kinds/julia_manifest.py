r"""Manifest.toml: which Julia packages were resolved, and which package needs which.

    [[deps.OpenAI]]
    deps = ["HTTP", "JSON3"]
    version = "0.9.0"

Manifests of the first format have the names at the top (``[[OpenAI]]``). What was asked for
stands in the Project.toml beside. Packages without a version are parts of Julia.
Reference: https://pkgdocs.julialang.org/v1/toml-files/
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, mentions
from scanner.manifests.juliaproject import wanted
from scanner.manifests.parsing import toml_of
from scanner.manifests.purls import purl
from scanner.manifests.toml_lines import TomlLines


def read(document: Document) -> Iterator[Found]:
    data = toml_of(document)
    above = ("deps",) if "manifest_format" in data else ()
    packages = data.get("deps", {}) if above else data
    if not isinstance(packages, dict):
        raise Unreadable("not Julia's lock: no packages")
    places = TomlLines(document)
    entries: dict[str, Entry] = {}
    for name, versions in packages.items():
        first = versions[0] if isinstance(versions, list) and versions else None
        if not isinstance(first, dict) or "uuid" not in first:
            continue
        line = places.of(*above, name)
        try:
            value = purl("julia", name)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        needs = first.get("deps")
        # A table instead of a list, name to id, where two packages share a name.
        many = needs if isinstance(needs, list | dict) else ()
        names = [one for one in many if isinstance(one, str)]
        entries[name] = Entry(value, str(first.get("version", "")), line, names)
    if not entries and packages is data:
        raise Unreadable("not Julia's lock: no packages")
    yield from mentions(entries, _direct(document))


def _direct(document: Document) -> dict[str, Group] | None:
    beside = document.beside("Project.toml") or document.beside("JuliaProject.toml")
    if beside is None:
        return None
    try:
        data = toml_of(beside)
    except Unreadable:
        return None  # which its own reader says
    return {name: group for name, (_, group) in wanted(data, document.folder).items()}


MANIFEST = Manifest(
    name="julia-manifest",
    title="Manifest.toml (Julia)",
    files=("Manifest.toml", "JuliaManifest.toml", "Manifest-v*.toml"),
    read=read,
    reference="https://pkgdocs.julialang.org/v1/toml-files/",
    holds=(b"manifest_format", b"git-tree-sha1", b"julia_version"),
    samples={
        "Manifest.toml": b"""\
julia_version = "1.10.4"
manifest_format = "2.0"

[[deps.HTTP]]
git-tree-sha1 = "d1d712be3164d61d1fb98e7ce9bcbc6cc06b45ed"
uuid = "cd3eb016-35fb-5094-929b-558a96fad6f3"
version = "1.10.8"

[[deps.OpenAI]]
deps = ["HTTP"]
git-tree-sha1 = "4f8a2f2a4ef5e6bb6d4d1c0a8d3d1c7ae0f6c5b1"
uuid = "e9f21f70-7185-4079-aca2-91159181367c"
version = "0.9.0"
"""
    },
)
