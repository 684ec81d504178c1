"""Google Workspace and Google Cloud: who let which AI in, who uses it, what is switched on and deployed."""

from __future__ import annotations

from typing import Final

from integrations.connector import Connector
from integrations.google import chrome, cloud, directory, policies, reports, vertex
from integrations.google.consent import NOTE, consent
from integrations.google.errors import meaning_of_error
from integrations.google.listing import collect, identify
from integrations.google.plan import QUOTAS, requests
from integrations.google.signing import SETTINGS, TOKEN, GoogleCredentials

CONNECTOR: Final = Connector(
    name="google",
    title="Google Workspace and Google Cloud",
    settings=SETTINGS,
    hosts={
        "": {
            "admin": "https://admin.googleapis.com",
            "chrome": "https://chromemanagement.googleapis.com",
            "identity": "https://cloudidentity.googleapis.com",
            "token": "https://oauth2.googleapis.com",
            "licensing": "https://licensing.googleapis.com",
            **cloud.HOSTS,
        }
    },
    operations=(
        *directory.OPERATIONS,
        *reports.OPERATIONS,
        *policies.OPERATIONS,
        *chrome.OPERATIONS,
        *cloud.OPERATIONS,
        *vertex.OPERATIONS,
    ),
    tokens=(TOKEN,),
    sign_in=GoogleCredentials,
    identify=identify,
    collect=collect,
    requests=requests,
    consent=consent,
    reference="https://developers.google.com/workspace/admin",
    meaning=meaning_of_error,
    quotas=QUOTAS,
    omits_empty=True,
    note=NOTE,
)
