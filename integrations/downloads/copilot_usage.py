"""Copilot: who has a seat and when it was used, as Microsoft 365 and GitHub let it be downloaded (CSV).

    Report Refresh Date,User Principal Name,Display Name,Last Activity Date,...,Report Period
    2026-11-20,ana@harbour.example,Ana Baker,2026-11-18,...,30

    Report Time,Login,Last Authenticated At,Last Activity At,Last Surface Used
    2026-11-20T10:00:00Z,anabaker,2026-11-19T10:00:00Z,2026-11-19T10:00:00Z,vscode/1.95.1

Reference: https://learn.microsoft.com/microsoft-365/admin/activity-reports/microsoft-365-copilot-usage
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Once, Opened, table_is
from integrations.entra.usage import COPILOT_FIELDS, copilot_usage
from integrations.fields import Item
from integrations.github.usage import parse_seat
from integrations.tables import find
from scanner.model import App, Record

_HEADINGS = tuple(one for one in COPILOT_FIELDS if " " in one)
_OF_MICROSOFT = Columns(
    names={one: (folded(one),) for one in (*_HEADINGS, "Report Refresh Date")},
    needed=("Report Refresh Date", "User Principal Name", "Word Copilot Last Activity Date"),
    keys=("User Principal Name",),
    times=tuple(one for one in _HEADINGS if one.endswith("Date")),
)
_OF_GITHUB = Columns(
    names={
        "login": ("login",),
        "seen": ("lastactivityat",),
        "surface": ("lastsurfaceused",),
        "report": ("reporttime",),
    },
    needed=("login", "seen", "surface", "report"),
    keys=("login",),
)


def read(file: Opened) -> Iterator[Record]:
    """Yield the seat of each person and its use, and the application once."""
    once = Once()
    is_github = find(_OF_GITHUB, file.beginning.sheets) is not None
    for row in file.rows(_OF_GITHUB, _OF_MICROSOFT):
        for one in parse_seat(_seat(row), {}) if is_github else copilot_usage(row, {}):
            yield from once.new((one,)) if isinstance(one, App) else (one,)


def _seat(row: Item) -> Item:
    """Return a row as GitHub's API answers it."""
    return Item(
        {"assignee": {"login": row.text("login")}, "last_activity_at": row.text("seen") or None},
        row.bad,
    )


DOWNLOAD = Download(
    name="copilot-usage",
    title="Seats of Microsoft 365 Copilot and GitHub Copilot (CSV)",
    system="copilot",
    reference="https://learn.microsoft.com/microsoft-365/admin/activity-reports/microsoft-365-copilot-usage",
    recognises=table_is(_OF_GITHUB, _OF_MICROSOFT),
    read=read,
    samples={
        "CopilotActivityUserDetail.csv": (
            b"\xef\xbb\xbfReport Refresh Date,User Principal Name,Display Name,Last Activity Date,"
            b"Microsoft Teams Copilot Last Activity Date,Word Copilot Last Activity Date,"
            b"Report Period\n"
            b"2026-11-20,ana@harbour.example,Ana Baker,2026-11-18,2026-11-18,,30\n"
        ),
        "seat-activity.csv": (
            b"Report Time,Login,Last Authenticated At,Last Activity At,Last Surface Used\n"
            b"2026-11-20T10:00:00Z,anabaker,2026-11-19T10:00:00Z,2026-11-19T10:00:00Z,"
            b"vscode/1.95.1/copilot/1.243\n"
        ),
    },
    verified_by="the vendors' documentation",
)
