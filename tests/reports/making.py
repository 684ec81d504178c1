"""Every report in every format and language, made from one store at one moment."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import reports
from reports import About, Report
from reports.material import Material
from reports.paper import Paper
from reports.texts import languages
from scanner.config import Config, load
from scanner.registry import REPORTS, values
from scanner.store import Reader
from tests.running import EXAMPLE
from tests.support import NOW, the_base

LANGUAGES = languages()
SUPPLIER = "openai"


class Made(NamedTuple):
    """One report in one format and one language."""

    report: str
    format: str
    language: str
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.report}-{self.language}.{self.format}"


def all_reports() -> tuple[Report, ...]:
    return values(REPORTS)


def is_paper(report: Report, style: str) -> bool:
    """Return whether a format of a report is written from its paper."""
    write = report.outputs[style].write
    return isinstance(write, partial) and write.func is reports._written


def settings() -> Config:
    """Return those of the example organisation."""
    return load(EXAMPLE, {}, EXAMPLE / "no-user-file", {})


def material(store: Reader, report: Report, language: str = "en") -> Material:
    """Return what a report is made from; one about a system is about the first in the inventory."""
    made = Material(
        store=store,
        catalogue=the_base().matcher,
        signatures=the_base().pack.version,
        config=settings(),
        now=NOW,
        language=language,
    )
    match report.about:
        case None:
            return made
        case About.SYSTEM:
            about = next(iter(made.systems))
        case _:
            about = SUPPLIER
    return Material(**{**_fields(made), "about": about})


def _fields(made: Material) -> dict[str, object]:
    return {
        name: getattr(made, name)
        for name in ("store", "catalogue", "signatures", "config", "now", "language")
    }


def make_all(db: Path, several: tuple[str, ...] = LANGUAGES) -> Iterator[Made]:
    """Yield every output of every report."""
    with Reader(db, read_only=True) as store:
        for report in all_reports():
            for language in several:
                for style, output in report.outputs.items():
                    content = output.write(material(store, report, language))
                    whole = content.encode() if isinstance(content, str) else content
                    yield Made(report.name, style, language, whole)


class Composed(NamedTuple):
    """The paper of a report in one language."""

    report: str
    language: str
    paper: Paper

    def title_of(self, section: str) -> str:
        return next(one.title for one in self.paper.sections if one.id == section)


def papers_of(db: Path, several: tuple[str, ...] = LANGUAGES) -> Iterator[Composed]:
    """Yield the paper of every report that has one."""
    with Reader(db, read_only=True) as store:
        for report in all_reports():
            if report.compose is not None and any(is_paper(report, one) for one in report.outputs):
                for language in several:
                    paper = report.compose(material(store, report, language))
                    yield Composed(report.name, language, paper)


def digests(made: Iterator[Made]) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.content).hexdigest() for one in made}


if __name__ == "__main__":
    assert os.environ["PYTHONHASHSEED"]
    json.dump(digests(make_all(Path(sys.argv[1]), (sys.argv[2],))), sys.stdout)
