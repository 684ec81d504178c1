"""Names as people write them: what two spellings of one product's name, or of one company's, share.

``ChatGPT Enterprise``, ``Chat GPT`` and ``OpenAI ChatGPT`` are one product. A name says little by
itself: who may rely on one is decided where it is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+(?:[+]+|#)?")
# What vendors, inventories and registers write behind a product's name, and which is no other product.
_PLANS = frozenset(
    ["enterprise", "team", "teams", "plus", "business", "pro", "premium", "edu", "education", "student", "free", "personal", "individual", "max", "ultra", "standard", "basic", "starter", "advanced", "service", "unlimited", "subscription", "licence", "license", "licences", "licenses", "lizenz", "lizenzen", "abo", "abonnement", "licencias", "seat", "seats", "account", "desktop", "app", "apps", "application", "client", "installer", "setup", "web", "online", "beta", "preview", "version", "release", "ai", "com", "user", "users", "x64", "x86", "x32", "arm64", "amd64", "64", "32", "bit", "win", "windows", "mac", "macos", "osx", "linux", "ios", "android"]
)  # fmt: skip
_AIMS = frozenset(
    ["workspace", "google", "work", "business", "enterprise", "enterprises", "teams", "team", "education", "windows", "mac", "macos", "desktop", "ios", "android", "web", "organizations", "organisations", "companies", "nonprofits", "unternehmen", "entreprises", "empresas"]
)  # fmt: skip
_FORMS = frozenset(
    ["inc", "incorporated", "llc", "llp", "ltd", "limited", "gmbh", "pbc", "corp", "corporation", "company", "co", "ag", "se", "sa", "sas", "sarl", "bv", "nv", "oy", "ab", "as", "aps", "srl", "spa", "plc", "pty", "kk", "kg", "opco", "holdings", "group", "the"]
)  # fmt: skip
_JOINTS = frozenset({"by", "from", "of"})
_FORS = frozenset({"for", "für", "pour", "para"})
_NUMBER = re.compile(r"v?\d+o?")  # v2, and 4o
_MOST_WORDS = 12


def fold(name: str) -> str:
    """Return a name without case, spaces and punctuation: ``Chat-GPT`` is ``chatgpt``."""
    return "".join(words(name))


def words(name: str) -> list[str]:
    """Return the words of a name in lower case."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    return _WORD.findall(plain)


def readings(name: str) -> Iterator[tuple[str, str]]:
    """Yield what a name may be that of: a product's folded name, and the vendor's before or behind it.

    The vendor is "" where the whole name is the product's. Plans, editions and versions at the end
    are tried with and without.
    """
    every = words(name)[:_MOST_WORDS]
    for some in _shortened(every):
        yield "".join(some), ""
        for at in range(1, len(some)):
            yield "".join(some[at:]), "".join(_company(some[:at]))
            yield "".join(_unjoined(some[:at])), "".join(_company(some[at:]))


def is_of(publisher: str, names: Sequence[str]) -> bool:
    """Whether a publisher is a company of one of these names: ``OpenAI Ireland Ltd`` is OpenAI."""
    said = _company(words(_without_domain(publisher)))
    known = [_company(words(name)) for name in names]
    return is_called(publisher, names) or any(one and said[: len(one)] == one for one in known)


def is_called(publisher: str, names: Sequence[str]) -> bool:
    """Whether a publisher has one of these names, but for its legal form."""
    said = "".join(_company(words(_without_domain(publisher))))
    return bool(said) and any(said == "".join(_company(words(name))) for name in names)


def company(name: str) -> str:
    """Return a company's name in lower case without its legal form: ``GitHub, Inc.`` is ``github``."""
    return " ".join(_company(words(_without_domain(name))))


def is_one_word(name: str) -> bool:
    """Whether a name is one word of letters, as a word of the language might be."""
    found = words(name)
    return len(found) == 1 and found[0].isalpha()


def _shortened(every: list[str]) -> Iterator[list[str]]:
    """Yield the words, then those without one more word of a plan or a version at the end."""
    some = every
    while some:
        yield some
        is_for = [one in _FORS for one in some]
        if len(some) > 2 and some[-1] in _AIMS and any(is_for[1:-1]):
            some = some[: len(some) - 1 - is_for[::-1].index(True)]
        elif some[-1] in _PLANS or some[-1] in _FORMS or _NUMBER.fullmatch(some[-1]):
            some = some[:-1]
        else:
            return


def _company(some: list[str]) -> list[str]:
    """Return the words of a company's name without its legal form."""
    some = [one for one in some if one not in _JOINTS]
    kept = [one for one in some if one not in _FORMS]
    return kept or some


def _unjoined(some: list[str]) -> list[str]:
    return some[:-1] if some and some[-1] in _JOINTS else some


def _without_domain(publisher: str) -> str:
    """Return ``openai`` for ``www.openai.com``; a name that is no domain as it is."""
    bare = publisher.strip()
    if " " in bare or "." not in bare.strip("."):
        return bare
    labels = bare.split(".")
    return labels[-2] if len(labels[-2]) > 2 or len(labels) < 3 else labels[-3]
