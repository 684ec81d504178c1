"""What the forms about a supplier have in common: whose they are, what was typed, what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from scanner.errors import UsageError
from scanner.inventory.recording import ConflictError
from scanner.inventory.supplier_record import SupplierRecord
from scanner.web.addresses import part
from scanner.web.visit import Answer, Refused, Sent, Visit, number_of

_E = TypeVar("_E", bound=StrEnum)


def record_of(visit: Visit) -> SupplierRecord | None:
    """Return the supplier that an address names, if a system rests on it."""
    supplier, material = visit.path["supplier"], visit.material
    return material.supplier_record(supplier) if supplier in material.suppliers else None


def gone(visit: Visit) -> Answer:
    """Return what is said where there is no such supplier, question or field."""
    return Refused(404, visit.texts("web_pages.suppliers.gone"))


def recorded(
    visit: Visit, act: Callable[[], object], again: Callable[[str, int], Answer], told: str, to: str
) -> Answer:
    """Do what was asked; where it cannot be, show the form again with all that was typed."""
    try:
        act()
    except ConflictError as error:
        return again(str(error), 409)
    except UsageError as error:
        return again(str(error), 422)
    visit.tell(told)
    return Sent(to)


def home(record: SupplierRecord, place: str = "") -> str:
    """Return the address of a supplier, or of a place on its page."""
    return f"/suppliers/{part(record.id)}{place}"


def one_of(kind: type[_E], said: str) -> _E:
    """Return a member of a closed set. Raises UsageError for anything else."""
    try:
        return kind(said)
    except ValueError:
        raise UsageError(f"{said!r} is none of {', '.join(kind)}") from None


def day(text: str) -> date | None:
    """Return the day that was typed; None of nothing. Raises UsageError for what is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r}: give a day such as 2027-11-21") from None


def seen(visit: Visit) -> int:
    """Return the newest decision that somebody had before them; 0 if there was none."""
    return number_of(visit.said("seen"))
