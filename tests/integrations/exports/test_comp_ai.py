"""Comp AI: what its API takes of a vendor."""

from integrations.exports.comp_ai import CATEGORIES, STATUSES
from scanner.model import SystemKind
from tests.integrations.exports.handing import exported, handed, lines, system


def test_a_vendor_is_a_body_of_its_api_without_scores() -> None:
    bot = system("ais-2", "bot", SystemKind.BUILT)
    files, left = exported("comp-ai", handed(system("ais-1", "Chat"), bot))
    (vendor,) = lines(files["comp-ai-vendors.ndjson"])
    assert vendor == {
        "name": "Example AI",
        "description": "AI systems that rest on it: Chat, bot",
        "category": "software_as_a_service",
        "status": "not_assessed",
        "website": "https://example.com",
    }
    assert vendor["category"] in CATEGORIES
    assert vendor["status"] in STATUSES
    assert left == []
