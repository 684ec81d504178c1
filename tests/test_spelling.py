"""One spelling for each identifier: what two values must share to be the same thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.matching import Matcher
from scanner.model import Identifier
from scanner.spelling import self_and_parents, spelling, spellings
from tests.support import detection, vendor


def known(channel: Identifier, value: str, **values: tuple[str, ...]) -> bool:
    """Whether a detection of these values meets a value."""
    matcher = Matcher([vendor("x", detection("x", channel, **values))])
    return matcher.match_value(channel, value) is not None


@pytest.mark.parametrize(
    "image",
    [
        "ollama/ollama",
        "ollama/ollama:latest",
        "ollama/ollama:0.5.1-rocm",
        "ollama/ollama@sha256:0123abcd",
        "ollama/ollama:0.5.1@sha256:0123abcd",
        "docker.io/ollama/ollama",
        "docker.io/ollama/ollama:latest",
        "index.docker.io/ollama/ollama@sha256:0123abcd",
        "registry-1.docker.io/ollama/ollama:1",
        "Ollama/Ollama:latest",
    ],
)
def test_a_container_image_is_known_without_tag_digest_and_usual_registry(image: str) -> None:
    assert known(Identifier.CONTAINER, image, exact=("ollama/ollama",))


@pytest.mark.parametrize(
    "image",
    [
        "ollama",
        "ollama/ollama-fork",
        "someone/ollama",
        "ghcr.io/ollama/ollama",
        "registry.example:5000/ollama/ollama",
        "docker.io.example/ollama/ollama",
        "ollama/ollama/extra:1",
    ],
)
def test_an_image_of_another_registry_or_name_is_another(image: str) -> None:
    assert not known(Identifier.CONTAINER, image, exact=("ollama/ollama",))


def test_a_port_of_a_registry_is_no_tag() -> None:
    name = ("registry.example:5000/ml/server",)
    assert known(Identifier.CONTAINER, "registry.example:5000/ml/server", exact=name)
    assert known(Identifier.CONTAINER, "registry.example:5000/ml/server:2", exact=name)
    assert not known(Identifier.CONTAINER, "registry.example/ml/server", exact=name)


def test_official_images_go_by_their_bare_names() -> None:
    written = ("python", "python:3.13", "library/python", "docker.io/library/python:3.13-slim")
    assert {spelling(Identifier.CONTAINER, image) for image in written} == {"python"}


@pytest.mark.parametrize(
    ("action", "met"),
    [
        ("anthropics/claude-code-action", True),
        ("anthropics/claude-code-action@v1", True),
        ("anthropics/claude-code-action@8f4b7f8", True),
        ("Anthropics/Claude-Code-Action@main", True),
        ("anthropics/claude-code-action-fork@v1", False),
        ("someone/claude-code-action@v1", False),
        ("@v1", False),
        ("", False),
    ],
)
def test_an_action_is_known_at_any_version(action: str, met: bool) -> None:
    name = ("anthropics/claude-code-action",)
    assert known(Identifier.GITHUB_ACTION, action, exact=name) is met


@pytest.mark.parametrize(
    ("process", "met"),
    [
        ("ollama.exe", True),
        ("OLLAMA.EXE", True),
        (r"C:\Program Files\Ollama\ollama.exe", True),
        (r"\\server\share\ollama.exe", True),
        ("C:/Users/ana/AppData/Local/Programs/Ollama/ollama.exe", True),
        (r"C:\mixed/slashes\ollama.exe", True),
        ("/usr/local/bin/ollama.exe", True),
        (r"C:\ollama.exe\setup.exe", False),
        (r"C:\tools\notollama.exe", False),
        (r"C:\Program Files\Ollama" + "\\", False),
        ("ollama", False),
    ],
)
def test_a_process_is_known_by_the_last_part_of_its_path(process: str, met: bool) -> None:
    assert known(Identifier.PROCESS, process, exact=("Ollama.exe",)) is met


@pytest.mark.parametrize(
    ("purl", "met"),
    [
        ("pkg:pypi/llama_index", True),
        ("pkg:pypi/llama-index@0.12.1", True),
        ("pkg:pypi/Llama.Index@0.12.1", True),
        ("pkg:pypi/llama-_.index", True),
        ("PKG:PyPI/LLAMA-INDEX", True),
        ("pkg:pypi/llama-index@0.12.1?extra=all#src/a", True),
        ("pkg:pypi/llama-index?vcs_url=git%2Bhttps://a@b.example/x", True),
        ("pkg:pypi/llama-index#a@b", True),
        ("pkg:pypi/llamaindex", False),
        ("pkg:pypi/llama-index-core", False),
        ("pkg:npm/llama-index", False),
        ("llama-index", False),
    ],
)
def test_names_of_pypi_are_folded_and_versions_dropped(purl: str, met: bool) -> None:
    assert known(Identifier.PACKAGE, purl, purl=("pkg:pypi/llama-index",)) is met


def test_other_registries_tell_hyphens_from_underscores_and_dots() -> None:
    for purl in ("pkg:npm/llama_index", "pkg:npm/llama.index"):
        assert not known(Identifier.PACKAGE, purl, purl=("pkg:npm/llama-index",))


@pytest.mark.parametrize("signed", ["pkg:npm/@anthropic-ai/sdk", "pkg:npm/%40anthropic-ai/sdk"])
@pytest.mark.parametrize(
    ("purl", "met"),
    [
        ("pkg:npm/@anthropic-ai/sdk", True),
        ("pkg:npm/@anthropic-ai/sdk@0.39.0", True),
        ("pkg:npm/%40anthropic-ai/sdk", True),
        ("pkg:npm/%40anthropic-ai/sdk@0.39.0?arch=x64", True),
        ("pkg:npm/@Anthropic-AI/sdk", True),
        ("pkg:npm/anthropic-ai/sdk", False),
        ("pkg:npm/@anthropic-ai", False),
        ("pkg:npm/@anthropic-ai/sdk-extra", False),
        ("pkg:npm/sdk", False),
        ("pkg:npm/@evil/sdk", False),
    ],
)
def test_a_scope_of_npm_may_be_escaped_on_either_side(signed: str, purl: str, met: bool) -> None:
    assert known(Identifier.PACKAGE, purl, purl=(signed,)) is met


def test_versions_of_every_registry_are_dropped() -> None:
    bare = (
        "pkg:golang/github.com/sashabaranov/go-openai",
        "pkg:maven/dev.langchain4j/langchain4j",
        "pkg:cargo/async-openai",
        "pkg:nuget/azure.ai.openai",
        "pkg:composer/openai-php/client",
    )
    assert [spelling(Identifier.PACKAGE, f"{purl}@v1.2.3-rc.1+x") for purl in bare] == list(bare)


@pytest.mark.parametrize(
    ("address", "met"),
    [
        ("otter.ai", True),
        ("no-reply@otter.ai", True),
        ("No-Reply@OTTER.AI", True),
        ("bounce+ana=harbour.example@mail.eu.otter.ai", True),
        ("mail.otter.ai", True),
        ("no-reply@notter.ai", False),
        ("no-reply@otter.ai.attacker.example", False),
        ("otter.ai@attacker.example", False),
        ("a@otter.ai@attacker.example", False),
        ("no-reply@ai", False),
    ],
)
def test_mail_is_known_by_the_domain_it_comes_from_or_one_above(address: str, met: bool) -> None:
    assert known(Identifier.EMAIL_SENDER, address, exact=("otter.ai",)) is met


def test_a_whole_address_speaks_for_itself_alone() -> None:
    name = ("assistant@zoom.example",)
    assert known(Identifier.EMAIL_SENDER, "Assistant@zoom.example", exact=name)
    assert not known(Identifier.EMAIL_SENDER, "ana@zoom.example", exact=name)
    assert not known(Identifier.EMAIL_SENDER, "assistant@eu.zoom.example", exact=name)


@pytest.mark.parametrize(
    ("target", "met"),
    [
        ("openai.azure.com", True),
        ("OpenAI.Azure.com.", True),
        ("harbour.privatelink.openai.azure.com.", True),
        ("azure.com", False),
        ("notopenai.azure.com", False),
        ("openai.azure.com.attacker.example", False),
        (".", False),
        ("", False),
    ],
)
def test_a_cname_is_known_by_its_target_or_a_domain_above(target: str, met: bool) -> None:
    assert known(Identifier.DNS_CNAME, target, exact=("openai.azure.com",)) is met


@pytest.mark.parametrize(
    ("application", "met"),
    [
        ("reply_url_domain=otter.example", True),
        ("reply_url_domain=https://otter.example/callback?code=1#x", True),
        ("reply_url_domain=https://Auth.EU.Otter.example:8443/oauth2/cb", True),
        ("reply_url_domain= https://otter.example./", True),
        ("reply_url_domain=https://*.otter.example/cb", True),
        ("reply_url_domain=https://a.example;reply_url_domain=https://otter.example/cb", True),
        ("reply_url_domain=https://otter.example@attacker.example/cb", False),
        ("reply_url_domain=https://attacker.example/?next=https://otter.example/", False),
        ("reply_url_domain=https://attacker.example/otter.example", False),
        ("reply_url_domain=https://otter.example.attacker.example/", False),
        ("reply_url_domain=https://nototter.example/", False),
        ("publisher_domain=otter.example", False),
        ("app_name=otter.example", False),
        ("otter.example", False),
    ],
)
def test_a_reply_url_is_known_by_its_host(application: str, met: bool) -> None:
    domain = ("otter.example",)
    assert known(Identifier.OAUTH, application, reply_url_domain=domain) is met


@pytest.mark.parametrize(
    ("application", "met"),
    [
        ("client_id=0A1B-2C", True),
        ("client_id=0a1b-2c; app_name=Harmless", True),
        ("app_name=Harmless ;client_id=0a1b-2c", True),
        ("owner_tenant=11aa-22bb;client_id=other", True),
        ("publisher_domain=otter.example", True),
        ("publisher_domain=https://login.otter.example", True),
        ("client_id=0a1b-2c-more", False),
        ("owner_tenant=0a1b-2c", False),
        ("client_id=11aa-22bb", False),
        ("app_name=Otter", False),
        ("client_id=;owner_tenant=", False),
        ("", False),
    ],
)
def test_an_application_is_known_by_strong_keys_and_never_by_its_name(
    application: str, met: bool
) -> None:
    assert (
        known(
            Identifier.OAUTH,
            application,
            client_id=("0a1b-2c",),
            owner_tenant=("11AA-22BB",),
            publisher_domain=("otter.example",),
            app_name=("Otter",),
        )
        is met
    )


@pytest.mark.parametrize(
    ("channel", "signed", "value", "met"),
    [
        (Identifier.IMPORT, "openai", "openai", True),
        (Identifier.IMPORT, "openai", "OpenAI", False),
        (Identifier.ENV, "OPENAI_API_KEY", "openai_api_key", False),
        (Identifier.FILE, "CLAUDE.md", "CLAUDE.md", True),
        (Identifier.FILE, "CLAUDE.md", "claude.md", False),
        (Identifier.GITHUB_APP, "coderabbitai", "CodeRabbitAI", True),
        (Identifier.GIT_IDENTITY, "noreply@anthropic.com", "NoReply@Anthropic.com", True),
        (Identifier.USER_AGENT, "Claude-User", "claude-user", True),
        (Identifier.HTTP_HEADER, "x-goog-api-client", "X-Goog-Api-Client", True),
        (Identifier.BUNDLE, "com.openai.chat", "COM.OpenAI.chat", True),
        (Identifier.IDE_EXT, "GitHub.copilot", "github.copilot", True),
        (Identifier.MCP_SERVER, "Playwright", "playwright", True),
        (Identifier.CARD_DESCRIPTOR, "OPENAI *CHATGPT", "openai *chatgpt", True),
        (Identifier.BROWSER_EXT, "abcdefghijklmnop", "ABCDEFGHIJKLMNOP", False),
        (Identifier.SLACK_APP, "A012AB", "a012ab", False),
        (Identifier.PORT, "11434", "11434", True),
        (Identifier.PORT, "11434", "1143", False),
        (Identifier.DNS_TXT, "openai-domain-verification=x", "openai-domain-verification=x", True),
        (Identifier.DNS_TXT, "openai-domain-verification=x", "OPENAI-domain-verification=x", False),
    ],
)
def test_case_matters_where_it_matters_to_the_system(
    channel: Identifier, signed: str, value: str, met: bool
) -> None:
    assert known(channel, value, exact=(signed,)) is met


@pytest.mark.parametrize(
    ("channel", "pattern", "value", "met"),
    [
        (Identifier.CONTAINER, "vllm/.+", "docker.io/vllm/vllm-openai:v0.6", True),
        (Identifier.CONTAINER, "vllm/.+", "ghcr.io/vllm/vllm-openai", False),
        (Identifier.PROCESS, "ollama.*[.]exe", r"C:\Ollama\Ollama App.exe", True),
        (Identifier.PACKAGE, "pkg:pypi/langchain-.+", "pkg:pypi/LangChain_Community@1", True),
        (Identifier.PACKAGE, "pkg:npm/%40langchain/.+", "pkg:npm/@langchain/core@1", True),
        (Identifier.GITHUB_ACTION, "anthropics/.+", "Anthropics/other-action@v2", True),
        (Identifier.KEY_SHAPE, "sk-ant-[a-z]+", "sk-ant-abc", True),
        (Identifier.KEY_SHAPE, "sk-ant-[a-z]+", "sk-ant-ABC", False),
        (Identifier.KEY_SHAPE, "sk-ant-[a-z]+", "xsk-ant-abc", False),
    ],
)
def test_patterns_are_compared_with_the_spelling_whole(
    channel: Identifier, pattern: str, value: str, met: bool
) -> None:
    assert known(channel, value, pattern=(pattern,)) is met


def test_a_value_known_whole_beats_a_pattern() -> None:
    detections = (
        detection("pattern", Identifier.PROCESS, pattern=("ollama.*",)),
        detection("exact", Identifier.PROCESS, exact=("ollama.exe",)),
    )
    for order in (detections, detections[::-1]):
        met = Matcher([vendor("x", *order)]).match_value(Identifier.PROCESS, r"C:\Ollama.exe")
        assert met is not None
        assert met.detection.id == "exact"


def test_the_address_comes_before_its_domain_and_that_before_those_above() -> None:
    found = list(spellings(Identifier.EMAIL_SENDER, "A@b.C.example"))
    assert found == ["a@b.c.example", "b.c.example", "c.example", "example"]


def test_self_and_parents_go_from_the_longest_suffix_to_the_shortest() -> None:
    assert list(self_and_parents("a.b.c")) == ["a.b.c", "b.c", "c"]
    assert list(self_and_parents("c")) == ["c"]


# Hosts are folded rather than spelled, and an OAuth application is several values.
_NOT_PLAIN = (Identifier.HOST, Identifier.HOST_PATH, Identifier.DNS_CNAME, Identifier.OAUTH)
_CHANNELS = st.sampled_from([one for one in Identifier if one not in _NOT_PLAIN])


@given(channel=_CHANNELS, value=st.text("aA1@/:.\\-_%; =?#", max_size=20))
def test_any_text_is_met_by_itself(channel: Identifier, value: str) -> None:
    assert known(channel, value, exact=(value,))
