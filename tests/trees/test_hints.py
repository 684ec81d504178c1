"""What files suggest of an application: each hint with its place, and what suggests nothing."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from scanner.commands._shared import _tree_reader
from scanner.model import Application, Hint, HintKind
from scanner.privacy import Pseudonyms
from scanner.trees import TreeInput
from scanner.trees.clues import CLUES
from scanner.trees.reading import Reader
from scanner.trees.tasks import look_at_tree
from tests.support import the_base
from tests.trees.support import written

_STORE, _AGENT, _RUNS = HintKind.DATA_STORE, HintKind.AGENT_OR_TOOL, HintKind.DEPLOYMENT
_CUSTOMERS, _COLLEAGUES = HintKind.CUSTOMER_FACING, HintKind.INTERNAL
_AI = {"ai/.env": "OPENAI_API_KEY=\n", "go.mod": "module harbour.example/answers\n"}
_PYTHON = '[project]\nname = "answers"\ndependencies = [\n  "openai",\n  "{}",\n]\n'
_NODE = '{{"name": "answers", "dependencies": {{\n"{}": "1"}}}}\n'
_PROGRAM = "from openai import OpenAI\n{}\n"
_INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: answers}}
spec:
  rules:
    - host: {}
"""


@cache
def _reader() -> Reader:
    return _tree_reader(the_base(), Pseudonyms(b"k" * 40))


def _look(root: Path, files: dict[str, str]) -> list[Application]:
    tree = TreeInput(str(written(root, files)))
    return look_at_tree(_reader(), tree, datetime.now(UTC)).applications


def _hints(root: Path, files: dict[str, str]) -> list[Hint]:
    (application,) = _look(root, {**_AI, **files})
    return application.hints


_FOUND = [
    ("pyproject.toml", _PYTHON.format("psycopg[binary]>=3"), 5, _STORE, "PostgreSQL"),
    ("pyproject.toml", _PYTHON.format("PyMySQL"), 5, _STORE, "MySQL or MariaDB"),
    ("pyproject.toml", _PYTHON.format("pgvector"), 5, _STORE, "pgvector"),
    ("pyproject.toml", _PYTHON.format("chromadb"), 5, _STORE, "Chroma"),
    ("pyproject.toml", _PYTHON.format("pinecone"), 5, _STORE, "Pinecone"),
    ("pyproject.toml", _PYTHON.format("weaviate-client"), 5, _STORE, "Weaviate"),
    ("pyproject.toml", _PYTHON.format("pymilvus"), 5, _STORE, "Milvus"),
    ("pyproject.toml", _PYTHON.format("snowflake-connector-python"), 5, _STORE, "Snowflake"),
    ("pyproject.toml", _PYTHON.format("google-cloud-bigquery"), 5, _STORE, "BigQuery"),
    ("pyproject.toml", _PYTHON.format("google-cloud-storage"), 5, _STORE, "Google Cloud Storage"),
    ("pyproject.toml", _PYTHON.format("azure-storage-blob"), 5, _STORE, "Azure Blob Storage"),
    ("requirements.txt", "redis==5.0.1\n", 1, _STORE, "Redis or Valkey"),
    ("package.json", _NODE.format("@elastic/elasticsearch"), 2, _STORE, "Elasticsearch"),
    ("package.json", _NODE.format("mongoose"), 2, _STORE, "MongoDB"),
    ("a.csproj", '<Project><ItemGroup>\n<PackageReference Include="Npgsql" Version="9"/>\n</ItemGroup></Project>', 2, _STORE, "PostgreSQL"),
    ("go.mod", "module harbour.example/answers\nrequire github.com/jackc/pgx/v5 v5.7.1\n", 2, _STORE, "PostgreSQL"),
    ("compose.yaml", "services:\n  db: {image: 'docker.io/library/postgres:16'}\n", 2, _STORE, "PostgreSQL"),
    ("compose.yaml", "services:\n  db:\n    image: qdrant/qdrant:v1\n", 3, _STORE, "Qdrant"),
    ("infra/main.tf", 'resource "aws_s3_bucket" "texts" {\n}\n', 1, _STORE, "Amazon S3 or what speaks its protocol"),
    ("infra/main.tf", '\nresource "aws_dynamodb_table" "chats" {\n}\n', 2, _STORE, "Amazon DynamoDB"),
    ("infra/stack.yaml", "Resources:\n  Table:\n    Type: AWS::RDS::DBInstance\n", 3, _STORE, "a SQL database"),
    (".env.example", "# where\nDATABASE_URL=\n", 2, _STORE, "a SQL database"),
    ("app.py", _PROGRAM.format("import redis.asyncio"), 2, _STORE, "Redis or Valkey"),
    ("app.py", _PROGRAM.format('import os; os.environ["NEO4J_URI"]'), 2, _STORE, "Neo4j"),
    ("pyproject.toml", _PYTHON.format("crewai"), 5, _AGENT, "CrewAI"),
    ("pyproject.toml", _PYTHON.format("autogen-agentchat"), 5, _AGENT, "AutoGen"),
    ("pyproject.toml", _PYTHON.format("openai-agents"), 5, _AGENT, "OpenAI Agents SDK"),
    ("package.json", _NODE.format("@mastra/core"), 2, _AGENT, "Mastra"),
    ("app.py", _PROGRAM.format("from langgraph.graph import StateGraph"), 2, _AGENT, "LangChain and LangGraph"),
    ("app.py", _PROGRAM.format("from langgraph.prebuilt import ToolNode"), 2, _AGENT, "functions that a model may call"),
    ("app.py", _PROGRAM.format("from mcp.server.fastmcp import FastMCP"), 2, _AGENT, "offers MCP tools"),
    ("app.py", _PROGRAM.format("from mcp.client.stdio import stdio_client"), 2, _AGENT, "calls MCP servers"),
    ("Dockerfile", "# how\nFROM python:3.12\n", 1, _RUNS, "container image"),
    ("compose.yaml", "services:\n  chat: {build: .}\n", 1, _RUNS, "Docker Compose"),
    ("charts/answers/Chart.yaml", "apiVersion: v2\nname: answers\n", 2, _RUNS, "Kubernetes"),
    ("infra/main.tf", 'resource "aws_lambda_function" "chat" {\n}\n', 1, _RUNS, "AWS Lambda"),
    ("infra/main.bicep", "resource chat 'Microsoft.App/containerApps@2024-03-01' = {\n}\n", 1, _RUNS, "Azure Container Apps, App Service or Functions"),
    ("vercel.json", "{}\n", 1, _RUNS, "Vercel"),
    ("netlify.toml", "[build]\n", 1, _RUNS, "Netlify"),
    ("fly.toml", '\napp = "answers"\n', 2, _RUNS, "Fly.io"),
    ("render.yaml", "services:\n  - type: web\n", 1, _RUNS, "Render"),
    ("app.yaml", "runtime: python312\n", 1, _RUNS, "Google App Engine"),
    ("Procfile", "web: gunicorn app:app\n", 1, _RUNS, "Heroku, or what reads a Procfile"),
    ("deploy/answers.service", "[Service]\nExecStart=/bin/answers\n", 2, _RUNS, "a systemd service"),
    (".github/workflows/site.yml", "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/deploy-pages@v4\n", 5, _RUNS, "GitHub Pages"),
    (".github/workflows/go.yml", "on: push\njobs:\n  a:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n", 5, _RUNS, "a published package or image"),
    ("app/src/main/AndroidManifest.xml", "<manifest>\n<application/>\n</manifest>\n", 2, _RUNS, "a mobile app"),
    ("app/src/main/AndroidManifest.xml", "<manifest>\n<application/>\n</manifest>\n", 2, _CUSTOMERS, "a mobile app"),
    ("package.json", _NODE.format("next"), 2, _CUSTOMERS, "pages in a browser"),
    ("pyproject.toml", _PYTHON.format("fastapi[standard]"), 5, _CUSTOMERS, "a web interface or API"),
    ("package.json", _NODE.format("@chatscope/chat-ui-kit-react"), 2, _CUSTOMERS, "a chat widget"),
    ("package.json", _NODE.format("next-auth"), 2, _CUSTOMERS, "sign-in of users"),
    ("k8s/in.yaml", _INGRESS.format("shop.harbour.example"), 2, _CUSTOMERS, "an entry from outside the cluster"),
    ("k8s/in.yaml", _INGRESS.format("shop.harbour.example"), 6, _CUSTOMERS, "a host name that may be public"),
    ("k8s/in.yaml", _INGRESS.format("shop.harbour.internal"), 6, _COLLEAGUES, "a host name of the inside"),
    (".env.example", "TWILIO_AUTH_TOKEN=\n", 1, _CUSTOMERS, "messages or calls by Twilio"),
    (".env.example", "WHATSAPP_TOKEN=\n", 1, _CUSTOMERS, "a bot on WhatsApp or Messenger"),
    ("pyproject.toml", _PYTHON.format("slack-bolt"), 5, _COLLEAGUES, "a bot on Slack"),
    ("package.json", _NODE.format("botbuilder"), 2, _COLLEAGUES, "a bot on Microsoft Teams"),
    ("pyproject.toml", _PYTHON.format("streamlit"), 5, _COLLEAGUES, "a page for a demonstration or for colleagues"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "line", "kind", "label"), _FOUND)
def test_what_a_file_suggests(
    path: str, text: str, line: int, kind: HintKind, label: str, tmp_path: Path
) -> None:
    hints = {(one.kind, one.label): one for one in _hints(tmp_path, {path: text})}
    hint = hints[kind, label]
    assert (hint.file, hint.line, hint.places) == (path, line, 1)
    assert hint.reason


_TRAPS = [
    ("tests/Dockerfile", "FROM mysql:8\n"),
    ("Dockerfile.test", "FROM mysql:8\n"),
    ("examples/compose.yaml", "services:\n  db: {image: mysql}\n"),
    ("docker-compose.test.yml", "x-db: 1\nservices:\n  db: {image: mysql}\n"),
    ("compose.ci.yaml", "services:\n  db: {image: mysql}\n"),
    (".devcontainer/Dockerfile", "FROM postgres\n"),
    ("docs/vercel.json", "{}\n"),
    ("requirements-dev.txt", "redis\nstreamlit\n"),
    ("package.json", '{"devDependencies": {"next": "15", "redis": "5"}}'),
    ("package-lock.json", '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/redis": {"version": "5.0.0"}}}'),
    ("go.mod", "module harbour.example/answers\nrequire github.com/jackc/pgx/v5 v5.7.1 // indirect\n"),
    ("requirements.txt", "# redis\nrequests\n"),
    ("infra/main.tf", '# resource "aws_dynamodb_table" "chats" {}\n'),
    ("infra/main.tf", '/*\nresource "aws_lambda_function" "chat" {}\n*/\n'),
    ("app.py", _PROGRAM.format("# import redis")),
    ("app.py", _PROGRAM.format('"import snowflake.connector"')),
    ("test_app.py", _PROGRAM.format("import redis")),
    (".env.example", "# DATABASE_URL=\n"),
    ("app.yaml", "# runtime: python312\nname: answers\n"),
    ("fly.toml", "# app = 'answers'\n"),
    ("Procfile", "# web: gunicorn app:app\n"),
    ("answers.service", "[Unit]\nDescription=ExecStart=\n"),
    ("serverless.yml", "# provider: aws\n"),
    ("lib/src/main/AndroidManifest.xml", "<manifest>\n<!-- <application/> -->\n</manifest>\n"),
    ("Podfile", "platform :osx, '14.0'\n"),
    ("gradle/libs.versions.toml", '[libraries]\npg = "org.postgresql:postgresql:42.7"\n'),
    ("k8s/in.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: 'kind: Ingress'\n"),
    ("README.md", "It speaks to redis and runs on vercel.json.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), _TRAPS)
def test_what_suggests_nothing(path: str, text: str, tmp_path: Path) -> None:
    assert _hints(tmp_path, {path: text}) == []


def test_what_runs_where_it_is_made_says_what_it_speaks_to_and_not_where_it_runs(
    tmp_path: Path,
) -> None:
    files = {"compose.dev.yaml": "services:\n  db: {image: mysql}\n"}
    assert [one.label for one in _hints(tmp_path, files)] == ["MySQL or MariaDB"]


def test_a_label_is_told_once_with_its_first_place(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "requests\nredis>=5\n",
        "a.py": _PROGRAM.format("import redis\nfrom redis import Redis"),
        "compose.yaml": "services:\n  cache: {image: redis}\n",
    }
    found = [one for one in _hints(tmp_path, files) if one.kind is _STORE]
    assert found == [
        Hint(_STORE, "Redis or Valkey", "names the image redis", "compose.yaml", 2, 4),
    ]


def test_no_value_of_a_variable_is_told(tmp_path: Path) -> None:
    files = {".env.example": "DATABASE_URL=postgres://ann:hunter2@db.harbour.example/chats\n"}
    (hint,) = [one for one in _hints(tmp_path, files) if one.kind is _STORE]
    assert hint.reason.startswith("names the variable DATABASE_URL;")
    assert "hunter2" not in repr(_hints(tmp_path, files))


def test_what_lies_around_the_only_application_is_told_of_it(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  db: {image: postgres}\n",
        "backend/pyproject.toml": _PYTHON.format("requests"),
        "web/package.json": _NODE.format("react-dom"),
    }
    (backend,) = _look(tmp_path / "one", files)
    assert [one.label for one in backend.hints] == ["PostgreSQL", "Docker Compose"]
    files["other/pyproject.toml"] = _PYTHON.format("anthropic").replace("answers", "other")
    assert [one.hints for one in _look(tmp_path / "two", files)] == [[], []]


def test_applications_keep_what_is_theirs(tmp_path: Path) -> None:
    files = {
        "a/pyproject.toml": _PYTHON.format("redis"),
        "b/pyproject.toml": _PYTHON.format("pymongo").replace("answers", "b"),
    }
    found = {one.folder: [hint.label for hint in one.hints] for one in _look(tmp_path, files)}
    assert found == {"a": ["Redis or Valkey"], "b": ["MongoDB"]}


def test_hints_are_bounded_and_in_order(tmp_path: Path) -> None:
    names = [name for one in CLUES for name in one.variables.split() if not name.endswith("*")]
    packages = [
        name.removeprefix("npm/")
        for one in CLUES
        for name in one.packages.split()
        if name.startswith("npm/")
    ]
    wanted = ",".join(f'"{name}": "1"' for name in packages)
    files = {
        ".env.example": "".join(f"{name}=\n" for name in names),
        "package.json": f'{{"dependencies": {{{wanted}}}}}',
    }
    hints = _hints(tmp_path, files)
    order = list(HintKind)
    assert hints == sorted(hints, key=lambda one: (order.index(one.kind), one.label))
    assert max(sum(one.kind is kind for one in hints) for kind in HintKind) <= 25
    assert len({(one.kind, one.label) for one in hints}) == len(hints)


def test_rows_have_one_label_each_and_something_that_tells() -> None:
    labels = [(one.kind, one.label) for one in CLUES]
    assert len(labels) == len(set(labels))
    assert [one.label for one in CLUES if not "".join(one[3:]).strip()] == []
