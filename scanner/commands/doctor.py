"""``gnomon doctor``: is this installation sound, and what is in force here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

import click

from scanner.commands._shared import db_option, format_option, open_reader, settings

if TYPE_CHECKING:
    from scanner.output import OutputFormat

_OUR_PACKAGES = ("scanner", "signatures", "integrations", "reports")


class Finding(NamedTuple):
    """One thing looked at, and whether it is as it should be."""

    what: str
    ok: bool
    detail: str


@click.command("doctor")
@click.option("--verify", is_flag=True, help="Prove the chain of decisions instead.")
@db_option
@format_option()
def command(verify: bool, db: str | None, style: OutputFormat) -> int:
    """Check the installation: versions, settings, plugins, signatures, and clashing packages.

    With --verify check that no decision in the database was changed, removed or put in afterwards,
    and that every approved document is what was approved.
    """
    from scanner import output
    from scanner.errors import ExitCode

    findings = list(_proofs(db) if verify else _findings())
    output.listing([one._asdict() for one in findings], Finding._fields, style)
    return ExitCode.DONE if all(one.ok for one in findings) else ExitCode.ERROR


def _findings() -> Iterator[Finding]:
    import platform

    from scanner import __version__

    yield Finding("gnomon", True, __version__)
    yield Finding("python", True, platform.python_version())
    yield from _settings()
    yield from _plugins()
    yield from _signatures()
    yield from _clashes()


def _proofs(db: str | None) -> Iterator[Finding]:
    chain = _chain(db)
    yield chain
    if chain.ok:  # documents rest on it
        yield from _papers(db)


def _chain(db: str | None) -> Finding:
    """Whether every decision follows from those before it; the hash proves all of them."""
    with open_reader(settings(db=db)) as store:
        broken = store.first_break()
        last = None if broken else store.last_decision()  # what was changed may not be read at all
    if broken is not None:
        detail = f"the chain breaks at number {broken.number}: {broken.reason}; restore a backup"
        return Finding("decisions", False, detail)
    if last is None:
        return Finding("decisions", True, "none yet")
    made = last.at.astimezone(UTC).isoformat(timespec="seconds")
    return Finding("decisions", True, f"{last.number:,} hold; the last, of {made}: {last.hash}")


def _papers(db: str | None) -> Iterator[Finding]:
    """Whether every approved document has the hash that its decision holds."""
    from scanner.model import Act

    with open_reader(settings(db=db)) as store:
        torn, approved = store.torn_paper(), store.decisions(Act.APPROVE)
    if torn is not None:
        yield Finding("approved documents", False, f"{torn.reason}; restore a backup")
    elif approved:
        yield Finding("approved documents", True, f"{len(approved):,} are what was approved")


def _settings() -> Iterator[Finding]:
    import os
    from pathlib import Path

    from scanner import config

    user_file = Path(click.get_app_dir("gnomon")) / config.FILE_NAME
    files = config.config_files(Path.cwd(), os.environ, user_file)
    in_force = settings()
    yield Finding("settings", True, ", ".join(map(str, files)) or "no gnomon.toml; the defaults")
    there = "" if in_force.database.exists() else " (not there yet)"
    yield Finding("database", True, f"{in_force.database}{there}")
    yield Finding("privacy", True, in_force.privacy.value)


def _plugins() -> Iterator[Finding]:
    from scanner.registry import GROUPS, load

    for group in GROUPS:
        plugins, failed = load(group)
        yield Finding(group.entry_point, True, f"{len(plugins)} loaded")
        for one in failed:
            yield Finding(f"{group.entry_point}: {one.name}", False, f"{one.origin}: {one.reason}")


def _signatures() -> Iterator[Finding]:
    from pathlib import Path

    import signatures

    pack = signatures.load(Path(folder) for folder in settings().signatures)
    yield Finding("signatures", True, f"{len(pack.vendors)} vendors, pack {pack.version}")
    for problem in pack.problems:
        yield Finding("signature file", False, str(problem))


def _clashes() -> Iterator[Finding]:
    """Another distribution with a package of our name would shadow ours, or ours it."""
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    for package in _OUR_PACKAGES:
        others = sorted({owner for owner in owners.get(package, []) if owner != "gnomon"})
        if others:
            yield Finding(f"package {package}", False, f"also shipped by {', '.join(others)}")
