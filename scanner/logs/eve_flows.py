"""What Suricata's records show of a flow, held until its other records have told the rest.

The answer tells what became of a question, the record of the flow how many bytes went each way, an
alert whether it was blocked. All depends on the last ``WINDOW`` lines alone, so that a log may be
cut at any line and read in pieces.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from scanner.logs import Tally
from scanner.logs.values import count, text
from scanner.model import Action, Channel, Observation, Sighting

WINDOW = 20_000
_BOUND = 100_000
_SUCCESS = (Action.ALLOWED, Action.UNKNOWN)

Flow = int | str


class Shown(NamedTuple):
    """What a record shows, ``key`` telling one act in a flow from another, ``by`` the event."""

    seen: Observation
    flow: Flow | None
    key: tuple[str | None, ...]
    by: str


@dataclass(slots=True)
class _Act:
    """An act that is held: ``is_open`` until it is yielded."""

    seen: Observation
    flow: Flow
    key: tuple[str | None, ...]
    by: str
    carries_bytes: bool
    is_open: bool = True


class Held:
    """What the wanted records of the last lines show, each for ``WINDOW`` lines.

    Which record repeats which, and which carries a flow's bytes, depends on the lines within the
    window alone. Of several acts of a flow about one host, the first that got through carries them.
    """

    def __init__(self) -> None:
        self._order: deque[_Act] = deque()
        self._latest: dict[tuple[object, ...], _Act] = {}
        self._open: dict[Flow, dict[int, _Act]] = {}
        self._carriers: dict[tuple[Flow, str], _Act] = {}

    def waits_for(self, flow: object) -> bool:
        """Whether acts of a flow are held."""
        return isinstance(flow, int | str) and flow in self._open

    def take(self, shown: list[Shown], line: int, tally: Tally) -> Iterator[Observation]:
        """Hold what a record shows; a record that only repeats what is held is ignored."""
        yield from self._advance(line)
        new = [one for one in shown if not self._repeats(one)]
        if not new:
            is_answer = bool(shown) and shown[0].by == "answer"
            tally.ignored["answer" if is_answer else "repeat of a record above"] += 1
        for one in new:
            if one.flow is None:
                yield one.seen
            else:
                self._hold(one, one.flow)

    def end(self, row: dict[str, Any], kind: str, line: int) -> Iterator[Observation]:
        """Yield the acts of a flow that ended, with its bytes; netflow tells one way at a time."""
        yield from self._advance(line)
        acts = list(self._open.get(row["flow_id"], {}).values())
        sizes = next(iter(objects(row.get(kind))), {})
        for act in acts:
            if act.carries_bytes and act.seen.action in _SUCCESS:
                act.seen = _with_bytes(act.seen, row, sizes)
        if kind == "flow":
            for act in acts:
                yield self._close(act)

    def rest(self) -> Iterator[Observation]:
        """Yield what is still held, in the order of its lines."""
        for act in self._order:
            if act.is_open:
                yield act.seen

    def _advance(self, line: int) -> Iterator[Observation]:
        order = self._order
        while order and (line - order[0].seen.line > WINDOW or len(order) > _BOUND):
            act = order.popleft()
            if act.is_open:
                yield self._close(act)
            if self._latest.get((act.flow, *act.key)) is act:
                del self._latest[(act.flow, *act.key)]
            if self._carriers.get((act.flow, act.seen.value)) is act:
                del self._carriers[(act.flow, act.seen.value)]

    def _repeats(self, one: Shown) -> bool:
        """Whether a record shows an act that is held, of which it may tell more."""
        act = self._latest.get((one.flow, *one.key))
        if act is None or not ("alert" in (one.by, act.by) or one.by == "answer"):
            return False
        if one.seen.action is Action.BLOCKED or act.seen.action is Action.UNKNOWN:
            act.seen = act.seen._replace(action=one.seen.action)
        if act.by == "alert" and one.by not in ("alert", "answer"):
            act.by = one.by
            act.seen = one.seen._replace(action=act.seen.action, line=act.seen.line)
        return True

    def _hold(self, one: Shown, flow: Flow) -> None:
        seen = one.seen
        is_first = (flow, seen.value) not in self._carriers
        act = _Act(seen, flow, one.key, one.by, is_first and _may_carry_bytes(seen))
        if act.carries_bytes:
            self._carriers[(flow, seen.value)] = act
        self._latest[(flow, *one.key)] = act
        self._open.setdefault(flow, {})[id(act)] = act
        self._order.append(act)

    def _close(self, act: _Act) -> Observation:
        act.is_open = False
        of_flow = self._open[act.flow]
        del of_flow[id(act)]
        if not of_flow:
            del self._open[act.flow]
        return act.seen


def _may_carry_bytes(seen: Observation) -> bool:
    """Whether a flow is an act's own: a proxy's connection carries requests to other hosts too."""
    is_alone = seen.channel in (Channel.TLS, Channel.HTTP) or seen.kind is Sighting.HTTP_CONNECT
    return is_alone and seen.action in _SUCCESS


def _with_bytes(seen: Observation, row: dict[str, Any], sizes: dict[str, Any]) -> Observation:
    if "bytes_toserver" in sizes:
        up, down = count(sizes.get("bytes_toserver")), count(sizes.get("bytes_toclient"))
        return seen._replace(bytes_up=up, bytes_down=down)
    size = count(sizes.get("bytes"))
    if text(row.get("src_ip")) == seen.client:
        return seen._replace(bytes_up=size)
    return seen._replace(bytes_down=size)


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects in a field that holds one, or a list of some."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]
