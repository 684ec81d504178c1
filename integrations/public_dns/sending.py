"""What stands in the place of ``integrations.transport.Transport``: it asks about the domains given.

Every answer that brings nothing is told apart: a name that does not exist, a server that refuses,
one that fails, one that is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from integrations.connector import (
    Connector,
    Context,
    Meaning,
    Page,
    Sent,
    Stopped,
    Trouble,
    Undeclared,
)
from integrations.keys import Key
from integrations.operations import Operation
from integrations.pace import Clock
from integrations.public_dns.asker import Asker, servers_of
from integrations.public_dns.names import domains_of, is_below
from scanner.errors import ConfigError

if TYPE_CHECKING:
    import dns.message

_FASTEST = 100.0
_LONGEST = 60.0


class Anybody(Key):
    """Nobody signs in; ``sender`` asks name servers in the place of the usual transport."""

    __slots__ = ("_settings",)

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__({})
        self._settings = settings

    def sender(self, connector: Connector, clock: Clock) -> Sender:
        """Return what sends the questions. Raises ConfigError for a wrong setting."""
        given = self._settings.get
        asker = Asker(
            servers_of(given("resolver", "")),
            _number("pace", given("pace", ""), _FASTEST),
            _number("timeout", given("timeout", ""), _LONGEST),
            clock,
        )
        return Sender(connector, domains_of(given("domains", "")), asker, clock)


def sign_in(context: Context) -> Anybody:
    """Return what needs no signing in."""
    return Anybody(context.settings)


class Sender:
    """Sends the questions of the DNS connector."""

    def __init__(
        self, connector: Connector, domains: tuple[str, ...], asker: Asker, clock: Clock
    ) -> None:
        self._connector = connector
        self._domains = domains
        self._asker = asker
        self._clock = clock
        self._ended: dict[str, Meaning] = {}  # domains below which there is nothing
        self.sent = Sent()

    def pages(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        following: str = "",  # noqa: ARG002 - an answer has one page
        deadline: float = float("inf"),
    ) -> Iterator[Page]:
        """Yield the answer to a question. Raises Stopped, and Undeclared for any other question."""
        name = parameters.get("name", "")
        if operation not in self._connector.operations or not is_below(name, self._domains):
            raise Undeclared(f"{operation.id} of {name!r} is not to be asked")
        for domain, why in self._ended.items():
            if is_below(name, (domain,)):
                raise Stopped(why)
        if self._clock.time() > deadline:
            raise Stopped(Meaning(Trouble.RETRY, "the time for it was over"))
        yield Page(self._answer(operation, name), "")

    def _answer(self, operation: Operation, name: str) -> list[dict[str, str]]:
        from dns import rcode

        kind = operation.path.rpartition("/")[2]
        self.sent.count(operation.id)
        answer = self._asker.ask(name, kind)
        code = answer.rcode()
        if code == rcode.NXDOMAIN and name in self._domains:
            self._ended[name] = Meaning(
                Trouble.WRONG, f"{name}: there is no such domain (NXDOMAIN); is it spelled right?"
            )
            raise Stopped(self._ended[name])
        if code not in (rcode.NOERROR, rcode.NXDOMAIN):
            raise Stopped(_meaning(rcode.to_text(code), name, self._asker))
        return list(items_of(answer, name, kind))


def items_of(answer: dns.message.Message, name: str, kind: str) -> Iterator[dict[str, str]]:
    """Yield the records of an answer that are of the name that was asked for, and of no other.

    A resolver that follows a CNAME appends what it leads to: that is published by somebody else.
    """
    from dns import rdatatype

    wanted = (rdatatype.from_text(kind), rdatatype.CNAME)
    for rrset in answer.answer:
        if rrset.name.to_text(omit_final_dot=True).lower() != name or rrset.rdtype not in wanted:
            continue
        for record in sorted(rrset, key=str):
            type_ = rdatatype.to_text(rrset.rdtype)
            yield {"name": name, "type": type_, "value": value_of(record)}


def value_of(record: Any) -> str:
    """Return what a record says: the text of a TXT, the host of an MX or a CNAME."""
    if hasattr(record, "strings"):
        return b"".join(record.strings).decode("utf-8", "backslashreplace")
    host = record.exchange if hasattr(record, "exchange") else record.target
    return str(host.to_text(omit_final_dot=True)).lower()


def _meaning(code: str, name: str, server: Asker) -> Meaning:
    if code == "REFUSED":
        advice = f"{server} refuses to answer (REFUSED); ask another with resolver"
        return Meaning(Trouble.DENIED, f"{name}: {advice}")
    return Meaning(Trouble.WRONG, f"{name}: {server} cannot say ({code}); ask again later")


def _number(name: str, text: str, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= most:
        raise ConfigError(f"dns: {name} {text!r}: give a number up to {most:g}")
    return number
