"""Layouts of extended log files that come without their ``#Fields``, as they do by syslog.

They are those of a ProxySG as it leaves the factory: ``main``, and ``bcreportermain`` of old and
new versions.
Reference: https://techdocs.broadcom.com/us/en/symantec-security-software/web-and-network-security/edge-swg.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGUN = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d+ [0-9a-fA-F.:]+ ")
_SERVED = re.compile(rb"TCP_[A-Z_]+|UDP_[A-Z_]+|FAILED|DENIED|ALLOWED")
_STATUS = re.compile(rb"\d{3}|0|-")
_REPORTER = (
    "date time time-taken c-ip cs-username cs-auth-group {}x-exception-id sc-filter-result "
    "cs-categories cs(referer) sc-status s-action cs-method rs(content-type) cs-uri-scheme cs-host "
    "cs-uri-port cs-uri-path cs-uri-query cs-uri-extension cs(user-agent) s-ip sc-bytes cs-bytes "
    "x-virus-id{}"
)
_MAIN = (
    "date time time-taken c-ip sc-status s-action sc-bytes cs-bytes cs-method cs-uri-scheme "
    "cs-host cs-uri-port cs-uri-path cs-uri-query cs-username cs-auth-group s-hierarchy "
    "s-supplier-name rs(content-type) {}cs(user-agent) sc-filter-result cs-categories x-virus-id s-ip"
)
_SUPPLIER = "s-supplier-name s-supplier-ip s-supplier-country s-supplier-failures "
_APPLICATION = " x-bluecoat-application-name x-bluecoat-application-operation"
_LAYOUTS = [
    layout.split()
    for layout in (
        *(_REPORTER.format(a, b) for a in ("", _SUPPLIER) for b in ("", _APPLICATION)),
        _MAIN.format(""),
        _MAIN.format("cs(referer) "),
    )
]


def layout_of(line: bytes, cells: Sequence[bytes]) -> list[str] | None:
    """Return the names of a line's columns; None if it is in none of the layouts."""
    if not _BEGUN.match(line):
        return None
    for names in _LAYOUTS:
        if len(names) != len(cells):
            continue
        row = dict(zip(names, cells, strict=True))
        if _STATUS.fullmatch(row["sc-status"]) and _SERVED.fullmatch(row["s-action"]):
            return names
    return None
