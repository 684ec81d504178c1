"""Two bases compared: what a change adds, drops, or gives to another product."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from scanner.model import Detection, EvidenceKind, Identifier
from signatures.comparison import Change, Matchable, Meaning, compare, matchables, values_of
from tests.running import gnomon
from tests.signatures import GOOD, a_base_of
from tests.support import detection, vendor

HOST, USE = Identifier.HOST, EvidenceKind.USE
ACME = Meaning("acme/product", USE, 90)


def test_equal_bases_have_no_changes() -> None:
    one = vendor("acme", detection("acme.web", suffix=("acme.example",)))
    assert compare([one], [one]) == []
    assert compare([], []) == []


def test_what_is_added_dropped_or_means_something_else_is_a_change() -> None:
    before = [
        vendor("acme", detection("acme.web", suffix=("acme.example", "old.example"))),
        vendor("zeta", detection("zeta.web", exact=("zeta.example",))),
    ]
    after = [
        vendor(
            "acme",
            detection("acme.renamed", suffix=("acme.example",)),
            detection("acme.web", evidence=EvidenceKind.SUPPORTING, exact=("zeta.example",)),
            detection("acme.key", Identifier.ENV, exact=("ACME_API_KEY",)),
        ),
    ]
    assert compare(before, after) == [
        Change(Matchable(Identifier.ENV, "exact", "ACME_API_KEY"), None, ACME),
        Change(
            Matchable(HOST, "exact", "zeta.example"),
            Meaning("zeta/product", USE, 90),
            Meaning("acme/product", EvidenceKind.SUPPORTING, 90),
        ),
        Change(Matchable(HOST, "suffix", "old.example"), ACME, None),
    ]


def test_the_same_value_matched_in_another_way_is_another_value() -> None:
    before = [vendor("acme", detection("acme.web", suffix=("acme.example",)))]
    after = [vendor("acme", detection("acme.web", exact=("acme.example",)))]
    assert compare(before, after) == [
        Change(Matchable(HOST, "exact", "acme.example"), None, ACME),
        Change(Matchable(HOST, "suffix", "acme.example"), ACME, None),
    ]


def test_of_equal_values_the_later_vendor_stands_as_in_matching() -> None:
    both = [vendor(name, detection(name, exact=("shared.example",))) for name in ("acme", "zeta")]
    shared = Matchable(HOST, "exact", "shared.example")
    assert dict(matchables(both)) == {shared: Meaning("zeta/product", USE, 90)}


@pytest.mark.parametrize(
    ("one", "values"),
    [
        (
            detection("a", suffix=("a.example",), exact=("b.example",), pattern=("*.c.example",)),
            [("suffix", "a.example"), ("exact", "b.example"), ("pattern", "*.c.example")],
        ),
        (
            detection("a", Identifier.HOST_PATH, exact=("a.example", "b.example"), path=("/x", "/y")),
            [("exact", "a.example/x"), ("exact", "a.example/y"), ("exact", "b.example/x"), ("exact", "b.example/y")],
        ),
        (
            detection(
                "a",
                Identifier.OAUTH,
                client_id=("1",),
                owner_tenant=("2",),
                publisher_domain=("3.example",),
                reply_url_domain=("4.example",),
                app_name=("shown, and never matched",),
            ),
            [("client_id", "1"), ("owner_tenant", "2"), ("publisher_domain", "3.example"), ("reply_url_domain", "4.example")],
        ),
        (detection("a", Identifier.PACKAGE, purl=("pkg:pypi/a",)), [("purl", "pkg:pypi/a")]),
        (detection("a"), []),
    ],
)  # fmt: skip
def test_the_values_of_a_detection(one: Detection, values: list[tuple[str, str]]) -> None:
    assert list(values_of(one)) == [Matchable(one.channel, how, value) for how, value in values]


# the command

CHANGES = [
    {"change": "added", "channel": "host", "how": "exact", "value": "acme.example", "before": None, "after": ["acme/chat", "use", 90]},
    {"change": "changed", "channel": "host", "how": "suffix", "value": "acme-ai.example", "before": ["acme/chat", "use", 90], "after": ["acme/chat", "use", 70]},
    {"change": "dropped", "channel": "host", "how": "suffix", "value": "acme-old.example", "before": ["acme/chat", "use", 90], "after": None},
]  # fmt: skip


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Return the folders of two bases, one after the other."""
    before, after = tmp_path / "before", tmp_path / "after"
    added = (
        GOOD.replace("confidence: 90", "confidence: 70")
        + """\
      - id: acme.chat.site
        channel: host
        exact: [acme.example]
        evidence: use
        confidence: 90
        sources: [a test]
        tests: {match: [acme.example], no_match: [x.acme.example]}
"""
    )
    dropped = GOOD.replace(
        "suffix: [acme-ai.example]", "suffix: [acme-ai.example, acme-old.example]"
    )
    for folder, text in ((before, dropped), (after, added)):
        folder.mkdir()
        (folder / "acme.yaml").write_text(text)
    return before, after


def test_diff_in_json_and_ndjson_holds_whole_rows(folders: tuple[Path, Path]) -> None:
    assert gnomon("signatures", "diff", *folders, "--format", "json").json() == CHANGES
    assert gnomon("signatures", "diff", *folders, "--format", "ndjson").ndjson() == CHANGES


def test_diff_in_csv(folders: tuple[Path, Path]) -> None:
    ran = gnomon("signatures", "diff", *folders, "--format", "csv")
    assert list(csv.reader(io.StringIO(ran.out))) == [
        ["change", "channel", "how", "value", "before", "after"],
        ["added", "host", "exact", "acme.example", "", "acme/chat, use, 90"],
        ["changed", "host", "suffix", "acme-ai.example", "acme/chat, use, 90", "acme/chat, use, 70"],
        ["dropped", "host", "suffix", "acme-old.example", "acme/chat, use, 90", ""],
    ]  # fmt: skip


def test_diff_as_a_table(folders: tuple[Path, Path]) -> None:
    ran = gnomon("signatures", "diff", *folders)
    assert ran.code == 0
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "change   channel  how     value             before              after",
        "added    host     exact   acme.example                          acme/chat, use, 90",
        "changed  host     suffix  acme-ai.example   acme/chat, use, 90  acme/chat, use, 70",
        "dropped  host     suffix  acme-old.example  acme/chat, use, 90",
    ]
    assert ran.err.startswith("3 changes; the built-in folder is ")


def test_a_base_has_no_changes_against_itself(folders: tuple[Path, Path]) -> None:
    ran = gnomon("signatures", "diff", folders[0], folders[0], "--format", "json")
    assert (ran.code, ran.json()) == (0, [])
    assert ran.err.startswith("no changes; ")


def test_one_folder_is_compared_as_an_overlay(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = a_base_of(tmp_path, monkeypatch)
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    (overlay / "zeta.yaml").write_text(GOOD.replace("acme", "zeta"))
    ran = gnomon("signatures", "diff", overlay, "--format", "json")
    assert [(row["change"], row["value"], row["after"][0]) for row in ran.json()] == [
        ("added", "zeta-ai.example", "zeta/chat")
    ]
    assert ran.err == f"1 changes; the built-in folder is {base}\n"


def test_a_file_that_cannot_be_read_is_told(folders: tuple[Path, Path]) -> None:
    before, after = folders
    (after / "acme.yaml").write_text("{")
    ran = gnomon("signatures", "diff", before, after)
    assert ran.code == 1
    assert ran.err.startswith(f"gnomon: {after}/acme.yaml:1: not YAML: ")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["change", "dropped", "dropped"]


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    ran = gnomon("signatures", "diff", tmp_path / "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere' does not exist" in ran.err
