"""OpenAI's platform: an organisation's members, projects, keys, use and spending."""

from __future__ import annotations

from integrations.connector import Connector, Needed
from integrations.openai.asking import collect, identify
from integrations.openai.errors import meaning_of_error
from integrations.openai.operations import OPERATIONS
from integrations.openai.plan import consent, requests
from integrations.openai.signing import sign_in

CONNECTOR = Connector(
    name="openai",
    title="OpenAI",
    settings=(
        Needed("admin_key", "an admin key (sk-admin-...) with read permissions", is_secret=True),
        Needed("tenant", "the id of the organisation, org-...", is_required=False),
    ),
    hosts={"": {"api": "https://api.openai.com"}},
    operations=OPERATIONS,
    sign_in=sign_in,
    identify=identify,
    collect=collect,
    requests=requests,
    consent=consent,
    meaning=meaning_of_error,
    reference="https://platform.openai.com/docs/api-reference/administration",
    note=(
        "The API platform alone: ChatGPT's workspaces have their own administration. "
        "Changes are seen where audit logging is switched on under Data controls."
    ),
)
