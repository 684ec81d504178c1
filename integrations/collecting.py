"""One collection: the operations of a connector read to a shelf, each to an end that is said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack

import msgspec

from integrations.connector import Connector, Meaning, Page, Sends, Stopped, Trouble
from integrations.fields import Item, Projection
from integrations.operations import Operation
from integrations.pace import Clock, stamp
from integrations.shelf import KEPT, OpState, Progress, Shelf
from scanner.errors import GnomonError, SourceError
from scanner.model import App, Signature, Tenant

_RESTARTS = 3
_LONGEST = 4 * 3600.0  # seconds for one operation
_OVERLAP = 86_400.0  # seconds: events may come late
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
        self._looked: set[str] = set()  # operations whose items were looked at
        self._sources: list[str] = []  # those of them on which what is asked rests
        self._rests: dict[str, list[str]] = {}
        self._ai_apps: dict[str, tuple[tuple[int, int], list[tuple[App, Signature]]]] = {}

    def begin(self, expected: str = "") -> Tenant:
        """Find out whose account it is, before anything is read of it. Raises SourceError.

        A shelf of the same account that is not older than a day is gone on with.
        """
        known = self._resumed()
        found = self._owner(known)
        if known is not None and known != found.id:
            self._begin_anew()
            found = self._owner(None)
        self._check(found, expected)
        self._shelf.note("tenant", found.id)
        self.tenant = found
        return found

    def _owner(self, known: str | None) -> Tenant:
        """Return whose account it is. Of a shelf that is gone on with, that is asked again: the
        secret may be another one by now, and what was denied may be granted."""
        with ExitStack() as stack:
            if known is not None:
                stack.callback(setattr, self, "_shelf", self._shelf)
                self._shelf = stack.enter_context(Shelf())
            found = self._connector.identify(self)
            if found is None or not found.id:
                raise SourceError(f"{self._connector.title}: {self._why_nameless()}")
        return found

    def _check(self, found: Tenant, expected: str) -> None:
        if expected and expected not in (found.id, found.name, *found.domains):
            raise SourceError(
                f"{self._connector.title}: this is the account of {found.name or found.id} "
                f"({found.id}), not of {expected}; nothing was stored"
            )

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
        if parameters:
            self._rest(operation)
        if known is not None and known.state in _ENDED:
            return known.state is OpState.COMPLETE
        progress = known or Progress(OpState.READING)
        if progress.pages and not progress.following:  # its last page is here
            if progress.state is OpState.READING:
                return self._end_whole(operation, parameters, progress).state is OpState.COMPLETE
            progress = self._shelf.restart(operation.id, parameters, progress._replace(restarts=-1))
        if operation.id not in self._operations:
            reason = f"not in this profile; see `gnomon sources permissions {self._connector.name}`"
            self._shelf.write(operation.id, parameters, Progress(OpState.SKIPPED, reason=reason))
            return False
        return self._read(operation, parameters, progress).state is OpState.COMPLETE

    def read_each(self, operation: Operation, parameters: Iterable[Mapping[str, str]]) -> None:
        """Read an operation with each of some parameters; with none it lists nothing any more."""
        is_asked = False
        for one in parameters:
            is_asked = True
            self.read(operation, **one)
        # Of events nothing is gone, and those of whatever comes to be asked about are still to read.
        if not is_asked and operation.is_state and self.wants(operation) and self._are_whole():
            self._rest(operation)
            self._shelf.write(operation.id, {}, Progress(OpState.COMPLETE))

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        """Yield the items read so far, each with the parameters that it was asked with."""
        self._consulted(operation)
        for parameters, items in self._shelf.items(operation.id):
            for one in items:
                yield parameters, Item(one)

    def ai_apps(self) -> Iterator[tuple[App, Signature]]:
        """Yield the applications read so far that are AI, each once."""
        seen: set[str] = set()
        for operation in self._connector.operations:
            for app, signature in self._ai_apps_of(operation):
                if app.key not in seen:
                    seen.add(app.key)
                    yield app, signature

    def _ai_apps_of(self, operation: Operation) -> list[tuple[App, Signature]]:
        """Return the AI among what one operation lists, as long as nothing was read of it since."""
        parts = self._shelf.of_operation(operation.id)
        read = len(parts), sum(one.pages for _, one in parts)
        known = self._ai_apps.get(operation.id)
        if known is None or known[0] != read:
            apps = list(self._apps_of(operation))
            if apps or not read[1]:
                self._consulted(operation)
            found = [(app, one) for app in apps if (one := self._recognise(app)) is not None]
            known = self._ai_apps[operation.id] = read, found
        return known[1]

    def _apps_of(self, operation: Operation) -> Iterator[App]:
        seen: set[str] = set()
        for parameters, items in self._shelf.items(operation.id):
            for one in items:
                for record in operation.parse(Item(one), parameters):
                    if isinstance(record, App) and record.key not in seen:
                        seen.add(record.key)
                        yield record

    def since(self, operation: Operation, days: int) -> str:
        """Return the time to ask events from, a beginning of a day, in ISO 8601."""
        noted = self._shelf.head(f"since {operation.id}")
        if noted:
            return noted
        first = self._clock.time() - days * 86_400
        known = self._since(self.tenant, operation)
        if known is not None and known > self._clock.time():
            known = None  # a clock was wrong: nobody knows up to when events were read
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

    def _resumed(self) -> str | None:
        """Return whose account a shelf is of that is gone on with; None for a new one."""
        age = abs(self._clock.time() - float(self._shelf.head("began") or 0))
        is_of_this = self._shelf.head("of") == self._question()
        if is_of_this and age < KEPT and (tenant := self._shelf.head("tenant")):
            self._shelf.forget(OpState.DENIED, OpState.NOT_LICENSED, OpState.SKIPPED, OpState.ERROR)
            return tenant
        self._begin_anew()
        return None

    def _question(self) -> str:
        """Return what tells one collection from another."""
        settings = msgspec.json.encode(dict(self.settings), order="sorted")
        wanted = repr(sorted(self._operations)).encode()
        return hashlib.sha256(self._connector.name.encode() + b"\0" + settings + wanted).hexdigest()

    def _begin_anew(self) -> None:
        self._shelf.clear()
        self._shelf.note("of", self._question())
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
                return self._end_whole(operation, parameters, progress)
            except Stopped as error:
                meaning = error.meaning
                progress = self._shelf.progress(operation.id, parameters) or progress
            except GnomonError as error:
                meaning = Meaning(Trouble.WRONG, str(error))
                progress = self._shelf.progress(operation.id, parameters) or progress
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

    def _end_whole(
        self, operation: Operation, parameters: Mapping[str, str], progress: Progress
    ) -> Progress:
        """Say how a list ended that was read to its end."""
        got = progress.items + progress.doubles
        end = OpState.COMPLETE, ""
        if progress.total is not None and got < progress.total and operation.is_state:
            end = OpState.PARTIAL, f"{got:,} items came of {progress.total:,}"
        return self._ended(operation, parameters, progress, end)

    def _are_whole(self) -> bool:
        """Whether all that was looked at to know what to ask is whole, as far as it is wanted."""
        parts = [
            progress
            for name in self._looked & self._operations
            for _, progress in self._shelf.of_operation(name)
        ]
        return all(one.state is OpState.COMPLETE for one in parts)

    def _consulted(self, operation: Operation) -> None:
        """Remember that what is asked from now on may have come out of an operation."""
        self._looked.add(operation.id)
        if operation.id in self._sources:
            return
        parts = self._shelf.of_operation(operation.id)
        if any(one.pages for _, one in parts) or (
            parts and self._since(self.tenant, operation) is not None
        ):
            self._sources.append(operation.id)

    def _rest(self, operation: Operation) -> None:
        """Note what the questions of an operation came out of: where that is not whole, this is not."""
        sources = [one for one in self._sources if one != operation.id]
        if sources and self._rests.get(operation.id) != sources:
            self._rests[operation.id] = sources
            self._shelf.note(f"rests on {operation.id}", " ".join(sources))

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
    if state in (OpState.ERROR, OpState.SKIPPED) and progress.pages:
        state = OpState.PARTIAL
    if state is OpState.PARTIAL and not progress.pages:
        state = OpState.ERROR
    return state, meaning.advice
