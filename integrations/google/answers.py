"""What all of Google's lists have in common: how they go on, and how little of them is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

AUTH: Final = "https://www.googleapis.com/auth/"
NEXT_PAGE: Final = ("nextPageToken", "pageToken")


def mask(items: str, fields: Iterable[str], depth: int = 9) -> str:
    """Return the ``fields`` parameter: the service itself leaves out what is not read.

    ``depth`` cuts the paths where Google does not say what is inside a field.
    """
    paths = ("/".join(one.replace("[]", "").split(".")[:depth]) for one in fields)
    inside = ",".join(dict.fromkeys(paths))
    return f"nextPageToken,{items}({inside})"
