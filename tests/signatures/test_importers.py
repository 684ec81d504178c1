"""Importers state what a source states, each identifier with its place, and judge nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.model import Category, Identifier
from scanner.registry import IMPORTERS, values
from signatures.importers import (
    Importer,
    Stated,
    botocore,
    commit_of,
    google_discovery,
    litellm,
    models_dev,
    v2fly,
)
from tests.running import gnomon
from tests.signatures import a_base_of

COMMIT = "c975ccef9c19aa0511223344556677889900aabb"


def put(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def checked_out(folder: Path) -> Path:
    """Make a folder look like a checkout of COMMIT."""
    for name in ("objects", "refs"):
        (folder / ".git" / name).mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text(f"{COMMIT}\n")
    return folder


def test_every_importer_has_a_name_a_title_and_a_licence() -> None:
    known: tuple[Importer, ...] = values(IMPORTERS)
    assert [(one.name, one.licence, one.needs_path) for one in known] == [
        ("botocore", "Apache-2.0", False),
        ("csv", "as its source column says", True),
        ("google-api-python-client", "Apache-2.0", False),
        ("litellm", "MIT", True),
        ("models.dev", "MIT", True),
        ("v2fly", "MIT", True),
    ]
    assert all(one.title for one in known)


def test_the_commit_of_a_checkout_is_twelve_digits(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == "unknown commit"
    assert commit_of(checked_out(tmp_path)) == "c975ccef9c19"


def test_an_unpacked_archive_inside_a_checkout_has_no_commit(tmp_path: Path) -> None:
    archive = checked_out(tmp_path) / "models.dev-main"
    archive.mkdir()
    assert commit_of(archive) == "unknown commit"


# models.dev


def test_models_dev_states_hosts_variables_and_packages(tmp_path: Path) -> None:
    tree = put(
        tmp_path,
        {
            "providers/moonshotai/provider.toml": (
                'name = "Moonshot AI"\n'
                'env = ["MOONSHOT_API_KEY", "MOONSHOT_REGION"]\n'
                'npm = "@ai-sdk/openai-compatible"\n'
                'api = "https://api.moonshot.ai/v1"\n'
                'doc = "https://platform.moonshot.ai/docs/api/chat"\n'
            ),
            "providers/mistral/provider.toml": (
                'name = "Mistral"\n'
                'env = ["MISTRAL_API_KEY"]\n'
                'npm = "@ai-sdk/mistral"\n'
                'doc = "https://docs.mistral.ai/getting-started/models/"\n'
            ),
            "providers/mistral/models/codestral.toml": 'name = "Codestral"\n',
        },
    )
    source = "anomalyco/models.dev@c975ccef9c19 (MIT), providers/{}/provider.toml"
    api = Category.MODEL_API
    mistral, moonshot = source.format("mistral"), source.format("moonshotai")
    assert list(models_dev.read(checked_out(tree))) == [
        Stated("Mistral", "Mistral API", Identifier.ENV, "MISTRAL_API_KEY", mistral, "", api),
        Stated("Mistral", "Mistral API", Identifier.PACKAGE, "pkg:npm/%40ai-sdk/mistral", mistral, "", api),
        Stated("Moonshot AI", "Moonshot AI API", Identifier.HOST, "api.moonshot.ai", moonshot, "", api),
        Stated("Moonshot AI", "Moonshot AI API", Identifier.ENV, "MOONSHOT_API_KEY", moonshot, "", api),
        Stated("Moonshot AI", "Moonshot AI API", Identifier.ENV, "MOONSHOT_REGION", moonshot, "", api),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "stated"),
    [
        ('api = "https://${SNOWFLAKE_ACCOUNT}.snowflakecomputing.com/api/v2/cortex/v1"', []),
        ('api = "${NEON_AI_GATEWAY_BASE_URL}/ai-gateway/mlflow/v1"', []),
        ('api = "http://localhost:1234/v1"', []),
        ('api = ""', []),
        ('env = "NOT_A_LIST"', []),
        ('api = "https://API.Example.AI:8443/v1"', [("acme", Identifier.HOST, "api.example.ai")]),
        (
            'npm = "venice-ai-sdk-provider"',
            [("acme", Identifier.PACKAGE, "pkg:npm/venice-ai-sdk-provider")],
        ),
        ('npm = "@ai-sdk/openai"', []),
        ('npm = "@ai-sdk/anthropic"', []),
        ("# nothing", []),
        (
            'npm = "@ai-sdk/google-vertex/anthropic"',
            [("acme", Identifier.PACKAGE, "pkg:npm/%40ai-sdk/google-vertex")],
        ),
        ('npm = "acme/sub/path"', [("acme", Identifier.PACKAGE, "pkg:npm/acme")]),
    ],
)
def test_models_dev_passes_over_what_no_network_can_show(
    provider: str, stated: list[tuple[str, Identifier, str]], tmp_path: Path
) -> None:
    tree = put(tmp_path, {"providers/acme/provider.toml": provider})
    assert [(one.vendor, one.channel, one.value) for one in models_dev.read(tree)] == stated


# v2fly


def test_v2fly_follows_the_includes_of_the_ai_categories(tmp_path: Path) -> None:
    tree = put(
        tmp_path,
        {
            "data/category-ai-!cn": (
                "include:groq\n"
                "include:openai # the maker of ChatGPT\n"
                "\n"
                "# Cohere\n"
                "cohere.ai\n"
                "cohere.com @!cn\n"
                "\n"
                "www.agentclientprotocol.com\n"
            ),
            "data/category-ai-chat-!cn": (
                "# This list is for backward compatibility\n\ninclude:category-ai-!cn\n"
            ),
            "data/category-games": "steampowered.com\n",
            "data/groq": "domain:groq.com\n",
            "data/openai": (
                "# Main domain\n"
                "chatgpt.com\n"
                "\n"
                "# CDN & API\n"
                "full:openaicom.imgix.net\n"
                "regexp:^chatgpt-async-webps-prod-\\S+-\\d+\\.webpubsub\\.azure\\.com$\n"
                "keyword:openai\n"
                "o33249.ingest.sentry.io @ads &telemetry\n"
            ),
            "data/steam": "steamcommunity.com\n",
        },
    )
    source = "v2fly/domain-list-community@c975ccef9c19 (MIT), data/"
    host, weak = Identifier.HOST, "shared or telemetry: supporting at most"
    chinese_none = f"{source}category-ai-!cn"
    assert list(v2fly.read(checked_out(tree))) == [
        Stated("groq", "groq", host, "groq.com", f"{source}groq"),
        Stated("openai", "openai", host, "chatgpt.com", f"{source}openai"),
        Stated("openai", "openai", host, "openaicom.imgix.net", f"{source}openai", how="exact"),
        Stated("openai", "openai", host, "o33249.ingest.sentry.io", f"{source}openai", weak),
        Stated("Cohere", "Cohere", host, "cohere.ai", chinese_none),
        Stated("Cohere", "Cohere", host, "cohere.com", chinese_none),
        Stated(
            "agentclientprotocol.com",
            "agentclientprotocol.com",
            host,
            "www.agentclientprotocol.com",
            chinese_none,
        ),
    ]


def test_v2fly_survives_lists_that_include_each_other_or_none(tmp_path: Path) -> None:
    tree = put(
        tmp_path,
        {
            "data/category-ai-cn": "include:moon\ninclude:no-such-list\n",
            "data/moon": "include:category-ai-cn\ninclude:moon\nmoon.example\n",
        },
    )
    assert [(one.vendor, one.value) for one in v2fly.read(tree)] == [("moon", "moon.example")]


@pytest.mark.parametrize(
    ("block", "owners"),
    [
        ("# TapNowAI\n# Only this domain has an access point in mainland China\ntapnow.top\n", {"tapnow.top": "TapNowAI"}),
        ("moon.example\n# Sun\nsun.example\n", {"moon.example": "moon.example", "sun.example": "sun.example"}),
        ("# Moon\nmoon.example\n\napi.sun.example\n", {"moon.example": "Moon", "api.sun.example": "sun.example"}),
        ("# Moon\n\nmoon.example\n", {"moon.example": "moon.example"}),
        ("# A remark that is longer than the name of any owner\nmoon.example\n", {"moon.example": "moon.example"}),
    ],
    ids=["remark below", "no blank line above", "no comment", "blank line below", "long"],
)  # fmt: skip
def test_v2fly_takes_the_owner_from_the_first_comment_of_a_block(
    block: str, owners: dict[str, str], tmp_path: Path
) -> None:
    tree = put(tmp_path, {"data/category-ai-cn": block})
    assert {one.value: one.vendor for one in v2fly.read(tree)} == owners


@pytest.mark.parametrize(
    ("include", "taken"),
    [
        ("include:moon", ["moon.example", "moon-games.example", "moon.cn"]),
        ("include:moon @!cn", ["moon.example"]),
        ("include:moon @-!cn", ["moon-games.example", "moon.cn"]),
        ("include:moon -@!cn", ["moon-games.example", "moon.cn"]),
        ("include:moon @-!cn @cn # of both", ["moon.cn"]),
        ("include:all @cn", ["moon.cn"]),
        ("include:moon @cn\ninclude:moon @!cn", ["moon.cn", "moon.example"]),
    ],
)
def test_v2fly_includes_only_what_has_the_attribute_asked_for(
    include: str, taken: list[str], tmp_path: Path
) -> None:
    tree = put(
        tmp_path,
        {
            "data/category-ai-!cn": f"{include}\n",
            "data/moon": "moon.example @!cn\nmoon-games.example\nmoon.cn @cn\n",
            "data/all": "include:moon\ninclude:all\n",
        },
    )
    assert [one.value for one in v2fly.read(tree)] == taken


# LiteLLM

CONSTANTS = """\
import os
from typing import List

ROUTER_MAX_FALLBACKS = int(os.getenv("ROUTER_MAX_FALLBACKS", 5))
raise SystemExit("this file is parsed and never run")

openai_compatible_endpoints: List = [
    "api.perplexity.ai",
    "https://api.friendli.ai/serverless/v1",
    "http://localhost:8000/v1",
    "{account}.example.com",
    "api.minimax.io/v1",
]
openai_compatible_providers: List = ["anyscale.example"]
"""


@pytest.mark.parametrize(
    "constants", [CONSTANTS, CONSTANTS.replace("endpoints: List", "endpoints")]
)
def test_litellm_states_the_hosts_of_its_endpoints(constants: str, tmp_path: Path) -> None:
    tree = checked_out(put(tmp_path, {"litellm/constants.py": constants}))
    source = "BerriAI/litellm@c975ccef9c19 (MIT), litellm/constants.py#openai_compatible_endpoints"
    host, api = Identifier.HOST, Category.MODEL_API
    assert list(litellm.read(tree)) == [
        Stated("perplexity.ai", "perplexity.ai API", host, "api.perplexity.ai", source, "", api),
        Stated("friendli.ai", "friendli.ai API", host, "api.friendli.ai", source, "", api),
        Stated("minimax.io", "minimax.io API", host, "api.minimax.io", source, "", api),
    ]


# Google's discovery documents

AIPLATFORM = {
    "name": "aiplatform",
    "title": "Vertex AI API",
    "description": "Train high-quality custom machine learning models.",
    "rootUrl": "https://aiplatform.googleapis.com/",
    "mtlsRootUrl": "https://aiplatform.mtls.googleapis.com/",
    "endpoints": [
        {
            "endpointUrl": "https://us-east1-aiplatform.googleapis.com/",
            "location": "us-east1",
            "description": "Locational Endpoint",
        },
        {"endpointUrl": "https://europe-west4-aiplatform.googleapis.com/", "location": "eu"},
        {"endpointUrl": "https://aiplatform.us.rep.googleapis.com/", "location": "us"},
    ],
}


def test_google_discovery_states_global_and_regional_hosts(tmp_path: Path) -> None:
    calendar = {"name": "calendar", "title": "Calendar API", "rootUrl": "https://www.example/"}
    documents = put(
        tmp_path,
        {
            "aiplatform.v1.json": json.dumps(AIPLATFORM),
            "calendar.v3.json": json.dumps(calendar),
            "index.json": "{}",
        },
    )
    source = "google-api-python-client documents (Apache-2.0), discovery document aiplatform.v1"
    hosts = [
        ("*-aiplatform.googleapis.com", "pattern"),
        ("aiplatform.*.rep.googleapis.com", "pattern"),
        ("aiplatform.googleapis.com", "exact"),
        ("aiplatform.mtls.googleapis.com", "exact"),
    ]
    found = list(google_discovery.read(documents))
    assert [one.value for one in found if one.if_known] == ["www.example"]
    assert [one for one in found if not one.if_known] == [
        Stated("Google", "Vertex AI API", Identifier.HOST, host, source, "", Category.ML_PLATFORM, how)
        for host, how in hosts
    ]  # fmt: skip


def test_the_installed_google_client_states_its_ai_apis() -> None:
    pytest.importorskip("googleapiclient")
    found = {one.value: one.how for one in google_discovery.read(None) if not one.if_known}
    assert found["speech.googleapis.com"] == "exact"
    assert found["speech.*.rep.googleapis.com"] == "pattern"
    ai = {
        "agentidentity",
        "agentregistry",
        "aiplatform",
        "ces",
        "dialogflow",
        "discoveryengine",
        "documentai",
        "language",
        "notebooks",
        "recommendationengine",
        "retail",
        "tpu",
        "translation",
        "videointelligence",
        "vision",
    }
    other = {
        "androiddeviceprovisioning",
        "appengine",
        "compute",
        "libraryagent",
        "recommender",
        "travelimpactmodel",
        "workloadmanager",
        "www",
    }
    assert {f"{name}.googleapis.com" for name in ai} <= set(found)
    assert {f"{name}.googleapis.com" for name in other} & set(found) == set()


def test_google_discovery_states_the_api_of_its_models(tmp_path: Path) -> None:
    renamed = AIPLATFORM | {
        "title": "Agent Platform API",
        "description": "Build, scale, govern, and optimize sophisticated agents and models.",
    }
    documents = put(tmp_path, {"aiplatform.v1.json": json.dumps(renamed)})
    stated = [one for one in google_discovery.read(documents) if not one.if_known]
    assert "aiplatform.googleapis.com" in [one.value for one in stated]


# botocore

PARTITIONS = {
    "partitions": [
        {"id": "aws", "outputs": {"dnsSuffix": "amazonaws.com", "dualStackDnsSuffix": "api.aws"}},
        {
            "id": "aws-cn",
            "outputs": {
                "dnsSuffix": "amazonaws.com.cn",
                "dualStackDnsSuffix": "api.amazonwebservices.com.cn",
            },
        },
        {"id": "aws-iso", "outputs": {"dnsSuffix": "c2s.ic.gov", "dualStackDnsSuffix": "c2s.x"}},
    ]
}
RULES = {
    "version": "1.0",
    "rules": [
        {"endpoint": {"url": {"ref": "Endpoint"}, "headers": {}}, "type": "endpoint"},
        {
            "rules": [
                {"endpoint": {"url": "https://bedrock-fips.{Region}.{PartitionResult#dnsSuffix}"}},
                {
                    "endpoint": {
                        "url": "https://bedrock.{Region}.{PartitionResult#dualStackDnsSuffix}"
                    }
                },
                {"endpoint": {"url": "https://bedrock.us-east-1.amazonaws.com"}},
                {"endpoint": {"url": "https://{AccountId}.bedrock.amazonaws.com"}},
                {"endpoint": {"url": "{Endpoint}/path"}},
            ]
        },
    ],
}
BEDROCK = {
    "metadata": {"serviceFullName": "Amazon Bedrock"},
    "documentation": "<p>Describes the API for managing <b>foundation models</b>.</p>",
}


def test_botocore_states_the_hosts_of_its_newest_rules(tmp_path: Path) -> None:
    old = {"rules": [{"endpoint": {"url": "https://old.example.com"}}]}
    queue = {"metadata": {"serviceFullName": "Amazon Simple Queue Service"}}
    data = put(
        tmp_path,
        {
            "partitions.json": json.dumps(PARTITIONS),
            "bedrock/2022-01-01/service-2.json": json.dumps(BEDROCK),
            "bedrock/2022-01-01/endpoint-rule-set-1.json": json.dumps(old),
            "bedrock/2023-04-20/service-2.json": json.dumps(BEDROCK),
            "sqs/2012-11-05/service-2.json": json.dumps(queue),
            "sqs/2012-11-05/endpoint-rule-set-1.json": json.dumps(RULES),
            "no-version/readme.txt": "",
        },
    )
    rules = data / "bedrock/2023-04-20/endpoint-rule-set-1.json.gz"
    rules.write_bytes(gzip.compress(json.dumps(RULES).encode()))
    source = "botocore data (Apache-2.0), data/bedrock endpoint rules"
    hosts = [
        ("bedrock-fips.{region}.amazonaws.com", "pattern"),
        ("bedrock-fips.{region}.amazonaws.com.cn", "pattern"),
        ("bedrock.us-east-1.amazonaws.com", "exact"),
        ("bedrock.{region}.api.amazonwebservices.com.cn", "pattern"),
        ("bedrock.{region}.api.aws", "pattern"),
    ]
    assert list(botocore.read(data)) == [
        Stated("Amazon Web Services", "Amazon Bedrock", Identifier.HOST, host, source, "", Category.ML_PLATFORM, how)
        for host, how in hosts
    ]  # fmt: skip


def test_the_installed_botocore_states_the_runtime_of_bedrock() -> None:
    pytest.importorskip("botocore")
    found = {one.value: one.product for one in botocore.read(None)}
    assert found["bedrock-runtime.{region}.amazonaws.com"] == "Amazon Bedrock Runtime"
    assert "sqs.{region}.amazonaws.com" not in found


@pytest.mark.parametrize(
    ("importer", "module"), [(botocore, "botocore"), (google_discovery, "google-api-python-client")]
)
def test_what_is_not_installed_is_said(
    importer: object, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=f"^{module} is not installed; install it, or name its"):
        list(importer.IMPORTER.read(None))  # type: ignore[attr-defined]


# broken input, as a person meets it


@pytest.mark.parametrize(
    ("source", "files", "told"),
    [
        ("models.dev", {"providers/acme/provider.toml": "# Acme\nname = Acme\n"}, "acme/provider.toml:2: not TOML"),
        ("models.dev", {"providers/acme/provider.toml": "name = '''Acme\n"}, "acme/provider.toml:2: not TOML"),
        ("litellm", {"litellm/constants.py": "\nendpoints = [\n"}, "constants.py:2: not Python"),
        ("litellm", {"litellm/constants.py": "endpoints = []\n"}, "found no list openai_compatible_endpoints"),
        ("litellm", {"readme.md": "another repository\n"}, "constants.py"),
        ("google-api-python-client", {"acme.v1.json": '{"title":\n"AI'}, "acme.v1.json:2: not JSON"),
        ("google-api-python-client", {"acme.v1.json": "[]"}, "acme.v1.json:1: holds no JSON object"),
        ("botocore", {"partitions.json": "{", "acme/1/service-2.json": ""}, "partitions.json:1: not JSON"),
        ("botocore", {"partitions.json": "{}"}, "partitions.json: partitions of another form"),
        ("botocore", {"partitions.json": '{"partitions": []}', "acme/1/service-2.json": "{"}, "service-2.json:1: not JSON"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_by_name(
    source: str,
    files: dict[str, str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_base_of(tmp_path, monkeypatch)
    ran = gnomon("signatures", "propose", source, put(tmp_path / "copy", files))
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_list_that_is_not_utf_8_is_told_by_line(tmp_path: Path) -> None:
    tree = put(tmp_path, {"data/category-ai-cn": ""})
    (tree / "data" / "category-ai-cn").write_bytes(b"# Moon\nm\xfcn.example\n")
    with pytest.raises(UsageError, match=r"data/category-ai-cn:2: is not UTF-8$"):
        list(v2fly.read(tree))


@pytest.mark.parametrize(
    ("source", "looked_for"),
    [
        ("models.dev", "providers/*/provider.toml"),
        ("v2fly", "data/category-ai*"),
        ("litellm", "litellm/constants.py"),
        ("botocore", "partitions.json"),
        ("google-api-python-client", "*.v*.json"),
    ],
)
def test_a_folder_that_is_not_the_source_is_said(
    source: str, looked_for: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_base_of(tmp_path, monkeypatch)
    copy = put(tmp_path / "copy", {"readme.md": ""})
    ran = gnomon("signatures", "propose", source, copy)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"gnomon: {copy}: found no {looked_for}; name the folder of ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("models.dev",), "gnomon: name the local copy: gnomon signatures propose models.dev PATH\n"),
        (("csv",), "gnomon: name the local copy: gnomon signatures propose csv PATH\n"),
        (
            ("hearsay",),
            "gnomon: no source is named 'hearsay'; there are botocore, csv, "
            "google-api-python-client, litellm, models.dev, v2fly\n",
        ),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_asked_is_a_usage_error(
    arguments: tuple[str, ...], told: str
) -> None:
    ran = gnomon("signatures", "propose", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", told)
