"""Browser extensions: the Chrome admin console's list and any other with ids of 32 letters.

    App name,App ID,App type,Install type,Number of installs
    ChatGPT Sidebar,difoiogjjojoaoomphldepapgpbgkhkb,Chrome extension,normal,41

Reference: https://support.google.com/chrome/a/answer/9902456
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Beginning, Download, Once, Opened
from integrations.downloads.headings import OF_LOGS, OF_MONEY
from integrations.fields import Item
from integrations.tables import find
from scanner.model import App, Identifier, Install, Record

_ID = re.compile(r"[a-p]{32}")
_COLUMNS = Columns(
    names={
        "id": (
            "extensionid", "appid", "appextensionid", "extensionidentifier", "identifier",
            "addonid", "chromeextensionid", "applicationid", "id",
        ),
        "name": ("extensionname", "appname", "extension", "name", "title", "displayname"),
        "version": ("extensionversion", "version", "appversion"),
        "device": ("devicename", "computername", "hostname", "machinename", "device", "computer"),
        "devices": (
            "numberofinstalls", "installs", "installcount", "numberofbrowsers", "browsers",
            "browsercount", "devicecount", "totalinstalls", "totalinstallcount",
            "numberofinstallations", "devices", "users",
        ),
        "person": ("useremail", "email", "user", "username", "profileemail"),
        "publisher": ("publisher", "developer", "author"),
        "seen": ("lastseen", "lastactivity", "lastactive"),
    },
    needed=("id",),
    keys=("id",),
    one_of=(("name", "version", "devices"),),
    never=OF_LOGS - {"hostname"} | OF_MONEY | {"browsertype", "profilepath"},
    times=("seen",),
    counts=("devices",),
)  # fmt: skip


def recognises(beginning: Beginning) -> bool:
    """Whether a column holds ids of extensions; many other things have one called id."""
    found = find(_COLUMNS, beginning.sheets)
    if found is None:
        return False
    place = found.places["id"]
    rows = [cells for cells in found.sheet.first[found.at + 1 :] if len(cells) > place]
    ids = [cells[place].strip() for cells in rows if cells[place].strip()]
    return bool(ids) and sum(1 for one in ids if _ID.fullmatch(one)) * 2 > len(ids)


def read(file: Opened) -> Iterator[Record]:
    """Yield an installation for each row, and each extension once; other ids are counted."""
    once = Once()
    for row in file.rows(_COLUMNS):
        if _ID.fullmatch(row.text("id")):
            yield from once.new((_extension(row),))
            yield _install(row)
        else:
            file.bad["id"] += 1


def _extension(row: Item) -> App:
    key = row.text("id")
    return App(
        key=key,
        name=row.text("name"),
        publisher=row.text("publisher"),
        identifiers=((Identifier.BROWSER_EXT, key),),
        kind="extension",
    )


def _install(row: Item) -> Install:
    return Install(
        app=row.text("id"),
        person=row.text("person"),
        device=row.text("device"),
        devices=row.number("devices"),
        version=row.text("version"),
        seen=row.time("seen"),
    )


DOWNLOAD = Download(
    name="browser-extensions",
    title="Browser extensions, Chrome admin console and others (CSV, XLSX)",
    system="generic",
    reference="https://support.google.com/chrome/a/answer/9902456",
    recognises=recognises,
    read=read,
    samples={
        "chrome_extensions.csv": (
            b"App name,App ID,App type,Install type,Number of installs\n"
            b"ChatGPT Sidebar,difoiogjjojoaoomphldepapgpbgkhkb,Chrome extension,normal,41\n"
        ),
        "extensions.csv": (
            b"Extension ID,Extension Name,Extension version,Device name,User\n"
            b"difoiogjjojoaoomphldepapgpbgkhkb,ChatGPT Sidebar,4.2,LAPTOP-7,ana@harbour.example\n"
        ),
    },
    verified_by="the console's help for what it lists; headings by synonym",
)
