"""``gnomon signatures``: what is known of AI vendors, and what a value would meet."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import format_option, load_signatures, settings
from scanner.model import Identifier

if TYPE_CHECKING:
    from scanner.matching import Matcher
    from scanner.output import OutputFormat


@click.group("signatures")
def command() -> None:
    """List, show and check the vendor signatures, and match values against them."""


@command.command("list")
@format_option()
def list_products(style: OutputFormat) -> None:
    """List every product that can be recognised."""
    from scanner import output

    pack = load_signatures(settings())
    rows = (
        {
            "product": f"{vendor.id}/{product.id}",
            "name": product.name,
            "vendor": vendor.name,
            "category": product.category,
            "ai_nature": product.ai_nature,
            "detections": len(product.detections),
            "channels": sorted({one.channel.value for one in product.detections}),
        }
        for vendor in pack.vendors
        for product in vendor.products
    )
    columns = ("product", "name", "vendor", "category", "ai_nature", "detections", "channels")
    output.listing(rows, columns, style)


@command.command("show")
@click.argument("vendor")
def show_vendor(vendor: str) -> None:
    """Show all that is known of one vendor (by id or name), as JSON."""
    from dataclasses import asdict

    from scanner import output
    from scanner.errors import UsageError

    key = vendor.casefold().partition("/")[0]
    for known in load_signatures(settings()).vendors:
        if key in (known.id, known.name.casefold()):
            output.document(asdict(known))
            return
    raise UsageError(f"no vendor is known as {vendor!r}; see `gnomon signatures list`")


@command.command("check")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False))
def check_signatures(folders: tuple[str, ...]) -> int:
    """Check the built-in signatures, and those in FOLDERS with them."""
    from pathlib import Path

    import signatures
    from scanner import output
    from scanner.errors import ExitCode
    from scanner.matching import Matcher
    from signatures.checks import check

    named = [Path(folder) for folder in folders or settings().signatures]
    pack = signatures.load(named)
    problems = check(pack, Matcher(pack.vendors).match_value)
    for problem in problems:
        output.show(str(problem))
    products = [product for vendor in pack.vendors for product in vendor.products]
    detections = sum(len(product.detections) for product in products)
    output.say(
        f"{len(pack.vendors)} vendors, {len(products)} products, {detections} detections, "
        f"pack {pack.version}: {len(problems) or 'no'} problems"
    )
    return ExitCode.ERROR if problems else ExitCode.DONE


@command.command("match")
@click.option(
    "--channel",
    type=click.Choice([one.value for one in Identifier]),
    default="host",
    show_default=True,
    help="What the values are.",
)
@click.argument("values", nargs=-1)
@format_option()
def match_values(channel: str, values: tuple[str, ...], style: OutputFormat) -> None:
    """Say what each of VALUES meets; without VALUES, each line of standard input."""
    from scanner import output
    from scanner.matching import Matcher

    matcher = Matcher(load_signatures(settings()).vendors)
    identifier = Identifier(channel)
    rows = _matches(matcher, identifier, values or _stdin_lines())
    columns = ("value", "vendor", "product", "detection", "kind", "confidence")
    output.listing(rows, columns, style)


def _matches(
    matcher: Matcher, channel: Identifier, values: Iterable[str]
) -> Iterator[dict[str, Any]]:
    for value in values:
        met = matcher.match_value(channel, value)
        yield {
            "value": value,
            "vendor": met.vendor.id if met else None,
            "product": met.product.id if met else None,
            "detection": met.detection.id if met else None,
            "kind": met.detection.evidence if met else None,
            "confidence": met.detection.confidence if met else None,
        }


def _stdin_lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        value = line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
        if value.strip():
            yield value.strip()
