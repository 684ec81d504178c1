"""Jamf Pro: computers with their applications, as its API answers and people save it.

    {"totalCount": 1, "results": [{"id": "7", "udid": "...", "general": {...}, "applications": [...]}]}
    {"computer": {"general": {...}, "location": {...}, "software": {"applications": [...]}}}

The second is one computer of the classic API, which names its fields another way.
Reference: https://developer.jamf.com/jamf-pro/reference/get_v1-computers-inventory
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.downloads import Beginning, Download, Once, Opened
from integrations.fields import Item
from scanner.model import App, Identifier, Install, Record

_SHAPE = re.compile(r'\s*\{(?:\s*"totalCount"\s*:\s*\d+\s*,)?\s*"results"\s*:\s*\[\s*\{')
_CLASSIC = re.compile(r'\s*\{\s*"computer"\s*:\s*\{\s*"general"\s*:\s*\{')
_PARTS = ('"udid"', '"applications"', '"general"')


def recognises(beginning: Beginning) -> bool:
    """Whether it is a list of computers; which parts of them were asked for shows early."""
    text = beginning.text
    if _CLASSIC.match(text):
        return True
    return bool(_SHAPE.match(text)) and '"udid"' in text and any(one in text for one in _PARTS[1:])


def read(file: Opened) -> Iterator[Record]:
    """Yield the installations of each computer, and each application once."""
    once = Once()
    for _, value in file.values():
        for one in records(Item(value, file.bad)):
            yield from once.new((one,)) if isinstance(one, App) else (one,)


def records(item: Item) -> Iterator[Record]:
    """Yield the applications of one computer."""
    if item.has("computer"):
        item = item.at("computer")
    general = item.at("general")
    owner = item.at("location" if item.has("location") else "userAndLocation")
    listed = item.at("software") if item.has("software") else item
    device = general.text("name") or item.text("udid")
    seen = general.time("reportDate") or general.time("lastContactTime")
    seen = seen or general.time("report_date_utc")
    for app in listed.items("applications"):
        bundle = app.text("bundleId") or app.text("bundle_id")
        name = app.text("name").removesuffix(".app")
        if not (bundle or name):
            continue
        identifiers = ((Identifier.BUNDLE, bundle),) if bundle else ()
        yield App(key=bundle or name, name=name, identifiers=identifiers, kind="software")
        yield Install(
            app=bundle or name,
            person=owner.text("email") or owner.text("email_address") or owner.text("username"),
            device=device,
            version=app.text("version"),
            seen=seen,
        )


DOWNLOAD = Download(
    name="jamf-computers",
    title="Jamf Pro computers (JSON)",
    system="jamf",
    reference="https://developer.jamf.com/jamf-pro/reference/get_v1-computers-inventory",
    recognises=recognises,
    read=read,
    samples={
        "computers-inventory.json": (
            b'{"totalCount": 1, "results": [{"id": "7", "udid": "0f-1", "general": {"name": "Mac-07",'
            b' "reportDate": "2026-11-16T16:00:00Z"}, "userAndLocation": {"username": "ana",'
            b' "email": "ana@harbour.example"}, "applications": [{"name": "ChatGPT.app",'
            b' "path": "/Applications/ChatGPT.app", "version": "1.2025.330",'
            b' "bundleId": "com.openai.chat"}]}]}\n'
        )
    },
    verified_by="sample data of another tool, for computers; applications as the API documents them",
)
