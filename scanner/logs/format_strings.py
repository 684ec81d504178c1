r"""Readers of logs whose format somebody wrote: Squid's ``logformat``, nginx's ``log_format``, Apache's.

    logformat corp %ts.%03tu %>a %un %rm %ru %ssl::>sni %>Hs %Ss:%Sh %>st %<st "%{User-Agent}>h"
    log_format sni '$remote_addr [$time_iso8601] $protocol "$ssl_preread_server_name" $status';
    LogFormat "%h %l %u %t \"%r\" %>s %b" common

A string is cut into its text and its codes, of which line_patterns makes a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.errors import UsageError
from scanner.logs import Read
from scanner.logs.line_patterns import Code, reader_of_pieces


def reader_of_squid_logformat(text: str) -> Read:
    """Return a reader of the logs that Squid writes with this ``logformat``.

    Takes the specification alone or with ``logformat NAME`` before it. Raises UsageError for a
    code that Squid does not have, and if no code names a host.
    """
    specification = re.sub(r"^\s*logformat\s+\S+\s+", "", text).strip()
    return reader_of_pieces(list(_squid_pieces(specification)), "Squid logformat", is_a_proxys=True)


def reader_of_nginx_log_format(text: str) -> Read:
    """Return a reader of the logs that nginx writes with this ``log_format``.

    Takes the string alone or the whole directive. A request to nginx itself is ignored, for nginx
    is then the site and not on the way to it. Raises UsageError if no variable names a host.
    """
    directive = re.match(r"\s*log_format\s+\S+\s+(?:escape=\w+\s+)?(.*?);?\s*$", text, re.DOTALL)
    if directive:
        text = "".join(
            a or b
            for a, b in re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", directive[1])
        )
    return reader_of_pieces(
        list(_nginx_pieces(text.strip())), "nginx log_format", is_a_proxys=False
    )


def reader_of_apache_log_format(text: str) -> Read:
    """Return a reader of the logs that Apache writes with this ``LogFormat``; else as for nginx."""
    directive = re.match(r'\s*(?:Log|Custom)Format\s+"((?:[^"\\]|\\.)*)"', text)
    written = (directive[1] if directive else text).replace('\\"', '"').replace("\\t", "\t")
    return reader_of_pieces(
        list(_apache_pieces(written.strip())), "Apache LogFormat", is_a_proxys=False
    )


_SQUID_MEANINGS = {
    "ts": "epoch", "tS": "epoch", "tu": "milliseconds", "tl": "local", "tg": "gmt",
    ">a": "client", ">A": "client", "un": "user", "ul": "user", "ue": "user", "ui": "ident",
    "rm": "method", ">rm": "method", "ru": "url", ">ru": "url", ">rd": "domain", "rp": "path",
    ">rp": "path", "ssl::>sni": "sni", ">st": "up", "<st": "down", "Ss": "result", ">Hs": "status",
    "Hs": "status",
}  # fmt: skip
_SQUID_HEADERS = frozenset({">h", ">ha", "<h"})
_SQUID_LOOSE = _SQUID_HEADERS | {"note", "err_detail", "ea", "et"}
_SQUID_CODES = [
    "sn",
    "err_code",
    "err_detail",
    "note",
    "master_xaction",
    ">a",
    ">A",
    ">p",
    ">eui",
    ">la",
    ">lp",
    ">qos",
    ">nfmark",
    "la",
    "lp",
    "<a",
    "<A",
    "<p",
    "<la",
    "<lp",
    "<qos",
    "<nfmark",
    ">handshake",
    "ts",
    "tu",
    "tl",
    "tg",
    "tr",
    "dt",
    "tS",
    "et",
    "ea",
    "un",
    "ul",
    "ue",
    "ui",
    "us",
    "credentials",
    "rm",
    ">rm",
    "<rm",
    "ru",
    ">ru",
    "<ru",
    ">rs",
    "<rs",
    ">rd",
    "<rd",
    ">rP",
    "<rP",
    "rp",
    ">rp",
    "<rp",
    "rv",
    ">rv",
    "<rv",
    ">h",
    ">ha",
    "<Hs",
    ">Hs",
    "Hs",
    "<h",
    "mt",
    "st",
    ">st",
    "<st",
    ">sh",
    "<sh",
    "<sH",
    "<sS",
    "<bs",
    "<pt",
    "<tt",
    "Ss",
    "Sh",
    "busy_time",
    "request_attempts",
]
_SQUID = re.compile(
    r"""%(?:(?P<percent>%)|["\[#/']?(?P<width>-?\d*(?:\.\d+)?)(?:\{(?P<before>[^}]*)\})?(?:http::)?(?P<code>"""
    + r"(?:ssl|icap|adapt|proxy_protocol|transport)::[<>]?[A-Za-z_]+|"
    + "|".join(sorted(_SQUID_CODES, key=len, reverse=True))
    + r")(?:(?<=>h|ha|<h|tl|tg|te)\{(?P<after>[^}]*)\})?)"
)


def _squid_pieces(text: str) -> Iterator[bytes | Code]:
    at = 0
    while (begin := text.find("%", at)) >= 0:
        yield text[at:begin].encode()
        found = _SQUID.match(text, begin)
        if found is None:
            raise UsageError(
                f"Squid logformat: no code of Squid's begins at {text[begin : begin + 20]!r}. "
                "Give the specification as it stands in squid.conf."
            )
        at = found.end()
        yield b"%" if found["percent"] else _squid_code(found)
    yield text[at:].encode()


def _squid_code(found: re.Match[str]) -> Code:
    code, argument = found["code"], found["before"] or found["after"] or ""
    meaning = _SQUID_MEANINGS.get(code, "")
    if code in (">h", ">ha") and argument.lower() == "host":
        meaning = "domain"
    is_loose = (code in _SQUID_LOOSE and meaning != "domain") or "cert" in code
    return Code(meaning, is_loose, argument, found["width"][:1] not in ("", "0", "."))


_NGINX_MEANINGS = {
    "remote_addr": "client", "remote_user": "user", "time_local": "local", "time_iso8601": "local",
    "msec": "epoch", "request": "request", "request_method": "method", "status": "status",
    "bytes_sent": "down", "body_bytes_sent": "down", "request_length": "up", "bytes_received": "up",
    "ssl_preread_server_name": "sni",
}  # fmt: skip
_NGINX_LOOSE = re.compile(
    r"(?:sent_|upstream_)?(?:http|cookie|arg|trailer)_|request$|request_(?:uri|body)|args|query_string|uri"
    r"|upstream_|ssl_client_[si]_dn|geoip"
)


def _nginx_pieces(text: str) -> Iterator[bytes | Code]:
    at = 0
    for found in re.finditer(r"\$(?:\{(\w+)\}|(\w+))", text):
        yield text[at : found.start()].encode()
        name = found[1] or found[2]
        argument = "iso" if name == "time_iso8601" else ""
        yield Code(_NGINX_MEANINGS.get(name, ""), bool(_NGINX_LOOSE.match(name)), argument)
        at = found.end()
    yield text[at:].encode()


_APACHE_MEANINGS = {
    "h": "client", "a": "client", "u": "user", "r": "request", "m": "method", "s": "status",
    "b": "down", "B": "down", "O": "down", "I": "up",
}  # fmt: skip


def _apache_pieces(text: str) -> Iterator[bytes | Code]:
    at = 0
    for found in re.finditer(r"%(?:(%)|[!\d,]*[<>]?(?:\{([^}]*)\})?(\^..|[A-Za-z]))", text):
        yield text[at : found.start()].encode()
        at = found.end()
        percent, argument, code = found.groups()
        if percent:
            yield b"%"
        elif code == "t" and argument is None:
            yield from (b"[", Code("local"), b"]")
        else:
            is_plain = argument in (None, "c") or code == "t"
            meaning = "local" if code == "t" else _APACHE_MEANINGS.get(code, "")
            yield Code(meaning if is_plain else "", code in "rioeC" or not is_plain, argument or "")
    yield text[at:].encode()
