"""The GitHub organisation: apps, seats of Copilot, and a repository that nobody has checked out.

The repositories of the checkouts in code/ are left out: without a remote there, they would count
as other applications. A test gives them one.
"""
import base64
import hashlib
import json
from pathlib import Path

from recording import Recording

ORG = "harbour-pine"
# login: (since, last used); the third has never used it
SEATS = {
    "dev-patel": ("2026-02-02T09:00:00Z", "2026-11-20T16:12:00Z"),
    "hana-tanaka": ("2026-02-02T09:00:00Z", "2026-11-19T11:01:00Z"),
    "emil-berg": ("2026-06-15T09:00:00Z", None),
}
BERTHS = {
    "package.json": json.dumps({
        "name": "@harbour/berth-planner", "version": "0.3.0", "private": True,
        "description": "Proposes berths for deliveries by water",
        "dependencies": {"@anthropic-ai/sdk": "^0.32.0", "fastify": "^5.1.0"},
    }, indent=2) + "\n",
    "CODEOWNERS": "* @harbour-pine/logistics\n",
}


def write(path: Path) -> None:
    """Write the recording."""
    made = Recording("github", "90418237", ORG, [])
    made.page("github.organisation", [{"id": 90418237, "login": ORG, "name": "Harbour & Pine"}],
              org=ORG)
    made.page("github.installations", [
        _installation(1, "coderabbitai", "Iv1.c0de0000rabb1700", "all",
                      {"contents": "read", "pull_requests": "write", "metadata": "read"}),
        _installation(2, "slack", "Iv1.5lac000000000000", "selected", {"metadata": "read"}),
    ], org=ORG)
    made.page("github.copilot_billing", [{
        "seat_breakdown": {"total": 4, "pending_invitation": 1}, "plan_type": "business",
        "ide_chat": "enabled", "platform_chat": "enabled", "cli": "disabled"}], org=ORG)
    made.page("github.copilot_seats", [
        {"assignee": {"login": login}, "assigning_team": None, "plan_type": "business",
         "created_at": since, "last_activity_at": last, "pending_cancellation_date": None}
        for login, (since, last) in SEATS.items()], org=ORG)
    made.page("github.members", [{"login": login} for login in SEATS], org=ORG)
    made.end("github.copilot_use", "not-licensed",
             "the organisation's plan of Copilot does not hold this report", org=ORG)
    add_repositories(made, {"berth-planner": BERTHS})
    made.write(path)


def add_repositories(made: Recording, repositories: dict[str, dict[str, str]]) -> None:
    """Add repositories with what their files hold."""
    made.page("github.repositories", [_repository(name) for name in repositories], org=ORG)
    for name, files in repositories.items():
        place = {"owner": ORG, "repo": name}
        made.page("github.tree", [{"sha": _sha(name), "truncated": False, "tree": [
            {"path": path, "mode": "100644", "size": len(text.encode()), "sha": _sha(text)}
            for path, text in files.items()]}], **place, tree_sha="main")
    for name, files in repositories.items():
        for text in files.values():
            made.page("github.blob", [{
                "sha": _sha(text), "encoding": "base64",
                "content": base64.b64encode(text.encode()).decode()}],
                owner=ORG, repo=name, file_sha=_sha(text))


def _sha(text: str) -> str:
    data = text.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data)).hexdigest()


def _installation(number: int, slug: str, client: str, reach: str, permissions: dict) -> dict:
    return {"id": 5_000_000 + number, "app_id": 300_000 + number, "app_slug": slug,
            "client_id": client, "repository_selection": reach, "permissions": permissions,
            "created_at": "2026-07-08T13:30:00.000Z", "suspended_at": None}


def _repository(name: str) -> dict:
    return {"name": name, "owner": {"login": ORG}, "default_branch": "main",
            "html_url": f"https://github.com/{ORG}/{name}", "archived": False, "disabled": False,
            "size": 84}
