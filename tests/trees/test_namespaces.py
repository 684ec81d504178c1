"""What programs in Java's family, PHP and Swift import is known by the names of packages."""

from functools import cache
from pathlib import Path

import pytest

from scanner.manifests import Mention
from scanner.model import Identifier, Tie
from scanner.trees.namespaces import Namespaces, folders_of_packages
from scanner.trees.spelled import spelled
from tests.running import gnomon
from tests.support import the_base
from tests.trees.support import written


@cache
def _namespaces() -> Namespaces:
    return Namespaces(the_base().matcher)


def _product(path: str, module: str) -> str | None:
    mention = Mention(Identifier.IMPORT, module, 1, tie=Tie.IMPORTED)
    for channel, value in spelled(mention, path, _namespaces()):
        if met := the_base().matcher.match_value(channel, value):
            return met.product_key
    return None


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("dev.langchain4j.model.openai.OpenAiChatModel", "langchain4j/langchain4j"),
        ("com.openai.client.okhttp.OpenAIOkHttpClient", "openai/openai-api"),
        ("com.cohere.api", "cohere/cohere-api"),
        ("io.qdrant.client.QdrantClient", "qdrant/qdrant"),
        ("com.mindee.MindeeClient", "mindee/mindee"),  # its group is com.mindee.sdk
        ("com.microsoft.semantickernel.Kernel", "microsoft/semantic-kernel"),  # semantic-kernel
        ("org.springframework.ai.chat.client.ChatClient", "spring-ai/spring-ai"),
        ("com.azure.ai.openai.OpenAIClient", "microsoft/azure-openai"),
        ("com.azure.search.documents.SearchClient", "microsoft/azure-ai-search"),
        ("com.google.cloud.documentai.v1.Document", "google/document-ai"),
        ("com.alibaba.dashscope.aigc.generation.Generation", "alibaba/model-studio"),
        ("com.amazonaws.services.bedrockruntime.model.X", "amazon-web-services/bedrock"),
        ("software.amazon.awssdk.services.polly.PollyClient", "amazon-web-services/polly"),
        ("ai.djl.huggingface.tokenizers.Encoding", "huggingface/hub"),
        ("ai.djl.huggingface.translator.Other", "djl/djl"),
        ("org.vosk.Model", "alpha-cephei/vosk"),  # only a signature can tell
        ("com.azure.identity.DefaultAzureCredential", None),
        ("com.google.cloud.storage.Storage", None),
        ("com.alibaba.fastjson.JSON", None),
        ("com.amazonaws.services.s3.AmazonS3", None),
        ("software.amazon.awssdk.services.s3.S3Client", None),
        ("org.apache.camel.CamelContext", None),
        ("org.apache.spark.sql.SparkSession", None),
        ("org.springframework.aop.Advisor", None),
        ("com.google.firebase.auth.FirebaseAuth", None),
        ("com.tencentcloudapi.cvm.v20170312.CvmClient", None),
        ("com.openaix.Client", None),
        ("com.harbour.openai.Client", None),
        ("openai", None),
    ],
)
def test_what_an_import_of_java_belongs_to(name: str, product: str | None) -> None:
    assert _product("src/main/java/com/harbour/Main.java", name) == product
    assert _product("Main.kt", name) == product


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("OpenAI\\Client", "openai/openai-api"),
        ("Prism\\Prism\\Prism", "prism-php/prism-php"),
        ("PhpMcp\\Server\\Server", "php-mcp/php-mcp"),
        ("Google\\Cloud\\Speech\\V2\\Client\\SpeechClient", "google/speech-to-text"),
        ("Symfony\\AI\\Agent\\Agent", "symfony/symfony-ai"),
        ("Laravel\\Mcp\\Facades\\Mcp", "laravel/laravel-mcp"),
        ("Codewithkyrian\\ChromaDB\\ChromaDB", "chroma/chroma"),
        ("Anthropic\\Client", "anthropic/anthropic-api"),  # only a signature can tell
        ("Google\\Cloud\\Storage\\StorageClient", None),
        ("Laravel\\Sanctum\\HasApiTokens", None),
        ("Symfony\\Component\\HttpClient\\HttpClient", None),
        ("Boost\\Accelerator", None),
        ("Transformers\\UserTransformer", None),
        ("App\\OpenAI\\Client", None),
        ("Ai\\Ml\\Model", None),
    ],
)
def test_what_a_name_of_php_belongs_to(name: str, product: str | None) -> None:
    assert _product("src/Answers.php", name) == product


def test_the_filter_is_told_how_imports_begin() -> None:
    begun = set(_namespaces().beginnings)
    assert {b" com.openai.", b" com.azure.ai", b" software.amazon.awssdk.services.polly"} <= begun
    assert {b"use openai\\", b"use symfony\\ai", b"use google\\cloud"} <= begun
    assert not begun & {b" com.azure.", b" com.google.cloud.", b"use google\\", b"use symfony\\"}


def test_folders_of_packages() -> None:
    paths = [
        "a/src/main/java/com/openai/core/Json.java",
        "readme.md",
        "Main.java",
        "x/com/openai/y.py",
    ]
    assert {one for one in folders_of_packages(paths) if one.startswith("com")} == {
        "com/openai/core"
    }


@pytest.mark.parametrize(
    ("place", "is_own"),
    [("core/src/main/java/com/openai/core", True), ("src/main/java/com/harbour", False)],
)
def test_a_library_uses_nobody_elses_by_importing_itself(
    place: str, is_own: bool, tmp_path: Path
) -> None:
    files = {
        f"{place}/Json.java": "package x;\n",
        "app/src/main/java/com/harbour/chat/Main.java": "import com.openai.core.Json.Kind;\n",
        "build.gradle": "dependencies { implementation 'com.google.guava:guava:33.4.0-jre' }\n",
    }
    gnomon("scan", written(tmp_path / "chat", files), "--db", tmp_path / "gnomon.db")
    systems = gnomon("inventory", "list", "--db", tmp_path / "gnomon.db", "--format", "json").json()
    assert bool(systems) != is_own


@pytest.mark.parametrize(
    ("module", "product"),
    [
        ("OpenAI", "openai/openai-api"),
        ("SwiftOpenAI", "swiftopenai/swiftopenai"),
        ("ElevenLabs", "elevenlabs/elevenlabs"),  # elevenlabs-swift-sdk
        ("WhisperKit", "whisperkit/whisperkit"),
        ("FoundationModels", "apple/foundation-models"),
        ("Foundation", None),
        ("Examples", None),
    ],
)
def test_modules_of_swift(module: str, product: str | None) -> None:
    assert _product("Sources/chat/Ask.swift", module) == product
