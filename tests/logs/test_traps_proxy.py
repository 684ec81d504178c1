"""Traps that hold for every format that reads requests: what is no hit, and what is one event."""

import json

import pytest

from scanner.logs.formats import cef, csv_fields, ecs, json_fields, leef, ocsf, sentinel, squid, udm
from scanner.registry import FORMATS, values
from tests.support import a_matcher, at, read

_TIME = "2026-11-21T01:58:16Z"


def _json(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _records(url: str, time: str = _TIME, other: str = "-") -> dict[str, bytes]:
    """Return a request of a URL as several formats write it; ``other`` stands where no host does."""
    named = {
        "squid": f"1795226296.000 15 10.0.0.7 TCP_MISS/200 18 POST {url} - HIER_DIRECT/203.0.113.7 -\n",
        "cef": f"CEF:0|V|P|1|2|n|3|src=10.0.0.7 rt={time} requestContext={other} request={url} requestMethod=POST\n",
        "leef": f"LEEF:1.0|V|P|1|e|src=10.0.0.7\tdevTime={time}\treferer={other}\tmethod=POST\turl={url}\n",
        "csv": f"time,client_ip,referer,user_agent,method,url\n{time},10.0.0.7,{other},{other},POST,{url}\n",
    }
    return {name: text.encode() for name, text in named.items()} | {
        "jsonl": _json(
            {
                "time": time,
                "client_ip": "10.0.0.7",
                "http_referer": other,
                "method": "POST",
                "url": url,
            }
        ),
        "ecs": _json(
            {
                "@timestamp": time,
                "source": {"ip": "10.0.0.7"},
                "http": {"request": {"method": "POST", "referrer": other}},
                "url": {"full": url},
                "host": {"name": other},
            }
        ),
        "ocsf": _json(
            {
                "class_uid": 4002,
                "time": time,
                "src_endpoint": {"ip": "10.0.0.7"},
                "http_request": {
                    "http_method": "POST",
                    "referrer": other,
                    "url": {"url_string": url},
                },
            }
        ),
        "udm": _json(
            {
                "metadata": {"event_type": "NETWORK_HTTP", "event_timestamp": time},
                "principal": {"ip": "10.0.0.7"},
                "network": {"http": {"method": "POST", "referral_url": other}},
                "target": {"url": url},
            }
        ),
        "sentinel": _json(
            {
                "TimeGenerated": time,
                "EventVendor": "V",
                "Url": url,
                "SrcIpAddr": "10.0.0.7",
                "HttpReferrer": other,
                "HttpRequestMethod": "POST",
            }
        ),
    }


_FORMATS = {
    one.FORMAT.name: one.FORMAT
    for one in (squid, cef, leef, csv_fields, json_fields, ecs, ocsf, udm, sentinel)
}
every_format = pytest.mark.parametrize("name", sorted(_FORMATS))


def test_the_formats_here_are_registered() -> None:
    assert set(_FORMATS) <= {one.name for one in values(FORMATS)}


@every_format
def test_s11_referers_parameters_and_agents_are_no_hosts(name: str) -> None:
    url = "https://example.org/?u=https://chatgpt.com/"
    text = _records(url, other="https://chatgpt.com/")[name]
    seen = read(_FORMATS[name], text).observations
    assert [(one.value, one.path) for one in seen] == [("example.org", "/")]
    assert read(_FORMATS[name], text, hosts=a_matcher().host_table()).observations == []


@every_format
@pytest.mark.parametrize(
    "host", ["notopenai.com", "openai.com.evil.example", "api-openai.com", "xn--openai-1ya.com"]
)
def test_s23_look_alikes_meet_no_signature(name: str, host: str) -> None:
    text = _records(f"https://{host}/v1/x")[name]
    assert read(_FORMATS[name], text, hosts=a_matcher().host_table()).observations == []


@every_format
@pytest.mark.parametrize("host", ["b%C3%BCcher.example", "bücher.example", "BÜCHER.example."])
def test_s24_names_in_other_letters(name: str, host: str) -> None:
    seen = read(_FORMATS[name], _records(f"https://{host}/x")[name]).observations
    assert [(one.value, one.path) for one in seen] == [("xn--bcher-kva.example", "/x")]


@every_format
def test_s22_s12_userinfo_and_ports_and_no_scheme(name: str) -> None:
    for url in ("https://ana:pw@api.openai.com:443/v1/x", "api.openai.com/v1/x"):
        seen = read(
            _FORMATS[name], _records(url)[name], hosts=a_matcher().host_table()
        ).observations
        assert [(one.value, one.path) for one in seen] == [("api.openai.com", "/v1/x")]


@pytest.mark.parametrize("name", sorted(set(_FORMATS) - {"squid"}))
@pytest.mark.parametrize(
    "time", ["2026-11-21T01:58:16Z", "2026-11-21T02:58:16+01:00", "2026-11-20T20:58:16-05:00"]
)
def test_s25_one_event_in_two_zones_has_one_time(name: str, time: str) -> None:
    seen = read(_FORMATS[name], _records("https://claude.ai/x", time)[name]).observations
    assert [(one.ts, one.client) for one in seen] == [(at(_TIME), "10.0.0.7")]
