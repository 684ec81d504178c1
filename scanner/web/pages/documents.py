"""The documents: every report in every format, made when it is asked for."""

from __future__ import annotations

from reports import About, Report
from reports.material import Material
from scanner.web.addresses import day_of
from scanner.web.documents import file_of, links, report_of, reports, subjects, title_of
from scanner.web.visit import Answer, Page, Refused, Shown, Visit

PATH = "/documents"
_MOST = 20  # subjects that are offered


def show(visit: Visit) -> Answer:
    """Show the reports there are; those about one once it is said about which."""
    wanted = visit.query.get("about", "").strip()[:200]
    about = subjects(visit.material, About.EITHER, wanted) if wanted else []
    one = about[0] if len(about) == 1 else None
    return Shown(
        "documents.html",
        {
            "wanted": wanted,
            "one": one,
            "several": about[:_MOST] if one is None else [],
            "of_all": [
                (title_of(report, visit), links(visit, report.name))
                for report in reports()
                if report.about is None
            ],
            "of_one": [
                (title_of(report, visit), links(visit, report.name, one[0] if one else ""))
                for report in reports()
                if report.about is not None
                and (one is None or _fits(report, one[0], visit.material))
            ],
        },
    )


def _fits(report: Report, subject: str, material: Material) -> bool:
    if report.about is About.EITHER:
        return True
    return (subject in material.suppliers) is (report.about is About.SUPPLIER)


def make(visit: Visit) -> Answer:
    """Hand out one report."""
    report, style = report_of(visit.path["report"]), visit.path["format"]
    if report is None or style not in report.outputs:
        return Refused(404, visit.texts("web.refused.missing"))
    about = ""
    if report.about is not None:
        found = subjects(visit.material, report.about, visit.query.get("about", ""))
        if len(found) != 1:
            return Refused(404, visit.texts("web_pages.documents.which"))
        about = found[0][0]
    since = day_of(visit.query.get("since", ""))
    whole = visit.material.in_full
    material = whole.narrowed(about, since) if about or since else whole
    return file_of(visit, report, style, material)


PAGES = (
    Page(PATH, show, title="web_pages.navigation.documents", order=7),
    Page(f"{PATH}/{{report}}/{{format}}", make, is_slow=True),
)
