"""What is deployed in one project of Google Cloud: endpoints, agents and engines.

The search for assets sees the same in a few requests for a whole organization; these are for those
who may not search it. Vertex AI is one service for each region, and one region is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from integrations.fields import Item
from integrations.google.answers import AUTH, NEXT_PAGE, mask
from integrations.google.cloud import ALL, SEARCH, VERTEX
from integrations.google.suite import cloud_api, cloud_key
from integrations.operations import Operation, Paging, Profile
from scanner.model import Asset, Record


def endpoint_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an endpoint of Vertex AI and the models that answer there."""
    if name := item.text("name"):
        models = [one.text("displayName") for one in item.items("deployedModels")]
        yield cloud_api(VERTEX)
        yield Asset(
            cloud_key(VERTEX),
            "endpoint",
            name,
            name=item.text("displayName"),
            created=item.time("createTime"),
            detail=", ".join(filter(None, models)),
        )


def agent_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an agent that runs in Vertex AI."""
    if name := item.text("name"):
        spec = item.at("spec")
        yield cloud_api(VERTEX)
        yield Asset(
            cloud_key(VERTEX),
            "agent",
            name,
            name=item.text("displayName"),
            owner=spec.text("serviceAccount"),
            created=item.time("createTime"),
            detail=spec.text("agentFramework"),
        )


def engine_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an engine of Gemini Enterprise or Vertex AI Search."""
    if name := item.text("name"):
        kind = item.text("solutionType").removeprefix("SOLUTION_TYPE_").lower()
        yield cloud_api(SEARCH)
        yield Asset(
            cloud_key(SEARCH),
            "engine",
            name,
            name=item.text("displayName"),
            created=item.time("createTime"),
            detail=kind.replace("_", " "),
        )


_PLACE: Final = "/v1/projects/{project}/locations/{location}"
_REFERENCE: Final = "https://docs.cloud.google.com/{}/docs/reference/rest/v1/projects.locations."
_ENDPOINT_FIELDS: Final = ("name", "displayName", "createTime", "deployedModels[].displayName")
ENDPOINTS: Final = Operation(
    id="google.endpoints",
    title="Endpoints of Vertex AI",
    host="aiplatform",
    path=f"{_PLACE}/endpoints",
    why="which models are deployed, in one region; the search for assets sees all regions",
    fields=_ENDPOINT_FIELDS,
    parse=endpoint_records,
    reference=_REFERENCE.format("vertex-ai") + "endpoints/list",
    query={"pageSize": "100", "fields": mask("endpoints", _ENDPOINT_FIELDS)},
    items="endpoints",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=100,
    scopes=((ALL,), (f"{AUTH}aiplatform",)),
    can_write=True,
    profile=Profile.OPT_IN,
)
_AGENT_FIELDS: Final = (
    "name",
    "displayName",
    "createTime",
    "spec.agentFramework",
    "spec.serviceAccount",
)
AGENTS: Final = Operation(
    id="google.agents",
    title="Agents in Vertex AI",
    host="aiplatform",
    path=f"{_PLACE}/reasoningEngines",
    why="which agents run, on whose account, in one region",
    fields=_AGENT_FIELDS,
    parse=agent_records,
    reference=_REFERENCE.format("vertex-ai") + "reasoningEngines/list",
    query={"pageSize": "100", "fields": mask("reasoningEngines", _AGENT_FIELDS)},
    items="reasoningEngines",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=100,
    scopes=((ALL,), (f"{AUTH}aiplatform",)),
    can_write=True,
    profile=Profile.OPT_IN,
    people=("spec.serviceAccount",),
)
_ENGINE_FIELDS: Final = ("name", "displayName", "createTime", "solutionType")
ENGINES: Final = Operation(
    id="google.engines",
    title="Engines of Gemini Enterprise",
    host="discovery",
    path="/v1/projects/{project}/locations/global/collections/default_collection/engines",
    why="which assistants and searches were made with Gemini Enterprise",
    fields=_ENGINE_FIELDS,
    parse=engine_records,
    reference=_REFERENCE.format("generative-ai-app-builder") + "collections.engines/list",
    query={"fields": mask("engines", _ENGINE_FIELDS)},
    items="engines",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    scopes=((ALL,), (f"{AUTH}discoveryengine.readwrite",)),
    can_write=True,
    profile=Profile.OPT_IN,
)

OPERATIONS: Final = (ENDPOINTS, AGENTS, ENGINES)
