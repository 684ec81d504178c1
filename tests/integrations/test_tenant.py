"""The Entra connector against a contract tenant finds all that is there; and the tenant is held true."""

from __future__ import annotations

from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from scanner.model import App, Assignment, Grant, Owner, Person, Plan, Seat, SourceState
from tests.integrations.entra.tenant import SECRET, Entra, client_certificate
from tests.integrations.tenant import Seed, Service
from tests.integrations.tenant.asking import CORE_IDS, GRANTS, listed, meaning, opened, records
from tests.integrations.tenant.cast import AI
from tests.integrations.tenant.faults import Asked
from tests.integrations.tenant.key import answers
from tests.integrations.tenant.objects import MAIL_READ, id_of
from tests.integrations.tenant.schema import schema_of

# Read whole


@pytest.mark.parametrize("people", [10, 1_000])
def test_a_tenant_is_read_whole_and_found_as_the_key_says(tmp_path: Path, people: int) -> None:
    seed = Seed(people)
    with opened(Service(seed), tmp_path) as found:
        told = records(found)
        states = {key: one.state for key, one in listed(found).items() if key in CORE_IDS}
    assert states == dict.fromkeys(CORE_IDS, SourceState.COMPLETE)
    logins = {one.key: one.login for one in told[Person]}
    products = {one.key: known.product_key for one in told[App] if (known := meaning().of(one))}
    for product, answer in answers(seed).items():
        keys = {key for key, known in products.items() if known == product}
        grants = [one for one in told[Grant] if one.app in keys]
        assert {one.name for one in told[App] if one.key in keys} == answer.apps
        assert {
            logins[one.person] for one in grants if one.person
        } == answer.grantors | answer.owners
        assert any(not one.person and one.scopes[-1] == "Mail.Read" for one in grants) == (
            answer.is_for_all or answer.has_application_rights
        )
        assigned = {
            logins[one.person] for one in told[Assignment] if one.app in keys and one.person
        }
        assert assigned == answer.members
        owners = {logins[one.person] for one in told[Owner] if one.app in keys}
        owners |= {logins[one.granted_by] for one in grants if one.granted_by}
        assert owners == answer.owners
    seats = {logins[one.person] for one in told[Seat]}
    assert seats == {seed.login(one) for one in range(0, people, 10)}
    copilot = Plan("product:m365-copilot", "Microsoft 365 Copilot", seed.seats + 5, seed.seats)
    assert copilot in [one._replace(key="") for one in told[Plan]]
    assert len(logins) == people


def test_names_that_sound_like_ai_are_no_evidence(tmp_path: Path) -> None:
    with opened(Service(Seed(10)), tmp_path) as found:
        apps = {
            one.key: one for one in records(found)[App] if one.key.startswith(id_of("app", 0)[:8])
        }
    assert sum(meaning().of(one) is not None for one in apps.values()) == len(AI)
    assert meaning().of(next(one for one in apps.values() if one.name == "ChatGPT helper")) is None


def test_a_certificate_signs_in_as_well(tmp_path: Path) -> None:
    whole, leaf, _ = client_certificate()
    pem = tmp_path / "client.pem"
    pem.write_text(whole)
    pem.chmod(0o600)
    service = Service(Seed(10), Entra(certificate=leaf))
    settings = {"certificate": "file:client.pem", "client_secret": ""}
    with opened(service, tmp_path, settings=settings) as found:
        assert listed(found)[GRANTS].state is SourceState.COMPLETE
    assert "client_assertion" in service.login.tokens[0]


# The tenant itself is held true


def test_every_answer_is_as_microsoft_s_types_say(tmp_path: Path) -> None:
    service = Service(Seed(60), kept=[])
    with opened(service, tmp_path):
        pass
    assert service.kept is not None
    assert {entity for entity, _ in service.kept} == {
        "servicePrincipal", "oAuth2PermissionGrant", "appRoleAssignment", "user",
        "directoryAudit", "subscribedSku",
    }  # fmt: skip
    checks = {
        entity: jsonschema.Draft202012Validator(schema_of(entity)) for entity, _ in service.kept
    }
    for entity, body in service.kept:
        checks[entity].validate(body)


def test_the_second_implementation_sees_what_is_wrong() -> None:
    check = jsonschema.Draft202012Validator(schema_of("user"))
    good = {"id": "1", "accountEnabled": True, "assignedPlans": [{"servicePlanId": MAIL_READ}]}
    for wrong in (
        {"accountEnabled": "yes"},
        {"colour": 1},
        {"assignedPlans": [{"servicePlanId": "x"}]},
    ):
        page = {"@odata.context": "x", "value": [good | wrong]}
        assert not check.is_valid(page)
    assert check.is_valid({"@odata.context": "x", "value": [good]})


@pytest.mark.parametrize(
    ("method", "path", "query", "status"),
    [
        ("GET", "/v1.0/users", {"$select": "id", "$top": "999"}, 200),
        ("GET", "/v1.0/users", {"$top": "1000"}, 400),
        ("GET", "/v1.0/users", {"$select": "publisherName"}, 400),
        ("GET", "/v1.0/users", {"$expand": "mother"}, 400),
        ("GET", "/v1.0/users", {"colour": "blue"}, 400),
        ("GET", "/v1.0/users", {"$filter": "id eq 'x'"}, 400),
        ("GET", "/v1.0/me/messages", {}, 400),
        ("GET", "/beta/users", {}, 400),
        ("DELETE", "/v1.0/users", {}, 405),
    ],
)  # fmt: skip
def test_what_the_contract_does_not_know_is_refused(
    method: str, path: str, query: dict[str, str], status: int
) -> None:
    service = Service(Seed(10))
    form = {"grant_type": "client_credentials", "client_secret": SECRET}
    token = service.login.answer("/x/oauth2/v2.0/token", {}, form, "")[1]["access_token"]
    assert service.answer(Asked(method, path, query, token=token), {}).status == status
