"""A directory of people, as a table: their units, their managers, and who has left.

    Name,E-mail,Department,Manager,Active
    Ana Baker,ana.baker@harbour.example,Sales,Ben Carter,yes

A manager is an e-mail address or a name of the same table. Nobody is stored by name but who leads a
unit, whom the inventory proposes as an owner.

Reference: https://learn.microsoft.com/en-us/entra/identity/users/users-bulk-download
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Opened, table_is
from integrations.downloads.headings import OF_LOGS, OF_MONEY, OF_SIGN_ON
from integrations.fields import Item
from scanner.model import Person, Record

_COLUMNS = Columns(
    names={
        "email": (
            "email", "emailaddress", "mail", "workemail", "primaryemail", "userprincipalname",
            "upn", "emailadresse", "mailadresse", "adresseemail", "courriel", "adressemail",
            "correo", "correoelectronico", "direcciondecorreo",
        ),
        "name": (
            "name", "displayname", "fullname", "employeename", "employee", "person", "vollname",
            "mitarbeiter", "mitarbeiterin", "nom", "nomcomplet", "collaborateur", "nombre",
            "nombrecompleto", "empleado",
        ),
        "unit": (
            "department", "departmentname", "unit", "businessunit", "team", "division",
            "orgunitpath", "costcenter", "abteilung", "bereich", "fachbereich",
            "organisationseinheit", "departement", "service", "direction", "departamento",
            "unidad", "area",
        ),
        "manager": (
            "manager", "managername", "manageremail", "managerupn", "reportsto", "supervisor",
            "linemanager", "vorgesetzter", "vorgesetzte", "fuhrungskraft", "responsable",
            "superieur", "superieurhierarchique", "jefe", "jefa", "supervisora", "gerente",
        ),
        "active": (
            "active", "isactive", "accountenabled", "enabled", "employmentstatus",
            "employeestatus", "userstatus", "status", "state", "aktiv", "beschaftigt", "actif",
            "statut", "activo", "estado",
        ),
    },
    needed=("email",),
    keys=("email",),
    one_of=(("unit", "manager"), ("manager", "active")),
    never=OF_LOGS
    | OF_MONEY
    | OF_SIGN_ON
    | {
        "application", "applicationname", "appname", "app", "software", "tool", "vendor",
        "supplier", "extensionid", "deviceid", "devicename", "serialnumber", "resource", "scope",
        "plan", "product", "licence", "license", "group", "groupname", "role", "appid", "url",
    },
)  # fmt: skip
_YES = frozenset(
    {"true", "yes", "y", "1", "active", "enabled", "employed", "current", "ja", "aktiv", "wahr",
     "oui", "actif", "vrai", "si", "activo", "activa", "verdadero"}
)  # fmt: skip
_NO = frozenset(
    {"false", "no", "n", "0", "inactive", "disabled", "terminated", "left", "leaver", "suspended",
     "archived", "former", "deprovisioned", "nein", "inaktiv", "ausgeschieden", "falsch", "non",
     "inactif", "faux", "parti", "inactivo", "inactiva", "baja", "falso"}
)  # fmt: skip


def read(file: Opened) -> Iterator[Record]:
    """Yield a person for each row; a state that is neither yes nor no is counted."""
    for row in file.rows(_COLUMNS):
        email = row.text("email")
        if "@" not in email:
            row.bad["email"] += 1
            continue
        manager = row.text("manager")
        yield Person(
            email.casefold(),
            login=email,
            unit=row.text("unit"),
            manager=manager.casefold() if "@" in manager else manager,
            is_active=_is_active(row),
            name=row.text("name"),
        )


def _is_active(row: Item) -> bool | None:
    said = folded(row.text("active"))
    if said and said not in _YES and said not in _NO:
        row.bad["active"] += 1
        return None
    return said in _YES if said else None


DOWNLOAD = Download(
    name="directory",
    title="A directory of people with units and managers (CSV, XLSX)",
    system="generic",
    reference="https://learn.microsoft.com/en-us/entra/identity/users/users-bulk-download",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "people.csv": (
            b"Name,E-mail,Department,Manager,Active\n"
            b"Ana Baker,ana.baker@harbour.example,Sales,Ben Carter,yes\n"
            b"Ben Carter,ben.carter@harbour.example,Sales,,yes\n"
            b"Cem Aydin,cem.aydin@harbour.example,Sales,ben.carter@harbour.example,no\n"
        ),
        "mitarbeiter.csv": (
            "Mitarbeiter;E-Mail-Adresse;Abteilung;Vorgesetzter;Aktiv\r\n"
            "Jörg Weiß;joerg.weiss@harbour.example;Vertrieb;Zoé Martin;ja\r\n"
        ).encode("cp1252"),
        "annuaire.csv": (
            "Nom complet;Courriel;Département;Supérieur hiérarchique;Statut\n"
            "Zoé Martin;zoe.martin@harbour.example;Juridique;Luis Gómez;parti\n"
        ).encode(),
        "directorio.csv": (
            "Nombre\tCorreo electrónico\tDepartamento\tJefe\tActivo\n"
            "Luis Gómez\tluis.gomez@harbour.example\tVentas\t\tsí\n"
        ).encode("utf-16"),
    },
    verified_by="nobody: every organisation has its own",
)
