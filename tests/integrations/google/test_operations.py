"""Everything that is asked of Google is held against Google's own description of it."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.fields import Item
from integrations.google import CONNECTOR, cloud, vertex
from integrations.google.consent import coverage, coverage_note
from integrations.google.discovery import METHODS, Method, built, document, method_of
from integrations.operations import Operation, Paging, Profile
from scanner.errors import ConfigError
from scanner.model import App

OPERATIONS = pytest.mark.parametrize("operation", CONNECTOR.operations, ids=lambda one: one.id)
GIVEN = {
    "userKey": "ana@example.com",
    "startTime": "2026-11-01T00:00:00Z",
    "eventName": "CHANGE_APPLICATION_SETTING",
    "productId": "101047",
    "customerId": "C046psxkn",
    "app": "ChatGPT",
    "appId": "ehoadneljpdggcbbknedodolkkjodefl",
    "project": "harbour-ml",
    "location": "us-central1",
    "organization": "123456789",
    "assetType": "discoveryengine.googleapis.com/Engine",
    "query": "state:ENABLED",
}
# Google's descriptions give no largest page for these; what is used is in its texts, or below it.
NO_MAXIMUM = {
    "google.saas_usage", "google.saas_visitors", "google.extensions", "google.extension_devices",
    "google.extension_requests", "google.service_status", "google.services", "google.projects",
    "google.keys", "google.assets", "google.endpoints", "google.agents", "google.engines",
}  # fmt: skip
READ_ONLY = re.compile(r"\.read-?only$")


@cache
def described(method: Method) -> Mapping[str, Any]:
    return document(method)


def of(operation: Operation) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the description of an operation's API, and of its method."""
    method = METHODS[operation.id]
    return described(method), method_of(described(method), method.name)


def inside(documented: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema, followed to where it is written out; of a list that of its items."""
    while "$ref" in schema or schema.get("type") == "array":
        schema = documented["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
    return schema


def test_every_operation_has_a_method_of_google() -> None:
    assert METHODS.keys() == {one.id for one in CONNECTOR.operations}


@OPERATIONS
def test_path_and_host_are_google_s(operation: Operation) -> None:
    documented, method = of(operation)
    host = CONNECTOR.hosts[""][operation.host]
    regions = {one["endpointUrl"] for one in documented.get("endpoints", ())}
    assert method["httpMethod"] == operation.method == "GET"
    assert f"{host}/" in {documented["rootUrl"], *regions}
    assert documented["servicePath"] == ""


@OPERATIONS
def test_google_s_own_library_builds_the_same_request(operation: Operation) -> None:
    wanted = urlsplit(built(operation, GIVEN).address)
    path = re.sub(r"\{(\w+)\}", lambda one: GIVEN[one[1]], operation.path)
    query = {
        name: re.sub(r"\{(\w+)\}", lambda one: GIVEN[one[1]], value)
        for name, value in operation.query.items()
    }
    assert (wanted.path.replace("%40", "@"), dict(parse_qsl(wanted.query))) == (
        path,
        {**query, "alt": "json"},
    )


@OPERATIONS
def test_the_query_is_known_and_within_its_limits(operation: Operation) -> None:
    documented, method = of(operation)
    known = {**documented["parameters"], **method["parameters"]}
    for name, value in operation.query.items():
        if "enum" in known[name]:
            assert value in known[name]["enum"]
        if "pattern" in known[name] and "{" not in value:
            assert re.fullmatch(known[name]["pattern"], value)
    sizes = [operation.query[one] for one in ("maxResults", "pageSize") if one in operation.query]
    assert [str(operation.page_size)] * len(sizes) == sizes
    largest = [known[one].get("maximum") for one in ("maxResults", "pageSize") if one in known]
    if operation.id in NO_MAXIMUM:
        assert largest in ([None], [])
    else:
        assert all(operation.page_size <= int(one) for one in largest if one)


def test_parameters_that_are_required_are_given() -> None:
    for operation in CONNECTOR.operations:
        _, method = of(operation)
        required = {
            name
            for name, one in method["parameters"].items()
            if one.get("required") and one["location"] == "query"
        }
        assert required <= operation.query.keys(), operation.id


@OPERATIONS
def test_scopes_suffice_and_say_whether_they_can_write(operation: Operation) -> None:
    _, method = of(operation)
    named = [scope for alternative in operation.scopes for scope in alternative]
    assert named
    assert set(named) <= set(method["scopes"])
    assert operation.can_write is not bool(READ_ONLY.search(named[0]))
    assert operation.can_write is (operation.profile is Profile.OPT_IN)
    least = [one for one in method["scopes"] if READ_ONLY.search(one)]
    assert not least or READ_ONLY.search(named[0])


@OPERATIONS
def test_every_field_exists(operation: Operation) -> None:
    documented, method = of(operation)
    answer = inside(documented, method["response"])
    if operation.paging is Paging.TOKEN:
        token, parameter = operation.page_token
        assert token in answer["properties"]
        assert parameter in method["parameters"]
    else:
        assert "pageToken" not in method["parameters"]
    item = inside(documented, answer["properties"][operation.items]) if operation.items else answer
    for field in operation.fields:
        schema = item
        for part in field.split("."):
            if schema.get("type") == "any" or "additionalProperties" in schema:
                break  # Google does not say what is in it
            schema = inside(documented, schema["properties"][part.removesuffix("[]")])


@OPERATIONS
def test_what_is_asked_for_is_what_is_read(operation: Operation) -> None:
    asked = operation.query["fields"]
    if operation.paging is Paging.TOKEN:
        assert asked.startswith("nextPageToken,")
    for field in operation.fields:
        assert field.replace("[]", "").split(".")[0] in asked
    for content in ("sensitiveParameters", "resourceDetails", "keyString", "password", "name.full"):
        assert content not in asked
        assert content not in " ".join(operation.fields)
    assert "includeSensitiveData" not in operation.query


@OPERATIONS
def test_what_it_is_for_is_said(operation: Operation) -> None:
    assert operation.id.startswith("google.")
    assert operation.why and operation.title and operation.fields
    assert operation.reference.startswith("https://")
    assert set(operation.people) <= set(operation.fields)
    assert not operation.quota or operation.quota in CONNECTOR.quotas


def wrong(fields: tuple[str, ...], value: object) -> Iterator[dict[str, Any]]:
    """Yield an item whose fields are all of a value, and one where their paths are too."""
    yield {field.split(".")[0].removesuffix("[]"): value for field in fields}
    item: dict[str, Any] = {}
    for field in fields:
        here: Any = item
        *outer, last = field.split(".")
        for part in outer:
            if part.endswith("[]"):
                here = here.setdefault(part[:-2], [{}])[0]
            else:
                here = here.setdefault(part, {})
        here.setdefault(last.removesuffix("[]"), value)
    yield item


@OPERATIONS
def test_a_parser_survives_everything(operation: Operation) -> None:
    assert list(operation.parse(Item({}), {})) == []
    assert list(operation.parse(Item(None), GIVEN)) == []
    for value in (
        7,
        -1.5,
        True,
        None,
        "",
        "x",
        [],
        [1, None],
        [[]],
        {},
        {"a": {}},
        "\ud800",
        10**30,
    ):
        for item in wrong(operation.fields, value):
            for record in operation.parse(Item(item), GIVEN):
                assert not isinstance(record, App) or record.key


def test_the_core_profile_cannot_write() -> None:
    scopes = {
        scope.rpartition("/")[2]
        for one in CONNECTOR.of_profile(Profile.CORE)
        for scope in one.scopes[0]
    }
    assert scopes == {
        "admin.directory.customer.readonly",
        "admin.directory.user.readonly",
        "admin.reports.audit.readonly",
        "chrome.management.reports.readonly",
        "cloud-identity.policies.readonly",
    }


def test_what_is_in_each_further_profile() -> None:
    def of_profile(profile: Profile) -> set[str]:
        return {one.id.partition(".")[2] for one in CONNECTOR.operations if one.profile is profile}

    assert of_profile(Profile.PLUS) == {
        "units", "saml_activity", "gemini_settings", "extension_requests", "projects", "services",
        "keys",
    }  # fmt: skip
    assert of_profile(Profile.OPT_IN) == {
        "tokens", "seats", "assets", "endpoints", "agents", "engines",
    }  # fmt: skip


def test_a_log_that_the_library_does_not_know_is_refused() -> None:
    operation = CONNECTOR.operation("google.notebook_activity")
    assert operation is not None
    with pytest.raises(TypeError, match="bogus"):
        built(_replaced(operation, query={**operation.query, "bogus": "1"}), GIVEN)
    with pytest.raises(ValueError, match="not of the shape"):
        built(_replaced(operation, path="/admin/reports/v1/activity"), GIVEN)
    with pytest.raises(ConfigError, match="knows no admin reports_v9"):
        document(Method("admin", "reports_v9", "activities.list"))


def _replaced(operation: Operation, **changes: Any) -> Operation:
    from dataclasses import replace

    return replace(operation, **changes)


def test_the_plan_is_the_documented_one() -> None:
    from integrations.connector import Size

    plan = CONNECTOR.requests(Size(people=100_000, apps=2_000, grants=200_000))
    assert plan.keys() == {one.id for one in CONNECTOR.operations}
    assert (plan["google.users"], plan["google.tokens"]) == (200, 100_000)
    assert plan["google.token_authorize"] == 300
    assert plan["google.customer"] == 1
    small = CONNECTOR.requests(Size(people=10, apps=3, grants=5))
    assert all(number >= 1 for number in small.values())


@pytest.mark.parametrize(
    ("is_listed", "was_listed", "has_gap", "said"),
    [
        (True, False, True, "those of each person were listed"),
        (False, True, False, "the log was followed since"),
        (False, True, True, "Grants of the last 180 days are seen"),
        (False, False, False, "silent older ones do not"),
    ],
)
def test_which_grants_are_seen_is_said(
    is_listed: bool, was_listed: bool, has_gap: bool, said: str
) -> None:
    note = coverage_note(coverage(is_listed, was_listed, has_gap))
    assert said in note
    assert said in CONNECTOR.note


def test_declaring_it_loads_nothing_heavy() -> None:
    code = "import sys, integrations.google; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "integrations.google" in loaded
    assert {"google.auth", "googleapiclient", "requests", "httpx2"}.isdisjoint(loaded)


def test_cloud_is_asked_in_the_account_s_own_name() -> None:
    assert {one.host for one in (*cloud.OPERATIONS, *vertex.OPERATIONS)} == cloud.HOSTS.keys()
