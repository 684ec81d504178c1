"""Software on devices, of any inventory (Jamf, SCCM, Lansweeper, ...), by synonyms.

    Computer Name,Full Name,Email Address,Application Title,Application Version,Bundle ID
    Mac-07,Ana Baker,ana@harbour.example,ChatGPT,1.2025.330,com.openai.chat

Reference: https://learn.jamf.com/en-US/bundle/jamf-pro-documentation-current/page/Computer_Reports.html
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Once, Opened, table_is
from integrations.downloads.headings import OF_LOGS, OF_MONEY, OF_SIGN_ON
from integrations.fields import Item
from scanner.model import App, Identifier, Install, Record

# An inventory may call computers hosts.
_NEVER = OF_LOGS - {"hostname"} | OF_MONEY | OF_SIGN_ON

_COLUMNS = Columns(
    names={
        "name": (
            "applicationtitle", "applicationname", "application", "softwarename", "software",
            "softwaretitle", "productname", "appname", "programname", "program", "displayname",
            "applicationstitle",
        ),
        "bundle": ("bundleid", "bundleidentifier", "applicationbundleid", "packagename"),
        "version": (
            "applicationversion", "softwareversion", "version", "productversion", "appversion",
            "displayversion", "applicationsversion",
        ),
        "vendor": ("publisher", "vendor", "manufacturer", "softwarepublisher", "softwarevendor",
                   "applicationpublisher", "appvendor"),
        "device": (
            "computername", "devicename", "computer", "device", "machinename", "hostname",
            "assetname", "jsscomputername", "pscomputername",
        ),
        "devices": (
            "devicecount", "installcount", "installs", "installations", "computers", "devices",
            "numberofdevices", "numberofinstallations", "installeddevices", "installeddevicecount",
        ),
        "person": ("emailaddress", "useremail", "email", "username", "user", "lastuser",
                   "primaryuser", "fullname", "lastusedusername"),
        "seen": ("lastcheckin", "lastinventoryupdate", "lastseen", "lastcontact", "lastscan",
                 "lastusedtimestamp"),
    },
    needed=("name", "version"),
    keys=("name", "bundle"),
    one_of=(("device", "devices"),),
    never=_NEVER | {"extensionid", "pid", "amount", "applicationkey", "url", "message", "severity", "level", "event", "date", "time"},
    times=("seen",),
    counts=("devices",),
)  # fmt: skip


def read(file: Opened) -> Iterator[Record]:
    """Yield an installation for each row, and each application once."""
    once = Once()
    for row in file.rows(_COLUMNS):
        yield from once.new((software(row),))
        yield install(row)


def software(row: Item) -> App:
    """Return the application of a row; versions of one are one."""
    bundle = row.text("bundle")
    return App(
        key=_key(row),
        name=row.text("name"),
        publisher=row.text("vendor"),
        identifiers=((Identifier.BUNDLE, bundle),) if bundle else (),
        kind="software",
        is_named_by_catalogue=bool(row.text("vendor")),
    )


def install(row: Item) -> Install:
    """Return the installation of a row: on one device, or on how many."""
    return Install(
        app=_key(row),
        person=row.text("person"),
        device=row.text("device"),
        devices=row.number("devices"),
        version=row.text("version"),
        seen=row.time("seen"),
    )


def _key(row: Item) -> str:
    name = row.text("name")
    return row.text("bundle") or f"{folded(name) or name}|{folded(row.text('vendor'))}".strip("|")


DOWNLOAD = Download(
    name="installed-apps",
    title="Software inventories, Jamf and others (CSV, XLSX)",
    system="generic",
    reference="https://learn.jamf.com/en-US/bundle/jamf-pro-documentation-current/page/Computer_Reports.html",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "jamf_applications.csv": (
            b"Computer Name,Full Name,Email Address,Application Title,Application Version,Bundle ID\n"
            b"Mac-07,Ana Baker,ana@harbour.example,ChatGPT,1.2025.330,com.openai.chat\n"
        ),
        "software.csv": (
            b"Software;Publisher;Version;Installations\n"
            b"Ollama;Ollama Inc.;0.5.1;3\n"
            b"Visual Studio Code;Microsoft;1.106;1.204\n"
        ),
    },
    verified_by="nobody: headings by synonym",
)
