"""The checksums of Go's modules, for trees that hold them without the ``go.mod`` beside them.

    github.com/sashabaranov/go-openai v1.41.2 h1:vfPRBZNMpnqu8ELsclWcAvF19lDNgh1t6TVfFFOPiSM=
    github.com/sashabaranov/go-openai v1.41.2/go.mod h1:lj5b/K+zjTSFxVLijLSTDZuP7adOgerWeFyZLUhAKRg=

A line with ``/go.mod`` shows that a module was weighed, not that it is used. Several versions of
one may stand here, and nothing says which is in use: a ``go.mod`` beside it says it better.
Reference: https://go.dev/ref/mod#go-sum-files
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.go_directives import is_module
from scanner.manifests.purls import purl
from scanner.model import Identifier

_SUM = re.compile(r"(\S+) (v\S+) h1:\S+\s*")


def read(document: Document) -> Iterator[Found]:
    """Yield the modules whose content was needed; nothing if ``go.mod`` lies beside."""
    if document.beside("go.mod") is not None:
        return
    is_known = False
    for number, line in enumerate(document.lines, 1):
        found = _SUM.fullmatch(line)
        if found and is_module(found[1]):
            is_known = True
            if not found[2].endswith("/go.mod"):
                yield Mention(
                    Identifier.PACKAGE, purl("golang", found[1]), number, found[2], Tie.LOCKED
                )
        elif line.strip():
            if not is_known:
                raise Unreadable(f"no checksum of a module in line {number}")
            yield Trouble("no checksum of a module", number)


MANIFEST = Manifest(
    name="go-sum",
    title="Go: go.sum",
    files=("go.sum",),
    read=read,
    reference="https://go.dev/ref/mod#go-sum-files",
    samples={
        "go.sum": b"""github.com/sashabaranov/go-openai v1.41.2 h1:vfPRBZNMpnqu8ELsclWcAvF19lDNgh1t6TVfFFOPiSM=
github.com/sashabaranov/go-openai v1.41.2/go.mod h1:lj5b/K+zjTSFxVLijLSTDZuP7adOgerWeFyZLUhAKRg=
""",
    },
)
