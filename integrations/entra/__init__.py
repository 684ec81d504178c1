"""Microsoft Entra ID and what Microsoft Graph and Azure say of a tenant's applications and people."""

from __future__ import annotations

from integrations.connector import Connector, Needed, Quota
from integrations.entra.core import CORE
from integrations.entra.errors import meaning
from integrations.entra.hosts import HOSTS
from integrations.entra.plan import collect, consent, identify, requests
from integrations.entra.plus import PLUS
from integrations.entra.premium import PREMIUM
from integrations.entra.signing import TOKENS, sign_in

_SETTINGS = (
    Needed("tenant", "the id of the tenant, or a domain of it"),
    Needed("client_id", "the id of the application registered for Gnomon", is_required=False),
    Needed(
        "certificate",
        "private key and certificate in PEM; the best way to sign in",
        is_secret=True,
        is_required=False,
    ),
    Needed(
        "certificate_password",
        "opens the private key, if it is encrypted",
        is_secret=True,
        is_required=False,
    ),
    Needed(
        "thumbprint",
        "SHA-1 thumbprint of the registered certificate, if the PEM holds the key alone",
        is_required=False,
    ),
    Needed("client_secret", "instead of a certificate", is_secret=True, is_required=False),
    Needed(
        "sign_in",
        "certificate, secret, device (a person enters a code) or managed-identity; without it "
        "what is set decides",
        is_required=False,
    ),
    Needed("cloud", "usgov, usgov-dod or china; without it the usual one", is_required=False),
)

CONNECTOR = Connector(
    "entra",
    "Microsoft Entra ID and Microsoft Graph",
    _SETTINGS,
    HOSTS,
    (*CORE, *PLUS, *PREMIUM),
    sign_in,
    identify,
    collect,
    requests,
    consent,
    "https://learn.microsoft.com/en-us/graph/overview",
    meaning=meaning,
    tokens=TOKENS,
    quotas={
        # 3,500 units in ten seconds for the smallest tenants; these requests cost two to five.
        # https://learn.microsoft.com/en-us/graph/throttling-limits
        "directory": Quota(700, 10.0),
        "logs": Quota(5, 10.0),
        "reports": Quota(14, 600.0),
        "copilot": Quota(50, 10.0),
        "devices": Quota(500, 20.0),
        "defender": Quota(40, 60.0),
        "resource-graph": Quota(15, 5.0),
        "management": Quota(200, 60.0),
    },
    download_hosts=("office.com", "office365.com"),
    note=(
        "Signed in as a person (device code), it sees what that person may see. Copilot's use, "
        "the catalogue of agents and cloud discovery are of the usual cloud alone."
    ),
)
