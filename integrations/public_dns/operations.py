"""The questions: what is asked of the domains, and of names below them."""

from __future__ import annotations

from integrations.operations import Operation
from integrations.public_dns import records

_FIELDS = ("name", "type", "value")


def _question(id: str, title: str, type_: str, why: str, parse: records.Parse) -> Operation:  # noqa: A002
    return Operation(
        id=f"dns.{id}",
        title=title,
        host="",
        path=f"/{{name}}/{type_}",
        why=why,
        fields=_FIELDS,
        parse=parse,
        reference="https://www.rfc-editor.org/rfc/rfc1035",
        quota="questions",
        verified_by=("RFC 1035, and BIND on loopback",),
    )


MAIL = _question(
    "mail",
    "mail servers",
    "MX",
    "Mail that goes through a service is read there.",
    records.published,
)
TEXTS = _question(
    "texts",
    "text records",
    "TXT",
    "To verify a domain with a vendor an administrator publishes what the vendor gave out.",
    records.published,
)
WILDCARD = _question(
    "wildcard",
    "any name at all",
    "CNAME",
    "Where every name has an answer, an answer to a common name says nothing.",
    records.wildcard,
)
NAMES = _question(
    "names",
    "names that lead elsewhere",
    "CNAME",
    "Chatbots, help centres and applications that a service hosts under a name of one's own.",
    records.below_wildcard,
)
SENDERS = _question(
    "senders",
    "lists of mail senders",
    "TXT",
    "Senders may be listed under other names of the same domain.",
    records.published,
)

OPERATIONS = (MAIL, TEXTS, WILDCARD, NAMES, SENDERS)
