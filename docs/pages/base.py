"""The signature base: its size, whom it knows best, and where it comes from."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from pages import NOTE
from scanner.compiled import SignatureBase, open_base
from scanner.config import cache_folder
from scanner.model import Category, EvidenceKind, Identifier, Tier, Vendor
from signatures.counts import count

# "owner/repository@commit (licence)" and "package version (licence)" inside a source.
_LICENSED = re.compile(
    r"[\w.-]+(?:/[\w.-]+@[0-9a-f]+| [\d.]+) \((?:MIT|Apache-2\.0|CC0-1\.0|BSD[\w-]*|MPL-2\.0)[^)]*\)"
)


@cache
def _base() -> SignatureBase:
    return open_base(cache_folder=cache_folder(os.environ))


def signature_base_page() -> str:
    """How large the signature base is, whom it knows best, and where it comes from."""
    counts = count(_base().pack.vendors)
    parts = [
        "# The signature base\n\n",
        NOTE,
        f"{counts.vendors.total():,} vendors, {counts.products.total():,} products, "
        f"{counts.detections.total():,} detections (rules) with {counts.values.total():,} values. "
        f"{counts.recalled:,} detections were written from general knowledge and are still to be "
        "read up at the place that they name. [How a file is made up](signatures.md).\n",
        "\n## By channel\n\n" + channels_table(),
        "\n## By tier\n\n| tier | vendors | products |\n|---|--:|--:|\n",
        *(f"| {one} | {counts.vendors[one]:,} | {counts.products[one]:,} |\n" for one in Tier),
        f"\nOf the products of curated vendors {counts.well_known:,} are known by three channels or "
        f"more. Curated vendors carry {counts.facts:,} dated facts.\n",
        "\n## By purpose\n\n| category | products |\n|---|--:|\n",
        *(f"| {one} | {counts.categories[one]:,} |\n" for one in Category),
        "\n## By evidence\n\n| kind | detections |\n|---|--:|\n",
        *(f"| {one} | {counts.evidence[one]:,} |\n" for one in EvidenceKind),
        "\n## Shapes of unknown AI\n\n| shape | signal | estimate | meaning |\n|---|---|--:|---|\n",
        *(
            f"| `{one.id}` | {one.signal} | {'suppresses' if one.suppresses else one.confidence} "
            f"| {one.meaning} |\n"
            for one in _base().pack.shapes
        ),
        "\n## Curated vendors\n\n| vendor | products | channels | facts |\n|---|---|--:|--:|\n",
        *_curated_rows(),
    ]
    return "".join(parts)


def channels_table() -> str:
    """Detections and values by channel."""
    counts = count(_base().pack.vendors)
    rows = [
        f"| `{one}` | {counts.detections[one]:,} | {counts.values[one]:,} |\n"
        for one in Identifier
        if counts.detections[one]
    ]
    return "| channel | detections | values |\n|---|--:|--:|\n" + "".join(rows)


def _curated_rows() -> Iterator[str]:
    for vendor in sorted(_base().pack.vendors, key=lambda one: one.name.lower()):
        if vendor.tier is Tier.CURATED:
            names = ", ".join(product.name for product in vendor.products[:6])
            more = f" and {len(vendor.products) - 6} more" if len(vendor.products) > 6 else ""
            channels = {one.channel for product in vendor.products for one in product.detections}
            facts = len(vendor.supplier.facts)
            yield f"| {vendor.name} | {names}{more} | {len(channels)} | {facts} |\n"


def sources_page() -> str:
    """The lists and packages that signatures were taken from, with their licences."""
    cited: Counter[str] = Counter()
    for vendor in _base().pack.vendors:
        for product in vendor.products:
            for detection in product.detections:
                named = {
                    match[0] for source in detection.sources for match in _LICENSED.finditer(source)
                }
                cited.update(named)
    rows = "".join(f"| {name} | {number:,} |\n" for name, number in sorted(cited.items()))
    return (
        "# Where signatures come from\n\n" + NOTE + "Identifiers were copied only from sources "
        "whose licence allows it, each named in the detection that it gave rise to. Their authors' "
        "notices hold for the data taken from them.\n\n| source (licence) | detections |\n"
        "|---|--:|\n" + rows
    )


def vendor_schema() -> str:
    """The JSON Schema of a signature file, for editors."""
    schema: dict[str, Any] = msgspec.json.schema(Vendor)
    for definition in schema["$defs"].values():
        if definition.get("type") == "object" and "properties" in definition:
            definition["additionalProperties"] = False
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gnomon signature file: one vendor, its products and their detections",
        **schema,
    }
    return json.dumps(schema, indent=2) + "\n"


PAGES = {
    "docs/signature-base.md": signature_base_page,
    "signatures/SOURCES.md": sources_page,
    "signatures/vendor.schema.json": vendor_schema,
}
