"""Cloud applications that a CASB or a manager of subscriptions discovered, by synonyms.

    App,Category,Score,Traffic,Upload,Transactions,Users,IP addresses,Last seen
    ChatGPT,Generative AI,6,1.2 GB,350 MB,1200,41,17,2026-11-19

Defender for Cloud Apps, Netskope, Umbrella, Torii and others. Sums of applications, not events: a table with a client or a destination in a row is a log.
Reference: https://learn.microsoft.com/defender-cloud-apps/discovered-apps
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Opened, table_is
from integrations.downloads.headings import OF_LOGS, OF_MONEY
from integrations.fields import Item
from scanner.model import Activity, App, Record

_COLUMNS = Columns(
    names={
        "name": (
            "app", "appname", "application", "applicationname", "cloudapp", "cloudapplication",
            "discoveredapp", "discoveredapplication", "name", "service", "servicename",
            "anwendung", "cloudanwendung", "aplicacion", "nomdelapplication",
        ),
        "category": ("category", "appcategory", "applicationcategory", "cloudappcategory",
                     "servicecategory", "kategorie", "categorie", "categoria"),
        "risk": (
            "score", "riskscore", "risklevel", "risk", "ccl", "cci", "cloudconfidencelevel",
            "cloudconfidenceindex", "riskindex", "trustscore", "cloudregistryscore", "weightedrisk", "bewertung",
            "risikobewertung", "risiko",
        ),
        "tag": ("tag", "tags", "apptag", "sanctioned", "status", "sanctionedstate", "appstatus",
                "sanctionedstatus", "sanctionstatus", "label", "servicegroup", "markierungen", "state"),
        "people": (
            "users", "usercount", "numberofusers", "totalusers", "ofusers", "uniqueusers",
            "activeusers", "accounts", "identities", "benutzer", "utilisateurs", "usuarios",
        ),
        "events": ("transactions", "transactioncount", "totaltransactions", "sessions", "events",
                   "dnsrequests", "accesscount", "ofsessions", "transaktionen"),
        "up": (
            "upload", "uploads", "uploadedbytes", "uploadbytes", "bytesuploaded", "uploadtraffic",
            "trafficuploaded", "uploadeddata", "uploadbytesb", "totaluploads", "uploaddata", "outboundtraffic",
        ),
        "traffic": (
            "traffic", "totaltraffic", "totalbytes", "bytes", "trafficbytes", "datavolume", "trafficvolume", "datenverkehr",
        ),
        "when": ("lastseen", "lastseendate", "lastseenutc", "lastactivity", "lastused",
                 "lastaccess", "lastdetected", "zuletztgesehen"),
        "domains": ("domains", "domain", "appdomain", "appdomains", "url", "appurl", "website"),
        "vendor": ("vendor", "publisher"),
    },
    needed=("name",),
    keys=("name",),
    one_of=(("people", "events"), ("risk", "domains"), ("category", "tag"), ("traffic", "up", "when", "domains")),
    never=OF_LOGS | OF_MONEY | {"user", "username", "activity", "date", "time", "sourceuser", "action"},
    times=("when",),
    counts=("people", "events"),
    sizes=("up", "traffic"),
)  # fmt: skip
_BETWEEN = re.compile(r"[\s,;|]+")


def read(file: Opened) -> Iterator[Record]:
    """Yield an application and its use for each row."""
    for row in file.rows(_COLUMNS):
        yield from records(row)


def records(row: Item) -> Iterator[Record]:
    """Yield what one row says: the application, and its use with the tags it was given."""
    name = row.text("name")
    key = folded(name) or name
    places = [one for one in _BETWEEN.split(row.text("domains")) if "." in one]
    yield App(
        key=key,
        name=name,
        publisher=row.text("vendor"),
        domains=tuple(one for one in places if "://" not in one),
        urls=tuple(one for one in places if "://" in one),
        kind=row.text("category"),
        is_named_by_catalogue=True,
    )
    yield Activity(
        app=key,
        when=row.time("when"),
        events=row.number("events") or 1,
        people=row.number("people"),
        bytes_up=row.number("up"),
        detail=row.text("tag"),
    )


DOWNLOAD = Download(
    name="discovered-apps",
    title="Cloud applications discovered by a CASB (CSV, XLSX)",
    system="generic",
    reference="https://learn.microsoft.com/defender-cloud-apps/discovered-apps",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "defender_discovered_apps.csv": (
            b"App,Category,Score,Tags,Traffic,Upload,Transactions,Users,IP addresses,Last seen\n"
            b'ChatGPT,Generative AI,6,Unsanctioned,1.2 GB,350 MB,"1,200",41,17,"Nov 19, 2026"\n'
        ),
        "netskope_applications.csv": (
            b"Application,Category,CCL,CCI,Users,Sessions,Bytes Uploaded,Total Bytes\n"
            b"DeepSeek,Generative AI,Poor,31,4,17,120034,2200345\n"
        ),
    },
    verified_by="nobody: columns as recalled",
)
