"""google-api-python-client: the discovery documents it ships, with global and regional hosts.

    "name": "aiplatform", "rootUrl": "https://aiplatform.googleapis.com/",
    "endpoints": [{"endpointUrl": "https://us-east1-aiplatform.googleapis.com/", "location": "us-east1"}, ...]

Which of its 300 APIs are AI no document says outright: those whose title or description speaks of
it are proposed, and those of which the base knows a host already; a person decides.
Reference: https://developers.google.com/discovery/v1/reference/apis (Apache-2.0)
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from scanner.errors import UsageError
from scanner.hosts import fold, host_of_url
from scanner.model import Category, Identifier
from signatures.importers import Importer, Stated
from signatures.importers.files import json_of, not_the_source

# Words that are alone misleading: an agent (Library Agent), an engine (App Engine), "vision" inside
# "provisioning", recommendations (best practices), a model (Travel Impact Model).
_AI_WORDS = re.compile(
    r"machine learning|\bAI\b|generative|foundation models?|natural language|speech|translat|"
    r"\bvision\b|chatbot|conversational|\bdialog|\bagentic\b|\bagents\b|\bmodels\b|\bnotebooks?\b|"
    r"\bagent (?:platform|registry|identity)|\bdiscovery engine\b|\bgemini\b|\bTPU\b|"
    r"\brecommendations? (?:AI|engine|models?)\b",
    re.IGNORECASE,
)
_FILES = "*.v*.json"
_REGION = re.compile(r"\b(?:[a-z]+-)+[a-z]+\d+\b|\b(?:us|eu|global)\b(?=[-.])")


def read(path: Path | None) -> Iterator[Stated]:
    """Yield the hosts of every API, regions as ``*``; ``if_known`` where it does not speak of AI."""
    folder = path or _installed()
    files = sorted(folder.glob(_FILES))
    if not files:
        raise not_the_source(folder, _FILES, "the discovery documents")
    source = f"google-api-python-client {_version(path)} (Apache-2.0), discovery document"
    for file in files:
        document = json_of(file)
        about = f"{document.get('title', '')} {document.get('description', '')}"
        title = str(document.get("title") or document.get("name") or file.stem)
        for host in sorted(set(_hosts(document))):
            yield Stated(
                "Google",
                title,
                Identifier.HOST,
                host,
                f"{source} {file.stem}",
                category=Category.ML_PLATFORM,
                how="pattern" if "*" in host else "exact",
                if_known=not _AI_WORDS.search(about),
            )


def _hosts(document: dict[str, object]) -> Iterator[str]:
    for key in ("rootUrl", "mtlsRootUrl"):
        if url := document.get(key):
            yield fold(host_of_url(str(url).encode()))
    endpoints = document.get("endpoints")
    for endpoint in endpoints if isinstance(endpoints, list) else ():
        if isinstance(endpoint, dict) and (url := endpoint.get("endpointUrl")):
            yield _REGION.sub("*", fold(host_of_url(str(url).encode())), count=1)


def _installed() -> Path:
    found = importlib.util.find_spec("googleapiclient")
    if found is None or found.origin is None:
        raise UsageError(
            "google-api-python-client is not installed; install it, or name its folder"
        )
    return Path(found.origin).parent / "discovery_cache" / "documents"


def _version(path: Path | None) -> str:
    return "documents" if path else version("google-api-python-client")


IMPORTER = Importer(
    "google-api-python-client", "Google discovery documents", "Apache-2.0", read, needs_path=False
)
