"""The literals that a value of a Python program can be, as far as the program itself shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from scanner.manifests.literals import UNKNOWN

_DEEPEST = 20
_MOST = 20  # of one name, and in one list
_MOST_STEPS = 200
_LONGEST = 2_000
_DEFAULT_OF = frozenset({"getenv", "get", "pop", "setdefault", "config", "env"})
_FIELDS = frozenset({"Field", "field", "Option", "Argument"})


class Scope:
    """The names that a module, a class or a function assigns, and the scope around it."""

    __slots__ = ("_around", "_names")

    def __init__(self, around: Scope | None = None) -> None:
        self._around = around
        self._names: dict[str, list[ast.expr]] = {}

    def assign(self, name: str, value: ast.expr) -> None:
        values = self._names.setdefault(name, [])
        if len(values) < _MOST:
            values.append(value)

    def values(self, name: str) -> list[ast.expr]:
        scope: Scope | None = self
        while scope is not None:
            if name in scope._names:
                return scope._names[name]
            scope = scope._around
        return []


def last_name(node: ast.expr) -> str:
    """Return ``c`` of ``a.b.c`` and of ``c``; "" for what has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def literals(value: ast.expr, scope: Scope) -> Iterator[tuple[str, int]]:
    """Yield the texts that a value can be, and their lines; an unknown part is ``{}``."""
    yield from _Following(scope).literals(value, 0)


class _Following:
    """One value being followed, in a bounded number of steps: ``a = a + a`` has no end."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._steps = _MOST_STEPS

    def literals(self, value: ast.expr, depth: int) -> Iterator[tuple[str, int]]:
        self._steps -= 1
        if depth > _DEEPEST or self._steps < 0:
            return
        match value:
            case ast.Constant(value=str(text)):
                yield text, value.lineno
            case ast.JoinedStr(values=parts):
                inner = [one.value if isinstance(one, ast.FormattedValue) else one for one in parts]
                yield self._joined(inner, depth), value.lineno
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield self._joined([left, right], depth), value.lineno
            case (
                ast.Call(func=ast.Attribute(value=text, attr="format"))
                | ast.BinOp(left=text, op=ast.Mod())
            ):  # the text with its gaps: "https://{}.example.com".format(name)
                yield from self.literals(text, depth + 1)
            case _:
                for one in _alternatives(value, self._scope):
                    yield from self.literals(one, depth + 1)

    def _joined(self, parts: list[ast.expr], depth: int) -> str:
        """Return the text of an f-string or a sum, ``{}`` for each part that is not known."""
        found = (next(self.literals(one, depth + 1), None) for one in parts)
        return "".join(UNKNOWN if one is None else one[0][:_LONGEST] for one in found)


def _alternatives(value: ast.expr, scope: Scope) -> list[ast.expr]:
    """Return what a value is one of."""
    match value:
        case ast.Name(id=name):
            return scope.values(name)
        case ast.BoolOp(values=values):
            return values
        case ast.IfExp(body=body, orelse=other):
            return [body, other]
        case ast.List(elts=values) | ast.Tuple(elts=values):
            return values[:_MOST]
        case ast.Call():
            return _defaults(value)
    return []


def _defaults(call: ast.Call) -> list[ast.expr]:
    """Return what ``os.getenv("X", default)`` or ``Field(default)`` falls back to."""
    name = last_name(call.func)
    named = [one.value for one in call.keywords if one.arg == "default"]
    if name in _FIELDS:
        return named or call.args[:1]
    return named or call.args[1:2] if name in _DEFAULT_OF else []
