"""A table of identifiers: comma or tab separated, with a header.

    vendor,product,channel,value,source,note
    Example AI,Example Chat,host,chat.example.com,https://example.com/network,

``channel`` is one of Gnomon's, or a name that open lists use for it. Columns and channels that are
not known are passed over.
Reference: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from scanner.errors import UsageError
from scanner.model import Category, Identifier
from signatures.importers import Importer, Stated

_ALIASES = {
    "domain": (Identifier.HOST, ""),
    "domain_suffix": (Identifier.HOST, ""),
    "domain_exact": (Identifier.HOST, "exact"),
    "host_exact": (Identifier.HOST, "exact"),
    "host_pattern": (Identifier.HOST, "pattern"),
    "purl": (Identifier.PACKAGE, ""),
    "env_var": (Identifier.ENV, ""),
    "docker_image": (Identifier.CONTAINER, ""),
    "chrome_extension_id": (Identifier.BROWSER_EXT, ""),
    "vscode_extension_id": (Identifier.IDE_EXT, ""),
    "macos_bundle_id": (Identifier.BUNDLE, ""),
    "process_name": (Identifier.PROCESS, ""),
    "windows_exe": (Identifier.PROCESS, ""),
    "github_app_slug": (Identifier.GITHUB_APP, ""),
    "git_author_email": (Identifier.GIT_IDENTITY, ""),
    "email_sender_domain": (Identifier.EMAIL_SENDER, ""),
}
_NEEDED = ("vendor", "channel", "value", "source")


def read(path: Path | None) -> Iterator[Stated]:
    """Yield a row each; a channel that is not known is passed over."""
    if path is None or not path.is_file():
        raise UsageError("name the table to read")
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.DictReader(file, delimiter="\t" if "\t" in first else ",")
        if missing := [name for name in _NEEDED if name not in (rows.fieldnames or ())]:
            raise UsageError(f"{path}: no column {', '.join(missing)} in its header")
        for row in rows:
            yield from _stated({name: (value or "").strip() for name, value in row.items()})


def _stated(row: dict[str, str]) -> Iterator[Stated]:
    known = {one.value: (one, "") for one in Identifier} | _ALIASES
    if row["channel"] not in known:
        return
    channel, how = known[row["channel"]]
    category = row.get("category") or Category.OTHER.value
    yield Stated(
        row["vendor"],
        row.get("product") or row["vendor"],
        channel,
        row["value"],
        row["source"],
        row.get("note") or row.get("specificity") or "",
        Category(category) if category in set(Category) else Category.OTHER,
        how,
    )


IMPORTER = Importer("csv", "a table of identifiers (CSV or TSV)", "as its source column says", read)
