"""LiteLLM: the API bases of OpenAI-compatible endpoints that its constants list.

    openai_compatible_endpoints: List = ["api.perplexity.ai", "https://api.friendli.ai/serverless/v1", ...]

Reference: https://github.com/BerriAI/litellm (MIT)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scanner.errors import UsageError
from scanner.hosts import fold, host_of_url, registrable_domain
from scanner.model import Category, Identifier
from signatures.importers import Importer, Stated, commit_of
from signatures.importers.files import not_the_source, text_of

_FILE = "litellm/constants.py"
_NAME = "openai_compatible_endpoints"


def read(path: Path | None) -> Iterator[Stated]:
    """Yield the host of every endpoint; the file is parsed and never run."""
    root = path or Path()
    if not (root / _FILE).is_file():
        raise not_the_source(root, _FILE, "a checkout of LiteLLM")
    source = f"BerriAI/litellm@{commit_of(root)} (MIT), {_FILE}#{_NAME}"
    for endpoint in _endpoints(root / _FILE):
        host = fold(host_of_url(endpoint.encode()))
        if "." in host and "{" not in host:
            owner = registrable_domain(host)
            yield Stated(
                owner, f"{owner} API", Identifier.HOST, host, source, category=Category.MODEL_API
            )


def _endpoints(file: Path) -> list[str]:
    try:
        tree = ast.parse(text_of(file))
    except SyntaxError as error:
        raise UsageError(f"{file}:{error.lineno or 1}: not Python: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"{file}: not Python: {error}") from error
    if found := list(_strings(tree)):
        return found
    raise UsageError(f"{file}: found no list {_NAME} in it")


def _strings(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        named = any(isinstance(target, ast.Name) and target.id == _NAME for target in targets)
        if named and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for inner in ast.walk(node.value):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value


IMPORTER = Importer("litellm", "LiteLLM's OpenAI-compatible endpoints", "MIT", read)
