"""The fields of the record of an AI system, as data: what each holds, who fills it, what it may be.

Their numbers are those of the forty fields that the record has; some of these are several values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.errors import UsageError
from scanner.inventory.role_decisions import AI_ACT_ROLES
from scanner.inventory.verdicts import State

LONGEST = 4_000  # characters of one value that a person gives
MOST = 200  # values of one field


class Origin(StrEnum):
    """Whose a value is."""

    DETECTED = "detected"
    CATALOGUE = "catalogue"
    COMPUTED = "computed"
    PERSON = "person"


class Standing(StrEnum):
    """Whether there is a value: a person's that nobody gave is missing, evidence may not tell."""

    KNOWN = "known"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a value is in JSON."""

    TEXT = "text"
    TEXTS = "texts"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"
    TIME = "time"
    NUMBER = "number"
    SHARE = "share"  # 0 to 1
    FLAG = "flag"
    OBJECT = "object"
    OBJECTS = "objects"


class Spec(NamedTuple):
    """A field. ``through`` is the command by which people fill it that is not `inventory set`."""

    number: int
    name: str
    group: str
    by: tuple[Origin, ...]
    kind: Kind
    meaning: str
    values: tuple[str, ...] = ()
    through: str = ""

    @property
    def is_settable(self) -> bool:
        """Whether `gnomon inventory set` fills it."""
        return Origin.PERSON in self.by and not self.through


_D, _C, _X, _P = Origin.DETECTED, Origin.CATALOGUE, Origin.COMPUTED, Origin.PERSON
_YES_OR_NO = ("yes", "no", "unknown")
SPECS: tuple[Spec, ...] = (
    Spec(1, "system_id", "Identity", (_X,), Kind.TEXT, "The id, the same in every scan."),
    Spec(2, "name", "Identity", (_C, _D, _P), Kind.TEXT, "What it is called.",
         through="gnomon inventory rename"),
    Spec(2, "aliases", "Identity", (_C,), Kind.TEXTS, "What else it is called."),
    Spec(3, "vendor_id", "Identity", (_C, _D), Kind.TEXTS, "Who supplies it, or its components."),
    Spec(3, "product_id", "Identity", (_C, _D), Kind.TEXT, "The product, or the application."),
    Spec(3, "plan_tier", "Identity", (_D,), Kind.CHOICES, "The plans that are paid for.",
         ("free", "team", "enterprise", "api", "unknown")),
    Spec(4, "system_type", "Identity", (_X,), Kind.CHOICES, "What kind of thing it is.",
         ("chat_app", "embedded_feature", "assistant_addin", "ide_tool", "api_service",
          "sdk_in_app", "self_hosted_model", "agent", "mcp_server", "training_pipeline",
          "browser_ext", "dataset", "unknown")),
    Spec(5, "origin_class", "Identity", (_X,), Kind.CHOICES, "Whose the model is.",
         ("proprietary", "vendor_model", "llm_api", "embedded_in_saas", "unknown")),
    Spec(6, "technique_class", "Identity", (_C,), Kind.CHOICES, "What technique it is.",
         ("generative", "classical_ml", "nlp", "vision", "agentic", "rl", "other", "unknown")),
    Spec(7, "purpose", "Purpose", (_P,), Kind.TEXT, "What problem it solves."),
    Spec(7, "intended_use", "Purpose", (_P,), Kind.TEXTS, "What it is meant to be used for."),
    Spec(8, "outputs", "Purpose", (_P,), Kind.TEXTS, "What comes out of it."),
    Spec(9, "data_inputs", "Data", (_D, _P), Kind.OBJECTS, "What data go into it."),
    Spec(10, "data_reach", "Data", (_X,), Kind.CHOICES, "Which of our data it may reach.",
         ("none", "user_content", "mailbox", "files", "tenant", "code", "unknown")),
    Spec(33, "allowed_data_classes", "Data", (_P,), Kind.TEXTS, "What data may go into it."),
    Spec(11, "models", "Make", (_D, _C), Kind.OBJECTS, "The models in it, and whose they are."),
    Spec(12, "components", "Make", (_D,), Kind.OBJECTS, "What it is made of."),
    Spec(13, "deployment_environment", "Make", (_X, _P), Kind.CHOICES, "Where it runs.",
         ("prod", "staging", "dev", "endpoint", "saas", "unknown")),
    Spec(13, "deployment_region", "Make", (_P,), Kind.TEXTS, "In which regions it runs."),
    Spec(14, "customer_facing", "People", (_P,), Kind.CHOICE, "Whether customers meet it.",
         _YES_OR_NO),
    Spec(14, "client_work", "People", (_P,), Kind.CHOICE, "Whether it is made for a client.",
         _YES_OR_NO),
    Spec(15, "affects_individuals", "People", (_P,), Kind.CHOICE,
         "Whether it decides about people.", _YES_OR_NO),
    Spec(15, "ai_subjects", "People", (_P,), Kind.TEXTS, "Whom it is about, or bears on."),
    Spec(16, "roles_22989", "Roles", (_X, _P), Kind.OBJECTS, "The roles held for it.",
         through="gnomon inventory confirm-role"),
    Spec(17, "ai_act_role", "Roles", (_P,), Kind.CHOICE, "The role under the EU AI Act.",
         AI_ACT_ROLES),
    Spec(17, "ai_act_tier_hint", "Roles", (_P,), Kind.CHOICE, "The tier under the EU AI Act.",
         ("prohibited", "high_risk", "limited", "minimal", "gpai", "unknown")),
    Spec(18, "owner", "Owner and use", (_X, _P), Kind.OBJECT, "Who answers for it.",
         through="gnomon inventory owner"),
    Spec(19, "users", "Owner and use", (_D,), Kind.OBJECT, "How many use it, of which units."),
    Spec(20, "account_mode", "Owner and use", (_X,), Kind.CHOICES, "With whose accounts.",
         ("company", "personal", "anonymous", "service", "mixed", "unknown")),
    Spec(21, "approval_status", "Approval", (_P, _X), Kind.CHOICE, "Where it stands in review.",
         tuple(State), through="gnomon review decide"),
    Spec(22, "approval", "Approval", (_P,), Kind.OBJECT, "Who decided that, and until when.",
         through="gnomon review decide"),
    Spec(23, "first_seen", "Owner and use", (_D,), Kind.TIME, "When it was first seen."),
    Spec(23, "last_seen", "Owner and use", (_D,), Kind.TIME, "When it was last seen."),
    Spec(23, "seen_days", "Owner and use", (_D,), Kind.NUMBER, "On how many days it was used."),
    Spec(23, "hits", "Owner and use", (_D,), Kind.NUMBER, "How many events there were."),
    Spec(24, "used_before_approval", "Approval", (_X,), Kind.FLAG,
         "Whether it was used before anybody allowed it."),
    Spec(25, "lifecycle", "Approval", (_X, _P), Kind.CHOICE, "Where it is in its life.",
         ("proposed", "pilot", "deployed", "suspended", "retired", "unknown")),
    Spec(26, "oversight", "Oversight and risk", (_P,), Kind.CHOICE, "Where people stand to it.",
         ("in_the_loop", "on_the_loop", "out_of_the_loop", "not_set")),
    Spec(26, "oversight_rationale", "Oversight and risk", (_P,), Kind.TEXT, "Why they do."),
    Spec(27, "autonomy", "Oversight and risk", (_P,), Kind.CHOICE, "How far it acts alone.",
         ("none", "suggests", "acts_when_asked", "acts_alone", "unknown")),
    Spec(27, "tools", "Oversight and risk", (_D, _P), Kind.TEXTS, "The tools that it may use."),
    Spec(27, "can_act_externally", "Oversight and risk", (_D, _P), Kind.CHOICE,
         "Whether it can change something outside itself.", _YES_OR_NO),
    Spec(28, "risk_triage", "Oversight and risk", (_X,), Kind.OBJECT,
         "What speaks for looking at it first; not a risk assessment."),
    Spec(29, "impact_assessment_ref", "Oversight and risk", (_P,), Kind.TEXT,
         "Where its impact assessment is."),
    Spec(29, "impact_assessment_due", "Oversight and risk", (_P,), Kind.DAY,
         "Until when it is due."),
    Spec(30, "scope_43", "Scope and controls", (_X, _P), Kind.OBJECT,
         "Whether it is in the scope of the management system.", through="gnomon review scope"),
    Spec(31, "annex_a_controls", "Scope and controls", (_X,), Kind.TEXTS,
         "Controls that the roles suggest; the statement of applicability is yours."),
    Spec(32, "supplier_review_ref", "Scope and controls", (_X,), Kind.OBJECTS,
         "The reviews of its suppliers."),
    Spec(34, "evidence", "Evidence", (_D,), Kind.OBJECTS, "What shows it."),
    Spec(35, "detection_confidence", "Evidence", (_X,), Kind.SHARE, "How sure that makes it."),
    Spec(36, "channels", "Evidence", (_D,), Kind.TEXTS, "Through which senses it was seen."),
    Spec(37, "register_match", "Evidence", (_X,), Kind.CHOICE,
         "Whether the organisation's own register has it.",
         ("matched", "new", "missing_in_evidence", "unknown")),
    Spec(38, "review_due", "Approval", (_P,), Kind.TIME, "When it is to be looked at again.",
         through="gnomon review decide"),
    Spec(38, "last_reviewed", "Approval", (_P,), Kind.TIME, "When it was last decided on.",
         through="gnomon review decide"),
    Spec(39, "tags", "Notes", (_P,), Kind.TEXTS, "Words to find it by."),
    Spec(39, "notes", "Notes", (_P,), Kind.TEXT, "What else there is to say."),
    Spec(39, "history", "Notes", (_X,), Kind.OBJECTS, "What was decided on it."),
    Spec(40, "catalogue_version", "Notes", (_X,), Kind.TEXT, "The signatures of the last scan."),
    Spec(40, "scan_run_ids", "Notes", (_X,), Kind.OBJECT, "The scans whose sources show it."),
)  # fmt: skip
BY_NAME: Mapping[str, Spec] = {one.name: one for one in SPECS}
SETTABLE = tuple(one.name for one in SPECS if one.is_settable)
_SEVERAL = frozenset({Kind.TEXTS, Kind.CHOICES, Kind.OBJECTS})


def said(name: str, texts: Sequence[str]) -> Any:
    """Return what a person gives for a field as JSON has it. Raises UsageError, in words."""
    spec = BY_NAME.get(name)
    if spec is None or not spec.is_settable:
        how = f"; use `{spec.through}`" if spec and spec.through else ""
        what = "is no field of the record" if spec is None else "is not set by hand"
        raise UsageError(f"{name} {what}{how}; there are {', '.join(SETTABLE)}")
    given = list(dict.fromkeys(_as_spelled(spec, one.strip()) for one in texts if one.strip()))
    if not given:
        raise UsageError(f"{name} needs a value")
    if len(given) > 1 and spec.kind not in _SEVERAL:
        raise UsageError(f"{name} is one value, and not {len(given)}; quote it if it has blanks")
    value: Any = given if spec.kind in _SEVERAL else given[0]
    if spec.kind is Kind.OBJECTS:
        value = [{"class": one} for one in given]
    if flaw := flaw_of(spec, value):
        raise UsageError(flaw)
    return value


def _as_spelled(spec: Spec, said: str) -> str:
    """Return one of a field's own values as it is spelled: ``Yes`` is yes, ``in the loop`` in_the_loop."""
    known = {one.casefold(): one for one in spec.values}
    return known.get(said.casefold().replace(" ", "_").replace("-", "_"), said)


def flaw_of(spec: Spec, value: Any) -> str:
    """Return why a value is none of a field that people set; "" if it is one."""
    several = value if spec.kind in _SEVERAL and isinstance(value, list) else [value]
    if (spec.kind in _SEVERAL) != isinstance(value, list) or not several or len(several) > MOST:
        return f"{spec.name} is {_WORDS[spec.kind]}"
    for one in several:
        text = one.get("class") if isinstance(one, dict) and spec.kind is Kind.OBJECTS else one
        if not isinstance(text, str) or not text.strip():
            return f"{spec.name} is {_WORDS[spec.kind]}"
        if len(text) > LONGEST:
            return f"{spec.name}: a text of more than {LONGEST:,} characters"
        if spec.values and text not in spec.values:
            return f"{spec.name} is one of {', '.join(spec.values)}, and not {text!r}"
        if spec.kind is Kind.DAY and not _is_day(text):
            return f"{spec.name} is a day such as 2027-01-31, and not {text!r}"
    return ""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a record, as `gnomon inventory record --format json` prints it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gnomon: the record of one AI system",
        "type": "object",
        "additionalProperties": False,
        "required": ["system", "name", "made_at", "fields"],
        "properties": {
            "system": {"type": "string", "pattern": "^ais-"},
            "name": {"type": "string"},
            "made_at": {"type": "string", "format": "date-time"},
            "fields": {
                "type": "object",
                "additionalProperties": False,
                "required": [one.name for one in SPECS],
                "properties": {one.name: _schema(one) for one in SPECS},
            },
        },
    }


def _schema(spec: Spec) -> dict[str, Any]:
    """Return the schema of a field: its value, or the word for why there is none."""
    held = {
        "known": _JSON[spec.kind](spec.values),
        "missing": {"const": "missing"},
        "unknown": {"const": "unknown"},
    }
    states = ["known", "unknown", *(["missing"] if Origin.PERSON in spec.by else [])]
    return {
        "description": spec.meaning,
        "type": "object",
        "additionalProperties": False,
        "required": ["number", "group", "value", "state", "origin", "source", "at", "evidence"],
        "properties": {
            "number": {"const": spec.number},
            "group": {"const": spec.group},
            "value": True,
            "state": {"enum": states},
            "origin": {"enum": [one.value for one in spec.by]},
            "source": {"type": "string", "minLength": 1},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "by": {"type": "string"},
            "evidence": {"type": "array", "items": {"type": "string"}},
            "instead_of": True,
        },
        "oneOf": [
            {"properties": {"state": {"const": state}, "value": held[state]}} for state in states
        ],
    }


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2027-01-31")


_WORDS: Mapping[Kind, str] = {
    Kind.TEXT: "a text",
    Kind.TEXTS: f"a list of 1 to {MOST} texts",
    Kind.CHOICE: "one of its values",
    Kind.CHOICES: "a list of its values",
    Kind.DAY: "a day such as 2027-01-31",
    Kind.OBJECTS: f"a list of 1 to {MOST} classes of data",
    Kind.TIME: "a time",
    Kind.NUMBER: "a number",
    Kind.SHARE: "a number from 0 to 1",
    Kind.FLAG: "true or false",
    Kind.OBJECT: "an object",
}
_JSON: Mapping[Kind, Callable[[tuple[str, ...]], dict[str, Any]]] = {
    Kind.TEXT: lambda _: {"type": "string", "minLength": 1},
    Kind.TEXTS: lambda _: {"type": "array", "items": {"type": "string", "minLength": 1}},
    Kind.CHOICE: lambda values: {"enum": list(values)},
    Kind.CHOICES: lambda values: {"type": "array", "minItems": 1, "items": {"enum": list(values)}},
    Kind.DAY: lambda _: {"type": "string", "format": "date"},
    Kind.TIME: lambda _: {"type": "string", "format": "date-time"},
    Kind.NUMBER: lambda _: {"type": "integer", "minimum": 0},
    Kind.SHARE: lambda _: {"type": "number", "minimum": 0, "maximum": 1},
    Kind.FLAG: lambda _: {"type": "boolean"},
    Kind.OBJECT: lambda _: {"type": "object"},
    Kind.OBJECTS: lambda _: {"type": "array", "items": {"type": "object"}},
}
