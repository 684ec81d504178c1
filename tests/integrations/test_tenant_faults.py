"""What goes wrong at a contract tenant, as Graph lets it go wrong, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model import Activity, App, Person, Seat, SourceState
from tests.integrations.entra.tenant import CORE, Entra
from tests.integrations.tenant import Seed, Service, faults
from tests.integrations.tenant.asking import (
    CORE_IDS,
    GRANTS,
    PATHS,
    USAGE,
    listed,
    meaning,
    opened,
)
from tests.integrations.tenant.faults import Asked, Fault


def test_f1_a_token_that_is_revoked_on_the_way_is_renewed(tmp_path: Path) -> None:
    service = Service(Seed(1_000), faults={4: faults.token_ends})
    with opened(service, tmp_path) as found:
        assert listed(found)[GRANTS].state is SourceState.COMPLETE
        assert listed(found)[GRANTS].size == 2_000
    assert len(service.login.tokens) == 2


def test_f2_a_missing_consent_denies_one_operation_and_names_the_scope(tmp_path: Path) -> None:
    roles = tuple(one for one in CORE if one != "AuditLog.Read.All")
    with opened(Service(Seed(10), Entra(roles=roles)), tmp_path) as found:
        denied = {key: one for key, one in listed(found).items() if one.state is SourceState.DENIED}
        assert denied.keys() == {"entra.consents"}
        assert "AuditLog.Read.All with Directory.Read.All" in str(denied["entra.consents"].reason)
        assert listed(found)["entra.users"].state is SourceState.COMPLETE


def test_f3_a_licence_that_was_not_bought_is_no_denial(tmp_path: Path) -> None:
    service = Service(Seed(10), always={"/auditlogs/directoryaudits": faults.not_licensed})
    with opened(service, tmp_path) as found:
        consents = listed(found)["entra.consents"]
        assert consents.state is SourceState.NOT_LICENSED
        assert "Microsoft Entra ID P1" in str(consents.reason)


@pytest.mark.parametrize(
    "fault",
    [faults.too_many, faults.unwell, faults.cut, faults.page_expires, faults.empty_page],
    ids=["f4_too_many", "f5_unwell", "f5_cut", "f6_page_expires", "f7_empty_page"],
)
def test_f4_f5_f6_f7_what_passes_costs_nothing(tmp_path: Path, fault: Fault) -> None:
    service = Service(Seed(1_000), faults={4: fault})
    with opened(service, tmp_path) as found:
        grants = listed(found)[GRANTS]
        assert (grants.state, grants.size) == (SourceState.COMPLETE, 2_000)
    assert service.sent()[PATHS[GRANTS]] in (4, 5)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.too_many, "too many requests"),
        (faults.unwell, "answered 503"),
        (faults.page_expires, "new beginnings"),
        (faults.circle, "names a page again"),
        (faults.elsewhere, "graph.example/v1.0/oauth2PermissionGrants: not asked"),
    ],
    ids=["f4_too_many", "f5_unwell", "f6_page_expires", "f7_circle", "f8_elsewhere"],
)
def test_f6_f7_f8_what_stays_is_told_and_others_go_on(
    tmp_path: Path, fault: Fault, said: str
) -> None:
    service = Service(Seed(1_000), always={PATHS[GRANTS]: fault})
    with opened(service, tmp_path) as found:
        grants = listed(found)[GRANTS]
        assert grants.state.is_incomplete
        assert said in str(grants.reason)
        assert listed(found)["entra.users"].state is SourceState.COMPLETE
    assert service.sent()[PATHS[GRANTS]] <= 3 + 3 * 6


def test_f9_strange_fields_are_lost_and_counted_and_nothing_else(tmp_path: Path) -> None:
    seed = Seed(10)
    service = Service(seed, always={"/serviceprincipals": faults.strange_items})
    with opened(service, tmp_path) as found:
        apps = listed(found)["entra.service_principals"]
        told = [one for one in apps.records() if isinstance(one, App)]
        assert len(told) == len(seed.applications)
        assert meaning().of(told[seed.first_ai]) is not None  # by its client id alone
        assert set(apps.bad_fields()) == {"displayName", "replyUrls", "homepage"}


def test_f15_only_what_is_declared_is_asked(tmp_path: Path) -> None:
    service = Service(Seed(60))
    with opened(service, tmp_path, also=[USAGE]):
        pass
    assert service.undeclared() == []
    assert {one.method for one in service.log} == {"GET"}
    service.log.append(Asked("GET", "/v1.0/users/x/messages", {}))
    assert service.undeclared() == ["GET /v1.0/users/x/messages"]


def test_f17_concealed_names_are_nobody_s(tmp_path: Path) -> None:
    roles = (*CORE, "Reports.Read.All")
    for conceals_names, people in ((False, 3), (True, 0)):
        service = Service(Seed(30, conceals_names=conceals_names), Entra(roles=roles))
        folder = tmp_path / str(conceals_names)
        folder.mkdir()
        with opened(service, folder, also=[USAGE]) as found:
            told = list(listed(found)[USAGE].records())
        used = [one for one in told if isinstance(one, Activity)]
        assert len(used) == 3
        assert len([one for one in told if isinstance(one, Person | Seat)]) == 2 * people
        assert all(bool(one.person) is not conceals_names for one in used)
        assert all(("concealed" in one.detail) is conceals_names for one in used)


def test_f18_what_a_person_reads_is_never_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(Seed(10))
    settings = {"sign_in": "device", "client_secret": ""}
    with opened(service, tmp_path, settings=settings) as found:
        listings = [one for one in found.listings() if one.key in CORE_IDS]
        assert listings
        assert not [one.key for one in listings if one.state is SourceState.COMPLETE]
        assert listed(found)[GRANTS].reason == "read as one person, who may not see everything"
    assert "ABC-DEF" in capsys.readouterr().err
