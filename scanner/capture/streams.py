"""The beginning of a TCP stream out of its segments, in whatever order they came."""

from __future__ import annotations

_WINDOW = 1 << 17
_MOST_PIECES = 128
_ROUND = 0xFFFFFFFF


class Stream:
    """The first bytes of one direction; ``begin`` is the sequence number of the first of them.

    Where segments overlap, what came first stays. ``ready`` is what has come without a gap.
    """

    __slots__ = ("_apart", "begin", "ready")

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self.ready = b""
        self._apart: dict[int, bytes] = {}

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        return len(self.ready) + (sum(map(len, self._apart.values())) if self._apart else 0)

    def add(self, sequence: int, piece: bytes) -> bool:
        """Add a segment; returns whether more is ready than before."""
        at = sequence - self.begin & _ROUND
        if at > _ROUND >> 1:  # begins before: what is new of it counts
            piece, at = piece[_ROUND + 1 - at :], 0
        if at > _WINDOW or not piece:
            return False
        if at > len(self.ready):
            if len(self._apart) < _MOST_PIECES:
                self._apart.setdefault(at, piece)
            return False
        before = len(self.ready)
        self.ready += piece[before - at :]
        self._close_gaps()
        return len(self.ready) > before

    def pass_over(self, count: int) -> None:
        """Forget the first bytes: the stream begins behind them."""
        self.begin = self.begin + count & _ROUND
        self.ready = self.ready[count:]
        self._apart = {at - count: piece for at, piece in self._apart.items()}

    def _close_gaps(self) -> None:
        while self._apart:
            at = min(self._apart)
            if at > len(self.ready):
                return
            self.ready += self._apart.pop(at)[len(self.ready) - at :]
