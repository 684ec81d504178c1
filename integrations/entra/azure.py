"""What Azure Resource Graph says: AI resources of subscriptions, models, and Copilot Studio's agents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from integrations.entra.products import AI_FOUNDRY, AZURE_OPENAI, COPILOT_STUDIO, product_of
from integrations.fields import Item
from scanner.model import Asset, Record

_ACCOUNT = "microsoft.cognitiveservices/accounts"
_WITH_MODELS = (AZURE_OPENAI, AI_FOUNDRY)

RESOURCES_QUERY = """resources
| where type in~ ('microsoft.cognitiveservices/accounts',
    'microsoft.cognitiveservices/accounts/projects',
    'microsoft.machinelearningservices/workspaces',
    'microsoft.botservice/botservices',
    'microsoft.search/searchservices')
| project id, name, type, kind, location, resourceGroup, subscriptionId,
    created = tostring(properties.dateCreated), endpoint = tostring(properties.endpoint),
    owner = tostring(tags.owner)
| order by id asc"""

AGENTS_QUERY = """PowerPlatformResources
| where type in~ ('microsoft.copilotstudio/agents', 'microsoft.powerautomate/agentflows',
    'microsoft.powerautomate/m365agentflows')
| project name, type, location, displayName = tostring(properties.displayName),
    createdAt = tostring(properties.createdAt), ownerId = tostring(properties.ownerId),
    createdBy = tostring(properties.createdBy), environmentId = tostring(properties.environmentId),
    lastPublishedAt = tostring(properties.lastPublishedAt)
| order by name asc"""


def resource(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a resource of a subscription that serves AI."""
    id_ = item.text("id")
    if not id_:
        return
    product = product_of(item.text("type"), item.text("kind"))
    where = item.text("location"), _host(item.text("endpoint"))
    yield product.app()
    yield Asset(
        product.key,
        item.text("kind") or item.text("type").rpartition("/")[2],
        id_.lower(),
        item.text("name"),
        item.text("owner"),
        item.time("created"),
        detail=", ".join(one for one in where if one),
    )


def _host(address: str) -> str:
    """Return the host of an address; "" if it is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def has_models(item: Item) -> bool:
    """Whether models can be deployed in a resource."""
    named = item.text("type").lower()
    return named == _ACCOUNT and product_of(named, item.text("kind")) in _WITH_MODELS


def agent(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an agent or an agent flow that somebody made in Copilot Studio."""
    key = item.text("name")
    if not key:
        return
    environment, published = item.text("environmentId"), item.text("lastPublishedAt")
    details = (
        f"environment {environment}" if environment else "",
        f"published {published}" if published else "",
    )
    is_flow = "flow" in item.text("type").lower()
    yield COPILOT_STUDIO.app()
    yield Asset(
        COPILOT_STUDIO.key,
        "agent flow" if is_flow else "agent",
        key,
        item.text("displayName"),
        item.text("ownerId") or item.text("createdBy"),
        item.time("createdAt"),
        detail="; ".join(one for one in details if one),
    )


def deployment(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a model that was deployed in an account of Azure OpenAI or AI Foundry."""
    id_ = item.text("id")
    if not id_:
        return
    model = item.at("properties").at("model")
    named = model.text("format"), model.text("name"), model.text("version")
    system = item.at("systemData")
    product = AI_FOUNDRY if parameters.get("kind", "").lower() == "aiservices" else AZURE_OPENAI
    yield product.app()
    yield Asset(
        product.key,
        "model deployment",
        id_.lower(),
        item.text("name"),
        system.text("createdBy") if system.text("createdByType") == "User" else "",
        system.time("createdAt"),
        detail=" ".join(one for one in named if one),
    )
