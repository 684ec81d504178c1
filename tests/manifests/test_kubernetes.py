"""Kubernetes objects, templates, charts and their values."""

import pytest

from scanner.manifests import Group, Manifest, Project, Tie, Unreadable
from scanner.manifests.kinds.helm_chart import MANIFEST as CHART
from scanner.manifests.kinds.helm_values import MANIFEST as VALUES
from scanner.manifests.kinds.kubernetes import MANIFEST as KUBERNETES
from tests.manifests.support import mentions, projects, values


def _said(kind: Manifest, path: str, text: str) -> list[tuple[str, str, int]]:
    return [(one.channel.value, one.value, one.line) for one in mentions(kind, path, text)]


def test_objects() -> None:
    text = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: index   # nightly
  annotations: {docs: "https://not.this.example/x"}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          initContainers:
            - image: 'ghcr.io/acme/pull@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
              command: ["/bin/sh", "-c", "pip install openai"]
          containers:
            - image: ollama/ollama
              ports: [{containerPort: 11434}]
              env:
                - {name: OPENAI_MODEL, value: gpt-4o}
                - name: AZURE_OPENAI_ENDPOINT
                  value: "https://acme.openai.azure.com/"
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  LLM_BASE_URL: http://vllm.ai.svc.cluster.local:8000/v1
  config.yaml: |
    api: https://api.anthropic.com
---
apiVersion: v1
kind: Secret
stringData:
  OPENAI_API_KEY: https://secret.example/token
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: qwen}
spec:
  predictor:
    model:
      storageUri: hf://Qwen/Qwen2.5-7B-Instruct
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec: {description: "see https://not.this.example"}
---
just: values
"""
    assert _said(KUBERNETES, "k/x.yaml", text) == [
        ("container", "ghcr.io/acme/pull", 12),
        ("package", "pkg:pypi/openai", 13),
        ("container", "ollama/ollama", 15),
        ("port", "11434", 16),
        ("env", "OPENAI_MODEL", 18),
        ("model", "gpt-4o", 18),
        ("env", "AZURE_OPENAI_ENDPOINT", 19),
        ("host", "acme.openai.azure.com", 20),
        ("env", "LLM_BASE_URL", 26),
        ("host_path", "vllm.ai.svc.cluster.local/v1", 26),
        ("host", "api.anthropic.com", 28),
        ("env", "OPENAI_API_KEY", 33),
        ("file", "kubernetes:serving.kserve.io/InferenceService", 36),
        ("model", "Qwen/Qwen2.5-7B-Instruct", 41),
    ]
    assert projects(KUBERNETES, "k/x.yaml", text) == [Project("index", is_deployable=True, line=4)]


def test_a_list_of_objects() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{image: a/b:1}]}}\n"
    assert values(KUBERNETES, "x.yaml", text) == ["a/b"]


def test_templates_are_read_line_by_line() -> None:
    text = """\
{{- range .Values.chats }}
apiVersion: apps/v1
kind: Deployment
spec:
  {{- with .x }}
  # image: not/this
  image: {{ .Values.image }}
  image: "{{ .repository }}:{{ .tag }}"
  image: vllm/vllm-openai:{{ .tag }}
  env:
    - name: OPENAI_API_KEY
      valueFrom: x
    - name: OPENAI_BASE_URL
      value: https://api.openai.com/v1
    - name: LLM_MODEL
      value: gpt-4o
  model: {{ .model }}
  base: https://{{ .host }}/v1
  {{- end }}
---
kind: Secret
stringData:
  HF_TOKEN: {{ .token }}
  other: https://user:pw@secret.example
"""
    assert _said(KUBERNETES, "chart/templates/x.yaml", text) == [
        ("container", "vllm/vllm-openai", 9),
        ("env", "OPENAI_API_KEY", 11),
        ("env", "OPENAI_BASE_URL", 13),
        ("host_path", "api.openai.com/v1", 14),
        ("env", "LLM_MODEL", 15),
        ("model", "gpt-4o", 16),
        ("env", "HF_TOKEN", 23),
    ]


def test_a_broken_object() -> None:
    with pytest.raises(Unreadable):
        values(KUBERNETES, "x.yaml", "apiVersion: v1\nkind: [\n")
    assert values(KUBERNETES, "chart/Chart.yaml", "apiVersion: v2\nname: x\n") == []


def test_charts() -> None:
    text = """\
apiVersion: v2
name: chat
type: library
version: 0.1.0
dependencies:
  - name: qdrant
    alias: vectors
    version: ">=1.0.0"
    repository: oci://ghcr.io/qdrant/charts
    condition: qdrant.enabled
  - name: ""
"""
    assert projects(CHART, "c/Chart.yaml", text) == [Project("chat", "0.1.0", line=2)]
    package, host = mentions(CHART, "c/Chart.yaml", text)
    assert (package.value, package.version, package.group, package.line) == (
        "pkg:helm/qdrant",
        ">=1.0.0",
        Group.OPTIONAL,
        6,
    )
    assert host.value == "ghcr.io/qdrant/charts"
    lock = mentions(CHART, "Chart.lock", "dependencies:\n- name: qdrant\n  version: 1.2.3\n")
    assert [(one.version, one.tie) for one in lock] == [("1.2.3", Tie.LOCKED)]
    with pytest.raises(Unreadable):
        values(CHART, "Chart.yaml", "a: b\n")


def test_values() -> None:
    text = """\
image: &image
  repository: ghcr.io/open-webui/open-webui
  tag: "0.4"
copy: *image
sidecar:
  image: ollama/ollama:0.5
other: {repository: "https://github.com/not/this"}
empty: {image: {repository: ""}}
extraEnvVars:
  - name: OPENAI_API_BASE_URL
    value: https://api.openai.com/v1
envs: {ANTHROPIC_API_KEY: ""}
model: {name: meta-llama/Llama-3.1-8B}
args: [--model, Qwen/Qwen2.5]
"""
    assert _said(VALUES, "values.yaml", text) == [
        ("container", "ghcr.io/open-webui/open-webui", 2),
        ("container", "ollama/ollama", 6),
        ("host_path", "github.com/not/this", 7),
        ("env", "OPENAI_API_BASE_URL", 10),
        ("host_path", "api.openai.com/v1", 11),
        ("env", "ANTHROPIC_API_KEY", 12),
        ("model", "Qwen/Qwen2.5", 14),
    ]


def test_what_lets_requests_in() -> None:
    text = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  tls: [{hosts: [not.told.example]}]
  rules:
    - host: shop.harbour.example
    - host: "*.harbour.internal"
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
spec:
  hostnames:
    - chat.harbour.example
---
apiVersion: harbour.example/v1
kind: Ingress
"""
    told = [one for one in _said(KUBERNETES, "in.yaml", text) if one[0] == "file"]
    assert told == [
        ("file", "kubernetes:Ingress", 2),
        ("file", "kubernetes:Ingress:shop.harbour.example", 6),
        ("file", "kubernetes:Ingress:*.harbour.internal", 7),
        ("file", "kubernetes:HTTPRoute", 10),
        ("file", "kubernetes:HTTPRoute:chat.harbour.example", 13),
        ("file", "kubernetes:harbour.example/Ingress", 16),
    ]
    template = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {{ .Values.ingress }}\n"
    assert _said(KUBERNETES, "templates/in.yaml", template) == [("file", "kubernetes:Ingress", 2)]
