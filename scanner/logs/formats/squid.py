r"""Squid's native access log.

    1795226310.136     15 127.0.0.1 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/127.0.0.1 -

Time is the end of the request. A user may contain blanks, so the columns after the URL are read
from the right. Peeking at TLS logs a CONNECT twice; the first line, 0 bytes, is the repeat. Of a
CONNECT to an address, the name that some log behind the content type (``%ssl::>sni``) is the site.
Reference: https://wiki.squid-cache.org/Features/LogFormat#squid-native-accesslog-format
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Tally, sieve_of
from scanner.logs.clock import Clock
from scanner.logs.lines import Refused, Skipped
from scanner.logs.requests import NO_HOST, NO_REQUEST, Request, is_name, person, squid_outcome
from scanner.logs.values import count, without_port
from scanner.model import Observation

if TYPE_CHECKING:
    from scanner.logs.rows import Mask, Rows

# user, hierarchy, content type, and whatever some append
_TAIL = re.compile(rb"(.+?) [A-Z_]{3,}/\S+ \S+(?: (.*))?")
# What some log beside it all: ports, sizes of headers and bodies, and at the end the TLS name.
_EXTENSIVE = re.compile(
    rb"\s*(\d{9,10}\.\d{3})\s+\d+ (\S{1,64}) \d{1,5} ([A-Z_]{3,40}/\d{3}) (\d+|-) (\d+|-)"
    rb"(?: (?:\d+|-)){3} ([A-Z_]{3,20}) (\S+) \d\.\d (.{1,256}?) [A-Z_]{3,}/\S+ (?:\d+|-) (.*)"
)
# The usual columns behind a time as strftime writes it, or Squid's own ``%tl``.
_DATED = re.compile(
    rb"\[?(\d{1,4}[-/](?:\d\d|[A-Z][a-z]{2})[-/]\d{1,4}[ T:]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)\]?"
    rb"\s+\d+ (\S{1,64}) ([A-Z_]{3,40}/\d{3}) (\d+|-) ([A-Z_]{3,20}) (\S+) (.*)"
)
_QUOTED = re.compile(rb'"((?:[^"\\]++|\\.)*)"')
_PLACE_OF_SNI = 4  # after referer, user agent, host and forwarded-for
# Methods whose records are judged by more than their host.
_SPECIAL = frozenset({b"POST", b"ICP_QUERY"})
_BOUND = 100_000
_USUAL = (b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH")
_SLASH = ord("/")
_NO_TAIL = "no user, hierarchy and content type after it"
_FEWEST_COLUMNS = 8


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    codes: set[bytes] = set()
    for numbers, lines in batches:
        for number, line in zip(numbers, lines, strict=True):
            try:
                ended, _, client, result, size, method, url, tail = line.split(None, 7)
            except ValueError:
                tally.reject(number, "fewer than ten columns", line)
                continue
            if not (
                ended[:10].isdigit()
                and (size.isdigit() or size == b"-")
                and (result in codes or _is_code(result, codes))
            ):
                match _read_otherwise(line, hosts, clock):
                    case Refused(reason):
                        tally.reject(number, reason, line)
                    case Skipped(kind):
                        tally.ignored[kind] += 1
                    case Observation() as seen:
                        yield seen._replace(line=number)
                continue
            if method == b"CONNECT":
                site = url.removesuffix(b":443")
                if site[-1:].isdigit() and (name := _sni(tail)):
                    site = url = name
            else:
                end = url.find(b"/", 7) if url.startswith(b"http://") else -1
                site = url[7 : max(end, 7)]
            if (
                site
                and method not in _SPECIAL
                and hosts[site] is None
                and b"?" not in site
                and b"#" not in site
            ):
                continue
            match _look(Request(method, url), hosts):
                case None:
                    pass
                case Skipped(kind):
                    tally.ignored[kind] += 1
                case seen:
                    found = _TAIL.match(tail)
                    if not found or b"#012" in tail:  # a relay has joined records
                        tally.reject(number, _NO_TAIL, line)
                        continue
                    when, quality = clock.epoch(ended)
                    code, _, status = result.partition(b"/")
                    is_tunnel = method == b"CONNECT"
                    yield seen._replace(
                        ts=when,
                        time_quality=quality,
                        client=without_port(client.decode("ascii", "backslashreplace")),
                        user=person(found[1]),
                        action=squid_outcome(code, status, size, is_tunnel),
                        bytes_down=count(size),
                        line=number,
                    )


def _are_usual(rows: Rows) -> Mask:
    words = rows.words_apart()
    ended, result, size, method, url = map(words.column, (0, 3, 4, 5, 6))
    is_plain = (words.counts >= _FEWEST_COLUMNS) & ~rows.strange() & size.is_number()
    is_plain &= ended.begins_with_digits(8) & ended.behind(8).begins_with_digits(2)
    is_plain &= (rows.memory[result.ends - len("/200")] == _SLASH) & (result.length > len("/200"))
    is_page = method.is_one_of(_USUAL) & url.reads(b"http://") & url.behind(7).is_a_name()
    return is_plain & (is_page | (method.is_one_of([b"CONNECT"]) & url.is_a_name()))


def _look(request: Request, hosts: HostTable) -> Observation | Skipped | None:
    """Return what a request shows; None if its site is not wanted."""
    if request.method == b"ICP_QUERY":
        return Skipped("question of another cache")
    if request.url.startswith(b"error:"):
        return Skipped(NO_REQUEST)
    if not request.is_for_a_proxy and b"." not in request.site and request.url != b"-":
        return Skipped(NO_REQUEST)
    host = request.host(hosts)
    if host is None:
        return None
    return request.observation(host) if host else Skipped(NO_HOST)


def _sni(tail: bytes) -> bytes | None:
    """Return the name in the TLS greeting, if it stands right behind the content type."""
    found = _TAIL.match(tail)
    name = (found[2] or b"").split(b" ", 1)[0].strip(b'"') if found else b""
    return name if is_name(name) else None


def _read_otherwise(
    line: bytes, hosts: HostTable, clock: Clock
) -> Observation | Skipped | Refused | None:
    """Return what a record of another layout shows; None if its site is not wanted."""
    if extensive := _EXTENSIVE.match(line):
        return _read_extensive(extensive, hosts, clock)
    if dated := _DATED.match(line):
        return _read_dated(dated, hosts, clock)
    return Refused("not epoch, elapsed, client, code/status, size")


def _read_dated(
    found: re.Match[bytes], hosts: HostTable, clock: Clock
) -> Observation | Skipped | Refused | None:
    ended, client, result, size, method, url, tail = found.groups()
    request = Request(method, url)
    seen = _look(request, hosts)
    if not isinstance(seen, Observation):
        return seen
    rest = _TAIL.match(tail)
    if rest is None:
        return Refused(_NO_TAIL)
    when, quality = clock.any(ended.decode("ascii", "replace"))
    code, _, status = result.partition(b"/")
    return seen._replace(
        ts=when,
        time_quality=quality,
        client=without_port(client.decode("ascii", "backslashreplace")),
        user=person(rest[1]),
        action=squid_outcome(code, status, size, request.is_tunnel),
        bytes_down=count(size),
    )


def _read_extensive(
    found: re.Match[bytes], hosts: HostTable, clock: Clock
) -> Observation | Skipped | None:
    """Return what a record of the extensive format shows; None if its site is not wanted."""
    ended, client, result, size, sent, method, url, user, tail = found.groups()
    quoted = _QUOTED.findall(tail)
    request = Request(method, url)
    if request.is_tunnel and len(quoted) > _PLACE_OF_SNI and is_name(quoted[_PLACE_OF_SNI]):
        request = request._replace(url=quoted[_PLACE_OF_SNI])
    seen = _look(request, hosts)
    if not isinstance(seen, Observation):
        return seen
    when, quality = clock.epoch(ended)
    code, _, status = result.partition(b"/")
    return seen._replace(
        ts=when,
        time_quality=quality,
        client=client.decode("ascii", "backslashreplace"),
        user=person(user),
        action=squid_outcome(code, status, size, request.is_tunnel),
        bytes_up=count(sent),
        bytes_down=count(size),
    )


def _is_code(result: bytes, codes: set[bytes]) -> bool:
    """Whether this is ``code/status``; ``codes`` remembers those that are, a few dozen in a log."""
    if b"/" not in result:
        return False
    if len(codes) < _BOUND:
        codes.add(result)
    return True


FORMAT = Format(
    name="squid",
    title="Squid native access.log",
    read=read,
    sieve=sieve_of(_are_usual),
    specificity=70,
    proves=OF_A_PROXY - {Proof.BYTES_UP},
    reference="https://wiki.squid-cache.org/Features/LogFormat",
    sample=(
        b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -\n"
        b"1795226310.289      0 10.0.0.8 TCP_DENIED/403 3494 CONNECT chat.deepseek.com:443 ana HIER_NONE/- text/html\n"
    ),
)
