"""The organisation's own register of applications, as a table; in English, German, French or Spanish.

    Application;Vendor;Owner;Department;Status;Website
    ChatGPT Enterprise;OpenAI;Ana Baker;Sales;approved;https://chatgpt.com

Reference: https://www.iso.org/standard/81230.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from integrations.columns import Columns, folded
from integrations.downloads import Download, Opened, table_is
from integrations.downloads.headings import OF_LOGS, OF_MONEY, OF_SIGN_ON
from integrations.fields import Item
from scanner.model import App, Entry, Record

NAMES = (
    "application", "applicationname", "appname", "app", "software", "softwarename", "tool",
    "toolname", "aisystem", "aisystemname", "aitool", "aiservice", "saas", "saasapplication", "anwendung",
    "anwendungsname", "applikation", "programm", "werkzeug", "kisystem", "kitool", "logiciel",
    "outil", "nomdelapplication", "nomapplication", "systemedia", "systemeia", "aplicacion",
    "nombredelaaplicacion", "herramienta", "sistemadeia", "sistemaia", "programa",
)  # fmt: skip
# What other lists have names of too: they are a register's only beside a vendor.
ANY_NAMES = (
    "name", "system", "systemname", "systemused", "assetname", "solution", "product", "productname", "service", "servicename",
    "nom", "produit", "nombre", "producto", "sistema", "bezeichnung", "produkt", "verfahren",
)  # fmt: skip
COLUMNS = Columns(
    names={
        "name": NAMES,
        "vendor": (
            "vendor", "vendorname", "supplier", "provider", "aiprovider", "manufacturer", "publisher",
            "processor",
            "anbieter", "hersteller", "lieferant", "fournisseur", "editeur", "proveedor",
            "fabricante",
        ),
        "owner": (
            "owner", "businessowner", "systemowner", "applicationowner", "appowner",
            "productowner", "contractowner", "assignedto", "responsible", "responsibleperson", "contact", "accountable",
            "verantwortlich", "verantwortlicher", "verantwortliche", "verantwortlicheperson",
            "eigentumer", "ansprechpartner", "fachverantwortlicher", "fachlichverantwortlich",
            "fachverantwortung", "responsable", "responsablemetier",
            "proprietaire", "propietario", "dueno",
        ),
        "unit": (
            "department", "businessunit", "unit", "team", "division", "organisation",
            "abteilung", "bereich", "fachbereich", "organisationseinheit", "service", "direction",
            "departement", "departamento", "unidad", "area",
        ),
        "status": (
            "status", "state", "approval", "approvalstatus", "approved", "decision", "lifecycle",
            "lifecyclestatus", "freigabe", "freigabestatus", "genehmigung", "zustand", "statut",
            "etat", "estado", "situacion",
        ),
        "url": (
            "url", "website", "homepage", "link", "webseite", "webadresse", "internetadresse",
            "siteweb", "lien", "adresseweb", "sitioweb", "paginaweb", "enlace", "web",
        ),
        "since": (
            "since", "introduced", "golive", "golivedate", "approvedon", "approvaldate",
            "registeredon", "created", "seit", "eingefuhrtam", "einfuhrungsdatum", "einfuhrung", "genehmigtam", "depuis",
            "datedemiseenservice", "desde", "fechadealta",
        ),
        "about": ("description", "purpose", "beschreibung", "zweck", "finalite", "objet",
                  "descripcion", "finalidad", "proposito"),
    },
    needed=("name",),
    keys=("name",),
    one_of=(("owner", "vendor"), ("status", "unit", "url", "since", "owner"),
            ("status", "unit", "vendor")),
    never=OF_LOGS
    | OF_MONEY
    | OF_SIGN_ON
    | {
        "version", "traffic", "extensionid", "devicecount", "computername", "pid", "score",
        "appid", "applicationversion", "assignedusers", "level", "severity", "message",
    },
    times=("since",),
)  # fmt: skip


_WITH_VENDORS = replace(
    COLUMNS,
    names={**COLUMNS.names, "name": ANY_NAMES},
    needed=("name", "vendor"),
    one_of=(("owner", "unit"), ("status", "url", "since", "unit")),
    never=COLUMNS.never | frozenset(NAMES),
)
_ALL = (COLUMNS, _WITH_VENDORS)


def read(file: Opened) -> Iterator[Record]:
    """Yield an application and its entry for each row."""
    for row in file.rows(*_ALL):
        yield from records(row)


def records(row: Item) -> Iterator[Record]:
    """Yield what one row says."""
    name = row.text("name")
    key = folded(name) or name
    url = row.text("url")
    yield App(
        key=key,
        name=name,
        publisher=row.text("vendor"),
        urls=(url,) if "." in url else (),
        description=row.text("about"),
        is_named_by_catalogue=True,
    )
    yield Entry(
        app=key,
        owner=row.text("owner"),
        unit=row.text("unit"),
        status=row.text("status"),
        since=row.time("since"),
    )


DOWNLOAD = Download(
    name="register",
    title="The organisation's own register of applications (CSV, XLSX)",
    system="generic",
    reference="https://www.iso.org/standard/81230.html",
    recognises=table_is(*_ALL),
    read=read,
    samples={
        "applications.csv": (
            b"Application,Vendor,Owner,Department,Status,Website\n"
            b"ChatGPT Enterprise,OpenAI,Ana Baker,Sales,approved,https://chatgpt.com\n"
        ),
        "anwendungen.csv": (
            b"Anwendungsregister Harbour & Pine;;;;\r\n"
            b"Stand: 01.11.2026;;;;\r\n"
            b"Anwendung;Hersteller;Verantwortlicher;Fachbereich;Status\r\n"
            b"DeepL;DeepL SE;Jan M\xfcller;Vertrieb;freigegeben\r\n"
        ),
        "logiciels.csv": (
            "Logiciel;Fournisseur;Propriétaire;Département;Statut\n"
            "Le Chat;Mistral AI;Zoé Martin;Juridique;approuvé\n"
        ).encode(),
        "aplicaciones.csv": (
            "Aplicación\tProveedor\tResponsable\tDepartamento\tEstado\n"
            "Claude\tAnthropic\tLuis Gómez\tVentas\taprobado\n"
        ).encode("utf-16"),
    },
    verified_by="nobody: every organisation has its own",
)
