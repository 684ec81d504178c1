"""botocore: every host that the SDK of Amazon's cloud can build, by service and partition.

    data/bedrock-runtime/2023-09-30/endpoint-rule-set-1.json.gz
      "url": "https://bedrock-runtime-fips.{Region}.{PartitionResult#dualStackDnsSuffix}"

Which of its 400 services are AI no file says: those whose name or documentation speaks of it are
proposed, and a person decides.
Reference: https://github.com/boto/botocore (Apache-2.0)
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.model import Category, Identifier
from signatures.importers import Importer, Stated
from signatures.importers.files import json_of, not_the_source

_AI_WORDS = re.compile(
    r"machine learning|\bAI\b|generative|foundation models?|\bagentic\b|natural language|chatbot|"
    r"\binference\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]+>")
_URL = re.compile(r"https://([^\s/]+)")
_PARTITIONS = "partitions.json"
_PUBLIC = ("aws", "aws-cn", "aws-us-gov", "aws-eusc")  # the others are closed networks


def read(path: Path | None) -> Iterator[Stated]:
    """Yield the host patterns of every service that speaks of AI; regions stay ``{region}``."""
    data = path or _installed()
    if not (data / _PARTITIONS).is_file():
        raise not_the_source(data, _PARTITIONS, "botocore's data")
    suffixes = _suffixes(data)
    source = f"botocore {'data' if path else version('botocore')} (Apache-2.0)"
    for service in sorted(entry for entry in data.iterdir() if entry.is_dir()):
        newest = max((entry for entry in service.iterdir() if entry.is_dir()), default=None)
        model = _load(newest, "service-2.json") if newest else None
        rules = _load(newest, "endpoint-rule-set-1.json") if newest else None
        if model is None or rules is None or not _speaks_of_ai(model):
            continue
        name = _name_of(model) or service.name
        for host in sorted(set(_hosts(rules, suffixes))):
            how = "pattern" if "{region}" in host else "exact"
            place = f"{source}, data/{service.name} endpoint rules"
            yield Stated(
                "Amazon Web Services",
                name,
                Identifier.HOST,
                host,
                place,
                category=Category.ML_PLATFORM,
                how=how,
            )


def _speaks_of_ai(model: dict[str, Any]) -> bool:
    about = f"{_name_of(model)} {_TAG.sub(' ', str(model.get('documentation', '')))}"
    return _AI_WORDS.search(about) is not None


def _name_of(model: dict[str, Any]) -> str:
    metadata = model.get("metadata")
    return str(metadata.get("serviceFullName", "")) if isinstance(metadata, dict) else ""


def _hosts(rules: Any, suffixes: dict[str, list[str]]) -> Iterator[str]:
    for url in _urls(rules):
        found = _URL.match(url)
        if found is None or "{Endpoint}" in url:
            continue
        template = found[1].replace("{Region}", "{region}")
        for placeholder, values in suffixes.items():
            if placeholder in template:
                yield from (template.replace(placeholder, value) for value in values)
                break
        else:
            if "{" not in template.replace("{region}", ""):
                yield template


def _urls(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "url" and isinstance(value, str):
                yield value
            else:
                yield from _urls(value)
    elif isinstance(node, list):
        for value in node:
            yield from _urls(value)


def _suffixes(data: Path) -> dict[str, list[str]]:
    file = data / _PARTITIONS
    try:
        partitions = json_of(file)["partitions"]
        outputs = [one["outputs"] for one in partitions if one["id"] in _PUBLIC]
        return {
            "{PartitionResult#dnsSuffix}": sorted({one["dnsSuffix"] for one in outputs}),
            "{PartitionResult#dualStackDnsSuffix}": sorted(
                {one["dualStackDnsSuffix"] for one in outputs}
            ),
        }
    except (KeyError, TypeError) as error:
        raise UsageError(f"{file}: partitions of another form: {error}") from error


def _load(folder: Path, name: str) -> dict[str, Any] | None:
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            return json_of(file)
    return None


def _installed() -> Path:
    found = importlib.util.find_spec("botocore")
    if found is None or found.origin is None:
        raise UsageError("botocore is not installed; install it, or name its data folder")
    return Path(found.origin).parent / "data"


IMPORTER = Importer("botocore", "botocore's endpoint rules", "Apache-2.0", read, needs_path=False)
