"""Results of Splunk searches."""

import pytest

from scanner.logs.envelopes import splunk_csv, splunk_json
from scanner.model import TimeQuality
from tests.logs.envelopes.samples import SQUID, SQUID_2, as_json, read_as
from tests.support import at, clock

_WHEN = "2026-11-21T01:58:30.136+00:00"
_EXACT = (at("2026-11-21T01:58:30.136Z"), TimeQuality.EXACT)


def test_a_result_is_its_raw_event() -> None:
    result = {"_raw": SQUID.decode(), "_time": _WHEN, "sourcetype": "squid"}
    line = as_json({"preview": False, "offset": 0, "lastrow": True, "result": result})
    assert splunk_json.peel(line) == [SQUID]
    assert splunk_json.time(line, clock()) == _EXACT
    assert splunk_json.peel(as_json(result)) == [SQUID]
    assert splunk_json.time(as_json(result), clock()) == _EXACT


def test_a_result_without_a_raw_event_is_a_record() -> None:
    inner = b'{"query": "api.openai.com", "n": 1.50}'
    line = b'{"preview":false,"result":' + inner + b"}"
    assert splunk_json.peel(line) == [inner]


def test_all_results_may_stand_in_one_object() -> None:
    results = [{"_raw": SQUID.decode()}, {"_raw": ["a", "b"]}, {"query": "api.openai.com"}]
    line = as_json({"init_offset": 0, "results": results, "fields": []})
    assert splunk_json.peel(line) == [SQUID, b"a", b"b", b'{"query":"api.openai.com"}']


@pytest.mark.parametrize(
    "line",
    [SQUID, b'{"result":"ok"}', b'{"result":[1]}', b'{"a":"_raw"}', b'{"_raw":1}', b'{"_raw":"a'],
)
def test_what_is_no_result_is_left(line: bytes) -> None:
    assert splunk_json.peel(line) is None


_HEADER = b'"_serial","_time",source,"_raw",host'


def test_the_header_says_where_the_raw_event_stands() -> None:
    peel = splunk_csv.open_([_HEADER])
    assert peel is not None
    assert peel(_HEADER) == []
    assert peel(b'0,"2026-11-21T01:58:30.136+0000","a ""b"", c","x=""1"", y=2",gw') == [
        b'x="1", y=2'
    ]
    assert peel(b"0,2026-11-21,a,plain,gw") == [b"plain"]
    assert peel(b'0,2026-11-21,a,"begins here') == [b"begins here"]
    assert peel(b'0,2026-11-21,a,"",gw') == []
    assert peel(b'and ends here",gw') is None
    assert peel(b"") is None


@pytest.mark.parametrize("header", [b"", SQUID, b"time,raw", b'{"_raw":"a"}', b"_rawer,_time"])
def test_a_log_without_such_a_header_is_none(header: bytes) -> None:
    assert splunk_csv.open_([header]) is None
    assert splunk_csv.open_([]) is None


@pytest.mark.parametrize(
    "written",
    [b'0,"2026-11-21T01:58:30.136+0000",a', b"2026-11-21T01:58:30.136Z,a", b'"1795226310.136",a'],
)
def test_the_time_is_the_first_cell_that_is_one(written: bytes) -> None:
    assert splunk_csv.time(written, clock()) == _EXACT


def test_an_export_is_read_as_what_it_holds() -> None:
    rows = [b'0,"%b",a,"%b",gw' % (_WHEN.encode(), raw) for raw in (SQUID, SQUID_2)]
    assert read_as([_HEADER, *rows]) == ("squid", ["api.openai.com", "claude.ai"])
