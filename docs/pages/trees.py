"""The kinds of files that source trees are read by."""

from __future__ import annotations

from pages import NOTE
from scanner.registry import MANIFESTS, values


def manifests_page() -> str:
    """The kinds of files that source trees are read by."""
    rows = "".join(
        f"| [{one.title}]({one.reference}) | `{one.name}` | "
        f"{', '.join(f'`{pattern}`' for pattern in one.files)} |\n"
        for one in values(MANIFESTS)
    )
    return (
        f"# Files of source trees\n\n{NOTE}"
        "A folder with a repository or a manifest in it is read as a source tree. These files of it "
        "are read, and say which applications it holds and what they are made of. Folders that tools "
        "make (`node_modules`, `.venv`, `target` ...) are passed over, and what `.gitignore` names.\n\n"
        f"| kind | name | files |\n|---|---|---|\n{rows}"
    )


PAGES = {"docs/manifests.md": manifests_page}
