"""Which kind of download a file is, if any: by its beginning, and only when exactly one kind fits."""

from __future__ import annotations

from pathlib import Path

from integrations.downloads import Beginning, Download, Opened
from scanner.registry import DOWNLOADS, values


def download_of(path: Path) -> Download | None:
    """Return the kind of download that a file is; None if it is none, or could be two.

    At most 64 KiB are read, of a workbook the first rows of its sheets. Raises OSError, and
    SourceError for a workbook that cannot be read.
    """
    return recognised(Beginning(path))


def opened(path: Path) -> list[tuple[Download, Opened]]:
    """Return the kind of download that a file is and the file, ready to be read; nothing if it is none.

    The sheets of a workbook are told apart, for one may list people and the next applications.
    """
    parts = Beginning(path).parts()
    found = [(one, recognised(one)) for one in parts]
    known = [(download, Opened(part)) for part, download in found if download is not None]
    if known:
        known[0][1].unread = tuple(part.sheet for part, download in found if download is None)
    return known


def recognised(beginning: Beginning) -> Download | None:
    """Return the one kind that recognises a file; a vendor's own before those told by meanings."""
    if not beginning.head.strip():
        return None
    fitting = [one for one in values(DOWNLOADS) if one.recognises(beginning)]
    for kinds in ([one for one in fitting if not one.is_generic], fitting):
        if kinds:
            return kinds[0] if len(kinds) == 1 else None
    return None
