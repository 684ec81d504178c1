"""The host names of the benchmark: 5,000 AI suffixes with their products, benign names, look-alikes.

Everything comes from one seed, so that every run and every contender speaks of the same names.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.model import Detection, Product, Vendor

SEED = 20_261_120
SUFFIXES = 5_000
BENIGN = 200_000
AI_HOSTS = 1_200
LOOK_ALIKES = 1_800
CLIENTS = 10_000

_PER_PRODUCT = 5
_PRODUCTS_PER_VENDOR = 4
_NESTED = 200  # suffixes below another suffix that belong to another product: the longest wins
_ON_PLATFORM = 200  # suffixes that share their last two labels with benign hosts
_PLATFORM = "nimbus-platform.net"
_SYLLABLES = tuple(first + second for first in "bdfgklmnprstvz" for second in "aeiou")
_TOP_LEVEL = ("com", "com", "com", "net", "org", "io", "de", "es", "co.uk", "app", "ai", "dev")
# Benign names: those under .ai are few, as they are in traffic, and look like AI by that alone.
_OF_BENIGN = (
    ("com",) * 60 + ("net",) * 16 + ("org",) * 6 + ("io",) * 5 + ("de",) * 4 + ("es",) * 2
    + ("co.uk",) * 2 + ("app",) * 2 + ("dev",) * 2 + ("ai",)
)  # fmt: skip
_LABELS = ("", "www.", "www.", "api.", "cdn.", "static.", "img1.", "eu-west-1.", "login.", "a12.")
_AI_LABELS = ("", "", "api.", "chat.", "www.", "eu.", "cdn.", "ws-7.")
# Suffixes people know. Their ids are those of the built-in files, which the overlay replaces.
_KNOWN = {
    "openai": ("openai.com", "chatgpt.com"),
    "anthropic": ("anthropic.com", "claude.ai"),
    "mistral-ai": ("mistral.ai",),
    "perplexity": ("perplexity.ai",),
}


def suffixes() -> dict[str, str]:
    """Return the 5,000 AI suffixes, each with the ``vendor/product`` that it speaks for."""
    known = {suffix: f"{vendor}/bench" for vendor, hosts in _KNOWN.items() for suffix in hosts}
    names = list(_invented_suffixes(SUFFIXES - len(known)))
    per_vendor = _PER_PRODUCT * _PRODUCTS_PER_VENDOR
    return known | {
        name: f"bench-{at // per_vendor:03d}/product-{at % per_vendor // _PER_PRODUCT}"
        for at, name in enumerate(names)
    }


def ai_hosts() -> list[str]:
    """Return the AI hosts that the log names, the most frequent first."""
    dice = random.Random(SEED + 1)
    listed = list(suffixes())
    known = [f"api.{listed[0]}", listed[1], f"api.{listed[2]}", listed[3]]
    drawn = dice.sample(listed, AI_HOSTS - len(known))
    return known + [dice.choice(_AI_LABELS) + suffix for suffix in drawn]


def look_alikes() -> list[str]:
    """Return hosts that hold an AI suffix and are not below it."""
    dice = random.Random(SEED + 2)
    below_another = ("models.", "model-")
    listed = [suffix for suffix in suffixes() if not suffix.startswith(below_another)]
    drawn = dice.sample(listed, LOOK_ALIKES - 2)
    disguises = ("not{}", "{}.attacker.example", "my-{}", "api.{}.static-files.example")
    return ["notopenai.com", "api.openai.com.attacker.example"] + [
        dice.choice(disguises).format(suffix) for suffix in drawn
    ]


@cache
def benign_hosts() -> list[str]:
    """Return 200,000 invented hosts, the most frequent first; some share a platform with AI."""
    dice = random.Random(SEED + 3)
    found: dict[str, None] = {}
    while len(found) < BENIGN:
        if len(found) % 100 == 50:
            found[f"{_word(dice)}-{len(found)}.{_PLATFORM}"] = None
        else:
            name = f"{_word(dice)}-{_word(dice)}.{dice.choice(_OF_BENIGN)}"
            found[dice.choice(_LABELS) + name] = None
    return list(found)


def clients() -> list[str]:
    """Return the 10,000 client addresses, the busiest first."""
    return [f"10.{at // 2500 + 16}.{at // 250 % 10}.{at % 250 + 2}" for at in range(CLIENTS)]


def vendors() -> tuple[Vendor, ...]:
    """Return the suffixes as vendors, the way signature files are loaded."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for suffix, key in suffixes().items():
        vendor, _, product = key.partition("/")
        grouped.setdefault(vendor, {}).setdefault(product, []).append(suffix)
    return tuple(_vendor(vendor, products) for vendor, products in grouped.items())


def write_overlay(folder: Path) -> None:
    """Write the vendors as signature files, for ``gnomon scan --signatures``."""
    import msgspec
    import yaml

    folder.mkdir(parents=True, exist_ok=True)
    for vendor in vendors():
        text = yaml.safe_dump(msgspec.to_builtins(vendor), sort_keys=False)
        (folder / f"{vendor.id}.yaml").write_text(text, encoding="utf-8")


def write_suffixes(file: Path) -> None:
    """Write ``suffix<TAB>vendor/product`` lines, for contenders that know no signatures."""
    lines = (f"{suffix}\t{key}\n" for suffix, key in suffixes().items())
    file.write_text("".join(lines), encoding="ascii")


def read_suffixes(file: Path) -> dict[str, str]:
    """Read what ``write_suffixes`` wrote."""
    lines = file.read_text(encoding="ascii").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def _invented_suffixes(count: int) -> Iterator[str]:
    dice = random.Random(SEED)
    plain: dict[str, None] = {}
    while len(plain) < count - _NESTED - _ON_PLATFORM:
        plain[f"{_word(dice)}{_word(dice)}ai.{dice.choice(_TOP_LEVEL)}"] = None
    above = itertools.islice(plain, _NESTED)
    yield from plain
    yield from (f"models.{suffix}" for suffix in above)
    yield from (f"model-{at}.{_PLATFORM}" for at in range(_ON_PLATFORM))


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.choice((2, 2, 3))))


def _vendor(vendor: str, products: dict[str, list[str]]) -> Vendor:
    from scanner.model import LifeCycle, Tier, Vendor, VendorKind

    return Vendor(
        schema=1,
        id=vendor,
        name=f"Benchmark {vendor}",
        kind=VendorKind.VENDOR,
        tier=Tier.STUB,
        status=LifeCycle.ACTIVE,
        updated=date(2026, 11, 20),
        products=tuple(_product(vendor, name, hosts) for name, hosts in products.items()),
    )


def _product(vendor: str, product: str, hosts: list[str]) -> Product:
    from scanner.model import AINature, Category, Product

    return Product(
        id=product,
        name=f"{vendor} {product}",
        category=Category.OTHER,
        ai_nature=AINature.PURE,
        detections=(_detection(vendor, product, hosts),),
    )


def _detection(vendor: str, product: str, hosts: list[str]) -> Detection:
    from scanner.model import Detection, EvidenceKind, Examples, Identifier

    return Detection(
        id=f"{vendor}.{product}.host",
        channel=Identifier.HOST,
        evidence=EvidenceKind.USE,
        confidence=90,
        sources=("invented for the benchmark",),
        tests=Examples(match=(hosts[0],), no_match=(f"not{hosts[0]}",)),
        suffix=tuple(hosts),
    )
