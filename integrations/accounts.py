"""Accounts as a scan reads them: asked through a connector, or laid out from a recording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from xxhash import xxh3_128

from integrations.collecting import Collection
from integrations.connector import Connector, Context, Sends, SendsItself, Stopped
from integrations.fields import Item, time_of
from integrations.file_names import file_name
from integrations.network import Network
from integrations.operations import Operation, Profile
from integrations.pace import Clock, SystemClock, stamp
from integrations.recorded import lay_out, record
from integrations.secrets import secret_of
from integrations.shelf import OpState, Progress, Shelf
from integrations.transport import Transport
from scanner.accounts import ListedTree, Listing, Recognise
from scanner.config import SourceSettings
from scanner.errors import ConfigError, GnomonError, SourceError
from scanner.model import Record, SourceState, Tenant
from scanner.privacy import Pseudonyms

_STATES = {
    OpState.READING: SourceState.PARTIAL,
    OpState.COMPLETE: SourceState.COMPLETE,
    OpState.PARTIAL: SourceState.PARTIAL,
    OpState.DENIED: SourceState.DENIED,
    OpState.NOT_LICENSED: SourceState.NOT_LICENSED,
    OpState.SKIPPED: SourceState.SKIPPED,
    OpState.ERROR: SourceState.FAILED,
}
# Of the parts of one operation the gravest is said.
_GRAVEST = (
    OpState.ERROR,
    OpState.DENIED,
    OpState.PARTIAL,
    OpState.READING,
    OpState.NOT_LICENSED,
    OpState.COMPLETE,
    OpState.SKIPPED,
)
_SKEW = 120.0


class ShelvedAccount:
    """An account whose pages are on a shelf."""

    def __init__(
        self,
        connector: Connector,
        tenant: Tenant,
        shelf: Shelf,
        name: str,
        notes: tuple[str, ...] = (),
        is_of_a_person: bool = False,
    ) -> None:
        self.tenant = tenant
        self._connector = connector
        self._shelf = shelf
        self._name = name
        self._notes = notes
        self._is_of_a_person = is_of_a_person

    def listings(self) -> list[Listing]:
        """Return a listing for each operation that was begun, in that order."""
        begun = self._shelf.operations()
        known = [one for name in begun if (one := self._connector.operation(name)) is not None]
        return [self._listing(one) for one in known]

    def trees(self) -> Iterator[ListedTree]:
        """Yield the repositories whose files were read."""
        yield from self._connector.trees(self)

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        """Yield what was read of an operation, each with the parameters it was asked with."""
        for parameters, items in self._shelf.items(operation.id):
            for one in items:
                yield parameters, Item(one)

    def stored(self) -> None:
        """Remove the shelf: all of it is stored."""
        self._shelf.discard()

    def _listing(self, operation: Operation) -> Listing:
        parts = [progress for _, progress in self._shelf.of_operation(operation.id)]
        state, reason = self._end(parts)
        if state is SourceState.COMPLETE and (source := self._source_in_part(operation)):
            state, reason = SourceState.PARTIAL, f"asked for what {source} lists, read in part"
        bad: Counter[str] = Counter()
        began = float(self._shelf.head("began") or 0)
        return Listing(
            key=operation.id,
            name=f"{self._name} {operation.title}",
            title=f"{self._connector.title}: {operation.title}",
            state=state,
            records=partial(self._records, operation, bad),
            reason=reason,
            is_state=operation.is_state,
            since=None if operation.is_state else self._since(operation, began),
            until=stamp(began) if began else None,
            pages=sum(one.pages for one in parts),
            size=sum(one.items for one in parts),
            digest=self._digest(operation),
            bad_fields=lambda: dict(bad),
            notes=(*filter(None, [self._shelf.head(f"note {operation.id}")]), *self._notes),
        )

    def _since(self, operation: Operation, began: float) -> datetime:
        """Return since when events were asked for. Where nobody says, no day before the collection
        counts as read: what was seen of those days stays."""
        return _time(self._shelf.head(f"since {operation.id}")) or stamp(began)

    def _source_in_part(self, operation: Operation) -> str:
        """Return the title of a list that an operation's questions came out of and that is not
        whole; "" if there is none. What nobody asked for is not gone."""
        for name in self._shelf.head(f"rests on {operation.id}").split():
            source = self._connector.operation(name)
            parts = [progress for _, progress in self._shelf.of_operation(name)]
            if source and parts and self._end(parts)[0] is not SourceState.COMPLETE:
                return source.title
        return ""

    def _end(self, parts: list[Progress]) -> tuple[SourceState, str | None]:
        worst = min(parts, key=lambda one: _GRAVEST.index(one.state))
        alike = [one for one in parts if one.state is worst.state]
        reason = worst.reason or None
        if reason and len(parts) > 1:
            reason = f"{len(alike):,} of {len(parts):,} parts: {reason}"
        state = worst.state
        if (
            state is not OpState.COMPLETE
            and any(one.pages for one in parts)
            and state is not OpState.SKIPPED
        ):
            state = OpState.PARTIAL
        if state is OpState.COMPLETE and self._is_of_a_person:
            return SourceState.PARTIAL, "read as one person, who may not see everything"
        return _STATES[state], reason

    def _records(self, operation: Operation, bad: Counter[str]) -> Iterator[Record]:
        bad.clear()
        for parameters, items in self._shelf.items(operation.id):
            for one in items:
                yield from operation.parse(Item(one, bad), parameters)

    def _digest(self, operation: Operation) -> str:
        from msgspec.json import encode

        digest = xxh3_128()
        for parameters, items in self._shelf.items(operation.id):
            digest.update(encode([parameters, items], order="sorted"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class ConnectorInput:
    """An account that gnomon.toml names, to be asked through its connector."""

    connector: Connector
    source: SourceSettings
    network: Network
    folder: Path  # that secrets' files are relative to
    shelf: Path
    pseudonyms: Pseudonyms
    since: Callable[[Tenant, str], datetime | None]  # of a tenant and an operation
    record: Path | None = None
    clock: Clock = field(default_factory=SystemClock)

    @property
    def name(self) -> str:
        """What the account is called in results."""
        return self.source.name or self.connector.name

    @property
    def size(self) -> int:
        return 0

    @contextmanager
    def open(self, recognise: Recognise) -> Iterator[ShelvedAccount]:
        """Ask the account. Raises SourceError, ConfigError."""
        with ExitStack() as stack:
            settings = settings_of(self.connector, self.source)
            asking = asked(self.connector, settings, self.network, self.folder, self.clock, stack)
            shelf = stack.enter_context(Shelf(self.shelf))
            run = Collection(
                self.connector,
                self.connector.of_profile(Profile(self.source.profile), self.source.also),
                settings,
                asking.transport,
                shelf,
                self.clock,
                recognise,
                self._since,
            )
            tenant = self._read(run, shelf, settings.get("tenant", ""))
            if asking.is_of_a_person:
                shelf.note("of a person", "yes")
            if self.record is not None:
                path = self.record / f"{file_name(self.name)}.ndjson"
                record(path, self.connector, tenant, shelf, self.pseudonyms)
            notes = (*self.network.notes, *_clock_note(asking.transport.sent.skew))
            yield ShelvedAccount(
                self.connector, tenant, shelf, self.name, notes, asking.is_of_a_person
            )

    def _read(self, run: Collection, shelf: Shelf, expected: str) -> Tenant:
        """Read the account to its shelf. A fault of ours ends this source, and no other."""
        try:
            tenant = run.begin(expected)
            run.collect()
        except (GnomonError, OSError):
            raise
        except Exception as error:
            # What it says may quote an answer, or a key.
            at = f"{self.connector.title}: asking it failed: {type(error).__name__}"
            raise SourceError(f"{at}; what was read is kept for the next scan") from error
        finally:
            if not shelf.head("tenant"):
                shelf.discard()  # nothing is on it
        return tenant

    def _since(self, tenant: Tenant, operation: Operation) -> float | None:
        found = self.since(tenant, operation.id)
        return found.timestamp() if found else None


@dataclass(frozen=True, slots=True)
class RecordedInput:
    """A recorded collection."""

    connector: Connector
    path: Path
    label: str

    @property
    def name(self) -> str:
        return self.label

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @contextmanager
    def open(self, recognise: Recognise) -> Iterator[ShelvedAccount]:  # noqa: ARG002
        """Lay the recording out. Raises SourceError."""
        with Shelf() as shelf:
            tenant = lay_out(self.path, shelf)
            is_of_a_person = bool(shelf.head("of a person"))
            yield ShelvedAccount(self.connector, tenant, shelf, self.label, (), is_of_a_person)


@dataclass(frozen=True, slots=True)
class Asking:
    """A connector ready to send."""

    transport: Sends
    granted: frozenset[str] | None
    is_of_a_person: bool


def asked(
    connector: Connector,
    settings: Mapping[str, str],
    network: Network,
    folder: Path,
    clock: Clock,
    stack: ExitStack,
) -> Asking:
    """Sign in and return what can send. Raises ConfigError, SourceError."""
    hosts = hosts_of(connector, settings)
    context = Context(revealed(connector, settings, folder), hosts, network, clock.time)
    credentials = connector.sign_in(context)
    transport: Sends
    if isinstance(credentials, SendsItself):
        transport = credentials.sender(connector, clock)
    else:
        client = stack.enter_context(network.client())
        transport = Transport(connector, credentials, client, hosts, clock)
    try:
        return Asking(transport, credentials.granted(), credentials.is_of_a_person)
    except Stopped as error:
        raise SourceError(f"{connector.title}: {error}") from error


def settings_of(connector: Connector, source: SourceSettings) -> dict[str, str]:
    """Return the settings of a source, with the defaults. Raises ConfigError for a wrong one."""
    known = {one.name for one in connector.settings}
    hosts = {f"{key}_host" for hosts in connector.hosts.values() for key in hosts}
    if unknown := sorted(source.settings.keys() - known - hosts - {"cloud"}):
        raise ConfigError(
            f"{connector.name}: no setting {unknown[0]!r}; there are {', '.join(sorted(known))}"
        )
    given = {one.name: one.default for one in connector.settings if one.default}
    given |= source.settings
    missing = [one for one in connector.settings if one.is_required and not given.get(one.name)]
    if missing:
        raise ConfigError(f"{connector.name}: {missing[0].name} is missing: {missing[0].why}")
    return given


def hosts_of(connector: Connector, settings: Mapping[str, str]) -> dict[str, str]:
    """Return where the operations of a connector are sent. Raises ConfigError."""
    cloud = settings.get("cloud", "")
    if cloud not in connector.hosts:
        raise ConfigError(
            f"{connector.name}: no cloud {cloud!r}; there are "
            f"{', '.join(sorted(filter(None, connector.hosts))) or 'none'}"
        )
    hosts = {
        key: settings.get(f"{key}_host") or _filled(address, settings)
        for key, address in connector.hosts[cloud].items()
    }
    for key, address in hosts.items():
        if not address.startswith("https://"):
            raise ConfigError(f"{connector.name}: {key}_host has to begin with https://")
    return hosts


def revealed(connector: Connector, settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the settings with what their references name. Raises ConfigError."""
    secret = {one.name for one in connector.settings if one.is_secret}
    return {
        name: secret_of(value, f"{connector.name}: {name}", folder).reveal()
        if name in secret and value
        else value
        for name, value in settings.items()
    }


def _filled(address: str, settings: Mapping[str, str]) -> str:
    for name, value in settings.items():
        address = address.replace(f"{{{name}}}", value)
    return address


def _clock_note(skew: float) -> tuple[str, ...]:
    if abs(skew) <= _SKEW:
        return ()
    ahead = "ahead" if skew > 0 else "behind"
    return (f"this machine's clock is {abs(skew):,.0f} seconds {ahead} of the service's",)


def _time(text: str) -> datetime | None:
    return time_of(text) if text else None
