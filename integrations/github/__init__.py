"""GitHub: apps that were let into an organisation, Copilot, and the AI in its repositories."""

from __future__ import annotations

from integrations.connector import Connector, Needed, Quota
from integrations.github import plan
from integrations.github.errors import meaning_of_error
from integrations.github.operations import OPERATIONS
from integrations.github.signing import TOKENS, sign_in

CONNECTOR = Connector(
    name="github",
    title="GitHub",
    settings=(
        Needed("org", "the organisation's name, as it is in its address"),
        Needed("app_id", "the id of a GitHub App that is installed in it", False, False),
        Needed("private_key", "the app's private key, as PEM", True, False),
        Needed(
            "installation_id",
            "its installation, where that is not the organisation's",
            False,
            False,
        ),
        Needed(
            "token",
            "a token of an owner instead of an app: classic, read:org admin:read (repo)",
            True,
            False,
        ),
        Needed("enterprise", "the enterprise's name, for what only that has", False, False),
        Needed(
            "github_host",
            "the API of your own server: https://HOST/api/v3, or https://api.NAME.ghe.com",
            False,
            False,
        ),
        Needed(
            "tenant", "the organisation's id or name: what is of another is refused", False, False
        ),
    ),
    hosts={"": {"github": "https://api.github.com"}},
    operations=OPERATIONS,
    tokens=TOKENS,
    sign_in=sign_in,
    identify=plan.identify,
    collect=plan.collect,
    requests=plan.requests,
    consent=plan.consent,
    reference="https://docs.github.com/en/rest",
    meaning=meaning_of_error,
    trees=plan.trees,
    quotas={"github.core": Quota(4500, 3600.0), "github.sbom": Quota(90, 60.0)},
    # Where the reports on the use of Copilot are: signed addresses, fetched without a token.
    download_hosts=("copilot-reports.github.com", "b01.azurefd.net"),
    note=(
        "A personal access token sees what its owner sees; a GitHub App sees the organisation. A "
        "repository that an app may not reach is not listed at all. Recorded pages of repositories "
        "hold the files that were read."
    ),
)
