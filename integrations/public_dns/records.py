"""What published records mean: a verified domain, a name that leads elsewhere, a sender of mail.

None of it is use. A vendor's verification record was put there by an administrator for whoever
holds the account; where a record names a host, the host is taken as text and never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from integrations.fields import Item
from integrations.public_dns.names import NOBODY
from scanner.hosts import fold, registrable_domain
from scanner.model import App, Asset, Identifier, Record

Parameters = Mapping[str, str]
Parse = Callable[[Item, Parameters], Iterator[Record]]

VERIFIED = "verified domain"
LEADS = "published name"
MAIL = "mail server"
SENDER = "mail sender"
_SENDERS = re.compile(r"(?:[+?~-]?(?:include|exists|a|mx|ptr):|redirect=)(\S+)", re.IGNORECASE)
_LONGEST = 2_000  # of a text that is looked at; the longest known token has 160 characters


def published(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield what one record says: its type decides."""
    name, value = item.text("name"), item.text("value")
    match item.text("type"):
        case "TXT" | "SPF":
            yield from _of_text(name, value)
        case "MX":
            yield from _of_host(MAIL, name, value)
        case "CNAME":
            yield from _of_host(LEADS, name, value)
        case _:
            item.bad["type"] += 1


def wildcard(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield where every name of a domain leads that has no record of its own."""
    _, _, domain = parameters.get("name", "").partition(".")
    yield from _of_host(LEADS, f"*.{domain}", item.text("value"))


def below_wildcard(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield where a name leads, unless every name leads there."""
    if not _leads_alike(item.text("name"), item.text("value"), parameters.get("wildcard", "")):
        yield from published(item, parameters)


def _leads_alike(name: str, host: str, everybodys: str) -> bool:
    """Whether a name leads where every name does: to one host, or with its own label (DNAME)."""
    label, _, rest = host.partition(".")
    is_own = label == name.partition(".")[0] and everybodys.startswith(NOBODY)
    return host == everybodys or (is_own and rest == everybodys.partition(".")[2])


def senders(text: str) -> Iterator[str]:
    """Yield the hosts that a list of mail senders (SPF) names, as they are written."""
    if text[:6].lower() == "v=spf1":
        for found in _SENDERS.finditer(text[:_LONGEST]):
            yield fold(found[1].partition("/")[0].encode("utf-8", "replace"))


def verification_name(text: str) -> str:
    """Return what stands before the token of a verification record; "" of a text without one."""
    found = re.match(r"[^\s=:]{2,100}(?=[=:]\S)", text)
    return found[0].lower() if found else ""


def _of_text(name: str, text: str) -> Iterator[Record]:
    if text[:6].lower() == "v=spf1":
        for host in senders(text):
            yield from _of_host(SENDER, name, host)
        return
    said = verification_name(text[:_LONGEST]) or text[:_LONGEST]
    app = App(f"txt {said}", identifiers=((Identifier.DNS_TXT, text[:_LONGEST]),), kind=VERIFIED)
    yield app
    yield Asset(app.key, VERIFIED, name, name)


def _of_host(kind: str, name: str, host: str) -> Iterator[Record]:
    """Yield a service at another's host, and the name that leads there; nothing of one's own."""
    host = host.lower().rstrip(".")
    if "." not in host or "%" in host or registrable_domain(host) == registrable_domain(name):
        return
    app = App(f"host {host}", identifiers=((Identifier.DNS_CNAME, host),), kind=kind)
    yield app
    yield Asset(app.key, kind, f"{name} {host}", name, detail=host)
