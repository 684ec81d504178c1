"""Templates of AWS CloudFormation and SAM, in YAML or JSON.

    Agent:
      Type: AWS::Bedrock::Agent

A type of resource is told as ``cloudformation:AWS::Bedrock::Agent``.
Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie
from scanner.manifests.images import image
from scanner.manifests.outline import Node, of_json, of_yaml
from scanner.manifests.settings import environment, setting
from scanner.model import Identifier

_TYPE = re.compile(r"(?:AWS|Alexa)(?:::\w+){2,3}")
_IMAGES = frozenset({"Image", "ImageUri", "ImageURI", "ContainerUri", "ImageIdentifier"})


def read(document: Document) -> Iterator[Found]:
    is_json = document.text.lstrip().startswith("{")
    for root in [of_json(document)] if is_json else of_yaml(document):
        for name, parameter in root.get("Parameters").pairs:
            default = parameter.get("Default")
            yield from setting(name, default.text, default.line, is_variable=False)
        for _, resource in root.get("Resources").pairs:
            yield from _resource(resource)


def _resource(resource: Node) -> Iterator[Found]:
    kind = resource.get("Type")
    if not _TYPE.fullmatch(kind.text):
        return
    yield Mention(Identifier.FILE, f"cloudformation:{kind.text}", kind.line, tie=Tie.CONFIGURED)
    for keys, node in resource.get("Properties").walk():
        key = keys[-1] if keys else ""
        if key in _IMAGES and node.text:
            yield from image(node.text, node.line)
        elif keys[-2:] == ("Environment", "Variables") or key in (
            "EnvironmentVariables",
            "Environment",
        ):
            yield from environment(_variables(node))
        elif node.text and not {"Environment", "EnvironmentVariables"}.intersection(keys):
            yield from setting(key, node.text, node.line, is_variable=False)


def _variables(node: Node) -> Node:
    """Return the variables of a node, which SAM and Lambda put one level deeper."""
    plain = [(key, value) for key, value in node.pairs if key != "Variables"]
    return Node(node.line, pairs=plain, items=node.items)


MANIFEST = Manifest(
    name="cloudformation",
    title="AWS CloudFormation, SAM",
    files=("*.yaml", "*.yml", "*.json", "*.template"),
    read=read,
    is_screened=True,
    reference="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
    holds=(b"AWS::",),
    samples={
        "infra/agent.yaml": b"""\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Agent:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: !Sub "${AWS::StackName}-help"
      FoundationModel: anthropic.claude-3-haiku-20240307-v1:0
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ImageUri: "public.ecr.aws/x1y2/chat:3"}
      Environment:
        Variables:
          OPENAI_API_KEY: !Ref Key
          OPENAI_BASE_URL: https://api.openai.com/v1
""",
        "infra/index.template": b"""\
{"Resources": {"Index": {"Type": "AWS::Kendra::Index",
  "Properties": {"Name": "help"}}}}
""",
    },
)
