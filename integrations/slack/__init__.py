"""Slack: apps that were approved, refused or asked for, MCP servers, bots, and who let them in."""

from __future__ import annotations

from integrations.connector import Connector, Needed, Quota
from integrations.slack import plan
from integrations.slack.errors import meaning_of_error
from integrations.slack.operations import OPERATIONS
from integrations.slack.signing import sign_in

CONNECTOR = Connector(
    name="slack",
    title="Slack",
    settings=(
        Needed("token", "a user token (xoxp-) of an app installed by an owner", True),
        Needed(
            "tenant", "the organisation's id or name: what is of another is refused", False, False
        ),
    ),
    hosts={
        "": {"slack": "https://slack.com/api"},
        "gov": {"slack": "https://slack-gov.com/api"},
    },
    operations=OPERATIONS,
    sign_in=sign_in,
    identify=plan.identify,
    collect=plan.collect,
    requests=plan.requests,
    consent=plan.consent,
    reference="https://docs.slack.dev/reference/methods",
    meaning=meaning_of_error,
    quotas={"slack.tier2": Quota(20, 60.0), "slack.tier3": Quota(50, 60.0)},
    note=(
        "Approved, refused and wanted apps and MCP servers are told by Enterprise plans alone. On "
        "the others the log of integrations tells of apps, with a scope that could also change "
        "things: it is read only where it is asked for by name."
    ),
)
