"""Anthropic: Claude Enterprise's members, use, connectors and plugins, and Claude Console's keys."""

from __future__ import annotations

from integrations.anthropic.asking import collect, identify
from integrations.anthropic.errors import meaning_of_error
from integrations.anthropic.operations import OPERATIONS
from integrations.anthropic.plan import consent, requests
from integrations.anthropic.signing import sign_in
from integrations.connector import Connector, Needed, Quota

CONNECTOR = Connector(
    name="anthropic",
    title="Anthropic",
    settings=(
        Needed(
            "key",
            "an admin key: of Claude Enterprise (sk-ant-api01-...) with read scopes, or of "
            "Claude Console (sk-ant-admin01-...)",
            is_secret=True,
        ),
        Needed(
            "organisation",
            "enterprise or console: what the key was made in",
            is_required=False,
            default="enterprise",
        ),
        Needed(
            "oauth_token",
            "a token with org:admin, for service accounts alone",
            is_secret=True,
            is_required=False,
        ),
        Needed("tenant", "the id of the organisation", is_required=False),
    ),
    hosts={"": {"api": "https://api.anthropic.com"}},
    operations=OPERATIONS,
    sign_in=sign_in,
    identify=identify,
    collect=collect,
    requests=requests,
    consent=consent,
    meaning=meaning_of_error,
    quotas={"analytics": Quota(60, 60.0)},
    reference="https://platform.claude.com/docs/en/api/admin",
    note=(
        "A key of Claude Console can always write, so its operations are asked one by one; a key "
        "of Claude Enterprise can be limited to reading. Use through Amazon Bedrock or Google "
        "Vertex AI is not seen here."
    ),
)
