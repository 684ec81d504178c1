"""Dockerfiles, Compose files, and the shell commands that they hold."""

import time

import pytest

from scanner.manifests import Group, Mention, Tie, Unreadable
from scanner.manifests.kinds.docker_compose import MANIFEST as COMPOSE
from scanner.manifests.kinds.dockerfile import MANIFEST as DOCKERFILE
from scanner.manifests.shell import arguments, installs
from scanner.model import Identifier
from tests.manifests.support import mentions, projects, troubles, values


def _said(text: str) -> list[tuple[str, str]]:
    return [(one.value, one.version) for one in installs(text)]


def _docker(text: str) -> list[tuple[str, str, int]]:
    return [
        (one.value, one.version, one.line) for one in mentions(DOCKERFILE, "a/Dockerfile", text)
    ]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pip install openai", [("pkg:pypi/openai", "")]),
        ("pip3.11 install -U 'openai>=1,<2'", [("pkg:pypi/openai", "<2,>=1")]),
        ("python -m pip install --user langchain[all]==0.3", [("pkg:pypi/langchain", "0.3")]),
        ("pip install -r requirements.txt -c limits.txt", []),
        ("pip install . ./lib /src/x.whl x.whl .[dev]", []),
        (
            "pip install torch --index-url https://download.pytorch.org/whl/cpu",
            [("pkg:pypi/torch", "")],
        ),
        ("pip install vllm==${VLLM_VERSION}", [("pkg:pypi/vllm", "")]),
        ("pip install $PACKAGES", []),
        (
            "pip install git+https://github.com/huggingface/transformers.git@v4.46",
            [("pkg:github/huggingface/transformers", "v4.46")],
        ),
        ("pip install 'unsloth @ git+https://github.com/a/b.git'", [("pkg:pypi/unsloth", "")]),
        ("pip install -e git+https://github.com/a/b#egg=b", [("pkg:github/a/b", "")]),
        ("uv pip install --system anthropic", [("pkg:pypi/anthropic", "")]),
        ("uv add 'openai>=1'", [("pkg:pypi/openai", ">=1")]),
        ("uv tool install aider-chat@latest", [("pkg:pypi/aider-chat", "")]),
        (
            "uv run --with openai,anthropic main.py",
            [("pkg:pypi/openai", ""), ("pkg:pypi/anthropic", "")],
        ),
        ("uvx --from mcp-x serve", [("pkg:pypi/mcp-x", "")]),
        ("uvx mcp-server-fetch@1.2 --port 3", [("pkg:pypi/mcp-server-fetch", "1.2")]),
        ("pipx install llm && poetry add openai", [("pkg:pypi/llm", ""), ("pkg:pypi/openai", "")]),
        (
            "npm install -g @anthropic-ai/claude-code@1.0 openai@^4",
            [("pkg:npm/%40anthropic-ai/claude-code", "1.0"), ("pkg:npm/openai", "^4")],
        ),
        ("npm --prefix web i openai; npm ci; npm install; npm run build", [("pkg:npm/openai", "")]),
        ("npm i ai@npm:@vercel/ai@3", [("pkg:npm/%40vercel/ai", "3")]),
        ("npm install ./x ../y file:z", []),
        ("npm install openai/openai-node", [("pkg:github/openai/openai-node", "")]),
        (
            "yarn global add ollama && pnpm add ollama",
            [("pkg:npm/ollama", ""), ("pkg:npm/ollama", "")],
        ),
        (
            "npx -y @modelcontextprotocol/server-memory /data",
            [("pkg:npm/%40modelcontextprotocol/server-memory", "")],
        ),
        ("npx -p @angular/cli ng new", [("pkg:npm/%40angular/cli", "")]),
        ("bunx cowsay hi", [("pkg:npm/cowsay", "")]),
        (
            "apt-get -qq update && sudo -E apt-get install -y --no-install-recommends git=1:2 curl",
            [("pkg:deb/git", "1:2"), ("pkg:deb/curl", "")],
        ),
        ("apk add --no-cache --virtual .build gcc", [("pkg:apk/gcc", "")]),
        ("dnf -y install python3.12", [("pkg:rpm/python3.12", "")]),
        ("brew install ollama", [("pkg:brew/ollama", "")]),
        ("gem install ruby-openai -v 7.0", [("pkg:gem/ruby-openai", "7.0")]),
        ("go install github.com/a/b/cmd/c@v1.2", [("pkg:golang/github.com/a/b/cmd/c", "v1.2")]),
        (
            "go get -u github.com/sashabaranov/go-openai",
            [("pkg:golang/github.com/sashabaranov/go-openai", "")],
        ),
        ("go install ./cmd/x", []),
        ("cargo install --locked --version 0.3 aichat", [("pkg:cargo/aichat", "0.3")]),
        ("composer require openai-php/client:^0.8", [("pkg:composer/openai-php/client", "^0.8")]),
        (
            "dotnet add package Azure.AI.OpenAI --version 2.0",
            [("pkg:nuget/Azure.AI.OpenAI", "2.0")],
        ),
        (
            "conda install -y -c pytorch -n ai pytorch=2.0 'faiss-cpu>1'",
            [("pkg:conda/pytorch", "2.0"), ("pkg:conda/faiss-cpu", ">1")],
        ),
        ("curl -fsSL https://ollama.com/install.sh | sh", [("ollama.com/install.sh", "")]),
        ('sh -c "$(curl -fsSL https://x.ai/i.sh)"', [("x.ai/i.sh", "")]),
        ('bash -lc "pip install openai"', [("pkg:pypi/openai", "")]),
        ("docker run --rm -p 1:2 -e A=b ollama/ollama:0.5 serve", [("ollama/ollama", "0.5")]),
        (
            "git clone --depth 1 https://github.com/ggml-org/llama.cpp",
            [("pkg:github/ggml-org/llama.cpp", "")],
        ),
        ("ollama pull llama3.2:3b", [("llama3.2:3b", "")]),
        ("vllm serve mistralai/Mistral-7B --port 1", [("mistralai/Mistral-7B", "")]),
        ("server run --model gpt-4o", [("gpt-4o", "")]),
        ("code --install-extension GitHub.copilot", [("github.copilot", "")]),
        ("huggingface-cli download meta-llama/Llama-3", [("meta-llama/Llama-3", "")]),
        ("echo 'pip install openai'", []),
        ("# pip install openai", []),
        ("cd x && OPENAI=1 exec npx openai", [("pkg:npm/openai", "")]),
        ("if true; then pip install openai; fi", [("pkg:pypi/openai", "")]),
        ("(pip install openai) 2>&1 >log", [("pkg:pypi/openai", "")]),
        ("pip install 'unclosed", [("pkg:pypi/unclosed", "")]),
        ('pip install ""', []),
        ("", []),
    ],
)
def test_commands(command: str, expected: list[tuple[str, str]]) -> None:
    assert _said(command) == expected


def test_a_command_may_be_a_list_of_words() -> None:
    said = list(arguments(["npx", "-y", "openai@4"], 7))
    assert said == [
        Mention(Identifier.PACKAGE, "pkg:npm/openai", 7, "4", Tie.DECLARED, is_direct=True)
    ]


def test_long_scripts_take_no_long_time() -> None:
    begun = time.monotonic()
    for text in (
        "pip install " + "a" * 500_000,
        "pip install '" + "\\'" * 200_000,
        'x "' * 200_000 + " install",
    ):
        list(installs(text))
    assert time.monotonic() - begun < 5


def test_stages_arguments_and_lines() -> None:
    text = """\
# syntax=docker/dockerfile:1
ARG BASE=python:3.12-slim
FROM --platform=$BUILDPLATFORM ${BASE} AS build
ARG VERSION=1.50
RUN --mount=type=bind,from=ghcr.io/astral-sh/uv:0.4,target=/uv \\
    pip install openai==$VERSION \\
    # a comment in between

      anthropic
FROM build as test
RUN pip install pytest
FROM scratch
COPY --from=build /a /b
COPY --from=0 /a /b
COPY --from=nginx:1 /a /b
FROM registry.local:5000/team/${NAME}:1
from busybox:$TAG
FROM python@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
"""
    assert [one for one in _docker(text) if one[0] not in ("BASE", "VERSION")] == [
        ("python", "3.12-slim", 3),
        ("ghcr.io/astral-sh/uv", "0.4", 5),
        ("pkg:pypi/openai", "1.50", 6),
        ("pkg:pypi/anthropic", "", 9),
        ("pkg:pypi/pytest", "", 11),
        ("nginx", "1", 15),
        ("busybox", "", 17),
        ("python", "sha256:" + "0123456789abcdef" * 4, 18),
    ]
    groups = {one.value: one.group for one in mentions(DOCKERFILE, "Dockerfile", text)}
    assert groups["pkg:pypi/pytest"] is Group.TEST
    assert groups["pkg:pypi/openai"] is Group.RUNTIME


def test_heredocs() -> None:
    text = """\
FROM python
RUN <<EOF
pip install openai
EOF
RUN python3 <<EOF
pip install not-this
EOF
COPY <<-"END" /x
FROM not-this
END
RUN pip install anthropic
"""
    assert _docker(text)[1:] == [("pkg:pypi/openai", "", 3), ("pkg:pypi/anthropic", "", 11)]


def test_variables_hosts_and_ports() -> None:
    text = """\
FROM python
ENV OPENAI_API_KEY=sk-secret LLM_MODEL="gpt-4o" \\
    OPENAI_BASE_URL=https://user:password@api.openai.com/v1?key=secret
ENV OLD way
ADD https://huggingface.co/gpt2/resolve/main/config.json /m/
EXPOSE 8000 11434/tcp
CMD ["vllm", "serve", \\
     "mistralai/Mistral-7B"]
"""
    said = [
        (one.channel.value, one.value, one.line) for one in mentions(DOCKERFILE, "Dockerfile", text)
    ]
    assert said[1:] == [
        ("env", "OPENAI_API_KEY", 2),
        ("env", "LLM_MODEL", 2),
        ("model", "gpt-4o", 2),
        ("env", "OPENAI_BASE_URL", 3),
        ("host_path", "api.openai.com/v1", 3),
        ("env", "OLD", 4),
        ("host_path", "huggingface.co/gpt2/resolve/main/config.json", 5),
        ("port", "8000", 6),
        ("port", "11434", 6),
        ("model", "mistralai/Mistral-7B", 7),
    ]
    assert "secret" not in repr(said)


def test_another_escape() -> None:
    text = "# escape=`\nFROM mcr.microsoft.com/windows/servercore\nRUN pip install `\n  openai\n"
    assert _docker(text) == [
        ("mcr.microsoft.com/windows/servercore", "", 2),
        ("pkg:pypi/openai", "", 4),
    ]


def test_a_recipe_is_named_after_its_folder() -> None:
    for path, name in (
        ("a/chat/Dockerfile", "chat"),
        ("chat/docker/Dockerfile.gpu", "chat"),
        ("Dockerfile", ""),
    ):
        (one,) = projects(DOCKERFILE, path, "FROM x\n")
        assert (one.name, one.is_deployable) == (name, True)


def test_what_is_no_dockerfile() -> None:
    with pytest.raises(Unreadable):
        values(DOCKERFILE, "Dockerfile", "pip install openai\n")
    assert values(DOCKERFILE, "Dockerfile.dockerignore", "*\n") == []
    (trouble,) = troubles(DOCKERFILE, "Dockerfile", "FROM x\nRUNN y\n")
    assert trouble.line == 2
    template = "{% macro base() %}\nFROM x\nENV OPENAI_API_KEY=''\n{% endmacro %}\n"
    assert troubles(DOCKERFILE, "templates/Dockerfile.j2", template) == []
    assert "OPENAI_API_KEY" in values(DOCKERFILE, "templates/Dockerfile.j2", template)


def test_compose() -> None:
    text = """\
name: shop
x-env: &env
  ANTHROPIC_API_KEY: ${ANTHROPIC_API_KEY:?missing}
services:
  chat:
    build:
      context: .
      args: [HF_TOKEN]
    environment:
      <<: *env
      LLM_MODEL: ${LLM_MODEL:-gpt-4o}
  worker:
    image: "ghcr.io/acme/worker:${TAG:-latest}"   # ours
    environment:
      - OPENAI_BASE_URL=http://ollama:11434/v1
      - OPENAI_API_KEY
    command: ["vllm", "serve", "--model", "meta-llama/Llama-3.1-8B"]
    ports: ["8080:80", {target: 443}]
  llm:
    provider: {type: model, options: {model: ai/llama3.2}}
  qdrant: {image: qdrant/qdrant, entrypoint: sh -c 'pip install openai'}
models:
  small: {model: "ai/smollm2:360M"}
"""
    said = [
        (one.channel.value, one.value, one.line) for one in mentions(COMPOSE, "compose.yaml", text)
    ]
    assert said == [
        ("env", "HF_TOKEN", 8),
        ("env", "LLM_MODEL", 11),
        ("model", "gpt-4o", 11),
        ("container", "ghcr.io/acme/worker", 13),
        ("env", "OPENAI_BASE_URL", 15),
        ("host_path", "ollama/v1", 15),
        ("env", "OPENAI_API_KEY", 16),
        ("model", "meta-llama/Llama-3.1-8B", 17),
        ("port", "80", 18),
        ("port", "443", 18),
        ("model", "ai/llama3.2", 20),
        ("container", "qdrant/qdrant", 21),
        ("package", "pkg:pypi/openai", 21),
        ("model", "ai/smollm2:360M", 23),
    ]
    assert projects(COMPOSE, "compose.yaml", text)[0].name == "shop"


def test_a_yaml_that_is_no_compose_file() -> None:
    with pytest.raises(Unreadable):
        values(COMPOSE, "compose.yaml", "a: b\n")
    with pytest.raises(Unreadable):
        values(COMPOSE, "compose.yaml", "services: [\n")
