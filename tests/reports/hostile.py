"""Names that want to be more than text, and a store whose evidence is full of them."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>document.title='fired'</script>"
NAMES = (
    FORMULA,
    SCRIPT,
    "{{7*7}}",
    "{% raw %}",
    "\u202etxt.exe\u2066 \x00\x1b[31m\x07\ufffe",
    "[click](javascript:alert(1)) <https://evil.example/>",
    "]]></w:t></w:r><w:p/>&amp;",
    "@SUM(1+1)",
)
LONG = "a word, and " * 3_400  # 40,800 characters
# What people's files and accounts say of themselves, by table.
_COLUMNS = {
    "product": ("name", "vendor_name"),
    "scan_source": ("name", "reason"),
    "source": ("name",),
    "application": ("name", "description", "folder"),
    "app": ("name", "publisher"),
    "actor_unit": ("unit",),
    "unit_head": ("head",),
    "owner_claim": ("owner", "reason"),
    "product_owner_claim": ("owner", "reason"),
    "component": ("value", "file", "version"),
    "sighted_host": ("host",),
    "seat_plan": ("plan",),
    "service_setting": ("name",),
    "access": ("scope",),
    "register_entry": ("status", "unit"),
    "sign": ("subject", "detail"),
    "spend": ("units",),
}


def poison(db: Path) -> None:
    """Put a hostile name before each text of the evidence, and a very long one into one product."""
    with sqlite3.connect(db) as store:
        store.create_function("hostile", 1, _hostile, deterministic=True)
        for table, columns in _COLUMNS.items():
            changes = ", ".join(f"{one} = hostile({one})" for one in columns)
            store.execute(f"UPDATE OR IGNORE {table} SET {changes}")
        store.execute(
            "UPDATE product SET name = ? WHERE id = (SELECT min(product) FROM system)", (LONG,)
        )
    store.close()


def _hostile(text: str | None) -> str | None:
    if not text:
        return text
    return f"{NAMES[zlib.crc32(text.encode()) % len(NAMES)]} {text}"
