"""Libraries that speak to others: the OpenAI SDK is the client of a hundred suppliers' APIs.

A program that gives such a library another supplier's address sends nothing to the maker of the
library. So where every program of an application that uses it does so, and nothing else there
names the maker's own service, the library counts as the client of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scanner.model import Category, Component, Identifier, Signature, Tie

# What others' services are compatible with.
_SPOKEN = frozenset({"openai/openai-api", "anthropic/anthropic-api"})
_SERVICES = frozenset(
    {
        Category.MODEL_API,
        Category.MODEL_GATEWAY,
        Category.INFERENCE_HOSTING,
        Category.LOCAL_RUNTIME,
        Category.AGENT_PLATFORM,
        Category.ML_PLATFORM,
    }
)
_HOSTS = (Identifier.HOST, Identifier.HOST_PATH)
# What shows that the maker's own service is meant; a variable of its name does not, nor does a
# model of its, which others serve too.
_OF_THE_MAKER = (*_HOSTS, Identifier.KEY_SHAPE)
_LIBRARY = (Identifier.PACKAGE, Identifier.IMPORT, Identifier.ENV)


def with_clients(
    components: Sequence[Component], signatures: Mapping[str, Signature]
) -> list[Component]:
    """Return the components of an application, those that are clients with the product they speak to."""
    made = list(components)
    for product in sorted({signatures[one.detection].product_key for one in made} & _SPOKEN):
        own = [one for one in made if signatures[one.detection].product_key == product]
        others = _addresses(made, signatures, product)
        if not any(one.channel in _OF_THE_MAKER for one in own) and _all_elsewhere(own, others):
            spoken_to = min(others[one.file] for one in own if one.tie is Tie.IMPORTED)
            made = [
                one._replace(speaks_to=others.get(one.file, spoken_to))
                if one in own and one.channel in _LIBRARY
                else one
                for one in made
            ]
    return made


def _addresses(
    components: Iterable[Component], signatures: Mapping[str, Signature], product: str
) -> dict[str, str]:
    """Return the other service that each file gives an address of."""
    found: dict[str, str] = {}
    for one in components:
        signature = signatures[one.detection]
        is_service = signature.product.category in _SERVICES and signature.product_key != product
        if one.channel in _HOSTS and is_service:
            found.setdefault(one.file, signature.product_key)
    return found


def _all_elsewhere(own: Iterable[Component], others: Mapping[str, str]) -> bool:
    """Whether every program that imports a library gives it another's address; none is no answer."""
    files = {one.file for one in own if one.tie is Tie.IMPORTED}
    return bool(files) and files <= set(others)
