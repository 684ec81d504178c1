"""What package.json, pnpm-workspace.yaml, bower.json and deno.json ask for, and what they do not."""

import json
import time

import pytest

from scanner.manifests import Group, Mention, Project, Trouble, Unreadable
from scanner.manifests.kinds.bower_json import MANIFEST as BOWER
from scanner.manifests.kinds.deno_json import MANIFEST as DENO
from scanner.manifests.kinds.package_json import MANIFEST as PACKAGE
from scanner.manifests.kinds.pnpm_workspace import MANIFEST as WORKSPACE
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles, values


def _mention(value: str, line: int, version: str, group: Group = Group.RUNTIME) -> Mention:
    return Mention(Identifier.PACKAGE, value, line, version=version, group=group, is_direct=True)


def _one(spec: str, name: str = "chat") -> list[tuple[str, str]]:
    """Return what one dependency of a package.json comes to."""
    data = json.dumps({"dependencies": {name: spec}})
    return [(one.value, one.version) for one in mentions(PACKAGE, "package.json", data)]


def test_package_json() -> None:
    assert found(PACKAGE, "package.json", PACKAGE.samples) == [
        Project(
            "harbour-assistant",
            version="1.4.0",
            description="Answers questions about berths",
            people=("Ana Roe <ana@example.com>",),
            members=("packages/*",),
            is_deployable=True,
            line=2,
        ),
        _mention("pkg:npm/%40anthropic-ai/sdk", 10, "^0.20.0"),
        _mention("pkg:npm/openai", 11, "^4.20.0"),
        _mention("pkg:npm/express", 12, "~4.19.2"),
        _mention("pkg:npm/typescript", 16, "^5.4.0", Group.DEV),
    ]


@pytest.mark.parametrize(
    ("spec", "value", "version"),
    [
        ("", "pkg:npm/chat", ""),
        ("*", "pkg:npm/chat", "*"),
        ("latest", "pkg:npm/chat", "latest"),
        (">=1 <3 || 4.x", "pkg:npm/chat", ">=1 <3 || 4.x"),
        ("npm:openai@^4", "pkg:npm/openai", "^4"),
        ("npm:openai", "pkg:npm/openai", ""),
        ("npm:@langchain/openai@0.2", "pkg:npm/%40langchain/openai", "0.2"),
        ("npm:^4.20.0", "pkg:npm/chat", "^4.20.0"),
        ("npm:4", "pkg:npm/chat", "4"),
        ("npm:latest", "pkg:npm/chat", "latest"),
        ("jsr:@openai/openai@^4", "pkg:jsr/%40openai/openai", "^4"),
        ("npm:@jsr/openai__openai@4", "pkg:jsr/%40openai/openai", "4"),
        ("github:openai/openai-node#v4", "pkg:npm/chat", "github:openai/openai-node#v4"),
        ("openai/openai-node", "pkg:npm/chat", "openai/openai-node"),
        ("git+ssh://git@example.com/a.git#1", "pkg:npm/chat", "git+ssh://git@example.com/a.git#1"),
        ("https://example.com/chat.tgz", "pkg:npm/chat", "https://example.com/chat.tgz"),
        ("patch:openai@npm%3A4.20.1#~/.yarn/patches/openai.patch", "pkg:npm/openai", "4.20.1"),
        ("catalog:", "pkg:npm/chat", "catalog:"),
    ],
)
def test_versions(spec: str, value: str, version: str) -> None:
    assert _one(spec) == [(value, version)]


@pytest.mark.parametrize(
    "spec",
    [
        *("workspace:*", "workspace:^1.0.0", "file:../chat", "link:./chat", "portal:../chat"),
        *("./chat", "../chat", "~/chat", "/srv/chat", "exec:./make.js"),
    ],
)
def test_own_packages_are_no_mention(spec: str) -> None:
    assert _one(spec) == []


def test_a_scope_of_jsr() -> None:
    assert _one("jsr:^1.0.0", "@std/fs") == [("pkg:jsr/%40std/fs", "^1.0.0")]


def test_groups() -> None:
    data = """{
  "name": "plugin",
  "dependencies": {"openai": "4", "sharp": "1"},
  "optionalDependencies": {"sharp": "1"},
  "devDependencies": {"vitest": "1"},
  "peerDependencies": {"@langchain/core": "^0.2", "cohere-ai": "*"},
  "peerDependenciesMeta": {"cohere-ai": {"optional": true}},
  "bundledDependencies": ["openai", "groq-sdk"]
}"""
    assert mentions(PACKAGE, "package.json", data) == [
        _mention("pkg:npm/openai", 3, "4"),
        _mention("pkg:npm/sharp", 4, "1", Group.OPTIONAL),
        _mention("pkg:npm/vitest", 5, "1", Group.DEV),
        _mention("pkg:npm/%40langchain/core", 6, "^0.2"),
        _mention("pkg:npm/cohere-ai", 6, "*", Group.OPTIONAL),
        _mention("pkg:npm/groq-sdk", 8, ""),
    ]


def test_what_declares_nothing() -> None:
    data = """{
  "name": "x", "description": "openai", "keywords": ["openai"], "engines": {"openai": "1"},
  "scripts": {"openai": "openai chat"}, "overrides": {"openai": "4"},
  "resolutions": {"**/openai": "4"}, "pnpm": {"overrides": {"openai": "4"}},
  "peerDependenciesMeta": {"openai": {"optional": true}},
  "dependenciesMeta": {"openai": {"built": false}},
  "dependencies": {"//": "openai is gone"}
}"""
    assert mentions(PACKAGE, "package.json", data) == []
    assert troubles(PACKAGE, "package.json", data) == []


def test_catalogs() -> None:
    files = {
        "pnpm-workspace.yaml": "packages: [apps/*]\ncatalog: {openai: ^4.20.0, ai: npm:@ai-sdk/ai@3}\n"
        "catalogs:\n  old:\n    openai: ^3.3.0\n",
        "apps/chat/package.json": '{"name": "chat", "dependencies": {"openai": "catalog:",'
        ' "ai": "catalog:default", "zod": "catalog:"}, "devDependencies": {"openai": "catalog:old"}}',
    }
    seen = found(PACKAGE, "apps/chat/package.json", files)
    assert [(one.value, one.version) for one in seen if isinstance(one, Mention)] == [
        ("pkg:npm/openai", "^4.20.0"),
        ("pkg:npm/%40ai-sdk/ai", "3"),
        ("pkg:npm/zod", "catalog:"),
        ("pkg:npm/openai", "^3.3.0"),
    ]


def test_catalogs_of_bun() -> None:
    files = {
        "package.json": '{"workspaces": {"packages": ["apps/*"], "catalog": {"openai": "^4"},'
        ' "catalogs": {"test": {"vitest": "1"}}}}',
        "apps/chat/package.json": '{"dependencies": {"openai": "catalog:"},'
        ' "devDependencies": {"vitest": "catalog:test"}}',
    }
    seen = found(PACKAGE, "apps/chat/package.json", files)
    assert [one.version for one in seen if isinstance(one, Mention)] == ["^4", "1"]
    assert found(PACKAGE, "package.json", files) == [Project("", members=("apps/*",))]


@pytest.mark.parametrize(
    ("fields", "is_deployable"),
    [
        ({"scripts": {"start": "node ."}}, True),
        ({"bin": "cli.js"}, True),
        ({"private": True, "dependencies": {"fastify": "4"}}, True),
        ({"private": True, "devDependencies": {"fastify": "4"}}, False),
        ({"dependencies": {"express": "4"}}, False),
        ({"private": True, "scripts": {"build": "tsc"}}, False),
    ],
)
def test_what_runs_as_it_is(fields: dict[str, object], is_deployable: bool) -> None:
    (project,) = projects(PACKAGE, "package.json", json.dumps({"name": "x", **fields}))
    assert project.is_deployable is is_deployable


def test_people() -> None:
    data = json.dumps(
        {
            "name": "x",
            "author": "Ana Roe <a@x.de>",
            "maintainers": [{"name": "Bo"}, "Ana Roe <a@x.de>", 7],
        }
    )
    assert projects(PACKAGE, "package.json", data)[0].people == ("Ana Roe <a@x.de>", "Bo")


def test_a_file_for_the_loader_is_no_project() -> None:
    assert found(PACKAGE, "dist/package.json", {"dist/package.json": '{"type": "module"}'}) == []


def test_damage() -> None:
    data = """{"name": 7, "author": [], "scripts": "x",
 "dependencies": {"openai": 4, "": "1", "a b": "1", "zod": null, "ai": "npm:@@"},
 "devDependencies": ["openai"], "peerDependenciesMeta": 1}"""
    assert found(PACKAGE, "package.json", {"package.json": data}) == [
        Project("", line=1),
        Trouble("devDependencies is no object", 3),
        _mention("pkg:npm/openai", 2, ""),
        Trouble("no name of a package: ''", 0),
        Trouble("no name of a package: 'a b'", 2),
        _mention("pkg:npm/zod", 2, ""),
        Trouble("no name of a package: '@'", 2),
    ]
    for bad in ("[]", '"openai"', '{"dependencies": {"openai": ', '{"dependencies": {{name}}}'):
        with pytest.raises(Unreadable):
            mentions(PACKAGE, "package.json", bad)


def test_patches_of_patches_end() -> None:
    assert _one("patch:a@" * 200_000) == []
    assert _one("patch:a@" * 200) == [("pkg:npm/a", "")]


def test_many_dependencies_take_no_square_of_time() -> None:
    data = json.dumps({"dependencies": {f"p{n}": "1" for n in range(50_000)}}, indent=1)
    begin = time.process_time()
    assert len(mentions(PACKAGE, "package.json", data)) == 50_000
    assert time.process_time() - begin < 10


def test_pnpm_workspace() -> None:
    assert found(WORKSPACE, "pnpm-workspace.yaml", WORKSPACE.samples) == [
        Project("", members=("packages/*", "!**/test/**"), line=1)
    ]
    assert projects(WORKSPACE, "pnpm-workspace.yaml", "onlyBuiltDependencies:\n  - sharp\n") == []
    assert troubles(WORKSPACE, "pnpm-workspace.yaml", "packages: yes\n") == [
        Trouble("packages is no list", 1)
    ]
    with pytest.raises(Unreadable):
        projects(WORKSPACE, "pnpm-workspace.yaml", "- packages\n")


def test_deep_yaml_above_is_no_end_of_the_process() -> None:
    files = {
        "pnpm-workspace.yaml": "[" * 200_000,
        "package.json": '{"dependencies": {"openai": "catalog:"}}',
    }
    assert found(PACKAGE, "package.json", files)[1:] == [_mention("pkg:npm/openai", 1, "catalog:")]


def test_bower() -> None:
    assert found(BOWER, "bower.json", BOWER.samples) == [
        Project("harbour-site", people=("Ana Roe <ana@example.com>",), line=2),
        _mention("pkg:bower/deep-chat", 5, "^1.4"),
        _mention("pkg:bower/jquery", 6, "~2.1.3"),
        _mention("pkg:bower/qunit", 9, "qunitjs/qunit#1.18.0", Group.DEV),
    ]
    data = '{"dependencies": {"a": "./a", "b": 1, "c d": "1", "e": "git://x.de/e.git#2"}}'
    assert values(BOWER, "bower.json", data) == ["pkg:bower/b", "pkg:bower/e"]
    assert troubles(BOWER, "bower.json", data) == [Trouble("no name of a package: 'c d'", 1)]


def test_deno_json() -> None:
    assert found(DENO, "deno.json", DENO.samples) == [
        Project("@harbour/assistant", version="1.4.0", is_deployable=True, line=3),
        _mention("pkg:jsr/%40std/fs", 7, "^1.0.0"),
        _mention("pkg:npm/openai", 8, "^4.20.0"),
        _mention("pkg:npm/zod", 10, "3.23.8"),
    ]


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("npm:openai", [("pkg:npm/openai", "")]),
        ("npm:openai@4/core", [("pkg:npm/openai", "4")]),
        ("npm:/@langchain/core@^0.2/tools/", [("pkg:npm/%40langchain/core", "^0.2")]),
        ("jsr:@openai/openai@^4", [("pkg:jsr/%40openai/openai", "^4")]),
        ("https://esm.sh/v135/openai@4.20.1?bundle", [("pkg:npm/openai", "4.20.1")]),
        ("https://esm.sh/*preact@10.2.0", [("pkg:npm/preact", "10.2.0")]),
        (
            "https://cdn.jsdelivr.net/npm/@xenova/transformers@2.1/+esm",
            [("pkg:npm/%40xenova/transformers", "2.1")],
        ),
        ("https://unpkg.com/openai", [("pkg:npm/openai", "")]),
        ("https://example.com/openai@4/mod.ts", []),
        ("./openai.ts", []),
        ("node:fs", []),
        ("data:text/javascript,openai", []),
    ],
)
def test_targets_of_imports(target: str, seen: list[tuple[str, str]]) -> None:
    data = json.dumps({"imports": {"x": target}})
    assert [(one.value, one.version) for one in mentions(DENO, "deno.json", data)] == seen


def test_deno_jsonc_with_scopes_and_members() -> None:
    data = """{
  // "old": "npm:cohere-ai@6",
  "workspace": ["./chat"], /* "imports": {
    "no": "npm:groq-sdk"} */
  "imports": {"url": "https://example.com/a//b.ts", "bad": "npm:"},
  "scopes": {"./old/": {"openai": "npm:openai@3",},},
}
"""
    assert found(DENO, "deno.jsonc", {"deno.jsonc": data}) == [
        Project("", members=("./chat",)),
        Trouble("bad: no name of a package: 'npm:'", 5),
        _mention("pkg:npm/openai", 6, "3"),
    ]


def test_endless_strings_and_comments_end() -> None:
    for bad in ('{"a": ' + '"\\"' * 300_000, "{/*" + "/*" * 300_000, '{"a' + "\\" * 300_001):
        with pytest.raises(Unreadable):
            mentions(DENO, "deno.json", bad)
