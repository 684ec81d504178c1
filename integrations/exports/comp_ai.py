"""Comp AI: vendors as the bodies of requests to its API.

Likelihood and impact are left out: the API takes a vendor without them, and nobody has assessed any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from integrations.exports import Export, File, LeftOut, Loaded, as_lines
from scanner.model import HandedSupplier, Handover

CATEGORIES = ("cloud", "infrastructure", "software_as_a_service", "finance", "marketing", "sales", "hr", "other")  # fmt: skip
STATUSES = ("not_assessed", "in_progress", "assessed")
_CATEGORIES = {
    "inference-hosting": "infrastructure", "ml-platform": "infrastructure",
    "local-runtime": "other", "finance": "finance", "sales-marketing": "marketing",
    "hr-recruiting": "hr", "ml-framework": "other", "agent-framework": "other",
}  # fmt: skip


def write(handed: Handover, _: Mapping[str, str]) -> Iterator[File | LeftOut]:
    """Yield a body of ``POST /v1/vendors`` a line."""
    names = {one.id: one.name for one in handed.systems}
    kinds = {one.id: one.category for one in handed.systems}
    bodies = (_vendor(one, names, kinds) for one in handed.suppliers)
    yield File("comp-ai-vendors.ndjson", as_lines(bodies))


def _vendor(
    one: HandedSupplier, names: Mapping[str, str], kinds: Mapping[str, str]
) -> dict[str, Any]:
    systems = [names[each] for each in one.systems if each in names]
    told = (
        f"AI systems that rest on it: {', '.join(systems)}" if systems else "Upstream of a supplier"
    )
    categories = {_CATEGORIES.get(kinds[each], "software_as_a_service") for each in one.systems
                  if each in kinds and kinds[each] != "application"}  # fmt: skip
    body: dict[str, Any] = {
        "name": one.name,
        "description": told,
        "category": categories.pop() if len(categories) == 1 else "other",
        "status": "assessed" if one.verdict else "not_assessed",
    }
    if website := one.urls.get("website"):
        body["website"] = website
    return body


EXPORT = Export(
    name="comp-ai",
    title="Comp AI",
    reference="https://github.com/trycompai/comp",
    read="09aa8ba",
    files=(
        Loaded("comp-ai-vendors.ndjson", "suppliers", "each line is a body of `POST /v1/vendors`"),
    ),
    write=write,
    note="Likelihood and impact are left out: nobody has assessed them.",
)
