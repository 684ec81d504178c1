"""Microsoft Intune: discovered apps, of all devices (AppInvAggregate) or of each (AppInvByDevice, AppInvRawData).

    ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationVersion,DeviceCount,Platform
    0fe1,ChatGPT,OpenAI,1.2025.330,17,Windows

Reference: https://learn.microsoft.com/mem/intune/fundamentals/reports-export-graph-available-reports
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Once, Opened, table_is
from integrations.downloads.installed_apps import install, software
from scanner.model import Record

_COLUMNS = Columns(
    names={
        "name": ("applicationname",),
        "vendor": ("applicationpublisher",),
        "version": ("applicationversion", "applicationshortversion"),
        "key": ("applicationkey", "applicationid"),
        "devices": ("devicecount",),
        "device": ("devicename", "deviceid"),
        "person": ("emailaddress", "username"),
        "platform": ("platform",),
    },
    needed=("name", "vendor", "version", "platform"),
    keys=("name",),
    one_of=(("devices", "device"), ("key", "device")),
    counts=("devices",),
)


def read(file: Opened) -> Iterator[Record]:
    """Yield an installation for each row, and each application once."""
    once = Once()
    for row in file.rows(_COLUMNS):
        yield from once.new((software(row),))
        yield install(row)


DOWNLOAD = Download(
    name="intune-apps",
    title="Microsoft Intune discovered apps (CSV)",
    system="intune",
    reference="https://learn.microsoft.com/mem/intune/fundamentals/reports-export-graph-available-reports",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "AppInvAggregate.csv": (
            b"ApplicationId,ApplicationKey,ApplicationName,ApplicationPublisher,"
            b"ApplicationShortVersion,ApplicationVersion,DeviceCount,Platform\n"
            b"0000fe1c,0000fe1c,ChatGPT,OpenAI,1.2025.330,1.2025.330,17,Windows\n"
        ),
        "AppInvRawData.csv": (
            b"ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationVersion,DeviceId,"
            b"DeviceName,EmailAddress,OSDescription,OSVersion,Platform,UserId,UserName\n"
            b"0000fe1c,Cursor,Anysphere,2.1.4,d1,LAPTOP-7,ana@harbour.example,Windows,10.0,"
            b"Windows,u1,Ana Baker\n"
        ),
    },
    verified_by="the vendor's documentation",
)
