"""What is switched on and deployed in Google Cloud."""

from integrations.fields import Item
from integrations.google.cloud import asset_records, key_records, service_records
from integrations.google.suite import cloud_api
from integrations.google.vertex import agent_records, endpoint_records, engine_records
from scanner.model import App, Asset, Identifier
from tests.integrations.google.times import at

VERTEX = "aiplatform.googleapis.com"
MADE = "2026-03-04T05:06:07Z"


def test_an_api_that_is_on() -> None:
    item = Item(
        {
            "name": f"projects/123/services/{VERTEX}",
            "state": "ENABLED",
            "config": {"name": VERTEX, "title": "Vertex AI API"},
        }
    )
    assert list(service_records(item, {})) == [
        App(
            f"api:{VERTEX}",
            name="Vertex AI API",
            kind="API",
            identifiers=((Identifier.HOST, VERTEX),),
        ),
        Asset(f"api:{VERTEX}", "enabled API", f"projects/123/services/{VERTEX}"),
    ]


def test_an_api_that_is_off() -> None:
    assert (
        list(service_records(Item({"name": "projects/1/services/a", "state": "DISABLED"}), {}))
        == []
    )


def test_a_key_for_two_apis() -> None:
    item = Item(
        {
            "name": "projects/123/locations/global/keys/k1",
            "displayName": "chatbot",
            "createTime": MADE,
            "restrictions": {
                "apiTargets": [
                    {"service": "generativelanguage.googleapis.com"},
                    {"service": "maps.googleapis.com"},
                ]
            },
        }
    )
    found = [one for one in key_records(item, {}) if isinstance(one, Asset)]
    assert found == [
        Asset(f"api:{host}", "API key", "projects/123/locations/global/keys/k1", "chatbot",
              created=at(MADE))
        for host in ("generativelanguage.googleapis.com", "maps.googleapis.com")
    ]  # fmt: skip


def test_a_key_for_everything() -> None:
    api, key = key_records(Item({"name": "projects/1/locations/global/keys/k"}), {})
    assert api == cloud_api("generativelanguage.googleapis.com")
    assert key == Asset(
        "api:generativelanguage.googleapis.com",
        "API key",
        "projects/1/locations/global/keys/k",
        detail="not restricted to any API",
    )


def test_what_a_search_finds() -> None:
    service = Item(
        {
            "assetType": "serviceusage.googleapis.com/Service",
            "name": f"//serviceusage.googleapis.com/projects/123/services/{VERTEX}",
            "state": "ENABLED",
        }
    )
    model = Item(
        {
            "assetType": f"{VERTEX}/Model",
            "name": f"//{VERTEX}/projects/p/locations/us-central1/models/9",
            "displayName": "churn",
            "createTime": MADE,
        }
    )
    assert [*asset_records(service, {}), *asset_records(model, {})] == [
        cloud_api(VERTEX),
        Asset(f"api:{VERTEX}", "enabled API", f"projects/123/services/{VERTEX}"),
        cloud_api(VERTEX),
        Asset(f"api:{VERTEX}", "model", "projects/p/locations/us-central1/models/9", "churn",
              created=at(MADE)),
    ]  # fmt: skip
    other = Item({"assetType": f"{VERTEX}/Dataset", "name": f"//{VERTEX}/projects/p/datasets/1"})
    assert list(asset_records(other, {})) == []


def test_an_endpoint_an_agent_and_an_engine() -> None:
    endpoint = Item(
        {
            "name": "projects/p/locations/r/endpoints/1",
            "displayName": "chat",
            "createTime": MADE,
            "deployedModels": [{"displayName": "gemma"}, {"displayName": "llama"}],
        }
    )
    agent = Item(
        {
            "name": "projects/p/locations/r/reasoningEngines/2",
            "displayName": "sorter",
            "createTime": MADE,
            "spec": {
                "agentFramework": "google-adk",
                "serviceAccount": "s@p.iam.gserviceaccount.com",
            },
        }
    )
    engine = Item(
        {
            "name": "projects/p/locations/global/collections/default_collection/engines/3",
            "displayName": "help",
            "createTime": MADE,
            "solutionType": "SOLUTION_TYPE_GENERATIVE_CHAT",
        }
    )
    search = "discoveryengine.googleapis.com"
    assert [
        *endpoint_records(endpoint, {}),
        *agent_records(agent, {}),
        *engine_records(engine, {}),
    ] == [
        cloud_api(VERTEX),
        Asset(f"api:{VERTEX}", "endpoint", "projects/p/locations/r/endpoints/1", "chat",
              created=at(MADE), detail="gemma, llama"),
        cloud_api(VERTEX),
        Asset(f"api:{VERTEX}", "agent", "projects/p/locations/r/reasoningEngines/2", "sorter",
              owner="s@p.iam.gserviceaccount.com", created=at(MADE), detail="google-adk"),
        cloud_api(search),
        Asset(f"api:{search}", "engine",
              "projects/p/locations/global/collections/default_collection/engines/3", "help",
              created=at(MADE), detail="generative chat"),
    ]  # fmt: skip
