"""Types of resources in infrastructure code: a family by its prefix, Azure's accounts by their kind."""

import pytest

from scanner.model import EvidenceKind, Identifier
from tests.support import the_base


@pytest.mark.parametrize(
    ("value", "product", "evidence"),
    [
        ("terraform:aws_bedrockagent_agent", "amazon-web-services/bedrock-agents", "build"),
        ("terraform:aws_bedrock_guardrail", "amazon-web-services/bedrock", "build"),
        ("cloudformation:AWS::Bedrock::Agent", "amazon-web-services/bedrock-agents", "build"),
        ("terraform:azurerm_cognitive_account", "microsoft/azure-ai-services", "supporting"),
        ("terraform:azurerm_cognitive_account:OpenAI", "microsoft/azure-openai", "build"),
        ("bicep:Microsoft.CognitiveServices/accounts", "microsoft/azure-ai-services", "supporting"),
        ("bicep:Microsoft.CognitiveServices/accounts:Face", "microsoft/azure-face", "build"),
        ("terraform:google_vertex_ai_endpoint", "google/vertex-ai", "build"),
        ("terraform:snowflake_cortex_search_service", "snowflake/cortex", "build"),
    ],
)
def test_a_type_of_resource_is_known(value: str, product: str, evidence: str) -> None:
    met = the_base().matcher.match_value(Identifier.FILE, value)
    assert met is not None
    assert (met.product_key, met.detection.evidence) == (product, EvidenceKind(evidence))


@pytest.mark.parametrize(
    "value",
    ["terraform:aws_instance", "cloudformation:AWS::Lambda::Function", "bicep:Microsoft.Web/sites"],
)
def test_other_types_are_not(value: str) -> None:
    assert the_base().matcher.match_value(Identifier.FILE, value) is None
