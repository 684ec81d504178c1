"""Registers that organisations keep: plain spreadsheets, and what governance tools export.

A sheet is told by its headings. Where a tool keeps suppliers and systems in sheets of their own, as
CISO Assistant does, a system's supplier is looked up by its reference. A register may be read as
often as need be; memory does not grow with a CSV.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from integrations.columns import Columns, folded
from integrations.downloads import Beginning
from integrations.downloads.register import ANY_NAMES, COLUMNS, NAMES
from integrations.tables import Found, Sheet, find
from integrations.workbooks import is_workbook
from scanner.errors import SourceError, UsageError
from scanner.model.register import About, RegisterRow

_LONGEST = 400  # characters of a cell that are looked at
_MOST_KEYS = 50  # addresses and the like of one row
_PARTED = re.compile(r"[\s,;|\[\]\"']+")
_OURS = re.compile(r"ais-[0-9a-f]{12}")
_SUPPLIERS = (
    "vendorname", "suppliername", "thirdparty", "thirdpartyname", "vendor", "supplier",
    "lieferant", "anbieter", "fournisseur", "proveedor",
)  # fmt: skip
_MORE: Mapping[str, tuple[str, ...]] = {
    "name": ("displayname", "solutionname", "assetname", "modelname", "usecasename", "ciname",
             "configurationitem", "title", "titel", "titre", "titulo"),
    "vendor": ("vendorid", "manufacturerid", "maker", "modelprovider", "thirdparty", "company"),
    "owner": ("ownedby", "managedby", "ownerid", "ownername", "assignedto", "assignee",
              "governanceowner", "vendormanager", "applicationowner", "applicationownerid",
              "contactemail", "besitzer"),
    "status": ("installstatus", "operationalstatus", "lifecyclestage", "reviewstatus",
               "developmentstage"),
    "url": ("referencelink", "websiteurl", "appurl", "domains", "domainname", "host", "hosts",
            "endpoint", "domaene", "domane", "domaine", "dominio"),
    "domain": ("domain",),
    "client": ("clientid", "applicationid", "appid", "azureappid", "oauthclientid",
               "enterpriseappid"),
    "purl": ("purl", "packageurl", "package", "paket", "paquet", "paquete"),
    "repository": ("repository", "repo", "repositoryurl", "codeurl", "sourcecode",
                   "codequelle", "depot", "repositorio"),
    "ref": ("refid", "id", "sysid", "number", "systemid", "assetid"),
    "provider_ref": ("providerentityrefid",),
    "model": ("model", "aimodel", "modell", "modele", "modelo"),
}  # fmt: skip
_BASE = {name: COLUMNS.names[name] for name in ("vendor", "owner", "status", "url")}
_SYSTEMS = Columns(
    names={
        "name": (*NAMES, *_MORE["name"], *ANY_NAMES),
        **{name: (*_BASE.get(name, ()), *_MORE[name]) for name in _MORE if name != "name"},
    },
    needed=("name",),
    keys=("name",),
)
_MODELS = Columns(
    names={
        **{key: value for key, value in _SYSTEMS.names.items() if key not in ("name", "model")},
        "name": _MORE["model"],
    },
    needed=("name", "vendor"),
    keys=("name",),
)
_VENDORS = Columns(
    names={**_SYSTEMS.names, "name": _SUPPLIERS, "vendor": ()},
    needed=("name",),
    keys=("name",),
)
# What some tools' own headings are called; suppliers are listed by those that say so.
_SHAPES: tuple[tuple[str, About, frozenset[str]], ...] = (
    ("CISO Assistant solutions", About.SYSTEM, frozenset({"name", "providerentityrefid"})),
    ("CISO Assistant entities", About.SUPPLIER, frozenset({"refid", "name", "mission"})),
    ("CISO Assistant entities", About.SUPPLIER, frozenset({"refid", "name", "parententityrefid"})),
    ("CISO Assistant assets", About.SYSTEM, frozenset({"name", "filteringlabels"})),
    ("CISO Assistant assets", About.SYSTEM, frozenset({"name", "assetclass"})),
    ("Probo AI systems", About.SYSTEM, frozenset({"name", "companyroles"})),
    ("Probo AI systems", About.SYSTEM, frozenset({"name", "intendedusecases"})),
    ("Probo third parties", About.SUPPLIER, frozenset({"name", "subprocessorslisturl"})),
    ("Probo third parties", About.SUPPLIER, frozenset({"name", "legalname"})),
    ("VerifyWise models", About.SYSTEM, frozenset({"provider", "model", "capabilities"})),
    ("VerifyWise vendors", About.SUPPLIER, frozenset({"vendorname", "vendorprovides"})),
    ("VerifyWise tools", About.SYSTEM, frozenset({"name", "vendor", "trainsondata"})),
    ("Comp AI vendors", About.SUPPLIER, frozenset({"name", "issubprocessor"})),
    ("Comp AI vendors", About.SUPPLIER, frozenset({"name", "inherentprobability"})),
    ("OpenGRC applications", About.SYSTEM, frozenset({"name", "vendorid"})),
    ("OpenGRC vendors", About.SUPPLIER, frozenset({"name", "vendormanagerid"})),
    ("OpenGRC vendors", About.SUPPLIER, frozenset({"name", "contactname", "risklevel"})),
    ("ServiceNow", About.SYSTEM, frozenset({"name", "installstatus"})),
    ("ServiceNow", About.SYSTEM, frozenset({"name", "operationalstatus"})),
)


class _Part(NamedTuple):
    """A sheet that holds a register, and what it is."""

    label: str
    shape: str
    about: About
    found: Found


class Register:
    """A register of AI, opened. ``bad`` counts what was not understood in the last reading."""

    def __init__(self, path: Path) -> None:
        """Raises SourceError for a file that is no register, UsageError for one that is not there."""
        self.path = path
        self.bad: Counter[str] = Counter()
        try:
            beginning = Beginning(path)
            sheets = beginning.sheets
            is_book = is_workbook(path, beginning.head)
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
        self._parts = _parts(sheets) if is_book else _parts_of_text(sheets)
        if not self._parts:
            raise SourceError(
                f"{path}: no heading names AI systems or suppliers; it needs a column such as "
                "Application, Name or Vendor"
            )
        self._providers = self._references()

    @property
    def shapes(self) -> list[str]:
        """What its sheets look like, such as "CISO Assistant solutions"."""
        return list(dict.fromkeys(one.shape for one in self._parts))

    def __iter__(self) -> Iterator[RegisterRow]:
        """Yield its rows, sheet by sheet; empty ones are left out, torn ones counted."""
        self.bad.clear()
        for part in self._parts:
            yield from self._rows(part)

    def _rows(self, part: _Part) -> Iterator[RegisterRow]:
        for number, values in _values(part.found, self.bad):
            if row := _row(part, number, values, self._providers):
                yield row
            else:
                self.bad["rows without a name"] += 1

    def _references(self) -> dict[str, str]:
        """Return the names of suppliers by the reference that other sheets know them by."""
        if not any("provider_ref" in one.found.places for one in self._parts):
            return {}
        return {
            values["ref"]: values["name"]
            for part in self._parts
            if part.about is About.SUPPLIER
            for _, values in _values(part.found, Counter())
            if values.get("ref") and values.get("name")
        }


def _parts(sheets: Sequence[Sheet]) -> list[_Part]:
    found = (_part(f"sheet {number}", [sheet]) for number, sheet in enumerate(sheets, 1))
    return [one for one in found if one is not None]


def _parts_of_text(sheets: Sequence[Sheet]) -> list[_Part]:
    """Return the register in a text: its sheets are ways to see the same one."""
    found = _part("", sheets)
    return [found] if found else []


def _part(label: str, sheets: Sequence[Sheet]) -> _Part | None:
    for columns, about in (
        (_SYSTEMS, About.SYSTEM), (_MODELS, About.SYSTEM), (_VENDORS, About.SUPPLIER)
    ):  # fmt: skip
        if found := find(columns, sheets):
            heading = {folded(one) for one in found.sheet.first[found.at]}
            shape = next((one for one in _SHAPES if one[2] <= heading), None)
            if shape is None:
                return _Part(label, "a spreadsheet", about, found)
            return _Part(label, shape[0], shape[1], found)
    return None


def _values(found: Found, bad: Counter[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below a heading with their numbers, by meaning."""
    heading = list(found.sheet.first[found.at])
    rows = enumerate(found.sheet.rows(bad), 1)
    for number, cells in islice(rows, found.at + 1, None):
        if not any(one.strip() for one in cells) or list(cells) == heading:
            continue
        if any(one.strip() for one in cells[len(heading) :]):
            bad["torn rows"] += 1
            continue
        yield (
            number,
            {
                name: cells[place].strip()[:_LONGEST]
                for name, place in found.places.items()
                if place < len(cells)
            },
        )


def _row(
    part: _Part, number: int, values: Mapping[str, str], providers: Mapping[str, str]
) -> RegisterRow | None:
    if not (name := values.get("name", "")):
        return None
    vendor = values.get("vendor", "") or providers.get(values.get("provider_ref", ""), "")
    is_supplier = part.about is About.SUPPLIER
    domain = values.get("domain", "")  # of some tools a folder of theirs
    said = f"{values.get('ref', '')} {values.get('name', '')}"
    ours = _OURS.search(said)
    return RegisterRow(
        number=number,
        sheet=part.label,
        about=part.about,
        name=name,
        vendor=name if is_supplier else vendor,
        owner=values.get("owner", ""),
        status=values.get("status", ""),
        ref=values.get("ref", ""),
        system=ours[0] if ours else "",
        model=values.get("model", name if part.shape == "VerifyWise models" else ""),
        urls=_keys(values.get("url", "")) + (_keys(domain) if "." in domain else ()),
        client_ids=_keys(values.get("client", "")),
        purls=_keys(values.get("purl", "")),
        repositories=_keys(values.get("repository", "")),
    )


def _keys(cell: str) -> tuple[str, ...]:
    return tuple(one for one in _PARTED.split(cell) if one)[:_MOST_KEYS]
