"""What ``gnomon scan --resolve`` asks, and whom."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.public_dns.enrichment import Enrichment
    from scanner.matching import Matcher


def enrichment(matcher: Matcher, resolver: str) -> Enrichment:
    """Return what follows the names in logs that nobody knows. Raises ConfigError."""
    from integrations.pace import SystemClock
    from integrations.public_dns.asker import Asker, servers_of
    from integrations.public_dns.enrichment import PACE, TIMEOUT, Enrichment
    from integrations.public_dns.known_names import KnownNames
    from scanner.commands._shared import now
    from scanner.config import cache_folder
    from scanner.output import say

    return Enrichment(
        matcher,
        Asker(servers_of(resolver), PACE, TIMEOUT, SystemClock()),
        KnownNames(cache_folder(os.environ) / "resolved-names.json"),
        now(),
        lambda text: say(f"gnomon: {text}"),
    )
