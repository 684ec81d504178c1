"""One question to name servers, at a pace: the answer as it comes, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from integrations.connector import Meaning, Quota, Stopped, Trouble
from integrations.pace import Clock, Pace
from scanner.errors import ConfigError

if TYPE_CHECKING:
    import dns.message

_TRIES = 2  # of each server, for packets get lost
_MOST_SILENT = 3  # questions without any answer, after which no more are sent
_PORT = 53
_LARGEST = 1232  # bytes of an answer over UDP; www.dnsflagday.net/2020


class Server(NamedTuple):
    """A name server: its address and port."""

    address: str
    port: int = _PORT

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return host if self.port == _PORT else f"{host}:{self.port}"


class Asker:
    """Asks name servers, one after another. ``sent`` is how many packets it sent."""

    def __init__(
        self, servers: tuple[Server, ...], pace: float, timeout: float, clock: Clock
    ) -> None:
        self._servers = servers
        self._timeout = timeout
        self._pace = Pace({"questions": Quota(1, 1.0 / pace)}, clock)
        self._silent = 0
        self.sent = 0

    def __str__(self) -> str:
        return ", ".join(map(str, self._servers))

    def ask(self, name: str, kind: str) -> dns.message.Message:
        """Return the first answer of any server that is one, or else what the last one said.

        Raises Stopped if none says anything, and without asking where none did before.
        """
        from dns import rcode

        if self._silent >= _MOST_SILENT:
            raise Stopped(Meaning(Trouble.RETRY, f"not asked: {self} answered nothing before"))
        said: dns.message.Message | None = None
        why = "no answer"
        for server in self._servers * _TRIES:
            self._pace.wait_for("questions")
            self.sent += 1
            found = self._sent_to(server, name, kind)
            if isinstance(found, str):
                why = found
                continue
            said = found
            if found.rcode() in (rcode.NOERROR, rcode.NXDOMAIN, rcode.REFUSED):
                break
        if said is None:
            self._silent += 1
            raise Stopped(Meaning(Trouble.RETRY, f"{name}: {self}: {why}"))
        self._silent = 0
        return said

    def _sent_to(self, server: Server, name: str, kind: str) -> dns.message.Message | str:
        """Return a server's answer, over TCP if it is long; or why there is none."""
        from dns import exception, message, query

        asked = message.make_query(name, kind, use_edns=0, payload=_LARGEST)
        try:
            return query.udp_with_fallback(
                asked, server.address, self._timeout, server.port, ignore_unexpected=True
            )[0]
        except exception.Timeout:
            return f"no answer in {self._timeout:g} seconds"
        except OSError as error:
            return f"cannot be reached: {error.strerror or error}"
        except (exception.DNSException, EOFError, ValueError) as error:
            return f"its answer cannot be read: {type(error).__name__}"


def servers_of(text: str) -> tuple[Server, ...]:
    """Return the name servers that a setting names, or else the system's. Raises ConfigError."""
    if text:
        return (_server(text),)
    from dns import resolver

    try:
        found = resolver.get_default_resolver().nameservers
    except (resolver.NoResolverConfiguration, OSError) as error:
        raise ConfigError("dns: the system names no resolver; give one: --resolver") from error
    servers = tuple(Server(one) for one in found if isinstance(one, str) and "/" not in one)
    if not servers:
        raise ConfigError("dns: the system names no resolver by address; give one: --resolver")
    return servers


def _server(text: str) -> Server:
    from dns import inet

    address, port = text, ""
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    if not inet.is_address(address) or not (port or str(_PORT)).isdigit():
        raise ConfigError(f"dns: resolver {text!r}: give ADDRESS or ADDRESS:PORT")
    number = int(port or _PORT)
    if not 0 < number < 1 << 16:
        raise ConfigError(f"dns: resolver {text!r}: there is no port {number}")
    return Server(address, number)
