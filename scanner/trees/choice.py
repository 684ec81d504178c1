"""Which kinds of files a path may be: told by its name, for every file of a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from typing import NamedTuple

from scanner.manifests import Manifest

_WILD = re.compile(r"[*?\[]")


class _Glob(NamedTuple):
    expression: re.Pattern[str]
    kind: Manifest


class Choice:
    """The kinds of files, by what files are called. Most names cost some look-ups."""

    def __init__(self, kinds: Iterable[Manifest]) -> None:
        self._by_name: dict[str, list[Manifest]] = {}
        self._by_ending: dict[str, list[Manifest]] = {}
        # Globs with wild cards by what they end with; those that may end with anything under "".
        self._globs: dict[str, list[_Glob]] = {}
        for kind in kinds:
            for pattern in kind.files:
                self._add(pattern.lower(), kind)
        # One expression for all globs of an ending: most names meet none of them.
        self._every = {
            ending: re.compile(
                "|".join(f"(?:{one.expression.pattern})" for one in globs), re.DOTALL
            )
            for ending, globs in self._globs.items()
        }

    def of(self, path: str) -> list[Manifest]:
        """Return the kinds that a file with this path may be of, each once."""
        lowered = path.lower()
        name = lowered.rpartition("/")[2]
        ending = _ending(name)
        found = [*self._by_name.get(name, ()), *self._by_ending.get(ending, ())]
        is_program = any(kind.is_screened for kind in found)  # dockerfile.py is no Dockerfile
        for group in (ending,) if is_program or not ending else (ending, ""):
            if (every := self._every.get(group)) is not None and every.fullmatch(lowered):
                globs = self._globs[group]
                found += [one.kind for one in globs if one.expression.fullmatch(lowered)]
        return list({kind.name: kind for kind in found}.values()) if len(found) > 1 else found

    def _add(self, pattern: str, kind: Manifest) -> None:
        name = pattern.rpartition("/")[2]
        ending = _ending(name)
        if not _WILD.search(pattern) and name == pattern:
            self._by_name.setdefault(pattern, []).append(kind)
        elif pattern == f"*{ending}":
            self._by_ending.setdefault(ending, []).append(kind)
        else:
            expression = re.compile(f"(?:.*/)?{translate(pattern)}", re.DOTALL)
            is_open = _WILD.search(ending) or not ending
            self._globs.setdefault("" if is_open else ending, []).append(_Glob(expression, kind))


def _ending(name: str) -> str:
    """Return what a name ends with from its last dot on; "" if it has none."""
    return name[name.rfind(".") :] if "." in name else ""
