"""Which product an application is: strong keys in their order, and no product where two disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.accounts.meaning import Meaning
from scanner.model import App, Identifier
from tests.support import the_base

CHATGPT = "e0476654-c1d5-430b-ab80-70cbd947616a"
CLAUDE_CLIENT = "08ad6f98-a4f8-4635-bb8d-f1a3044760f0"
CLAUDE_SERVER = "07c030f6-5743-41b7-ba00-0a6e85f37c17"
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


def meaning() -> Meaning:
    base = the_base()
    return Meaning(base.matcher, base.shapes)


def product(app: App) -> str | None:
    found = meaning().of(app)
    return found.product_key if found else None


def signs(app: App) -> set[str]:
    return {shape.id for _, shape in meaning().signs(app)}


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (App("a", client_id=CHATGPT), "openai/chatgpt"),
        (App("a", "Innocent Calendar", "entra", CHATGPT.upper()), "openai/chatgpt"),
        (App("a", owner_tenant="a48cca56-e6da-484e-a814-9c849652bcb3"), "openai/chatgpt"),
        (App("a", domains=("claude.ai",)), "anthropic/claude"),
        (App("a", urls=("https://claude.ai/api/callback",)), "anthropic/claude"),
        (App("a", urls=("https://app.fireflies.ai/login",)), "fireflies/fireflies"),
        # A vendor's products share the host where people sign in: the name tells which it is.
        (App("a", urls=("https://auth.openai.com/sso",)), "openai/openai-api"),
        (App("a", "ChatGPT Enterprise", urls=("https://auth.openai.com/sso",)), "openai/chatgpt"),
        (App("a", "Claude", urls=("https://auth.openai.com/sso",)), "openai/openai-api"),
        (App("a", "Claude", client_id=CHATGPT), "openai/chatgpt"),
        (App("a", identifiers=((Identifier.SLACK_APP, "A04KGS7N9A8"),)), "anthropic/claude"),
        (App("a", identifiers=((Identifier.SLACK_APP, "A097V82EGG2"),)), "openai/chatgpt"),
        (App("a", identifiers=((Identifier.BUNDLE, "com.openai.chat"),)), "openai/chatgpt"),
        (App("a", identifiers=((Identifier.GITHUB_APP, "coderabbitai"),)), "coderabbit/coderabbit"),
        (App("a", client_id="96ff4394-9197-43aa-b393-6a41652e21f8"), "microsoft/copilot-studio"),
        (App("a", client_id="bb5ffd56-39eb-458c-a53a-775ba21277da"), "microsoft/security-copilot"),
        (App("a", client_id="fb8d773d-7ef8-4ec0-a117-179f88add510"), "microsoft/m365-copilot"),
        (App("a", "Microsoft Teams", owner_tenant=MICROSOFT), None),
        (App("a", "Microsoft Copilot Something", owner_tenant=MICROSOFT), None),
        (App("a", "ChatGPT"), None),
        (App("a"), None),
    ],
)
def test_an_application_is_the_product_of_its_strongest_key(app: App, expected: str | None) -> None:
    assert product(app) == expected


def test_a_stronger_key_beats_a_weaker_one() -> None:
    app = App("a", client_id=CHATGPT, domains=("claude.ai",), urls=("https://claude.ai/x",))
    assert product(app) == "openai/chatgpt"


def test_two_applications_of_one_product_are_one_system() -> None:
    client, server = App("c", client_id=CLAUDE_CLIENT), App("s", client_id=CLAUDE_SERVER)
    assert product(client) == product(server) == "anthropic/claude"
    assert meaning().of(client) == meaning().of(server)


def test_keys_of_one_rank_that_tell_two_vendors_tell_none() -> None:
    app = App("a", "Bridge", "entra", "1", domains=("claude.ai", "openai.com"))
    assert product(app) is None
    assert signs(app) == {"app.two-vendors"}


def test_several_products_of_one_vendor_are_settled_by_the_name() -> None:
    urls = ("https://gemini.google.com/app", "https://notebooklm.google.com/x")
    assert product(App("a", "NotebookLM", urls=urls)) == "google/notebooklm"
    assert product(App("a", "Google Gemini", urls=urls)) == "google/gemini"
    assert product(App("a", "Else", urls=urls)) == product(App("b", "Else", urls=urls[::-1]))


def test_addresses_of_an_application_of_the_organisation_itself_say_nothing() -> None:
    app = App("a", "Our helper", urls=("https://claude.ai/api/callback",), is_own=True)
    assert product(app) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/callback",
        "https://login.microsoftonline.com/common/oauth2/nativeclient",
        "https://acme.okta.com/sso/callback",
        "https://acme.eu.auth0.com/login/callback",
        "https://acme.vercel.app/api/auth",
        "https://acme.azurewebsites.net/.auth/login",
        "https://acme.ngrok-free.app/x",
        "https://global.consent.azure-apim.net/redirect",
        "https://oauth.pstmn.io/v1/callback",
        "ms-appx-web://microsoft.aad.brokerplugin/1",
        "urn:ietf:wg:oauth:2.0:oob",
        "https://[::1",
        "https://claude.ai.attacker.example/x",
        "https://notclaude.ai/",
        "",
        "https://a;client_id=" + CHATGPT,
    ],
)
def test_shared_and_strange_addresses_say_nothing(url: str) -> None:
    assert product(App("a", urls=(url,))) is None


def test_a_name_with_a_client_id_in_it_is_no_client_id() -> None:
    app = App("a", f"x;client_id={CHATGPT}", "entra", "1")
    assert product(app) is None
    details = [key.detail for key, _ in meaning().signs(App("a", f"GPT;client_id={CHATGPT}"))]
    assert details == [f"app_name=GPT,client_id={CHATGPT}"]


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (App("a", "ChatGPT", "entra", "1"), {"app.called-like", "app-name.gpt"}),
        (
            App("a", "ChatGPT", "entra", "1", publisher="Evil Ltd"),
            {"app.called-like-elsewhere", "app-name.gpt"},
        ),
        (
            App("a", "ChatGPT", "entra", "1", publisher="OpenAI OpCo, LLC"),
            {"app.called-like-vouched", "app-name.gpt"},
        ),
        (App("a", "Sales AI", "google", "1"), {"app-name.ai-word"}),
        (App("a", "Notes", description="Your AI assistant for meetings"), {"text.says-ai"}),
        (App("a", "Payroll", "entra", "1"), set()),
        (App("a", "Zork", kind="Generative AI", is_named_by_catalogue=True), {"app.catalogued-ai"}),
        (App("a", "Zork", kind="generativeAi", is_named_by_catalogue=True), {"app.catalogued-ai"}),
        (App("a", "AI TANAKA", kind="merchant", is_named_by_catalogue=True), set()),
    ],
)
def test_what_an_unknown_application_looks_like(app: App, expected: set[str]) -> None:
    assert signs(app) == expected


def test_a_candidate_is_known_by_the_best_that_there_is() -> None:
    def subject(app: App) -> tuple[Identifier, str]:
        (key, _), *_rest = meaning().signs(app)
        return key.channel, key.subject

    assert subject(App("k", "My GPT", "entra", "11-22")) == (Identifier.OAUTH, "entra:11-22")
    assert subject(App("k", "My GPT")) == (Identifier.OAUTH, "My GPT")
    extension = App("k", "My GPT", identifiers=((Identifier.BROWSER_EXT, "a" * 32),))
    assert subject(extension) == (Identifier.BROWSER_EXT, "a" * 32)


texts = st.text(max_size=30)


@given(
    st.builds(
        App,
        key=st.just("k"),
        name=texts | st.just("ChatGPT for " * 300),
        idp=texts,
        client_id=texts,
        owner_tenant=texts,
        publisher=texts | st.sampled_from([".", "..", "a.b", "Inc."]),
        domains=st.tuples(texts),
        urls=st.tuples(texts | texts.map("https://{}/x".format)),
        identifiers=st.just(()) | st.tuples(st.tuples(st.sampled_from(Identifier), texts)),
        kind=texts,
        description=texts,
        created=st.none(),
        is_named_by_catalogue=st.booleans(),
    )
)
def test_any_text_in_an_application_is_read(app: App) -> None:
    known = meaning()
    assert known.of(app) is None or not known.signs(app)
