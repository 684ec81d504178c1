"""What an organisation builds: applications, and the AI that they are made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from scanner.model.evidence import Reject, Sign, SignKey
from scanner.model.inventory import OwnerClaim
from scanner.model.signatures import Identifier, Shape, Signature

# What the coverage report calls the format of a source tree.
SOURCE_TREE = "source tree"


class Tie(StrEnum):
    """How a file ties what it names to the application."""

    DECLARED = "declared"  # wanted by name, in some range of versions
    LOCKED = "locked"  # resolved, in one version
    IMPORTED = "imported"  # by a program
    CONFIGURED = "configured"  # set, called or shipped: hosts, models, images, variables


class Group(StrEnum):
    """What a dependency is for."""

    RUNTIME = "runtime"
    OPTIONAL = "optional"  # an extra that whoever installs it may choose
    DEV = "dev"
    TEST = "test"
    BUILD = "build"
    EXAMPLE = "example"
    NOTEBOOK = "notebook"

    @property
    def is_shipped(self) -> bool:
        """Whether what is in it may run where the application runs."""
        return self in (Group.RUNTIME, Group.OPTIONAL)


class Component(NamedTuple):
    """One thing that an application is made of or calls, known by a detection, and where it stands."""

    detection: str
    channel: Identifier
    value: str
    version: str
    tie: Tie
    group: Group
    is_direct: bool | None
    via: tuple[str, ...]  # the purls that pull it in, from a direct dependency on
    file: str
    line: int
    speaks_to: str = ""  # the product whose API a library of another supplier is given here

    @property
    def is_shipped(self) -> bool:
        """Whether the application itself has it: not through others alone, nor for development."""
        return self.group.is_shipped and self.is_direct is not False


class HintKind(StrEnum):
    """What a hint is about."""

    DATA_STORE = "data_store"  # what it may keep data in, or read them from
    AGENT_OR_TOOL = "agent_or_tool"  # what lets a model act
    DEPLOYMENT = "deployment"  # where it may run, or be published
    CUSTOMER_FACING = "customer_facing"  # that people outside may meet it
    INTERNAL = "internal"  # that only colleagues may


class Hint(NamedTuple):
    """What a file suggests of an application, and why: for a person to confirm, never a finding."""

    kind: HintKind
    label: str
    reason: str
    file: str  # with ``line`` the first place
    line: int
    places: int = 1


@dataclass(slots=True)
class Application:
    """What is built in one folder of a tree. ``key`` is the same in every checkout of it."""

    key: str
    name: str
    folder: str
    version: str = ""
    description: str = ""
    is_deployable: bool = False
    components: list[Component] = field(default_factory=list)
    owners: list[OwnerClaim] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)


@dataclass(slots=True)
class Built:
    """What one source tree shows; ``signs`` are of unknown AI, ``shapes`` those that they have."""

    origin: str  # the remote of its repository, or what else that is known by
    below: str  # its folder in the repository
    revision: str = ""  # the commit, if a revision was asked for
    digest: str = ""  # of all that was read
    files: int = 0
    bytes: int = 0
    applications: list[Application] = field(default_factory=list)
    tools: list[Component] = field(default_factory=list)  # AI that people make it with
    signatures: dict[str, Signature] = field(default_factory=dict)
    signs: dict[SignKey, Sign] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    read: Counter[str] = field(default_factory=Counter)  # files by their kind
    mentions: int = 0
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0  # files of which not all was understood
    notes: tuple[str, ...] = ()

    def inside(self, folder: str) -> str:
        """Return the path in the repository of a folder of the tree."""
        return f"{self.below}/{folder}".strip("/")
