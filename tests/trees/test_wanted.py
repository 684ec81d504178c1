"""Which programs are worth reading."""

from functools import cache

import pytest

from scanner.manifests import Mention
from scanner.model import Identifier
from scanner.trees.namespaces import Namespaces
from scanner.trees.spelled import spelled
from scanner.trees.wanted import Wanted
from tests.support import the_base


@cache
def _wanted() -> Wanted:
    matcher = the_base().matcher
    return Wanted(matcher, Namespaces(matcher).beginnings)


@pytest.mark.parametrize(
    ("text", "is_wanted"),
    [
        ('body = {"model": "claude-sonnet-4-5"}', True),
        ("body = {'model': 'openai/gpt-4o-mini'}", True),
        ("const model = `gemini-2.5-pro`", True),
        ('MODEL = "text-embedding-3-small"', True),
        ('id = "us.anthropic.claude-3-5-haiku-20241022-v1:0"', True),
        ("# claude-sonnet-4-5 was no better", False),
        ('text = "claude-sonnet-4-5 was no better"', False),
        ('css = "solar-panel-markdown"', False),
        ("name = \"gpt-4o'", False),
        ('name = "gpt-"', False),
        ("import com.openai.client.OpenAIClient;", True),
        ("import static com.azure.ai.openai.X.y;", True),
        ("import com.azure.identity.Credential;", False),
        ("use OpenAI\\Client;", True),
        ("use Symfony\\Component\\Mailer;", False),
        ("process.env.NEXT_PUBLIC_OPENAI_API_KEY", True),
        ("use async_openai::{types::X, Client};", True),
        ("use ::candle_core::Tensor;", True),
        ("extern crate ollama_rs;", True),
        ("use serde::Serialize;", False),
        ("using OpenAI.Chat;", True),
        ("global using static Microsoft.SemanticKernel.Kernel;", True),
        ("using Kernel = global::Microsoft.SemanticKernel.Kernel;", True),
        ("using System.Text.Json;", False),
        ("require 'ruby_llm'", True),
        ('gem "tiktoken_ruby", "0.0.11"', True),
        ('require "json"', False),
        ("import 'package:dart_openai/dart_openai.dart';", True),
        ("library(ellmer)", True),
        ('chat <- ellmer::chat("x")', True),
        ("library(dplyr)", False),
        ('import { X } from "@langchain/some-new-part";', True),
        ("import strands_agents_builder", True),
        ("import 'package:google_mlkit_face_mesh/x.dart';", True),
        ('import { X } from "@acme/langchain";', False),
        ('URL = "https://api.openai.com/v1"', True),
        ('URL = "https://contoso.openai.azure.com"', True),
        ('URL = "https://app.slack.com"', False),
        ('URL = "https://github.com/acme/answers"', False),
        ('URL = "https://github.com/marketplace/models/x"', True),
        ("", False),
    ],
)
def test_a_program_that_names_what_is_known(text: str, is_wanted: bool) -> None:
    assert _wanted().is_in(text.encode()) == is_wanted


def _products(channel: Identifier, value: str) -> list[str]:
    known = spelled(Mention(channel, value, 1), "web/app.ts", Namespaces(the_base().matcher))
    met = [the_base().matcher.match_value(*one) for one in known]
    return [one.product_key for one in met if one is not None][:1]


@pytest.mark.parametrize(
    ("name", "products"),
    [
        ("OLLAMA_URL", ["ollama/ollama"]),
        ("NEXT_PUBLIC_OLLAMA_URL", ["ollama/ollama"]),
        ("VITE_OPENAI_API_KEY", ["openai/openai-api"]),
        ("REACT_APP_OPENAI_API_KEY", ["openai/openai-api"]),
        ("EXPO_PUBLIC_OPENAI_API_KEY", ["openai/openai-api"]),
        ("NUXT_PUBLIC_OPENAI_API_KEY", ["openai/openai-api"]),
        ("PUBLIC_OPENAI_API_KEY", ["openai/openai-api"]),
        ("GATSBY_OPENAI_API_KEY", ["openai/openai-api"]),
        ("NEXT_PUBLIC_SITE_URL", []),
        ("MY_OPENAI_API_KEY", []),
    ],
)
def test_variables_that_pages_may_know(name: str, products: list[str]) -> None:
    assert _products(Identifier.ENV, name) == products


@pytest.mark.parametrize(
    ("name", "products"),
    [
        ("Claude 3.5 Sonnet", ["anthropic/anthropic-api"]),
        ("GPT-4o mini", ["openai/openai-api"]),
        ("GPT-4O", ["openai/openai-api"]),
        ("Tesla Model S", []),
    ],
)
def test_models_as_people_are_shown_them(name: str, products: list[str]) -> None:
    assert _products(Identifier.MODEL, name) == products
