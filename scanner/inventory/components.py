"""What a component of a built system is: for what it is there, and whose models it names."""

from __future__ import annotations

import re

from scanner.model import EvidenceKind, Identifier, Part

_SHOWS_NOTHING = (EvidenceKind.PRESENCE, EvidenceKind.SUPPORTING)
_TESTS = ("test", "example")
_BESIDE = ("dev", "test", "example", "notebook", "build")
# Of models: one that its maker or a gateway runs is called by a name, one of a hub is had here.
_MODEL_NAME, _HUB_MODEL = "model-name", "hub-model"
_WEIGHTS = re.compile(r".*\.(?:gguf|ggml|safetensors|onnx)", re.IGNORECASE | re.DOTALL)
_OF_HUB = re.compile(r"[\w.-]+/[\w.:-]+")
# What gateways call models: by the maker that alone runs it, or by where it is to be asked for.
_RUN_BY_OTHERS = re.compile(
    r"openai/(?:gpt-(?!oss)|o\d|chatgpt|codex|text-embedding)"
    r"|mistralai/(?:mistral-(?:tiny|small|medium|large)|codestral)(?:-latest|-\d{4})?$"
    r"|(?:google|gemini)/gemini"
    r"|(?:anthropic|x-ai|cohere|amazon|perplexity|azure|azure_ai|bedrock|vertex_ai|groq|openrouter"
    r"|together_ai|fireworks_ai|deepinfra|cloudflare|watsonx|sagemaker)/",
    re.IGNORECASE,
)


def is_used(one: Part, use: str) -> bool:
    """Whether a component is there for that: shipped, beside, transitive, not-tests."""
    if one.kind in _SHOWS_NOTHING or one.speaks_to:
        return False
    match use:
        case "shipped":
            return one.is_shipped
        case "beside":
            return not one.is_shipped and one.purpose in _BESIDE
        case "transitive":
            return one.is_direct is False and one.purpose not in _BESIDE
        case "not-tests":
            return one.purpose not in _TESTS and one.is_direct is not False
        case _:
            raise ValueError(f"no use of a component is called {use!r}")


def is_of_hub(one: Part) -> bool:
    """Whether a component is a model that is fetched and run here, by its file or its hub's name."""
    if one.channel in (Identifier.MODEL, Identifier.FILE) and _WEIGHTS.fullmatch(one.value):
        return True
    is_named = one.channel is Identifier.MODEL and _OF_HUB.fullmatch(one.value) is not None
    return is_named and not _RUN_BY_OTHERS.match(one.value)


def channel_of(one: Part) -> str:
    if is_of_hub(one):
        return _HUB_MODEL
    return _MODEL_NAME if one.channel is Identifier.MODEL else one.channel
