"""What others recorded of Google, under its licence, and what we read of it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.fields import Item, Projection
from integrations.google import CONNECTOR
from integrations.google.discovery import METHODS, document, method_of
from integrations.operations import Operation
from scanner.model import Grant, Owner, Person, Record, Setting

_FOLDER = Path(__file__).parent.parent / "golden" / "google"


def golden(name: str) -> Any:
    found = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert found["source"] and found["licence"] in ("Apache-2.0", "CC0-1.0")
    return found.get("response") or found["responses"]


def operation(id_: str) -> Operation:
    found = CONNECTOR.operation(id_)
    assert found is not None
    return found


def read(id_: str, raw: list[Any], **parameters: str) -> tuple[list[Record], Counter[str]]:
    """Return the records of items as the transport hands them over, and the fields that were bad."""
    asked, bad, records = operation(id_), Counter[str](), []
    projection = Projection(asked.fields)
    for one in raw:
        records += asked.parse(Item(projection.of(one), bad), parameters)
    return records, bad


# Where a sample is not as Google's own description says: nowhere, in those that are here.
CONTRADICTIONS: dict[str, set[str]] = {
    "google.users": set(),
    "google.tokens": set(),
    "google.gemini_settings": set(),
    "google.service_status": set(),
}
_TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "object": dict}


def contradictions(value: Any, schema: Any, schemas: Any, path: str = "") -> Iterator[str]:
    """Yield the paths at which a sample is not of the type that is described, or not described."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "array" and isinstance(value, list):
        for one in value:
            yield from contradictions(one, schema["items"], schemas, f"{path}[]")
    elif kind != "any" and not isinstance(value, _TYPES.get(kind, ())):
        yield path
    elif isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            known = schema["properties"].get(name)
            where = f"{path}.{name}".lstrip(".")
            yield from contradictions(inner, known, schemas, where) if known else [where]


@pytest.mark.parametrize("id_", CONTRADICTIONS)
def test_samples_contradict_google_only_where_it_is_known(id_: str) -> None:
    method = METHODS[id_]
    described = document(method)
    answer = described["schemas"][method_of(described, method.name)["response"]["$ref"]]
    items = answer["properties"][operation(id_).items]
    found = set(contradictions(samples(id_), items, described["schemas"]))
    assert found == CONTRADICTIONS[id_]


def samples(id_: str) -> list[Any]:
    """Return the samples of an operation's items."""
    match id_:
        case "google.users":
            pages = golden("directory")["MOCK_GOOGLEWORKSPACE_USERS_RESPONSE"]
            return [one for page in pages for one in page["users"]]
        case "google.tokens":
            by_person = golden("directory")["MOCK_GOOGLEWORKSPACE_OAUTH_TOKENS_BY_USER"]
            return [one for tokens in by_person.values() for one in tokens]
        case "google.gemini_settings":
            return list(golden("gemini_settings")["items"])
    return [one for page in golden("policies") for one in page["policies"]]


def test_people() -> None:
    records, bad = read("google.users", samples("google.users"))
    assert not bad
    assert records == [
        Person("mbsimpson@simpson.corp", "mbsimpson@simpson.corp", "Management", is_active=True),
        Person("hjsimpson@simpson.corp", "hjsimpson@simpson.corp", "/Engineering", is_active=True),
    ]


def test_grants_of_each_person() -> None:
    by_person = golden("directory")["MOCK_GOOGLEWORKSPACE_OAUTH_TOKENS_BY_USER"]
    found = [
        record
        for person, tokens in by_person.items()
        for record in read("google.tokens", tokens, userKey=person)[0]
        if isinstance(record, Grant)
    ]
    assert [(one.app, one.person, len(one.scopes)) for one in found] == [
        ("123456789.apps.googleusercontent.com", "user-1", 2),
        ("987654321.apps.googleusercontent.com", "user-1", 1),
        ("123456789.apps.googleusercontent.com", "user-2", 2),
    ]


def test_changes_to_the_settings_of_gemini() -> None:
    records, bad = read("google.gemini_settings", samples("google.gemini_settings"))
    owners = {one for one in records if isinstance(one, Owner)}
    assert not bad
    assert {(one.app, one.person) for one in owners} == {
        ("service:gemini_app", "robertsonstacey@example.com")
    }


def test_policies_of_which_only_services_count() -> None:
    raw = samples("google.service_status")
    records, bad = read("google.service_status", raw)
    settings = [one for one in records if isinstance(one, Setting)]
    assert not bad
    assert len(raw) > len(settings)
    assert {(one.app, one.is_on) for one in settings} == {
        ("service:chat", True),
        ("service:drive_and_docs", True),
    }
