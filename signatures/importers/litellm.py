"""LiteLLM: the API bases of OpenAI-compatible endpoints that its constants list.

    openai_compatible_endpoints: List = ["api.perplexity.ai", "https://api.friendli.ai/serverless/v1", ...]

Reference: https://github.com/BerriAI/litellm (MIT)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scanner.hosts import fold, host_of_url, registrable_domain
from scanner.model import Category, Identifier
from signatures.importers import Importer, Stated, commit_of

_FILE = "litellm/constants.py"
_NAME = "openai_compatible_endpoints"


def read(path: Path | None) -> Iterator[Stated]:
    """Yield the host of every endpoint; the file is parsed and never run."""
    root = path or Path()
    source = f"BerriAI/litellm@{commit_of(root)} (MIT), {_FILE}#{_NAME}"
    tree = ast.parse((root / _FILE).read_text(encoding="utf-8"))
    for endpoint in _strings(tree):
        host = fold(host_of_url(endpoint.encode()))
        if "." in host and "{" not in host:
            owner = registrable_domain(host)
            yield Stated(
                owner, f"{owner} API", Identifier.HOST, host, source, category=Category.MODEL_API
            )


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
