"""Documents that are handed out: by the same code as on the command line, and with what one may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reports import About, Report
from reports.material import Material
from reports.people import made_for
from scanner.registry import REPORTS, values
from scanner.web.addresses import part
from scanner.web.kinds import KINDS
from scanner.web.people import Role
from scanner.web.visit import File, Visit

Links = list[tuple[str, str]]


def report_of(name: str) -> Report | None:
    """Return the report of that name; names are never made into paths."""
    return next((one for one in reports() if one.name == name), None)


def reports() -> list[Report]:
    """Return every report there is."""
    found: Iterable[Report] = values(REPORTS)
    return sorted(found, key=lambda one: one.name)


def title_of(report: Report, visit: Visit) -> str:
    """Return what a report is; those of other people's making say it in one language."""
    key = f"web_pages.report.{report.name}"
    return visit.texts(key) if visit.texts.has(key) else report.title


def links(visit: Visit, name: str, about: str = "", since: str = "") -> Links:
    """Return the addresses of a report in its formats, each with the format's name."""
    report = report_of(name)
    if report is None:
        return []
    asked = "&".join(
        f"{key}={part(value)}" for key, value in (("about", about), ("since", since)) if value
    )
    query = f"?{asked}" if asked else ""
    return [
        (f"/documents/{part(name)}/{part(style)}{query}", format_name(visit, style))
        for style in report.outputs
    ]


def format_name(visit: Visit, style: str) -> str:
    key = f"web_pages.as.{style}"
    return visit.texts(key) if visit.texts.has(key) else style


def file_of(visit: Visit, report: Report, style: str, material: Material) -> File:
    """Return a report as a file, in the visitor's language."""
    output = report.outputs[style]
    content = made_for(_hide(visit), output, style, material)
    named = "-".join(filter(None, (report.name, material.about, f"{visit.now:%Y-%m-%d}")))
    whole = content.encode() if isinstance(content, str) else content
    return File(f"{named}{output.suffix}", whole, kind_of(output.suffix))


def kind_of(suffix: str) -> str:
    return KINDS.get(suffix.rpartition(".")[2], "application/octet-stream")


def _hide(visit: Visit) -> Callable[[str], str] | None:
    return None if visit.person.may(Role.REVIEWER) else visit.hide


def subjects(material: Material, about: About, wanted: str) -> list[tuple[str, str]]:
    """Return the systems or suppliers of that id or name, or else those in whose name it is."""
    named = (
        [] if about is About.SUPPLIER else [(one.id, one.name) for one in material.systems.values()]
    )
    if about is not About.SYSTEM:
        named += [(one.id, one.name) for one in material.suppliers.values()]
    key = wanted.strip().casefold()
    exact = [one for one in named if key in (one[0], one[1].casefold())]
    return exact or [one for one in named if key and key in one[1].casefold()]
