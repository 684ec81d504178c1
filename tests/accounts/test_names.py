"""Names: labelled cases of catalogues, inventories, registers and statements, traps among them."""

from __future__ import annotations

import pytest

from scanner.accounts.meaning import Meaning
from scanner.accounts.names import MERCHANT
from scanner.model import App, Identifier
from scanner.naming import fold, is_of, readings
from tests.support import the_base

# Of a catalogue: name, publisher (or nothing), and the product that it is.
NAMED = [
    ("ChatGPT", "", "openai/chatgpt"),
    ("Chat GPT", "", "openai/chatgpt"),
    ("chat-gpt", "", "openai/chatgpt"),
    ("CHATGPT", "", "openai/chatgpt"),
    ("ChatGPT Enterprise", "", "openai/chatgpt"),
    ("ChatGPT Team", "OpenAI", "openai/chatgpt"),
    ("ChatGPT Plus", "", "openai/chatgpt"),
    ("ChatGPT Business", "OpenAI OpCo, LLC", "openai/chatgpt"),
    ("ChatGPT Desktop", "OpenAI, Inc.", "openai/chatgpt"),
    ("OpenAI ChatGPT", "", "openai/chatgpt"),
    ("OpenAI - ChatGPT", "", "openai/chatgpt"),
    ("ChatGPT (OpenAI)", "", "openai/chatgpt"),
    ("ChatGPT by OpenAI", "", "openai/chatgpt"),
    ("ChatGPT", "openai.com", "openai/chatgpt"),
    ("Claude", "", "anthropic/claude"),
    ("Claude", "Anthropic", "anthropic/claude"),
    ("Claude", "Anthropic, PBC", "anthropic/claude"),
    ("Claude", "Anthropic Ireland, Limited", "anthropic/claude"),
    ("Claude Enterprise", "", "anthropic/claude"),
    ("Claude for Work", "", "anthropic/claude"),
    ("Claude Max", "", "anthropic/claude"),
    ("Claude AI", "", "anthropic/claude"),
    ("Anthropic Claude", "", "anthropic/claude"),
    ("Claude by Anthropic", "", "anthropic/claude"),
    ("Gemini", "", "google/gemini"),
    ("Gemini", "Google LLC", "google/gemini"),
    ("Google Gemini", "", "google/gemini"),
    ("Gemini for Workspace", "", "google/gemini"),
    ("Gemini for Google Workspace", "", "google/gemini"),
    ("Gemini Enterprise", "Google", "google/gemini"),
    ("NotebookLM", "", "google/notebooklm"),
    ("Google NotebookLM", "", "google/notebooklm"),
    ("Microsoft 365 Copilot", "", "microsoft/m365-copilot"),
    ("Microsoft 365 Copilot", "Microsoft Corporation", "microsoft/m365-copilot"),
    ("Copilot", "Microsoft", "microsoft/copilot"),
    ("Microsoft Copilot", "", "microsoft/copilot"),
    ("Copilot Studio", "Microsoft", "microsoft/copilot-studio"),
    ("Microsoft Copilot Studio", "", "microsoft/copilot-studio"),
    ("GitHub Copilot", "", "github/copilot"),
    ("GitHub Copilot Business", "", "github/copilot"),
    ("GitHub Copilot Enterprise", "GitHub, Inc.", "github/copilot"),
    ("Cursor", "Anysphere", "anysphere/cursor"),
    ("Cursor", "", "anysphere/cursor"),
    ("Cursor 2.1.4", "Anysphere, Inc.", "anysphere/cursor"),
    ("Cursor (User)", "Anysphere", "anysphere/cursor"),
    ("Perplexity", "", "perplexity/perplexity"),
    ("Perplexity AI", "", "perplexity/perplexity"),
    ("Perplexity Enterprise Pro", "", "perplexity/perplexity"),
    ("DeepSeek", "", "deepseek/deepseek-chat"),
    ("Midjourney", "", "midjourney/midjourney"),
    ("Midjourney Inc.", "", "midjourney/midjourney"),
    ("DeepL", "DeepL SE", "deepl/deepl-translator"),
    ("Le Chat", "Mistral AI", "mistral-ai/le-chat"),
    ("Mistral Le Chat", "", "mistral-ai/le-chat"),
    ("Jasper", "", "jasper/jasper"),
    ("Jasper AI", "", "jasper/jasper"),
    ("Grammarly", "", "grammarly/grammarly"),
    ("Otter.ai", "", "otter-ai/otter"),
    ("Otter", "Otter.ai, Inc.", "otter-ai/otter"),
    ("Fireflies.ai", "", "fireflies/fireflies"),
    ("Read AI", "", "read-ai/read-ai"),
    ("Ollama", "Ollama Inc.", "ollama/ollama"),
    ("Ollama version 0.5.1", "Ollama", "ollama/ollama"),
    ("Notion AI", "", "notion/notion-ai"),
    ("Zoom AI Companion", "", "zoom/ai-companion"),
    ("Blueprint", "Blueprint Health, Inc.", "blueprint-health/blueprint-health"),
    ("HuggingChat", "", "huggingface/huggingchat"),
]  # fmt: skip
# Of a catalogue: what is no product, or none for sure. True where it is a candidate.
NOT_NAMED = [
    ("Claude Monet Gallery", "", False),
    ("Claude", "Monet SA", True),
    ("Claude Debussy Radio", "", False),
    ("Gemini Crypto Exchange", "", False),
    ("Gemini", "Gemini Trust Company", True),
    ("Gemini Observatory", "", False),
    ("Cursor Commander", "", False),
    ("Cursor", "RealWorld Graphics", True),
    ("Copilot (flight planning)", "", True),
    ("Copilot", "Lockheed Aviation", True),
    ("Copilot", "Copilot Money Inc.", True),
    ("Jasper Reports", "", False),
    ("JasperReports Server", "Cloud Software Group", False),
    ("Notion", "", False),
    ("Notion Labs", "", False),
    ("Canva", "", False),
    ("Canvas", "Instructure", False),
    ("Zoom", "Zoom Video Communications", False),
    ("Bard College", "", False),
    ("Otter Products", "OtterBox", False),
    ("Otter", "Otter Products LLC", True),
    ("Slack", "", False),
    ("Salesforce", "", False),
    ("Visual Studio Code", "Microsoft", False),
    ("Microsoft Teams", "Microsoft", False),
    ("Google Drive", "Google", False),
    ("Blueprint", "", True),
    ("Bookclub", "", True),
    ("Blueprint", "Harbour Drawings", True),
    ("AI", "", True),
    ("Acme AI Helper", "", True),
    ("Sales Copilot", "Acme", True),
    ("GPT for Sheets", "", True),
    ("OpenAI Connector", "Acme", True),
    ("Perplexity Measure Suite of Acme", "", True),
    ("Egypt Tours", "", False),
    ("Airtable", "", False),
    ("Dubai Municipality", "", False),
    ("Mail", "", False),
    ("Autopilot", "", False),
    ("Pilot Logbook", "", False),
    ("Enterprise", "", False),
    ("Pro", "", False),
    ("2.1.4", "", False),
    ("", "", False),
    ("   ", "OpenAI", False),
    ("...", "", False),
    ("Chat", "", False),
    ("Anthropic", "", True),
    ("The North Face", "", False),
]  # fmt: skip


def meaning() -> Meaning:
    base = the_base()
    return Meaning(base.matcher, base.shapes)


def catalogued(name: str, publisher: str = "", kind: str = "") -> App:
    return App("a", name, publisher=publisher, kind=kind, is_named_by_catalogue=True)


@pytest.mark.parametrize(("name", "publisher", "expected"), NAMED)
def test_a_name_that_a_catalogue_gave_is_the_product(
    name: str, publisher: str, expected: str
) -> None:
    found = meaning().of(catalogued(name, publisher))
    assert found is not None
    assert found.product_key == expected
    assert found.detection.id.endswith(".by-name")


@pytest.mark.parametrize(("name", "publisher", "is_candidate"), NOT_NAMED)
def test_a_name_that_others_have_too_is_none(name: str, publisher: str, is_candidate: bool) -> None:
    app, known = catalogued(name, publisher), meaning()
    assert known.of(app) is None
    assert bool(known.signs(app)) is is_candidate


@pytest.mark.parametrize("name", [name for name, _, _ in NAMED])
def test_a_name_that_anyone_chose_is_a_candidate_at_most(name: str) -> None:
    known = meaning()
    app = App("a", name, "entra", "1")
    assert known.of(app) is None
    assert known.signs(app)


def test_there_are_enough_cases() -> None:
    assert len(NAMED) + len(NOT_NAMED) >= 100


@pytest.mark.parametrize(
    ("name", "kind", "is_known"),
    [
        ("Gemini", "Cryptocurrency", False),
        ("Gemini", "Generative AI", True),
        ("Copilot", "Travel", False),
        ("Blueprint", "Generative AI", True),
        ("Blueprint", "generativeAi", True),
        ("Blueprint", "Construction", False),
        ("CLAUDE", "merchant", False),
        ("JASPER", "merchant", False),
        ("MIDJOURNEY INC.", "merchant", True),
        ("Grammarly", "merchant", True),
    ],
)
def test_the_heading_that_a_catalogue_lists_it_under_counts(
    name: str, kind: str, is_known: bool
) -> None:
    assert (meaning().of(catalogued(name, kind=kind)) is not None) is is_known


def test_two_products_of_one_name_are_ambiguous() -> None:
    base = the_base()
    several = [
        name
        for name in base.matcher._names
        if len({one.vendor.id for one in base.matcher.named(name)}) > 1
    ]
    assert several, "the base has names that two vendors use"
    app = catalogued(several[0])
    assert Meaning(base.matcher).of(app) is None
    assert "app.called-like-several" in {shape.id for _, shape in meaning().signs(app)}


def test_names_are_folded() -> None:
    assert {fold(one) for one in ("ChatGPT", "Chat GPT", "chat-gpt", "Chat_GPT")} == {"chatgpt"}
    assert fold("Ｌｅ Chat") == "lechat"
    assert fold("...") == ""
    assert list(readings("Claude Pro")) == [
        ("claudepro", ""),
        ("pro", "claude"),
        ("claude", "pro"),
        ("claude", ""),
    ]


def test_publishers_are_compared_without_their_legal_form() -> None:
    assert is_of("OpenAI OpCo, LLC", ["OpenAI"])
    assert is_of("www.openai.com", ["OpenAI"])
    assert is_of("Hugging Face, Inc.", ["HuggingFace"])
    assert not is_of("", ["OpenAI"])
    assert not is_of("Inc.", ["OpenAI"])
    assert not is_of("NotOpenAI", ["OpenAI"])
    assert not is_of("Open", ["OpenAI"])


# Merchants of statements that are called like AI products, or begin as they do, and are none.
_LOOK_ALIKES = [
    "Claude's Bakery", "GEMINI HOTEL", "Jasper County", "CURSOR PRESS", "CURSORY EDITS",
    "Otter Tail Power", "OTTER.AIRPORT PARKING", "Bolt Food", "Runway Cafe", "Replica Watches",
    "REPLITE LTD", "LOVABLE PETS LTD", "WINDSURFING CLUB TARIFA", "GROQUIK CHOCOLATE",
    "Perplexity Escape Rooms", "Mistral Restaurant", "MIDJOURNEYS TRAVEL", "OPENAIR CINEMA",
    "DEEPLAKE SCUBA", "SYNTHESIAN ART", "ANTHROPICA COFFEE", "Gamma.Appliances", "Copilot Travel",
    "APPLE.COM/BILL",
]  # fmt: skip


@pytest.mark.parametrize("merchant", _LOOK_ALIKES)
def test_a_merchant_that_is_called_like_ai_is_none(merchant: str) -> None:
    said = ((Identifier.CARD_DESCRIPTOR, merchant),)
    app = App(merchant, merchant, identifiers=said, kind=MERCHANT, is_named_by_catalogue=True)
    assert Meaning(the_base().matcher).of(app) is None
