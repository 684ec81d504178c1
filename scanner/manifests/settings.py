"""What a setting says: its name, the hosts of its URLs, the model it chooses. Never its value.

A value may be a secret, or hold one: a user and password before a host, a token in the path of
a web hook, a key in a query. Of a URL only the host and the plain beginning of its path are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.hosts import fold
from scanner.manifests import Mention, Tie
from scanner.manifests.outline import Node
from scanner.model import Identifier

_URL = re.compile(
    r"(?:https?|wss?|grpcs?)://([^\s\"'`<>(){}\[\]|,;\\/?#$]{1,300})([^\s\"'`<>|\\]*)"
)
_PATH = re.compile(r"(?:/[\w.~:@+-]*)*")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*")
_BARE_HOST = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,10}[A-Za-z]{2,24}(?::\d{1,5})?")
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]{2,100})(?=\}|:(?!:))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{1,200}")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MODEL = re.compile(r"(?=.{0,250}[A-Za-z])[A-Za-z0-9@](?:[\w.:/@+-]{0,198}[\w])")
_ARN = re.compile(r"^arn:aws[\w-]*:bedrock:[^/]*/")
_NO_MODEL = frozenset({"true", "false", "null", "none", "default", "auto", "yes", "no", "model"})
_MODEL_ENDS = (
    ("model",),
    ("model", "name"),
    ("model", "id"),
    ("model", "arn"),
    ("name", "or", "path"),
)
_DEPLOYMENT_ENDS = (("deployment", "name"), ("deployment", "id"), ("deployment",))
_SECRET = frozenset(
    {"key", "keys", "token", "secret", "password", "passwd", "pwd", "credential", "credentials"}
    | {"dsn", "webhook", "hook", "hooks"}
)
_HOST_WORDS = frozenset(
    {"host", "hostname", "endpoint", "url", "uri", "domain", "server", "address", "base"}
)
_NO_TOKEN = 20  # a segment of a path as long as this, with digits, may be a token
_LONGEST = 20_000


def setting(name: str, value: str, line: int, is_variable: bool = True) -> Iterator[Mention]:
    """Yield what a setting says. ``is_variable``: its name is one of the environment."""
    if is_variable and _NAME.fullmatch(name):
        yield Mention(Identifier.ENV, name, line, tie=Tie.CONFIGURED)
    words = _words(name)
    yield from urls(value, line, is_secret=not _SECRET.isdisjoint(words))
    if not _HOST_WORDS.isdisjoint(words) and _SECRET.isdisjoint(words):
        yield from bare_host(value, line)
    for reference in _REFERENCE.findall(value[:_LONGEST]):
        if reference != name:
            yield from variable(reference, line)
    if chooses_model(name, words):
        yield from model(value, line)


def bare_host(value: str, line: int) -> Iterator[Mention]:
    """Yield the host that a value is, without a scheme: ``api.openai.com:443``."""
    if _BARE_HOST.fullmatch(value):
        yield Mention(Identifier.HOST, fold(value.encode()), line, tie=Tie.CONFIGURED)


def variable(name: str, line: int) -> Iterator[Mention]:
    """Yield the name of a variable, if it is one."""
    if _NAME.fullmatch(name):
        yield Mention(Identifier.ENV, name, line, tie=Tie.CONFIGURED)


def port(number: str, line: int) -> Mention:
    """Return the port that something listens on."""
    return Mention(Identifier.PORT, number, line, tie=Tie.CONFIGURED)


def chooses_model(name: str, words: tuple[str, ...] = ()) -> bool:
    """Whether a setting of that name holds the name of a model: ``OPENAI_MODEL``, ``modelId``."""
    words = words or _words(name)
    if any(words[-len(end) :] == end for end in _MODEL_ENDS):
        return True
    # A deployment is one of a model only where somebody says so: Kubernetes has others.
    return "openai" in words and any(words[-len(end) :] == end for end in _DEPLOYMENT_ENDS)


def model(value: str, line: int) -> Iterator[Mention]:
    """Yield the model that a value names; nothing for a path, a number, a switch or a template."""
    value = _ARN.sub("", value.strip())
    if _MODEL.fullmatch(value) and value.lower() not in _NO_MODEL and "://" not in value:
        yield Mention(Identifier.MODEL, value, line, tie=Tie.CONFIGURED)


def urls(text: str, line: int, is_secret: bool = False) -> Iterator[Mention]:
    """Yield the hosts of the URLs in a text, each with its path unless that may be a secret."""
    if "://" not in text:
        return
    for found in _URL.finditer(text[:_LONGEST]):
        host = fold(found[1].encode("utf-8", "replace"))
        # "user:p/w@host": what looks like the host is the user.
        is_template = text[found.end(1) : found.end(1) + 1] in ("$", "{", "<", "(")
        if is_template or not _HOST.fullmatch(host) or ("@" in found[2] and "." not in host):
            continue
        path = "" if is_secret else _plain_path(found[2])
        at = line + text.count("\n", 0, found.start())
        channel = Identifier.HOST_PATH if path else Identifier.HOST
        yield Mention(channel, host + path, at, tie=Tie.CONFIGURED)


def of_node(node: Node, is_variable: bool = False) -> Iterator[Mention]:
    """Yield what all settings of a tree say."""
    for keys, one in node.walk():
        if one.text:
            yield from setting(keys[-1] if keys else "", one.text, one.line, is_variable)
        elif is_variable and keys and not one.pairs and not one.items:
            yield from variable(keys[-1], one.line)


def environment(node: Node) -> Iterator[Mention]:
    """Yield what variables say that are written as pairs, as ``NAME=value`` or as name and value."""
    for name, given in node.pairs:
        if name != "<<":  # what is merged is told where it is written
            yield from setting(name, given.text, given.line)
    for item in node.items:
        if item.pairs:
            named = item.get("name") if item.get("name").text else item.get("Name")
            given = item.get("value") if item.get("value").text else item.get("Value")
            yield from setting(named.text, given.text, named.line)
        else:
            name, _, value = item.text.partition("=")
            yield from setting(name.strip(), value, item.line)


def _plain_path(path: str) -> str:
    """Return a path up to the first segment that may be a token; "" where there is none."""
    found = _PATH.match(path)
    kept: list[str] = []
    for segment in (found[0] if found else "").split("/")[1:]:
        digits = sum(one.isdigit() for one in segment)
        if "@" in segment or ":" in segment or (len(segment) >= _NO_TOKEN and digits > 1):
            break
        kept.append(segment)
    return "/" + "/".join(kept).rstrip("/") if any(kept) else ""


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.findall(name[-200:]))
