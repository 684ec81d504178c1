"""The connectors with all that they may send, and the files that are read instead."""

from __future__ import annotations

from typing import Any

from pages import NOTE
from scanner.registry import CONNECTORS, DOWNLOADS, values


def sources_of_records_page() -> str:
    """The connectors with all that they may send, and the files that are read instead."""
    parts = [
        "# Accounts and downloads\n\n",
        NOTE,
        "A connector sends the operations that are listed here and nothing else; its transport "
        "refuses any other method, path or host. `gnomon sources permissions NAME` says what to "
        "grant, `plan` what it costs, `check` whether it works. **No live tenant was at hand when "
        "this was written**: what each operation was verified by is in the last columns, and the one "
        "for a live tenant is empty until somebody who has one fills it.\n",
    ]
    parts.extend(_connector_part(one) for one in values(CONNECTORS))
    parts.append(
        "\n## Files instead of access\n\nGive them to `gnomon scan`; each is told by its content. "
        "Those of one system in one folder are read together. A recording (`gnomon scan --record "
        "FOLDER`) is read as the account was.\n\n| file | name | seen in |\n|---|---|---|\n"
    )
    parts.extend(
        f"| [{one.title}]({one.reference}) | `{one.name}` | {one.verified_by} |\n"
        for one in values(DOWNLOADS)
    )
    return "".join(parts)


def _connector_part(connector: Any) -> str:
    rows = "".join(
        f"| `{one.id}` | {one.title} | {one.method} `{one.path}` | "
        f"{' or '.join('`' + '` `'.join(scopes) + '`' for scopes in one.scopes)}"
        f"{' (can write)' if one.can_write else ''} | {one.profile} | {one.stability} | "
        f"{one.licence} | {one.why} | {', '.join(one.verified_by)} | |\n"
        for one in connector.operations
    )
    settings = "".join(
        f"| `{one.name}` | {one.why}{', by reference' if one.is_secret else ''} | "
        f"{'yes' if one.is_required else ''} |\n"
        for one in connector.settings
    )
    return (
        f"\n## [{connector.title}]({connector.reference})\n\n{connector.note}\n\n"
        f"| setting | what it is | needed |\n|---|---|---|\n{settings}\n"
        "| operation | what it lists | request | scopes | profile | stability | licence | why | "
        "verified by | live tenant |\n|---|---|---|---|---|---|---|---|---|---|\n" + rows
    )


PAGES = {"docs/sources.md": sources_of_records_page}
