"""A contract tenant: Entra and Graph on loopback, seeded, with an answer key, after Microsoft's own
tables of types and permissions.

``seed`` says who and what there is, ``key`` what a scan has to find, ``service`` answers as the
contract says, ``faults`` go wrong by schedule, ``serving`` is the server, ``schema`` the second
implementation that holds the answers against the types.
"""

from tests.integrations.tenant.seed import Seed
from tests.integrations.tenant.service import Service
from tests.integrations.tenant.serving import client_source, served

__all__ = ["Seed", "Service", "client_source", "served"]
