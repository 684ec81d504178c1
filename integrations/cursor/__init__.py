"""Cursor: a team's members, what they use it for, with which models, and what they spend."""

from __future__ import annotations

from base64 import b64encode

from integrations.connector import Connector, Context, Needed, Quota
from integrations.cursor.asking import collect, consent, identify, requests
from integrations.cursor.operations import OPERATIONS
from integrations.keys import Key


def sign_in(context: Context) -> Key:
    """Return the key: the name of a user without a password."""
    pair = b64encode(f"{context.settings['key']}:".encode()).decode()
    return Key({"Authorization": f"Basic {pair}"})


CONNECTOR = Connector(
    name="cursor",
    title="Cursor",
    settings=(
        Needed("key", "a team's API key (crsr_...), read-only", is_secret=True),
        Needed("tenant", "the id of the team", is_required=False),
    ),
    hosts={"": {"api": "https://api.cursor.com"}},
    operations=OPERATIONS,
    sign_in=sign_in,
    identify=identify,
    collect=collect,
    requests=requests,
    consent=consent,
    quotas={"team": Quota(20, 60.0), "events": Quota(60, 60.0)},
    reference="https://cursor.com/docs/account/teams/admin-api",
    note="The administration is open to Enterprise teams. A key sees its own team alone.",
)
