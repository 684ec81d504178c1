"""What the lockfiles of Bun and Deno resolved, what for, and what pulls it in."""

import pytest

from scanner.manifests import Group, Mention, Tie, Trouble, Unreadable
from scanner.manifests.kinds.bun_lock import MANIFEST as BUN
from scanner.manifests.kinds.deno_lock import MANIFEST as DENO
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles


def _locked(
    value: str,
    version: str,
    line: int,
    group: Group = Group.RUNTIME,
    *,
    direct: bool | None = False,
    via: tuple[str, ...] = (),
) -> Mention:
    return Mention(
        Identifier.PACKAGE,
        f"pkg:{value}",
        line,
        version=version,
        tie=Tie.LOCKED,
        group=group,
        is_direct=direct,
        via=tuple(f"pkg:{one}" for one in via),
    )


def test_bun() -> None:
    assert found(BUN, "bun.lock", BUN.samples) == [
        _locked("npm/%40types/node", "18.19.31", 15, via=("npm/openai",)),
        _locked("npm/openai", "4.20.1", 17, direct=True),
        _locked("npm/typescript", "5.4.5", 19, Group.DEV, direct=True),
    ]


def test_bun_in_a_workspace() -> None:
    data = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": {"name": "root", "devDependencies": {"chat-app": "workspace:*"}},
    "apps/chat": { // the application
      "name": "chat-app",
      "dependencies": {"chat": "npm:openai@^3", "kit": "github:user/kit"},
      "peerDependencies": {"zod": "3"},
      "optionalPeers": ["zod"],
    },
  },
  "overrides": {"cohere-ai": "6.0.0"},
  "packages": {
    "axios": ["axios@1.10.0", "", {}, "sha512-1"],
    "chat": ["openai@3.3.0", "", {"dependencies": {"axios": "^0.26.0"}, "optionalPeers": ["zod"], "peerDependencies": {"zod": "3"}}, "sha512-2"],
    "chat-app": ["chat-app@workspace:apps/chat"],
    "kit": ["kit@github:user/kit#0a1b", {"dependencies": {"axios": "1"}}, "user-kit-0a1b"],
    "tar": ["tar@https://example.com/tar.tgz", {}],
    "zod": ["zod@3.23.8", "", {}, "sha512-3"],
    "chat/axios": ["axios@0.26.1", "", {}, "sha512-4"],
    "bad": [],
    "worse": [{}],
    "a b": ["a b@1"],
  }
}
"""
    assert found(BUN, "bun.lock", {"bun.lock": data}) == [
        _locked("npm/axios", "1.10.0", 14, via=("npm/kit",)),
        _locked("npm/openai", "3.3.0", 15, direct=True),
        _locked("npm/kit", "github:user/kit#0a1b", 17, direct=True),
        _locked("npm/tar", "https://example.com/tar.tgz", 18),
        _locked("npm/zod", "3.23.8", 19, Group.OPTIONAL, direct=True),
        _locked("npm/axios", "0.26.1", 20, via=("npm/openai",)),
        Trouble("cannot be understood: 'bad'", 21),
        Trouble("cannot be understood: 'worse'", 22),
        Trouble("no name of a package: 'a b'", 23),
    ]


@pytest.mark.parametrize(
    "data", ["{}", '{"packages": []}', '{"packages": {"a": "a@1"}}', '{"a', "7"]
)
def test_bun_refuses(data: str) -> None:
    with pytest.raises(Unreadable):
        mentions(BUN, "bun.lock", data)


def test_deno_5() -> None:
    assert found(DENO, "deno.lock", DENO.samples) == [
        _locked("npm/%40types/node", "18.19.31", 20, via=("npm/openai",)),
        _locked("npm/openai", "4.20.1", 23, direct=True),
        _locked("npm/zod", "3.23.8", 31, via=("npm/openai",)),
        _locked("jsr/%40std/fs", "1.0.4", 9, direct=True),
        _locked("jsr/%40std/path", "1.0.6", 15, via=("jsr/%40std/fs",)),
    ]


def test_deno_4_with_duplicates_aliases_and_members() -> None:
    data = """{
  "version": "4",
  "specifiers": {
    "jsr:@std/path@1": "1.0.6",
    "npm:chat@^1.0.0": "1.0.0",
    "npm:openai@3": "3.3.0",
    "npm:typescript@5": "5.4.5"
  },
  "jsr": {
    "@std/path@1.0.6": {"dependencies": ["npm:openai@3"]}
  },
  "npm": {
    "chat@1.0.0": {"dependencies": ["ai@npm:openai@4.20.1", "node-fetch"]},
    "node-fetch@2.7.0": {"optionalDependencies": ["encoding"]},
    "encoding@0.1.13": {},
    "openai@3.3.0": {},
    "openai@4.20.1": {},
    "typescript@5.4.5": {}
  },
  "workspace": {
    "members": {
      "chat": {
        "dependencies": ["jsr:@std/path@1"],
        "packageJson": {"dependencies": ["npm:chat@^1.0.0"], "devDependencies": ["npm:typescript@5"]}
      }
    }
  }
}
"""
    assert found(DENO, "deno.lock", {"deno.lock": data}) == [
        _locked("npm/chat", "1.0.0", 13, direct=True),
        _locked("npm/node-fetch", "2.7.0", 14, via=("npm/chat",)),
        _locked("npm/encoding", "0.1.13", 15, Group.OPTIONAL, via=("npm/chat", "npm/node-fetch")),
        _locked("npm/openai", "3.3.0", 16, via=("jsr/%40std/path",)),
        _locked("npm/openai", "4.20.1", 17, via=("npm/chat",)),
        _locked("npm/typescript", "5.4.5", 18, Group.DEV, direct=True),
        _locked("jsr/%40std/path", "1.0.6", 10, direct=True),
    ]


def test_deno_3() -> None:
    data = """{
  "version": "3",
  "packages": {
    "specifiers": {
      "jsr:@std/assert@^0.226.0": "jsr:@std/assert@0.226.0",
      "jsr:@std/internal@^1.0.0": "jsr:@std/internal@1.0.0",
      "npm:openai@^4.20.0": "npm:openai@4.20.1_zod@3.23.8"
    },
    "jsr": {
      "@std/assert@0.226.0": {
        "dependencies": ["jsr:@std/internal@^1.0.0"]
      },
      "@std/internal@1.0.0": {"integrity": "ac6a"}
    },
    "npm": {
      "openai@4.20.1_zod@3.23.8": {
        "dependencies": {
          "fetch": "node-fetch@2.7.0"
        }
      },
      "node-fetch@2.7.0": {
        "dependencies": {}
      }
    }
  },
  "remote": {
    "https://deno.land/std@0.200.0/fs/mod.ts": "0d2c",
    "https://esm.sh/@anthropic-ai/sdk@0.20.1": "1f6a",
    "https://esm.sh/v135/@anthropic-ai/sdk@0.20.1/es2022/sdk.mjs": "29bc"
  }
}
"""
    assert found(DENO, "deno.lock", {"deno.lock": data}) == [
        _locked("npm/openai", "4.20.1", 16, direct=True),
        _locked("npm/node-fetch", "2.7.0", 21, via=("npm/openai",)),
        _locked("jsr/%40std/assert", "0.226.0", 10, direct=True),
        _locked("jsr/%40std/internal", "1.0.0", 13, via=("jsr/%40std/assert",)),
        _locked("npm/%40anthropic-ai/sdk", "0.20.1", 28),
    ]


def test_deno_2() -> None:
    data = """{"version": "2", "remote": {}, "npm": {
  "specifiers": {"openai@4": "openai@4.20.1"},
  "packages": {
    "node-fetch@2.7.0": {"integrity": "x", "dependencies": {}},
    "openai@4.20.1": {"integrity": "x", "dependencies": {"node-fetch": "node-fetch@2.7.0"}}
  }}}"""
    assert found(DENO, "deno.lock", {"deno.lock": data}) == [
        _locked("npm/node-fetch", "2.7.0", 4, via=("npm/openai",)),
        _locked("npm/openai", "4.20.1", 5, direct=True),
    ]


def test_deno_damage() -> None:
    data = """{"version": 5, "specifiers": {"npm:openai": 4, "": "1"}, "jsr": [], "workspace": 1,
 "npm": {"openai@4.20.1": 7, "@/x@1": {}, "zod@3": {"dependencies": {"a": 1}}}, "remote": "x"}"""
    seen = found(DENO, "deno.lock", {"deno.lock": data})
    assert [one.value for one in seen if isinstance(one, Mention)] == [
        "pkg:npm/openai",
        "pkg:npm/zod",
    ]
    assert len(troubles(DENO, "deno.lock", data)) == 1
    for bad in ("{}", "[]", '{"npm": {"openai@4": {}}}', '{"version": "4", "npm": {'):
        with pytest.raises(Unreadable):
            mentions(DENO, "deno.lock", bad)
