"""``gnomon scan`` of a contract tenant: from gnomon.toml into the database and out of it again.

What a scan found stays when the next one may not look; a recording finds the same; a large tenant
takes little memory and no more requests than were planned.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from integrations.entra import CONNECTOR
from integrations.operations import Profile
from integrations.pace import SystemClock
from scanner.errors import ExitCode
from tests.integrations.entra.tenant import CORE
from tests.integrations.tenant import Seed, Service, client_source, served
from tests.integrations.tenant.cast import AI
from tests.integrations.tenant.key import COPILOT, answers
from tests.integrations.tenant.objects import id_of
from tests.integrations.tenant.seed import DOMAIN
from tests.running import ROOT, gnomon

PATHS = {
    "entra.organisation": "/organization",
    "entra.service_principals": "/serviceprincipals",
    "entra.delegated_grants": "/oauth2permissiongrants",
    "entra.group_members": "/groups/{}/transitivemembers",
    "entra.consents": "/auditlogs/directoryaudits",
    "entra.subscriptions": "/subscribedskus",
    "entra.users": "/users",
}
ASSIGNED = "/serviceprincipals/{}/approleassignedto"
# ``make test-contract`` takes the half minute that a hundred thousand people take.
LARGE = 100_000 if os.environ.get("GNOMON_CONTRACT") else 20_000
ROOM = 150  # MiB that a large tenant may take beyond a small one


def seed_of(people: int, one_in: int = 1) -> Seed:
    return Seed(people, datetime.now(UTC).replace(microsecond=0), one_in)


@contextmanager
def configured(service: Service, folder: Path) -> Iterator[Path]:
    """Serve a tenant, with a gnomon.toml in the folder that names it and the working folder in it."""
    with served(service) as certificates, pytest.MonkeyPatch.context() as patch:
        settings = client_source(service, folder)
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        (folder / "gnomon.toml").write_text(
            f'[network]\nproxy = ""\nca_file = "{certificates}"\n'
            '[[sources]]\nconnector = "entra"\n[sources.settings]\n' + "\n".join(lines)
        )
        patch.chdir(folder)
        patch.setattr(SystemClock, "sleep", mock.Mock())
        yield folder


def inventory(*arguments: object) -> dict[str, dict[str, Any]]:
    """Return every system of the inventory with all that is known of it, by product."""
    products = [
        one["product"] for one in gnomon("inventory", "list", "--format", "json", *arguments).json()
    ]
    return {
        one: gnomon("inventory", "show", one, "--format", "json", *arguments).json()
        for one in products
    }


def known(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what is to be the same of an inventory whoever wrote it: no times of scans, no digests."""
    return {
        product: {
            "users": one["users"],
            "apps": [row["name"] for row in one["apps"]],
            "access": [(row["scope"], row["people"], row["is_for_all"]) for row in one["access"]],
            "plans": [(row["plan"], row["bought"], row["assigned"]) for row in one["plans"]],
            "owners": sorted({row["confidence"] for row in one["owner_candidates"]}),
            "evidence": [(row["channel"], row["action"], row["actors"]) for row in one["evidence"]],
        }
        for product, one in found.items()
    }


@pytest.mark.parametrize("people", [10, 1_000])
def test_a_scan_finds_exactly_what_the_key_says(tmp_path: Path, people: int) -> None:
    seed = seed_of(people)
    service = Service(seed)
    with configured(service, tmp_path):
        assert gnomon("scan").code == ExitCode.DONE
        found = inventory()
    key = answers(seed)
    assert found.keys() == key.keys() | {COPILOT}
    for product, answer in key.items():
        told = found[product]
        assert told["status"] == "new"
        assert {one["name"] for one in told["apps"]} == answer.apps
        assert told["users"] == len(answer.grantors | answer.members | answer.owners)
        owners = {one["owner"].removesuffix(" (has left)") for one in told["owner_candidates"]}
        assert owners == answer.owners
        assert any(one["is_for_all"] for one in told["access"]) is (
            answer.is_for_all or answer.has_application_rights
        )
    chatgpt = found["openai/chatgpt"]
    assert chatgpt["name"] == "ChatGPT"
    assert {one["scope"] for one in chatgpt["access"]} == {
        "openid", "profile", "User.Read", "Mail.Read", "Files.Read.All",
    }  # fmt: skip
    plan = {"plan": "Microsoft 365 Copilot", "bought": seed.seats + 5, "assigned": seed.seats}
    assert any(plan.items() <= one.items() for one in found[COPILOT]["plans"])
    assert found[COPILOT]["users"] == seed.seats


def test_f2_what_was_found_stays_when_the_next_scan_may_not_look(tmp_path: Path) -> None:
    service = Service(seed_of(60))
    with configured(service, tmp_path):
        assert gnomon("scan").code == ExitCode.DONE
        before = inventory()
        service.login.roles = ("Directory.Read.All", "Application.ReadWrite.OwnedBy")
        service.always = {"/oauth2permissiongrants": _denied, "/subscribedskus": _denied}
        again = gnomon("scan", "--format", "json")
        after = inventory()
    assert again.code == ExitCode.INCOMPLETE
    denied = {
        one["source"]: one["reason"] for one in again.json()["sources"] if one["status"] == "denied"
    }
    assert {one.removeprefix("entra ") for one in denied} == {
        "Delegated permissions", "Consents in the audit log", "Subscriptions",
    }  # fmt: skip
    assert "Directory.Read.All" in denied["entra Delegated permissions"]
    assert "AuditLog.Read.All" in denied["entra Consents in the audit log"]
    assert known(after) == known(before)


def test_f2_nothing_is_lost_when_people_may_not_be_listed_any_more(tmp_path: Path) -> None:
    service = Service(seed_of(60))
    with configured(service, tmp_path):
        gnomon("scan")
        before = inventory()
        service.always = {"/users": _denied}
        assert gnomon("scan").code == ExitCode.INCOMPLETE
        after = inventory()
    for product, one in known(before).items():
        again = known(after)[product]
        assert {**again, "users": 0, "evidence": []} == {**one, "users": 0, "evidence": []}
        assert again["users"] >= one["users"]


def _denied(_service: Service, _asked: object, _reply: object) -> Any:
    from tests.integrations.tenant.faults import refusal

    return refusal(403, "Authorization_RequestDenied", "Insufficient privileges.")


def test_f2_a_scan_that_may_look_again_tells_what_is_gone(tmp_path: Path) -> None:
    service = Service(seed_of(60))
    with configured(service, tmp_path):
        gnomon("scan")
        service.seed = seed_of(60, one_in=60)  # one person's grants are left
        assert gnomon("scan").code == ExitCode.DONE
        after = inventory()
    otter = [
        one["scope"] for one in after["otter-ai/otter"]["access"] if "permissions" in one["source"]
    ]
    assert otter == []


def test_a_recording_finds_the_same_in_another_database(tmp_path: Path) -> None:
    record, other = tmp_path / "recorded", tmp_path / "other.db"
    record.mkdir()
    with configured(Service(seed_of(60)), tmp_path):
        assert gnomon("scan", "--record", record).code == ExitCode.DONE
        asked = inventory()
        (tmp_path / "gnomon.toml").write_text("")
        assert gnomon("scan", "--db", other, record).code == ExitCode.DONE
        read = inventory("--db", other)
    assert without_users(read) == without_users(asked)
    texts = [one.read_text() for one in record.iterdir()]
    assert texts
    assert not [text for text in texts if f"person1@{DOMAIN}" in text]


def without_users(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {product: {**one, "users": 0} for product, one in known(found).items()}


def test_a_recording_holds_nobody_s_id_and_joins_all_people(tmp_path: Path) -> None:
    record, other = tmp_path / "recorded", tmp_path / "other.db"
    record.mkdir()
    seed = seed_of(60)
    with configured(Service(seed), tmp_path):
        gnomon("scan", "--record", record)
        asked = inventory()
        (tmp_path / "gnomon.toml").write_text("")
        gnomon("scan", "--db", other, record)
        read = inventory("--db", other)
    texts = "".join(one.read_text() for one in record.iterdir())
    assert not [one for one in range(60) if id_of("user", one) in texts]
    assert known(read) == known(asked)


# Large tenants


def planned(people: int) -> dict[str, int]:
    rows = gnomon("sources", "plan", "entra", "--people", people, "--format", "json").json()
    return {one["operation"]: one["requests"] for one in rows if one["operation"] != "all"}


def sent(service: Service) -> dict[str, int]:
    """Return how often each operation was sent; the two of one path are told apart by the object."""
    counts = service.sent()
    of_ai = {service.seed.ai_id(one) for one in range(len(AI))}
    assignments = sum(
        one.path.split("/")[3] in of_ai for one in service.log if "appRole" in one.path
    )
    return {name: counts[path] for name, path in PATHS.items()} | {
        "entra.assignments": assignments,
        "entra.app_roles": counts[ASSIGNED] - assignments,
    }


@pytest.mark.parametrize("people", [100, 1_000])
def test_f10_the_plan_agrees_with_what_is_sent(tmp_path: Path, people: int) -> None:
    service = Service(seed_of(people))
    with configured(service, tmp_path):
        assert gnomon("scan").code == ExitCode.DONE
        expected = planned(people)
    assert {one.id for one in CONNECTOR.of_profile(Profile.CORE)} == sent(service).keys()
    assert sent(service) == expected


def test_f10_a_large_tenant_takes_little_memory_and_the_planned_requests(tmp_path: Path) -> None:
    peaks: list[int] = []
    for size in (10, LARGE):
        folder = tmp_path / str(size)
        folder.mkdir()
        service = Service(seed_of(size, one_in=10))
        with configured(service, folder):
            if not peaks:
                _peak(folder)  # makes the signatures ready, which takes memory once
            peaks.append(_peak(folder))
            expected = planned(size)
    assert sent(service) == expected
    assert len(service.seed.grants) == 2 * LARGE
    assert peaks[1] - peaks[0] < ROOM, peaks


def _peak(folder: Path) -> int:
    """Scan in a process of its own; returns the memory that it took at most, in MiB."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.integrations.tenant.measure", "scan", "--format", "json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == ExitCode.DONE, ran.stderr
    states = {one["status"] for one in json.loads(ran.stdout)["sources"]}
    assert states <= {"complete", "skipped"}
    return int(ran.stderr.rpartition("peak ")[2].split()[0])


def test_f15_the_tenant_s_log_holds_declared_operations_alone(tmp_path: Path) -> None:
    service = Service(seed_of(60))
    with configured(service, tmp_path):
        gnomon("scan")
        gnomon("sources", "check", "entra")
    assert len(service.log) > 80
    assert service.undeclared() == []
    assert set(CORE) == set(service.login.roles)
