"""What names hold, and what literals under them say; settings and programs share it."""

import pytest

from scanner.manifests.literals import address, is_secret_like, model, plain_path, role
from scanner.model import Identifier


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("base_url", Identifier.HOST),
        ("OPENAI_API_BASE", Identifier.HOST),
        ("baseURL", Identifier.HOST),
        ("modelId", Identifier.MODEL),
        ("AZURE_OPENAI_CHAT_DEPLOYMENT", Identifier.MODEL),
        ("deployment_name", Identifier.MODEL),
        ("pretrained_model_name_or_path", Identifier.MODEL),
        ("AUTH_USER_MODEL", None),
        ("dataset_name_or_path", None),
        ("web_deployment", None),
        ("", None),
    ],
)
def test_what_a_name_holds(name: str, expected: Identifier | None) -> None:
    assert role(name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gpt-4o", "gpt-4o"),
        ("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v2", "anthropic.claude-v2"),
        ("arn:aws:bedrock:eu-west-1:123456789012:custom-model/ours", "ours"),
        ("models/llama.bin", ""),
        ("OPENAI_MODEL", ""),
        ("sk-0123456789abcdef0123", ""),
        ("${MODEL}", ""),
        ("Claude 3.5 Sonnet", "Claude 3.5 Sonnet"),
        ("the model that answers best of all", ""),
    ],
)
def test_models(text: str, expected: str) -> None:
    assert model(text) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/models/gemini-pro:generateContent", "/v1/models/gemini-pro:generateContent"),
        ("/services/T0/0123456789abcdefghijklmn", "/services/T0"),
        ("/hooks/a1b2-c3d4-e5f6-a7b8-c9", "/hooks"),
        ("/bot123456:AAF/sendMessage", ""),
        ("/token/x@host", "/token"),
        ("/v1/{tenant}/chat", "/v1"),
    ],
)
def test_paths_end_before_secrets(path: str, expected: str) -> None:
    assert plain_path(path) == expected


def test_addresses_and_secrets() -> None:
    assert address("https://u:p@API.OpenAI.com/v1/?key=x") == (
        Identifier.HOST_PATH,
        "api.openai.com/v1",
    )
    assert address("/v1/chat") is None
    assert is_secret_like("AIza0123456789abcdefgh")
    assert not is_secret_like("claude-3-5-sonnet-20241022")
