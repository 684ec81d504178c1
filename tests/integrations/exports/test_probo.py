"""Probo: its enumerations and its mandatory fields, and that nothing is called minimal in silence."""

import shlex
from datetime import datetime

from integrations.exports.probo import RISKS, ROLES, STATUSES
from tests.integrations.exports.handing import exported, handed, lines, system

ROLE = [{"role": "customer", "status": "confirmed"}, {"role": "provider", "status": "candidate"}]
KNOWN = system(
    "ais-1",
    "Chat; rm -rf /",
    ai_act_tier_hint="limited",
    lifecycle="deployed",
    roles_22989=ROLE,
    review_due="2027-03-01T00:00:00Z",
    purpose="first drafts",
)
UNKNOWN = system("ais-2", "Other")


def test_what_has_no_risk_class_is_never_called_minimal() -> None:
    files, left = exported("probo", handed(KNOWN, UNKNOWN), organization="org")
    (one,) = (each["input"] for each in lines(files["probo-ai-systems.ndjson"]))
    assert one["riskClassification"] == "LIMITED"
    (other,) = (each["input"] for each in lines(files["probo-ai-systems-unassessed.ndjson"]))
    assert "riskClassification" not in other
    assert other["notes"].startswith("risk classification: unassessed; status: not known")
    assert [each.what for each in left] == ["1 of 2 AI systems"]
    assert b"MINIMAL" not in b"".join(files.values())


def test_a_class_that_is_given_for_the_rest_is_said_to_be_no_assessment() -> None:
    files, left = exported(
        "probo", handed(KNOWN, UNKNOWN), organization="org", risk_classification="HIGH_RISK"
    )
    one, other = (each["input"] for each in lines(files["probo-ai-systems.ndjson"]))
    assert (one["riskClassification"], other["riskClassification"]) == ("LIMITED", "HIGH_RISK")
    assert other["notes"].startswith("risk classification: unassessed")
    assert left == []


def test_variables_hold_what_the_mutation_wants() -> None:
    files, _ = exported("probo", handed(KNOWN), organization="org")
    (one,) = (each["input"] for each in lines(files["probo-ai-systems.ndjson"]))
    assert one["organizationId"] == "org"
    assert one["companyRoles"] == ["USER"]
    assert set(one["companyRoles"]) <= set(ROLES)
    assert one["status"] in STATUSES
    assert one["riskClassification"] in RISKS
    assert one["nextReviewDate"] == "2027-03-01T00:00:00Z"
    assert datetime.fromisoformat(one["nextReviewDate"]).tzinfo is not None


def test_the_command_lines_say_the_same_and_run_nothing_else() -> None:
    files, _ = exported("probo", handed(KNOWN), organization="org")
    *_, line = files["probo-ai-systems.sh"].decode().splitlines()
    words = shlex.split(line)
    assert words[:3] == ["probo", "ai-system", "create"]
    assert "--name=Chat; rm -rf /" in words
    assert "--risk-classification=LIMITED" in words


def test_third_parties_hold_the_addresses_of_the_catalogue() -> None:
    files, _ = exported("probo", handed(KNOWN), organization="org")
    assert lines(files["probo-third-parties.ndjson"]) == [
        {
            "input": {
                "organizationId": "org",
                "name": "Example AI",
                "legalName": "Example AI, S.L.",
                "countries": ["ES"],
                "privacyPolicyUrl": "https://example.com/privacy",
                "websiteUrl": "https://example.com",
            }
        }
    ]
