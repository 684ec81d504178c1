"""What Microsoft 365 and Intune say: use of Copilot, agents in its catalogue, software on devices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from integrations.entra.people import is_concealed, login_of
from integrations.entra.products import M365_COPILOT, MICROSOFT
from integrations.fields import Item
from scanner.model import (
    Activity,
    App,
    Asset,
    Identifier,
    Install,
    Owner,
    Person,
    Record,
    Seat,
)

# Names in the JSON report, and those of its columns where it comes as CSV.
_HOSTS = {
    "Copilot Chat": ("copilotChatLastActivityDate", "Copilot Chat Last Activity Date"),
    "Teams": (
        "microsoftTeamsCopilotLastActivityDate",
        "Microsoft Teams Copilot Last Activity Date",
    ),
    "Word": ("wordCopilotLastActivityDate", "Word Copilot Last Activity Date"),
    "Excel": ("excelCopilotLastActivityDate", "Excel Copilot Last Activity Date"),
    "PowerPoint": ("powerPointCopilotLastActivityDate", "PowerPoint Copilot Last Activity Date"),
    "Outlook": ("outlookCopilotLastActivityDate", "Outlook Copilot Last Activity Date"),
    "OneNote": ("oneNoteCopilotLastActivityDate", "OneNote Copilot Last Activity Date"),
    "Loop": ("loopCopilotLastActivityDate", "Loop Copilot Last Activity Date"),
}
_PERSON = ("userPrincipalName", "User Principal Name")
_LAST = ("lastActivityDate", "Last Activity Date")
COPILOT_FIELDS = (*_PERSON, *_LAST, *(name for names in _HOSTS.values() for name in names))
COPILOT_PEOPLE = _PERSON

# A package family or a bundle: OpenAI.ChatGPT-Desktop, com.openai.chat. Names have blanks, or no dot.
_BUNDLE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def copilot_usage(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the Copilot licence of a person, and when and where it was used last.

    A tenant may conceal names in reports: then there is use, and nobody who used it.
    """
    name = item.text(_PERSON[0]) or item.text(_PERSON[1])
    if not name:
        return
    last = _time(item, _LAST)
    login = login_of(name)
    app = M365_COPILOT.app()
    yield app
    if login:
        yield Person(login, login=name)
        yield Seat(app.key, app.name, login, last_used=last, may_tell_use=True)
    if last is not None:
        where = ", ".join(one for one, names in _HOSTS.items() if _time(item, names))
        detail = f"{where or 'used'}; the name is concealed" if is_concealed(name) else where
        yield Activity(app.key, login, last, detail=detail)


def _time(item: Item, names: tuple[str, str]) -> datetime | None:
    return item.time(names[0]) or item.time(names[1])


def copilot_package(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an agent or app of Copilot's catalogue: what people made is an asset, the rest are
    applications."""
    id_ = item.text("id")
    if not id_:
        return
    if item.text("type").lower() in ("shared", "custom"):
        yield M365_COPILOT.app()
        yield _agent(item, id_)
    else:
        yield _catalogued(item, id_)
        if owner := item.text("ownerId"):
            yield Owner(f"package:{id_}", owner, "owner in the catalogue of Copilot")


def _agent(item: Item, id_: str) -> Asset:
    made_of = ", ".join(item.texts("elementTypes"))
    blocked = "blocked" if item.flag("isBlocked") else ""
    available = item.text("availableTo")
    reach = f"available to {available}" if available else ""
    return Asset(
        M365_COPILOT.key,
        "agent",
        id_,
        item.text("displayName"),
        item.text("ownerId"),
        item.time("createdDateTime"),
        detail="; ".join(one for one in (made_of, reach, blocked) if one),
    )


def _catalogued(item: Item, id_: str) -> App:
    blocked = item.flag("isBlocked")
    return App(
        f"package:{id_}",
        item.text("displayName"),
        idp="entra",
        client_id=item.text("appId"),
        owner_tenant=MICROSOFT if item.text("type").lower() == "microsoft" else "",
        publisher=item.text("publisher"),
        kind="agent",
        description=item.text("shortDescription"),
        is_enabled=None if blocked is None else not blocked,
        created=item.time("createdDateTime"),
    )


def detected_app(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield software that Intune found, and on how many devices."""
    id_ = item.text("id")
    if not id_:
        return
    key, name = f"intune:{id_}", item.text("displayName")
    identifiers = ((Identifier.BUNDLE, name),) if _BUNDLE.fullmatch(name) else ()
    platform = item.text("platform")
    yield App(
        key,
        name,
        publisher=item.text("publisher"),
        identifiers=identifiers,
        kind=f"software on {platform}" if platform else "software",
        is_named_by_catalogue=bool(item.text("publisher")),
    )
    yield Install(key, devices=item.number("deviceCount"), version=item.text("version"))


def device(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a device that has the software ``detected`` of the parameters."""
    software = parameters.get("detected", "")
    if not software or not item.text("id"):
        return
    login = item.text("userPrincipalName")
    person = item.text("userId") or login_of(login)
    if person and login:
        yield Person(person, login)
    yield Install(
        f"intune:{software}",
        person,
        item.text("deviceName") or item.text("id"),
        seen=item.time("lastSyncDateTime"),
    )
