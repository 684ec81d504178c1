"""Terraform and OpenTofu."""

import time
from contextlib import suppress

from scanner.manifests import Tie, Unreadable
from scanner.manifests.kinds.terraform import MANIFEST
from tests.manifests.support import mentions, values


def _said(text: str) -> list[tuple[str, str, str, int]]:
    return [
        (one.channel.value, one.value, one.version, one.line)
        for one in mentions(MANIFEST, "x/main.tf", text)
    ]


def test_types_models_and_variables() -> None:
    text = """\
# resource "not_this" "x" {}
// resource "not_this" "x" {}
/* resource "not_this" "x" {
} */
resource "aws_lambda_function" "chat" {
  image_uri = "123.dkr.ecr.eu-west-1.amazonaws.com/chat:3" # note
  environment {
    variables = {
      OPENAI_API_KEY  = var.key
      OPENAI_BASE_URL = "https://api.openai.com/v1"
    }
  }
}
data "aws_bedrock_foundation_model" "claude" { model_id = "anthropic.claude-3-haiku" }
resource "azurerm_cognitive_account" "a" { kind = "OpenAI" }
resource "azurerm_cognitive_deployment" "d" {
  model { name = "gpt-4o" }
  sku { name = "Standard" }
}
resource "google_cloud_run_v2_service" "s" {
  template { containers {
    image = "ollama/ollama:${var.tag}"
    env {
      name  = "GEMINI_API_KEY"
      value = "x"
    }
  } }
}
resource "google_project_service" "v" { service = "aiplatform.googleapis.com" }
variable "chat_model" {
  type    = string
  default = "gpt-4o-mini"
}
locals { agent_model = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0" }
"""
    assert [(a, b, d) for a, b, _, d in _said(text)] == [
        ("file", "terraform:aws_lambda_function", 5),
        ("container", "123.dkr.ecr.eu-west-1.amazonaws.com/chat", 6),
        ("env", "OPENAI_API_KEY", 9),
        ("env", "OPENAI_BASE_URL", 10),
        ("host_path", "api.openai.com/v1", 10),
        ("file", "terraform:aws_bedrock_foundation_model", 14),
        ("model", "anthropic.claude-3-haiku", 14),
        ("file", "terraform:azurerm_cognitive_account", 15),
        ("file", "terraform:azurerm_cognitive_account:OpenAI", 15),
        ("file", "terraform:azurerm_cognitive_deployment", 16),
        ("model", "gpt-4o", 17),
        ("file", "terraform:google_cloud_run_v2_service", 20),
        ("container", "ollama/ollama", 22),
        ("env", "GEMINI_API_KEY", 24),
        ("file", "terraform:google_project_service", 29),
        ("host", "aiplatform.googleapis.com", 29),
        ("model", "gpt-4o-mini", 32),
        ("model", "amazon.nova-pro-v1:0", 34),
    ]


def test_sources() -> None:
    text = """\
terraform {
  required_providers {
    openai = { source = "mkdev-me/openai", version = "~> 1.0" }
    pinecone = {
      version = "0.7"
      source  = "registry.terraform.io/pinecone-io/pinecone"
    }
  }
}
module "a" {
  source  = "terraform-aws-modules/lambda/aws//modules/x"
  version = "7.0"
}
module "b" { source = "git::https://github.com/acme/bedrock.git//sub?ref=v2" }
module "c" { source = "../c" }
module "d" { source = "github.com/acme/rag" }
resource "helm_release" "o" {
  repository = "https://otwld.github.io/ollama-helm"
  chart      = "ollama"
  version    = "1.0"
}
"""
    assert _said(text) == [
        ("package", "pkg:terraform/mkdev-me/openai", "~> 1.0", 3),
        ("package", "pkg:terraform/pinecone-io/pinecone", "0.7", 6),
        ("package", "pkg:terraform/terraform-aws-modules/lambda/aws", "7.0", 11),
        ("package", "pkg:github/acme/bedrock", "v2", 14),
        ("package", "pkg:github/acme/rag", "", 16),
        ("file", "terraform:helm_release", "", 17),
        ("host_path", "otwld.github.io/ollama-helm", "", 18),
        ("package", "pkg:helm/ollama", "1.0", 19),
    ]


def test_heredocs() -> None:
    text = """\
resource "aws_instance" "x" {
  user_data = <<-EOT
    #!/bin/bash
    pip install vllm
  EOT
  ami = "x"
}
resource "aws_sagemaker_endpoint" "y" {}
"""
    assert _said(text) == [
        ("file", "terraform:aws_instance", "", 1),
        ("package", "pkg:pypi/vllm", "", 4),
        ("file", "terraform:aws_sagemaker_endpoint", "", 8),
    ]


def test_locks() -> None:
    text = 'provider "registry.opentofu.org/hashicorp/aws" {\n  version = "5.1.0"\n  hashes = [\n    "h1:x=",\n  ]\n}\n'
    (one,) = mentions(MANIFEST, ".terraform.lock.hcl", text)
    assert (one.value, one.version, one.tie) == ("pkg:terraform/hashicorp/aws", "5.1.0", Tie.LOCKED)


def test_no_secret_is_told() -> None:
    assert values(
        MANIFEST, "x.tfvars", 'openai_api_key = "sk-secret"\nopenai_model = "gpt-4o"\n'
    ) == ["gpt-4o"]


def test_hostile_files_take_no_long_time() -> None:
    begun = time.monotonic()
    for text in (
        "a {" * 200_000,
        'a = "' + '\\"' * 200_000,
        "x {\n" * 100_000,
        "/*" * 300_000,
        "a a " * 100_000,
    ):
        with suppress(Unreadable):
            mentions(MANIFEST, "x.tf", text)
    assert time.monotonic() - begun < 5
