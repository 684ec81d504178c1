"""What the lockfiles of npm, Yarn and pnpm resolved, what for, and what pulls it in."""

import json
import time

import pytest

from scanner.manifests import Group, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.kinds.package_lock import MANIFEST as NPM
from scanner.manifests.kinds.pnpm_lock import MANIFEST as PNPM
from scanner.manifests.kinds.yarn_lock import MANIFEST as YARN
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles

_ASKS = '{"dependencies": {"langchain": "^0.0.212"}, "devDependencies": {"typescript": "^5.4.0"}}'


def _locked(
    name: str,
    version: str,
    line: int,
    group: Group = Group.RUNTIME,
    *,
    direct: bool | None = False,
    via: tuple[str, ...] = (),
) -> Mention:
    return Mention(
        Identifier.PACKAGE,
        f"pkg:npm/{name}",
        line,
        version=version,
        tie=Tie.LOCKED,
        group=group,
        is_direct=direct,
        via=tuple(f"pkg:npm/{one}" for one in via),
    )


def test_npm() -> None:
    assert found(NPM, "package-lock.json", NPM.samples) == [
        _locked("%40types/node", "18.19.31", 16, via=("openai",)),
        _locked("openai", "4.20.1", 24, direct=True),
        _locked("typescript", "5.4.5", 31, Group.DEV, direct=True),
    ]


def test_npm_resolves_as_node_does() -> None:
    """The nearest folder above wins: langchain has an openai of its own, llm-kit has not."""
    lock = {
        "lockfileVersion": 2,
        "packages": {
            "": {
                "dependencies": {"langchain": "0.0.212", "chat": "npm:openai@^4"},
                "optionalDependencies": {"sharp": "1"},
            },
            "node_modules/langchain": {"version": "0.0.212", "dependencies": {"openai": "^3"}},
            "node_modules/langchain/node_modules/openai": {
                "version": "3.3.0",
                "dependencies": {"axios": "^0.26.0"},
            },
            "node_modules/axios": {"version": "0.26.1"},
            "node_modules/chat": {"name": "openai", "version": "4.20.1"},
            "node_modules/sharp": {
                "version": "1.0.0",
                "optional": True,
                "dependencies": {"llm-kit": "1"},
            },
            "node_modules/llm-kit": {
                "version": "1.0.0",
                "optional": True,
                "peerDependencies": {"openai": "3", "axios": "*"},
                "peerDependenciesMeta": {"axios": {"optional": True}},
            },
            "node_modules/own": {"resolved": "packages/own", "link": True},
            "packages/own": {"version": "1.0.0", "devDependencies": {"jest": "29"}},
            "packages/own/node_modules/jest": {"version": "29.7.0", "dev": True},
            "node_modules/vendored": {"version": "1.0.0", "resolved": "file:vendored.tgz"},
            "node_modules/left": {"version": "1.0.0", "extraneous": True},
        },
        "dependencies": {"never-read": {"version": "1.0.0"}},
    }
    assert mentions(NPM, "package-lock.json", json.dumps(lock)) == [
        _locked("langchain", "0.0.212", 1, direct=True),
        _locked("openai", "3.3.0", 1, via=("langchain",)),
        _locked("axios", "0.26.1", 1, via=("langchain", "openai")),
        _locked("openai", "4.20.1", 1, direct=True),
        _locked("sharp", "1.0.0", 1, Group.OPTIONAL, direct=True),
        _locked("llm-kit", "1.0.0", 1, Group.OPTIONAL, via=("sharp",)),
        _locked("jest", "29.7.0", 1, Group.DEV, direct=True),
        _locked("left", "1.0.0", 1),
    ]


def test_npm_names_a_package_in_a_version_once() -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"a": "1"}, "devDependencies": {"b": "1", "openai": "4"}},
            "node_modules/b": {"version": "1.0.0", "dev": True},
            "node_modules/openai": {"version": "4.20.1", "dev": True},
            "node_modules/a": {"version": "1.0.0", "dependencies": {"openai": "4"}},
            "node_modules/a/node_modules/openai": {"version": "4.20.1"},
        },
    }
    seen = {one.value: one for one in mentions(NPM, "package-lock.json", json.dumps(lock))}
    assert seen["pkg:npm/openai"] == _locked("openai", "4.20.1", 1, direct=True)
    assert len(seen) == 3


def test_npm_version_1() -> None:
    lock = NPM.samples["old/npm-shrinkwrap.json"]
    files: dict[str, bytes | str] = {
        "package.json": _ASKS.replace("typescript", "openai"),
        "npm-shrinkwrap.json": lock,
    }
    assert found(NPM, "npm-shrinkwrap.json", files) == [
        _locked("langchain", "0.0.212", 6, direct=True),
        _locked("openai", "3.3.0", 10, via=("langchain",)),
        _locked("openai", "4.20.1", 15, Group.DEV, direct=True),
    ]
    assert mentions(NPM, "npm-shrinkwrap.json", lock) == [
        _locked("langchain", "0.0.212", 6, direct=None),
        _locked("openai", "3.3.0", 10, direct=None),
        _locked("openai", "4.20.1", 15, Group.DEV, direct=None),
    ]


def test_npm_version_1_of_versions() -> None:
    data = """{"lockfileVersion": 1, "dependencies": {
  "chat": {"version": "npm:openai@4.20.1", "requires": true},
  "git": {"version": "git+ssh://git@example.com/git.git#0a1b"},
  "own": {"version": "file:own"},
  "zod": 7
}}"""
    assert found(NPM, "package-lock.json", {"package-lock.json": data}) == [
        _locked("openai", "4.20.1", 2, direct=None),
        _locked("git", "git+ssh://git@example.com/git.git#0a1b", 3, direct=None),
        Trouble("cannot be understood: 'zod'", 0),
    ]


@pytest.mark.parametrize(
    "data",
    [
        "{}",
        "[]",
        '{"packages": {"node_modules/openai": 4}}',
        '{"lockfileVersion": 3, "packages": {',
        '{"lockfileVersion": 1, "dependencies": ' + '{"a": {"dependencies": ' * 5_000,
    ],
)
def test_npm_refuses(data: str) -> None:
    with pytest.raises(Unreadable):
        mentions(NPM, "package-lock.json", data)


def test_npm_with_nothing_installed() -> None:
    data = '{"name": "x", "lockfileVersion": 3, "packages": {}}'
    assert found(NPM, "package-lock.json", {"package-lock.json": data}) == []


def test_npm_damage() -> None:
    data = """{"lockfileVersion": 3, "packages": {
 "": {"dependencies": ["openai"], "peerDependenciesMeta": {"a": 1}},
 "node_modules/": {"version": "1"}, "node_modules/openai": {"version": {}, "dependencies": "x"},
 "%s/node_modules/openai": {}}}""" % ("a/" * 600)
    assert found(NPM, "package-lock.json", {"package-lock.json": data}) == [
        _locked("openai", "", 3, direct=None),
        Trouble("no name of a package: ''", 3),
        Trouble("a package in a path too long", 0),
    ]


def test_yarn() -> None:
    data = YARN.samples["yarn.lock"]
    asks = '{"devDependencies": {"openai": "^4.20.0"}}'
    files: dict[str, bytes | str] = {"yarn.lock": data, "package.json": asks}
    assert found(YARN, "yarn.lock", files) == [
        _locked("%40types/node", "18.19.31", 5, Group.DEV, via=("openai",)),
        _locked("openai", "4.20.1", 10, Group.DEV, direct=True),
    ]
    assert mentions(YARN, "yarn.lock", data) == [
        _locked("%40types/node", "18.19.31", 5, direct=None),
        _locked("openai", "4.20.1", 10, direct=None),
    ]


@pytest.mark.parametrize("colon", ["", ":"])
def test_yarn_with_every_key_in_quotes(colon: str) -> None:
    files = {
        "package.json": '{"dependencies": {"openai": "^4"}}',
        "yarn.lock": f"""# yarn lockfile v1
"openai@^4":
  "version"{colon} "4.20.1"
  "dependencies":
    "zod"{colon} "^3"

"zod@^3":
  "version"{colon} "3.23.8"
""",
    }
    assert found(YARN, "yarn.lock", files) == [
        _locked("openai", "4.20.1", 2, direct=True),
        _locked("zod", "3.23.8", 7, via=("openai",)),
    ]


def test_yarn_aliases_forks_and_own() -> None:
    files = {
        "package.json": '{"dependencies": {"chat": "npm:openai@^4", "kit": "user/kit", "own": "file:./own"}}',
        "yarn.lock": """# yarn lockfile v1

"chat@npm:openai@^4":
  version "4.20.1"
  optionalDependencies:
    node-fetch "^2.6.7 || ^3"

kit@user/kit:
  version "1.0.0"
  resolved "https://codeload.example.com/user/kit/tar.gz/0a1b"
  dependencies:
    zod "^3"

"node-fetch@^2.6.7 || ^3":
  version "2.7.0"

"own@file:./own":
  version "1.0.0"

zod@3.23.8:
  version "3.23.8"
""",
    }
    assert found(YARN, "yarn.lock", files) == [
        _locked("openai", "4.20.1", 3, direct=True),
        _locked("kit", "1.0.0", 8, direct=True),
        _locked("node-fetch", "2.7.0", 14, Group.OPTIONAL, via=("openai",)),
        _locked("zod", "3.23.8", 20, via=("kit",)),
    ]


def test_yarn_with_workspaces_that_cannot_be_listed() -> None:
    files = {
        "package.json": '{"workspaces": ["packages/*"], "devDependencies": {"typescript": "5"}}',
        "yarn.lock": '# yarn lockfile v1\nopenai@4:\n  version "4.20.1"\ntypescript@5:\n  version "5.4.5"\n',
    }
    assert found(YARN, "yarn.lock", files) == [
        _locked("openai", "4.20.1", 2, direct=None),
        _locked("typescript", "5.4.5", 4, Group.DEV, direct=True),
    ]
    files["package.json"] = files["package.json"].replace("packages/*", "chat")
    files["chat/package.json"] = '{"dependencies": {"openai": "4"}}'
    assert found(YARN, "yarn.lock", files)[0] == _locked("openai", "4.20.1", 2, direct=True)


def test_berry() -> None:
    data = YARN.samples["berry/yarn.lock"]
    assert mentions(YARN, "yarn.lock", data) == [
        _locked("%40types/node", "18.19.31", 8, via=("openai",)),
        _locked("openai", "4.20.1", 23, direct=True),
    ]


def test_berry_in_all_its_forms() -> None:
    lock = """__metadata:
  version: 6

"chat@npm:openai@^4.20.0, openai@npm:^4.20.0, openai@npm:^4.1.0":
  version: 4.20.1
  resolution: "openai@npm:4.20.1"
  dependencies:
    node-fetch: ^2.6.7
    optional-kit: "npm:^1.0.0"
  dependenciesMeta:
    optional-kit:
      optional: true
  peerDependencies:
    zod: ^3
  linkType: hard

? "node-fetch@npm:^2.0.0, node-fetch@npm:^2.6.7"
:
  version: 2.7.0
  resolution: "node-fetch@npm:2.7.0"

"optional-kit@npm:^1.0.0":
  version: 1.0.0
  resolution: "optional-kit@npm:1.0.0"

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
  dependencies:
    "@harbour/tool": "workspace:*"
    typescript: "patch:typescript@^5.4.0#builtin<compat/typescript>"
  languageName: unknown
  linkType: soft

"@harbour/tool@workspace:*, @harbour/tool@workspace:packages/tool":
  version: 0.0.0-use.local
  resolution: "@harbour/tool@workspace:packages/tool"
  dependencies:
    chat: "npm:openai@^4.20.0"
  linkType: soft

"typescript@patch:typescript@^5.4.0#builtin<compat/typescript>":
  version: 5.4.5
  resolution: "typescript@patch:typescript@npm%3A5.4.5#builtin<compat/typescript>::version=5.4.5&hash=5d3a66"
  linkType: hard
"""
    files = {
        "yarn.lock": lock,
        "package.json": '{"devDependencies": {"typescript": "^5.4.0", "@harbour/tool": "workspace:*"}}',
        "packages/tool/package.json": '{"dependencies": {"chat": "npm:openai@^4.20.0"}}',
    }
    assert found(YARN, "yarn.lock", files) == [
        _locked("openai", "4.20.1", 4, direct=True),
        _locked("node-fetch", "2.7.0", 17, via=("openai",)),
        _locked("optional-kit", "1.0.0", 22, Group.OPTIONAL, via=("openai",)),
        _locked("typescript", "5.4.5", 42, Group.DEV, direct=True),
    ]


def test_yarn_damage() -> None:
    data = (
        '# yarn lockfile v1\n<<<<<<< HEAD\nopenai@4:\n  version "4.1.0"\n=======\n: \n@:\n  x "1\n'
    )
    assert [one.value for one in mentions(YARN, "yarn.lock", data)] == ["pkg:npm/openai"]
    assert troubles(YARN, "yarn.lock", data) == [Trouble("a line that is of no entry", 2)]
    assert mentions(YARN, "yarn.lock", "# yarn lockfile v1\n\n\n") == []
    for bad in ("openai\n", "name: openai\nversion: 1\n", "import openai\n"):
        with pytest.raises(Unreadable):
            mentions(YARN, "yarn.lock", bad)


def test_pnpm_9() -> None:
    assert found(PNPM, "pnpm-lock.yaml", PNPM.samples) == [
        _locked("%40types/node", "18.19.31", 20, via=("openai",)),
        _locked("openai", "4.20.1", 23, direct=True),
        _locked("typescript", "5.4.5", 29, Group.DEV, direct=True),
        _locked("zod", "3.23.8", 32, via=("openai",)),
    ]


def test_pnpm_9_in_a_workspace() -> None:
    data = """lockfileVersion: '9.0'

catalogs:
  default:
    openai:
      specifier: ^4.20.0
      version: 4.20.1

overrides:
  cohere-ai: 6.0.0

importers:

  .: {}

  apps/chat:
    dependencies:
      '@harbour/tool':
        specifier: workspace:*
        version: link:../tool
      chat:
        specifier: npm:openai@^4.20.0
        version: openai@4.20.1(zod@3.23.8)
    optionalDependencies:
      kit:
        specifier: github:user/kit
        version: https://codeload.example.com/user/kit/tar.gz/0a1b
    devDependencies:
      vendored:
        specifier: file:vendored
        version: file:vendored

packages:

  chalk@5.3.0:
    resolution: {integrity: sha512-dLitG79d}

  kit@https://codeload.example.com/user/kit/tar.gz/0a1b:
    resolution: {tarball: https://codeload.example.com/user/kit/tar.gz/0a1b}
    version: 1.2.0

  openai@4.20.1:
    resolution: {integrity: sha512-Oei9}
    deprecated: 'use: another'
    peerDependencies:
      zod: ^3
    peerDependenciesMeta:
      zod:
        optional: true

  vendored@file:vendored:
    resolution: {directory: vendored, type: directory}

  zod@3.23.8:
    resolution: {integrity: sha512-XBx9}

snapshots:

  chalk@5.3.0: {}

  kit@https://codeload.example.com/user/kit/tar.gz/0a1b: {}

  openai@4.20.1(zod@3.23.8):
    optionalDependencies:
      zod: 3.23.8

  vendored@file:vendored:
    dependencies:
      chalk: 5.3.0

  zod@3.23.8: {}
"""
    assert mentions(PNPM, "pnpm-lock.yaml", data) == [
        _locked("chalk", "5.3.0", 35, direct=True),
        _locked("kit", "1.2.0", 38, Group.OPTIONAL, direct=True),
        _locked("openai", "4.20.1", 42, direct=True),
        _locked("zod", "3.23.8", 54),  # an optional peer: openai did not ask for it
    ]


def test_pnpm_6() -> None:
    data = """lockfileVersion: '6.0'

dependencies:
  '@langchain/openai':
    specifier: ^0.2.0
    version: 0.2.11(zod@3.23.8)
  chat:
    specifier: npm:openai@^3
    version: /openai@3.3.0

devDependencies:
  kit:
    specifier: github:user/kit
    version: github.com/user/kit/0a1b

packages:

  /@langchain/openai@0.2.11(zod@3.23.8):
    resolution: {integrity: sha512-Pu8}
    dependencies:
      openai-next: /openai@4.20.1
    dev: false

  /openai@3.3.0:
    resolution: {integrity: sha512-uqx}
    dev: false

  /openai@4.20.1:
    resolution: {integrity: sha512-Oei}
    dev: false

  github.com/user/kit/0a1b:
    resolution: {tarball: https://codeload.example.com/user/kit/tar.gz/0a1b}
    name: kit
    version: 1.2.0
    dev: true
"""
    assert mentions(PNPM, "pnpm-lock.yaml", data) == [
        _locked("%40langchain/openai", "0.2.11", 18, direct=True),
        _locked("openai", "3.3.0", 24, direct=True),
        _locked("openai", "4.20.1", 28, via=("%40langchain/openai",)),
        _locked("kit", "1.2.0", 32, Group.DEV, direct=True),
    ]


def test_pnpm_5() -> None:
    data = """lockfileVersion: 5.3

importers:

  apps/chat:
    specifiers:
      langchain: ^0.0.212
    dependencies:
      '@harbour/tool': link:../tool
      langchain: 0.0.212_openai@3.3.0
    devDependencies:
      jest: 29.7.0

packages:

  /@scope/kit/1.0.0_openai@3.3.0:
    resolution: {integrity: sha512-abc}
    dependencies:
      chat: /openai/3.3.0
    dev: false
    optional: true

  /jest/29.7.0:
    resolution: {integrity: sha512-NIy}
    dev: true

  ? /langchain/0.0.212_openai@3.3.0
  : resolution: {integrity: sha512-1sY}
    dependencies:
      '@scope/kit': 1.0.0_openai@3.3.0
    dev: false

  /openai/3.3.0:
    resolution: {integrity: sha512-uqx}

  npm.example.com/@scope/other/2.0.0:
    resolution: {integrity: sha512-def}
    dev: true
"""
    assert mentions(PNPM, "pnpm-lock.yaml", data) == [
        _locked("%40scope/kit", "1.0.0", 16, Group.OPTIONAL, via=("langchain",)),
        _locked("jest", "29.7.0", 23, Group.DEV, direct=True),
        _locked("langchain", "0.0.212", 27, direct=True),
        _locked("openai", "3.3.0", 33, via=("langchain", "%40scope/kit")),
        _locked("%40scope/other", "2.0.0", 36, Group.DEV),
    ]


def test_pnpm_damage() -> None:
    data = PNPM.samples["pnpm-lock.yaml"].replace(b"snapshots:\n", b"<<<<<<< HEAD\nsnapshots:\n")
    data = data.replace(b"  zod@3.23.8:\n", b"  zod:\n\n  '@x/':\n\n  'open: \n")
    seen = found(PNPM, "pnpm-lock.yaml", {"pnpm-lock.yaml": data})
    assert (
        Trouble("a line that is of no section", data.count(b"\n", 0, data.find(b"<<<")) + 1) in seen
    )
    assert {one.value for one in seen if isinstance(one, Mention)} >= {"pkg:npm/openai"}
    assert mentions(PNPM, "pnpm-lock.yaml", "lockfileVersion: '9.0'\n") == []
    for bad in ("packages:\n  openai@4.20.1: {}\n", "lockfileVersion: new\n"):
        with pytest.raises(Unreadable):
            mentions(PNPM, "pnpm-lock.yaml", bad)


def _chain_of(kind: Manifest, count: int) -> str:
    """Return a lockfile of packages that each need the next."""
    if kind is NPM:
        packages: dict[str, object] = {"": {"dependencies": {"p0": "1"}}}
        for n in range(count):
            packages[f"node_modules/p{n}"] = {"version": "1", "dependencies": {f"p{n + 1}": "1"}}
        return json.dumps({"lockfileVersion": 3, "packages": packages}, indent=1)
    if kind is YARN:
        entries = (
            f'p{n}@1:\n  version "1"\n  dependencies:\n    p{n + 1} "1"\n' for n in range(count)
        )
        return "# yarn lockfile v1\n" + "".join(entries)
    entries = (f"  p{n}@1:\n    dependencies:\n      p{n + 1}: 1\n" for n in range(count))
    return (
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      p0: 1\npackages:\n"
        + "".join(entries)
    )


@pytest.mark.parametrize("kind", [NPM, YARN, PNPM], ids=lambda kind: kind.name)
def test_endless_chains_take_no_square_of_time(kind: Manifest) -> None:
    path = kind.files[0]
    files = {path: _chain_of(kind, 20_000), "package.json": '{"dependencies": {"p0": "1"}}'}
    begin = time.process_time()
    seen = [one for one in found(kind, path, files) if isinstance(one, Mention)]
    assert time.process_time() - begin < 10
    assert len(seen) == 20_000
    assert seen[3].via == ("pkg:npm/p0", "pkg:npm/p1", "pkg:npm/p2")
    assert len(seen[-1].via) == 64


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (NPM, '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}},'
              ' "node_modules/a": {"version": "1", "dependencies": {"b": "1"}},'
              ' "node_modules/b": {"version": "1", "dependencies": {"a": "1", "b": "1"}}}}'),
        (PNPM, "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: 1\npackages:\n"
               "  a@1:\n    dependencies:\n      b: 1\n  b@1:\n    dependencies:\n      a: 1\n      b: 1\n"),
    ],
    ids=["npm", "pnpm"],
)  # fmt: skip
def test_circles_end(kind: Manifest, data: str) -> None:
    seen = mentions(kind, kind.files[0], data)
    assert [(one.value, one.is_direct, one.via) for one in seen] == [
        ("pkg:npm/a", True, ()),
        ("pkg:npm/b", False, ("pkg:npm/a",)),
    ]
