"""R programs, *.R: the packages they load, and the variables, hosts and models they name.

    library(ellmer)
    chat <- ellmer::chat_openai(model = "gpt-4o")

Most R programs belong to no package that would declare what they load.
Reference: https://stat.ethz.ch/R-manual/R-devel/library/base/html/library.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import HASHES, imports

_NAME = r"(?P<name>[A-Za-z][A-Za-z0-9.]*)"
_STATEMENT = re.compile(
    r"[^\"'\n]*?\b(?:(?:library|require(?:Namespace)?|loadNamespace)\(\s*[\"']?|(?=[A-Za-z0-9.]+::))"
    + _NAME
)


def read(document: Document) -> Iterator[Found]:
    """Yield what a program loads."""
    yield from imports(document, HASHES, _STATEMENT, has_single_quotes=True)


_SAMPLE = b"""\
library(ellmer)

chat <- chat_openai(model = "gpt-4o")
"""

MANIFEST = Manifest(
    name="r-source",
    title="R programs",
    files=("*.r",),
    read=read,
    is_screened=True,
    reference="https://stat.ethz.ch/R-manual/R-devel/library/base/html/library.html",
    samples={"analysis/answers.R": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
