"""What is known of a vendor: its products, and the detections that tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Identifier(StrEnum):
    """What a detection matches on: the ``channel`` of a signature file."""

    HOST = "host"
    HOST_PATH = "host_path"
    HTTP_PATH = "http_path"
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
    MODEL = "model"
    PORT = "port"
    EMAIL_SENDER = "email_sender"
    CARD_DESCRIPTOR = "card_descriptor"
    APP_ID = "app_id"


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
    INFERENCE_HOSTING = "inference-hosting"
    LOCAL_RUNTIME = "local-runtime"
    CODING_ASSISTANT = "coding-assistant"
    CODING_AGENT = "coding-agent"
    APP_BUILDER = "app-builder"
    AGENT_PLATFORM = "agent-platform"
    AGENT_FRAMEWORK = "agent-framework"
    TOOL_API = "tool-api"
    MCP_SERVER = "mcp-server"
    MCP_SDK = "mcp-sdk"
    MEETING_NOTETAKER = "meeting-notetaker"
    WRITING = "writing"
    PRODUCTIVITY = "productivity"
    SEARCH_RESEARCH = "search-research"
    TRANSLATION = "translation"
    IMAGE_VIDEO = "image-video"
    AUDIO_VOICE = "audio-voice"
    DESIGN = "design"
    CUSTOMER_SERVICE = "customer-service"
    SALES_MARKETING = "sales-marketing"
    HR_RECRUITING = "hr-recruiting"
    LEGAL = "legal"
    FINANCE = "finance"
    HEALTH = "health"
    EDUCATION = "education"
    SECURITY = "security"
    EMBEDDED_SAAS = "embedded-saas"
    ML_PLATFORM = "ml-platform"
    ML_FRAMEWORK = "ml-framework"
    DATA_SCIENCE = "data-science"
    DATA_LABELLING = "data-labelling"
    VECTOR_DB = "vector-db"
    OBSERVABILITY = "observability"
    EVALUATION = "evaluation"
    GUARDRAILS = "guardrails"
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


class Signal(StrEnum):
    """A kind of sign that something unknown is AI. Signs of different kinds are independent."""

    API_PATH = "api_path"  # a request of the shape that model APIs have
    SDK_DEPENDENCY = "sdk_dependency"  # it is built on the SDK of an AI supplier
    TXT_SHAPE = "txt_shape"  # a domain-verification record of the shape that AI suppliers share
    PUBLISHER_TEXT = "publisher_text"  # what its publisher says it is
    NAME = "name"  # what it is called
    LEADS_TO = "leads_to"  # its name leads (CNAME) to a host of AI that is known


@dataclass(frozen=True, slots=True)
class Shape:
    """What AI looks like where no vendor is known: a reason for a candidate, never a system.

    ``pattern`` are regular expressions for the whole value (for hosts the folded name, for paths
    the path without its query, for texts a part of them). A shape that ``suppresses`` is a look
    that AI's never has, such as that of advertising exchanges: signs by name count nothing there.
    ``keywords`` are a quick test: every value that has the shape holds one of them.
    """

    id: str
    channel: Identifier
    signal: Signal
    meaning: str
    confidence: int  # 1 to 100: how often one such sign is right
    pattern: tuple[str, ...]
    sources: tuple[str, ...]
    tests: Examples
    keywords: tuple[str, ...] = ()
    suppresses: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ShapeFile:
    """One file of shapes."""

    schema: int
    shapes: tuple[Shape, ...]


class Signature(NamedTuple):
    """A detection with the product and the vendor that it speaks for."""

    vendor: Vendor
    product: Product
    detection: Detection

    @property
    def product_key(self) -> str:
        """The product's key across vendors: ``vendor/product``."""
        return f"{self.vendor.id}/{self.product.id}"
