"""Near misses: what looks like a download and is a log, or some other list."""

from pathlib import Path

import pytest

from integrations.downloads import Download, Opened
from integrations.downloads import recognition as recognising
from integrations.downloads.recognition import download_of

_NEAR_MISSES = {
    "a firewall's traffic": (
        b"Receive Time,Source address,Destination address,Application,Category,Risk of app,Users\n"
        b"2026/11/20 08:01:02,10.0.0.7,1.2.3.4,openai-base,artificial-intelligence,3,1\n"
    ),
    "events by application": (
        b"Date,User,Application,Category,Risk,Users,Total Bytes\n"
        b"2026-11-20,ana,ChatGPT,AI,3,1,512\n"
    ),
    "events with a time": (
        b"timestamp,app,category,score,users,traffic,upload\n"
        b"2026-11-20T08:00:00Z,ChatGPT,AI,3,1,512,12\n"
    ),
    "sessions by protocol": (
        b"Date,Application,Protocol,Status,Sessions\n2026-11-20,ssl,tcp,allow,4\n"
    ),
    "a proxy's requests": (
        b"timestamp,client_ip,user,domain,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed\n"
    ),
    "an application's own log": (
        b"timestamp,hostname,application,version,level,message\n"
        b"2026-11-20T08:01:02Z,web-1,shop,1.2,INFO,started\n"
    ),
    "a list of projects": b"Name,Owner,Status\nNew website,Ana,open\n",
    "a list of servers": b"System,Owner,Department\nweb-1,Ana,IT\n",
    "a list of people": b"Name,Email,Department\nAna,ana@harbour.example,Sales\n",
    "a list of sales": b"Date,Customer,Amount\n2026-11-20,Harbour,20.00\n",
    "users of something": b"id,displayName,mail,createdDateTime\n1,Ana,ana@harbour.example,2026-01-01\n",
    "ids that are no extensions": b"App name,App ID,Version\nSlack,com.slack,4.1\nZoom,us.zoom,6.0\n",
    "words in a program": b"from model import App, Entry, Record\nnames = (App, Entry)\n",
    "a list in a program": b'names = [\n    "application", "vendor", "owner", "status",\n]\n',
    "a line of prose": b"Name the application, vendor, owner, status, and so on.\n\nThen go on.\n",
    "an answer of another API": b'{"kind": "storage#objects", "items": [{"name": "a"}]}\n',
    "another resource of Graph": (
        b'{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(\'x\')/messages",'
        b' "value": [{"id": "1"}]}\n'
    ),
    "a context of somebody else": (
        b'{"@odata.context": "https://graph.example/v1.0/$metadata#users", "value": [{"id": "1"}]}\n'
    ),
    "a context inside another answer": (
        b'{"response": {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users",'
        b' "value": []}}\n'
    ),
    "events of processes": (
        b'[{"pid":"7","name":"x","path":"/x","cmdline":"x","parent":"1","time":"1763539200"}]\n'
    ),
    "numbers": b"1,2,3\n4,5,6\n",
    "the words of a document": b"Application;Vendor;Owner;Status\nwhat follows is prose\nand more\n",
}


@pytest.mark.parametrize("what", sorted(_NEAR_MISSES))
def test_a_near_miss_is_no_download(what: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(_NEAR_MISSES[what])
    found = download_of(path)
    assert found is None, found.name


_HEADINGS = {
    "Application,Vendor,Owner,Department,Status,URL": "register",
    "Name,Supplier,Business Owner,Status,Users,License": "register",
    "KI-System;Anbieter;Fachbereich;Freigabestatus": "register",
    "Outil;Éditeur;Responsable;Statut;Site web": "register",
    "Herramienta;Proveedor;Área;Estado": "register",
    "Merchant Name,Cardholder,Amount,Transaction Date,Memo": "expenses",
    "Employee,Expense Date,Vendor,Expense Amount,Currency,Cost Center": "expenses",
    "Date,Libellé,Montant": "expenses",
    "Fecha;Concepto;Importe;Saldo": "expenses",
    "Buchungstag;Verwendungszweck;Betrag;Währung": "expenses",
    "Transaction date,Post date,Description,Billing amount": "expenses",
    "Application,Entity ID,Redirect URIs,Status": "sso-apps",
    "Client ID,Name,Redirect URIs,Owner": "sso-apps",
    "Cloud app,Category,Risk score,Users,Upload,Last seen": "discovered-apps",
    "Device name,Software name,Publisher,Version": "installed-apps",
    "App Label,User Login,Assignment Status,Assigned": "sso-assignments",
    "Application Name,Okta Username,App Username": "sso-assignments",
    "ApplicationName,ApplicationPublisher,ApplicationVersion,ApplicationKey,DeviceCount,Platform": "intune-apps",
    "name,version,install_location,publisher,hostname": "osquery",
    "pid,name,path,cmdline,parent": "osquery",
    "App,Kategorie,Bewertung,Datenverkehr,Benutzer,Zuletzt gesehen": "discovered-apps",
    "Name,Category,Weighted Risk,Vendor,Label,Identities,DNS Requests,Last Detected": "discovered-apps",
    "Service Name,Service Category,Risk,Users,Access Count,Upload Data (MB)": "discovered-apps",
    "Name,State,Category,URL,Users,Active Users,Vendor": "discovered-apps",
    "App,Domain,Accounts,Sanctioned": "discovered-apps",
    "PSComputerName,DisplayName,DisplayVersion,Publisher": "installed-apps",
    "App Name,App Vendor,App Version,Hostname,Last Used User Name": "installed-apps",
    "Details_Table0_ComputerName,Details_Table0_ProductName,Details_Table0_Version": "installed-apps",
    "Nr.;Anwendung;Hersteller / Anbieter;Fachlich Verantwortlich;Abteilung": "register",
    "AI System Name,AI Provider,Business Owner,Business Unit,Approval Status": "register",
    "Vendor Name,Product / Service,Contract Owner,Department,Status": "register",
    "First Name [Required],Email Address [Required],Org Unit Path [Required],Manager Email": "directory",
    "DisplayName,AppId,Id,AccountEnabled": "entra-enterprise-apps",
    "ID,Name,Connector,Auth Method,Users,Created At": "sso-apps",
}  # fmt: skip


@pytest.mark.parametrize("heading", sorted(_HEADINGS))
def test_other_headings_are_understood_too(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    mark = ";" if ";" in heading else ","
    path.write_text(f"{heading}\n{mark.join('x' for _ in heading.split(mark))}\n")
    found = download_of(path)
    assert found is not None
    assert found.name == _HEADINGS[heading]


def _kind(name: str, system: str) -> Download:
    def read(file: Opened) -> None:  # pragma: no cover - it is never read
        raise AssertionError

    return Download(name, name, system, "https://x", lambda _: True, read, {}, "a test")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([_kind("a", "okta"), _kind("b", "generic")], "a"),
        ([_kind("a", "generic"), _kind("b", "generic")], None),
        ([_kind("a", "okta"), _kind("b", "entra"), _kind("c", "generic")], None),
    ],
)
def test_a_vendors_own_comes_first_and_two_of_a_kind_are_none(
    kinds: list[Download], expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setattr(recognising, "values", lambda _: kinds)
    found = download_of(tmp_path / "file")
    assert (found.name if found else None) == expected


def test_no_more_than_a_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"x,y\n" * 40_000 + b"Application,Vendor,Owner,Status\na,b,c,d\n")
    assert download_of(path) is None
