"""Papers as JSON: the head and the data, told by a published JSON Schema."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from reports.paper import Paper
from reports.texts import Texts

FOR_READERS = ("as_rows", "in_short")


def write(paper: Paper, _: Texts) -> str:
    """Return the head and the data of the paper."""
    import msgspec

    head = {
        one.name: getattr(paper.head, one.name)
        for one in fields(paper.head)
        if one.name not in FOR_READERS
    }
    whole: dict[str, Any] = {"report": paper.name, "head": head, "data": paper.data}
    built = msgspec.to_builtins(whole)
    return json.dumps(built, ensure_ascii=False, indent=2) + "\n"
