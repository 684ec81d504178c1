"""Approving a report, and reading an approved one again: the paper itself is kept, in every language."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from reports import Report
from reports.keeping import keep, read
from reports.material import Material
from reports.paper import Paper
from reports.texts import DEFAULT, Texts, languages
from scanner.errors import UsageError
from scanner.inventory import approval
from scanner.inventory.approval import OpenPoint
from scanner.model import Decision
from scanner.store import PaperStore, Reader


class Approved(NamedTuple):
    """An approved version with the decision that holds its hash."""

    version: int
    decision: Decision


def approve(
    store: PaperStore, material: Material, report: Report, by: str, reason: str
) -> Approved:
    """Keep a report as a person approves it. Raises UsageError with what speaks against it.

    ``material`` is made of the same store. What is kept was composed before anything is written;
    if somebody decides meanwhile, ConflictError is raised and nothing is kept.
    """
    if report.compose is None or report.points is None or report.data is None:
        raise UsageError(f"{report.name} is not approved; `gnomon report scope --approve` is")
    words = Texts(DEFAULT)

    def worded(one: OpenPoint) -> str:
        return words(f"{report.name}.points.{one.key}", n=one.n, names=", ".join(one.names))

    given = approval.approval_of(
        store, report.name, by, material.now, reason, report.points(material), worded
    )
    content = keep(
        report.compose(replace(material, approval=given, language=language))
        for language in _in_order(material.language)
    )
    seen = material.decisions[-1].number if material.decisions else 0
    return Approved(given.version, approval.approve(store, report.name, given, content, seen))


def approved(store: Reader, report: Report, version: int, language: str) -> Paper:
    """Return an approved version as it was. Raises UsageError with those that there are."""
    kept = {one.version: one for one in store.kept_papers(report.name)}
    if version not in kept or report.data is None:
        known = ", ".join(map(str, sorted(kept))) or "none"
        raise UsageError(f"{report.name} has no approved version {version}; there are: {known}")
    papers = read(kept[version].content, report.data).papers
    if language not in papers:
        raise UsageError(
            f"version {version} of {report.name} was kept in {', '.join(sorted(papers))}; "
            "say which with --lang"
        )
    return papers[language]


def _in_order(language: str) -> list[str]:
    """Return every language, that of the approver first."""
    return [language, *(one for one in languages() if one != language)]
