"""A run whose answers are written down: what a connector asks, in which order, with what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from integrations.fields import Item, Projection
from integrations.operations import Operation
from integrations.periods import day
from scanner.model import App, Signature, Tenant

TODAY = "2026-11-20T00:00:00Z"
Answers = Mapping[str, Callable[[Mapping[str, str]], list[Any] | None]]


class WrittenRun:
    """Answers are by operation: the items for some parameters, or None where it is denied."""

    def __init__(self, answers: Answers, settings: Mapping[str, str] | None = None) -> None:
        self.settings: Mapping[str, str] = settings or {}
        self.tenant = Tenant("", "")
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._answers = answers
        self._read: dict[str, list[tuple[Mapping[str, str], Item]]] = {}

    def read(self, operation: Operation, **parameters: str) -> bool:
        said = self._answers.get(operation.id)
        answer = said(parameters) if said else None
        self.asked.append((operation.id, parameters))
        if answer is None:
            return False
        kept = [Item(Projection(operation.fields).of(one)) for one in answer]
        self._read.setdefault(operation.id, []).extend((parameters, one) for one in kept)
        return True

    def read_each(self, operation: Operation, parameters: Iterable[Mapping[str, str]]) -> None:
        for one in parameters:
            self.read(operation, **one)

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        yield from self._read.get(operation.id, ())

    def ai_apps(self) -> Iterator[tuple[App, Signature]]:
        yield from ()

    def since(self, operation: Operation, days: int) -> str:
        return f"{day(TODAY, -days)}T00:00:00Z"
