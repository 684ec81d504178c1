"""Which products an application's name may be that of, and when a name alone is enough.

It is enough where whoever made the application did not choose it: in a catalogue of cloud
applications, in an inventory of software with its vendor, in the organisation's own register. Even
there another publisher, two products of one name, or a word of the language leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from scanner.matching import Matcher
from scanner.model import (
    AINature,
    App,
    Detection,
    EvidenceKind,
    Examples,
    Identifier,
    Signature,
    Tier,
)
from scanner.naming import is_called, is_of, is_one_word, readings, words

MERCHANT = "merchant"
_SURE = 70  # of a name in a catalogue: it is written by people, and by hand
_SAYS_AI = re.compile(
    r"\b(?:ai|gpt|llm|genai|copilot|chatgpt|generative|artificial intelligence|machine learning)\b",
    re.IGNORECASE,
)
# Catalogues list what is called like an AI product and is none under such headings.
_ELSEWHERE = re.compile(
    r"crypto|bank|financ|account|trading|invest|insur|gambl|gam(?:es|ing)|travel|hotel|dating|"
    r"shopping|real estate|sport|construction|aviation|automotive|advertis",
    re.IGNORECASE,
)
# First names and words of every day that are products of AI too: on a statement they say nothing.
_EVERYDAY = frozenset(
    [
        "bard",
        "beacon",
        "character",
        "claude",
        "clay",
        "comet",
        "copilot",
        "craft",
        "cursor",
        "devin",
        "dia",
        "eden",
        "gamma",
        "gemini",
        "grok",
        "harvey",
        "jasper",
        "juno",
        "kimi",
        "leo",
        "lex",
        "luma",
        "manus",
        "motion",
        "nova",
        "otter",
        "pi",
        "poe",
        "replika",
        "rewind",
        "runway",
        "sage",
        "sora",
        "sider",
        "suno",
        "tome",
        "warp",
        "wordtune",
        "writer",
        "you",
    ]
)


class Likeness(StrEnum):
    """How a name speaks for a product."""

    NONE = "none"
    NAMED = "named"  # it is the product
    VOUCHED = "vouched"  # called like it, by a publisher that is called like its vendor
    ALIKE = "alike"  # called like it, and nothing is said of the publisher
    ELSEWHERE = "elsewhere"  # called like it, by another publisher
    WORD = "word"  # called like it, and any application might be
    AMBIGUOUS = "ambiguous"  # called like products of several vendors


class Called(NamedTuple):
    """What a name says, and of which products."""

    likeness: Likeness
    products: tuple[Signature, ...] = ()


def called(app: App, matcher: Matcher) -> Called:
    """Return which product an application's name is that of, and how far it can be relied on."""
    found, says_vendor = _products(app.name, matcher)
    if not found:
        return Called(Likeness.NONE)
    if app.publisher and not app.is_own:
        own = [one for one in found if _is_by(one, app.publisher)]
        if not own:
            return Called(Likeness.ELSEWHERE, found)
        found, says_vendor = tuple(own), True
    if len({one.vendor.id for one in found}) > 1:
        return Called(Likeness.AMBIGUOUS, found)
    return Called(_likeness(app, found[0], says_vendor), found)


def spaced(category: str) -> str:
    """Return the words of a catalogue's heading: ``generativeAi`` is ``generative Ai``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", category)


def says_ai(heading: str) -> bool:
    """Whether a catalogue's heading, or a product's name, says that it is about AI."""
    return _SAYS_AI.search(spaced(heading)) is not None


def by_name(called_like: Called) -> Signature:
    """Return the product of a name, with a detection that says that the name is all there is."""
    signature = called_like.products[0]
    return signature._replace(detection=_detection(signature))


def _products(name: str, matcher: Matcher) -> tuple[tuple[Signature, ...], bool]:
    """Return the products that a name may be that of, and whether it names their vendor too."""
    for product, vendor in readings(name):
        found = matcher.named(product)
        if vendor:
            found = [one for one in found if is_of(vendor, _vendor_names(one))]
        if found:
            return tuple(sorted(found, key=lambda one: one.product_key)), bool(vendor)
    return (), False


def _likeness(app: App, signature: Signature, says_vendor: bool) -> Likeness:
    if not app.is_named_by_catalogue:
        if app.publisher and not app.is_own:
            return Likeness.VOUCHED
        return Likeness.ALIKE if _is_telling(app, signature, says_vendor) else Likeness.WORD
    if says_vendor:
        return Likeness.NAMED
    if app.kind == MERCHANT and "".join(words(app.name)) in _EVERYDAY:
        return Likeness.WORD
    if _ELSEWHERE.search(app.kind) and not says_ai(app.kind):
        return Likeness.WORD
    return Likeness.NAMED if _is_telling(app, signature, says_vendor) else Likeness.WORD


def _is_telling(app: App, signature: Signature, says_vendor: bool) -> bool:
    """Whether a name is more than a word that anything might be called by."""
    return (
        says_vendor
        or signature.vendor.tier is Tier.CURATED
        or not is_one_word(app.name)
        or says_ai(app.kind)
        or words(app.name)[0].endswith(("gpt", "ai", "llm"))
    )


def _is_by(signature: Signature, publisher: str) -> bool:
    """Whether a publisher is a product's vendor, or called like the product, as companies are."""
    product = signature.product
    return is_of(publisher, _vendor_names(signature)) or is_called(
        publisher, (product.name, *product.aliases)
    )


def _vendor_names(signature: Signature) -> Sequence[str]:
    vendor = signature.vendor
    return (vendor.name, vendor.id.replace("-", " "), *vendor.aliases)


def _detection(signature: Signature) -> Detection:
    """Return a detection by name of a product, which proves what the product's own best one does."""
    best = signature.detection
    evidence = best.evidence
    if signature.product.ai_nature is AINature.EMBEDDED and not says_ai(signature.product.name):
        evidence = EvidenceKind.PRESENCE
    made = Detection(
        id=f"{signature.vendor.id}.{signature.product.id}.by-name",
        channel=Identifier.APP_ID,
        evidence=evidence,
        confidence=min(_SURE, best.confidence),
        sources=("the names of the product in the signatures",),
        tests=Examples((), ()),
    )
    return replace(made, exact=(signature.product.name,))
