"""The targets of exports: their files, what they ask, and the formats of the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pages import ROOT, between
from reports.omb import COLUMNS
from scanner.registry import EXPORTS, values


def exports_page() -> str:
    """The targets of exports: their files, what they ask, and the formats of the register."""
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    text = between(text, "targets", "".join(map(_export_part, values(EXPORTS))))
    filled = [name for name, fill in COLUMNS.items() if fill]
    empty = [name for name, fill in COLUMNS.items() if not fill]
    told = (
        f"Filled where it is known: {_code(filled)}.\n\nLeft empty, for people: {_code(empty)}.\n"
    )
    return between(text, "columns", told)


def _export_part(export: Any) -> str:
    files = "".join(f"| `{one.name}` | {one.holds} | {one.how} |\n" for one in export.files)
    asked = "".join(
        f"- `--set {one.name}=VALUE`{' (needed)' if one.is_required else ''}: {one.why}"
        f"{'; one of ' + _code(one.values) if one.values else ''}\n"
        for one in export.asked
    )
    note, gap = export.note, "\n" if asked else ""
    return (
        f"\n### [{export.title}]({export.reference})\n\n`gnomon export {export.name}`, by the rules "
        f"of its version {export.read}. {note}\n\n{asked}{gap}"
        f"| file | holds | how it is taken |\n|---|---|---|\n{files}"
    )


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in names)


PAGES = {"docs/exports.md": exports_page}
