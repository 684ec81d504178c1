"""AWS: what AI costs in all accounts, what was built with Bedrock, and who calls its models."""

from __future__ import annotations

from integrations.aws.asking import collect, consent, identify, requests
from integrations.aws.operations import OPERATIONS
from integrations.aws.signing import sign_in
from integrations.connector import Connector, Needed, Quota

CONNECTOR = Connector(
    name="aws",
    title="AWS",
    settings=(
        Needed(
            "profile", "a profile of the AWS configuration; else the usual chain", is_required=False
        ),
        Needed(
            "access_key_id",
            "of a key that may read, where there is no profile",
            is_secret=True,
            is_required=False,
        ),
        Needed("secret_access_key", "of that key", is_secret=True, is_required=False),
        Needed("session_token", "of a key for a session", is_secret=True, is_required=False),
        Needed(
            "regions",
            "where to look, with commas; else where AI costs something",
            is_required=False,
        ),
        Needed("tenant", "the id of the account", is_required=False),
    ),
    hosts={
        "": {
            service: f"https://{service}.amazonaws.com"
            for service in sorted({one.host for one in OPERATIONS})
        }
    },
    operations=OPERATIONS,
    sign_in=sign_in,
    identify=identify,
    collect=collect,
    requests=requests,
    consent=consent,
    quotas={"lookup": Quota(2, 1.0), "costs": Quota(1, 1.0)},
    reference="https://docs.aws.amazon.com/service-authorization/latest/reference/",
    note=(
        "Costs are those of all accounts when asked from the paying one; lists are those of one "
        "account, in the regions named or in those where AI costs something. Cost Explorer takes "
        "one cent a request. Needs gnomon[aws]."
    ),
)
