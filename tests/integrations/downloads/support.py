"""Words that the tests of downloads speak in: what a file says, and what of it is not understood."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from integrations.downloads import Beginning, Download, Opened
from scanner.model import Record


def read(download: Download, content: str | bytes, bad: Mapping[str, int] = {}) -> list[Record]:
    """Return the records of a file that a kind of download recognises, and check what is counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        beginning = Beginning(path)
        assert download.recognises(beginning)
        file = Opened(beginning)
        records = list(download.read(file))
    assert file.bad == bad
    return records
