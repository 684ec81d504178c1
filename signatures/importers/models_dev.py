"""models.dev: a folder for each provider with its API base, environment variables and SDK.

    name = "Moonshot AI"
    env = ["MOONSHOT_API_KEY"]
    npm = "@ai-sdk/openai-compatible"
    api = "https://api.moonshot.ai/v1"

Reference: https://github.com/anomalyco/models.dev (MIT)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scanner.hosts import fold, host_of_url
from scanner.model import Category, Identifier
from signatures.importers import Importer, Stated, commit_of
from signatures.importers.files import not_the_source, toml_of

_FILES = "providers/*/provider.toml"
_SHARED_SDKS = ("@ai-sdk/openai-compatible", "@ai-sdk/openai", "@ai-sdk/anthropic")


def read(path: Path | None) -> Iterator[Stated]:
    """Yield what each ``providers/*/provider.toml`` below ``path`` states."""
    root = path or Path()
    commit = commit_of(root)
    files = sorted(root.glob(_FILES))
    if not files:
        raise not_the_source(root, _FILES, "a checkout of models.dev")
    for file in files:
        provider = toml_of(file)
        source = f"anomalyco/models.dev@{commit} (MIT), {file.relative_to(root).as_posix()}"
        name = str(provider.get("name", file.parent.name))
        for channel, value in _identifiers(provider):
            yield Stated(name, f"{name} API", channel, value, source, category=Category.MODEL_API)


def _identifiers(provider: dict[str, object]) -> Iterator[tuple[Identifier, str]]:
    api = str(provider.get("api") or "")
    host = fold(host_of_url(api.encode()))
    if "." in host and "$" not in api:
        yield Identifier.HOST, host
    variables = provider.get("env")
    for variable in variables if isinstance(variables, list) else ():
        yield Identifier.ENV, str(variable)
    package = _package_of(str(provider.get("npm") or ""))
    if package and package not in _SHARED_SDKS:
        yield Identifier.PACKAGE, f"pkg:npm/{package.replace('@', '%40')}"


def _package_of(entry_point: str) -> str:
    """Return the package of ``@scope/name/sub-path``; npm's names have one slash behind a scope."""
    parts = entry_point.split("/")
    return "/".join(parts[: 2 if entry_point.startswith("@") else 1])


IMPORTER = Importer("models.dev", "models.dev providers", "MIT", read)
