"""Probo: AI systems and third parties as GraphQL variables, and the same as lines of its CLI.

It wants a risk class for every AI system and takes MINIMAL where none is given. A class is only given
here where a person recorded one, or where whoever exports names one for the rest; the notes say so.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from integrations.exports import Asked, Export, File, LeftOut, Loaded, as_lines, held, told
from scanner.model import HandedSupplier, HandedSystem, Handover, SystemKind

ROLES = ("PROVIDER", "DEPLOYER", "USER", "DEVELOPER")
STATUSES = ("ACTIVE", "IN_DEVELOPMENT", "DECOMMISSIONED")
RISKS = ("HIGH_RISK", "LIMITED", "MINIMAL", "GPAI")
# Of the roles of ISO/IEC 22989 only what a person confirmed becomes one of theirs.
_ROLES = {"provider": "PROVIDER", "producer": "DEVELOPER", "customer": "USER"}
_RISKS = {"high_risk": "HIGH_RISK", "limited": "LIMITED", "minimal": "MINIMAL", "gpai": "GPAI"}
_STATUSES = {"proposed": "IN_DEVELOPMENT", "pilot": "IN_DEVELOPMENT", "retired": "DECOMMISSIONED"}
_URLS = {
    "website": "websiteUrl", "privacy": "privacyPolicyUrl", "terms": "termsOfServiceUrl",
    "trust": "trustPageUrl", "dpa": "dataProcessingAgreementUrl", "status": "statusPageUrl",
    "subprocessors": "subprocessorsListUrl", "security": "securityPageUrl",
}  # fmt: skip
_UNASSESSED = "risk classification: unassessed"
_NO_STATUS = "status: not known, ACTIVE is Probo's own default"
# What the CLI calls the fields of a system.
_FLAGS = {
    "organizationId": "org", "name": "name", "version": "version", "companyRoles": "company-role",
    "status": "status", "source": "source", "purpose": "purpose",
    "intendedUseCases": "intended-use-cases", "autonomyLevel": "autonomy-level",
    "humanOversightMechanism": "human-oversight-mechanism",
    "riskClassification": "risk-classification", "dataSourcesAndType": "data-sources-and-type",
    "lastReviewDate": "last-review-date", "nextReviewDate": "next-review-date", "notes": "notes",
}  # fmt: skip


def write(handed: Handover, given: Mapping[str, str]) -> Iterator[File | LeftOut]:
    """Yield the variables and the command lines; what has no risk class is left out."""
    known: list[dict[str, Any]] = []
    unassessed: list[dict[str, Any]] = []
    for one in handed.systems:
        risk = _RISKS.get(one.text("ai_act_tier_hint"), "")
        chosen = risk or given.get("risk-classification", "")
        system = _system(one, handed, given, chosen, is_assessed=bool(risk))
        (known if chosen else unassessed).append(system)
    if unassessed:
        why = "nobody has recorded their risk class, and Probo would take it for MINIMAL"
        yield LeftOut(f"{len(unassessed)} of {len(handed.systems)} AI systems", why)
    yield File("probo-ai-systems.ndjson", as_lines({"input": one} for one in known))
    yield File("probo-ai-systems.sh", _script(known))
    yield File("probo-ai-systems-unassessed.ndjson", as_lines({"input": one} for one in unassessed))
    parties = ({"input": _party(one, given)} for one in handed.suppliers)
    yield File("probo-third-parties.ndjson", as_lines(parties))


def _system(
    one: HandedSystem,
    handed: Handover,
    given: Mapping[str, str],
    risk: str,
    is_assessed: bool,
) -> dict[str, Any]:
    life = one.text("lifecycle")
    said = ["" if is_assessed else _UNASSESSED, "" if life else _NO_STATUS, told(one)]
    suppliers = ", ".join(handed.names.get(key, key) for key in one.suppliers)
    found: dict[str, Any] = {
        "organizationId": given["organization"],
        "name": one.name,
        "companyRoles": _roles(one),
        "status": _STATUSES.get(life, "ACTIVE"),
        "source": _source(one, suppliers),
        "purpose": one.text("purpose"),
        "intendedUseCases": "; ".join(one.texts("intended_use")),
        "autonomyLevel": _words(one.text("autonomy")),
        "humanOversightMechanism": _words(one.text("oversight")),
        "dataSourcesAndType": ", ".join(
            str(each["class"]) for each in one.fields.get("data_inputs") or ()
        ),
        "lastReviewDate": _time(one.text("last_reviewed")),
        "nextReviewDate": _time(one.text("review_due")),
        "notes": "; ".join(filter(None, said)),
    }
    if risk:
        found["riskClassification"] = risk
    return {name: value for name, value in found.items() if value or name == "companyRoles"}


def _roles(one: HandedSystem) -> list[str]:
    roles = [_ROLES[role] for role in held(one) if role in _ROLES]
    deployer = ["DEPLOYER"] if one.text("ai_act_role") == "deployer" else []
    return list(dict.fromkeys([*roles, *deployer]))


def _source(one: HandedSystem, suppliers: str) -> str:
    whose = {SystemKind.USED: "supplied by", SystemKind.BUILT: "built here on",
             SystemKind.HOSTED: "run here, from"}[one.kind]  # fmt: skip
    return f"{whose} {suppliers}" if suppliers else ""


def _words(value: str) -> str:
    return value.replace("_", " ") if value not in ("not_set", "unknown") else ""


def _time(text: str) -> str:
    """Return a time as RFC 3339 has it."""
    if not text:
        return ""
    return datetime.fromisoformat(text).isoformat().replace("+00:00", "Z")


def _script(systems: list[dict[str, Any]]) -> bytes:
    """Return a command for each system; every value is quoted for the shell."""
    lines = [" ".join(_words_of(one)) for one in systems]
    return "".join(f"{line}\n" for line in ("#!/bin/sh", "set -eu", *lines)).encode()


def _words_of(system: Mapping[str, Any]) -> Iterator[str]:
    yield from ("probo", "ai-system", "create")
    for name, value in system.items():
        for one in value if isinstance(value, list) else [value]:
            yield f"--{_FLAGS[name]}={shlex.quote(_one_line(str(one)))}"


def _one_line(text: str) -> str:
    from scanner.output import clean

    return clean(" ".join(text.split()))


def _party(one: HandedSupplier, given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"organizationId": given["organization"], "name": one.name}
    if one.legal_entity:
        found["legalName"] = one.legal_entity
    if one.country:
        found["countries"] = [one.country]
    found.update({_URLS[name]: url for name, url in sorted(one.urls.items()) if name in _URLS})
    return found


EXPORT = Export(
    name="probo",
    title="Probo",
    reference="https://github.com/getprobo/probo",
    read="5d717ea",
    files=(
        Loaded(
            "probo-ai-systems.ndjson",
            "AI systems whose risk class is known or was given",
            "each line holds the variables of `createAiSystem(input: CreateAiSystemInput!)`",
        ),
        Loaded("probo-ai-systems.sh", "the same for its CLI", "read it, then run it"),
        Loaded(
            "probo-ai-systems-unassessed.ndjson",
            "AI systems without a risk class; Probo refuses them so",
            "add `riskClassification` to each",
        ),
        Loaded(
            "probo-third-parties.ndjson",
            "suppliers with the addresses that the catalogue has",
            "each line holds the variables of the mutation that creates a third party",
        ),
    ),
    asked=(
        Asked(
            "organization",
            "the id of the organisation in Probo",
            is_required=True,
            example="ID-OF-YOUR-ORGANISATION",
        ),
        Asked(
            "risk-classification",
            "the class for systems without a recorded one; their notes say that it is unassessed",
            values=RISKS,
        ),
    ),
    write=write,
)
