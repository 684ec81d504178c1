"""PHP programs, *.php: the names they use from namespaces, and the variables, hosts and models they name.

    use OpenAI\\Client;
    use function Acme\\{a, b};

Of a list in braces, the namespace. A name without a namespace may be a trait of a class.
Reference: https://www.php.net/manual/en/language.namespaces.importing.php
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import PHP, imports

_STATEMENT = re.compile(
    r"\s*use\s+(?:function\s+|const\s+)?\\?(?P<name>[A-Za-z_]\w*(?:\\\w+)+)(?:\s*;|\s+as\s|\\\{|\s*,)"
)


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, PHP, _STATEMENT, has_single_quotes=True)


_SAMPLE = b"""\
<?php

use Acme\\Invoices\\Question;
use OpenAI\\Client;

$model = 1;
"""

MANIFEST = Manifest(
    name="php-source",
    title="PHP programs",
    files=("*.php",),
    read=read,
    is_screened=True,
    reference="https://www.php.net/manual/en/language.namespaces.importing.php",
    samples={"src/Answers.php": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
