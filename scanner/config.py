"""Settings: flags beat the environment, that beats the project's gnomon.toml, that the user's.

The project's file is the nearest ``gnomon.toml`` from the working folder upward. Paths in a file
are relative to it.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from scanner.errors import ConfigError
from scanner.privacy import Privacy

FILE_NAME = "gnomon.toml"
ENV_PREFIX = "GNOMON_"
DEFAULT_DB = "gnomon.db"


class LogSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What logs do not say of themselves."""

    timezone: str | None = None
    year: int | None = None


class SourceSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A source that a scan without paths reads: a path, or an account that a connector asks.

    ``settings`` are those of the connector; secrets in them are references.
    """

    path: str | None = None
    format: str | None = None
    timezone: str | None = None
    year: int | None = None
    connector: str | None = None
    name: str | None = None
    profile: Literal["core", "plus", "premium"] = "core"
    also: tuple[str, ...] = ()
    settings: dict[str, str] = {}

    def __post_init__(self) -> None:
        if (self.path is None) == (self.connector is None):
            raise ValueError("a source has a path or a connector, one of them")


class NetworkSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How accounts are reached; what is not said is taken from the environment."""

    proxy: str | None = None
    no_proxy: tuple[str, ...] = ()
    ca_file: str | None = None
    timeout: float = 60.0
    connect_timeout: float = 15.0


class SampleSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A line of a format of one's own, and what is to come out of it; nothing, if it is ignored."""

    line: str
    ignored: bool = False
    host: str | None = None
    client: str | None = None
    user: str | None = None
    action: str | None = None
    time: datetime | None = None


class FormatSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A log format of one's own: one of ``pattern`` to ``map`` says how its lines are read."""

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]*$")]
    title: str = ""
    pattern: str | None = None
    squid_logformat: str | None = None
    nginx_log_format: str | None = None
    apache_log_format: str | None = None
    columns: tuple[str, ...] | None = None
    map: str | None = None
    delimiter: str | None = None
    kind: Literal["dns", "tls", "proxy", "connect"] | None = None
    time_format: str | None = None
    samples: tuple[SampleSettings, ...] = ()


class PolicySettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A standing decision on a product, on all of a supplier, or on a category."""

    verdict: Literal["approved", "restricted", "prohibited"]
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    by: Annotated[str, msgspec.Meta(min_length=1)]
    at: date
    product: str | None = None
    supplier: str | None = None
    category: str | None = None
    review_due: date | None = None
    conditions: str | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.product, self.supplier, self.category)) != 1:
            raise ValueError("a policy is about a product, a supplier or a category, one of them")
        if self.verdict != "prohibited" and self.review_due is None:
            raise ValueError(f"a policy with the verdict {self.verdict} needs a review_due")
        if self.verdict == "restricted" and not self.conditions:
            raise ValueError("a policy that restricts needs conditions")


class ScopeRuleSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is in the scope of the management system, or out of it, by what all of it has."""

    scope: Literal["in", "out", "undecided"]
    product: str | None = None
    supplier: str | None = None
    category: str | None = None
    kind: Literal["used", "built", "hosted"] | None = None
    code: (
        Literal["not_ai", "unrelated_internal", "statistics", "immaterial", "other_entity"] | None
    ) = None
    reason: str = ""
    by: str = ""
    review_due: date | None = None

    def __post_init__(self) -> None:
        if not (self.product or self.supplier or self.category or self.kind):
            raise ValueError("a scope rule names a product, a supplier, a category or a kind")
        if self.scope == "out" and not (
            self.code and self.reason and self.by and self.review_due is not None
        ):
            raise ValueError("out of scope needs a code, a reason, by and a review_due")


class PartySettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An interested party (clause 4.2), and what it requires."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    requires: str = ""


class ScopeSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which systems are in the scope, where neither people nor their data decide it.

    The default is never out: what is out is so for a reason. From ``statement`` on it is what the
    scope document says that no evidence tells.
    """

    default: Literal["in", "undecided"] = "undecided"
    owner: str = ""  # who decides where nobody owns the system
    decide_within_days: int = 30
    rules: tuple[ScopeRuleSettings, ...] = ()
    statement: str = ""
    definition: str = ""  # of AI, as the organisation chose it
    accountable: str = ""  # who answers for the management system
    legal_entities: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    parties: tuple[PartySettings, ...] = ()
    activities: tuple[str, ...] = ()  # of the life cycle that are covered


class RoleSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What roles rest on beside evidence.

    ``client_work`` are patterns, such as ``*#clients/*``, of applications made for clients.
    """

    people: Annotated[int, msgspec.Meta(ge=1)] = 3  # how many make use sure
    client_work: tuple[str, ...] = ()


class SupplierSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """When what is known of suppliers is too old, and how early a certificate's end is told."""

    stale_after_days: Annotated[int, msgspec.Meta(ge=1)] = 365
    certificate_notice_days: Annotated[int, msgspec.Meta(ge=0)] = 60


class ReportSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The Word templates of one's own: one for all reports, and those of single ones by name."""

    template: str | None = None
    templates: dict[str, str] = {}


class OidcSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where people sign in. The secret is a reference, such as ``env:GNOMON_OIDC_SECRET``.

    With ``domains`` only people come in whose address the issuer verified to be in one of them.
    """

    issuer: Annotated[str, msgspec.Meta(pattern="^https://")]
    client_id: str
    client_secret: str
    name_claim: str = "email"
    groups_claim: str = "groups"
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    domains: tuple[str, ...] = ()
    client_auth: Literal["basic", "post"] | None = None  # how the secret is sent; else as offered


class ProxySettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A proxy that signs people in and says who they are; only these addresses are believed."""

    trusted: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    user_header: str = "X-Forwarded-User"
    groups_header: str = "X-Forwarded-Groups"

    def __post_init__(self) -> None:
        _check_networks(self.trusted)


class WebSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The review application. ``url`` is where people reach it; ``roles`` are groups by role.

    ``forwarded_by`` are proxies in front whose X-Forwarded-For is believed, to count attempts by.
    """

    url: Annotated[str, msgspec.Meta(pattern="^https?://[^/?#@ ]+/?$")] | None = None
    session_hours: Annotated[float, msgspec.Meta(gt=0)] = 8.0
    idle_minutes: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    roles: dict[Literal["reader", "reviewer", "approver"], tuple[str, ...]] = {}
    oidc: OidcSettings | None = None
    proxy: ProxySettings | None = None
    forwarded_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_networks(self.forwarded_by)
        if self.oidc is not None and self.proxy is not None:
            raise ValueError("people sign in by [web.oidc] or by [web.proxy], one of them")


def _check_networks(named: tuple[str, ...]) -> None:
    """Raise ValueError for what is neither an address nor a network such as 10.0.0.0/24."""
    for one in named:
        ipaddress.ip_network(one, strict=False)


class Config(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Every setting there is, with its default."""

    organisation: str | None = None
    language: Literal["en", "fr"] = "en"  # of reports
    domains: tuple[str, ...] = ()  # the organisation's own, of its people's addresses
    db: str | None = None
    key: str | None = None
    privacy: Privacy = Privacy.PSEUDONYMOUS
    signatures: tuple[str, ...] = ()
    logs: LogSettings = LogSettings()
    sources: tuple[SourceSettings, ...] = ()
    network: NetworkSettings = NetworkSettings()
    formats: tuple[FormatSettings, ...] = ()
    policy: tuple[PolicySettings, ...] = ()
    scope: ScopeSettings = ScopeSettings()
    roles: RoleSettings = RoleSettings()
    suppliers: SupplierSettings = SupplierSettings()
    reports: ReportSettings = ReportSettings()
    web: WebSettings = WebSettings()
    folder: str | None = None  # of the file that names the sources; set by reading it

    @property
    def database(self) -> Path:
        return Path(self.db or DEFAULT_DB)

    @property
    def key_file(self) -> Path:
        """The pseudonym key: beside the database, never in it."""
        return Path(self.key) if self.key else self.database.with_suffix(".key")

    def template_of(self, report: str) -> Path | None:
        """The Word template of one's own that a report is poured into."""
        named = self.reports.templates.get(report, self.reports.template)
        return Path(named) if named else None


def load(
    folder: Path, environ: Mapping[str, str], user_file: Path, flags: Mapping[str, Any]
) -> Config:
    """Return the settings in force. Raises ConfigError with the file and what is wrong in it."""
    project = _find(folder, environ)
    merged: dict[str, Any] = {}
    for file in (user_file, project):
        if file is not None and file.is_file():
            _merge(merged, _read(file))
    _merge(merged, _from_environment(environ))
    _merge(merged, {name: value for name, value in flags.items() if value is not None})
    return _convert(merged, "the settings from the environment and the command line")


def config_files(folder: Path, environ: Mapping[str, str], user_file: Path) -> list[Path]:
    """Return the files that are read, the stronger last."""
    candidates = (user_file, _find(folder, environ))
    return [file for file in candidates if file is not None and file.is_file()]


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return where compiled signatures are kept: GNOMON_CACHE, or the system's place for caches."""
    if named := environ.get(f"{ENV_PREFIX}CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("gnomon", appauthor=False)


def zone_of(name: str | None) -> tzinfo | None:
    """Return the time zone of that name, such as Europe/Madrid. Raises ConfigError."""
    if name is None:
        return None
    if name.upper() in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"no time zone is named {name!r}; try one such as Europe/Madrid"
        ) from None


def _find(folder: Path, environ: Mapping[str, str]) -> Path | None:
    if named := environ.get(f"{ENV_PREFIX}CONFIG"):
        if not Path(named).is_file():
            raise ConfigError(f"{named}: no such file; it is named by {ENV_PREFIX}CONFIG")
        return Path(named)
    for parent in (folder, *folder.parents):
        if (parent / FILE_NAME).is_file():
            return parent / FILE_NAME
    return None


def _read(file: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    _convert(content, str(file))
    return _with_paths_from(content, file.parent)


def _with_paths_from(content: dict[str, Any], folder: Path) -> dict[str, Any]:
    for name in ("db", "key"):
        if name in content:
            content[name] = str(folder / content[name])
    if "db" not in content:
        content["db"] = str(folder / DEFAULT_DB)
    if "signatures" in content:
        content["signatures"] = [str(folder / path) for path in content["signatures"]]
    for source in content.get("sources", ()):
        if "path" in source:
            source["path"] = str(folder / source["path"])
    if ca_file := content.get("network", {}).get("ca_file"):
        content["network"]["ca_file"] = str(folder / ca_file)
    reports = content.get("reports", {})
    if "template" in reports:
        reports["template"] = str(folder / reports["template"])
    for name, path in reports.get("templates", {}).items():
        reports["templates"][name] = str(folder / path)
    content["folder"] = str(folder)
    return content


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    named: dict[str, Any] = {
        name: environ[f"{ENV_PREFIX}{name.upper()}"]
        for name in ("organisation", "language", "db", "key", "privacy")
        if f"{ENV_PREFIX}{name.upper()}" in environ
    }
    if folders := environ.get(f"{ENV_PREFIX}SIGNATURES"):
        named["signatures"] = folders.split(os.pathsep)
    logs: dict[str, Any] = {}
    if zone := environ.get(f"{ENV_PREFIX}TIMEZONE"):
        logs["timezone"] = zone
    if year := environ.get(f"{ENV_PREFIX}YEAR"):
        logs["year"] = int(year) if year.isdigit() else year
    return {**named, **({"logs": logs} if logs else {})}


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _convert(content: Mapping[str, Any], where: str) -> Config:
    try:
        return msgspec.convert(content, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}") from error
