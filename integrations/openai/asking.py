"""In which order OpenAI is asked, and whose account it is."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.connector import Run
from integrations.fields import Item
from integrations.openai.operations import (
    ADMIN_KEYS,
    AUDIT_LOGS,
    HOSTED_TOOLS,
    ME,
    MODELS,
    PROJECT_KEYS,
    PROJECT_RETENTION,
    PROJECT_USERS,
    PROJECTS,
    RETENTION,
    SERVICE_ACCOUNTS,
    USERS,
)
from integrations.openai.usage import COSTS, USAGE
from integrations.periods import seconds
from scanner.model import Tenant

OF_PROJECTS = (
    PROJECT_KEYS,
    SERVICE_ACCOUNTS,
    PROJECT_USERS,
    MODELS,
    HOSTED_TOOLS,
    PROJECT_RETENTION,
)
CREATED = ("project.created", "service_account.created", "api_key.created")
_DAYS = 30


def identify(run: Run) -> Tenant | None:
    """Return whose account it is.

    No operation of the administration says it. The key's own identity does where it is one
    organisation's. Else it is told by its oldest project, which can be archived and never removed.
    """
    run.read(ME)
    known = {key: name for _, item in run.items(ME) for key, name in _organisations(item)}
    wanted = run.settings.get("tenant", "")
    if wanted in known:
        return Tenant("openai", wanted, known[wanted])
    if len(known) == 1:
        return next(Tenant("openai", *one) for one in known.items())
    if wanted and not known:
        return Tenant("openai", wanted)  # the header named it, and a key of another is refused
    run.read(PROJECTS)
    return _of_projects(run)


def collect(run: Run) -> None:
    """Read everything: projects before what is in them, use after those who use."""
    run.read(PROJECTS)
    run.read(USERS)
    for operation in OF_PROJECTS:
        run.read_each(operation, ({"project": one} for one in _projects_in_use(run)))
    run.read(ADMIN_KEYS)
    run.read(RETENTION)
    for operation in (*USAGE, COSTS):
        run.read(operation, start=seconds(run.since(operation, _DAYS)))
    for event in CREATED:
        run.read(AUDIT_LOGS, event=event, start=seconds(run.since(AUDIT_LOGS, _DAYS)))


def _organisations(item: Item) -> Iterator[tuple[str, str]]:
    for one in item.at("orgs").items("data"):
        if key := one.text("id"):
            yield key, one.text("title")


def _projects_in_use(run: Run) -> Iterator[str]:
    for _, item in run.items(PROJECTS):
        if (key := item.text("id")) and item.text("status") != "archived":
            yield key


def _of_projects(run: Run) -> Tenant | None:
    projects = [
        (item.number("created_at"), key)
        for _, item in run.items(PROJECTS)
        if (key := item.text("id"))
    ]
    return Tenant("openai", f"organisation of {min(projects)[1]}") if projects else None
