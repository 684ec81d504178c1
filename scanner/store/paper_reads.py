"""Documents as people approved them, read again, and whether each is still what was approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.store.chain import Break
from scanner.store.database import Connection

DIGEST = "sha256"  # in the decision that approves a paper


class KeptPaper(NamedTuple):
    """An approved version of a report: its content as text, and the number of the decision."""

    report: str
    version: int
    decision: int
    content: str


def digest_of(content: str) -> str:
    """Return the hash by which a decision knows the content of a paper."""
    return hashlib.sha256(content.encode()).hexdigest()


class PaperReader(Connection):
    """Reads approved papers."""

    def kept_papers(self, report: str) -> list[KeptPaper]:
        """Return the approved versions of a report, the newest first."""
        rows = self._all(
            "SELECT report, version, decision, content FROM paper WHERE report = ? "
            "ORDER BY version DESC",
            report,
        )
        return [KeptPaper(**row) for row in rows]

    def torn_paper(self) -> Break | None:
        """Return the first approval whose paper is not the one that was approved; None if none."""
        return next(self._torn(), None)

    def _torn(self) -> Iterator[Break]:
        for row in self._all(_APPROVED):
            number, version = row["decision"], row["version"]
            said = json.loads(row["value"] or "{}")
            if row["act"] != "approve":
                yield Break(number, f"decision {number} approves no paper, and one says it does")
            elif version is None:
                yield Break(number, f"the paper that decision {number} approved is missing")
            elif not _is_as_approved(row, said):
                yield Break(
                    number, f"version {version} of {row['report']} is not what was approved"
                )


def _is_as_approved(row: dict[str, Any], said: dict[str, Any]) -> bool:
    is_named = row["subject"] == subject_of(row["report"]) and said.get("version") == row["version"]
    return is_named and said.get(DIGEST) == digest_of(row["content"])


def subject_of(report: str) -> str:
    """Return what the approvals of a report are recorded under."""
    return f"report:{report}"


# Every approval with its paper, also where one of the two is gone.
_APPROVED = """
SELECT decision.id AS decision, decision.act AS act, decision.subject AS subject,
       decision.value AS value, paper.report AS report, paper.version AS version,
       paper.content AS content
FROM decision LEFT JOIN paper ON paper.decision = decision.id
WHERE decision.act = 'approve' OR paper.decision IS NOT NULL
UNION ALL
SELECT paper.decision, '', '', '{}', paper.report, paper.version, paper.content
FROM paper WHERE paper.decision NOT IN (SELECT id FROM decision)
ORDER BY 1
"""
