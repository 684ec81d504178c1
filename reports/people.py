"""Who is named in a paper, and what stands in their place for somebody who may not see names.

People who act by name stay named: who decided, who owns a system by a person's word, who answers for
the management system. Everybody else whom evidence names becomes the code that the store has for
them, or the word for somebody where no key is at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from scanner.output import clean
from scanner.privacy import Privacy, Pseudonyms, load_key

if TYPE_CHECKING:
    from reports import Output
    from reports.material import Material
    from reports.paper import Paper

# Returns a text with codes in the place of names.
Hide = Callable[[str], str]

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def hiding(material: Material) -> Hide:
    """Return what puts codes in the place of people who did not act by name."""
    acting = set(_acting(material))
    code_of = _code_of(material)
    names = {one for one in _named(material) if one and one not in acting}
    codes = {name: code_of(name) for name in sorted(names)}
    return in_place(codes, acting, material.config.domains, code_of)


def _code_of(material: Material) -> Callable[[str], str]:
    """Return what codes names as the store does, also of a store that keeps them in clear."""
    config = material.config
    if not config.key_file.is_file():
        return lambda _: material.texts("common.somebody")
    key = load_key(config.key_file, may_create=False)
    pseudonyms = Pseudonyms(key, Privacy.PSEUDONYMOUS, config.domains)
    return lambda name: pseudonyms.actor(name, None)[0]


def _acting(material: Material) -> Iterator[str]:
    yield from (one.by for one in material.decisions)
    yield from (one.confirmed.owner for one in material.owners.values() if one.confirmed)
    yield from (one.by for one in material.config.policy)
    yield from (one.by for one in material.config.scope.rules)
    yield from (material.config.scope.accountable, material.config.scope.owner)


def _named(material: Material) -> Iterator[str]:
    for one in material.owners.values():
        yield from (each.owner for each in one.candidates)
    yield from material.store.people_in_clear()


def in_place(
    codes: Mapping[str, str],
    acting: Iterable[str],
    domains: Iterable[str],
    code_of: Callable[[str], str],
) -> Hide:
    """Return what replaces names by their codes, and any address of the organisation's own domains.

    A name is found where its first word stands: so it takes no longer for a thousand of them.
    """
    known: dict[str, list[tuple[str, int, str]]] = {}
    for name, code in codes.items():
        for form in _forms(name):
            if first := _WORD.search(form):
                known.setdefault(first[0], []).append((form, first.start(), code))
    for several in known.values():
        several.sort(
            key=lambda one: (-len(one[0]), one[0])
        )  # the longest of those that begin alike
    shown, own = set(acting), tuple(f"@{one.casefold()}" for one in domains)

    def address(found: re.Match[str]) -> str:
        text = found[0]
        is_own = bool(own) and text.casefold().endswith(own)
        return code_of(text) if is_own and text not in shown else text

    return lambda text: _ADDRESS.sub(address, _replaced(text, known)) if text else text


def _forms(name: str) -> set[str]:
    """Return how a name may be written: as it is, made visible, and within a text of JSON."""
    return {name, clean(name), json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1]}


def _replaced(text: str, known: Mapping[str, list[tuple[str, int, str]]]) -> str:
    parts: list[str] = []
    done = 0
    for word in _WORD.finditer(text):
        for form, offset, code in known.get(word[0], ()):
            at = word.start() - offset
            if at >= done and text.startswith(form, at) and _ends(text, at, form):
                parts += [text[done:at], code]
                done = at + len(form)
                break
    return "".join([*parts, text[done:]]) if parts else text


def _ends(text: str, at: int, form: str) -> bool:
    """Whether a name is a whole one there: Ana is not in Anaconda."""
    before, after = text[at - 1 : at] if at else "", text[at + len(form) : at + len(form) + 1]
    return not (before.isalnum() and form[0].isalnum()) and not (
        after.isalnum() and form[-1].isalnum()
    )


def made_for(hide: Hide | None, output: Output, style: str, material: Material) -> str | bytes:
    """Return a report in one of its formats, for somebody who may see names or, with ``hide``, not."""
    if hide is None:
        return output.write(material)
    if output.compose is not None:
        from reports import write_paper

        return write_paper(without_names(output.compose(material), hide), style, material)
    content = output.write(material)
    return hide(content) if isinstance(content, str) else hide(content.decode()).encode()


def without_names(paper: Paper, hide: Hide) -> Paper:
    """Return a paper, and its data, with codes in the place of names."""
    return replace(
        paper,
        title=hide(paper.title),
        subtitle=hide(paper.subtitle),
        sections=_hidden(paper.sections, hide),
        data=_hidden(paper.data, hide),
    )


def _hidden(one: Any, hide: Hide) -> Any:
    if type(one) is str:  # not one of a closed set
        return hide(one)
    if is_dataclass(one) and not isinstance(one, type):
        return replace(
            one, **{each.name: _hidden(getattr(one, each.name), hide) for each in fields(one)}
        )
    if isinstance(one, tuple):
        values = [_hidden(each, hide) for each in one]
        return type(one)(*values) if hasattr(one, "_fields") else tuple(values)
    if isinstance(one, list):
        return [_hidden(each, hide) for each in one]
    if isinstance(one, Mapping):
        return {
            hide(key) if type(key) is str else key: _hidden(each, hide) for key, each in one.items()
        }
    return one
