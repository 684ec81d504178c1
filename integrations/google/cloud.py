"""Google Cloud: which projects have AI switched on, what is deployed there, which keys open it.

Asked by the service account in its own name, not in an administrator's: here access comes from
roles, such as Service Usage Viewer. A project that it may not see does not appear at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from integrations.fields import Item
from integrations.google.answers import AUTH, NEXT_PAGE, mask
from integrations.google.directory import no_records
from integrations.google.suite import cloud_api, cloud_key
from integrations.operations import Operation, Paging, Profile
from scanner.model import Asset, Record

ALL: Final = f"{AUTH}cloud-platform"
READ: Final = f"{AUTH}cloud-platform.read-only"
GEMINI_API: Final = "generativelanguage.googleapis.com"
VERTEX: Final = "aiplatform.googleapis.com"
SEARCH: Final = "discoveryengine.googleapis.com"
# Hosts where the service account asks in its own name.
HOSTS: Final = {
    "projects": "https://cloudresourcemanager.googleapis.com",
    "services": "https://serviceusage.googleapis.com",
    "keys": "https://apikeys.googleapis.com",
    "assets": "https://cloudasset.googleapis.com",
    "aiplatform": "https://us-central1-aiplatform.googleapis.com",
    "discovery": "https://discoveryengine.googleapis.com",
}
# What each asset is, by its type; whatever else a search brings is left alone.
_KINDS: Final = {
    f"{VERTEX}/Endpoint": (VERTEX, "endpoint"),
    f"{VERTEX}/Model": (VERTEX, "model"),
    f"{VERTEX}/ReasoningEngine": (VERTEX, "agent"),
    f"{SEARCH}/Engine": (SEARCH, "engine"),
}
# What is searched for, and the search's own filter: one request each, for a whole organization.
SEARCHES: Final = (
    ("serviceusage.googleapis.com/Service", "state:ENABLED"),
    (f"{VERTEX}/(Endpoint|Model|ReasoningEngine)", ""),
    (f"{SEARCH}/Engine", ""),
)


def service_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an API that is switched on in a project."""
    host = item.at("config").text("name") or item.text("name").rpartition("/")[2]
    if host and item.text("state") == "ENABLED":
        yield cloud_api(host, item.at("config").text("title"))
        yield Asset(cloud_key(host), "enabled API", item.text("name") or host)


def key_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an API key, once for each API that it opens. The key itself is never read.

    One without restrictions opens all that is switched on; only projects with the Gemini API are
    asked, so it opens that.
    """
    if not (key := item.text("name")):
        return
    targets = [one.text("service") for one in item.at("restrictions").items("apiTargets")]
    for host in dict.fromkeys(filter(None, targets)) or (GEMINI_API,):
        yield cloud_api(host)
        yield Asset(
            cloud_key(host),
            "API key",
            key,
            name=item.text("displayName"),
            owner=item.text("serviceAccountEmail"),
            created=item.time("createTime"),
            detail="" if any(targets) else "not restricted to any API",
        )


def asset_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield what a search in the whole organization found."""
    name, kind = item.text("name"), item.text("assetType")
    if kind == "serviceusage.googleapis.com/Service":
        host = name.rpartition("/")[2]
        if host and item.text("state") == "ENABLED":
            yield cloud_api(host)
            yield Asset(cloud_key(host), "enabled API", _resource(name))
    elif name and kind in _KINDS:
        host, what = _KINDS[kind]
        yield cloud_api(host)
        yield Asset(
            cloud_key(host),
            what,
            _resource(name),
            name=item.text("displayName"),
            created=item.time("createTime"),
        )


def _resource(name: str) -> str:
    """Return a resource as its own API calls it: without the host that an asset has in front."""
    return name.partition("://")[2] or name.removeprefix("//").partition("/")[2] or name


PROJECTS: Final = Operation(
    id="google.projects",
    title="Projects of Google Cloud",
    host="projects",
    path="/v3/projects:search",
    why="which projects there are to ask about; needs Browser on the organization",
    fields=("projectId",),
    parse=no_records,
    reference="https://docs.cloud.google.com/resource-manager/reference/rest/v3/projects/search",
    query={"query": "state:ACTIVE", "pageSize": "300", "fields": mask("projects", ("projectId",))},
    items="projects",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=300,
    scopes=((READ,), (ALL,)),
    profile=Profile.PLUS,
)
_SERVICE_FIELDS: Final = ("name", "state", "config.name", "config.title")
SERVICES: Final = Operation(
    id="google.services",
    title="APIs that are switched on",
    host="services",
    path="/v1/projects/{project}/services",
    why="which projects have Vertex AI, the Gemini API or another AI service switched on; "
    "needs Service Usage Viewer",
    fields=_SERVICE_FIELDS,
    parse=service_records,
    reference="https://docs.cloud.google.com/service-usage/docs/reference/rest/v1/services/list",
    query={
        "filter": "state:ENABLED",
        "pageSize": "200",
        "fields": mask("services", _SERVICE_FIELDS),
    },
    items="services",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=200,
    scopes=((READ,), (ALL,)),
    profile=Profile.PLUS,
)
_KEY_FIELDS: Final = (
    "name",
    "displayName",
    "createTime",
    "serviceAccountEmail",
    "restrictions.apiTargets[].service",
)
KEYS: Final = Operation(
    id="google.keys",
    title="Keys for the Gemini API",
    host="keys",
    path="/v2/projects/{project}/locations/global/keys",
    why="how many keys open the Gemini API, and since when; needs API Keys Viewer. "
    "The keys themselves are not read",
    fields=_KEY_FIELDS,
    parse=key_records,
    reference="https://docs.cloud.google.com/api-keys/docs/reference/rest/v2/"
    "projects.locations.keys/list",
    query={"pageSize": "300", "fields": mask("keys", _KEY_FIELDS)},
    items="keys",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=300,
    scopes=((READ,), (f"{AUTH}apikeys.readonly",), (f"{AUTH}apikeys",), (ALL,)),
    profile=Profile.PLUS,
    people=("serviceAccountEmail",),
)
_ASSET_FIELDS: Final = ("name", "assetType", "displayName", "createTime", "state")
ASSETS: Final = Operation(
    id="google.assets",
    title="Assets of the whole organization",
    host="assets",
    path="/v1/organizations/{organization}:searchAllResources",
    why="AI services, models, endpoints and agents of all projects in a few requests; "
    "needs Cloud Asset Viewer on the organization. Its one scope could also write, its role cannot",
    fields=_ASSET_FIELDS,
    parse=asset_records,
    reference="https://docs.cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/"
    "searchAllResources",
    query={
        "assetTypes": "{assetType}",
        "query": "{query}",
        "pageSize": "500",
        "readMask": ",".join(_ASSET_FIELDS),
        "fields": mask("results", _ASSET_FIELDS),
    },
    items="results",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=500,
    scopes=((ALL,),),
    can_write=True,
    profile=Profile.OPT_IN,
)
OPERATIONS: Final = (PROJECTS, SERVICES, KEYS, ASSETS)
