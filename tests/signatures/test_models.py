"""Models are known by their names, each by one detection; words and other names are no models."""

import re

import pytest

from scanner.model import Detection, Identifier
from tests.support import the_base


def model_detections() -> list[Detection]:
    return [
        detection
        for vendor in the_base().pack.vendors
        for product in vendor.products
        for detection in product.detections
        if detection.channel is Identifier.MODEL
    ]


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("gpt-4o", "openai/openai-api"),
        ("azure/gpt-4o", "openai/openai-api"),
        ("GPT-4o-Mini", "openai/openai-api"),
        ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic/anthropic-api"),
        ("vertex_ai/claude-3-5-sonnet@20240620", "anthropic/anthropic-api"),
        ("models/gemini-1.5-pro", "google/gemini-api"),
        ("amazon.nova-lite-v1:0", "amazon-web-services/nova"),
        ("nova-2-general", "deepgram/deepgram"),
        ("nova-2-lite", "amazon-web-services/nova"),
        ("meta-llama/Llama-3.1-8B-Instruct", "meta/llama"),
        ("groq/llama-3.3-70b-versatile", "meta/llama"),
        ("nvidia/Llama-3.1-Nemotron-70B-Instruct", "nvidia/nemotron"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "deepseek/deepseek-api"),
        ("TheBloke/Mistral-7B-Instruct-v0.2-GGUF", "mistral-ai/mistral-api"),
        ("qwen2.5:7b", "alibaba/qwen-open-models"),
        ("sentence-transformers/all-MiniLM-L6-v2", "huggingface/sentence-transformers"),
    ],
)
def test_a_model_is_its_makers_whoever_serves_it(name: str, product: str) -> None:
    met = the_base().matcher.match_value(Identifier.MODEL, name)
    assert met is not None
    assert met.product_key == product


@pytest.mark.parametrize(
    "name",
    [
        "mistral",
        "phi",
        "command",
        "nova",
        "titan",
        "gemini",
        "llama",
        "falcon",
        "granite",
        "sonar",
        "magistral",
        "falcon-9",
        "flux-2",
        "zephyr-rtos",
        "step-1",
        "ray",
        "model",
        "our-model",
        "v1",
        "User",
    ],
)
def test_a_word_is_no_model(name: str) -> None:
    assert the_base().matcher.match_value(Identifier.MODEL, name) is None


def test_no_example_meets_the_patterns_of_two_detections() -> None:
    known = [
        (one.id, [re.compile(pattern, re.IGNORECASE) for pattern in one.pattern])
        for one in model_detections()
    ]
    examples = {name for one in model_detections() for name in one.tests.match}
    twice = {
        name: met
        for name in examples
        if len(met := [key for key, any_of in known if any(p.fullmatch(name) for p in any_of)]) > 1
    }
    assert twice == {}
    assert len(known) >= 100
