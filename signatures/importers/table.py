"""A table of identifiers: comma or tab separated, with a header.

    vendor,product,channel,value,source,note
    Example AI,Example Chat,host,chat.example.com,https://example.com/network,

``channel`` is one of Gnomon's, or a name that open lists use for it. Columns and channels that are
not known are passed over; a row that is not as its header says is doubtful, with its line.
Reference: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from scanner.errors import UsageError
from scanner.model import Category, Identifier
from signatures.importers import SUSPECT, Importer, Stated

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
_CHANNELS = {one.value: (one, "") for one in Identifier} | _ALIASES
_NEEDED = ("vendor", "channel", "value", "source")


def read(path: Path | None) -> Iterator[Stated]:
    """Yield a row each; a channel that is not known is passed over."""
    if path is None or not path.is_file():
        raise UsageError("name the table to read")
    # What is not UTF-8 is marked by the decoder, and told by row.
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.DictReader(file, delimiter="\t" if "\t" in first else ",")
        if missing := [name for name in _NEEDED if name not in _header(path, rows)]:
            raise UsageError(f"{path}: no column {', '.join(missing)} in its header")
        yield from _rows(path, rows)


def _header(path: Path, rows: csv.DictReader[str]) -> Sequence[str]:
    try:
        return rows.fieldnames or ()
    except csv.Error as error:
        raise UsageError(f"{path}:1: no header: {error}") from error


def _rows(path: Path, rows: csv.DictReader[str]) -> Iterator[Stated]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            place = f"{path}:{rows.line_num + 1}"  # the line that it stopped at is not counted yet
            note = f"{SUSPECT}: {place}: {error}"
            yield Stated("", "", Identifier.HOST, "", place, note)
            continue
        cells = {name: (row[name] or "").strip() for name in rows.fieldnames or ()}
        if wrong := _wrong(row):
            cells["note"] = f"{SUSPECT}: {path}:{rows.line_num}: {wrong}"
        yield from _stated(cells)


def _wrong(row: dict[str, str]) -> str:
    """Return why a row is not what its header says; "" if it is."""
    if None in row:  # where the reader puts the cells that have no column
        return "more cells than columns"
    text = "".join(cell or "" for cell in row.values())
    if "\ufffd" in text:
        return "not UTF-8"
    return "a line break inside a cell: is a quotation mark left open?" if "\n" in text else ""


def _stated(row: dict[str, str]) -> Iterator[Stated]:
    if row["channel"] not in _CHANNELS:
        return
    channel, how = _CHANNELS[row["channel"]]
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
