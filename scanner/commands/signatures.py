"""``gnomon signatures``: what is known of AI vendors, and what a value would meet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._meets import meets
from scanner.commands._shared import (
    format_option,
    now,
    open_signatures,
    readable,
    settings,
    stdin_lines,
)
from scanner.model import Identifier

if TYPE_CHECKING:
    from scanner.output import OutputFormat
    from signatures.importers import Importer

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("signatures")
def command() -> None:
    """List, show, check, compare and propose vendor signatures, and match values against them."""


@command.command("list")
@format_option()
def list_products(style: OutputFormat) -> None:
    """List every product that can be recognised."""
    from scanner import output

    pack = open_signatures(settings()).pack
    rows = (
        {
            "product": f"{vendor.id}/{product.id}",
            "name": product.name,
            "vendor": vendor.name,
            "tier": vendor.tier,
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
    """Show all that is known of one vendor (by id, name or alias), as JSON."""
    from dataclasses import asdict

    from scanner import output
    from scanner.errors import UsageError

    key = vendor.casefold().partition("/")[0]
    for known in open_signatures(settings()).pack.vendors:
        if key in (known.id, *(name.casefold() for name in (known.name, *known.aliases))):
            output.document(asdict(known))
            return
    raise UsageError(f"no vendor is known as {vendor!r}; see `gnomon signatures list`")


@command.command("check")
@click.argument("folders", nargs=-1, type=_FOLDER)
@click.option(
    "--benign",
    multiple=True,
    type=_FILE,
    help="A list of what is no AI: hosts or package URLs, one a line. Every hit is a problem, "
    "unless signatures/benign-exceptions.tsv gives its reason.",
)
@click.option("--stale", is_flag=True, help="Also list the facts that are older than a year.")
def check_signatures(folders: tuple[Path, ...], benign: tuple[Path, ...], stale: bool) -> int:
    """Check the built-in signatures, and those in FOLDERS with them."""
    import signatures
    from scanner import output
    from scanner.errors import ExitCode
    from scanner.matching import Matcher
    from signatures.benign import run
    from signatures.checks import check

    named = folders or tuple(Path(folder) for folder in settings().signatures)
    pack = signatures.load(named)
    match = Matcher(pack.vendors).match_value
    found = [*check(pack, match, now().date()), *run(match, benign)]
    problems = [problem for problem in found if not problem.warns]
    warnings = [problem for problem in found if problem.warns]
    for problem in (*problems, *(warnings if stale else ())):
        output.show(str(problem))
    products = [product for vendor in pack.vendors for product in vendor.products]
    detections = sum(len(product.detections) for product in products)
    output.say(
        f"{len(pack.vendors)} vendors, {len(products)} products, {detections} detections, "
        f"{len(pack.shapes)} shapes, pack {pack.version}: {len(problems) or 'no'} problems, "
        f"{len(warnings) or 'no'} stale facts"
    )
    return ExitCode.ERROR if problems else ExitCode.DONE


@command.command("stats")
@format_option("table", "json")
def show_stats(style: OutputFormat) -> None:
    """Count vendors, products, detections and values, by channel, tier and purpose."""
    from scanner import output
    from signatures.counts import count

    pack = open_signatures(settings()).pack
    counts = count(pack.vendors)
    if style is output.OutputFormat.JSON:
        output.document({"pack": pack.version, **counts.as_document()})
        return
    rows = [
        {"channel": channel, "detections": number, "values": counts.values[channel]}
        for channel, number in sorted(counts.detections.items())
    ]
    total = {"detections": counts.detections.total(), "values": counts.values.total()}
    output.listing([*rows, {"channel": "all", **total}], ("channel", "detections", "values"), style)
    for what, counter in (
        ("vendors", counts.vendors),
        ("products", counts.products),
        ("products by AI nature", counts.natures),
        ("products by purpose", counts.categories),
        ("detections by evidence", counts.evidence),
    ):
        parts = ", ".join(f"{number} {name}" for name, number in counter.most_common())
        output.show(f"\n{counter.total()} {what}: {parts}")
    output.show(
        f"\n{counts.well_known} products of curated vendors are known by three channels or more; "
        f"{counts.facts} facts about suppliers; {counts.recalled} detections are still to be "
        f"read up at the place they name; pack {pack.version}"
    )


@command.command("diff")
@click.argument("before", type=_FOLDER)
@click.argument("after", type=_FOLDER, required=False)
@format_option()
def show_diff(before: Path, after: Path | None, style: OutputFormat) -> int:
    """Show every matcher that the folder AFTER adds, drops or changes against BEFORE.

    Without AFTER: what the built-in signatures, with BEFORE laid over them, match that they do
    not match alone. A file that cannot be read is told, and its vendors look dropped: exit code 1.
    """
    import signatures
    from scanner import output
    from scanner.errors import ExitCode
    from signatures.comparison import compare
    from signatures.loader import BUILT_IN, read_folders

    if after is None:
        old, new = signatures.load(), signatures.load([before])
    else:
        old, new = read_folders([before]), read_folders([after])
    unread = dict.fromkeys((*old.problems, *new.problems))
    for problem in unread:
        output.say(f"gnomon: {problem}; this file is left out")
    changes = compare(old.vendors, new.vendors)
    rows = (
        {
            "change": "added" if not one.before else "changed" if one.after else "dropped",
            "channel": one.what.channel,
            "how": one.what.how,
            "value": one.what.value,
            "before": one.before,
            "after": one.after,
        }
        for one in changes
    )
    output.listing(rows, ("change", "channel", "how", "value", "before", "after"), style)
    output.say(f"{len(changes) or 'no'} changes; the built-in folder is {BUILT_IN}")
    return ExitCode.ERROR if unread else ExitCode.DONE


@command.command("propose")
@click.argument("source")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("proposals"),
    show_default=True,
    help="Folder for the proposed signature files.",
)
@format_option()
def propose_signatures(source: str, path: Path | None, into: Path, style: OutputFormat) -> None:
    """Compare what SOURCE states with the base, and write what is new as files to review.

    SOURCE is models.dev, v2fly, litellm or csv with the PATH of a local copy, or botocore or
    google-api-python-client, which are read where they are installed. Nothing is written into the
    base: check the files (`gnomon signatures check FOLDER`), keep what is true, and move it there.
    """
    from scanner import output
    from signatures.assessment import Standing, assess
    from signatures.proposals import propose
    from signatures.writer import write

    importer = _importer(source, path)
    known_ones = open_signatures(settings())
    vendors = known_ones.pack.vendors
    assessed = assess(importer.read(path), known_ones.matcher.match_value, vendors)
    proposed = propose(assessed, vendors, now().date())
    _write_new({into / f"{vendor.id}.yaml": write(vendor) for vendor in proposed})
    shown = [one for one in assessed if one.standing is not Standing.KNOWN]
    rows = (
        {
            "standing": one.standing,
            "vendor": one.stated.vendor,
            "channel": one.stated.channel,
            "value": one.stated.value,
            "why": one.why,
            "source": one.stated.source,
        }
        for one in shown
    )
    output.listing(rows, ("standing", "vendor", "channel", "value", "why", "source"), style)
    known = len(assessed) - len(shown)
    output.say(
        f"{importer.title} ({importer.licence}): {len(assessed)} identifiers, {known} known, "
        f"{len(proposed)} vendors to review in {into}"
    )


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
    """Say what each of VALUES meets; without VALUES, each line of standard input.

    JSON and NDJSON hold one object or null a value, in order. Hosts may be spelled as logs spell
    them, packages are purls, host_path is host/path, OAuth applications are
    client_id=...;publisher_domain=... A request of the shape that model APIs have meets
    "unknown model API" where no vendor is known.
    """
    from scanner import output

    known = open_signatures(settings())
    given = map(readable, values) if values else map(str.strip, stdin_lines())
    found = meets(known.matcher, known.shapes, Identifier(channel), given)
    is_json = style in (output.OutputFormat.JSON, output.OutputFormat.NDJSON)
    rows = (met if met or is_json else {"value": value} for value, met in found)
    columns = ("value", "vendor", "product", "detection", "kind", "confidence")
    output.listing(rows, columns, style)


def _write_new(texts: dict[Path, str]) -> None:
    """Write files; what a person has edited meanwhile is never overwritten."""
    from scanner.errors import UsageError

    for path, text in texts.items():
        if path.exists() and path.read_text(encoding="utf-8") != text:
            raise UsageError(f"{path}: stands there already and differs; name another --into")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _importer(source: str, path: Path | None) -> Importer:
    from scanner.errors import UsageError
    from scanner.registry import IMPORTERS, values

    known: dict[str, Importer] = {one.name: one for one in values(IMPORTERS)}
    if source not in known:
        raise UsageError(f"no source is named {source!r}; there are {', '.join(known)}")
    if known[source].needs_path and path is None:
        raise UsageError(f"name the local copy: gnomon signatures propose {source} PATH")
    return known[source]
