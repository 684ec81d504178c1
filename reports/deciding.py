"""What people decided, in words: about what, and what they said. A rejected role is no rejected system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from reports.material import Material
from reports.texts import Texts
from scanner.inventory.supplier_fields import ACTIVITY
from scanner.model import Act, Decision


class Worded(NamedTuple):
    """A decision as a reader takes it: what it is about, and what was said of that."""

    about: str
    said: str


def worded(material: Material, one: Decision) -> Worded:
    """Return a decision in words."""
    return Worded(_about(material, one), said_of(one.act, one.verdict, one.value, material.texts))


def said_of(act: str, verdict: str, value: Mapping[str, Any], texts: Texts) -> str:
    """Return what a decision says, and of what it says it, such as ``AI provider: rejected``."""
    of, said = _of(act, value, texts), _said(act, verdict, value, texts)
    return texts("common.pair", what=of, then=said) if of else said


def _about(material: Material, one: Decision) -> str:
    kind, mark, name = one.subject.partition(":")
    if not mark or not material.texts.has(f"common.about_what.{kind}"):
        known = material.systems.get(one.subject)
        return known.name if known else material.decided.name(one.subject)
    if kind == "supplier" and name in material.suppliers:
        name = material.suppliers[name].name
    return material.texts(f"common.about_what.{kind}", name=name)


def _of(act: str, value: Mapping[str, Any], texts: Texts) -> str:
    match act:
        case Act.ROLE:
            return texts.of("role", value.get("role", ""))
        case Act.OWNER | Act.SCOPE:
            return texts.of("act", act)
        case Act.ANSWER:
            return str(value.get("question", ""))
        case Act.FIELD:
            return _field(str(value.get("field", "")), texts)
    return ""


def _field(name: str, texts: Texts) -> str:
    keys = (
        f"register.field.{name}",
        f"supplier.field.{name}",
        f"supplier.activity.{name.removeprefix(ACTIVITY)}",
    )
    found = next((key for key in keys if texts.has(key)), "")
    return texts(found) if found else name.replace("_", " ")


def _said(act: str, verdict: str, value: Mapping[str, Any], texts: Texts) -> str:
    match act:
        case Act.REVIEW | Act.APPROVE:
            return texts.of("status", verdict)
        case Act.SCOPE:
            return texts.of("place", verdict)
        case Act.ROLE:
            return texts.of("claim", verdict)
        case Act.OWNER:
            return str(value.get("owner", ""))
        case Act.RENAME:
            return texts("common.act.rename", name=str(value.get("name", "")))
        case Act.FIELD if verdict == "said":
            return _filled(str(value.get("field", "")), value.get("value"), texts)
    told = _filled("", value.get("value"), texts)
    return ", ".join(filter(None, (texts.of("said", verdict), told)))


def _filled(field: str, value: object, texts: Texts) -> str:
    several = value if isinstance(value, list) else [value]
    return ", ".join(_filled_one(field, one, texts) for one in several if one not in (None, ""))


def _filled_one(field: str, value: object, texts: Texts) -> str:
    if isinstance(value, Mapping):
        return str(value.get("class", ""))
    group = "answer" if value in ("yes", "no") else field
    key = f"register.value.{group}.{value}"
    return texts(key) if texts.has(key) else str(value)
