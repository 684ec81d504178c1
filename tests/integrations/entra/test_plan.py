"""The order in which Entra is asked, and one collection from signing in to the last page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from integrations.accounts import ConnectorInput
from integrations.entra import CONNECTOR
from integrations.fields import Item
from integrations.network import Network
from integrations.operations import Operation
from scanner.config import NetworkSettings, SourceSettings
from scanner.model import App, Grant, Signature, Tenant
from scanner.privacy import Pseudonyms
from tests.integrations.entra.tenant import CLIENT, TENANT, Entra, client_certificate, served

CHATGPT = "e0476654-c1d5-430b-ab80-70cbd947616a"
APP = "5c0e6c1f-7e5a-4a86-9f0e-0d4d6c0a7a11"
GRAPH = "8e881353-1735-45af-af21-ee1344582a4d"
NAMES = f'{{"{GRAPH}": "Microsoft Graph"}}'
OTHER = "263a5b01-03e5-408e-8557-bab681df104c"

PAGES: dict[str, list[dict[str, Any]]] = {
    "entra.service_principals": [
        {"id": GRAPH, "appId": "00000003-0000-0000-c000-000000000000"},
        {"id": APP, "appId": CHATGPT, "displayName": "ChatGPT"},
        {"id": OTHER, "appId": "33333333-2222-3333-4444-555555555555"},
    ],
    "entra.detected_apps": [{"id": "s1", "displayName": "com.openai.chat"}],
    "entra.discovery_streams": [{"id": "global"}],
    "entra.discovered_apps": [
        {"id": "1", "domains": ["chatgpt.com"]},
        {"id": "2", "domains": ["example.com"]},
    ],
    "entra.copilot_usage": [{"userPrincipalName": "DC8C64D6EC3A3AA17481D7E5EB5B68A6"}],
    "entra.discovered_users": [{"userIdentifier": "ana@example.com"}],
    "entra.assignments": [
        {"principalId": "g1", "principalType": "Group", "resourceId": APP,
         "principalDisplayName": "Design"},
        {"principalId": "p1", "principalType": "User", "resourceId": APP},
    ],
    "entra.azure_resources": [
        {"id": "x", "name": "acc", "type": "microsoft.cognitiveservices/accounts",
         "kind": "OpenAI", "subscriptionId": "sub", "resourceGroup": "rg"},
    ],
}  # fmt: skip


class FakeRun:
    """A run that was asked everything and answers from pages."""

    settings: Mapping[str, str] = {}
    tenant = Tenant("entra", TENANT)

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.notes: list[tuple[str, str]] = []

    def read_each(self, operation: Operation, parameters: Iterable[Mapping[str, str]]) -> None:
        for one in parameters:
            self.read(operation, **one)

    def read(self, operation: Operation, **parameters: str) -> bool:
        self.asked.append((operation.id.removeprefix("entra."), parameters))
        return True

    def wants(self, operation: Operation) -> bool:
        return True

    def note(self, operation: Operation, text: str) -> None:
        self.notes.append((operation.id, text))

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        for name, parameters in list(self.asked):
            if f"entra.{name}" == operation.id:
                for item in PAGES.get(operation.id, ()):
                    yield parameters, Item(item)

    def ai_apps(self) -> Iterator[tuple[App, Signature]]:
        for operation in CONNECTOR.operations:
            for parameters, item in self.items(operation):
                for one in operation.parse(item, parameters):
                    if isinstance(one, App) and is_openai(one):
                        yield one, None  # type: ignore[misc]

    def since(self, operation: Operation, days: int) -> str:
        assert not operation.is_state
        return "2026-10-22T00:00:00Z"


def is_openai(app: App) -> bool:
    return app.client_id == CHATGPT or "https://chatgpt.com" in app.urls or bool(app.identifiers)


def test_applications_come_first_and_only_those_that_are_ai_are_asked_about() -> None:
    run: Any = FakeRun()  # as much of a Run as is asked here
    CONNECTOR.collect(run)
    names = [name for name, _ in run.asked]
    assert names[0] == "service_principals"
    assert names.index("detected_apps") < names.index("delegated_grants")
    assert {name: parameters for name, parameters in run.asked if parameters} == {
        "service_principals": {"tenant": TENANT},
        "discovered_apps": {"stream": "global"},
        "delegated_grants": {"names": NAMES},
        "app_roles": {"resource": GRAPH},
        "assignments": {"resource": APP},
        "group_members": {"group": "g1", "app": APP, "group_name": "Design"},
        "consents": {
            "activity": "Add service principal",
            "since": "2026-10-22T00:00:00Z",
            "names": NAMES,
        },
        "sign_ins": {"client": CHATGPT, "app": APP, "since": "2026-10-22T00:00:00Z"},
        "devices": {"detected": "s1"},
        "discovered_users": {"stream": "global", "app": "1"},
        "deployments": {"subscription": "sub", "group": "rg", "account": "acc", "kind": "OpenAI"},
    }
    assert {name: number for name, number in Counter(names).items() if number > 1} == {
        "consents": 4
    }
    concealed = "people's names are concealed by a setting of the tenant"
    assert run.notes == [("entra.copilot_usage", concealed)]
    assert {f"entra.{name}" for name in names} == {one.id for one in CONNECTOR.operations} - {
        "entra.organisation"
    }


def test_a_tenant_says_who_it_is(tmp_path: Path) -> None:
    """From a certificate to records: msal, the transport and the shelf as they are."""
    whole, leaf, _ = client_certificate()
    entra = Entra(
        certificate=leaf,
        pages={
            "/v1.0/organization": [
                {"id": TENANT, "displayName": "Harbour & Pine",
                 "verifiedDomains": [{"name": "example.com"}]}
            ],
            "/v1.0/servicePrincipals": PAGES["entra.service_principals"],
            "/v1.0/oauth2PermissionGrants": [
                {"id": str(number), "clientId": APP, "resourceId": GRAPH, "scope": "Mail.Read",
                 "consentType": "Principal", "principalId": f"p{number}"}
                for number in range(5)
            ],
        },
    )  # fmt: skip
    with served(entra) as certificates:
        (tmp_path / "key.pem").write_text(whole)
        (tmp_path / "key.pem").chmod(0o600)
        hosts = {f"{name}_host": entra.base for name in ("login", "graph", "management")}
        source = SourceSettings(
            connector="entra",
            settings={"tenant": "example.com", "client_id": CLIENT,
                      "certificate": "file:key.pem", **hosts},
        )  # fmt: skip
        account = ConnectorInput(
            CONNECTOR,
            source,
            Network(NetworkSettings(ca_file=str(certificates)), {}),
            tmp_path,
            tmp_path / "shelf.pages",
            Pseudonyms(b"k" * 32),
            lambda *_: None,
        )
        with account.open(lambda app: object() if is_openai(app) else None) as found:  # type: ignore[arg-type, return-value]
            listings = {one.key: one for one in found.listings()}
            assert found.tenant == Tenant("entra", TENANT, "Harbour & Pine", ("example.com",))
            states = {key: one.state.value for key, one in listings.items()}
            grants = list(listings["entra.delegated_grants"].records())
    assert states["entra.delegated_grants"] == states["entra.consents"] == "complete"
    assert states["entra.sign_in_activity"] == "skipped"
    assert [one.person for one in grants if isinstance(one, Grant)] == [
        "p0",
        "p1",
        "p2",
        "p3",
        "p4",
    ]
    assert entra.asked.count("/v1.0/oauth2PermissionGrants") == 3
    assert f"/v1.0/servicePrincipals/{APP}/appRoleAssignedTo" in entra.asked
    assert f"/v1.0/servicePrincipals/{OTHER}/appRoleAssignedTo" not in entra.asked
    assert not any("beta" in path or "signIns" in path for path in entra.asked)
    assert len(entra.tokens) == 1
