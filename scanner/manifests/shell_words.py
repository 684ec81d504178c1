"""The words of a shell's commands, as recipes and pipelines hold them: nothing is run or expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\f\v]+|\\\r?\n|#[^\n]*)"
    r"|(?P<end>\n|[;&|()]+)"
    r"|(?P<word>(?:[^\s\"'\\;&|()]|\\.|\"(?:[^\"\\]|\\.)*\"|'[^']*')+)"
    r"|(?P<stray>.)",
    re.DOTALL,
)
_QUOTED = re.compile(r"\\(.)|\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_SKIPPED = frozenset(
    {"sudo", "doas", "exec", "time", "nice", "nohup", "then", "do", "else", "if", "elif", "while"}
    | {"until", "!", "{", "command", "builtin", "eval", "env", "xargs"}
)


class Word(NamedTuple):
    text: str
    line: int


class Arguments(NamedTuple):
    """The words that follow a command, and which of its flags take the next one."""

    words: list[Word]
    takes: frozenset[str]

    def named(self) -> Iterator[Word]:
        """Yield the words that are neither flags, nor what flags take, nor paths or variables."""
        takes = False
        for word in self.words:
            if takes:
                takes = False
            elif word.text.startswith("-"):
                takes = word.text in self.takes
            elif not word.text.startswith((".", "/", "~", "<", ">", "$", "2>")) and word.text:
                yield word

    def after(self, *flags: str) -> Iterator[Word]:
        """Yield what follows flags, as the next word or behind ``=``."""
        for word, following in zip(self.words, [*self.words[1:], Word("", 0)], strict=False):
            flag, mark, value = word.text.partition("=")
            if flag in flags and (mark or following.text):
                yield Word(value, word.line) if mark else following


def commands(text: str, line: int) -> Iterator[list[Word]]:
    """Yield the commands of a script whose first line is ``line``."""
    command: list[Word] = []
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found[0]
        if kind == "word":
            command.append(Word(_unquoted(token), line))
        elif kind == "end":
            if command:
                yield command
            command = []
        line += token.count("\n")
    if command:
        yield command


def _unquoted(token: str) -> str:
    if not any(mark in token for mark in "\"'\\"):
        return token
    return _QUOTED.sub(lambda found: found[1] or found[2] or found[3] or "", token)


def without_prefix(command: list[Word]) -> list[Word]:
    """Return a command without what may stand before its name: ``sudo``, ``env``, assignments."""
    at = 0
    while at < len(command):
        word = command[at].text
        if not (
            word in _SKIPPED
            or _ASSIGNMENT.match(word)
            or (at and word.startswith("-") and command[at - 1].text in _SKIPPED)
        ):
            break
        at += 1
    return command[at:]
