"""The connectors with all that they may send, and the files that are read instead."""

from __future__ import annotations

from typing import Any

from integrations.connector import Size
from integrations.entra import CONNECTOR as ENTRA
from integrations.entra.core import DELEGATED_GRANTS, SERVICE_PRINCIPALS, USERS
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
    parts.append(_whole_lists_part())
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


def _whole_lists_part() -> str:
    """Why lists of what there is are read whole, with what that costs."""
    counts = ENTRA.requests(Size(people=100_000, apps=500, grants=200_000))
    listed = [counts[one.id] for one in (USERS, DELEGATED_GRANTS, SERVICE_PRINCIPALS)]
    pace = ENTRA.quotas[USERS.quota]
    return (
        "\n## Whole lists, and events since the last time\n\n"
        "Events (sign-ins, consents, use) are asked for since they were last read whole, with a day "
        "of overlap for those that come late. Lists of what there is now (applications, grants, "
        "people, seats) are read whole each time, also where Microsoft Graph has a `delta`:\n\n"
        "- A whole read is small. 100,000 people, 200,000 grants and 500 applications are "
        f"{' + '.join(map(str, listed))} = {sum(listed)} requests, of which at most "
        f"{pace.requests} are sent in {pace.seconds:.0f} seconds.\n"
        "- Differences need the list that they differ from: everybody's grants and the whole "
        "directory, in clear, on disk from one scan to the next. Now nothing of that is kept; the "
        "database holds evidence of AI alone, with codes for people.\n"
        "- Graph's tokens for differences end after days, and an inventory is renewed each month or "
        "quarter: mostly the whole list would be read after all. Managers cannot be expanded in "
        "such a list, and who is assigned to an application has none.\n"
        "- What a list of differences fails to say stays for ever. A whole list says that something "
        "is gone by not having it, and is believed only when its last page was read.\n\n"
        "`$batch` is not used either. It carries any twenty requests to one address, so that the "
        "list of what may be sent would not hold at the place where requests leave; each counts "
        "against the limits all the same; and there is little to put together, for only "
        "applications that are AI are asked about one by one.\n"
    )


def _connector_part(connector: Any) -> str:
    rows = "".join(
        f"| `{one.id}` | {one.title} | {one.method} `{one.path}` | "
        f"{' or '.join('`' + '` `'.join(scopes) + '`' for scopes in one.scopes)}"
        f"{' (can write)' if one.can_write else ''} | {one.profile} | {one.stability} | "
        f"{one.licence} | {one.why} | {', '.join(one.verified_by)} | |\n"
        for one in connector.operations
    )
    sent = "; ".join(f"{one.method} `{one.path}` {one.why}" for one in connector.tokens)
    tokens = f"To sign in it sends, beside the operations: {sent}.\n\n" if sent else ""
    settings = "".join(
        f"| `{one.name}` | {one.why}{', by reference' if one.is_secret else ''} | "
        f"{'yes' if one.is_required else ''} |\n"
        for one in connector.settings
    )
    return (
        f"\n## [{connector.title}]({connector.reference})\n\n{connector.note}\n\n"
        f"| setting | what it is | needed |\n|---|---|---|\n{settings}\n{tokens}"
        "| operation | what it lists | request | scopes | profile | stability | licence | why | "
        "verified by | live tenant |\n|---|---|---|---|---|---|---|---|---|---|\n" + rows
    )


PAGES = {"docs/sources.md": sources_of_records_page}
