"""What a connector is: how to sign in, which operations there are, and in which order to ask.

A connector is one file or a small folder here with one constant, ``CONNECTOR``. It never sends a
request itself: it asks its ``Run`` to read operations, and each operation's ``parse`` says what
the answers mean. So pages that were recorded, and files that were downloaded, mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, runtime_checkable

from integrations.fields import Item
from integrations.operations import Operation, Profile, TokenRequest
from scanner.accounts import ListedTree
from scanner.errors import GnomonError
from scanner.model import App, Signature, Tenant


class Needed(NamedTuple):
    """A setting of a connector. A secret is named by a reference (env:, file:, keyring:), never given."""

    name: str
    why: str
    is_secret: bool = False
    is_required: bool = True
    default: str = ""


class Quota(NamedTuple):
    """A pace that a vendor allows: so many requests in so many seconds."""

    requests: int
    seconds: float


class Page(NamedTuple):
    """One page of an answer: its raw items, and where it goes on; "" at the end."""

    items: list[Any]
    following: str
    total: int | None = None
    says_more: bool = False  # in so many words that it is not the last


@dataclass(slots=True)
class Sent:
    """What was sent, for the plan, the status and the tests. ``skew`` is by how much clocks differ."""

    requests: dict[str, int] = field(default_factory=dict)
    renewals: int = 0
    skew: float = 0.0

    def count(self, operation: str) -> None:
        self.requests[operation] = self.requests.get(operation, 0) + 1


class Trouble(StrEnum):
    """What an answer that brings nothing means."""

    SIGN_IN = "sign-in"  # the token is of no use; another one may be
    DENIED = "denied"  # somebody has to grant something
    NOT_LICENSED = "not-licensed"  # the customer has not bought what this belongs to
    SLOW_DOWN = "slow-down"  # too many requests
    RETRY = "retry"  # a fault that may pass
    RESTART = "restart"  # the place in the list is lost: read it from the beginning
    NOT_THERE = "not-there"  # this object is gone, or this account has no such thing
    WRONG = "wrong"  # anything else


class Meaning(NamedTuple):
    """What an answer means, and what a person can do about it, in one sentence."""

    trouble: Trouble
    advice: str


class Stopped(GnomonError):  # noqa: N818 - as one says it
    """An operation cannot be read on; what was read so far stands."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__(meaning.advice)
        self.meaning = meaning


class Undeclared(GnomonError):  # noqa: N818 - as one says it
    """A request that nothing declares. It was not sent."""


class Size(NamedTuple):
    """How large an account is, for a plan; counts that nobody gave are guessed from the people."""

    people: int
    apps: int
    grants: int
    ai_apps: int = 20
    repositories: int = 200


class Credentials(Protocol):
    """Who asks. Kept by the transport; nothing else sees a token."""

    def headers(self, operation: Operation) -> Mapping[str, str]:
        """Return the headers that sign a request; a token is got, or taken from memory.

        Raises Stopped where there is none: it is asked for again where that may pass.
        """
        ...

    def renew(self) -> None:
        """Forget the token: the service says that it is of no use any more."""
        ...

    def granted(self) -> frozenset[str] | None:
        """Return the scopes that the token has; None where a token does not tell."""
        ...

    @property
    def is_of_a_person(self) -> bool:
        """Whether somebody signed in: what is seen is what that person may see, never all."""
        ...


class Sends(Protocol):
    """What sends the operations of a connector: the transport, or what stands in its place."""

    sent: Sent

    def pages(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        following: str = "",
        deadline: float = float("inf"),
    ) -> Iterator[Page]:
        """Yield the pages of an operation, from a place on that an earlier page named."""
        ...


@runtime_checkable
class ProvesPossession(Protocol):
    """Credentials that sign each request by itself, beside the token."""

    def proof(self, operation: Operation, method: str, address: str) -> Mapping[str, str]:
        """Return the headers that belong to one request; none where none are asked for."""
        ...


@runtime_checkable
class SendsItself(Protocol):
    """Credentials of a vendor whose own library signs and sends."""

    def sender(self, connector: Connector, clock: Any) -> Sends: ...


class Context(NamedTuple):
    """What signing in needs: settings with secrets resolved, the hosts, and the three HTTP stacks.

    ``network`` makes the ``requests`` session for msal and google-auth, and our own client; all
    with one configuration. See ``integrations.network``.
    """

    settings: Mapping[str, str]
    hosts: Mapping[str, str]
    network: Any  # integrations.network.Network
    now: Callable[[], float]


class Run(Protocol):
    """One collection at work; what ``collect`` is given."""

    settings: Mapping[str, str]
    tenant: Tenant

    def read(self, operation: Operation, **parameters: str) -> bool:
        """Read all pages of an operation; returns whether it is complete. Never raises for one
        operation: what became of it is kept. What is not in the profile is skipped."""
        ...

    def read_each(self, operation: Operation, parameters: Iterable[Mapping[str, str]]) -> None:
        """Read an operation with each of some parameters, which come out of other lists.

        Where there are none the operation is known to list nothing, as far as those lists are
        whole: what it once listed is gone.
        """
        ...

    def wants(self, operation: Operation) -> bool:
        """Whether an operation is in the profile, or was named."""
        ...

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        """Yield the items read so far, each with the parameters that it was asked with."""
        ...

    def ai_apps(self) -> Iterator[tuple[App, Signature]]:
        """Yield the applications read so far that are AI, by strong keys."""
        ...

    def was_complete(self, operation: Operation) -> float | None:
        """Return up to when it was read whole in an earlier run, in seconds since 1970; else None."""
        ...

    def note(self, operation: Operation, text: str) -> None:
        """Say something of an operation that a reader of its results should know."""
        ...

    def until(self) -> str:
        """Return when this collection began, ISO 8601: what came later is for the next one."""
        ...

    def since(self, operation: Operation, days: int) -> str:
        """Return the time to ask events from, ISO 8601: the last complete one less an overlap, or
        ``days`` ago."""
        ...


class Read(Protocol):
    """What was read of an account, or recorded."""

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]: ...


def _no_trees(_: Read) -> Iterator[ListedTree]:
    yield from ()


def _unexplained(
    _status: int, _headers: Mapping[str, str], _body: Any, _operation: Operation
) -> Meaning | None:
    return None


@dataclass(frozen=True, slots=True)
class Connector:
    """An account that can be asked.

    ``hosts`` are by cloud ("" is the usual one), then by the keys that operations use: each the
    beginning of an address such as ``https://graph.microsoft.com``. A setting of that name, such
    as ``graph_host``, takes its place. ``requests`` says how often an operation is sent for an
    account of some size; ``consent`` the link or line by which an administrator grants scopes.
    """

    name: str
    title: str
    settings: tuple[Needed, ...]
    hosts: Mapping[str, Mapping[str, str]]
    operations: tuple[Operation, ...]
    sign_in: Callable[[Context], Credentials]
    identify: Callable[[Run], Tenant | None]
    collect: Callable[[Run], None]
    requests: Callable[[Size], Mapping[str, int]]
    consent: Callable[[Mapping[str, str], Iterable[str]], str]
    reference: str
    meaning: Callable[[int, Mapping[str, str], Any, Operation], Meaning | None] = _unexplained
    trees: Callable[[Read], Iterator[ListedTree]] = _no_trees
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    tokens: tuple[TokenRequest, ...] = ()  # what is sent to sign in, beside the operations
    download_hosts: tuple[str, ...] = ()  # domains of addresses that answers lead to
    omits_empty: bool = False  # an empty list is left out of its answers
    note: str = ""

    def operation(self, id: str) -> Operation | None:  # noqa: A002 - as it is called everywhere
        """Return the operation of that id."""
        return next((one for one in self.operations if one.id == id), None)

    def of_profile(self, profile: Profile, also: Iterable[str] = ()) -> tuple[Operation, ...]:
        """Return the operations of a profile and of those before it, and some that are named."""
        order = list(Profile)
        named = frozenset(also)
        return tuple(
            one
            for one in self.operations
            if one.id in named
            or (
                one.profile is not Profile.OPT_IN
                and order.index(one.profile) <= order.index(profile)
            )
        )
