"""OpenGRC: headings that are the fields of its models, and values of its closed sets."""

from integrations.exports.opengrc import STATUSES, TYPES
from scanner.model import SystemKind
from tests.integrations.exports.handing import exported, handed, rows, system


def test_applications_have_fields_and_values_of_its_model() -> None:
    files, _ = exported(
        "opengrc",
        handed(
            system("ais-1", "Chat", deployment_environment=["endpoint", "saas"]),
            system("ais-2", "@SUM(1)", SystemKind.BUILT, approval_status="restricted"),
        ),
    )
    first, second = rows(files["opengrc-applications.csv"])
    assert list(first) == ["name", "type", "description", "url", "status", "notes"]
    assert (first["name"], first["type"], first["status"]) == ("Chat", "SaaS", "")
    assert (second["name"], second["type"], second["status"]) == ("'@SUM(1)", "Other", "Limited")
    assert {first["type"], second["type"]} <= set(TYPES)
    assert second["status"] in STATUSES


def test_vendors_have_the_columns_of_its_model() -> None:
    files, _ = exported("opengrc", handed(system("ais-1", "Chat")))
    assert rows(files["opengrc-vendors.csv"]) == [
        {
            "name": "Example AI",
            "description": "1 of our AI systems rest on it",
            "url": "https://example.com",
            "status": "",
        }
    ]
