"""Kubernetes objects, and the templates of Helm charts that make them.

    containers:
      - image: vllm/vllm-openai:v0.6.3

A template is no YAML: it is read line by line, and what its braces make is not known. Kinds that
an operator adds are told as ``kubernetes:serving.kserve.io/InferenceService``, what lets requests
in as ``kubernetes:Ingress``, and with a host as ``kubernetes:Ingress:shop.harbour.example``.
Reference: https://kubernetes.io/docs/reference/kubernetes-api/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Project, Tie
from scanner.manifests.images import image
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.settings import environment, model, port, setting, urls, variable
from scanner.manifests.shell import arguments, installs
from scanner.model import Identifier

_WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Pod", "ReplicaSet", "Rollout"}
    | {"Service.serving.knative.dev", "DeploymentConfig"}
)
_ENTRIES = frozenset({"Ingress", "HTTPRoute", "Gateway"})
_OWN_GROUPS = (".k8s.io", "apps", "batch", "autoscaling", "policy", "extensions")
_LINE = re.compile(r"""\s*(?:-\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*:\s+(.+)""")
_KIND = re.compile(r"kind:\s*[\"']?(\w+)[\"']?\s*$")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_COMMENT = re.compile(r"\s#\s.*$")
_SECRETS = frozenset({"Secret", "SealedSecret", "ExternalSecret"})


def read(document: Document) -> Iterator[Found]:
    if document.name.lower() in ("chart.yaml", "chart.lock"):
        return
    if "{{" in document.text:
        yield from _template(document)
        return
    for root in of_yaml(document):
        objects = root.get("items").items if root.get("kind").text == "List" else [root]
        for one in objects:
            if one.get("kind").text and one.get("apiVersion").text:
                yield from _object(one)


def _object(root: Node) -> Iterator[Found]:
    kind, group = root.get("kind"), root.get("apiVersion").text.rpartition("/")[0]
    if kind.text == "CustomResourceDefinition":
        return  # it describes objects, at great length
    name = root.get("metadata", "name")
    if kind.text in _WORKLOADS or f"{kind.text}.{group}" in _WORKLOADS:
        yield Project(name.text, is_deployable=True, line=name.line or 1)
    if "." in group and not group.endswith(_OWN_GROUPS):
        value = f"kubernetes:{group}/{kind.text}"
        yield Mention(Identifier.FILE, value, kind.line, tie=Tie.CONFIGURED)
    if kind.text in _ENTRIES and group.endswith(".k8s.io"):
        yield from _entry(kind, root.get("spec"))
    for key, part in root.pairs:
        if key != "metadata":
            yield from _parts(key, part, is_secret=kind.text in _SECRETS)


def _entry(kind: Node, spec: Node) -> Iterator[Mention]:
    """Yield what lets requests in, and under which host names."""
    told = f"kubernetes:{kind.text}"
    yield Mention(Identifier.FILE, told, kind.line, tie=Tie.CONFIGURED)
    for keys, node in spec.walk():
        if {"host", "hostname", "hostnames"}.intersection(keys[-2:]) and _HOST.fullmatch(node.text):
            yield Mention(Identifier.FILE, f"{told}:{node.text}", node.line, tie=Tie.CONFIGURED)


def _parts(key: str, part: Node, is_secret: bool) -> Iterator[Found]:
    for keys, node in part.walk():
        path = (key, *keys)
        match path[-1]:
            case "image" if node.text:
                yield from image(node.text, node.line)
            case "env":
                yield from environment(node)
            case "command" | "args":
                yield from _command(node)
            case "containerPort" if node.text.isdigit():
                yield port(node.text, node.line)
            case "storageUri" if node.text.startswith("hf://"):
                yield from model(node.text.removeprefix("hf://"), node.line)
            case name if key in ("data", "stringData") and len(path) > 1:
                yield from () if node.pairs else _datum(name, node, is_secret)
            case name if node.text and "env" not in path and "command" not in path:
                yield from setting(name, node.text, node.line, is_variable=False)


def _datum(name: str, node: Node, is_secret: bool) -> Iterator[Found]:
    if is_secret:
        yield from variable(name, node.line)
    elif "\n" in node.text:
        yield from urls(node.text, node.line)
    else:
        yield from setting(name, node.text, node.line, bool(_CAPITALS.fullmatch(name)))


def _command(node: Node) -> Iterator[Found]:
    if node.text:
        yield from installs(node.text, node.line)
        return
    words = [one.text for one in node.items]
    if words:
        yield from arguments(words, node.items[0].line)


def _template(document: Document) -> Iterator[Found]:
    """Yield what lines say by themselves: images, names of variables, hosts, models."""
    name, is_secret = "", False
    for number, line in enumerate(document.lines, 1):
        if found := _KIND.match(line):
            is_secret = found[1] in _SECRETS
            if found[1] in _ENTRIES:
                told = f"kubernetes:{found[1]}"
                yield Mention(Identifier.FILE, told, number, tie=Tie.CONFIGURED)
        found = _LINE.match(line[:2000])
        if not found or line.lstrip().startswith("#"):
            continue
        key, value = found[1], _COMMENT.sub("", found[2]).strip().strip("\"'")
        if key == "image":
            yield from image(value, number)
        elif key == "name" and _CAPITALS.fullmatch(value):
            name = value
            yield from variable(name, number)
        elif key == "value":
            said = setting(name, value, number, is_variable=False)
            yield from () if is_secret else said
        elif _CAPITALS.fullmatch(key):
            yield from variable(key, number) if is_secret else setting(key, value, number)
        elif (not is_secret and "://" in value) or "odel" in key:
            yield from setting(key, value, number, is_variable=False)


MANIFEST = Manifest(
    name="kubernetes",
    title="Kubernetes manifest, template of a Helm chart",
    files=("*.yaml", "*.yml", "templates/*.tpl"),
    read=read,
    is_screened=True,
    reference="https://kubernetes.io/docs/reference/kubernetes-api/",
    holds=(b"apiVersion:",),
    samples={
        "deploy/chat.yaml": b"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: chat
spec:
  template:
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.6.3
          args: ["--model", "mistralai/Mistral-7B-Instruct-v0.3"]
          env:
            - name: OPENAI_BASE_URL
              value: https://api.openai.com/v1
            - name: OPENAI_API_KEY
              valueFrom:
                secretKeyRef: {name: openai, key: token}
""",
        "chart/templates/chat.yaml": b"""\
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "chat.fullname" . }}
spec:
  template:
    spec:
      containers:
        - image: "ollama/ollama:{{ .Values.tag | default .Chart.AppVersion }}"
          env:
            - name: ANTHROPIC_API_KEY
              value: {{ .Values.key | quote }}
{{- end }}
""",
    },
)
