"""Zscaler: the Shadow IT report of Internet Access, applications with their people and traffic.

    No.,Application,Application Category,Application Status,Application Risk Index,Upload Bytes,...
    1,ChatGPT,AI & ML,Unsanctioned,3,10485760,52428800,62914560,41,3

Lines above it say who made it and of which days.
Reference: https://help.zscaler.com/zia/about-shadow-it-report
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Opened, table_is
from integrations.downloads.discovered_apps import records
from scanner.model import Record

_COLUMNS = Columns(
    names={
        "name": ("application",),
        "category": ("applicationcategory",),
        "tag": ("applicationstatus",),
        "risk": ("applicationriskindex",),
        "up": ("uploadbytes",),
        "people": ("users",),
    },
    needed=("name", "category", "tag", "risk", "up"),
    keys=("name",),
    counts=("people",),
    sizes=("up",),
)


def read(file: Opened) -> Iterator[Record]:
    """Yield an application and its use for each row."""
    for row in file.rows(_COLUMNS):
        yield from records(row)


DOWNLOAD = Download(
    name="zscaler-shadow-it",
    title="Zscaler Shadow IT report (CSV)",
    system="zscaler",
    reference="https://help.zscaler.com/zia/about-shadow-it-report",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "shadow_it.csv": (
            b'Administrator,"admin@harbour.example"\n'
            b'Report Created,"Nov 13, 2026 6:26:52 AM UTC"\n'
            b'Vendor,"zscaler.net"\n'
            b"No.,Application,Application Category,Application Status,Application Risk Index,"
            b"Upload Bytes,Download Bytes,Total Bytes,Users,Locations,Notes\n"
            b"1,ChatGPT,AI & ML,Unsanctioned,3,10485760,52428800,62914560,41,3,\n"
        )
    },
    verified_by="the vendor's own client library",
)
