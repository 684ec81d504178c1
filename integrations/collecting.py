"""One collection: the operations of a connector read to a shelf, each to an end that is said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping

import msgspec

from integrations.connector import Connector, Meaning, Page, Sends, Trouble
from integrations.fields import Item, Projection
from integrations.operations import Operation
from integrations.pace import Clock, stamp
from integrations.shelf import OpState, Progress, Shelf
from integrations.transport import Stopped
from scanner.errors import GnomonError, SourceError
from scanner.model import App, Signature, Tenant

_RESTARTS = 3
_LONGEST = 4 * 3600.0  # seconds for one operation
_OVERLAP = 86_400.0  # seconds: events may come late
_KEPT = 24 * 3600.0  # seconds for which a shelf is gone on with
_STATES = {
    Trouble.DENIED: OpState.DENIED,
    Trouble.NOT_LICENSED: OpState.NOT_LICENSED,
    Trouble.NOT_THERE: OpState.SKIPPED,
    Trouble.WRONG: OpState.ERROR,
}
_ENDED = (OpState.COMPLETE, OpState.DENIED, OpState.NOT_LICENSED, OpState.SKIPPED)

# What is AI among applications: asked by connectors that go on to ask about those alone.
Recognise = Callable[[App], Signature | None]


# Up to when the events of an operation were read whole before; None if they never were.
Since = Callable[[Tenant, Operation], float | None]


def _never(_tenant: Tenant, _operation: Operation) -> float | None:
    return None


class Collection:
    """The ``Run`` that a connector is given."""

    def __init__(
        self,
        connector: Connector,
        operations: tuple[Operation, ...],
        settings: Mapping[str, str],
        transport: Sends,
        shelf: Shelf,
        clock: Clock,
        recognise: Recognise,
        since: Since = _never,
    ) -> None:
        self.settings = settings
        self.tenant = Tenant(connector.name, "")
        self._connector = connector
        self._operations = frozenset(one.id for one in operations)
        self._transport = transport
        self._shelf = shelf
        self._clock = clock
        self._recognise = recognise
        self._since = since
        self._projections: dict[str, Projection] = {}

    def begin(self, expected: str = "") -> Tenant:
        """Find out whose account it is, before anything is read of it. Raises SourceError.

        A shelf of the same account that is not older than a day is gone on with.
        """
        self._reuse_shelf()
        found = self._connector.identify(self)
        if found is None or not found.id:
            raise SourceError(f"{self._connector.title}: {self._why_nameless()}")
        if expected and expected not in (found.id, found.name, *found.domains):
            raise SourceError(
                f"{self._connector.title}: this is the account of {found.name or found.id} "
                f"({found.id}), not of {expected}; nothing was stored"
            )
        self.tenant = found
        return found

    def _why_nameless(self) -> str:
        """Return why nobody knows whose account it is: what the first question met."""
        for name in self._shelf.operations():
            for _, progress in self._shelf.of_operation(name):
                if progress.reason:
                    return progress.reason
        return "it does not say whose account it is"

    def wants(self, operation: Operation) -> bool:
        """Whether an operation is in the profile, or was named."""
        return operation.id in self._operations

    def collect(self) -> None:
        """Read everything. What cannot be read is said operation by operation."""
        self._connector.collect(self)

    def read(self, operation: Operation, **parameters: str) -> bool:
        """Read all pages of an operation; returns whether it is complete."""
        known = self._shelf.progress(operation.id, parameters)
        if known is not None and known.state in _ENDED:
            return known.state is OpState.COMPLETE
        progress = known or Progress(OpState.READING)
        if operation.id not in self._operations:
            reason = f"not in this profile; see `gnomon sources permissions {self._connector.name}`"
            self._shelf.write(operation.id, parameters, Progress(OpState.SKIPPED, reason=reason))
            return False
        return self._read(operation, parameters, progress).state is OpState.COMPLETE

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        """Yield the items read so far, each with the parameters that it was asked with."""
        for parameters, items in self._shelf.items(operation.id):
            for one in items:
                yield parameters, Item(one)

    def ai_apps(self) -> Iterator[tuple[App, Signature]]:
        """Yield the applications read so far that are AI, each once."""
        seen: set[str] = set()
        for operation in self._connector.operations:
            for parameters, item in self.items(operation):
                for record in operation.parse(item, parameters):
                    if isinstance(record, App) and record.key not in seen:
                        seen.add(record.key)
                        if (signature := self._recognise(record)) is not None:
                            yield record, signature

    def since(self, operation: Operation, days: int) -> str:
        """Return the time to ask events from, a beginning of a day, in ISO 8601."""
        noted = self._shelf.head(f"since {operation.id}")
        if noted:
            return noted
        first = self._clock.time() - days * 86_400
        known = self._since(self.tenant, operation)
        begin = stamp(first if known is None else max(first, known - _OVERLAP))
        text = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        noted = text.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._shelf.note(f"since {operation.id}", noted)
        return noted

    def until(self) -> str:
        """Return when this collection began, ISO 8601."""
        return stamp(self.began).strftime("%Y-%m-%dT%H:%M:%SZ")

    def was_complete(self, operation: Operation) -> float | None:
        """Return up to when an operation was read whole in an earlier collection; None if never."""
        return self._since(self.tenant, operation)

    def note(self, operation: Operation, text: str) -> None:
        """Say something of an operation that a reader of its results should know."""
        self._shelf.note(f"note {operation.id}", text)

    def _reuse_shelf(self) -> None:
        settings = msgspec.json.encode(dict(self.settings), order="sorted")
        wanted = hashlib.sha256(
            self._connector.name.encode()
            + b"\0"
            + settings
            + repr(sorted(self._operations)).encode()
        ).hexdigest()
        began = float(self._shelf.head("began") or 0)
        if self._shelf.head("of") == wanted and self._clock.time() - began < _KEPT:
            return
        self._shelf.clear()
        self._shelf.note("of", wanted)
        self._shelf.note("began", str(self._clock.time()))

    @property
    def began(self) -> float:
        """When this collection began, in seconds since 1970; also one that goes on."""
        return float(self._shelf.head("began") or self._clock.time())

    def _read(
        self, operation: Operation, parameters: Mapping[str, str], progress: Progress
    ) -> Progress:
        deadline = self._clock.time() + _LONGEST
        while True:
            try:
                progress = self._pages(operation, parameters, progress, deadline)
                return self._ended(
                    operation, parameters, progress, self._whole(operation, progress)
                )
            except Stopped as error:
                meaning = error.meaning
                progress = self._shelf.progress(operation.id, parameters) or progress
            except GnomonError as error:
                return self._ended(operation, parameters, progress, (OpState.ERROR, str(error)))
            if meaning.trouble is not Trouble.RESTART:
                return self._ended(operation, parameters, progress, _end(meaning, progress))
            if progress.restarts >= _RESTARTS:
                ended = (
                    OpState.PARTIAL,
                    f"{meaning.advice}; given up after {_RESTARTS} new beginnings",
                )
                return self._ended(operation, parameters, progress, ended)
            progress = self._shelf.restart(operation.id, parameters, progress)

    def _pages(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        progress: Progress,
        deadline: float,
    ) -> Progress:
        projection = self._projections.setdefault(operation.id, Projection(operation.fields))
        for page in self._transport.pages(operation, parameters, progress.following, deadline):
            kept = [projection.of(item) for item in page.items]
            progress = self._shelf.keep(
                operation.id, parameters, page.items, kept, _after(progress, page)
            )
        return progress

    def _whole(self, operation: Operation, progress: Progress) -> tuple[OpState, str]:
        """Return how a list ended that was read to its end."""
        got = progress.items + progress.doubles
        if progress.total is not None and got < progress.total and operation.is_state:
            return OpState.PARTIAL, f"{got:,} items came of {progress.total:,}"
        return OpState.COMPLETE, ""

    def _ended(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        progress: Progress,
        end: tuple[OpState, str],
    ) -> Progress:
        ended = progress._replace(state=end[0], reason=end[1])
        self._shelf.write(operation.id, parameters, ended)
        return ended


def _after(progress: Progress, page: Page) -> Progress:
    total = progress.total if page.total is None else max(page.total, progress.total or 0)
    return progress._replace(state=OpState.READING, following=page.following, total=total)


def _end(meaning: Meaning, progress: Progress) -> tuple[OpState, str]:
    """Return how an operation ended that was stopped: in part, if something of it was read."""
    state = _STATES.get(meaning.trouble, OpState.PARTIAL)
    if state is OpState.ERROR and progress.pages:
        state = OpState.PARTIAL
    if state is OpState.PARTIAL and not progress.pages:
        state = OpState.ERROR
    return state, meaning.advice
