"""Commands of a shell that install, fetch or run something, as recipes and pipelines hold them.

    RUN pip install --no-cache-dir "openai>=1.0" && curl -fsSL https://ollama.com/install.sh | sh

Nothing is run, and nothing is expanded but the variables that the recipe itself sets. Packages
that a file lists (``pip install -r``) are told where that file is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement

from scanner.manifests import Group, Mention, Tie, Unreadable
from scanner.manifests.images import image
from scanner.manifests.purls import purl
from scanner.manifests.settings import model, urls
from scanner.model import Identifier

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\f\v]+|\\\r?\n|#[^\n]*)"
    r"|(?P<end>\n|[;&|()]+)"
    r"|(?P<word>(?:[^\s\"'\\;&|()]|\\.|\"(?:[^\"\\]|\\.)*\"|'[^']*')+)"
    r"|(?P<stray>.)",
    re.DOTALL,
)
_QUOTED = re.compile(r"\\(.)|\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", re.DOTALL)
_WORTH = re.compile(
    r"\b(?:install|add|get|pip[x0-9.]*|uvx?|uv|npx|bunx|dlx|exec|run|pull|download|require|https?|clone|i|with|serve|model|create|x)\b"
)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_GIT = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/\s]+@)?github\.com[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?(?:@([\w./-]+))?(?:[#/].*)?"
)
_NPM = re.compile(r"((?:@[a-z0-9~_][\w.~-]*/)?[A-Za-z0-9_][\w.~-]*)(?:@(?!npm:)([^\s@/]*))?")
_SHORT_GITHUB = re.compile(r"(?:github:)?([\w-]+/[\w.-]+)(?:#(.+))?")
_PLAIN = re.compile(r"[A-Za-z0-9@][\w.+:~@/=<>^-]*")
_EXTENSION = re.compile(r"(\w[\w-]*\.[\w.-]+?)(?:@([\w.-]+))?")
_GO = re.compile(r"((?:[\w-]+\.)+[a-z]{2,}(?:/[\w.~+-]+)+)(?:@(\S+))?")
_PYPI_VARIABLE = re.compile(r"([A-Za-z0-9][\w.-]*)(\[[\w.,-]*\])?(?:[=<>~!]=?=?).*\$.*")
_SKIPPED = frozenset(
    {"sudo", "doas", "exec", "time", "nice", "nohup", "then", "do", "else", "if", "elif", "while"}
    | {"until", "!", "{", "command", "builtin", "eval", "env", "xargs"}
)
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "cmd", "powershell", "pwsh"})
# Flags that take the next word; a flag with = takes none. Short ones mean other things elsewhere.
_LONG = (
    "--requirement --constraint --index-url --extra-index-url --find-links --target --prefix --root "
    "--python-version --platform --implementation --abi --timeout --retries --trusted-host "
    "--cache-dir --proxy --no-binary --only-binary --python --index --default-index --registry "
    "--workspace --cache --tag --repository --version --source --git --branch --rev --path "
    "--features --channel --name --file --override --env-file --editable "
    "--extra --group --cwd --dir --filter --directory --virtual "
    "--target-release"
)
_MODEL_FLAGS = ("--model", "--model-id", "--model-name", "--embedding-model", "--hf-repo")
_TAKES = frozenset((*_LONG.split(), *_MODEL_FLAGS))
_RUN = (
    "-e -p -v -u -w -h -l -m --env --publish --volume --user --network --entrypoint --gpus --mount "
    "--hostname --label --runtime --shm-size --ipc"
)
_SHORT = {
    "pip": "-r -c -i -f -t -e -p -w",
    "uv": "-r -c -i -f -e -p",
    "npm": "-w -C",
    "pnpm": "-C -F",
    "conda": "-c -n -p -f",
    "mamba": "-c -n -p -f",
    "micromamba": "-c -n -p -f -r",
    "docker": _RUN,
    "podman": _RUN,
    "gem": "-v -i -s",
    "cargo": "-F -j",
    "dotnet": "-v -s -f -n",
    "apt-get": "-t -o -c",
    "apt": "-t -o -c",
    "apk": "-t -X",
    "composer": "-d",
}
_DEV_FLAGS = frozenset({"-D", "--save-dev", "--dev", "-d", "--development"})
_DEEPEST = 3


class _Word(NamedTuple):
    text: str
    line: int


class _Arguments(NamedTuple):
    """The words that follow a command, and which of its flags take the next one."""

    words: list[_Word]
    takes: frozenset[str]

    def named(self) -> Iterator[_Word]:
        """Yield the words that are neither flags, nor what flags take, nor paths or variables."""
        takes = False
        for word in self.words:
            if takes:
                takes = False
            elif word.text.startswith("-"):
                takes = word.text in self.takes
            elif not word.text.startswith((".", "/", "~", "<", ">", "$", "2>")) and word.text:
                yield word

    def after(self, *flags: str) -> Iterator[_Word]:
        """Yield what follows flags, as the next word or behind ``=``."""
        for word, following in zip(self.words, [*self.words[1:], _Word("", 0)], strict=False):
            flag, mark, value = word.text.partition("=")
            if flag in flags and (mark or following.text):
                yield _Word(value, word.line) if mark else following

    def group(self) -> Group:
        is_dev = any(one.text in _DEV_FLAGS for one in self.words)
        return Group.DEV if is_dev else Group.RUNTIME


def installs(text: str, line: int = 1, depth: int = 0) -> Iterator[Mention]:
    """Yield what the commands of a script install or fetch; ``line`` is that of its beginning."""
    if not _WORTH.search(text):
        return
    for command in _commands(text, line):
        yield from _read(_without_prefix(command), depth)
        yield from _chosen(command)


def arguments(words: list[str], line: int = 1) -> Iterator[Mention]:
    """Yield what one command installs or runs that is written as a list of words."""
    given = [_Word(word, line) for word in words]
    yield from _read(_without_prefix(given), 0)
    yield from _chosen(given)


def _chosen(words: list[_Word]) -> Iterator[Mention]:
    """Yield the models that flags choose: ``vllm serve --model mistralai/Mistral-7B``."""
    for word in _Arguments(words, _TAKES).after(*_MODEL_FLAGS):
        yield from model(word.text, word.line)


def _commands(text: str, line: int) -> Iterator[list[_Word]]:
    command: list[_Word] = []
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found[0]
        if kind == "word":
            command.append(_Word(_unquoted(token), line))
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


def _without_prefix(command: list[_Word]) -> list[_Word]:
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


def _read(command: list[_Word], depth: int) -> Iterator[Mention]:
    if not command:
        return
    name = command[0].text.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    name = name.removesuffix(".cmd")
    rest = command[1:]
    if name in _SHELLS:
        yield from _of_shell(rest, depth)
        return
    if name.startswith("python") or name == "py":
        at = next((n for n, one in enumerate(rest) if one.text == "-m"), None)
        if at is not None and rest[at + 1 :]:
            yield from _read(rest[at + 1 :], depth)
        return
    if name.startswith("pip") and name not in ("pipenv", "pipx"):
        name = "pip"
    takes = _TAKES | frozenset(_SHORT.get(name, "").split())
    verbs = [one for _, one in zip(range(3), _Arguments(rest, takes).named(), strict=False)]
    for count in range(len(verbs), -1, -1):
        if read := _COMMANDS.get(" ".join((name, *(one.text for one in verbs[:count])))):
            begin = (
                next(n for n, one in enumerate(rest) if one is verbs[count - 1]) + 1 if count else 0
            )
            yield from _safely(read, _Arguments(rest[begin:], takes))
            return


def _safely(read: _Reader, given: _Arguments) -> Iterator[Mention]:
    for one in read(given):
        try:
            yield one()
        except Unreadable:
            continue  # a word that is no package's name, such as one a template left


def _of_shell(rest: list[_Word], depth: int) -> Iterator[Mention]:
    for number, one in enumerate(rest):
        is_command = one.text.lower() in ("/c", "-command") or (
            one.text.startswith("-") and not one.text.startswith("--") and "c" in one.text
        )
        if is_command and rest[number + 1 :] and depth < _DEEPEST:
            script = rest[number + 1]
            yield from installs(script.text, script.line, depth=depth + 1)
            return


_Reader = Callable[[_Arguments], Iterator[Callable[[], Mention]]]


def _package(
    ecosystem: str, name: str, line: int, version: str = "", group: Group = Group.RUNTIME
) -> Mention:
    version = "" if "$" in version or "{" in version else version
    return Mention(
        Identifier.PACKAGE, purl(ecosystem, name), line, version, group=group, is_direct=True
    )


def _python(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    group = given.group()
    for word in given.after("-e", "--editable"):
        if found := _GIT.fullmatch(word.text):
            yield _call(_of_github, found, word.line, group)
    for word in given.named():
        yield _call(_requirement, word, group)


def python_package(text: str, line: int, group: Group = Group.RUNTIME) -> Mention:
    """Return a package as pip and uv take it: ``name[extra]>=1``. Raises Unreadable."""
    return _requirement(_Word(text, line), group)


def _requirement(word: _Word, group: Group = Group.RUNTIME) -> Mention:
    """Return a Python package as pip reads it. Raises Unreadable."""
    text = word.text
    if found := _GIT.fullmatch(text):
        return _of_github(found, word.line, group)
    if text.endswith((".whl", ".txt", ".gz", ".zip", ".toml")) or "://" in text.partition("@")[0]:
        raise Unreadable("a file")
    if found := _PYPI_VARIABLE.fullmatch(text):
        return _package("pypi", found[1], word.line, group=group)
    text = re.sub(r"(?<=[\w\]])@(?=[\w.]+$)", "==", text).removesuffix("==latest")  # uv's way
    try:
        asked = Requirement(text)
    except InvalidRequirement as error:
        raise Unreadable(f"no Python requirement: {text[:80]!r}") from error
    return _package("pypi", asked.name, word.line, str(asked.specifier).removeprefix("=="), group)


def _of_github(found: re.Match[str], line: int, group: Group) -> Mention:
    return _package("github", f"{found[1]}/{found[2]}", line, found[3] or "", group)


def _call(make: Callable[..., Mention], *given: object) -> Callable[[], Mention]:
    return lambda: make(*given)


def _node(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    group = given.group()
    for word in given.named():
        yield _call(node_package, word.text, word.line, group)


def node_package(text: str, line: int, group: Group = Group.RUNTIME) -> Mention:
    """Return a package as npm, yarn and pnpm take it: ``@scope/name@1``. Raises Unreadable."""
    alias, mark, real = text.rpartition("npm:")
    if mark and (not alias or alias.endswith("@")):
        text = real
    if found := _GIT.fullmatch(text):
        return _of_github(found, line, group)
    if found := _NPM.fullmatch(re.sub(r"[$]\{?\w+\}?$", "", text)):
        return _package("npm", found[1].lower(), line, found[2] or "", group)
    if found := _SHORT_GITHUB.fullmatch(text):
        return _package("github", found[1], line, found[2] or "", group)
    raise Unreadable(f"no package of npm: {text[:80]!r}")


def _first_python(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    """``uvx --from NAME command``, ``pipx run NAME``: the words behind it are its own."""
    for word in _run(given, "--from", "--spec"):
        yield _call(_requirement, word)
    yield from _with(given)


def _first_node(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in _run(given, "-p", "--package"):
        yield _call(node_package, word.text, word.line)


def _run(given: _Arguments, *flags: str) -> list[_Word]:
    """Return the words that name what is run: those that flags give, or else the first one."""
    if named := list(given.after(*flags)):
        return named
    takes = given.takes | {"--with"}
    return list(_Arguments(given.words, takes).named())[:1]


def _with(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    """``uv run --with openai main.py``: the command itself is the application's own."""
    for word in given.after("--with"):
        for part in word.text.split(","):
            yield _call(_requirement, _Word(part, word.line))


def _of(ecosystem: str, mark: str = "") -> _Reader:
    """Return a reader of the packages of an ecosystem; ``mark`` is what a version follows."""

    def make(word: _Word, version: str, group: Group) -> Mention:
        if not _PLAIN.fullmatch(word.text) or "://" in word.text:
            raise Unreadable("no package")
        name, _, own = word.text.partition(mark) if mark else (word.text, "", "")
        return _package(ecosystem, name, word.line, own.strip("=<>~ ") or version, group)

    def read(given: _Arguments) -> Iterator[Callable[[], Mention]]:
        version = next((one.text for one in given.after("--version", "-v")), "")
        group = given.group()
        for word in given.named():
            yield _call(make, word, version, group)

    return read


def _conda(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    def make(word: _Word) -> Mention:
        found = re.fullmatch(r"(?:[\w-]+::)?([A-Za-z0-9_][\w.-]*)\s*([=<>!~].*)?", word.text)
        if not found:
            raise Unreadable("no package")
        return _package("conda", found[1].lower(), word.line, (found[2] or "").strip("="))

    for word in given.named():
        yield _call(make, word)


def _go(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in given.named():
        if found := _GO.fullmatch(word.text):
            yield _call(_package, "golang", found[1], word.line, found[2] or "")


def _extension(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in given.after("--install-extension"):
        if found := _EXTENSION.fullmatch(word.text):
            yield _call(
                Mention,
                Identifier.IDE_EXT,
                found[1].lower(),
                word.line,
                found[2] or "",
                Tie.CONFIGURED,
            )


def _image(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in given.named():
        for one in image(word.text, word.line):
            yield _call(lambda found: found, one)
        return


def _model(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in given.named():
        for one in model(word.text, word.line):
            yield _call(lambda found: found, one)
        return


def _fetch(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in given.words:
        for one in urls(word.text, word.line):
            yield _call(lambda found: found, one)


def _clone(given: _Arguments) -> Iterator[Callable[[], Mention]]:
    for word in given.words:
        if found := _GIT.fullmatch(word.text) or re.fullmatch(
            r"git@github\.com:([\w.-]+)/([\w.-]+?)(?:\.git)?()", word.text
        ):
            yield _call(_of_github, found, word.line, Group.RUNTIME)
        elif "github.com" not in word.text:
            for one in urls(word.text, word.line):
                yield _call(lambda found: found, one)


def _table() -> dict[str, _Reader]:
    table: dict[str, _Reader] = {
        "pipx run": _first_python,
        "uv tool run": _first_python,
        "uvx": _first_python,
        "uv run": _with,
        "npx": _first_node,
        "bunx": _first_node,
        "npm exec": _first_node,
        "npm x": _first_node,
        "yarn dlx": _first_node,
        "pnpm dlx": _first_node,
        "pnpx": _first_node,
        "bun x": _first_node,
        "apk add": _of("apk", "="),
        "brew install": _of("brew"),
        "gem install": _of("gem", ":"),
        "bundle add": _of("gem"),
        "cargo install": _of("cargo", "@"),
        "cargo binstall": _of("cargo", "@"),
        "cargo add": _of("cargo", "@"),
        "composer require": _of("composer", ":"),
        "composer global require": _of("composer", ":"),
        "dotnet add package": _of("nuget"),
        "dotnet tool install": _of("nuget"),
        "nuget install": _of("nuget"),
        "go install": _go,
        "go get": _go,
        "code": _extension,
        "code-server": _extension,
        "ollama pull": _model,
        "ollama run": _model,
        "vllm serve": _model,
        "docker model pull": _model,
        "docker model run": _model,
        "huggingface-cli download": _model,
        "hf download": _model,
        "docker run": _image,
        "docker pull": _image,
        "podman run": _image,
        "podman pull": _image,
        "curl": _fetch,
        "wget": _fetch,
        "aria2c": _fetch,
        "irm": _fetch,
        "iwr": _fetch,
        "invoke-webrequest": _fetch,
        "invoke-restmethod": _fetch,
        "helm repo add": _fetch,
        "git clone": _clone,
    }
    python = ("pip install", "uv pip install", "uv add", "uv tool install", "pipx install")
    more = ("pipx inject", "poetry add", "pdm add", "pipenv install", "rye add", "easy_install")
    table.update(
        dict.fromkeys((*python, *more, "rye install", "pip download", "pip wheel"), _python)
    )
    for tool in ("npm", "pnpm", "bun", "yarn", "yarn global"):
        table.update(dict.fromkeys((f"{tool} install", f"{tool} add", f"{tool} i"), _node))
    for tool in ("conda", "mamba", "micromamba", "pixi"):
        table.update(dict.fromkeys((f"{tool} install", f"{tool} create", f"{tool} add"), _conda))
    for tool in ("apt", "apt-get", "aptitude"):
        table[f"{tool} install"] = _of("deb", "=")
    for tool in ("yum", "dnf", "microdnf", "zypper"):
        table[f"{tool} install"] = _of("rpm")
    return table


_COMMANDS = _table()
