"""Every format's own sample, inside of every envelope that carries text: it says the same."""

import pytest

from scanner.hosts import HostTable
from scanner.logs import Tally
from scanner.logs.detection import judge
from scanner.logs.lines import batch_of
from scanner.logs.peeling import Peeling
from scanner.model import Observation, TimeQuality
from scanner.registry import ENVELOPES, FORMATS, values
from tests.logs.envelopes.samples import RECEIVED, WRAPS, observed, recognised, wrapped
from tests.support import at, clock, lines_of, read

_FORMATS = {one.name: one for one in values(FORMATS)}
_ENVELOPES = {one.name: one for one in values(ENVELOPES)}
every_format = pytest.mark.parametrize("name", sorted(_FORMATS))
every_wrap = pytest.mark.parametrize("how", WRAPS)


def _told(seen: list[Observation], how: str, name: str) -> list[Observation]:
    """Return the observations with the carrier's time where the records have none."""
    quality = TimeQuality.ASSUMED_YEAR if "3164" in how else TimeQuality.EXACT
    # A capture's records say their own number, that of the packet.
    header = 1 if how == "splunk-csv" and name != "capture" else 0
    return [
        one._replace(
            line=one.line + header,
            ts=at(RECEIVED) if one.ts is None else one.ts,
            time_quality=quality if one.ts is None else one.time_quality,
        )
        for one in seen
    ]


@every_wrap
@every_format
def test_the_lines_come_out_as_they_went_in(name: str, how: str) -> None:
    lines = lines_of(_FORMATS[name].sample)
    carried = wrapped(how, lines)
    envelope = _ENVELOPES[how.partition(" ")[0]]
    peeling = Peeling([envelope], carried)
    inner = [record for line in carried for record in peeling.records(line)]
    if envelope.name == "syslog":  # and what heads the lines had of their own come off too
        lines = [record for line in lines for record in Peeling([envelope], lines).records(line)]
    assert inner == [line for line in lines if line]


@every_wrap
@every_format
def test_a_wrapped_log_is_recognised_and_read_as_without(name: str, how: str) -> None:
    carried = wrapped(how, lines_of(_FORMATS[name].sample))
    best = recognised(carried)
    assert (best.format.name, best.is_fit) == (name, True)
    assert observed(carried, best) == _told(
        read(_FORMATS[name], _FORMATS[name].sample).observations, how, name
    )


def test_a_record_without_a_time_has_that_of_its_envelope() -> None:
    text = b'{"log":"[INFO] 10.0.0.7:42114 - 64820 \\"A IN api.openai.com. udp 57 false 1232\\" NOERROR qr,aa,rd 66 0.00015s\\n","stream":"stdout","time":"2026-11-20T08:01:02.5Z"}\n'
    best = judge(values(FORMATS), lines_of(text), clock(), values(ENVELOPES))[0]
    peeling = Peeling(best.envelopes, lines_of(text))
    tally = Tally()
    records = peeling.batches([batch_of(lines_of(text))], tally)
    (seen,) = best.format.read(records, HostTable.of_every_host(), tally, clock())
    assert best.format.name == "coredns"
    assert peeling.dated(seen, clock()).ts == at("2026-11-20T08:01:02.5Z")
