"""What a value of any channel meets, as ``gnomon signatures match`` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from scanner.model import Identifier, Shape, Signature

if TYPE_CHECKING:
    from scanner.matching import Matcher
    from scanner.shapes import Shapes


def meets(
    matcher: Matcher, shapes: Shapes, channel: Identifier, values: Iterable[str]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield each value with what it meets, or None; a model API of nobody we know is told."""
    for value in values:
        if met := matcher.match_value(channel, value):
            yield value, _row(value, met)
        else:
            shape = _api_shape(shapes, channel, value)
            yield value, _unknown_api(value, shape) if shape else None


def _row(value: str, met: Signature) -> dict[str, Any]:
    return {
        "value": value,
        "vendor": met.vendor.id,
        "vendor_name": met.vendor.name,
        "product": met.product.id,
        "product_name": met.product.name,
        "category": met.product.category,
        "ai_nature": met.product.ai_nature,
        "detection": met.detection.id,
        "kind": met.detection.evidence,
        "confidence": met.detection.confidence,
        "implies": met.detection.implies,
    }


def _api_shape(shapes: Shapes, channel: Identifier, value: str) -> Shape | None:
    if channel not in (Identifier.HOST_PATH, Identifier.HTTP_PATH):
        return None
    from scanner.hosts import path_of_url

    looks = shapes.of_path(path_of_url(value.encode()))
    return max(looks, key=lambda shape: shape.confidence, default=None)


def _unknown_api(value: str, shape: Shape) -> dict[str, Any]:
    return {
        "value": value,
        "vendor": None,
        "vendor_name": None,
        "product": "unknown-model-api",
        "product_name": f"unknown model API ({shape.meaning})",
        "category": "model-api",
        "ai_nature": None,
        "detection": shape.id,
        "kind": "candidate",
        "confidence": shape.confidence,
        "implies": (),
    }
