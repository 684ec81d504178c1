"""Which files of a tree say what of which application."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from scanner.commands._shared import _tree_reader
from scanner.manifests import Project
from scanner.manifests.purposes import group_of_folder
from scanner.model import Built, Group
from scanner.privacy import Pseudonyms
from scanner.trees import TreeInput
from scanner.trees.applications import Place, group_of, name_of, roots
from scanner.trees.git import Author
from scanner.trees.owners import owners_of
from scanner.trees.reading import Reader
from scanner.trees.tasks import look_at_tree
from scanner.trees.verdicts import is_built
from tests.support import the_base
from tests.trees.support import written

_MANIFEST = '[project]\nname = "harbour"\ndependencies = ["requests"]\n'


@cache
def _reader() -> Reader:
    return _tree_reader(the_base(), Pseudonyms(b"k" * 40))


def _look(root: Path, files: dict[str, str]) -> Built:
    return look_at_tree(_reader(), TreeInput(str(written(root, files))), datetime.now(UTC))


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("agent/tools/search.py", Group.RUNTIME),  # what an agent may call
        ("tools/release.py", Group.DEV),
        ("src/benchmarks/speed.py", Group.TEST),
        ("evals/run.py", Group.TEST),
        ("a/scripts/deploy.py", Group.DEV),
        ("a/b.py", Group.RUNTIME),
    ],
)
def test_what_a_folder_is_for(path: str, group: Group) -> None:
    assert group_of(path, Group.RUNTIME) is group


def test_what_is_served_or_measured_is_no_application() -> None:
    deployed = {
        folder: Place(folder, has_dependencies=True, is_deployable=True)
        for folder in (
            *("website/static/install", "benchmark", "services/tools"),
            *("kustomize/base", "deploy/overlays/prod", "apps/base", "prod"),
        )
    }
    assert roots(deployed) == ["", "apps/base", "prod", "services/tools"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("git.harbour.example/dispatch/chat", "chat"),
        ("git.harbour.example/dispatch/chat/v2", "chat"),
        ("git.harbour.example/v2", "v2"),
        ("@harbour/chat", "@harbour/chat"),
        ("harbour.chat", "harbour.chat"),
    ],
)
def test_a_module_is_called_by_the_end_of_its_path(module: str, name: str) -> None:
    assert name_of(Place("", [Project(module)]), "", "tree") == name


@pytest.mark.parametrize("name", ["{{folder_name}}", "<%= name %>", "${artifactId}", "__name__"])
def test_what_applications_are_generated_from_is_none(name: str) -> None:
    assert roots({"kit/new": Place("kit/new", [Project(name)])}) == [""]
    assert roots({"kit/new": Place("kit/new", [Project("new")])}) == ["", "kit/new"]


def test_a_recipe_among_those_for_delivery_is_no_application(tmp_path: Path) -> None:
    compose = "services:\n  index: {image: qdrant/qdrant}\n"
    recipes = {
        "deployment/docker_compose/docker-compose.yml": compose,
        "cloud-deployments/openshift/Dockerfile": "FROM python:3.12\nRUN pip install openai\nCMD run\n",
    }
    program = {"backend/pyproject.toml": _MANIFEST}
    (application,) = _look(tmp_path / "harbour", {**recipes, **program}).applications[:1]
    assert (application.folder, application.name) == ("", "harbour")
    assert {one.file for one in application.components} == {*recipes}
    folders = [one.folder for one in _look(tmp_path / "delivery", recipes).applications]
    assert folders == ["cloud-deployments/openshift", "deployment/docker_compose"]


@pytest.mark.parametrize(
    ("folder", "group"),
    [
        ("src/main/java/com/example/demo", None),  # what Spring's generator calls a package
        ("chat/src/main/kotlin/org/acme/samples", None),
        ("src/test/java/com/acme", Group.TEST),
        ("samples/chat/src/main/java/com/acme", Group.EXAMPLE),
        ("src/example", Group.EXAMPLE),
    ],
)
def test_names_of_packages_do_not_say_what_a_program_is_for(
    folder: str, group: Group | None
) -> None:
    assert group_of_folder(folder) is group


def test_a_go_module_that_imports_itself_uses_nobody_elses(tmp_path: Path) -> None:
    module = "github.com/sashabaranov/go-openai"
    files = {
        "go.mod": f"module {module}\n\ngo 1.24\n",
        "cmd/main.go": f'package main\n\nimport "{module}/internal/x"\n',
    }
    assert _look(tmp_path / "own", files).applications == []
    files["go.mod"] = f"module git.example.com/harbour/bot\n\nrequire {module} v1.0.0\n"
    (application,) = _look(tmp_path / "bot", files).applications
    assert {one.tie.value for one in application.components} == {"declared", "imported"}


def test_a_key_in_a_test_is_not_shipped(tmp_path: Path) -> None:
    key = 'KEY = "sk-ant-api03-' + "aB3dE5gH7jK9mN1p" * 5 + 'aB3dE5gH7jK9mAA"\n'
    files = {"pyproject.toml": _MANIFEST, "chat/keys_test.py": key, "chat/keys.py": key}
    (application,) = _look(tmp_path / "harbour", files).applications
    groups = {one.file: one.group for one in application.components}
    assert groups == {"chat/keys_test.py": Group.TEST, "chat/keys.py": Group.RUNTIME}


def test_files_for_agents_in_documentation_and_tests_are_no_tools(tmp_path: Path) -> None:
    text = "Run the tests before you commit.\n"
    files = {
        "pyproject.toml": _MANIFEST,
        "site/docs/models/gemini.md": text,
        "tests/data/CLAUDE.md": text,
    }
    assert _look(tmp_path / "one", files).tools == []
    (tool,) = _look(tmp_path / "two", {**files, "CLAUDE.md": text}).tools
    assert tool.file == "CLAUDE.md"


@pytest.mark.parametrize(
    ("address", "is_called"),
    [
        ("https://api.mistral.ai/v1", True),
        ("https://console.mistral.ai/x", False),
        ("https://platform.openai.com/account/api-keys", False),
        ("https://dashboard.cohere.com/keys", False),
        ("https://openrouter.ai/privacy", False),
        ("https://fireworks.ai/privacy-policy", False),
        ("https://novita.ai/legal/terms-of-service", False),
        ("https://cdn.deepseek.com/policies/en-US/deepseek-privacy-policy.html", False),
        ("https://apidoc.cometapi.com", False),
        ("https://openrouter.ai/api/v1", True),
    ],
)
def test_links_to_pages_are_not_called(address: str, is_called: bool, tmp_path: Path) -> None:
    program = f'package main\n\nfunc main() {{\n\tget("{address}")\n}}\n'
    built = _look(tmp_path / "harbour", {"go.mod": "module a.example/b\n", "main.go": program})
    shown = [one for a in built.applications for one in a.components]
    assert any(is_built(built.signatures[one.detection], one) for one in shown) is is_called


@pytest.mark.parametrize(
    ("declared", "is_shipped"),
    [
        ("mypy-boto3-bedrock-runtime", False),
        ("types-boto3-sagemaker", False),
        ("types-tensorflow", False),
        ("tensorflow", True),
    ],
)
def test_types_of_a_library_run_nothing(declared: str, is_shipped: bool, tmp_path: Path) -> None:
    files = {"requirements.txt": f"{declared}\n", "app.py": ""}
    (application,) = (built := _look(tmp_path / "harbour", files)).applications
    (only,) = application.components
    assert is_built(built.signatures[only.detection], only) is is_shipped


@pytest.mark.parametrize(
    ("by", "is_candidate"),
    [
        ("harbour-kit", True),
        ("boto3-stubs", False),
        ("types-boto3-lite", False),
        ("zh-core-web-sm", False),
    ],
)
def test_types_and_data_that_pull_ai_in_are_no_candidates(
    by: str, is_candidate: bool, tmp_path: Path
) -> None:
    lock = f"""[[package]]
name = "harbour"
version = "1"
source = {{ virtual = "." }}
dependencies = [{{ name = "{by}" }}]

[[package]]
name = "{by}"
version = "1"
dependencies = [{{ name = "openai" }}]

[[package]]
name = "openai"
version = "1"
"""
    built = _look(
        tmp_path / "harbour", {"pyproject.toml": _MANIFEST, "uv.lock": "version = 1\n" + lock}
    )
    assert [one.subject for one in built.signs] == [f"pkg:pypi/{by}"] * is_candidate


@pytest.mark.parametrize("host", ["slack.com/api/x", "dash.cloudflare.com", "api.atlassian.com"])
def test_services_that_may_have_ai_too_are_not_told(host: str, tmp_path: Path) -> None:
    program = f'import openai\nurl = "https://{host}"\n'
    (application,) = _look(tmp_path / "harbour", {"app.py": program}).applications
    assert [one.value for one in application.components] == ["pkg:pypi/openai"]


def test_a_file_of_mcp_servers_is_told_by_the_servers_it_names(tmp_path: Path) -> None:
    servers = '{"mcpServers": {"browser": {"command": "npx", "args": ["@playwright/mcp@0.0.27"]}}}'
    built = _look(tmp_path / "harbour", {".mcp.json": servers, "pyproject.toml": _MANIFEST})
    assert {built.signatures[one.detection].product_key for one in built.tools} == {
        "microsoft/playwright-mcp"
    }


def test_programs_that_commit_own_nothing(tmp_path: Path) -> None:
    names = ("dependabot[bot]", "Ann Lee", "Renovate Bot", "release-bot", "Abbot", "Talbot Reed")
    wrote = [Author(name, "", 1) for name in names]
    claims = owners_of(_NoFiles(), "", None, wrote)
    assert [one.owner for one in claims] == ["Abbot", "Ann Lee", "Talbot Reed"]


def test_programs_that_commit_are_told_by_their_addresses_too(tmp_path: Path) -> None:
    wrote = [
        Author("Claude", "noreply@anthropic.com", 9),
        Author("Claude", "claude@harbour.example", 3),
        Author("Helper", "12+helper[bot]@users.noreply.github.com", 2),
        Author("Cursor Agent", "cursoragent@cursor.com", 2),
        Author("Ann Lee", "7+ann@users.noreply.github.com", 1),
    ]
    claims = owners_of(_NoFiles(), "", None, wrote)
    assert [one.owner.partition(" <")[0] for one in claims] == ["Ann Lee", "Claude"]
    assert "harbour.example" in claims[1].owner


def test_who_writes_under_two_addresses_is_one(tmp_path: Path) -> None:
    wrote = [
        Author("Bo Kim", "bo@harbour.example", 5),
        Author("Ann Lee", "ann@harbour.example", 4),
        Author("ann lee", "7+ann@users.noreply.github.com", 3),
        Author("A. Lee", "ann@harbour.example", 1),
    ]
    claims = owners_of(_NoFiles(), "", None, wrote)
    assert [(one.owner, one.reason) for one in claims] == [
        ("Ann Lee <ann@harbour.example>", "8 commits in the last year"),
        ("Bo Kim <bo@harbour.example>", "5 commits in the last year"),
    ]


class _NoFiles:
    def read(self, path: str, most: int = -1) -> bytes | None:
        del path, most
        return None
