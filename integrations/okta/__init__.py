"""Okta: the applications that people sign in to, who may, who does, and what was granted."""

from __future__ import annotations

from integrations.connector import Connector, Needed, Quota
from integrations.okta import plan
from integrations.okta.errors import meaning_of_error
from integrations.okta.operations import OPERATIONS
from integrations.okta.signing import SCOPES, TOKEN, sign_in

CONNECTOR = Connector(
    name="okta",
    title="Okta",
    settings=(
        Needed("okta_host", "the organisation's address, such as https://harbour.okta.com"),
        Needed(
            "client_id", "the id of an API service app (public key / private key)", False, False
        ),
        Needed("private_key", "its private key, as PEM or JWK", True, False),
        Needed("key_id", "the id of that key (kid), if the app has several", False, False),
        Needed("scopes", "what to ask for, where not everything", False, False, " ".join(SCOPES)),
        Needed(
            "api_token",
            "an API token instead of the app; it can do whatever its administrator can",
            True,
            False,
        ),
        Needed(
            "tenant", "the organisation's id or name: what is of another is refused", False, False
        ),
    ),
    hosts={"": {"okta": ""}},
    operations=OPERATIONS,
    tokens=(TOKEN,),
    sign_in=sign_in,
    identify=plan.identify,
    collect=plan.collect,
    requests=plan.requests,
    consent=plan.consent,
    reference="https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/",
    meaning=meaning_of_error,
    # Half of what Okta allows a customer of the smaller plans: others ask the same organisation.
    quotas={"okta.management": Quota(300, 60.0), "okta.logs": Quota(60, 60.0)},
    note=(
        "Okta has no list of what all people consented to: consents come from the system log, which "
        "goes back 90 days. The service app needs scopes and an administrator's role that reads; it "
        "may require proof of possession (DPoP)."
    ),
)
