"""What scopes let an application reach, over the vendors' own lists of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.accounts.reach import areas, known_resource, reach_of, systems
from scanner.model import UNCLASSIFIED, Reach, Way

GOLDEN = Path(__file__).parent / "golden"
GRAPH = "Microsoft Graph"


def names(system: str) -> list[str]:
    """Return the scopes of a list, without the line that says whose it is."""
    text = (GOLDEN / f"{system}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(
    ("system", "resource", "most"),
    [
        ("graph", GRAPH, 0.0),
        ("google", "", 0.05),
        ("okta", "Okta", 0.0),
        ("slack", "Slack", 0.0),
        ("github", "GitHub", 0.0),
    ],
)
def test_few_scopes_of_a_system_are_unclassified(system: str, resource: str, most: float) -> None:
    listed = names(system)
    unknown = [
        one for one in listed for way in Way if reach_of(one, resource, way).area == UNCLASSIFIED
    ]
    share = len(unknown) / (2 * len(listed))
    print(f"{system}: {len(listed)} scopes, {share:.1%} unclassified")  # noqa: T201 - shown by pytest -s
    assert len(listed) > 50
    assert share <= most, unknown


def test_no_permission_of_microsofts_other_resources_is_unclassified() -> None:
    rows = [line.split("\t") for line in names("microsoft")]
    assert len(rows) >= 90
    for resource, scope in rows:
        assert reach_of(scope, resource, Way.DELEGATED).area != UNCLASSIFIED, (resource, scope)


@pytest.mark.parametrize(
    ("scope", "resource", "way", "expected"),
    [
        ("Mail.Read", GRAPH, Way.DELEGATED, ("mail", False, False)),
        ("Mail.Read", GRAPH, Way.APPLICATION, ("mail", False, True)),
        ("Mail.ReadWrite.All", GRAPH, Way.APPLICATION, ("mail", True, True)),
        ("Mail.Send", GRAPH, Way.DELEGATED, ("mail", True, False)),
        ("Files.ReadWrite.All", GRAPH, Way.DELEGATED, ("files", True, False)),
        ("Files.Read.All", GRAPH, Way.APPLICATION, ("files", False, True)),
        ("Sites.Selected", GRAPH, Way.APPLICATION, ("sites", True, False)),
        ("Sites.FullControl.All", GRAPH, Way.APPLICATION, ("sites", True, True)),
        ("Calendars.Read", GRAPH, Way.DELEGATED, ("calendar", False, False)),
        ("Chat.Read", GRAPH, Way.DELEGATED, ("chat", False, False)),
        ("ChannelMessage.Read.All", GRAPH, Way.APPLICATION, ("chat", False, True)),
        ("OnlineMeetingTranscript.Read.All", GRAPH, Way.APPLICATION, ("meetings", False, True)),
        ("User.Read", GRAPH, Way.DELEGATED, ("profile", False, False)),
        ("User.Read.All", GRAPH, Way.DELEGATED, ("directory", False, True)),
        ("Directory.ReadWrite.All", GRAPH, Way.APPLICATION, ("directory", True, True)),
        ("Directory.AccessAsUser.All", GRAPH, Way.DELEGATED, ("directory", True, True)),
        ("Application.ReadWrite.OwnedBy", GRAPH, Way.APPLICATION, ("apps", True, False)),
        ("Policy.ReadWrite.ConditionalAccess", GRAPH, Way.DELEGATED, ("security", True, True)),
        ("AuditLog.Read.All", GRAPH, Way.DELEGATED, ("audit", False, True)),
        ("CopilotPackages.Read.All", GRAPH, Way.APPLICATION, ("ai", False, True)),
        ("https://graph.microsoft.com/Mail.Read", "", Way.DELEGATED, ("mail", False, False)),
        ("mail.read", GRAPH, Way.DELEGATED, ("mail", False, False)),
        ("openid", GRAPH, Way.DELEGATED, ("identity", False, False)),
        ("offline_access", "", Way.DELEGATED, ("identity", False, False)),
        ("", "", Way.DELEGATED, ("identity", False, False)),
        ("full_access_as_app", "Office 365 Exchange Online", Way.APPLICATION, ("mail", True, True)),
        ("AllSites.Read", "Office 365 SharePoint Online", Way.DELEGATED, ("sites", False, False)),
        ("user_impersonation", "Dataverse", Way.DELEGATED, ("business", True, True)),
        ("user_impersonation", "Acme API", Way.DELEGATED, ("business", True, False)),
        ("Do.Something", "Acme API", Way.DELEGATED, (UNCLASSIFIED, None, False)),
        ("Whatever.New.All", GRAPH, Way.APPLICATION, (UNCLASSIFIED, None, False)),
    ],
)
def test_microsofts_scopes(
    scope: str, resource: str, way: Way, expected: tuple[str, bool | None, bool]
) -> None:
    found = reach_of(scope, resource, way)
    assert (found.area, found.can_write, found.is_wide) == expected


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("https://www.googleapis.com/auth/drive", ("files", True)),
        ("https://www.googleapis.com/auth/drive.readonly", ("files", False)),
        ("https://www.googleapis.com/auth/drive.file", ("files", True)),
        ("https://www.googleapis.com/auth/drive.metadata", ("files", True)),
        ("https://www.googleapis.com/auth/spreadsheets.readonly", ("files", False)),
        ("https://mail.google.com/", ("mail", True)),
        ("https://mail.google.com", ("mail", True)),
        ("https://www.googleapis.com/auth/gmail.readonly", ("mail", False)),
        ("https://www.googleapis.com/auth/gmail.modify", ("mail", True)),
        ("https://www.googleapis.com/auth/calendar.events.readonly", ("calendar", False)),
        ("https://www.googleapis.com/auth/calendar", ("calendar", True)),
        ("https://www.googleapis.com/auth/contacts", ("contacts", True)),
        ("https://www.googleapis.com/auth/meetings.space.readonly", ("meetings", False)),
        ("https://www.googleapis.com/auth/admin.directory.user", ("directory", True)),
        ("https://www.googleapis.com/auth/admin.reports.audit.readonly", ("audit", False)),
        ("https://www.googleapis.com/auth/cloud-platform", ("cloud", True)),
        ("https://www.googleapis.com/auth/datalineage.read-write", ("analytics", True)),
        ("https://www.googleapis.com/auth/userinfo.email", ("identity", False)),
        ("https://www.googleapis.com/auth/tomorrow.thing", (UNCLASSIFIED, None)),
        ("openid", ("identity", False)),
    ],
)
def test_googles_scopes(scope: str, expected: tuple[str, bool | None]) -> None:
    found = reach_of(scope, "", Way.DELEGATED)
    assert (found.area, found.can_write) == expected


@pytest.mark.parametrize(
    ("scope", "resource", "expected"),
    [
        ("contents:write", "GitHub", ("code", True)),
        ("contents:read", "GitHub", ("code", False)),
        ("metadata:read", "GitHub", ("code", False)),
        ("secrets:write", "GitHub", ("security", True)),
        ("members:read", "GitHub", ("directory", False)),
        ("organization_administration:write", "GitHub", ("admin", True)),
        ("organization_copilot_seat_management:read", "GitHub", ("ai", False)),
        ("repo", "GitHub", ("code", True)),
        ("read:org", "GitHub", ("directory", False)),
        ("admin:org", "GitHub", ("directory", True)),
        ("channels:history", "Slack", ("chat", False)),
        ("chat:write", "Slack", ("chat", True)),
        ("files:read", "Slack", ("files", False)),
        ("users:read.email", "Slack", ("directory", False)),
        ("admin.apps:write", "Slack", ("apps", True)),
        ("incoming-webhook", "Slack", ("chat", True)),
        ("okta.users.read", "Okta", ("directory", False)),
        ("okta.apps.manage", "Okta", ("apps", True)),
        ("okta.users.read.self", "Okta", ("directory", False)),
        ("<all_urls>", "Chrome", ("browser", True)),
        ("https://*.google.com/*", "Chrome", ("browser", True)),
        ("history", "Chrome", ("browser", False)),
        ("nativeMessaging", "Chrome", ("devices", True)),
    ],
)
def test_scopes_of_other_systems(scope: str, resource: str, expected: tuple[str, bool]) -> None:
    found = reach_of(scope, resource, Way.APPLICATION)
    assert (found.area, found.can_write) == expected


def test_a_resource_is_known_by_its_name_or_its_id() -> None:
    by_id = reach_of("Mail.Read", "00000003-0000-0000-C000-000000000000", Way.APPLICATION)
    assert by_id == reach_of("Mail.Read", GRAPH, Way.APPLICATION)
    assert known_resource("microsoft graph") == "graph"
    assert known_resource("Acme API") is None


def test_a_rationale_says_what_and_whose() -> None:
    assert reach_of("Mail.Read", GRAPH, Way.APPLICATION) == Reach(
        "mail", False, "reads mail: everybody's, whoever is there", is_wide=True
    )
    assert reach_of("Mail.Read", GRAPH, Way.DELEGATED) == Reach(
        "mail", False, "reads mail, as far as the person may who uses it"
    )


def every_reach() -> Iterator[Reach]:
    for system, resource in (("graph", GRAPH), ("google", ""), ("okta", "Okta")):
        for scope in names(system):
            for way in Way:
                yield reach_of(scope, resource, way)


def test_every_reach_is_of_an_area_and_has_a_reason() -> None:
    for reach in every_reach():
        assert reach.area in areas()
        assert reach.rationale
        assert reach.can_write is not None


def test_every_table_names_known_areas() -> None:
    for system in systems().values():
        told = {row["area"] for row in system.scopes.values()}
        named = {*system.whole.values(), *(area for _, area in system.beginnings)}
        assert (told | named) <= set(areas()), system.name


@given(st.text(), st.text(), st.sampled_from(Way))
def test_any_text_has_a_reach(scope: str, resource: str, way: Way) -> None:
    assert reach_of(scope, resource, way).rationale
