"""Commands that install, fetch or run something from elsewhere: what each of them names.

    pip install "openai>=1.0"        npx -y @modelcontextprotocol/server-github

Packages that a file lists (``pip install -r``) are told where that file is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from packaging.requirements import InvalidRequirement, Requirement

from scanner.manifests import Group, Mention, Tie, Unreadable
from scanner.manifests.images import image
from scanner.manifests.purls import purl
from scanner.manifests.settings import model, urls
from scanner.manifests.shell_words import Arguments, Word
from scanner.model import Identifier

_GIT = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/\s]+@)?github\.com[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?(?:@([\w./-]+))?(?:[#/].*)?"
)
_NPM = re.compile(r"((?:@[a-z0-9~_][\w.~-]*/)?[A-Za-z0-9_][\w.~-]*)(?:@(?!npm:)([^\s@/]*))?")
_SHORT_GITHUB = re.compile(r"(?:github:)?([\w-]+/[\w.-]+)(?:#(.+))?")
_PLAIN = re.compile(r"[A-Za-z0-9@][\w.+:~@/=<>^-]*")
_EXTENSION = re.compile(r"(\w[\w-]*\.[\w.-]+?)(?:@([\w.-]+))?")
_GO = re.compile(r"((?:[\w-]+\.)+[a-z]{2,}(?:/[\w.~+-]+)+)(?:@(\S+))?")
_CONDA = re.compile(r"(?:[\w-]+::)?([A-Za-z0-9_][\w.-]*)\s*([=<>!~].*)?")
_GIT_BY_SSH = re.compile(r"git@github\.com:([\w.-]+)/([\w.-]+?)(?:\.git)?()")
_PYPI_VARIABLE = re.compile(r"([A-Za-z0-9][\w.-]*)(\[[\w.,-]*\])?(?:[=<>~!]=?=?).*\$.*")
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
MODEL_FLAGS = ("--model", "--model-id", "--model-name", "--embedding-model", "--hf-repo")
TAKES = frozenset((*_LONG.split(), *MODEL_FLAGS))
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

_Reader = Callable[[Arguments], Iterator[Mention]]


def named_by(name: str, words: list[Word]) -> Iterator[Mention]:
    """Yield what a program names that is called with words; nothing for one that is not known."""
    takes = TAKES | frozenset(_SHORT.get(name, "").split())
    named = Arguments(words, takes).named()
    verbs = [one for _, one in zip(range(3), named, strict=False)]
    for count in range(len(verbs), -1, -1):
        if read := _COMMANDS.get(" ".join((name, *(one.text for one in verbs[:count])))):
            last = (number for number, one in enumerate(words, 1) if one is verbs[count - 1])
            begin = next(last) if count else 0
            yield from read(Arguments(words[begin:], takes))
            return


def python_package(text: str, line: int, group: Group = Group.RUNTIME) -> Mention:
    """Return a package as pip and uv take it: ``name[extra]>=1``. Raises Unreadable."""
    return _requirement(Word(text, line), group)


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


def _each(words: Iterable[Word], make: Callable[[Word], Mention]) -> Iterator[Mention]:
    """Yield what words name; one that names no package, such as a template left, is passed over."""
    for word in words:
        try:
            yield make(word)
        except Unreadable:
            continue


def _group(given: Arguments) -> Group:
    is_dev = any(one.text in _DEV_FLAGS for one in given.words)
    return Group.DEV if is_dev else Group.RUNTIME


def _package(
    ecosystem: str, name: str, line: int, version: str = "", group: Group = Group.RUNTIME
) -> Mention:
    version = "" if "$" in version or "{" in version else version
    return Mention(
        Identifier.PACKAGE, purl(ecosystem, name), line, version, group=group, is_direct=True
    )


def _of_github(found: re.Match[str], line: int, group: Group) -> Mention:
    return _package("github", f"{found[1]}/{found[2]}", line, found[3] or "", group)


def _python(given: Arguments) -> Iterator[Mention]:
    group = _group(given)
    given_as_git = (one for one in given.after("-e", "--editable") if _GIT.fullmatch(one.text))
    yield from _each(given_as_git, lambda word: _requirement(word, group))
    yield from _each(given.named(), lambda word: _requirement(word, group))


def _requirement(word: Word, group: Group = Group.RUNTIME) -> Mention:
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


def _node(given: Arguments) -> Iterator[Mention]:
    group = _group(given)
    yield from _each(given.named(), lambda word: node_package(word.text, word.line, group))


def _first_python(given: Arguments) -> Iterator[Mention]:
    """``uvx --from NAME command``, ``pipx run NAME``: the words behind it are its own."""
    yield from _each(_run(given, "--from", "--spec"), _requirement)
    yield from _with(given)


def _first_node(given: Arguments) -> Iterator[Mention]:
    named = _run(given, "-p", "--package")
    yield from _each(named, lambda word: node_package(word.text, word.line))


def _run(given: Arguments, *flags: str) -> list[Word]:
    """Return the words that name what is run: those that flags give, or else the first one."""
    if named := list(given.after(*flags)):
        return named
    takes = given.takes | {"--with"}
    return list(Arguments(given.words, takes).named())[:1]


def _with(given: Arguments) -> Iterator[Mention]:
    """``uv run --with openai main.py``: the command itself is the application's own."""
    for word in given.after("--with"):
        parts = [Word(part, word.line) for part in word.text.split(",")]
        yield from _each(parts, _requirement)


def _of(ecosystem: str, mark: str = "") -> _Reader:
    """Return a reader of the packages of an ecosystem; ``mark`` is what a version follows."""

    def read(given: Arguments) -> Iterator[Mention]:
        version = next((one.text for one in given.after("--version", "-v")), "")
        group = _group(given)

        def make(word: Word) -> Mention:
            if not _PLAIN.fullmatch(word.text) or "://" in word.text:
                raise Unreadable("no package")
            name, _, own = word.text.partition(mark) if mark else (word.text, "", "")
            return _package(ecosystem, name, word.line, own.strip("=<>~ ") or version, group)

        yield from _each(given.named(), make)

    return read


def _conda(given: Arguments) -> Iterator[Mention]:
    def make(word: Word) -> Mention:
        if found := _CONDA.fullmatch(word.text):
            version = (found[2] or "").strip("=")
            return _package("conda", found[1].lower(), word.line, version)
        raise Unreadable("no package")

    yield from _each(given.named(), make)


def _go(given: Arguments) -> Iterator[Mention]:
    def make(word: Word) -> Mention:
        if found := _GO.fullmatch(word.text):
            return _package("golang", found[1], word.line, found[2] or "")
        raise Unreadable("no package")

    yield from _each(given.named(), make)


def _extension(given: Arguments) -> Iterator[Mention]:
    for word in given.after("--install-extension"):
        if found := _EXTENSION.fullmatch(word.text):
            name, version = found[1].lower(), found[2] or ""
            yield Mention(Identifier.IDE_EXT, name, word.line, version, Tie.CONFIGURED)


def _image(given: Arguments) -> Iterator[Mention]:
    for word in list(given.named())[:1]:
        yield from image(word.text, word.line)


def _model(given: Arguments) -> Iterator[Mention]:
    for word in list(given.named())[:1]:
        yield from model(word.text, word.line)


def _fetch(given: Arguments) -> Iterator[Mention]:
    for word in given.words:
        yield from urls(word.text, word.line)


def _clone(given: Arguments) -> Iterator[Mention]:
    def make(word: Word) -> Mention:
        if found := _GIT.fullmatch(word.text) or _GIT_BY_SSH.fullmatch(word.text):
            return _of_github(found, word.line, Group.RUNTIME)
        raise Unreadable("no repository of GitHub")

    for word in given.words:
        if "github.com" in word.text:
            yield from _each([word], make)
        else:
            yield from urls(word.text, word.line)


_COMMANDS: dict[str, _Reader] = {
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
    **dict.fromkeys(
        (
            *("pip install", "pip download", "pip wheel", "uv pip install", "uv add"),
            *("uv tool install", "pipx install", "pipx inject", "poetry add", "pdm add"),
            *("pipenv install", "rye add", "rye install", "easy_install"),
        ),
        _python,
    ),
    **{
        f"{tool} {verb}": _node
        for tool in ("npm", "pnpm", "bun", "yarn", "yarn global")
        for verb in ("install", "add", "i")
    },
    **{
        f"{tool} {verb}": _conda
        for tool in ("conda", "mamba", "micromamba", "pixi")
        for verb in ("install", "create", "add")
    },
    **dict.fromkeys(("apt install", "apt-get install", "aptitude install"), _of("deb", "=")),
    **{f"{tool} install": _of("rpm") for tool in ("yum", "dnf", "microdnf", "zypper")},
}
