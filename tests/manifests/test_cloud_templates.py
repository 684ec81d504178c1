"""CloudFormation and Bicep."""

import pytest

from scanner.manifests import Manifest, Unreadable
from scanner.manifests.kinds.bicep import MANIFEST as BICEP
from scanner.manifests.kinds.cloudformation import MANIFEST as CLOUDFORMATION
from tests.manifests.support import mentions, values


def _said(kind: Manifest, path: str, text: str) -> list[tuple[str, str, int]]:
    return [(one.channel.value, one.value, one.line) for one in mentions(kind, path, text)]


def test_cloudformation_in_yaml() -> None:
    text = """\
Parameters:
  ChatModel: {Type: String, Default: amazon.nova-lite-v1:0}
Resources:
  # Type: AWS::Not::This
  Agent:
    Type: 'AWS::Bedrock::Agent'
    Properties:
      FoundationModel: !Sub arn:aws:bedrock:${AWS::Region}::foundation-model/anthropic.claude-v2
      Description: uses AWS::Kendra::Index
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Image: !Sub "${AWS::AccountId}.dkr.ecr.x/y"
          Environment: [{Name: OPENAI_API_KEY, Value: sk-secret}]
        - Image: ollama/ollama:0.5
  Own: {Type: "Custom::Thing"}
"""
    assert _said(CLOUDFORMATION, "t.yaml", text) == [
        ("model", "amazon.nova-lite-v1:0", 2),
        ("file", "cloudformation:AWS::Bedrock::Agent", 6),
        ("model", "anthropic.claude-v2", 8),
        ("file", "cloudformation:AWS::ECS::TaskDefinition", 11),
        ("env", "OPENAI_API_KEY", 15),
        ("container", "ollama/ollama", 16),
    ]


def test_cloudformation_in_json() -> None:
    text = """{"Resources": {
  "Fn": {"Type": "AWS::Serverless::Function",
    "Properties": {"Environment": {"Variables": {"OPENAI_MODEL": "gpt-4o"}}}},
  "Em": {"Type": "AWS::SageMaker::Endpoint"}}}"""
    assert _said(CLOUDFORMATION, "t.json", text) == [
        ("file", "cloudformation:AWS::Serverless::Function", 2),
        ("env", "OPENAI_MODEL", 3),
        ("model", "gpt-4o", 3),
        ("file", "cloudformation:AWS::SageMaker::Endpoint", 4),
    ]
    assert values(CLOUDFORMATION, "policy.json", '{"Statement": [{"x": "AWS::Region"}]}') == []
    with pytest.raises(Unreadable):
        values(CLOUDFORMATION, "t.json", '{"Resources": {')


def test_bicep() -> None:
    text = """\
// resource not 'Microsoft.Not/this@1' = {
/* resource not 'Microsoft.Not/this@1' = {
*/
param chatModelName string = 'gpt-4o-mini' // default
resource ai 'Microsoft.CognitiveServices/accounts@2023-05-01' existing = { name: 'x' }
resource form 'Microsoft.CognitiveServices/accounts@2023-05-01' = {
  kind: 'FormRecognizer'
}
module m 'br/public:avm/res/cognitive-services/account:0.7.0' = { name: 'm' }
resource dep 'Microsoft.CognitiveServices/accounts/deployments@2023-05-01' = {
  properties: {
    model: { format: 'OpenAI', name: 'text-embedding-3-large' }
    raiPolicyName: 'x'
  }
}
resource app 'Microsoft.App/containerApps@2024-03-01' = {
  properties: { template: { containers: [ {
    image: 'ghcr.io/acme/chat:1'
    env: [
      { name: 'AZURE_OPENAI_ENDPOINT', value: 'https://acme.openai.azure.com/' }
      { name: 'AZURE_OPENAI_KEY', value: key }
    ]
  } ] } }
}
"""
    assert _said(BICEP, "main.bicep", text) == [
        ("model", "gpt-4o-mini", 4),
        ("file", "bicep:Microsoft.CognitiveServices/accounts", 5),
        ("file", "bicep:Microsoft.CognitiveServices/accounts", 6),
        ("file", "bicep:Microsoft.CognitiveServices/accounts:FormRecognizer", 7),
        ("file", "bicep:br/public:avm/res/cognitive-services/account", 9),
        ("file", "bicep:Microsoft.CognitiveServices/accounts/deployments", 10),
        ("model", "text-embedding-3-large", 12),
        ("file", "bicep:Microsoft.App/containerApps", 16),
        ("container", "ghcr.io/acme/chat", 18),
        ("env", "AZURE_OPENAI_ENDPOINT", 20),
        ("host", "acme.openai.azure.com", 20),
        ("env", "AZURE_OPENAI_KEY", 21),
    ]
