"""The nouns of Gnomon: what is observed, what it is matched with, and what follows from it.

Standard library only, and nothing here does work: every other module speaks in these types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Channel(StrEnum):
    """Through which sense something was seen."""

    DNS = "dns"
    TLS = "tls"
    HTTP = "http"
    PROXY = "proxy"
    LOG = "log"


class Sighting(StrEnum):
    """What kind of act a log line shows; decides how much the line can prove."""

    DNS_QUERY = "dns_query"
    TLS_SNI = "tls_sni"
    QUIC_SNI = "quic_sni"
    HTTP_CONNECT = "http_connect"
    HTTP_URL = "http_url"
    NAME = "name"  # a host name in a record that does not say how it was met


class Action(StrEnum):
    """What became of the act, as far as the log says."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    CHALLENGED = "auth_challenge"
    NXDOMAIN = "nxdomain"
    ERROR = "error"
    UNKNOWN = "unknown"
    REPEAT = "repeat"  # a second line about an act that another line already shows


class Level(IntEnum):
    """How far an act got; a name in DNS is not use."""

    ATTEMPT = 1
    RESOLVED = 2
    CONNECTED = 3
    USED = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class TimeQuality(StrEnum):
    """How well a record's time is known."""

    EXACT = "exact"
    ASSUMED_ZONE = "assumed_zone"
    ASSUMED_YEAR = "assumed_year"
    NONE = "none"


# A TLS handshake with its first request headers stays below this; more went up with content.
HANDSHAKE_BYTES = 10_000


class Observation(NamedTuple):
    """One normalised fact read from a source.

    ``value`` is what is matched on: for logs the host as a lower-case A-label without the
    trailing dot. ``ts`` is aware UTC or None. ``bytes_up`` and ``bytes_down`` are as seen from
    the client; None where the log does not say. ``path`` never holds the query.
    """

    channel: Channel
    value: str
    ts: datetime | None = None
    kind: Sighting = Sighting.NAME
    client: str | None = None
    user: str | None = None
    action: Action = Action.UNKNOWN
    bytes_up: int | None = None
    bytes_down: int | None = None
    path: str | None = None
    qtype: str | None = None
    line: int = 0
    time_quality: TimeQuality = TimeQuality.EXACT

    @property
    def level(self) -> Level:
        """How far the act got, judged from its kind, its action and the bytes sent up."""
        if self.action not in (Action.ALLOWED, Action.UNKNOWN):
            return Level.ATTEMPT
        if self.kind is Sighting.HTTP_URL:
            return Level.USED
        if self.kind in (Sighting.DNS_QUERY, Sighting.NAME):
            return Level.RESOLVED
        return Level.USED if (self.bytes_up or 0) > HANDSHAKE_BYTES else Level.CONNECTED


class Identifier(StrEnum):
    """What a detection matches on: the ``channel`` of a signature file."""

    HOST = "host"
    HOST_PATH = "host_path"
    OAUTH = "oauth"
    PACKAGE = "package"
    IMPORT = "import"
    CONTAINER = "container"
    GITHUB_ACTION = "github_action"
    GITHUB_APP = "github_app"
    GIT_IDENTITY = "git_identity"
    ENV = "env"
    FILE = "file"
    KEY_SHAPE = "key_shape"
    USER_AGENT = "user_agent"
    HTTP_HEADER = "http_header"
    DNS_TXT = "dns_txt"
    DNS_CNAME = "dns_cname"
    BUNDLE = "bundle"
    PROCESS = "process"
    BROWSER_EXT = "browser_ext"
    IDE_EXT = "ide_ext"
    SLACK_APP = "slack_app"
    MCP_SERVER = "mcp_server"
    PORT = "port"
    EMAIL_SENDER = "email_sender"


class EvidenceKind(StrEnum):
    """What a hit can show about an organisation and a product."""

    USE = "use"
    GRANT = "grant"
    ENTITLEMENT = "entitlement"
    BUILD = "build"
    INSTALL = "install"
    EXPOSURE = "exposure"
    PRESENCE = "presence"  # a SaaS that may embed AI: raises a question, never a system
    SUPPORTING = "supporting"  # shared infrastructure: never a system by itself

    @property
    def creates_system(self) -> bool:
        return self not in (EvidenceKind.PRESENCE, EvidenceKind.SUPPORTING)


class AINature(StrEnum):
    """How a product relates to AI."""

    PURE = "pure"
    EMBEDDED = "embedded"
    ENABLING = "enabling"
    HOSTING = "hosting"


class Category(StrEnum):
    """What a product is for."""

    ASSISTANT = "assistant"
    MODEL_API = "model-api"
    MODEL_GATEWAY = "model-gateway"
    CODING_ASSISTANT = "coding-assistant"
    CODING_AGENT = "coding-agent"
    MEETING_NOTETAKER = "meeting-notetaker"
    WRITING = "writing"
    IMAGE_VIDEO = "image-video"
    AUDIO_VOICE = "audio-voice"
    SEARCH_RESEARCH = "search-research"
    AGENT_PLATFORM = "agent-platform"
    ML_PLATFORM = "ml-platform"
    VECTOR_DB = "vector-db"
    OBSERVABILITY = "observability"
    LOCAL_RUNTIME = "local-runtime"
    EMBEDDED_SAAS = "embedded-saas"
    TRANSLATION = "translation"
    CUSTOMER_SERVICE = "customer-service"
    HR_RECRUITING = "hr-recruiting"
    SECURITY = "security"
    DATA_LABELLING = "data-labelling"
    FRAMEWORK = "framework"
    OTHER = "other"


class VendorKind(StrEnum):
    VENDOR = "vendor"
    OPEN_SOURCE_PROJECT = "open-source-project"
    CLOUD_FAMILY = "cloud-family"


class Tier(StrEnum):
    """How much work has gone into a vendor's entry."""

    CURATED = "curated"
    BASIC = "basic"
    STUB = "stub"


class LifeCycle(StrEnum):
    ACTIVE = "active"
    ACQUIRED = "acquired"
    RENAMED = "renamed"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True)
class Examples:
    """Values that a detection must match, and near misses that it must not."""

    match: tuple[str, ...]
    no_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """One way to recognise a product: the values, what they prove, and who says so.

    For hosts: ``exact`` and ``suffix`` are lower-case A-labels, ``pattern`` is a host in which
    ``*`` stands for a run of characters inside one label. For every other channel ``exact``
    compares whole values, without regard to case where the identifier has none, and
    ``pattern`` is a regular expression for the whole value.
    """

    id: str
    channel: Identifier
    evidence: EvidenceKind
    confidence: int  # 1 to 100
    sources: tuple[str, ...]
    tests: Examples
    suffix: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    path: tuple[str, ...] = ()  # host_path only: path prefixes on the hosts above
    idp: str | None = None
    client_id: tuple[str, ...] = ()
    owner_tenant: tuple[str, ...] = ()
    publisher_domain: tuple[str, ...] = ()
    reply_url_domain: tuple[str, ...] = ()
    app_name: tuple[str, ...] = ()  # shown to people; a name alone never matches
    purl: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Upstream:
    """Another supplier's product that this one runs on, as ``vendor/product``."""

    product: str
    source: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product of one vendor; the unit of the inventory."""

    id: str
    name: str
    category: Category
    ai_nature: AINature
    detections: tuple[Detection, ...]
    aliases: tuple[str, ...] = ()
    status: LifeCycle = LifeCycle.ACTIVE
    account_types: tuple[str, ...] = ()
    default_roles: Mapping[str, str] = field(default_factory=dict)
    uses_upstream: tuple[Upstream, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about a supplier, with its source and the day it was read."""

    key: str
    value: str | bool
    as_of: date
    source: str
    applies_to: tuple[str, ...] = ()
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class SupplierProfile:
    """What is publicly known about the legal person behind a vendor."""

    legal_entity: str | None = None
    hq_country: str | None = None
    urls: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class NotThis:
    """An identifier that looks like this vendor's and is not, and why."""

    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Vendor:
    """One signature file: a vendor, its products and their detections."""

    schema: int
    id: str
    name: str
    kind: VendorKind
    tier: Tier
    status: LifeCycle
    updated: date
    products: tuple[Product, ...]
    supplier: SupplierProfile = SupplierProfile()
    aliases: tuple[str, ...] = ()
    successor: str | None = None
    not_this: tuple[NotThis, ...] = ()


class Signature(NamedTuple):
    """A detection with the product and the vendor that it speaks for."""

    vendor: Vendor
    product: Product
    detection: Detection

    @property
    def product_key(self) -> str:
        """The product's key across vendors: ``vendor/product``."""
        return f"{self.vendor.id}/{self.product.id}"


class Hit(NamedTuple):
    """An observation with the signature that it met."""

    observation: Observation
    signature: Signature


class EvidenceKey(NamedTuple):
    """What evidence is added up by, inside one source. ``day`` counts from 1970-01-01."""

    detection: str
    actor: str
    actor_kind: str
    day: int | None
    channel: Channel
    action: Action


@dataclass(slots=True)
class Evidence:
    """Hits of one key added up.

    A browser asks for A, AAAA and HTTPS records of one name for one visit; the three are
    counted apart so that sums over files stay sums, and a visit is the largest of them.
    """

    level: Level
    plain: int = 0
    ipv6: int = 0
    service: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    first: datetime | None = None
    last: datetime | None = None
    line: int = 0  # where the first of them stands in the source

    @property
    def events(self) -> int:
        return max(self.plain, self.ipv6, self.service)


@dataclass(slots=True)
class Findings:
    """What one source shows: evidence by key, and how often each host was seen by detection."""

    evidence: dict[EvidenceKey, Evidence] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)
    hosts: Counter[tuple[str, str]] = field(default_factory=Counter)


class SourceState(StrEnum):
    """How one source ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    UNRECOGNISED = "unrecognised"
    EMPTY = "empty"
    ALREADY_READ = "already_read"

    @property
    def is_incomplete(self) -> bool:
        return self in (SourceState.PARTIAL, SourceState.FAILED, SourceState.UNRECOGNISED)


class Reject(NamedTuple):
    """A line that the reader could not understand, and why."""

    line: int
    reason: str
    excerpt: str


@dataclass(slots=True)
class SourceStatus:
    """What became of one source in one scan: read = parsed + ignored + rejected."""

    name: str
    state: SourceState
    format: str | None = None
    reason: str | None = None
    read: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    time_quality: TimeQuality = TimeQuality.NONE
    bytes_read: int = 0
    seconds: float = 0.0

    @property
    def parsed(self) -> int:
        return self.read - sum(self.ignored.values()) - self.rejected


class SystemKind(StrEnum):
    """What an AI system is to the organisation."""

    USED = "used"
    BUILT = "built"
    HOSTED = "hosted"


@dataclass(frozen=True, slots=True)
class AISystem:
    """One entry of the inventory, with its evidence summed up."""

    id: str
    name: str
    supplier_id: str
    supplier: str
    product: str
    category: str
    kind: SystemKind
    status: str
    channels: tuple[str, ...]
    level: Level
    first_seen: datetime | None
    last_seen: datetime | None
    events: int
    blocked: int
    users: int
    bytes_up: int
    bytes_down: int
    first_scan: int
    roles: tuple[RoleClaim, ...] = ()
    owner: OwnerClaim | None = None


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """A role the organisation may hold for a system: which rule says so, and who confirmed it."""

    role: str
    rule: str
    confidence: float
    evidence: tuple[str, ...] = ()
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnerClaim:
    """A person or unit that may answer for a system, why, and who confirmed it."""

    owner: str
    reason: str
    confidence: float
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One run: what it was made with and when. Times are aware UTC."""

    id: int
    started: datetime
    finished: datetime | None
    tool_version: str
    pack_version: str
