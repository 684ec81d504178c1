"""Google's own description of each request, against which what is declared here is checked.

``google-api-python-client`` brings the descriptions along and builds requests from them; it sends
none. Its batches are not used either: they leave for Google whatever address was configured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from integrations.google import chrome, cloud, directory, policies, reports, vertex
from integrations.operations import Operation
from scanner.errors import ConfigError


class Method(NamedTuple):
    """A method of one of Google's APIs, as its description names it."""

    api: str
    version: str
    name: str


_DIRECTORY: Final = ("admin", "directory_v1")
_CHROME: Final = ("chromemanagement", "v1")
METHODS: Final[Mapping[str, Method]] = {
    **{one.id: Method("admin", "reports_v1", "activities.list") for one in reports.OPERATIONS},
    directory.CUSTOMER.id: Method(*_DIRECTORY, "customers.get"),
    directory.USERS.id: Method(*_DIRECTORY, "users.list"),
    directory.UNITS.id: Method(*_DIRECTORY, "orgunits.list"),
    directory.TOKENS.id: Method(*_DIRECTORY, "tokens.list"),
    directory.SEATS.id: Method("licensing", "v1", "licenseAssignments.listForProduct"),
    chrome.SAAS_USAGE.id: Method(*_CHROME, "customers.reports.findSaasUsage"),
    chrome.SAAS_VISITORS.id: Method(*_CHROME, "customers.reports.findSaasUsageProfiles"),
    chrome.EXTENSIONS.id: Method(*_CHROME, "customers.reports.countInstalledApps"),
    chrome.EXTENSION_DEVICES.id: Method(*_CHROME, "customers.reports.findInstalledAppDevices"),
    chrome.EXTENSION_REQUESTS.id: Method(*_CHROME, "customers.apps.countChromeAppRequests"),
    policies.SERVICE_STATUS.id: Method("cloudidentity", "v1", "policies.list"),
    cloud.PROJECTS.id: Method("cloudresourcemanager", "v3", "projects.search"),
    cloud.SERVICES.id: Method("serviceusage", "v1", "services.list"),
    cloud.KEYS.id: Method("apikeys", "v2", "projects.locations.keys.list"),
    cloud.ASSETS.id: Method("cloudasset", "v1", "v1.searchAllResources"),
    vertex.ENDPOINTS.id: Method("aiplatform", "v1", "projects.locations.endpoints.list"),
    vertex.AGENTS.id: Method("aiplatform", "v1", "projects.locations.reasoningEngines.list"),
    vertex.ENGINES.id: Method(
        "discoveryengine", "v1", "projects.locations.collections.engines.list"
    ),
}
_PARAMETER: Final = re.compile(r"\{(\w+)\}")


class Built(NamedTuple):
    """A request as Google's own library builds it; nothing was sent."""

    method: str
    address: str


def document(method: Method) -> dict[str, Any]:
    """Return the description of an API, of the installed library. Raises ConfigError without one."""
    import json

    from googleapiclient.discovery_cache import get_static_doc  # type: ignore[import-untyped]

    text = get_static_doc(method.api, method.version)
    if text is None:
        raise ConfigError(
            f"google-api-python-client knows no {method.api} {method.version}; update it"
        )
    found: dict[str, Any] = json.loads(text)
    return found


def method_of(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the description of a method. Raises KeyError for one that is not there."""
    *resources, last = name.split(".")
    place: Any = document
    for resource in resources:
        place = place["resources"][resource]
    found: dict[str, Any] = place["methods"][last]
    return found


def built(operation: Operation, parameters: Mapping[str, str] | None = None) -> Built:
    """Return the request of an operation as Google's library builds it from the description.

    Raises TypeError, as that library does, for a parameter that Google does not know or whose
    value it does not allow, and ConfigError for what it does not know at all.
    """
    from google.auth.credentials import AnonymousCredentials
    from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]

    named = METHODS[operation.id]
    described = document(named)
    given = _given(operation, method_of(described, named.name), parameters or {})
    resource = build_from_document(described, credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]
    *resources, last = named.name.split(".")
    try:
        for name in resources:
            resource = getattr(resource, name)()
        request = getattr(resource, last)(**given)
    finally:
        resource.close()
    return Built(request.method, request.uri)


def _given(
    operation: Operation, described: Mapping[str, Any], parameters: Mapping[str, str]
) -> dict[str, Any]:
    """Return the parameters that an operation's path and query give, by Google's names."""
    path = _filled(operation.path, parameters)
    given: dict[str, Any] = _of_path(path, described["path"])
    known = described["parameters"]
    for name, value in operation.query.items():
        text = _filled(value, parameters)
        given[name] = int(text) if known.get(name, {}).get("type") == "integer" else text
    return given


def _of_path(path: str, template: str) -> dict[str, str]:
    """Return what stands in a path where its template has parameters. Raises ValueError."""
    pattern = re.escape(f"/{template}")
    pattern = re.sub(r"\\\{\\\+(\w+)\\\}", r"(?P<\1>.+)", pattern)
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
    found = re.fullmatch(pattern, path)
    if found is None:
        raise ValueError(f"{path} is not of the shape {template}")
    return found.groupdict()


def _filled(text: str, parameters: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda one: parameters.get(one[1], one[0]), text)
