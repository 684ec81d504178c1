"""Values that a setup.py puts together, found without running it: texts, lists and tables.

``python_values`` tells which texts one value of any program can be; here a script's statements are
followed in their order, as lists of requirements are often begun, added to, and then passed on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from scanner.manifests import Unreadable
from scanner.manifests.python_packages import HALVES

_MOST = 100_000


class Text(NamedTuple):
    """A text and its line; a part that is computed stands in it as ``{name}``."""

    value: str
    line: int


class Computed(NamedTuple):
    """What only running the program would tell."""

    line: int


Value = Text | Computed | list["Value"] | dict[str, "Value"]


class Values:
    """The values that a program's names stand for, where it writes them out."""

    def __init__(self, tree: ast.Module) -> None:
        self._names: dict[str, Value] = {}
        self._left = _MOST
        for statement in _statements(tree):
            self._learn(statement)

    def of(self, node: ast.expr) -> Value:
        """Return what an expression stands for. Raises Unreadable if that grows without bound."""
        match node:
            case ast.Constant(value=str() as text):
                return Text(HALVES.sub("?", text), node.lineno)
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return self._bounded([one for item in items for one in self._item(item)])
            case ast.Dict():
                return self._table(node)
            case ast.Name(id=name):
                return self._names.get(name, Computed(node.lineno))
            case ast.JoinedStr(values=parts):
                return Text("".join(self._part(part) for part in parts), node.lineno)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._sum(self.of(left), self.of(right), node.lineno)
            case ast.IfExp(body=body, orelse=other):
                return self._sum(self.of(body), self.of(other), node.lineno)
            case ast.Subscript(value=value, slice=ast.Constant(value=str() as key)):
                table = self.of(value)
                found = table.get(key) if isinstance(table, dict) else None
                return Computed(node.lineno) if found is None else found
            case ast.Call():
                return self._call(node)
        return Computed(node.lineno)

    def _item(self, item: ast.expr) -> Iterator[Value]:
        value = self.of(item.value if isinstance(item, ast.Starred) else item)
        if isinstance(item, ast.Starred) and isinstance(value, list):
            yield from value
        else:
            yield value

    def _table(self, node: ast.Dict) -> dict[str, Value]:
        table: dict[str, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            found = self.of(value)
            name = self.of(key) if key else None
            if isinstance(name, Text):
                table[name.value] = found
            elif key is None and isinstance(found, dict):
                table.update(found)
        return table

    def _part(self, part: ast.expr) -> str:
        if isinstance(part, ast.FormattedValue):
            value = self.of(part.value)
            inner = part.value.id if isinstance(part.value, ast.Name) else ""
            return value.value if isinstance(value, Text) else f"{{{inner}}}"
        return str(part.value) if isinstance(part, ast.Constant) else ""

    def _sum(self, one: Value, other: Value, line: int) -> Value:
        match one, other:
            case list(), list():
                return self._bounded([*one, *other])
            case Text(), Text() if len(one.value) + len(other.value) < _MOST:
                return Text(one.value + other.value, one.line)
            case (list(), Computed()) | (Computed(), list()):
                known = one if isinstance(one, list) else other
                return [*known, Computed(line)] if isinstance(known, list) else known
        return Computed(line)

    def _bounded(self, values: list[Value]) -> list[Value]:
        self._left -= len(values) + 1
        if self._left < 0:
            raise Unreadable("lists that grow without bound")
        return values

    def _call(self, node: ast.Call) -> Value:
        match node:
            case ast.Call(
                func=ast.Name(id="list" | "set" | "sorted" | "tuple"), args=[one], keywords=[]
            ):
                value = self.of(one)
                return value if isinstance(value, list) else Computed(node.lineno)
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=pairs):
                return {pair.arg: self.of(pair.value) for pair in pairs if pair.arg}
            case ast.Call(func=ast.Attribute(value=inner, attr="split" | "splitlines"), args=[]):
                text = self.of(inner)
                if isinstance(text, Text):
                    return self._split(text, inner, node.func)
        return Computed(node.lineno)

    def _split(self, text: Text, inner: ast.expr, split: ast.expr) -> Value:
        """Return the words or lines of a text; its first line is where it begins."""
        is_words = isinstance(split, ast.Attribute) and split.attr == "split"
        begin = inner.lineno
        return self._bounded(
            [
                Text(one, begin + number)
                for number, line in enumerate(text.value.split("\n"))
                for one in (line.split() if is_words else [line.strip()])
                if one
            ]
        )

    def _learn(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                found = self.of(value)
                for target in targets:
                    self._assign(target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, self.of(value))
            case ast.AugAssign(target=target, op=ast.Add(), value=value):
                before = self.of(target)
                self._assign(target, self._sum(before, self.of(value), statement.lineno))
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=target, attr="append" | "extend" | "update" as attr),
                    args=[value],
                )
            ):
                self._grow(target, attr, self.of(value))

    def _assign(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self._names[name] = value
            case ast.Subscript(value=table, slice=ast.Constant(value=str() as key)):
                known = self.of(table)
                if isinstance(known, dict):
                    known[key] = value

    def _grow(self, target: ast.expr, attr: str, value: Value) -> None:
        known = self.of(target)
        match known, attr, value:
            case list(), "append", _:
                known += self._bounded([value])
            case list(), "extend", list():
                known += self._bounded([*value])
            case list(), "extend", Computed():
                known.append(value)
            case dict(), "update", dict():
                known.update(value)


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield a program's statements in their order, those within functions and branches too."""
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.expr):
            left += reversed(list(ast.iter_child_nodes(node)))
