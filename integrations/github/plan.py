"""In which order GitHub is asked, how often, and how it is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode, urlsplit

from integrations.connector import Read, Run, Size
from integrations.fields import time_of
from integrations.github import copilot, operations, repositories
from integrations.github.files import BLOB, REPOSITORIES, SBOM, TREE
from integrations.github.operations import OPERATIONS
from integrations.github.signing import PERMISSIONS
from scanner.model import Tenant

_OF_ORGANISATION = (
    operations.INSTALLATIONS,
    copilot.COPILOT_BILLING,
    copilot.COPILOT_SEATS,
    copilot.COPILOT_USE,
    copilot.CODING_AGENT,
    copilot.SPACES,
    operations.MEMBERS,
    operations.TOKENS,
)
_OF_ENTERPRISE = (copilot.ENTERPRISE_SEATS, copilot.CUSTOM_AGENTS)
_BY_MONTH = (copilot.CREDITS, copilot.PREMIUM_REQUESTS)
_MONTH = 31


def identify(run: Run) -> Tenant | None:
    """Return whose organisation it is."""
    org = run.settings["org"]
    run.read(operations.ORGANISATION, org=org)
    for _, item in run.items(operations.ORGANISATION):
        if key := item.text("id"):
            return Tenant("github", key, item.text("login") or org)
    return None


def collect(run: Run) -> None:
    """Read apps and Copilot, then what the enterprise adds, then the repositories."""
    org, enterprise = run.settings["org"], run.settings.get("enterprise", "")
    for operation in _OF_ORGANISATION:
        run.read(operation, org=org)
    if enterprise:
        _read_enterprise(run, enterprise)
    run.read(REPOSITORIES, org=org)
    repositories.ask(run, repositories.choice_of_manifests())


def trees(read: Read) -> Iterator[repositories.RepositoryTree]:
    """Yield the repositories whose files were read."""
    return repositories.trees(read, repositories.choice_of_manifests())


def _read_enterprise(run: Run, enterprise: str) -> None:
    for operation in _OF_ENTERPRISE:
        run.read(operation, enterprise=enterprise)
    for operation in _BY_MONTH:
        month = time_of(run.since(operation, _MONTH))
        run.read(operation, enterprise=enterprise, year=str(month.year), month=str(month.month))


def requests(size: Size) -> Mapping[str, int]:
    """Return how often each operation is sent.

    Guessed: half of the people have a seat, one of ten a token, and a repository has 15 files that
    are worth reading. Reports of Copilot's use are one request; the files it leads to are elsewhere.
    """
    seats = _pages(size.people // 2)
    counts = {one.id: 1 for one in OPERATIONS}
    return {
        **counts,
        operations.INSTALLATIONS.id: _pages(size.apps),
        copilot.COPILOT_SEATS.id: seats,
        copilot.ENTERPRISE_SEATS.id: seats,
        operations.MEMBERS.id: _pages(size.people),
        operations.TOKENS.id: _pages(size.people // 10),
        REPOSITORIES.id: _pages(size.repositories),
        SBOM.id: size.repositories,
        TREE.id: size.repositories,
        BLOB.id: size.repositories * 15,
    }


def _pages(items: int) -> int:
    return max(1, -(-items // 100))


def consent(settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return the address at which an owner makes a GitHub App with these permissions.

    What is read of an enterprise needs scopes of a classic token: they are named behind it.
    """
    org = settings.get("org") or "YOUR-ORG"
    pairs = [one.partition(":") for one in sorted(scopes)]
    wanted = {name: level for name, _, level in pairs if name in PERMISSIONS}
    query = {"name": "Gnomon inventory", "public": "false", "webhook_active": "false", **wanted}
    address = f"{_site(settings)}/organizations/{org}/settings/apps/new?{urlencode(query)}"
    others = ", ".join(f"{name}:{level}" for name, _, level in pairs if name not in wanted)
    return f"{address}; of the enterprise a classic token with {others}" if others else address


def _site(settings: Mapping[str, str]) -> str:
    """Return where people use the GitHub that the API belongs to."""
    parts = urlsplit(settings.get("github_host") or "https://api.github.com")
    return f"https://{(parts.hostname or '').removeprefix('api.')}"
