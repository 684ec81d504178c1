"""New signatures over stored evidence: what is new only because we know more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner import compiled, evidence
from scanner.hosts import MOST_UNKNOWN, HostTable, keep_shortest, known_domain
from scanner.model import EvidenceKind, Findings, Identifier
from scanner.store import Reader
from scanner.store.digest import packed, unpacked
from signatures import loader
from signatures.writer import write
from tests.running import SQUID, Ran, gnomon
from tests.support import detection, vendor

ALL = loader.BUILT_IN
DNSMASQ = (
    b"Nov 21 09:00:01 dnsmasq[1]: query[A] app.larkspur-writer.com from 10.0.0.7\n"
    b"Nov 21 09:00:02 dnsmasq[1]: query[A] App.Larkspur-Writer.com from 10.0.0.8\n"
    b"Nov 21 09:00:03 dnsmasq[1]: query[A] www.pine.co.uk from 10.0.0.7\n"
    b"Nov 21 09:00:04 dnsmasq[1]: query[A] anas-laptop.lan from 10.0.0.7\n"
    b"Nov 21 09:00:05 dnsmasq[1]: query[A] api.openai.com from 10.0.0.7\n"
)


@pytest.fixture(autouse=True)
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a few of the built-in vendors in the place of all, and begin in an empty folder."""
    folder = tmp_path / "built-in"
    folder.mkdir()
    (folder / "openai.yaml").write_bytes((ALL / "o" / "openai.yaml").read_bytes())
    monkeypatch.setattr(loader, "BUILT_IN", folder)
    monkeypatch.setattr(compiled, "BUILT_IN", folder)
    monkeypatch.setenv("GNOMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder of signatures that know one vendor more."""
    folder = tmp_path / "own"
    folder.mkdir()
    larkspur = vendor("larkspur", detection("larkspur.web", suffix=("larkspur-writer.com",)))
    (folder / "larkspur.yaml").write_text(write(larkspur))
    return folder


def scan(*arguments: object) -> Ran:
    return gnomon("scan", *arguments, "--year", "2026", "--format", "json")


def scanned(text: bytes = DNSMASQ, *options: object) -> None:
    Path("dns.log").write_bytes(text)
    assert scan("dns.log", *options).code == 0


def rescan(*options: object) -> dict[str, Any]:
    ran = gnomon("rescan", *options, "--format", "json")
    assert ran.code == 0, ran.err
    result: dict[str, Any] = ran.json()
    return result


def domains(db: Path = Path("gnomon.db")) -> list[str] | None:
    """Return the unknown domains that were kept of the only log."""
    with Reader(db, read_only=True) as store:
        row = store._one("SELECT domains FROM digest")
    assert row is not None
    return None if row["domains"] is None else unpacked(row["domains"])


def test_domains_that_nobody_knows_are_kept_and_names_of_devices_are_not() -> None:
    scanned()
    assert domains() == ["larkspur-writer.com", "pine.co.uk"]


def test_a_signature_that_comes_later_finds_a_kept_domain(own: Path) -> None:
    scanned()
    found = rescan("--signatures", own)
    assert [(one["product"], one["basis"], one["value"]) for one in found["found"]] == [
        ("Larkspur", "domain", "larkspur-writer.com")
    ]
    assert [one["name"] for one in found["new_because_we_know_more"]] == ["Larkspur"]
    (system,) = [
        one
        for one in gnomon("inventory", "list", "--format", "json").json()
        if one["name"] == "Larkspur"
    ]
    assert (system["evidence_level"], system["users"]) == ("resolved", 0)
    assert system["first_seen"].startswith("2026-11-21")


def test_the_changes_say_that_only_knowledge_is_new(own: Path) -> None:
    scanned()
    rescan("--signatures", own)
    found = gnomon("changes", "--since", 1, "--system", "larkspur", "--format", "json").json()
    assert [one["kind"] for one in found] == ["new_because_we_know_more", "new_supplier"]


def test_a_second_rescan_finds_nothing_new(own: Path) -> None:
    scanned()
    before = rescan("--signatures", own)
    after = rescan("--signatures", own)
    assert (len(before["found"]), after["found"], after["new_because_we_know_more"]) == (1, [], [])


def test_reading_the_log_again_takes_the_place_of_what_a_rescan_found(own: Path) -> None:
    scanned()
    rescan("--signatures", own)
    scan("dns.log", "--signatures", own)
    with Reader(Path("gnomon.db"), read_only=True) as store:
        assert store._all("SELECT * FROM by_rescan") == []
        (system,) = [one for one in store.systems() if one.name == "Larkspur"]
    assert (system.events, system.users) == (2, 2)


def test_a_log_read_again_with_new_signatures_is_known_better_and_not_new(own: Path) -> None:
    scanned()
    scan("dns.log", "--signatures", own)
    found = gnomon("changes", "--since", 1, "--system", "larkspur", "--format", "json").json()
    assert "new_because_we_know_more" in [one["kind"] for one in found]


def test_a_new_log_that_shows_a_new_system_is_news() -> None:
    Path("first.log").write_bytes(DNSMASQ.splitlines(keepends=True)[2])
    scan("first.log")
    scanned()
    found = gnomon("changes", "--since", 1, "--format", "json").json()
    assert [one["kind"] for one in found if one["system"]] == ["new_supplier", "new_system"]


def test_a_signature_for_a_host_below_a_domain_says_nothing_of_it(tmp_path: Path) -> None:
    scanned()
    folder = tmp_path / "own"
    folder.mkdir()
    exact = vendor("larkspur", detection("larkspur.web", exact=("larkspur-writer.com",)))
    (folder / "larkspur.yaml").write_text(write(exact))
    assert rescan("--signatures", folder)["found"] == []


def test_a_host_that_had_another_name_is_found(tmp_path: Path) -> None:
    scanned()
    folder = tmp_path / "own"
    folder.mkdir()
    other = vendor("larkspur", detection("larkspur.api", exact=("api.openai.com",)))
    (folder / "larkspur.yaml").write_text(write(other))
    found = rescan("--signatures", folder)["found"]
    assert [(one["product"], one["basis"], one["value"]) for one in found] == [
        ("Larkspur", "host", "api.openai.com")
    ]


def test_a_candidate_that_a_signature_names_by_now_is_found(tmp_path: Path) -> None:
    scanned(b"Nov 21 09:00:01 dnsmasq[1]: query[A] notchatgpt.example from 10.0.0.7\n")
    folder = tmp_path / "own"
    folder.mkdir()
    other = vendor("larkspur", detection("larkspur.web", suffix=("notchatgpt.example",)))
    (folder / "larkspur.yaml").write_text(write(other))
    found = rescan("--signatures", folder)
    assert [(one["basis"], one["value"]) for one in found["found"]] in (
        [("sign", "notchatgpt.example")],
        [],  # where no shape of the built-in base has it
    )


def test_the_words_say_what_is_new_and_what_was_not_kept(own: Path) -> None:
    scanned()
    ran = gnomon("rescan", "--signatures", own)
    assert "New only because we know more: Larkspur" in ran.out
    assert "not kept" not in ran.err


def test_of_screened_logs_no_domain_is_kept_and_that_is_said() -> None:
    scanned(SQUID, "--screen")
    assert domains() is None
    assert "of 1 of 1 logs only lines with a wanted name were read" in gnomon("rescan").err


def test_domains_are_packed_in_order_and_once() -> None:
    assert unpacked(packed(["b.com", None, "a.com", "b.com"])) == ["a.com", "b.com"]
    assert unpacked(packed([])) == []


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        (b"larkspur.com", "larkspur.com"),
        (b"pine.co.uk", "pine.co.uk"),
        (b"anas-laptop.lan", None),
        (b"co.uk", None),
        (b"0.7", None),
        (b"\xff\xfe.com\x00", None),
    ],
)
def test_only_names_that_a_registry_gives_are_domains(name: bytes, domain: str | None) -> None:
    assert known_domain(name) == domain


@pytest.mark.parametrize("spelling", [b"WWW.Pine.CO.UK.", b"www.pine.co.uk:443", "www.pine.co.uk"])
def test_a_table_keeps_the_end_of_a_name_once_however_it_is_spelled(spelling: bytes | str) -> None:
    table = HostTable(lambda _: False, tails=("openai.com",))
    unknown = table.keep_unknown()
    assert table[spelling] is None
    assert unknown == {b"pine.co.uk"}


def test_what_is_wanted_is_not_unknown() -> None:
    table = HostTable(lambda _: True, tails=("openai.com",))
    unknown = table.keep_unknown()
    assert (table[b"api.openai.com"], table[b"-"], unknown) == ("api.openai.com", "", set())


def test_of_too_many_names_the_shortest_stay_in_whatever_order_they_come() -> None:
    names = [b"%d.com" % number for number in range(MOST_UNKNOWN + 500)]
    one, other = set(names), set()
    for name in reversed(names):
        other.add(name)
    keep_shortest(one)
    keep_shortest(other)
    assert one == other == set(sorted(names, key=lambda name: (len(name), name))[:MOST_UNKNOWN])


@pytest.mark.parametrize(("options", "keeps"), [((), 1), (("--screen",), 0)])
def test_the_coverage_says_whether_unknown_domains_were_kept(
    options: tuple[str, ...], keeps: int
) -> None:
    scanned(SQUID, *options)
    with Reader(Path("gnomon.db"), read_only=True) as store:
        assert [one["keeps_domains"] for one in store.coverage()] == [keeps]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({b"a.com"}, {b"a.com", b"b.com"}, {b"a.com", b"b.com"}),
        ({b"a.com"}, None, None),
        (None, set(), None),
    ],
)
def test_parts_of_a_log_know_together_what_each_of_them_knows(
    one: set[bytes] | None, other: set[bytes] | None, both: set[bytes] | None
) -> None:
    whole = evidence.merge([(Findings(unknown=one), 0), (Findings(unknown=other), 5)])
    assert whole.unknown == both


def test_a_component_that_had_another_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    manifest = '[project]\nname = "app"\ndependencies = ["openai"]\n'
    (tmp_path / "app" / "pyproject.toml").write_text(manifest)
    assert scan("app").code == 0
    folder = tmp_path / "own"
    folder.mkdir()
    package = detection(
        "larkspur.package", Identifier.PACKAGE, EvidenceKind.BUILD, purl=("pkg:pypi/openai",)
    )
    (folder / "larkspur.yaml").write_text(write(vendor("larkspur", package)))
    found = rescan("--signatures", folder)["found"]
    assert [(one["basis"], one["value"]) for one in found] == [("component", "pkg:pypi/openai")]
    (system,) = gnomon("inventory", "list", "--format", "json").json()
    assert system["supplier"] == "Larkspur, OpenAI"
    assert rescan("--signatures", folder)["found"] == []
    kinds = [one["kind"] for one in gnomon("changes", "--since", 1, "--format", "json").json()]
    assert kinds == ["new_supplier", "supplier_changed", "component_changed"]
