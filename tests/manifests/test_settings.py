"""Files of variables and settings: names, hosts and models, and never a value that may be secret."""

import pytest

from scanner.manifests import Manifest, Unreadable
from scanner.manifests.images import image, substitute
from scanner.manifests.kinds.env_file import MANIFEST as ENV
from scanner.manifests.kinds.settings_file import MANIFEST as SETTINGS
from scanner.manifests.settings import chooses_model, setting, urls
from tests.manifests.support import mentions, values


def _said(kind: Manifest, path: str, text: str) -> list[tuple[str, str, int]]:
    return [(one.channel.value, one.value, one.line) for one in mentions(kind, path, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://API.OpenAI.com./v1/", ["api.openai.com/v1"]),
        ("wss://api.openai.com:443", ["api.openai.com"]),
        ("https://user:p@ss@host.example/x", ["host.example/x"]),
        ("https://user:secret@host.example/x?key=secret#secret", ["host.example/x"]),
        ("https://user:pa/ss@host.example/x", []),
        ("https://token/x@host.example", []),
        ("https://unpkg.com/@acme/x", ["unpkg.com"]),
        (
            "https://hooks.slack.com/services/T00000000/B00000000/0123456789abcdefghijklmn",
            ["hooks.slack.com/services/T00000000/B00000000"],
        ),
        ("https://${HOST}/v1 http://$HOST https://{h}/ https://%s/ https://<x>/", []),
        ("https://api.${REGION}.example.com/v1", []),
        ("https://${NAME}.openai.azure.com/v1", ["*.openai.azure.com"]),
        ("https://$(NAME).openai.azure.com", ["*.openai.azure.com"]),
        ("https://{{ .Values.name }}.openai.azure.com/", ["*.openai.azure.com"]),
        ("https://a-${NAME}.openai.azure.com", ["a-*.openai.azure.com"]),
        ("https://<name>.openai.azure.com", []),
        ("https://${USER}:${PASSWORD}@secret.openai.azure.com", []),
        ("postgres://user:pw@db.example/x", []),
        ("see https://a.example and http://b.example/c.", ["a.example", "b.example/c."]),
        ("http://[::1]:80/ http://localhost:11434/api", ["localhost/api"]),
    ],
)
def test_urls(text: str, expected: list[str]) -> None:
    said = [one.value for one in urls(text, 1)]
    assert said == expected
    assert "secret" not in repr(said)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OPENAI_MODEL", True),
        ("model", True),
        ("modelId", True),
        ("FoundationModel", True),
        ("EMBEDDING_MODEL_NAME", True),
        ("AZURE_OPENAI_DEPLOYMENT_NAME", True),
        ("base_model_name_or_path", True),
        ("DEPLOYMENT_NAME", False),
        ("MODEL_API_KEY", False),
        ("modelling", False),
        ("data_models", False),
        ("", False),
    ],
)
def test_names_that_choose_a_model(name: str, expected: bool) -> None:
    assert chooses_model(name) is expected


@pytest.mark.parametrize(
    "value", ["", "true", "3", "./models/x", "${MODEL}", "a model of ours", "auto", "/x"]
)
def test_what_names_no_model(value: str) -> None:
    assert [one.value for one in setting("LLM_MODEL", value, 1)][1:] in ([], ["MODEL"])


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("ollama/ollama", ("ollama/ollama", "")),
        ("'python:3.12'", ("python", "3.12")),
        ("localhost:5000/a/b:1@sha256:" + "0" * 64, ("localhost:5000/a/b", "1")),
        ("a/b:${TAG:-x}", ("a/b", "")),
        ("a/b:1-{{ .x }}", ("a/b", "")),
        ("docker://a/b", ("a/b", "")),
        ("${IMAGE}:1", None),
        ("a/{{ x }}/b:1", None),
        ("reg:5000/$X", None),
        ("scratch", None),
        ("Not An Image", None),
        ("", None),
        ("-", None),
    ],
)
def test_images(reference: str, expected: tuple[str, str] | None) -> None:
    said = [(one.value, one.version) for one in image(reference, 1)]
    assert said == ([expected] if expected else [])


def test_substitution_ends() -> None:
    assert substitute("$A ${B:-b} ${C-$A} ${D} ${A:+yes}", {"A": "a"}) == "a b a ${D} yes"
    assert len(substitute("$A" * 1000, {"A": "$A$A" * 100})) < 5_000_000


def test_env_files() -> None:
    text = """\
# OPENAI_API_KEY=not-this
OPENAI_API_KEY=sk-secret
export AZURE_OPENAI_ENDPOINT='https://acme.openai.azure.com/' # ours
AZURE_OPENAI_DEPLOYMENT_NAME=gpt-4o
PRIVATE_KEY="-----BEGIN
SECRET_LINE=secret
-----END"
LLM_HOST=api.mistral.ai
LLM_MODEL=${MODEL:-mistral-large-latest}
SLACK_WEBHOOK_URL=https://hooks.slack.com/services/secret
not a line
lower_case: x
"""
    said = _said(ENV, ".env", text)
    assert said == [
        ("env", "OPENAI_API_KEY", 2),
        ("env", "AZURE_OPENAI_ENDPOINT", 3),
        ("host", "acme.openai.azure.com", 3),
        ("env", "AZURE_OPENAI_DEPLOYMENT_NAME", 4),
        ("model", "gpt-4o", 4),
        ("env", "PRIVATE_KEY", 5),
        ("env", "LLM_HOST", 8),
        ("host", "api.mistral.ai", 8),
        ("env", "LLM_MODEL", 9),
        ("model", "mistral-large-latest", 9),
        ("env", "SLACK_WEBHOOK_URL", 10),
        ("host", "hooks.slack.com", 10),
        ("env", "lower_case", 12),
    ]
    assert "secret" not in repr(said)


def test_settings_in_json_with_comments() -> None:
    text = """\
{ /* of the
     shop */
  "AzureOpenAI": {
    "Endpoint": "https://acme.openai.azure.com/", // ours
    "DeploymentName": "gpt-4o",
    "ApiKey": "secret\\ud83d\\ude00",
  },
  "Values": {"OPENAI_API_KEY": "secret"},
  "deployment": "blue",
  "Cars": [{"Model": "Corolla"}]
}"""
    said = _said(SETTINGS, "appsettings.Development.json", text)
    assert said == [
        ("host", "acme.openai.azure.com", 4),
        ("model", "gpt-4o", 5),
        ("env", "OPENAI_API_KEY", 8),
        ("model", "Corolla", 10),
    ]


def test_settings_in_arrays_of_tables() -> None:
    toml = '[[llm]]\nmodel = "gpt-4o"\n\n[[llm]]\nname = "x"\nmodel = "o3"\n'
    assert _said(SETTINGS, "config.toml", toml) == [("model", "gpt-4o", 2), ("model", "o3", 6)]


def test_settings_in_toml_and_yaml() -> None:
    toml = '[a]\nmodel = "x-1"\n\n[llm.chat]\nmodel = "gpt-4o"\nOPENAI_API_KEY = "secret"\n'
    assert _said(SETTINGS, "config.toml", toml) == [
        ("model", "x-1", 2),
        ("model", "gpt-4o", 5),
        ("env", "OPENAI_API_KEY", 6),
    ]
    yaml = "model_list:\n- model_name: gpt\n  litellm_params:\n    model: azure/gpt-4o\n    api_key: os.environ/X\n"
    assert _said(SETTINGS, "litellm.yaml", yaml) == [
        ("model", "gpt", 2),
        ("model", "azure/gpt-4o", 4),
    ]
    assert values(
        SETTINGS, "adapter_config.json", '{"base_model_name_or_path": "meta-llama/Llama-3.1-8B"}'
    ) == ["meta-llama/Llama-3.1-8B"]


def test_properties() -> None:
    text = "! x\n#model=not-this\nspring.ai.openai.base-url=https\\://api.openai.com\nspring.ai.openai.api-key=${OPENAI_API_KEY}\n"
    assert _said(SETTINGS, "application-dev.properties", text) == [
        ("host", "api.openai.com", 3),
        ("env", "OPENAI_API_KEY", 4),
    ]


@pytest.mark.parametrize("name", ["config.json", "config.toml", "config.yaml"])
def test_damaged_settings(name: str) -> None:
    with pytest.raises(Unreadable):
        values(SETTINGS, name, '{"a": [1, "b": ')
