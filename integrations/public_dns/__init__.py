"""Public DNS: what the organisation's own domains tell everybody, with no access to anything."""

from __future__ import annotations

from integrations.connector import Connector, Needed, Quota
from integrations.public_dns.asking import PACE, collect, consent, identify, requests
from integrations.public_dns.operations import OPERATIONS
from integrations.public_dns.sending import sign_in

CONNECTOR = Connector(
    name="dns",
    title="Public DNS",
    settings=(
        Needed("domains", "the organisation's own, with commas: no other name is asked for"),
        Needed(
            "resolver",
            "the name server to ask, ADDRESS or ADDRESS:PORT; else the system's",
            is_required=False,
        ),
        Needed("names", "labels to try beside the usual ones, with commas", is_required=False),
        Needed("pace", "questions a second", is_required=False, default=str(PACE)),
        Needed("timeout", "seconds to wait for an answer", is_required=False, default="4"),
    ),
    hosts={"": {}},
    operations=OPERATIONS,
    sign_in=sign_in,
    identify=identify,
    collect=collect,
    requests=requests,
    consent=consent,
    quotas={"questions": Quota(PACE, 1.0)},
    reference="https://www.rfc-editor.org/rfc/rfc1464",
    note=(
        "Needs no account. Asks for names at and below the domains given and for no other: where a "
        "name leads elsewhere, the other name is taken as text. `gnomon dns` does the same at once."
    ),
)
