"""What a setting says: its name, the hosts of its URLs, the model it chooses. Never its value.

A value may be a secret, or hold one: a user and password before a host, a token in the path of
a web hook, a key in a query. Of a URL only the host and the plain beginning of its path are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.hosts import fold
from scanner.manifests import Mention, Tie, literals
from scanner.manifests.literals import is_deployment, plain_path, role, words_of
from scanner.manifests.outline import Node
from scanner.model import Identifier

_URL = re.compile(
    r"(?:https?|wss?|grpcs?)://([^\s\"'`<>(){}\[\]|,;\\/?#$]{1,300})([^\s\"'`<>|\\]*)"
)
# ${NAME}, $(NAME), $NAME and {{ name }} at the beginning of a host, or in it
_OPEN_URL = re.compile(
    r"https?://((?:[\w-]{1,63}\.){0,3}[\w-]{0,63}"
    r"(?:\$?\{[^{}\s]{1,100}\}|\{\{[^{}]{1,100}\}\}|\$\([\w.]{1,100}\)|\$\w{1,100})"
    r"[\w.-]{4,200})"
)
_PATH = re.compile(r"(?:/[\w.~:@+-]*)*")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*")
_BARE_HOST = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,10}[A-Za-z]{2,24}(?::\d{1,5})?")
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]{2,100})(?=\}|:(?!:))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{1,200}")
_SECRET = frozenset(
    {"key", "keys", "token", "secret", "password", "passwd", "pwd", "credential", "credentials"}
    | {"dsn", "webhook", "hook", "hooks"}
)
_HOST_WORDS = frozenset(
    {"host", "hostname", "endpoint", "url", "uri", "domain", "server", "address", "base"}
)
_LONGEST = 20_000


def setting(name: str, value: str, line: int, is_variable: bool = True) -> Iterator[Mention]:
    """Yield what a setting says. ``is_variable``: its name is one of the environment."""
    if is_variable and _NAME.fullmatch(name):
        yield Mention(Identifier.ENV, name, line, tie=Tie.CONFIGURED)
    words = words_of(name)
    yield from urls(value, line, is_secret=not _SECRET.isdisjoint(words))
    if not _HOST_WORDS.isdisjoint(words) and _SECRET.isdisjoint(words):
        yield from bare_host(value, line)
    for reference in _REFERENCE.findall(value[:_LONGEST]):
        if reference != name:
            yield from variable(reference, line)
    if chooses_model(name):
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


def chooses_model(name: str) -> bool:
    """Whether a setting of that name holds the name of a model: ``OPENAI_MODEL``, ``modelId``."""
    if name.lower() == "engine" or role(name) is not Identifier.MODEL:
        return False
    # A deployment is one of a model only where somebody says so: Kubernetes has others.
    return not is_deployment(name) or "openai" in words_of(name)


def model(value: str, line: int) -> Iterator[Mention]:
    """Yield the model that a value names; nothing for a path, a number, a switch or a template."""
    if name := literals.model(value):
        yield Mention(Identifier.MODEL, name, line, tie=Tie.CONFIGURED)


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
        path = "" if is_secret else plain_path(_plain(found[2]))
        at = line + text.count("\n", 0, found.start())
        channel = Identifier.HOST_PATH if path else Identifier.HOST
        yield Mention(channel, host + path, at, tie=Tie.CONFIGURED)
    for found in _OPEN_URL.finditer(text[:_LONGEST]):
        if told := literals.address(f"https://{found[1]}"):
            at = line + text.count("\n", 0, found.start())
            yield Mention(Identifier.HOST, told[1], at, tie=Tie.CONFIGURED)


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
            for one in setting(named.text, given.text, given.line or named.line):
                yield one._replace(line=named.line) if one.value == named.text else one
        else:
            name, _, value = item.text.partition("=")
            yield from setting(name.strip(), value, item.line)


def _plain(path: str) -> str:
    """Return a path as far as it is nothing but one: behind it a text may go on."""
    found = _PATH.match(path)
    return found[0].rstrip("/") if found else ""
