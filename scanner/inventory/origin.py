"""What a system is and where it stands, worked out from its facts: origin, type, reach, place, accounts.

Each value says why and from which evidence. What evidence cannot tell is "unknown", with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scanner.inventory.components import is_of_hub
from scanner.inventory.conditions import shows
from scanner.inventory.role_rules import rules
from scanner.model import Channel, HintKind, Identifier, Level, Part, SystemFacts, SystemKind

UNKNOWN = "unknown"
_LAST = 20  # of evidence that is named; the rest is counted by the system's own listing

_MODEL_APIS = ("model-api", "model-gateway", "inference-hosting")
_TYPES: Mapping[str, str] = {
    "assistant": "chat_app", "search-research": "chat_app",
    "coding-assistant": "ide_tool", "coding-agent": "ide_tool", "app-builder": "ide_tool",
    "model-api": "api_service", "model-gateway": "api_service", "inference-hosting": "api_service",
    "tool-api": "api_service", "vector-db": "api_service", "local-runtime": "self_hosted_model",
    "agent-platform": "agent", "agent-framework": "agent", "mcp-server": "mcp_server",
    "mcp-sdk": "mcp_server", "ml-framework": "training_pipeline", "ml-platform": "api_service",
    "data-labelling": "dataset", "embedded-saas": "embedded_feature",
    "meeting-notetaker": "assistant_addin",
}  # fmt: skip
# The areas that scopes open, as the record's classes of reach; the widest is told first.
_AREAS: Mapping[str, str] = {
    "mail": "mailbox", "calendar": "mailbox", "contacts": "mailbox",
    "files": "files", "sites": "files", "notes": "files", "media": "files",
    "code": "code",
    "chat": "user_content", "meetings": "user_content", "tasks": "user_content",
    "forms": "user_content", "browser": "user_content", "profile": "user_content",
    "health": "user_content", "location": "user_content", "learning": "user_content",
    "directory": "tenant", "admin": "tenant", "security": "tenant", "audit": "tenant",
    "compliance": "tenant", "devices": "tenant", "apps": "tenant", "cloud": "tenant",
    "business": "tenant", "analytics": "tenant", "automation": "tenant", "money": "tenant",
}  # fmt: skip
_WIDEST = ("tenant", "mailbox", "files", "code", "user_content", "unknown", "none")
_PLACES = (
    ("prod", re.compile(r"(?<![a-z])prod(?:uction)?(?![a-z])", re.IGNORECASE)),
    ("staging", re.compile(r"(?<![a-z])(?:staging|stage|preprod|uat)(?![a-z])", re.IGNORECASE)),
    ("dev", re.compile(r"(?<![a-z])dev(?:elopment)?(?![a-z])", re.IGNORECASE)),
)
_COMPANY = (Channel.SSO, Channel.SEAT, Channel.GRANT, Channel.ACTIVITY, Channel.SETTING)


class Computed(NamedTuple):
    """A value that was worked out, why, and from which evidence."""

    field: str
    value: tuple[str, ...]
    why: str
    evidence: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.value != (UNKNOWN,)


def computed(facts: SystemFacts) -> list[Computed]:
    """Return what follows of a system from its facts, in the order of the record."""
    return [
        system_type(facts),
        origin_class(facts),
        data_reach(facts),
        deployment_environment(facts),
        account_mode(facts),
    ]


def origin_class(facts: SystemFacts) -> Computed:
    """Return whose model it is: proprietary, vendor_model, llm_api, embedded_in_saas."""
    if facts.kind is SystemKind.USED or not facts.parts:  # a server that was seen has none
        return _origin_of_product(facts)
    found = {
        "llm_api": _of(facts, "services"),
        "vendor_model": [*_of(facts, "runtimes"), *_hub_models(facts)],
        "proprietary": _of(facts, "frameworks"),
    }
    values = tuple(name for name, parts in found.items() if parts)
    if not values:
        return _unknown("origin_class", "its components do not tell whose the model is")
    why = "; ".join(f"{name.replace('_', ' ')}: {_named(found[name])}" for name in values)
    return Computed(
        "origin_class", values, why, _ids(part for one in found.values() for part in one)
    )


def _origin_of_product(facts: SystemFacts) -> Computed:
    if facts.category in _MODEL_APIS or facts.ai_nature == "hosting":
        return Computed("origin_class", ("llm_api",), f"a product of the category {facts.category}")
    if facts.category in rules().categories["own-models"]:
        return Computed("origin_class", ("vendor_model",), "models of others that run here")
    if facts.kind is SystemKind.HOSTED:
        return _unknown("origin_class", "it runs here, and nothing tells whose the model is")
    return Computed("origin_class", ("embedded_in_saas",), "AI in a service that a supplier runs")


def system_type(facts: SystemFacts) -> Computed:
    """Return what kind of thing it is, in the record's words."""
    if facts.kind is SystemKind.HOSTED:
        return Computed("system_type", ("self_hosted_model",), "a model server of our own")
    if facts.kind is SystemKind.BUILT:
        return _type_of_built(facts)
    extensions = [one.id for one in facts.seen if one.identifier is Identifier.BROWSER_EXT]
    if extensions and len(extensions) == len(facts.seen):
        return Computed(
            "system_type", ("browser_ext",), "seen as a browser extension alone", tuple(extensions)
        )
    if facts.ai_nature == "embedded":
        return Computed(
            "system_type", ("embedded_feature",), "the product has AI beside what it is for"
        )
    kind = _TYPES.get(facts.category)
    if kind is None:
        return Computed("system_type", ("chat_app",), "an application that people open")
    return Computed("system_type", (kind,), f"a product of the category {facts.category}")


def _type_of_built(facts: SystemFacts) -> Computed:
    found = {
        "agent": _of(facts, "agents"),
        "mcp_server": [one for one in _of(facts, "tools") if one.category == "mcp-server"],
        "self_hosted_model": _of(facts, "runtimes"),
        "sdk_in_app": _of(facts, "services"),
        "training_pipeline": _of(facts, "frameworks"),
    }
    values = tuple(name for name, parts in found.items() if parts) or ("sdk_in_app",)
    parts = [part for one in found.values() for part in one] or list(facts.parts)
    return Computed("system_type", values, f"made of {_named(parts)}", _ids(parts))


def data_reach(facts: SystemFacts) -> Computed:
    """Return which of the organisation's data it may reach, the widest first."""
    reach: dict[str, set[str]] = {}
    for one in facts.reached:
        if one.area != "identity":
            kind = "tenant" if one.is_wide else _AREAS.get(one.area, UNKNOWN)
            reach.setdefault(kind, set()).add(one.id)
    sent = {one.id for one in facts.seen if one.level is Level.USED and one.bytes_up}
    if sent:
        reach.setdefault("user_content", set()).update(sent)
    if stores := [one for one in facts.hints if one.kind == HintKind.DATA_STORE]:
        labels = ", ".join(sorted({one.label for one in stores}))
        places = {f"hint:{one.file}:{one.line}" for one in stores}
        return Computed(
            "data_reach", _widest(reach) or (UNKNOWN,),
            f"it may keep data in {labels}; what they hold is for a person to say",
            _some({*places, *_all(reach)}),
        )  # fmt: skip
    if reach:
        why = "what it was granted and what was sent to it"
        return Computed("data_reach", _widest(reach), why, _some(_all(reach)))
    if facts.reached:
        ids = {one.id for one in facts.reached}
        return Computed(
            "data_reach", ("none",), "it was granted who signs in, and no more", _some(ids)
        )
    return _unknown("data_reach", "no grant of it is known, and no upload was seen")


def deployment_environment(facts: SystemFacts) -> Computed:
    """Return where it runs: prod, staging, dev, endpoint, saas."""
    if facts.kind is SystemKind.USED:
        return _place_of_product(facts)
    hints = [one for one in facts.hints if one.kind == HintKind.DEPLOYMENT]
    found = {
        name: {f"hint:{one.file}:{one.line}" for one in hints if words.search(one.file)}
        for name, words in _PLACES
    }
    if values := tuple(name for name in found if found[name]):
        why = "the names of files that say how it is deployed"
        return Computed("deployment_environment", values, why, _some(_all(found)))
    if hints:
        labels = ", ".join(sorted({one.label for one in hints}))
        places = tuple(sorted({f"hint:{one.file}:{one.line}" for one in hints}))
        why = f"{labels}: which environment that is, no file says"
        return Computed("deployment_environment", (UNKNOWN,), why, places)
    return _unknown("deployment_environment", "no file says where it runs")


def _place_of_product(facts: SystemFacts) -> Computed:
    devices = {one.id for one in facts.seen if one.channel is Channel.DEVICE}
    others = {one.id for one in facts.seen if one.channel not in (Channel.DEVICE, Channel.REGISTER)}
    is_local = facts.category in rules().categories["runtimes"]
    values = ("endpoint",) * bool(devices) + ("saas",) * bool(others and not is_local)
    if not values:
        return _unknown("deployment_environment", "nothing shows where it runs")
    why = "software on devices" if devices else "a service that its supplier runs"
    why = "a service that its supplier runs, and software on devices" if len(values) > 1 else why
    return Computed("deployment_environment", values, why, _some(devices | others))


def account_mode(facts: SystemFacts) -> Computed:
    """Return with whose accounts it is used: company, personal, service, mixed of these.

    Network logs show no account. People who pay alone, where the organisation has no licence, use
    accounts of their own.
    """
    if facts.kind is not SystemKind.USED:
        return _unknown("account_mode", "people have no accounts at what the sources show of it")
    company = {one.id for one in facts.seen if one.channel in _COMPANY}
    company |= {f"seat:{one.source}:{one.plan}" for one in facts.seats}
    service = {
        f"kept:{one.source}:{one.kind}:{one.name}"
        for one in facts.kept
        if one.kind in ("API key", "service account")
    }
    personal = (
        {f"spend:{one.source}:{one.month}" for one in facts.spent if one.people and one.amount > 0}
        if not company
        else set()
    )
    found = {"company": company, "service": service, "personal": personal}
    values = tuple(name for name, ids in found.items() if ids)
    if not values:
        why = "network logs show no accounts" if shows(facts) else "nothing shows its use"
        return _unknown("account_mode", why)
    why = "; ".join(_ACCOUNTS[name] for name in values)
    mode = values if len(values) == 1 else ("mixed",)
    return Computed("account_mode", mode, why, _some(_all(found)))


_ACCOUNTS = {
    "company": "seats, sign-ins or grants of the organisation's own accounts",
    "service": "keys or accounts of programs",
    "personal": "people paid for it, and no licence of the organisation is known",
}


def _of(facts: SystemFacts, categories: str) -> list[Part]:
    wanted = rules().categories[categories]
    shipped = (one for one in facts.parts if one.is_shipped and not is_of_hub(one))
    return [one for one in shipped if one.category in wanted]


def _hub_models(facts: SystemFacts) -> list[Part]:
    return [one for one in facts.parts if one.is_shipped and is_of_hub(one)]


def _named(parts: Sequence[Part]) -> str:
    return ", ".join(sorted({one.product for one in parts}))


def _widest(reach: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(one for one in _WIDEST if one in reach)


def _all(found: Mapping[str, set[str]]) -> set[str]:
    return set[str]().union(*found.values())


def _some(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids)[:_LAST])


def _ids(parts: Iterable[Part]) -> tuple[str, ...]:
    return _some({one.id for one in parts})


def _unknown(field: str, why: str) -> Computed:
    return Computed(field, (UNKNOWN,), why)
