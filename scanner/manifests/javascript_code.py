"""What a parsed JavaScript or TypeScript program names: packages, variables, addresses, models.

Of the syntax tree only those nodes are looked at that lie around words which tell something: there
are imports and variables, and literals under a name (``baseURL:``, ``const MODEL =``) or given to
an SDK (``openai("gpt-4o")``). Then each such value is followed to its literals: through constants
of the file, ``a ?? b``, ``c ? a : b``, ``+`` and templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from scanner.manifests import Group, Mention
from scanner.manifests.javascript_tree import (
    Tree,
    arguments,
    last_name,
    line_of,
    owner,
    plain,
    text_of,
)
from scanner.manifests.javascript_values import Constants, assignment, literals
from scanner.manifests.literals import (
    ENDS_OF_ROLES,
    TAKES_ADDRESS,
    TAKES_MODEL,
    address,
    hub_model,
    model,
    role,
    said,
    variable,
)
from scanner.manifests.programs import Mentions
from scanner.manifests.telling import Telling, any_of
from scanner.model import Identifier

if TYPE_CHECKING:
    from tree_sitter import Node

_SPECIFIER = re.compile(r"((?:@[a-z0-9~-][\w.~-]*/)?[a-z0-9][\w.~-]*)(?:@[^/]*)?(?:/.*)?", re.I)
_SDK = re.compile(r"@ai-sdk/.+|@[\w-]+/ai-sdk-.+|.+-ai-provider(?:-v\d+)?|ai")
_OF_ENVIRON = frozenset({"process.env", "import.meta.env", "Bun.env"})
_READS_VARIABLE = frozenset({"Deno.env.get", "Deno.env.has"})
_CALLED = frozenset({*TAKES_ADDRESS, *TAKES_MODEL, "pipeline"})
_TELLING = Telling(
    rb"\b(?:import|from|require)[^\w$]",
    rb"\.env[^\w$]",
    # url: "..", but not url.searchParams, and no argument
    b"%b[^A-Za-z0-9.();]" % ENDS_OF_ROLES.encode(),
    # get("..."), get<Answer>("..."), get?.("...")
    rb"%b\s{0,20}[(<?/]" % any_of(_CALLED | {"has"}),
)
_KINDS_OF_MODELS = frozenset(
    {"chat", "completion", "responses", "languageModel", "messages", "model"}
    | {"embedding", "embeddingModel", "textEmbedding", "textEmbeddingModel", "reranking"}
    | {"image", "imageModel", "speech", "transcription", "rerankingModel", "video"}
)
# Modules of Node itself, which need no "node:"; an installed package of that name is not reached.
# https://nodejs.org/api/modules.html#built-in-modules
_OF_NODE = frozenset(
    {"assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants"}
    | {"crypto", "dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http"}
    | {"http2", "https", "inspector", "module", "net", "os", "path", "perf_hooks", "process"}
    | {"punycode", "querystring", "readline", "repl", "stream", "string_decoder", "sys"}
    | {"timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi"}
    | {"worker_threads", "zlib"}
)


def package_of(specifier: str) -> str:
    """Return the package of what is imported; "" for a file, and for a module of the runtime."""
    specifier = specifier.strip().removeprefix("npm:")
    found = _SPECIFIER.fullmatch(specifier)
    if found is None or ":" in found[1] or found[1] in _OF_NODE:
        return ""
    return found[1]


class Reading:
    """One program being read."""

    def __init__(self, tree: Tree, mentions: Mentions) -> None:
        self._tree = tree
        self._mentions = mentions
        self._constants = Constants(tree)
        self._providers: set[str] = set()
        self._makers: set[str] = set()
        self._named: list[tuple[str, Node]] = []
        self._addresses: list[Node] = []
        self._models: list[Node] = []
        self._hub_models: list[Node] = []
        self._read: list[Node] = []
        self._erased: set[tuple[int, str]] = set()  # imports of types alone
        self._handlers: dict[str, Callable[[Node], object]] = {
            "import_statement": self._import,
            "import_require_clause": self._source,
            "export_statement": self._source,
            "call_expression": self._call,
            "new_expression": self._new,
            "pair": self._pair,
            "shorthand_property_identifier": self._shorthand,
            "variable_declarator": self._declared,
            "assignment_expression": self._assigned,
            "assignment_pattern": self._assigned,
            "object_assignment_pattern": self._assigned,
            "public_field_definition": self._field,
            "field_definition": self._field,
            "required_parameter": self._assigned,
            "member_expression": self._member,
            "subscript_expression": self._member,
        }

    def mentions(self) -> Iterator[Mention]:
        """Yield what the program names, in the order of the lines."""
        kinds = frozenset(self._handlers)
        for node in self._tree.around(self._tree.places_of(_TELLING), kinds):
            self._handlers[node.type](node)
        self._find_providers()
        for name, value in self._named:
            for text, line in literals(value, self._constants):
                if found := said(name, text):
                    self._mentions.add(*found, line)
        for value in self._addresses:
            for text, line in literals(value, self._constants):
                if found := address(text):
                    self._mentions.add(*found, line)
        for value in self._hub_models:
            for text, line in literals(value, self._constants):
                self._mentions.add(Identifier.MODEL, hub_model(text), line)
        for value in self._models:
            for text, line in literals(value, self._constants):
                self._mentions.add(Identifier.MODEL, model(text), line)
        for value in self._read:
            for text, line in literals(value, self._constants):
                self._mentions.add(Identifier.ENV, variable(text), line)
        for one in self._mentions:
            is_erased = one.group.is_shipped and (one.line, one.value) in self._erased
            yield one._replace(group=Group.DEV) if is_erased else one

    def _find_providers(self) -> None:
        """Note what is given to the providers that are imported, and to those that are made here."""
        for node in self._nodes_with(self._makers, "variable_declarator"):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is None or value is None or value.type != "call_expression":
                continue
            maker = value.child_by_field_name("function")
            if maker is not None and text_of(maker) in self._makers:
                self._providers.add(text_of(name))
        for node in self._nodes_with(self._providers, "call_expression"):
            self._asked(node)

    def _nodes_with(self, names: set[str], kind: str) -> list[Node]:
        places = (at for name in sorted(names) for at in self._tree.places_of_name(name))
        return self._tree.around(places, frozenset({kind}))

    def _import(self, node: Node) -> None:
        package = self._source(node)
        if any(one.type == "type" for one in node.children):
            source = node.child_by_field_name("source")
            self._erased.add((line_of(source or node), package))
        if not _SDK.fullmatch(package):
            return
        for clause in node.named_children[:1]:
            for name in _imported_names(clause):
                self._providers.add(name)
                if name.startswith("create"):
                    self._makers.add(name)

    def _source(self, node: Node) -> str:
        source = node.child_by_field_name("source")
        return "" if source is None else self._package(source)

    def _package(self, node: Node) -> str:
        package = package_of(plain(node))
        self._mentions.add(Identifier.IMPORT, package, line_of(node))
        return package

    def _call(self, node: Node) -> None:
        function, given = node.child_by_field_name("function"), arguments(node)
        if function is None or not given:
            return
        name = last_name(function)
        if _imports(function):
            self._package(given[0])
        elif name in TAKES_ADDRESS:
            self._addresses += given[:2]
        elif name in TAKES_MODEL:
            self._hub_models.append(given[0])
        elif name == "pipeline":
            self._hub_models += given[1:2]
        if name in ("get", "has") and text_of(function) in _READS_VARIABLE:
            self._read.append(given[0])

    def _asked(self, node: Node) -> None:
        """Note the model in ``openai("gpt-4o")`` and ``openai.chat("gpt-4o")`` of a provider."""
        function, given = node.child_by_field_name("function"), arguments(node)
        if function is None or not given or _imports(function):
            return
        name = last_name(function)
        if name in _KINDS_OF_MODELS and function.type == "member_expression":
            name = owner(function)
        elif function.type != "identifier" or name in _CALLED:
            return
        if name in self._providers:
            self._models.append(given[0])

    def _new(self, node: Node) -> None:
        maker, given = node.child_by_field_name("constructor"), arguments(node)
        if maker is not None and given and last_name(maker) in TAKES_ADDRESS:
            self._addresses.append(given[0])

    def _pair(self, node: Node) -> None:
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is not None and value is not None:
            self._say(plain(key) or text_of(key), value)

    def _shorthand(self, node: Node) -> None:
        self._say(text_of(node), node)

    def _declared(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None or name.type != "object_pattern":
            self._assigned(node)
        elif text_of(value) in _OF_ENVIRON:
            self._taken_apart(name)

    def _taken_apart(self, pattern: Node) -> None:
        """Note the names in ``const { OPENAI_API_KEY: key, HOST = "x" } = process.env``."""
        for one in pattern.named_children[:1000]:
            name = one.child_by_field_name("key") or one.child_by_field_name("left") or one
            if name.type != "rest_pattern":
                self._variable(name, text_of(name))

    def _assigned(self, node: Node) -> None:
        if (found := assignment(node)) is not None:
            self._say(*found)

    def _field(self, node: Node) -> None:
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        value = node.child_by_field_name("value")
        if name is not None and value is not None:
            self._say(text_of(name), value)

    def _member(self, node: Node) -> None:
        """Note ``process.env.X`` and ``process.env["X"]``."""
        whose = node.child_by_field_name("object")
        if whose is None or whose.type != "member_expression" or text_of(whose) not in _OF_ENVIRON:
            return
        if named := node.child_by_field_name("property"):
            self._variable(named, text_of(named))
        elif index := node.child_by_field_name("index"):
            self._read.append(index)

    def _variable(self, node: Node, name: str) -> None:
        self._mentions.add(Identifier.ENV, variable(name), line_of(node))

    def _say(self, name: str, value: Node) -> None:
        if role(name):
            self._named.append((name, value))


def _imports(function: Node) -> bool:
    return function.type == "import" or text_of(function) == "require"


def _imported_names(clause: Node) -> Iterator[str]:
    """Yield the names that an import clause binds: ``a``, ``b`` and ``d`` of ``a, {b, c as d}``."""
    for one in clause.named_children:
        if one.type == "identifier":
            yield text_of(one)
        elif one.type == "named_imports":
            for specifier in one.named_children:
                name = specifier.child_by_field_name("alias") or specifier.child_by_field_name(
                    "name"
                )
                if name is not None:
                    yield text_of(name)
