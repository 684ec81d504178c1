"""Documents that people approve, kept with the decision: see paper_reads.py."""

from __future__ import annotations

from dataclasses import replace

from scanner.model import Decision
from scanner.store.paper_reads import DIGEST, digest_of, subject_of
from scanner.store.writes import Store


class PaperStore(Store):
    """The database, open for somebody who approves a report."""

    def keep_paper(
        self, report: str, version: int, content: str, decision: Decision, seen: int
    ) -> Decision | None:
        """Keep a paper and the decision that approves it, both or none.

        ``seen`` is the newest decision that the paper knows of; if there is a newer one, nothing
        is written and None is returned.
        """
        value = {**decision.value, "version": version, DIGEST: digest_of(content)}
        with self._writing():
            last = self.last_decision()
            if (last.number if last else 0) != seen:
                return None
            made = self._decide(replace(decision, subject=subject_of(report), value=value))
            self._db.execute(
                "INSERT INTO paper (decision, report, version, content) VALUES (?, ?, ?, ?)",
                [made.number, report, version, content],
            )
            return made
