r"""DESCRIPTION: what an R package is called and which packages it wants.

    Imports: ellmer (>= 0.1.0),
        httr2

R itself and what is part of it are no packages. ``Suggests`` is for tests, examples and optional
features; ``LinkingTo`` is for building.
Reference: https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.purls import purl
from scanner.manifests.rproject import Field, fields_of, people_of, wanted
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    fields = fields_of(document)
    if "Package" in fields and (name := fields["Package"].text):
        nothing = Field("", 0, ())
        yield Project(
            name,
            fields.get("Version", nothing).text,
            fields.get("Title", nothing).text,
            people_of(fields),
            line=fields["Package"].line,
        )
    for one in wanted(fields):
        try:
            value = purl("cran", one.name)
        except Unreadable as error:
            yield Trouble(str(error), one.line)
            continue
        yield Mention(
            Identifier.PACKAGE, value, one.line, one.version, Tie.DECLARED, one.group, True
        )


MANIFEST = Manifest(
    name="r-description",
    title="DESCRIPTION (R)",
    files=("DESCRIPTION",),
    read=read,
    reference="https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file",
    holds=(b"Package:", b"Imports:", b"Depends:"),
    samples={
        "DESCRIPTION": b"""\
Package: answers
Title: Answers Mail
Version: 0.1.0
Depends: R (>= 4.1)
Imports:
    ellmer (>= 0.1.0),
    httr2
Suggests: testthat
"""
    },
)
