"""Operations: everything that may be asked of an account, declared before it is asked.

The transport sends nothing else. That is the guarantee of reading only: not "only GET", for some
GETs start jobs and some POSTs only ask, but a list of requests that a person can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from integrations.fields import Item
from scanner.model import Record


class Paging(StrEnum):
    """How an answer tells where it goes on."""

    NONE = "none"
    ODATA = "odata"  # "@odata.nextLink", or what page_token names: a whole address
    TOKEN = "token"  # noqa: S105 - "nextPageToken", sent back as a parameter
    CURSOR = "cursor"  # "response_metadata.next_cursor", sent back as a parameter
    LINK = "link"  # a header: Link: <...>; rel="next"
    AFTER = "after"  # "has_more" and "last_id", sent back as a parameter
    PAGE = "page"  # "has_more" and "next_page", sent back as a parameter
    SKIP_TOKEN = "skip_token"  # noqa: S105 - "$skipToken", sent back in the body


class Profile(StrEnum):
    """How much is asked for; each holds those before it. The last is asked for one by one."""

    CORE = "core"
    PLUS = "plus"
    PREMIUM = "premium"
    OPT_IN = "opt-in"


class Stability(StrEnum):
    """What its vendor promises of it."""

    GA = "ga"
    PREVIEW = "preview"
    BETA = "beta"
    DEPRECATED = "deprecated"


class Privacy(StrEnum):
    """What its answers are about. There is no class for what people write: such cannot be declared."""

    ORGANISATION = "organisation"
    PERSON = "person"
    USAGE = "usage"


# What operations must not be named after: prompts, chats and files are nobody's inventory.
CONTENT = (
    "chat/completions",
    "usage-records",
    "interactionhistory",
    "conversations",
    "messages/{",
    "compliance",
    "generate-report",
    "/content",
    "transcripts",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that may be sent, and what is read of its answers.

    ``host`` is a key of the connector's hosts; ``path`` may hold parameters in braces, each one
    segment, and values of ``query`` and ``body`` too: there ``{name:number}`` becomes a number, and a
    value of several lines a parameter that is repeated. ``items`` is the path of the list in an answer ("" is the
    answer itself). ``fields`` are the only ones that leave the transport: dotted paths, ``[]``
    for lists. ``people`` are those of them that name people: recorded pages hold codes in their
    place. ``scopes`` are alternatives, the least first, each a set that suffices. ``parse`` makes
    records of one item; it is given the parameters of the request too.
    """

    id: str
    title: str
    host: str
    path: str
    why: str
    fields: tuple[str, ...]
    parse: Callable[[Item, Mapping[str, str]], Iterator[Record]]
    reference: str
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    paging: Paging = Paging.NONE
    page_token: tuple[str, str] = ("", "")  # where it is in an answer, and the parameter it goes to
    page_size: int = 0  # items a page at most, for the plan
    items: str = ""
    scopes: tuple[tuple[str, ...], ...] = ()
    can_write: bool = False  # whether its least scope could also change something
    profile: Profile = Profile.CORE
    stability: Stability = Stability.GA
    privacy: Privacy = Privacy.ORGANISATION
    licence: str = ""
    quota: str = ""  # operations of one quota share its pace; see Connector.quotas
    people: tuple[str, ...] = ()
    people_within: tuple[str, ...] = ()  # texts that may hold people's ids among other words
    headers: Mapping[str, str] = field(default_factory=dict)
    is_state: bool = True  # its answer is all there is now; else events since a time
    follows_download: bool = (
        False  # its answer is an address elsewhere, fetched without credentials
    )
    next_paths: tuple[str, ...] = ()  # other paths at which its list may go on
    total: str = ""  # where an answer says how many items there are in all
    verified_by: tuple[str, ...] = ("contract",)

    def __post_init__(self) -> None:
        """Refuse what must not be declared: whatever returns what people write."""
        lowered = self.path.lower()
        if banned := next((one for one in CONTENT if one in lowered), None):
            raise ValueError(f"{self.id}: {banned!r} returns content, or changes something")
        if self.method not in ("GET", "POST"):
            raise ValueError(f"{self.id}: {self.method} can never be declared")


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A request by which a token is got: declared like an operation, for nothing else is sent.

    ``host`` and ``path`` are as those of an operation. It lists nothing and changes nothing.
    """

    method: str
    host: str
    path: str
    why: str
