"""Gradle's version catalogs: names for libraries and plugins that scripts use.

    [libraries]
    langchain4j-open-ai = { module = "dev.langchain4j:langchain4j-open-ai", version.ref = "langchain4j" }

It offers libraries: whether a project takes one, its scripts say.
Reference: https://docs.gradle.org/current/userguide/version_catalogs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Trouble, Unreadable
from scanner.manifests.gradle_catalogs import Catalog, Library, catalog_of
from scanner.manifests.parsing import toml_of
from scanner.manifests.purls import purl
from scanner.manifests.toml_lines import TomlLines
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the libraries and plugins of a catalog."""
    toml_of(document)
    catalog = catalog_of(document.data)
    places = TomlLines(document)
    yield from _offered("libraries", catalog.libraries, Group.RUNTIME, catalog, places)
    yield from _offered("plugins", catalog.plugins, Group.BUILD, catalog, places)
    for key in catalog.broken:
        line = max(places.of("libraries", key), places.of("plugins", key))
        yield Trouble(f"{key[:80]!r} names no library and no plugin", line)


def _offered(
    table: str,
    libraries: dict[str, Library],
    group: Group,
    catalog: Catalog,
    places: TomlLines,
) -> Iterator[Found]:
    for name, one in libraries.items():
        line = places.of(table, catalog.keys[name])
        try:
            value = purl("maven", one.name, one.group)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        yield Mention(Identifier.PACKAGE, value, line, one.version, group=group)


MANIFEST = Manifest(
    name="gradle-catalog",
    title="Gradle: version catalogs",
    files=("*.versions.toml",),
    read=read,
    reference="https://docs.gradle.org/current/userguide/version_catalogs.html",
    samples={
        "gradle/libs.versions.toml": b"""[versions]
langchain4j = "1.0.0"

[libraries]
langchain4j-open-ai = { module = "dev.langchain4j:langchain4j-open-ai", version.ref = "langchain4j" }
guava = "com.google.guava:guava:33.4.0-jre"

[plugins]
spring-boot = { id = "org.springframework.boot", version = "3.4.4" }
""",
    },
)
