"""What OpenAI's answers mean. The application is its API; what people made there are its assets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from scanner.model import (
    Activity,
    App,
    Asset,
    Assignment,
    Identifier,
    Owner,
    Person,
    Record,
    Seat,
    Setting,
    Spend,
)

API = "openai-api"
PRODUCT = App(
    API,
    "OpenAI API",
    publisher="OpenAI",
    identifiers=((Identifier.HOST, "api.openai.com"),),
    kind="model API",
)
_TOOLS = ("mcp", "web_search", "file_search", "code_interpreter", "image_generation")
_MADE = {
    "project.created": "created a project",
    "service_account.created": "created a service account",
    "api_key.created": "created an API key",
}

Parameters = Mapping[str, str]


def organisation(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the product, where the answer is about an organisation of the key."""
    if any(one.text("id") for one in item.at("orgs").items("data")):
        yield PRODUCT


def user(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a member of the organisation; owners of it answer for the product."""
    if not (key := item.text("id")):
        return
    yield PRODUCT
    if item.flag("is_service_account"):
        yield Asset(API, "service account", key, created=item.time("added_at"))
        return
    account = item.at("user")
    yield Person(key, item.text("email") or account.text("email"), is_active=_is_active(account))
    yield Seat(
        API,
        person=key,
        assigned=item.time("added_at"),
        last_used=item.time("api_key_last_used_at"),
        may_tell_use=item.has("api_key_last_used_at"),
    )
    if item.text("role") == "owner":
        yield Owner(API, key, "owner of the OpenAI organisation")


def project(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a project."""
    if not (key := item.text("id")):
        return
    archived = "archived" if item.text("status") == "archived" else ""
    yield PRODUCT
    yield Asset(
        API,
        "project",
        key,
        item.text("name"),
        created=item.time("created_at"),
        detail=_joined(archived, item.text("residency")),
    )


def project_user(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield somebody who may use a project; its owners answer for it."""
    if not (key := item.text("id")):
        return
    where = f"project {parameters.get('project', '')}".strip()
    yield PRODUCT
    yield Person(key, item.text("email"))
    yield Assignment(API, key, where, assigned=item.time("added_at"))
    if item.text("role") == "owner":
        yield Owner(API, key, f"owner of {where}")


def project_key(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield an API key of a project: whose it is, and when it was last used. Never the key."""
    if not (key := item.text("id")):
        return
    yield PRODUCT
    owner = item.at("owner")
    person = owner.at("user")
    if who := person.text("id"):
        yield Person(who, person.text("email"))
    yield _key("API key", key, item, who, _account(owner.at("service_account"), parameters))


def admin_key(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a key to the administration itself."""
    if not (key := item.text("id")):
        return
    owner = item.at("owner")
    is_person = owner.text("type") != "service_account"
    yield PRODUCT
    yield _key(
        "admin key",
        key,
        item,
        owner.text("id") if is_person else "",
        "" if is_person else _account(owner, {}),
    )


def service_account(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a service account of a project."""
    if not (key := item.text("id")):
        return
    yield PRODUCT
    yield Asset(
        API,
        "service account",
        key,
        item.text("name"),
        created=item.time("created_at"),
        detail=_joined(parameters.get("project", ""), item.text("role")),
    )


def usage(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the use of one day: by person, project and model."""
    for one in item.items("results"):
        events = (
            one.number("num_requests")
            or one.number("num_sessions")
            or one.number("num_model_requests")
        )
        if events <= 0:
            continue
        kind = one.text("object").removeprefix("organization.usage.").removesuffix(".result")
        yield PRODUCT
        yield Activity(
            API,
            one.text("user_id"),
            item.time("start_time"),
            events,
            detail=_joined(kind.replace("_", " "), one.text("model"), one.text("project_id")),
        )


def costs(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield what was spent on one day, by project."""
    for one in item.items("results"):
        amount = one.at("amount")
        if not (value := amount.amount("value")):
            continue
        yield PRODUCT
        yield Spend(
            API,
            value,
            amount.text("currency").upper(),
            unit=one.text("project_id"),
            when=item.time("start_time"),
        )


def made(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield who created a project, a key or a service account."""
    actor = item.at("actor")
    person = actor.at("session").at("user")
    if not person.text("id"):
        person = actor.at("api_key").at("user")
    done = _MADE.get(item.text("type"))
    if done is None or not (key := person.text("id")):
        return
    yield PRODUCT
    yield Person(key, person.text("email"))
    yield Owner(API, key, done)


def retention(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield how long data is kept, for the organisation or for a project that differs from it."""
    kind = item.text("type")
    if kind and kind != "organization_default":
        yield PRODUCT
        yield Setting(API, f"data retention: {kind}", kind != "none", parameters.get("project", ""))


def models(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield the models that a project may use, or may not."""
    if (mode := item.text("mode")) not in ("allow_list", "deny_list"):
        return
    yield PRODUCT
    for model in item.texts("model_ids"):
        yield Setting(API, f"model {model}", mode == "allow_list", parameters.get("project", ""))


def hosted_tools(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield the tools that a project's models may call at OpenAI, MCP servers among them."""
    for tool in _TOOLS:
        if (is_on := item.at(tool).flag("enabled")) is not None:
            yield PRODUCT
            yield Setting(API, f"hosted tool {tool}", is_on, parameters.get("project", ""))


def _key(kind: str, key: str, item: Item, owner: str, detail: str) -> Asset:
    return Asset(
        API,
        kind,
        key,
        item.text("name"),
        owner,
        item.time("created_at"),
        item.time("last_used_at"),
        detail,
    )


def _account(account: Item, parameters: Parameters) -> str:
    named = account.text("id")
    return _joined(parameters.get("project", ""), f"of service account {named}" if named else "")


def _is_active(account: Item) -> bool | None:
    if account.flag("banned"):
        return False
    return account.flag("enabled")


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))
