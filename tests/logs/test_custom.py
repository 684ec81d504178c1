"""Log formats of one's own, as gnomon.toml describes them."""

from __future__ import annotations

import tomllib

import msgspec
import pytest

from scanner.config import Config, FormatSettings
from scanner.errors import ConfigError
from scanner.logs import OF_A_PROXY, Proof
from scanner.logs.custom import formats_of
from scanner.logs.detection import judge
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from scanner.registry import FORMATS, values
from tests.support import at, clock, read, within

_LINE = "2026-11-20 08:01:02 10.0.0.7 ana CONNECT api.openai.com:443 allowed"
_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-20T08:01:02Z"),
    kind=Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    user="ana",
    action=Action.ALLOWED,
    line=1,
    time_quality=TimeQuality.ASSUMED_ZONE,
)
_PATTERN = (
    r"pattern = '(?P<time>\S+ \S+) (?P<client>\S+) (?P<user>\S+) (?P<method>\S+) "
    r"(?P<url>\S+) (?P<action>\S+)'"
)
_COLUMNS = 'columns = ["time", "-", "client", "-", "host"]\ndelimiter = "|"\nkind = "dns"'


def _settings(text: str) -> tuple[FormatSettings, ...]:
    return msgspec.convert(tomllib.loads(text), Config).formats


def _one(text: str) -> tuple[FormatSettings, ...]:
    return _settings(f'[[formats]]\nname = "corp"\n{text}\n')


def test_a_pattern() -> None:
    (made,) = formats_of(_one(f'title = "Our proxy"\n{_PATTERN}'))
    assert read(made, _LINE.encode()).observations == [_SEEN]
    assert (made.name, made.title, made.specificity) == ("corp", "Our proxy", 85)
    assert made.proves == {
        Proof.TIME, Proof.CLIENT, Proof.USER, Proof.HOST, Proof.PATH, Proof.ACTION
    }  # fmt: skip


def test_lines_that_the_pattern_does_not_know_are_refused() -> None:
    (made,) = formats_of(_one(_PATTERN))
    text = f"{_LINE}\nsomething else\n{_LINE.replace('api.openai.com:443', '-')}\n\n"
    assert read(made, text.encode()).account == (
        1,
        {"record without a host": 1, "blank line": 1},
        1,
    )


def test_groups_that_found_nothing_say_nothing() -> None:
    (made,) = formats_of(_one(r"pattern = '(?P<host>\S+)(?: by (?P<user>\S+))?$'"))
    seen = read(made, b"chatgpt.com by ana\nchatgpt.com\n").observations
    assert [one.user for one in seen] == ["ana", None]


def test_f10_of_an_enormous_line_only_the_beginning_is_looked_at() -> None:
    (made,) = formats_of(_one(r"pattern = '(?P<host>\S+) .*(?P<user>end)'"))
    with within(5):
        reading = read(made, b"chatgpt.com " + b"x" * 1_000_000 + b"end")
    assert reading.account == (0, {}, 1)


def test_columns_of_which_some_mean_nothing() -> None:
    (made,) = formats_of(_one(_COLUMNS))
    reading = read(made, b"2026-11-20T08:01:02Z|x|10.0.0.7|y|api.openai.com\na|b|c\n")
    assert reading.observations == [
        Observation(
            channel=Channel.DNS,
            value="api.openai.com",
            ts=at("2026-11-20T08:01:02Z"),
            kind=Sighting.DNS_QUERY,
            client="10.0.0.7",
            line=1,
        )
    ]
    assert reading.account == (1, {}, 1)


@pytest.mark.parametrize(
    ("layout", "line"),
    [
        ('map = "time=when,client=cip,user=login,host=site,action=verdict,method=how"', "when=2026-11-20T08:01:02 cip=10.0.0.7 login=ana site=api.openai.com verdict=allowed how=CONNECT"),
        ('squid_logformat = "%{%Y-%m-%d %H:%M:%S}tl %>a %un %rm %ru %Ss"', "2026-11-20 08:01:02 10.0.0.7 ana CONNECT api.openai.com:443 TCP_TUNNEL"),
        ('nginx_log_format = "$time_iso8601 $remote_addr $remote_user \\"$request\\" $status"', '2026-11-20T08:01:02 10.0.0.7 ana "CONNECT api.openai.com:443 HTTP/1.1" 200'),
        ('apache_log_format = "%{%Y-%m-%d %H:%M:%S}t %h %u \\"%r\\" %s"', '2026-11-20 08:01:02 10.0.0.7 ana "CONNECT api.openai.com:443 HTTP/1.1" 200'),
    ],
)  # fmt: skip
def test_other_ways_to_describe_a_format(layout: str, line: str) -> None:
    (made,) = formats_of(_one(layout))
    assert read(made, line.encode()).observations == [_SEEN]
    if "log_format" in layout or "logformat" in layout:
        assert made.proves == OF_A_PROXY


def test_a_time_as_it_is_written_in_the_log() -> None:
    settings = (
        r"pattern = '(?P<time>.+?) host (?P<host>\S+)'" + '\ntime_format = "%d/%m/%Y %H.%M.%S"'
    )
    (made,) = formats_of(_one(settings))
    seen = read(made, b"02/07/2026 08.01.02 host chatgpt.com").observations
    assert [one.ts for one in seen] == [at("2026-07-02T08:01:02Z")]


def test_a_format_of_ones_own_wins() -> None:
    (made,) = formats_of(_one(_PATTERN))
    best, second = judge((*values(FORMATS), made), [_LINE.encode()] * 5, clock())[:2]
    assert best.format.name == "corp"
    assert best.rank > second.rank


def test_samples_that_come_out_as_they_say() -> None:
    samples = f"""
        samples = [
          {{line = "{_LINE}", host = "api.openai.com", client = "10.0.0.7", user = "ana", action = "allowed", time = 2026-11-20T08:01:02Z}},
          {{line = "{_LINE}", host = "api.openai.com", time = "2026-11-20T09:01:02+01:00"}},
          {{line = "2026-11-20 08:01:02 10.0.0.7 ana NONE - -", ignored = true}},
          {{line = "another line", ignored = true}},
        ]"""
    (made,) = formats_of(_one(_PATTERN + samples))
    assert made.sample == f"{_LINE}\n{_LINE}\n2026-11-20 08:01:02 10.0.0.7 ana NONE - -\nanother line\n".encode()  # fmt: skip


def test_samples_are_read_as_one_log_so_that_a_header_counts() -> None:
    samples = """map = "host=site,client=ip"
        samples = [{line = "ip,site", ignored = true}, {line = "10.0.0.7,claude.ai", host = "claude.ai", client = "10.0.0.7"}]"""
    assert [one.name for one in formats_of(_one(samples))] == ["corp"]


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ('host = "chatgpt.com"', "expected host chatgpt.com, but host api.openai.com, client 10.0.0.7, user ana, action allowed, time 2026-11-20T08:01:02+00:00 came out of: 2026-11-20 08:01:02 10.0.0.7 ana"),
        ('host = "api.openai.com", client = "10.0.0.8"', "expected host api.openai.com, client 10.0.0.8, but host api.openai.com, client 10.0.0.7"),
        ('host = "api.openai.com", user = "bob"', "expected host api.openai.com, user bob, but"),
        ('host = "api.openai.com", action = "blocked"', "expected host api.openai.com, action blocked, but"),
        ('host = "api.openai.com", time = 2026-11-20T09:01:02', "expected host api.openai.com, time 2026-11-20T09:01:02+00:00, but"),
        ("ignored = true", "expected nothing, but host api.openai.com"),
    ],
)  # fmt: skip
def test_a_sample_that_comes_out_otherwise_is_an_error(sample: str, said: str) -> None:
    samples = f'samples = [{{line = "x", ignored = true}}, {{line = "{_LINE}", {sample}}}]'
    with pytest.raises(ConfigError, match="format 'corp', sample 2: ") as raised:
        formats_of(_one(f"{_PATTERN}\n{samples}"))
    assert said in str(raised.value)


def test_a_sample_of_which_nothing_comes_says_why() -> None:
    samples = """
        samples = [{line = "another line", host = "chatgpt.com"}]"""
    with pytest.raises(ConfigError) as raised:
        formats_of(_one(_PATTERN + samples))
    assert str(raised.value) == (
        "format 'corp', sample 1: expected host chatgpt.com, "
        "but nothing (not a line of that pattern) came out of: another line"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "give exactly one of pattern, squid_logformat, nginx_log_format, apache_log_format, columns, map"),
        ("pattern = '(?P<host>.)'\nmap = 'host=col1'", "give exactly one of"),
        ("pattern = '(?P<host>'", "its pattern is no regular expression: "),
        ("pattern = '(?P<hots>.)'", "the named groups of its pattern: 'hots' is no meaning; there are host, url, "),
        ("pattern = '(?P<user>.)'", "nothing in it is the host or url that was asked for"),
        ("columns = ['client', 'when']", "columns: nothing in it is the host or url"),
        ("columns = ['host', 'host']", "columns: two of them have the same meaning"),
        ("columns = ['host']\ndelimiter = '||'", "delimiter is one character, and stands beside columns"),
        ("map = 'host=col1'\ndelimiter = ','", "delimiter is one character, and stands beside columns"),
        ("map = 'hots=col1'", "the map: 'hots' is no meaning"),
        ("squid_logformat = '%>a'", "Squid logformat: no field of it names the site"),
        ("squid_logformat = '%ru'\nkind = 'dns'", "kind and time_format say nothing beside squid_logformat"),
        ("map = 'host=col1'\ntime_format = '%Q'", "time_format '%Q' is none that strptime knows"),
        ("map = 'host=col1'\ntime_format = 'yyyy'", "time_format 'yyyy' is none that strptime knows"),
        ("map = 'host=col1'\nsamples = [{line = 'x'}]", "a sample says either host or ignored = true"),
        ("map = 'host=col1'\nsamples = [{line = 'x', host = 'a', ignored = true}]", "a sample says either"),
    ],
)  # fmt: skip
def test_settings_that_make_no_format(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match="format 'corp': ") as raised:
        formats_of(_one(text))
    assert said in str(raised.value)


@pytest.mark.parametrize("name", ["Corp", "", "a b", "-x"])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"at `\$\.formats\[0\]\.name`"):
        _settings(f'[[formats]]\nname = "{name}"\nmap = "host=col1"\n')
