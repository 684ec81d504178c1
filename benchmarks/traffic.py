"""Who visits what, and when: the same traffic for every log, 1.5 % of it to AI, for three days.

Clients and hosts are drawn by Zipf's law. The same arguments give the same visits, and memory does
not grow with their number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate, count
from typing import NamedTuple

from benchmarks import names

AI_SHARE = 0.015
MIXED_CASE_SHARE = 0.01  # of the AI visits, where the log keeps case
LOOK_ALIKE_SHARE = 0.005
DAYS = 3
FIRST = 1_795_046_400  # 2026-11-19 00:00:00 UTC
ELSEWHERE = "api.openai.com"  # what stands in columns that are not the host

_BATCH = 1_000


class Visit(NamedTuple):
    """One client meets one host; ``bits`` are 64 random ones, for whatever else a log says."""

    time: float  # seconds from 1970-01-01
    client: str
    host: str
    bits: int


def visits(number: int, keeps_case: bool) -> Iterator[Visit]:
    """Yield visits without end; the first ``number`` of them fill three days."""
    dice = random.Random(names.SEED + 4)
    benign = _Zipf(names.benign_hosts(), 1.0)
    clients = _Zipf(names.clients(), 0.6)
    others = _Others(dice, keeps_case)
    step = DAYS * 86_400 / number
    for start in count(0, _BATCH):
        hosts = [others.instead_of(host) for host in benign.draw(dice, _BATCH)]
        times = [FIRST + (start + at) * step for at in range(_BATCH)]
        bits = [dice.getrandbits(64) for _ in range(_BATCH)]
        yield from map(Visit, times, clients.draw(dice, _BATCH), hosts, bits)


class _Zipf:
    """Draws from a list whose n-th entry is met in proportion to 1 / n ** exponent."""

    def __init__(self, values: list[str], exponent: float) -> None:
        self._values = values
        self._weights = list(accumulate(1 / n**exponent for n in range(1, len(values) + 1)))

    def draw(self, dice: random.Random, number: int) -> list[str]:
        return dice.choices(self._values, cum_weights=self._weights, k=number)


class _Others:
    """AI hosts and their look-alikes, which take the place of benign ones now and then."""

    def __init__(self, dice: random.Random, keeps_case: bool) -> None:
        self._dice = dice
        self._mixed_share = AI_SHARE * MIXED_CASE_SHARE if keeps_case else 0.0
        self._ai = _Zipf(names.ai_hosts(), 1.0)
        self._look_alike = _Zipf(names.look_alikes(), 1.0)

    def instead_of(self, benign: str) -> str:
        chance = self._dice.random()
        if chance >= AI_SHARE + LOOK_ALIKE_SHARE:
            return benign
        if chance >= AI_SHARE:
            return self._look_alike.draw(self._dice, 1)[0]
        (host,) = self._ai.draw(self._dice, 1)
        return self._mixed(host) if chance < self._mixed_share else host

    def _mixed(self, host: str) -> str:
        """Return the host as a resolver that plays with case (DNS 0x20) asks for it."""
        return "".join(self._dice.choice((letter, letter.upper())) for letter in host)
