"""What a parsed Python program names: modules, environment variables, addresses and models.

One walk over the tree notes imports and variables, and where literals stand under a name that
tells something (``base_url=``, ``MODEL =``, ``{"model": ...}``). Then each such value is followed
to its literals: through names assigned in the same scope or in one around it, ``a or b``,
``a if b else c``, the default of ``os.getenv``, ``+`` and f-strings. Nothing is run.
"""

from __future__ import annotations

import ast
import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from scanner.manifests import Mention, Unreadable
from scanner.manifests.literals import (
    TAKES_ADDRESS,
    TAKES_MODEL,
    address,
    hub_model,
    is_shouted,
    role,
    said,
    variable,
)
from scanner.manifests.programs import Mentions
from scanner.manifests.python_values import Scope, last_name, literals
from scanner.model import Identifier

_IMPORTERS = frozenset({"import_module", "__import__", "importorskip"})
_READERS = frozenset({"getenv", "getenvb"})
_METHODS_OF_ENVIRON = frozenset({"get", "setdefault", "pop"})
_SETTINGS = frozenset({"config", "env", "setenv", "delenv"})
_ENV_KEYWORDS = frozenset({"envvar", "env", "validation_alias"})
_OPTIONS = frozenset({"add_argument", "option", "Option"})
_HUB_KEYWORDS = frozenset({"repo_id", "pretrained_model_name_or_path"})
_NOT_MODELS = frozenset({"dataset", "space"})
_SCOPES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})
# Nodes that hold none which could say something, and fields that hold no nodes.
_LEAVES = (
    *(ast.Constant, ast.Name, ast.Pass, ast.alias, ast.Import, ast.ImportFrom),
    *(ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.type_ignore),
)
_WORDS = frozenset(
    {"arg", "attr", "conversion", "ctx", "cls_name", "is_async", "kwd_attrs", "name", "op", "ops"}
    | {"rest", "simple", "type_comment", "type_ignores"}
)
# The fields of each kind of node that may hold other nodes: most of a walk's time goes by them.
_INNER = {
    kind: tuple(field for field in kind._fields if field not in _WORDS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and not issubclass(kind, _LEAVES)
}
_WALKED = _INNER.keys() | {ast.Import, ast.ImportFrom}


@contextmanager
def _without_collections() -> Iterator[None]:
    """Hold the collector of cycles, which a tree of nodes has none of: it would look through them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def parse(text: str) -> ast.Module:
    """Return the tree of a program. Raises Unreadable, with the line, for what is no Python 3."""
    try:
        with _without_collections(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the program's own, such as "\d"
            return ast.parse(text)
    except SyntaxError as error:
        at = f", line {error.lineno}" if error.lineno else ""
        raise Unreadable(f"not Python 3: {error.msg}{at}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"not Python 3: {_reason(error)}") from error


class Reading:
    """One program being read. Trees of several cells may be given one after the other."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._module = Scope()
        self._named: list[tuple[str, ast.expr, Scope]] = []
        self._addresses: list[tuple[ast.expr, Scope]] = []
        self._models: list[tuple[ast.expr, Scope]] = []
        self._read: list[tuple[ast.expr, Scope]] = []
        self._handlers: dict[type[ast.AST], Callable[[Any, Scope], None]] = {
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Call: self._call,
            ast.Assign: self._assign,
            ast.AnnAssign: self._assign_one,
            ast.NamedExpr: self._assign_one,
            ast.Subscript: self._subscript,
            ast.Compare: self._compare,
            ast.Dict: self._dict,
            ast.arguments: self._arguments,
        }

    def walk(self, tree: ast.Module) -> None:
        """Note what a tree holds. It has as many levels as it likes: nothing here recurses."""
        waiting: list[tuple[ast.AST, Scope]] = [(tree, self._module)]
        with _without_collections():
            while waiting:
                node, scope = waiting.pop()
                kind = type(node)
                if handler := self._handlers.get(kind):
                    handler(node, scope)
                if kind in _SCOPES:
                    scope = Scope(scope)
                for field in _INNER.get(kind, ()):
                    value: Any = getattr(node, field, None)
                    if type(value) is list:
                        waiting += [(one, scope) for one in value if type(one) in _WALKED]
                    elif type(value) in _WALKED:
                        waiting.append((value, scope))

    def finish(self) -> Iterator[Mention]:
        """Follow the values that were noted, and yield all mentions in the order of the lines."""
        for name, value, scope in self._named:
            for text, line in literals(value, scope):
                if found := said(name, text):
                    self._mentions.add(*found, line)
        for value, scope in self._addresses:
            for text, line in literals(value, scope):
                if found := address(text):
                    self._mentions.add(*found, line)
        for value, scope in self._models:
            for text, line in literals(value, scope):
                self._mentions.add(Identifier.MODEL, hub_model(text), line)
        for value, scope in self._read:
            for text, line in literals(value, scope):
                self._mentions.add(Identifier.ENV, variable(text), line)
        yield from self._mentions

    def _import(self, node: ast.Import, _: Scope) -> None:
        for one in node.names:
            self._mentions.add(Identifier.IMPORT, one.name, one.lineno)

    def _import_from(self, node: ast.ImportFrom, _: Scope) -> None:
        """Note the module, and what may be one below it: ``google.genai`` of ``from google``."""
        if node.level or not node.module:
            return
        self._mentions.add(Identifier.IMPORT, node.module, node.lineno)
        for one in node.names:
            if one.name[:1].islower():
                self._mentions.add(Identifier.IMPORT, f"{node.module}.{one.name}", one.lineno)

    def _call(self, node: ast.Call, scope: Scope) -> None:
        name = last_name(node.func)
        for keyword in node.keywords:
            if keyword.arg in _ENV_KEYWORDS:
                self._read.append((keyword.value, scope))
            elif keyword.arg and role(keyword.arg):
                self._named.append((keyword.arg, keyword.value, scope))
        if name in TAKES_MODEL:
            self._model_call(node, scope)
        elif name == "pipeline":
            self._models += [(one, scope) for one in node.args[1:2]]
        elif name in _IMPORTERS:
            self._import_call(node)
        elif name in _OPTIONS:
            self._option(node, scope)
        if name in TAKES_ADDRESS:
            self._addresses += [(one, scope) for one in node.args[:2]]
        if node.args and self._reads_variable(node.func, name, node.args[0]):
            self._read.append((node.args[0], scope))

    def _model_call(self, node: ast.Call, scope: Scope) -> None:
        given = {one.arg: one.value for one in node.keywords}
        kind = given.get("repo_type")
        if isinstance(kind, ast.Constant) and kind.value in _NOT_MODELS:
            return
        named = [value for name, value in given.items() if name in _HUB_KEYWORDS]
        self._models += [(one, scope) for one in node.args[:1] + named]

    def _import_call(self, node: ast.Call) -> None:
        match node.args:
            case [ast.Constant(value=str(name)), *_] if name and not name.startswith("."):
                if all(part.isidentifier() for part in name.split(".")):
                    self._mentions.add(Identifier.IMPORT, name, node.args[0].lineno)

    def _option(self, node: ast.Call, scope: Scope) -> None:
        """Note the default of a command line's option: ``add_argument("--model", default=...)``."""
        for one in node.args:
            match one:
                case ast.Constant(value=str(text)) if text.startswith("--") and role(text):
                    name = text.lstrip("-")
                    for keyword in node.keywords:
                        if keyword.arg == "default":
                            self._named.append((name, keyword.value, scope))
                    return

    def _reads_variable(self, func: ast.expr, name: str, first: ast.expr) -> bool:
        """Whether a call's first argument is the name of an environment variable."""
        owner = func.value if isinstance(func, ast.Attribute) else None
        if name in _READERS or (
            owner is not None and name in _METHODS_OF_ENVIRON and _is_environ(owner)
        ):
            return True
        if not _is_shouting(first):
            return False
        if name in _SETTINGS:
            return True
        whose = "" if owner is None else last_name(owner)
        return whose == "env" or (whose == "userdata" and name == "get")  # environs, Colab

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        for target in node.targets:
            self._assigned(target, node.value, scope)

    def _assign_one(self, node: ast.AnnAssign | ast.NamedExpr, scope: Scope) -> None:
        if node.value is not None:
            self._assigned(node.target, node.value, scope)

    def _assigned(self, target: ast.expr, value: ast.expr, scope: Scope) -> None:
        name = ""
        match target:
            case ast.Name(id=name):
                scope.assign(name, value)
            case ast.Attribute(attr=name):
                pass
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                pass
        if role(name):
            self._named.append((name, value, scope))

    def _subscript(self, node: ast.Subscript, scope: Scope) -> None:
        """Note ``os.environ["X"]``, and Streamlit's ``st.secrets["X"]``."""
        if _is_environ(node.value) or (
            last_name(node.value) == "secrets" and _is_shouting(node.slice)
        ):
            self._read.append((node.slice, scope))

    def _compare(self, node: ast.Compare, scope: Scope) -> None:
        if isinstance(node.ops[0], ast.In | ast.NotIn) and _is_environ(node.comparators[0]):
            self._read.append((node.left, scope))

    def _dict(self, node: ast.Dict, scope: Scope) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and role(key.value):
                self._named.append((key.value, value, scope))

    def _arguments(self, node: ast.arguments, scope: Scope) -> None:
        names = [*node.posonlyargs, *node.args]
        pairs = [
            *zip(reversed(names), reversed(node.defaults), strict=False),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
        ]
        for name, default in pairs:
            if default is not None:
                scope.assign(name.arg, default)
                if role(name.arg):
                    self._named.append((name.arg, default, scope))


def _is_environ(node: ast.expr) -> bool:
    return last_name(node) in ("environ", "environb")


def _is_shouting(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and is_shouted(node.value)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else "nested too deep"
