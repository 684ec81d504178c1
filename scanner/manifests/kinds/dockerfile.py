r"""Dockerfile and Containerfile: how an image is built.

    FROM python:3.12-slim
    RUN pip install openai==1.50.0

A stage is no image; arguments stand for their defaults. What a stage for tests or development
installs is of that group; other stages are often copied from, so all they install counts.
Reference: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from scanner.manifests import Document, Found, Group, Manifest, Project, Tie, Trouble, Unreadable
from scanner.manifests.images import image, substitute
from scanner.manifests.settings import port, setting, urls
from scanner.manifests.shell import arguments, installs

_INSTRUCTION = re.compile(r"\s*(?:ONBUILD\s+)?([A-Za-z]+)(?:\s+(.*))?$", re.DOTALL | re.IGNORECASE)
_KNOWN = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL"}
    | {"MAINTAINER", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
_ESCAPE = re.compile(r"\s*#\s*escape\s*=\s*(\S)", re.IGNORECASE)
_HEREDOC = re.compile(r"<<-?\s*([\"']?)([A-Za-z_]\w*)\1")
_FLAG = re.compile(r"\s*--([a-z]+)(?:=(\S+))?(?=\s|$)")
_MOUNT_FROM = re.compile(r"(?:^|,)from=([^,\s]+)")
_PAIR = re.compile(r"([A-Za-z_][\w.-]*)(?:=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:\\.|[^\s\"'\\])*))?")
_PORT = re.compile(r"\b(\d{1,5})(?:/(?:tcp|udp))?(?=\s|$)")
_LONGEST_VALUE = 500
_CONTINUED = re.compile(r"\\\s*\n\s*")
_OF_TEMPLATES = (".j2", ".jinja", ".jinja2", ".erb", ".ejs", ".hbs", ".mustache", ".tmpl", ".tpl")
_FOLDERS_OF_RECIPES = frozenset({"docker", ".docker", "build", "deploy", ".devcontainer"})
_GROUPS = {"test": Group.TEST, "tests": Group.TEST, "dev": Group.DEV, "development": Group.DEV}


class _Instruction(NamedTuple):
    name: str
    text: str  # with \ before the ends of its lines
    line: int
    script: str = ""  # of a heredoc
    script_line: int = 0


def read(document: Document) -> Iterator[Found]:
    if document.name.lower().endswith(".dockerignore"):
        return
    instructions = list(_instructions(document))
    if not any(one.name == "FROM" for one in instructions):
        raise Unreadable("no FROM: not a Dockerfile")
    yield Project(_name(document), is_deployable=True)
    recipe = _Recipe(is_template=document.name.lower().endswith(_OF_TEMPLATES))
    for one in instructions:
        yield from recipe.read(one)


def _name(document: Document) -> str:
    folders = [one for one in document.folder.split("/") if one.lower() not in _FOLDERS_OF_RECIPES]
    return folders[-1] if folders else ""


def _instructions(document: Document) -> Iterator[_Instruction]:
    lines = document.lines
    escape, at = _escape(lines), 0
    while at < len(lines):
        begin, parts = at, [lines[at]]
        at += 1
        if not parts[0].strip() or parts[0].lstrip().startswith("#"):
            continue
        while parts[-1].rstrip().endswith(escape) and at < len(lines):
            parts[-1] = parts[-1].rstrip()[:-1]
            while at < len(lines) and (not lines[at].strip() or lines[at].lstrip()[:1] == "#"):
                parts.append("")  # Docker drops these, and what was continued goes on
                at += 1
            if at < len(lines):
                parts.append(lines[at])
                at += 1
        found = _INSTRUCTION.match("\\\n".join(parts))
        name, text = (found[1].upper(), found[2] or "") if found else ("", parts[0])
        script, script_line = "", at + 1
        if name in ("RUN", "COPY", "ADD") and (ends := [one[1] for one in _HEREDOC.findall(text)]):
            script, at = _heredoc(lines, at, ends)
        yield _Instruction(name, text, begin + 1, script, script_line)


def _escape(lines: list[str]) -> str:
    for line in lines[:5]:
        if not line.lstrip().startswith("#"):
            break
        if found := _ESCAPE.match(line):
            return found[1]
    return "\\"


def _heredoc(lines: list[str], at: int, ends: list[str]) -> tuple[str, int]:
    """Return the texts of heredocs that begin at a line, and the line after them."""
    begin = at
    for end in ends:
        while at < len(lines) and lines[at].strip() != end:
            at += 1
        at += 1
    return "\n".join(lines[begin : at - 1]), min(at, len(lines))


class _Recipe:
    """What is known of a recipe so far: its stages, arguments, and the stage it is in."""

    def __init__(self, is_template: bool) -> None:
        self._is_template = is_template
        self._stages: set[str] = set()
        self._values: dict[str, str] = {}
        self._group = Group.RUNTIME

    def read(self, one: _Instruction) -> Iterator[Found]:
        if one.name not in _KNOWN:
            if not self._is_template:
                yield Trouble(f"no instruction of a Dockerfile: {one.text[:40]!r}", one.line)
            return
        flags, text = _flags(one.text)
        match one.name:
            case "FROM":
                yield from self._from(text, one.line)
            case "ARG" | "ENV":
                yield from self._set(text, one)
            case "COPY" | "ADD":
                yield from self._image(dict(flags).get("from", ""), one.line)
                yield from urls(text, one.line) if one.name == "ADD" else ()
            case "RUN" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK":
                for name, value in flags:
                    if name == "mount" and (found := _MOUNT_FROM.search(value)):
                        yield from self._image(found[1], one.line)
                yield from self._command(one, text)
            case "EXPOSE":
                for number in _PORT.findall(substitute(text, self._values)):
                    yield port(number, one.line)

    def _from(self, text: str, line: int) -> Iterator[Found]:
        words = text.replace("\\\n", " ").split()
        stage = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
        if words:
            yield from self._image(words[0], line)
        self._stages.add(stage)
        parts = re.split(r"[-_.]", stage)
        self._group = next((_GROUPS[part] for part in parts if part in _GROUPS), Group.RUNTIME)

    def _image(self, name: str, line: int) -> Iterator[Found]:
        name = substitute(name, self._values)
        if name.lower() not in self._stages and not name.isdigit():
            yield from image(name, line)

    def _set(self, text: str, one: _Instruction) -> Iterator[Found]:
        plain = text.split(None, 1)
        if one.name == "ENV" and plain and "=" not in plain[0]:
            text = f"{plain[0]}={_quoted(plain[1] if len(plain) > 1 else '')}"  # the old way
        line, counted = one.line, 0
        for found in _PAIR.finditer(text):
            line += text.count("\n", counted, found.start())
            counted = found.start()
            value = substitute((found[2] or "").strip("\"'"), self._values)
            if found[2] is not None:
                self._values[found[1]] = value[:_LONGEST_VALUE]
            yield from setting(found[1], value, line)

    def _command(self, one: _Instruction, text: str) -> Iterator[Found]:
        if text.lstrip().startswith("["):
            words = _words(text)
            if words:
                yield from arguments(words, one.line)
                return
        if one.script:
            before = text.partition("<<")[0].strip()
            if before and before.split()[0].rpartition("/")[2] not in ("sh", "bash", "set"):
                return  # the script is another program's
            commands, line = one.script, one.script_line
        else:
            commands = text
            line = one.line + one.text.count("\n", 0, len(one.text) - len(text))
        for found in installs(substitute(commands, self._values), line):
            is_plain = self._group is Group.RUNTIME or found.tie is Tie.CONFIGURED
            yield found if is_plain else found._replace(group=self._group)


def _flags(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return the flags before an instruction's text, and the text."""
    flags: list[tuple[str, str]] = []
    at = 0
    while found := _FLAG.match(text, at):
        flags.append((found[1], found[2] or ""))
        at = found.end()
        blank = re.compile(r"(?:\s|\\\n)*").match(text, at)
        at = blank.end() if blank else at
    return flags, text[at:]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\\n", " ").replace("\\", "").replace('"', "") + '"'


def _words(text: str) -> list[str]:
    """Return the words of a command that is written as a list; none if it is none."""
    try:
        return msgspec.json.decode(
            _CONTINUED.sub(" ", text).encode("utf-8", "replace"), type=list[str]
        )
    except msgspec.DecodeError:
        return []


MANIFEST = Manifest(
    name="dockerfile",
    title="Dockerfile, Containerfile",
    files=(
        *("Dockerfile", "Dockerfile.*", "Dockerfile-*", "*.Dockerfile"),
        *("Containerfile", "Containerfile.*", "*.Containerfile"),
    ),
    read=read,
    reference="https://docs.docker.com/reference/dockerfile/",
    samples={
        "chat/Dockerfile": b"""\
ARG TAG=12.4.1-runtime-ubuntu22.04
FROM nvidia/cuda:${TAG} AS base
ENV OPENAI_API_KEY="" OLLAMA_HOST=http://ollama:11434
RUN --mount=type=cache,target=/root/.cache \\
    pip install "openai>=1.40" \\
    # the index
    chromadb==0.5.5
FROM base
COPY --from=ghcr.io/astral-sh/uv:0.4 /uv /bin/uv
EXPOSE 8000
CMD ["uvicorn", "app:app"]
"""
    },
)
