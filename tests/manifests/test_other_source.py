"""Programs in Go, C#, Ruby, PHP, Rust, Swift, Dart, R, Elixir and the languages of the JVM."""

import time

import pytest

from scanner.manifests import Group, Manifest, Mention, Tie, Unreadable
from scanner.manifests.kinds import (
    csharp_source,
    dart_source,
    elixir_source,
    go_source,
    jvm_source,
    php_source,
    r_source,
    ruby_source,
    rust_source,
    swift_source,
)
from scanner.model import Identifier
from tests.manifests.support import mentions

GO, JVM, CSHARP = go_source.MANIFEST, jvm_source.MANIFEST, csharp_source.MANIFEST
RUBY, PHP, RUST = ruby_source.MANIFEST, php_source.MANIFEST, rust_source.MANIFEST
SWIFT, DART, R, ELIXIR = (
    one.MANIFEST for one in (swift_source, dart_source, r_source, elixir_source)
)
ALL = [GO, JVM, CSHARP, RUBY, PHP, RUST, SWIFT, DART, R, ELIXIR]


def seen(kind: Manifest, text: str) -> list[tuple[str, int]]:
    """Return what a program imports."""
    found = mentions(kind, "src/x", text)
    return [(one.value, one.line) for one in found if one.channel is Identifier.IMPORT]


def told(kind: Manifest, text: str) -> list[tuple[int, str, str]]:
    """Return what the texts of a program say."""
    found = mentions(kind, "src/x", text)
    return [(one.line, one.channel.value, one.value) for one in found if one.tie is Tie.CONFIGURED]


def test_go() -> None:
    text = """\
// import "github.com/acme/no"
package main

import "github.com/sashabaranov/go-openai"
import ai "google.golang.org/genai"
import (
	"fmt"
	// "github.com/acme/no"
	. "github.com/tmc/langchaingo/llms" // why
	_ "github.com/ollama/ollama/api"
	/* "github.com/acme/no" */
	"acme/local"
)

var text = `
import "github.com/acme/no"
`
const a = "github.com/acme/no"
"""
    assert seen(GO, text) == [
        ("github.com/sashabaranov/go-openai", 4),
        ("google.golang.org/genai", 5),
        ("github.com/tmc/langchaingo/llms", 9),
        ("github.com/ollama/ollama/api", 10),
    ]


def test_languages_of_the_jvm() -> None:
    text = '''\
package com.acme;
// import com.acme.no.A;
/*
import com.acme.no.B;
*/
import dev.langchain4j.model.openai.OpenAiChatModel;
import static org.junit.Assert.*;
import com.openai.client.OpenAIClient as Client
import scala.collection.{Map, Set}
import com.theokanning.openai._
String url = "http://x"; // import com.acme.no.C;
String text = """
import com.acme.no.D;
""";
important.thing.here;
'''
    assert seen(JVM, text) == [
        ("dev.langchain4j.model.openai.OpenAiChatModel", 6),
        ("org.junit.Assert", 7),
        ("com.openai.client.OpenAIClient", 8),
        ("scala.collection", 9),
        ("com.theokanning.openai", 10),
    ]


def test_csharp() -> None:
    text = """\
using System;
using OpenAI.Chat; // chat
global using Azure.AI.OpenAI;
using static System.Math;
using Kernel = Microsoft.SemanticKernel.Kernel;
// using Acme.No;
/* using Acme.No; */
using (var file = Open()) { }
using var stream = Open();
using Stream other = Open();
"""
    assert seen(CSHARP, text) == [
        ("System", 1),
        ("OpenAI.Chat", 2),
        ("Azure.AI.OpenAI", 3),
        ("System.Math", 4),
        ("Microsoft.SemanticKernel.Kernel", 5),
    ]


def test_ruby() -> None:
    text = """\
require "openai"
  require 'langchain/vectorsearch' # why
require("anthropic")
require_relative "openai/client"
# require "no"
=begin
require "no"
=end
require name
puts 'require "no"'
required "no"
"""
    assert seen(RUBY, text) == [("openai", 1), ("langchain/vectorsearch", 2), ("anthropic", 3)]


def test_gems_that_a_program_asks_for_itself() -> None:
    text = """\
gem "tiktoken_ruby", "0.0.11"
gemfile do
  gem 'ruby-openai', '~> 7.0', require: "openai" # why
  gem("anthropic")
  gem name, "1.0"
  # gem "no"
  gems "no"
end
"""
    found = mentions(RUBY, "plugin.rb", text)
    assert [(one.value, one.line, one.version, one.tie) for one in found] == [
        ("pkg:gem/tiktoken_ruby", 1, "0.0.11", Tie.DECLARED),
        ("pkg:gem/ruby-openai", 3, "~> 7.0", Tie.DECLARED),
        ("pkg:gem/anthropic", 4, "", Tie.DECLARED),
    ]


def test_swift() -> None:
    text = '''\
import Foundation
@testable import WhisperKit
@_exported import struct OpenAI.ChatQuery
public import MLX // why
// import No
/* import No */
let text = """
import No
"""
important()
'''
    assert seen(SWIFT, text) == [("Foundation", 1), ("WhisperKit", 2), ("OpenAI", 3), ("MLX", 4)]


def test_dart() -> None:
    text = """\
import 'dart:io';
import 'package:dart_openai/dart_openai.dart' as ai;
export "package:langchain/langchain.dart" show ChatModel;
import 'client.dart';
// import 'package:no/no.dart';
const text = '''
import 'package:no/no.dart';
''';
"""
    assert seen(DART, text) == [("dart_openai", 2), ("langchain", 3)]


def test_r() -> None:
    text = """\
library(ellmer)
suppressMessages(require("torch"))
if (!requireNamespace('keras3', quietly = TRUE)) stop("library(no)")
chat <- ellmer::chat_openai(model = "gpt-4o")
# library(no)
label <- "no::yes"
"""
    assert seen(R, text) == [("ellmer", 1), ("torch", 2), ("keras3", 3), ("ellmer", 4)]
    assert told(R, text) == [(4, "model", "gpt-4o")]


def test_php() -> None:
    text = """\
<?php
namespace Acme;
use OpenAI\\Client;
use \\Anthropic\\Client as Claude;
use function Acme\\Text\\trim;
use LLPhant\\Chat\\{OpenAIChat, OllamaChat};
// use Acme\\No;
# use Acme\\No;
/* use Acme\\No; */
class A {
    use HasFactory;
}
$f = function () use ($x) {};
"""
    assert seen(PHP, text) == [
        ("OpenAI\\Client", 3),
        ("Anthropic\\Client", 4),
        ("Acme\\Text\\trim", 5),
        ("LLPhant\\Chat", 6),
    ]


def test_rust() -> None:
    text = """\
use async_openai::{types::X, Client};
pub(crate) use candle_core::Tensor;
extern crate tokenizers;
use ::ollama_rs::Ollama;
use anyhow as why;
use std::env;
use crate::config::Config;
use self::a::B;
use super::c;
// use acme_no::A;
/* use acme_no::A; */
let c = '"';
let x: &'a str = "
use acme_no::A;
";
let y = r#"
use acme_no::A;
"#;
"""
    assert seen(RUST, text) == [
        ("async_openai", 1),
        ("candle_core", 2),
        ("tokenizers", 3),
        ("ollama_rs", 4),
        ("anyhow", 5),
    ]


def test_texts_of_go() -> None:
    text = """\
package main

import "github.com/acme/no"

const defaultModel = "gpt-4o-mini" // model = "no"
const chatModel string = "gpt-4o"
var bases = map[string]string{"anthropic": "https://api.anthropic.com/v1/"}

func ask() {
	key, ok := os.LookupEnv("OPENAI_API_KEY")
	request, err := http.NewRequest("POST", "https://api.openai.com/v1/chat/completions", body)
	body := map[string]any{"model": "gpt-4.1", "prompt": "what model is it: x"}
	docsURL := "https://platform.openai.com/docs"
	fmt.Println("see https://api.cohere.com/x", name == "OPENAI_BASE_URL")
	key = config.EnvOr("MISTRAL_API_KEY", "")
	url := "https://" + host
}
"""
    assert told(GO, text) == [
        (5, "model", "gpt-4o-mini"),
        (6, "model", "gpt-4o"),
        (7, "host_path", "api.anthropic.com/v1"),
        (10, "env", "OPENAI_API_KEY"),
        (11, "host_path", "api.openai.com/v1/chat/completions"),
        (12, "model", "gpt-4.1"),
        (15, "env", "MISTRAL_API_KEY"),
    ]


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        (JVM, '.apiKey(System.getenv("OPENAI_API_KEY"))', "OPENAI_API_KEY"),
        (JVM, 'System.getenv().getOrDefault("HF_TOKEN", "")', "HF_TOKEN"),
        (JVM, '@Value("${GROQ_API_KEY:}") String key;', "GROQ_API_KEY"),
        (JVM, 'val key = sys.env("XAI_API_KEY")', "XAI_API_KEY"),
        (JVM, '.baseUrl("https://api.cerebras.ai/v1")', "api.cerebras.ai/v1"),
        (JVM, '.modelName("gpt-4o-mini")', "gpt-4o-mini"),
        (JVM, 'val model: String = "gpt-4o"', "gpt-4o"),
        (CSHARP, 'Environment.GetEnvironmentVariable("AZURE_OPENAI_KEY");', "AZURE_OPENAI_KEY"),
        (CSHARP, 'var key = configuration["OPENAI_API_KEY"];', "OPENAI_API_KEY"),
        (CSHARP, 'new Uri("https://acme.openai.azure.com/")', "acme.openai.azure.com"),
        (CSHARP, 'var u = $"https://{name}.openai.azure.com/v1";', "*.openai.azure.com/v1"),
        (CSHARP, 'Model = "gpt-4o",', "gpt-4o"),
        (JVM, 'String.format("https://%s.openai.azure.com", name)', "*.openai.azure.com"),
        (JVM, 'u = "https://" + name + ".openai.azure.com/v1";', "*.openai.azure.com/v1"),
        (JVM, 'val u = "https://$name.openai.azure.com"', "*.openai.azure.com"),
        (JVM, 'val u = "https://${a.name}.openai.azure.com"', "*.openai.azure.com"),
        (PHP, "$u = 'https://' . $name . '.openai.azure.com';", "*.openai.azure.com"),
        (PHP, '$u = "https://{$name}.openai.azure.com";', "*.openai.azure.com"),
        (RUBY, 'u = "https://#{name}.openai.azure.com"', "*.openai.azure.com"),
        (RUST, 'let u = format!("https://{name}.openai.azure.com");', "*.openai.azure.com"),
        (RUBY, "key = ENV.fetch('OPENAI_API_KEY')", "OPENAI_API_KEY"),
        (RUBY, 'key = ENV["COHERE_API_KEY"]', "COHERE_API_KEY"),
        (RUBY, "parameters: { model: 'gpt-4o' }", "gpt-4o"),
        (RUBY, "{ 'model' => 'gpt-4o' }", "gpt-4o"),
        (PHP, "'key' => env('OPENAI_API_KEY'),", "OPENAI_API_KEY"),
        (PHP, "$key = $_ENV['MISTRAL_API_KEY'];", "MISTRAL_API_KEY"),
        (PHP, "'model' => 'gpt-4o',", "gpt-4o"),
        (PHP, "curl_init('https://api.openai.com/v1/models');", "api.openai.com/v1/models"),
        (RUST, 'let key = std::env::var("OPENAI_API_KEY")?;', "OPENAI_API_KEY"),
        (RUST, 'let model: &str = "gpt-4o";', "gpt-4o"),
        (SWIFT, 'let model = "gpt-4o-mini"', "gpt-4o-mini"),
        (SWIFT, 'URL(string: "https://api.openai.com/v1")!', "api.openai.com/v1"),
        (SWIFT, 'ProcessInfo.processInfo.environment["OPENAI_API_KEY"]', "OPENAI_API_KEY"),
        (DART, "const String.fromEnvironment('OPENAI_API_KEY')", "OPENAI_API_KEY"),
        (DART, "Platform.environment['OPENAI_API_KEY']", "OPENAI_API_KEY"),
        (DART, "dotenv.env['OPENAI_API_KEY']", "OPENAI_API_KEY"),
        (R, 'Sys.getenv("OPENAI_API_KEY")', "OPENAI_API_KEY"),
        (R, "request('https://api.openai.com/v1')", "api.openai.com/v1"),
        (ELIXIR, 'System.fetch_env!("OPENAI_API_KEY")', "OPENAI_API_KEY"),
        (ELIXIR, '@default_model "gpt-4o"', "gpt-4o"),
        (ELIXIR, 'model: "gpt-4o",', "gpt-4o"),
        (ELIXIR, '@url "https://api.openai.com/v1" # one', "api.openai.com/v1"),
        (RUST, '.with_api_base("https://api.together.xyz/v1")', "api.together.xyz/v1"),
    ],
)
def test_texts(kind: Manifest, line: str, expected: str) -> None:
    assert [value for _, _, value in told(kind, line + "\n")] == [expected]


@pytest.mark.parametrize(
    "line",
    [
        'puts("OPENAI_API_KEY")',
        'link = "https://api.openai.com/x"',
        'text = "ask https://api.openai.com"',
        'car.colour = "gpt-4o"',
        'url = "https://api.#{host}/v1"',
        "ends = name + '.openai.azure.com'",
        "origins = 'https://*.openai.azure.com'",
        "type = 'sk-" + "aB3" * 10 + "'",
        "// model = 'gpt-4o'",
    ],
)
@pytest.mark.parametrize("kind", [PHP, RUBY], ids=lambda kind: kind.name)
def test_texts_that_say_nothing(kind: Manifest, line: str) -> None:
    assert told(kind, line.replace("//", "#") if line.startswith("//") else line) == []


def test_a_mention_is_whole() -> None:
    assert mentions(GO, "pkg/a_test.go", 'import "github.com/acme/a"\n') == [
        Mention(Identifier.IMPORT, "github.com/acme/a", 1, tie=Tie.IMPORTED, group=Group.TEST)
    ]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
@pytest.mark.parametrize("text", ["/*" * 200_000, "'" * 200_000, '"' * 200_000, "`" * 200_001])
def test_hostile_files_cost_no_more_than_their_size(kind: Manifest, text: str) -> None:
    begin = time.perf_counter()
    assert seen(kind, text) == []
    assert seen(kind, text.replace("/*", '/*\n=begin\nr#"')) == []
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_what_is_no_text(kind: Manifest) -> None:
    with pytest.raises(Unreadable):
        seen(kind, "import\0")
