"""A recorded collection, as `gnomon scan --record` writes it where people are not made codes."""
import json
from pathlib import Path

BEGAN = "2026-11-20T19:00:00+00:00"
SINCE = "2026-10-22T00:00:00Z"


class Recording:
    """One account: its pages in order, and how each operation ended."""

    def __init__(self, connector: str, tenant: str, name: str, domains: list[str]) -> None:
        self._lines: list[dict] = [{
            "gnomon": "account", "version": 1, "connector": connector,
            "tenant": {"system": connector, "id": tenant, "name": name, "domains": domains},
            "began": BEGAN, "of a person": False,
        }]
        self._ended: list[dict] = []

    def page(self, operation: str, items: list[dict], window: str = "", **parameters: str) -> None:
        """Add what an operation answered, whole; ``window`` is since when, of events."""
        self._lines.append(
            {"operation": operation, "parameters": parameters, "page": 1, "items": items}
        )
        self.end(operation, "complete", window=window, **parameters)

    def end(
        self, operation: str, state: str, reason: str = "", window: str = "", **parameters: str
    ) -> None:
        """Add how an operation ended; without a page, one that brought nothing."""
        self._ended.append({
            "operation": operation, "parameters": parameters, "state": state, "reason": reason,
            "since": window, "note": "", "rests on": "",
        })

    def write(self, path: Path) -> None:
        lines = [*self._lines, {"ended": self._ended}]
        text = "".join(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
        )
        path.write_text(text, encoding="utf-8")
