"""A questionnaire that a supplier filled in: shown row by row, and recorded once somebody says so.

Between the two the file stays with the browser: nothing is kept here that nobody confirmed.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import NamedTuple

from reports.supplier_questionnaire import lexicon
from scanner.errors import UsageError
from scanner.inventory.supplier_import import Result, Returned, import_answers
from scanner.inventory.supplier_record import SupplierRecord
from scanner.web.addresses import part
from scanner.web.people import Role
from scanner.web.supplier_forms import gone, home, record_of
from scanner.web.visit import Answer, Page, Sent, Shown, Visit

_PATH = "/suppliers/{supplier}/import"
_LONGEST = 700_000  # bytes; the form that brings it back is a third longer
_LONGEST_NAME = 200


class _File(NamedTuple):
    name: str
    content: bytes


def show(visit: Visit) -> Answer:
    """Show where a file is handed in."""
    record = record_of(visit)
    return gone(visit) if record is None else _shown(record)


def received(visit: Visit) -> Answer:
    """Show what would become of each row; with ``act`` record it."""
    record = record_of(visit)
    if record is None:
        return gone(visit)
    is_meant = visit.said("act") == "record"
    try:
        file = _file(visit)
        done = import_answers(
            visit.writer, record.id, file.name, file.content, lexicon(), visit.person.name,
            visit.now, {record.id}, may_record=is_meant,
        )  # fmt: skip
    except UsageError as error:
        return _shown(record, flaw=str(error), status=422)
    if not (is_meant and done.is_whole):
        return _shown(record, file, done, is_meant)
    visit.tell(visit.texts("web_pages.import.recorded", n=len(done.results), name=record.name))
    return Sent(home(record, "#questions"))


def _shown(
    record: SupplierRecord,
    file: _File | None = None,
    done: Returned | None = None,
    is_meant: bool = False,
    flaw: str = "",
    status: int = 200,
) -> Answer:
    results = done.results if done else ()
    return Shown(
        "supplier_import.html",
        {
            "record": record,
            "id": part(record.id),
            "file": file,
            "content": b64encode(file.content).decode("ascii") if file else "",
            "done": done,
            "rows": [(one, _word(one)) for one in results],
            "can_record": not is_meant and _can_record(results),
            "is_meant": is_meant,
            "flaw": flaw,
        },
        status,
    )


def _can_record(results: Sequence[Result]) -> bool:
    """Whether there is something to record, and no row that keeps all from it."""
    found = {one.result for one in results}
    return "held back" in found and "error" not in found


def _word(one: Result) -> str:
    return one.result.replace(" ", "_")


def _file(visit: Visit) -> _File:
    """Return the file that was handed in, or brought back. Raises UsageError."""
    name = visit.said("name") or visit.said("file.name")
    name = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    raw = (visit.form.get("file") or [""])[0].encode("latin-1", "replace")
    try:
        content = b64decode(visit.said("content"), validate=True) or raw
    except (binascii.Error, ValueError):
        content = b""
    if not (name and content):
        raise UsageError(visit.texts("web_pages.import.no_file"))
    if len(content) > _LONGEST:
        raise UsageError(visit.texts("web_pages.import.too_long"))
    return _File(name, content)


PAGES = (
    Page(_PATH, show, Role.REVIEWER),
    Page(_PATH, received, Role.REVIEWER, writes=True, is_slow=True),
)
