"""Rust: Cargo.toml and Cargo.lock."""

import pytest

from scanner.manifests import Document, Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.cargo_lock import MANIFEST as LOCK
from scanner.manifests.kinds.cargo_toml import MANIFEST as CARGO
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles


def crate(name: str, line: int, version: str = "", **more: object) -> Mention:
    given = {"is_direct": True, **more}
    return Mention(Identifier.PACKAGE, f"pkg:cargo/{name}", line, version, **given)  # type: ignore[arg-type]


def test_every_way_to_name_a_crate() -> None:
    data = '''[package]
name = "chat"
version = "0.3.0"
authors = ["Ana <ana@example.com>"]
description = """
Talks.
[dependencies]
openai = "9"
"""

[dependencies]
async-openai = "0.28"   # openai = "1"
llm = { package = "ollama-rs", version = "0.2", optional = true }
candle-core = { git = "https://git.example.com/candle", rev = "abc" }
prompts = { path = "../prompts" }
tokio.version = "1"
tokio.features = ["full"]
"quoted" = "2"

[dependencies.mistralrs]
version = "0.5"

[dev-dependencies]
wiremock = "0.6"
[build-dependencies]
cc = "1"

[target.'cfg(target_os = "linux")'.dependencies]
tch = "0.19"
[target.x86_64-pc-windows-msvc.dev-dependencies]
winapi = "0.3"

[patch.crates-io]
rust-bert = { git = "https://git.example.com/rust-bert" }
'''
    assert found(CARGO, "Cargo.toml", {"Cargo.toml": data, "src/main.rs": "fn main() {}"}) == [
        Project(
            "chat",
            "0.3.0",
            'Talks.\n[dependencies]\nopenai = "9"\n',
            ("Ana <ana@example.com>",),
            is_deployable=True,
            line=2,
        ),
        crate("async-openai", 12, "0.28"),
        crate("ollama-rs", 13, "0.2", group=Group.OPTIONAL),
        crate("candle-core", 14),
        crate("prompts", 15),
        crate("tokio", 16, "1"),
        crate("quoted", 18, "2"),
        crate("mistralrs", 20, "0.5"),
        crate("wiremock", 24, "0.6", group=Group.DEV),
        crate("cc", 26, "1", group=Group.BUILD),
        crate("tch", 29, "0.19"),
        crate("winapi", 31, "0.3", group=Group.DEV),
        crate("rust-bert", 34, is_direct=False),
    ]


ROOT = """[workspace]
members = ["crates/*", "tools/eval"]
[workspace.package]
version = "2.0.0"
[workspace.dependencies]
async-openai = { version = "0.28", features = ["byot"] }
llm = { package = "ollama-rs", version = "0.2" }
"""


def test_a_workspace_offers_and_its_members_take() -> None:
    member = """[package]
name = "chat"
version.workspace = true
[dependencies]
async-openai.workspace = true
llm = { workspace = true, optional = true }
lost = { workspace = true }
"""
    tree = {"Cargo.toml": ROOT, "crates/chat/Cargo.toml": member}
    assert found(CARGO, "Cargo.toml", tree) == [
        Project("", members=("crates/*", "tools/eval"), line=2),
        crate("async-openai", 6, "0.28", is_direct=None),
        crate("ollama-rs", 7, "0.2", is_direct=None),
    ]
    assert found(CARGO, "crates/chat/Cargo.toml", tree) == [
        Project("chat", "2.0.0", line=2),
        crate("async-openai", 5, "0.28"),
        crate("ollama-rs", 6, "0.2", group=Group.OPTIONAL),
        crate("lost", 7),
    ]


def test_a_member_may_say_where_its_workspace_is() -> None:
    member = '[package]\nname = "x"\nworkspace = "../root"\n[dependencies]\nllm.workspace = true\n'
    tree = {"root/Cargo.toml": ROOT, "x/Cargo.toml": member}
    assert found(CARGO, "x/Cargo.toml", tree)[1:] == [crate("ollama-rs", 5, "0.2")]


def test_a_broken_line_is_a_trouble_and_a_broken_file_is_none() -> None:
    data = '[dependencies]\na = 1\n"" = "1"\nb = "1"\n'
    assert mentions(CARGO, "Cargo.toml", data) == [crate("b", 4, "1")]
    assert [one.line for one in troubles(CARGO, "Cargo.toml", data)] == [2, 3]
    for bad in (b"[dependencies\n", b'[tool.poetry]\nname = "x"\n'):
        with pytest.raises(Unreadable):
            list(CARGO.read(Document("Cargo.toml", bad)))


def package(name: str, version: str, *pulls: str, source: str = "registry+x") -> str:
    text = f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
    text += f'source = "{source}"\n' if source else ""
    listed = "".join(f' "{one}",\n' for one in pulls)
    return text + (f"dependencies = [\n{listed}]\n" if pulls else "") + "\n"


def test_a_lock_tells_what_pulls_in_what() -> None:
    data = (
        "# generated\nversion = 4\n\n"
        + package("app", "1.0.0", "core", "reqwest 0.12.1", source="")
        + package("core", "1.0.0", "async-openai", source="")
        + package("async-openai", "0.28.1", "eventsource-stream", "reqwest 0.11.9 (registry+x)")
        + package("eventsource-stream", "0.2.3", "nom")
        + package("nom", "7.1.3")
        + package("reqwest", "0.11.9")
        + package("reqwest", "0.12.1", "nom", source="git+https://git.example.com/reqwest#abc")
        + package("unused", "1.0.0")
        + '[[patch.unused]]\nname = "not-used"\nversion = "1.0.0"\n\n[metadata]\n"x" = "y"\n'
    )
    openai, first = "pkg:cargo/async-openai", {"tie": Tie.LOCKED}
    assert mentions(LOCK, "Cargo.lock", data) == [
        crate("async-openai", 20, "0.28.1", **first),
        crate("eventsource-stream", 29, "0.2.3", tie=Tie.LOCKED, is_direct=False, via=(openai,)),
        crate("nom", 37, "7.1.3", tie=Tie.LOCKED, is_direct=False, via=("pkg:cargo/reqwest",)),
        crate("reqwest", 42, "0.11.9", tie=Tie.LOCKED, is_direct=False, via=(openai,)),
        crate("reqwest", 47, "0.12.1", **first),
        crate("unused", 55, "1.0.0", tie=Tie.LOCKED, is_direct=False),
    ]


def test_a_lock_of_the_first_kind_has_a_root() -> None:
    data = (
        '[root]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n'
        ' "tch 0.1.0 (registry+x)",\n]\n\n' + package("tch", "0.1.0")
    )
    assert mentions(LOCK, "Cargo.lock", data) == [crate("tch", 9, "0.1.0", tie=Tie.LOCKED)]


def test_what_is_no_lock_is_refused_and_a_broken_package_told() -> None:
    assert troubles(LOCK, "Cargo.lock", '[[package]]\nversion = "1.0.0"\n') == [
        Trouble("no name of a package: ''", 1)
    ]
    with pytest.raises(Unreadable):
        list(LOCK.read(Document("Cargo.lock", b'{"packages": []}')))


def test_a_long_chain_and_a_ring_cost_little() -> None:
    many = 20_000
    data = package("app", "1", "c0", source="") + "".join(
        package(f"c{n}", "1", f"c{(n + 1) % many}", "c0") for n in range(many)
    )
    seen = mentions(LOCK, "Cargo.lock", data)
    assert len(seen) == many
    assert seen[3].via == ("pkg:cargo/c0", "pkg:cargo/c1", "pkg:cargo/c2")
    assert max(len(one.via) for one in seen) == 64


def test_what_manifests_need_for_development_alone() -> None:
    lock = (
        '[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = ["llm", "mock", "old"]\n\n'
        '[[package]]\nname = "b"\nversion = "1.0.0"\ndependencies = ["old"]\n\n'
        + "".join(
            f'[[package]]\nname = "{name}"\nversion = "1.0.0"\nsource = "registry+x"\n\n'
            for name in ("llm", "mock", "old")
        )
    )
    tree = {
        "Cargo.lock": lock,
        "Cargo.toml": '[package]\nname = "a"\n[workspace]\nmembers = ["b", "c/*"]\n'
        '[dependencies]\nllm = "1"\n[dev-dependencies]\nllm = "1"\nm = { package = "mock" }\nold = "1"\n',
        "b/Cargo.toml": '[package]\nname = "b"\n[dependencies]\nold = "1"\n',
    }
    seen = [one for one in found(LOCK, "Cargo.lock", tree) if isinstance(one, Mention)]
    groups = {one.value: one.group.value for one in seen}
    assert groups == {
        "pkg:cargo/llm": "runtime",
        "pkg:cargo/mock": "dev",
        "pkg:cargo/old": "runtime",
    }
