"""Settings files of applications: appsettings.json, application.yml, config.toml and their like.

    "OpenAI": {"ApiKey": "", "Model": "gpt-4o", "Endpoint": "https://api.openai.com/v1"}

Of a setting only the host of a URL, the name of a model and the name of a variable are told.
Reference: https://learn.microsoft.com/aspnet/core/fundamentals/configuration/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Unreadable
from scanner.manifests.outline import Node, of_json, of_toml, of_yaml
from scanner.manifests.pipelines import once
from scanner.manifests.settings import setting

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
_LINE = re.compile(r"\s*([\w.\[\]-]+)\s*[=:]\s*(.*)")
_LONGEST_LINE = 10_000
# Names by which a section tells that a mere "deployment" below it is one of a model.
_SECTIONS = re.compile(r"open-?ai", re.IGNORECASE)


def read(document: Document) -> Iterator[Found]:
    name = document.name.lower()
    if name.endswith((".properties", ".ini", ".conf", ".cfg")):
        yield from once(_lines(document))
        return
    for root in _roots(document, name):
        yield from once(_settings(root))


def _roots(document: Document, name: str) -> list[Node]:
    if name.endswith(".toml"):
        return [of_toml(document)]
    if name.endswith((".json", ".jsonc")):
        return [of_json(document)]
    return of_yaml(document)


def _settings(root: Node) -> Iterator[Mention]:
    for keys, node in root.walk():
        named = [key for key in keys if key]
        key = named[-1] if named else ""
        if any(_SECTIONS.search(one) for one in named[:-1]):
            key = f"openai.{key}" if "eployment" in key else key
        is_variable = bool(_CAPITALS.fullmatch(key))
        if node.text or (is_variable and not node.pairs and not node.items):
            yield from setting(key, node.text, node.line, is_variable)


def _lines(document: Document) -> Iterator[Mention]:
    if "\0" in document.text:
        raise Unreadable("no text")
    for number, line in enumerate(document.lines, 1):
        if line.lstrip()[:1] in ("#", "!", ";"):
            continue
        if found := _LINE.match(line[:_LONGEST_LINE]):
            key, value = found[1], found[2].strip().replace("\\:", ":").strip("\"'")
            yield from setting(key, value, number, bool(_CAPITALS.fullmatch(key)))


MANIFEST = Manifest(
    name="settings",
    title="Settings of an application",
    files=(
        *("appsettings*.json", "local.settings.json"),
        *("application*.yml", "application*.yaml", "application*.properties", "bootstrap*.yml"),
        *("config.toml", "config.yaml", "config.yml", "config.json", "config.ini"),
        *("settings.toml", "settings.yaml", "settings.yml", "secrets.toml", "adapter_config.json"),
        *("litellm*.yaml", "litellm*.yml", "proxy_config.yaml", "librechat.yaml"),
    ),
    read=read,
    reference="https://learn.microsoft.com/aspnet/core/fundamentals/configuration/",
    samples={
        "web/appsettings.json": b"""\
{
  // of the shop
  "OpenAI": {
    "ApiKey": "",
    "Model": "gpt-4o",
    "Endpoint": "https://api.openai.com/v1"
  },
}
""",
        "src/main/resources/application.properties": b"""\
spring.ai.openai.api-key=${OPENAI_API_KEY}
spring.ai.openai.chat.options.model=gpt-4o
""",
        "config.toml": b"""\
[llm]
model = "claude-sonnet-4-5"
base_url = "https://api.anthropic.com"
""",
        "application.yml": b"""\
spring:
  ai:
    ollama:
      base-url: http://localhost:11434
      chat:
        model: llama3.2
""",
    },
)
