"""A row of a register that an organisation keeps itself, of whatever tool: what is compared with."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class About(StrEnum):
    """What a row of a register is about."""

    SYSTEM = "system"
    SUPPLIER = "supplier"


class RegisterRow(NamedTuple):
    """One row. ``number`` is its place in the sheet, ``system`` an id of ours that it carries."""

    number: int
    sheet: str
    about: About
    name: str
    vendor: str = ""
    owner: str = ""
    status: str = ""
    ref: str = ""
    system: str = ""
    model: str = ""
    urls: tuple[str, ...] = ()
    client_ids: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
