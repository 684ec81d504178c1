"""Office files are zip archives: the same parts give the same bytes, whenever they are packed."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from shutil import copyfileobj


def packed_at(content: bytes, when: datetime) -> bytes:
    """Return the archive packed again, every part of it dated ``when``."""
    out = io.BytesIO()
    moment = when.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, (max(moment[0], 1980), *moment[1:]))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            with given.open(name) as read, made.open(part, "w") as written:
                copyfileobj(read, written)
    return out.getvalue()
