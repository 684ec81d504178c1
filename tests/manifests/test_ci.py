"""Pipelines: GitHub Actions, GitLab, Azure, Jenkins, and the hooks of pre-commit."""

import pytest

from scanner.manifests import Group, Manifest, Unreadable
from scanner.manifests.kinds.azure_pipelines import MANIFEST as AZURE
from scanner.manifests.kinds.github_actions import MANIFEST as GITHUB
from scanner.manifests.kinds.gitlab_ci import MANIFEST as GITLAB
from scanner.manifests.kinds.jenkinsfile import MANIFEST as JENKINS
from scanner.manifests.kinds.pre_commit import MANIFEST as PRE_COMMIT
from tests.manifests.support import mentions, projects, values


def _said(kind: Manifest, path: str, text: str) -> list[tuple[str, str, str, int]]:
    return [
        (one.channel.value, one.value, one.version, one.line) for one in mentions(kind, path, text)
    ]


def test_workflows() -> None:
    text = """\
name: x
on: {push: {}}
env:
  OPENAI_BASE_URL: https://api.openai.com/v1
jobs:
  call:
    uses: acme/flows/.github/workflows/review.yml@main
    secrets: {key: "${{ secrets.MISTRAL_API_KEY }}"}
  own:
    container: {image: "ghcr.io/acme/x:1"}
    services: {llm: {image: ollama/ollama}}
    steps:
      # - uses: not/this@v1
      - uses: ./local
      - uses: docker://alpine:3
      - uses: actions/ai-inference@0123abc  # v1
        with: {model: openai/gpt-4o, token: "${{ secrets.GITHUB_TOKEN }}"}
      - name: pip install not-this
        run: >
          npx @openai/codex
      - run: |
          echo "${{ vars.LLM }}"

          pip install -r requirements.txt anthropic \\
            mistralai
"""
    assert _said(GITHUB, ".github/workflows/x.yml", text) == [
        ("env", "OPENAI_BASE_URL", "", 4),
        ("host_path", "api.openai.com/v1", "", 4),
        ("github_action", "acme/flows", "main", 7),
        ("env", "MISTRAL_API_KEY", "", 8),
        ("container", "ghcr.io/acme/x", "1", 10),
        ("container", "ollama/ollama", "", 11),
        ("container", "alpine", "3", 15),
        ("github_action", "actions/ai-inference", "0123abc", 16),
        ("model", "openai/gpt-4o", "", 17),
        ("package", "pkg:npm/%40openai/codex", "", 20),
        ("env", "LLM", "", 22),
        ("package", "pkg:pypi/anthropic", "", 24),
        ("package", "pkg:pypi/mistralai", "", 25),
    ]
    assert {one.group for one in mentions(GITHUB, "x.yml", text) if one.version} == {Group.BUILD}


def test_an_action_of_ones_own() -> None:
    text = """\
name: Review
description: Reviews with a model
inputs:
  model: {default: gpt-4o}
runs:
  using: composite
  steps:
    - run: uvx aider-chat
      shell: bash
"""
    assert values(GITHUB, "action.yml", text) == ["gpt-4o", "pkg:pypi/aider-chat"]
    assert projects(GITHUB, "action.yml", text)[0].name == "Review"
    with pytest.raises(Unreadable):
        values(GITHUB, "action.yml", "a: b\n")


def test_gitlab() -> None:
    text = """\
include:
  - project: acme/ci
    ref: v2
    file: /x.yml
  - local: y.yml
  - component: $CI_SERVER_FQDN/acme/ai/review@1.0
default: {image: {name: "python:3.12", entrypoint: [""]}}
.base: &base
  before_script: [pip install openai]
job:
  <<: *base
  variables:
    LLM_MODEL: {value: gpt-4o, description: x}
  services: [ollama/ollama:0.5]
  script:
    - !reference [.x, script]
    - |
      set -e
      npm i -g @openai/codex
"""
    assert _said(GITLAB, ".gitlab-ci.yml", text) == [
        ("package", "pkg:gitlab/acme/ci", "v2", 2),
        ("package", "pkg:gitlab/acme/ai/review", "1.0", 6),
        ("container", "python", "3.12", 7),
        ("package", "pkg:pypi/openai", "", 9),
        ("env", "LLM_MODEL", "", 13),
        ("model", "gpt-4o", "", 13),
        ("container", "ollama/ollama", "0.5", 14),
        ("package", "pkg:npm/%40openai/codex", "", 19),
    ]


def test_azure() -> None:
    text = """\
pool: {vmImage: ubuntu-latest}
variables:
  - group: secrets
  - {name: OPENAI_MODEL, value: gpt-4o}
jobs:
  - job: a
    container: ghcr.io/acme/build:2
    steps:
      - task: AzureCLI@2
        inputs: {inlineScript: "pip install openai"}
      - bash: |
          pip install promptflow
"""
    assert _said(AZURE, "azure-pipelines.yml", text) == [
        ("env", "OPENAI_MODEL", "", 4),
        ("model", "gpt-4o", "", 4),
        ("container", "ghcr.io/acme/build", "2", 7),
        ("package", "pkg:pypi/openai", "", 10),
        ("package", "pkg:pypi/promptflow", "", 12),
    ]


def test_jenkins() -> None:
    text = """\
// sh 'pip install not-this'
pipeline {
  agent { docker { image "ollama/ollama:0.5" } }
  environment {
    OPENAI_MODEL = 'gpt-4o'
  }
  stages { stage('x') { steps {
    echo "sh 'pip install not-this'"
    sh(script: \"\"\"
      pip install openai
    \"\"\")
    script { docker.image('ghcr.io/acme/x:1').inside { sh 'npx promptfoo@1 eval' } }
    withCredentials([string(credentialsId: 'k', variable: 'ANTHROPIC_API_KEY')]) { }
  } } }
}
"""
    assert _said(JENKINS, "Jenkinsfile", text) == [
        ("container", "ollama/ollama", "0.5", 3),
        ("env", "OPENAI_MODEL", "", 5),
        ("model", "gpt-4o", "", 5),
        ("package", "pkg:pypi/openai", "", 10),
        ("container", "ghcr.io/acme/x", "1", 12),
        ("package", "pkg:npm/promptfoo", "1", 12),
        ("env", "ANTHROPIC_API_KEY", "", 13),
    ]


def test_pre_commit() -> None:
    text = """\
repos:
- repo: git@github.com:acme/ai-hooks.git
  rev: v1
  hooks: [{id: x, additional_dependencies: [openai==1.0, ./local, "prettier@3.0"]}]
- repo: https://gitlab.com/acme/hooks
  rev: "2"
- repo: https://git.acme.example/h
- repo: meta
- repo: local
  hooks: [{id: y, language: node, additional_dependencies: ["@openai/codex@1"]}, {id: z, language: golang, additional_dependencies: [a.b/c]}]
"""
    assert _said(PRE_COMMIT, ".pre-commit-config.yaml", text) == [
        ("package", "pkg:github/acme/ai-hooks", "v1", 2),
        ("package", "pkg:pypi/openai", "1.0", 4),
        ("package", "pkg:npm/prettier", "3.0", 4),
        ("package", "pkg:gitlab/acme/hooks", "2", 5),
        ("host_path", "git.acme.example/h", "", 7),
        ("package", "pkg:npm/%40openai/codex", "1", 10),
    ]
    with pytest.raises(Unreadable):
        values(PRE_COMMIT, ".pre-commit-config.yaml", "a: b\n")
