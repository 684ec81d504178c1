"""Dart programs, *.dart: the packages they import, and the variables, hosts and models they name.

    import 'package:dart_openai/dart_openai.dart';
    export "package:langchain/langchain.dart" show ChatModel;

Libraries of the language (``dart:io``) and files of the program itself are no packages.
Reference: https://dart.dev/language/libraries
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import DART, imports

_STATEMENT = re.compile(r"\s*(?:import|export)\s+[\"']package:(?P<name>[a-z_]\w*)/")


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, DART, _STATEMENT, has_single_quotes=True)


_SAMPLE = b"""\
import 'package:dart_openai/dart_openai.dart';

void main() {
  OpenAI.apiKey = const String.fromEnvironment('OPENAI_API_KEY');
}
"""

MANIFEST = Manifest(
    name="dart-source",
    title="Dart programs",
    files=("*.dart",),
    read=read,
    is_screened=True,
    reference="https://dart.dev/language/libraries",
    samples={"lib/answers.dart": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
