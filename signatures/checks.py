"""What a signature file must keep: identifiers unique and well formed, and examples that hold.

``match`` is handed in, because matching stands above the signatures: it returns the signature
that a value of a channel meets, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from scanner.model import Detection, EvidenceKind, Identifier, Product, Signature, Vendor
from signatures.loader import BUILT_IN, Pack, Problem

Match = Callable[[Identifier, str], Signature | None]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DETECTION_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CHROME_ID = re.compile(r"[a-p]{32}")
_PURL = re.compile(r"pkg:[a-z]+/\S+")
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WEAK = (EvidenceKind.PRESENCE, EvidenceKind.SUPPORTING)
_WEAK_CONFIDENCE = 50
# Domains of a whole cloud, network, identity provider or advertiser: a hit there says nothing.
_TOO_WIDE = frozenset(
    ["amazonaws.com", "azure.com", "azure.net", "azurewebsites.net", "windows.net", "microsoft.com", "office.com", "google.com", "googleapis.com", "gstatic.com", "googleusercontent.com", "cloudfront.net", "akamai.net", "fastly.net", "cloudflare.com", "cloudflare.net", "bing.com", "live.com", "apple.com", "facebook.com", "meta.com", "github.com", "githubusercontent.com", "sentry.io", "auth0.com", "okta.com", "stripe.com", "segment.io", "algolia.net", "intercom.io", "datadoghq.com", "vercel.app", "netlify.app", "herokuapp.com", "firebaseapp.com", "web.app", "yandex.com", "360.cn", "alibabacloud.com", "aliyuncs.com", "tencent.com", "qq.com", "baidu.com", "co.uk", "com.cn", "com.au"]
)  # fmt: skip


def check(pack: Pack, match: Match) -> list[Problem]:
    """Return every problem of the pack, by file and line: its load, its identifiers, its examples."""
    problems = list(pack.problems)
    for vendor in pack.vendors:
        lines = _Lines(pack.files[vendor.id])
        for about, message in _vendor(vendor, pack.files[vendor.id]):
            problems.append(lines.problem(about, message))
        for about, message in _examples(vendor, match):
            problems.append(lines.problem(about, message))
    for vendor_id, about, message in _collisions(pack):
        problems.append(_Lines(pack.files[vendor_id]).problem(about, message))
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.message))


class _Lines:
    """Finds the line of a file on which an id or a value stands."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at: dict[str, int] | None = None

    def problem(self, about: str, message: str) -> Problem:
        if self._at is None:
            tokens = yaml.scan(self._path.read_bytes())
            self._at = {}
            for token in tokens:
                if isinstance(token, yaml.ScalarToken):
                    self._at.setdefault(token.value, token.start_mark.line + 1)
        return Problem(self._path, self._at.get(about, 1), message)


def _vendor(vendor: Vendor, path: Path) -> Iterator[tuple[str, str]]:
    if vendor.schema != 1:
        yield "schema", f"schema is {vendor.schema}; this gnomon reads 1"
    if not _SLUG.fullmatch(vendor.id):
        yield vendor.id, f"vendor id {vendor.id!r} is not lower-case words joined by hyphens"
    if path.parent == BUILT_IN and path.stem != vendor.id:
        yield vendor.id, f"vendor id {vendor.id!r} stands in a file named {path.name}"
    if not vendor.products:
        yield vendor.id, "a vendor needs at least one product"
    for product in vendor.products:
        yield from _product(product)


def _product(product: Product) -> Iterator[tuple[str, str]]:
    if not _SLUG.fullmatch(product.id):
        yield product.id, f"product id {product.id!r} is not lower-case words joined by hyphens"
    if not product.detections:
        yield product.id, f"product {product.id} has no detection"
    for detection in product.detections:
        for message in _detection(detection):
            yield detection.id, f"{detection.id}: {message}"


def _detection(detection: Detection) -> Iterator[str]:
    if not _DETECTION_ID.fullmatch(detection.id):
        yield "the id is not lower-case words joined by dots and hyphens"
    if not 1 <= detection.confidence <= 100:
        yield f"confidence {detection.confidence} is not from 1 to 100"
    if detection.evidence in _WEAK and detection.confidence > _WEAK_CONFIDENCE:
        yield f"{detection.evidence} evidence may not claim more than {_WEAK_CONFIDENCE}"
    if not detection.sources:
        yield "no source says so"
    if not (detection.tests.match and detection.tests.no_match):
        yield "examples that match and near misses that must not are both required"
    yield from _values(detection)


def _values(detection: Detection) -> Iterator[str]:
    match detection.channel:
        case Identifier.HOST | Identifier.HOST_PATH:
            yield from _host_values(detection)
        case Identifier.OAUTH:
            yield from _oauth_values(detection)
        case Identifier.PACKAGE:
            yield from _malformed(detection.purl, _PURL, "a package URL (pkg:type/name)")
            if not detection.purl:
                yield "no purl"
        case Identifier.ENV:
            yield from _malformed(detection.exact, _ENV, "the name of an environment variable")
        case Identifier.BROWSER_EXT if any(len(value) < 40 for value in detection.exact):
            plain = tuple(
                value for value in detection.exact if "@" not in value and "{" not in value
            )
            yield from _malformed(plain, _CHROME_ID, "an extension id (32 letters from a to p)")
    if detection.channel not in (Identifier.HOST, Identifier.HOST_PATH):
        yield from _bad_patterns(detection.pattern)


def _host_values(detection: Detection) -> Iterator[str]:
    if not (detection.suffix or detection.exact or detection.pattern):
        yield "no suffix, exact or pattern"
    yield from _malformed((*detection.suffix, *detection.exact), _HOST, "a lower-case host name")
    yield from _malformed(
        tuple(pattern.replace("*", "x") for pattern in detection.pattern), _HOST, "a host pattern"
    )
    for pattern in detection.pattern:
        if "*" in ".".join(pattern.rsplit(".", 2)[-2:]):
            yield f"{pattern!r} leaves the registrable domain open"
    if detection.channel is Identifier.HOST:
        for host in _TOO_WIDE.intersection((*detection.suffix, *detection.exact)):
            yield f"{host} belongs to a whole cloud or network; name the product's own hosts"
    elif not detection.path:
        yield "host_path needs at least one path"
    elif not all(path.startswith("/") for path in detection.path):
        yield "a path begins with /"


def _oauth_values(detection: Detection) -> Iterator[str]:
    strong = (
        *detection.client_id,
        *detection.owner_tenant,
        *detection.publisher_domain,
        *detection.reply_url_domain,
    )
    if not strong:
        yield "an OAuth application is known by client id, tenant or domain; a name alone is none"
    if detection.idp == "entra":
        yield from _malformed((*detection.client_id, *detection.owner_tenant), _GUID, "a GUID")


def _malformed(values: tuple[str, ...], shape: re.Pattern[str], what: str) -> Iterator[str]:
    for value in values:
        if not shape.fullmatch(value):
            yield f"{value!r} is not {what}"


def _bad_patterns(patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"pattern {pattern!r} is no regular expression: {error}"


def _examples(vendor: Vendor, match: Match) -> Iterator[tuple[str, str]]:
    for product in vendor.products:
        for detection in product.detections:
            for value in detection.tests.match:
                met = match(detection.channel, value)
                if met is None or met.detection.id != detection.id:
                    said = met.detection.id if met else "nothing"
                    yield detection.id, f"{detection.id}: must match {value!r}, which meets {said}"
            for value in detection.tests.no_match:
                met = match(detection.channel, value)
                if met is not None and met.detection.id == detection.id:
                    yield detection.id, f"{detection.id}: must not match {value!r}"


def _collisions(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Yield ids used twice, and values that stand in two products neither of which implies the other."""
    seen_ids: dict[str, str] = {}
    seen_values: dict[tuple[Identifier, str, str], Signature] = {}
    for vendor in pack.vendors:
        for product in vendor.products:
            for detection in product.detections:
                if detection.id in seen_ids:
                    yield (
                        vendor.id,
                        detection.id,
                        f"{detection.id}: also in {seen_ids[detection.id]}",
                    )
                seen_ids[detection.id] = vendor.id
                mine = Signature(vendor, product, detection)
                for key in _keys(detection):
                    other = seen_values.setdefault(key, mine)
                    if other.product_key != mine.product_key and not _implied(mine, other):
                        message = f"{detection.id}: {key[2]} is also in {other.detection.id}"
                        yield vendor.id, detection.id, message


def _keys(detection: Detection) -> Iterator[tuple[Identifier, str, str]]:
    paths = detection.path or ("",)
    for how in ("suffix", "exact", "pattern", "client_id", "purl"):
        for value in getattr(detection, how):
            for path in paths:
                yield detection.channel, how, f"{value}{path}"


def _implied(one: Signature, other: Signature) -> bool:
    return one.product_key in other.detection.implies or other.product_key in one.detection.implies
