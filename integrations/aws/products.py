"""AWS's AI products: how a bill names them, and the host that signatures know them by."""

from __future__ import annotations

import re
from typing import NamedTuple

from scanner.model import App, Identifier

BEDROCK = "bedrock"
AGENTS = "bedrock-agents"
AGENTCORE = "bedrock-agentcore"
# Models of others are billed under names of their own: "Claude Sonnet 4 (Amazon Bedrock Edition)".
EDITION = re.compile(r"^(.+?) \(amazon bedrock edition\)$", re.IGNORECASE)


class _Product(NamedTuple):
    billed: str  # words of a service's name
    key: str
    name: str
    service: str  # the first part of its host, or all of it


# The first that is met counts.
_TABLE = (
    _Product("bedrock agentcore", AGENTCORE, "Amazon Bedrock AgentCore", "bedrock-agentcore"),
    _Product("bedrock agents", AGENTS, "Amazon Bedrock Agents", "bedrock-agent"),
    _Product("bedrock", BEDROCK, "Amazon Bedrock", "bedrock-runtime"),
    _Product("sagemaker", "sagemaker", "Amazon SageMaker", "api.sagemaker"),
    _Product("q business", "q-business", "Amazon Q Business", "qbusiness"),
    _Product("amazon q", "q-developer", "Amazon Q Developer", "q"),
    _Product("codewhisperer", "q-developer", "Amazon Q Developer", "q"),
    _Product("kiro", "kiro", "Kiro", "kiro.dev"),
    _Product("comprehend medical", "comprehend-medical", "Comprehend Medical", "comprehendmedical"),
    _Product("comprehend", "comprehend", "Amazon Comprehend", "comprehend"),
    _Product("rekognition", "rekognition", "Amazon Rekognition", "rekognition"),
    _Product("textract", "textract", "Amazon Textract", "textract"),
    _Product("transcribe", "transcribe", "Amazon Transcribe", "transcribe"),
    _Product("amazon translate", "translate", "Amazon Translate", "translate"),
    _Product("polly", "polly", "Amazon Polly", "polly"),
    _Product("amazon lex", "lex", "Amazon Lex", "runtime-v2-lex"),
    _Product("kendra", "kendra", "Amazon Kendra", "kendra"),
    _Product("personalize", "personalize", "Amazon Personalize", "personalize"),
    _Product("amazon forecast", "forecast", "Amazon Forecast", "forecast"),
    _Product("fraud detector", "fraud-detector", "Amazon Fraud Detector", "frauddetector"),
    _Product("devops guru", "devops-guru", "Amazon DevOps Guru", "devops-guru"),
    _Product("codeguru", "codeguru-reviewer", "Amazon CodeGuru", "codeguru-reviewer"),
    _Product("lookout for vision", "lookout-vision", "Lookout for Vision", "lookoutvision"),
)
_PATTERNS = tuple(
    (re.compile(rf"\b{re.escape(one.billed)}\b", re.IGNORECASE), one.key) for one in _TABLE
)


def _app(product: _Product) -> App:
    # Signatures name hosts with any region; one that has every service stands for all.
    host = product.service
    if "." not in host or host.startswith("api."):
        host = f"{host}.us-east-1.amazonaws.com"
    return App(
        product.key,
        product.name,
        publisher="Amazon Web Services",
        identifiers=((Identifier.HOST, host),),
    )


APPS = {one.key: _app(one) for one in _TABLE}


def app_of(service: str) -> App | None:
    """Return the AI product that a service of a bill is; None for what is no AI."""
    for pattern, key in _PATTERNS:
        if pattern.search(service):
            return APPS[key]
    return None
