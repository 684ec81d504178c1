"""Who may own a system, in which order and why; whom a person confirmed; and who has left since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.downloads.directory import DOWNLOAD
from scanner.accounts.directory import Colleagues, heads
from scanner.config import Config
from scanner.errors import UsageError
from scanner.inventory.owners import Candidate, Ownership, candidates, confirm, owners, with_owners
from scanner.inventory.recording import RefusedError
from scanner.model import Claimed, Colleague, Head, Person, Record
from scanner.privacy import Privacy, Pseudonyms
from scanner.store import Store
from scanner.store.people_reads import StoredColleague
from tests.integrations.downloads.support import read
from tests.running import gnomon
from tests.support import at

NOW = at("2026-11-21T12:00:00Z")
PEOPLE = """Name,E-mail,Department,Manager,Active
Ana Baker,ana@harbour.example,Sales,Ben Carter,yes
Ben Carter,ben@harbour.example,Sales,Zoe Dune,yes
Cem Aydin,cem@harbour.example,Sales,Ben Carter,no
Zoe Dune,zoe@harbour.example,Board,,yes
"""
REGISTER = """Application,Vendor,Owner,Department,Status
ChatGPT Enterprise,OpenAI,cem@harbour.example,Sales,approved
"""
EXPENSES = """Employee,Email,Department,Vendor,Expense Amount,Currency,Expense Date,Memo
Ana,ana@harbour.example,Sales,OPENAI *CHATGPT SUBSCR,20,eur,2026-11-14,for a project
"""
PLAIN = Pseudonyms(b"", Privacy.IDENTIFIED)


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return scanned(PEOPLE)


def scanned(people: str, *files: str) -> Path:
    """Scan a directory of people with a register and expenses."""
    Path("people.csv").write_text(people)
    Path("register.csv").write_text(REGISTER)
    Path("expenses.csv").write_text(EXPENSES)
    given = files or ("people.csv", "register.csv", "expenses.csv")
    assert gnomon("scan", *given, "--db", "g.db").code == 0
    return Path("g.db")


def owned(db: Path) -> Ownership:
    with Store(db) as store:
        (found,) = owners(store, Config(db=str(db))).values()
    return found


def claimed(owner: str, confidence: float, source: str, reason: str = "why") -> Claimed:
    return Claimed(owner, reason, confidence, source)


def shown(found: tuple[Candidate, ...]) -> list[tuple[str, float, bool]]:
    return [(one.owner, one.confidence, one.has_left) for one in found]


def test_each_source_counts_once_and_those_who_left_come_last() -> None:
    found = candidates(
        [
            claimed("ana@x.example", 0.8, "code", "CODEOWNERS:3"),
            claimed("ana@x.example", 0.4, "code", "12 in the last year"),
            claimed("ANA@x.example", 0.6, "google", "consented for everyone"),
            claimed("ben@x.example", 0.7, "entra"),
            claimed("eve@x.example (has left)", 0.95, "entra"),
            claimed("joe@x.example", 0.9, "entra"),
        ],
        {"joe@x.example": StoredColleague("Sales", False)},
    )
    assert shown(found) == [
        ("ANA@x.example", 0.92, False),
        ("ben@x.example", 0.7, False),
        ("eve@x.example", 0.95, True),
        ("joe@x.example", 0.9, True),
    ]
    assert found[0].why == "CODEOWNERS:3; consented for everyone; 12 in the last year"


def test_who_has_left_by_one_of_two_accounts_has_not_left() -> None:
    left = claimed("eve@x.example (has left)", 0.6, "entra")
    here = Claimed("eve@x.example", "sponsor", 0.5, "google", is_here=True)
    (found,) = candidates([left, here], {})
    assert (found.has_left, found.is_disputed) == (False, True)
    assert found.why == "why; sponsor; has left by one account and not by another"
    named = claimed("eve@x.example", 0.5, "code")  # who only names them says nothing of it
    (found,) = candidates([left, named], {})
    assert (found.has_left, found.is_disputed) == (True, False)
    (found,) = candidates([left], {"eve@x.example": StoredColleague("Sales", True)})
    assert (found.has_left, found.is_disputed) == (False, True)


def test_a_code_and_its_address_are_one_person() -> None:
    found = candidates(
        [
            claimed("u-0123456789abcdef0123", 0.4, "expenses", "paid"),
            claimed("ana@x.example", 0.5, "entra"),
        ],
        {},
        lambda name: "u-0123456789abcdef0123" if name == "ana@x.example" else name,
    )
    assert shown(found) == [("ana@x.example", 0.7, False)]


def test_one_display_name_is_not_one_person() -> None:
    found = candidates([claimed("Ana Baker <a@x.example>", 0.5, "one"),
                        claimed("Ana Baker <b@x.example>", 0.5, "two")], {})  # fmt: skip
    assert [one.confidence for one in found] == [0.5, 0.5]


def test_the_order_of_claims_says_nothing() -> None:
    given = [claimed(f"p{n % 3}@x.example", 0.1 * n, f"s{n % 2}") for n in range(1, 9)]
    assert candidates(given, {}) == candidates(given[::-1], {})


def test_a_directory_leads_to_who_heads_the_unit_and_who_has_left(db: Path) -> None:
    found = owned(db)
    ben, ana, cem = found.candidates
    assert shown((ben, cem)) == [
        ("ben@harbour.example", 0.5, False),
        ("cem@harbour.example", 0.8, True),
    ]
    assert (ana.owner[:2], ana.confidence, ana.has_left) == (
        "u-",
        0.4,
        False,
    )  # a code: she only paid
    assert [one.why for one in found.candidates] == [
        "leads Sales, whose people use it most (1)",
        "paid most of it in expenses",
        "named in the organisation's own register",
    ]
    assert {one.unit for one in found.candidates} == {"Sales"}
    claim = found.claim
    assert claim is not None
    assert (claim.owner, claim.confirmed_by) == ("ben@harbour.example", None)


def test_what_order_sources_come_in_changes_nothing(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = owned(db).candidates
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    (tmp_path / "other" / "g.key").write_bytes((tmp_path / "g.key").read_bytes())
    for name in ("expenses.csv", "people.csv", "register.csv"):
        scanned(PEOPLE, name)
    assert owned(Path("g.db")).candidates == before


def test_an_owner_is_confirmed_by_a_person_and_stays_through_scans(db: Path) -> None:
    told = ("--by", "Zoe", "--reason", "leads Sales", "--db", db)
    ran = gnomon("inventory", "owner", "ChatGPT", "ben@harbour.example", *told)
    assert (ran.code, ran.out) == (0, "ChatGPT: ben@harbour.example answers for it\n")
    scanned(PEOPLE)
    (row,) = gnomon("inventory", "owners", "--db", db, "--format", "json").json()
    assert (row["owner"], row["unit"], row["status"], row["confirmed_by"], row["stale"]) == (
        "ben@harbour.example", "Sales", "confirmed", "Zoe", "",
    )  # fmt: skip
    table = gnomon("inventory", "show", "ChatGPT", "--db", db).out
    assert "owner           ben@harbour.example (confirmed by Zoe)" in table


def test_a_candidate_is_said_to_be_one(db: Path) -> None:
    table = gnomon("inventory", "show", "ChatGPT", "--db", db).out
    assert "owner           ben@harbour.example? (a candidate: leads Sales" in table
    entry = gnomon("inventory", "show", "ChatGPT", "--db", db, "--format", "json").json()
    assert (entry["owner"]["owner"], entry["owner"]["confirmed_by"]) == (
        "ben@harbour.example", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("people", "stale"),
    [
        (PEOPLE.replace("Zoe Dune,yes", "Zoe Dune,no"), "has left, as the directory says"),
        ("".join(one for one in PEOPLE.splitlines(True) if not one.startswith("Ben")),
         "is in no directory any more"),
    ],
)  # fmt: skip
def test_an_owner_who_left_since_is_stale(db: Path, people: str, stale: str) -> None:
    told = ("--by", "Zoe", "--reason", "leads Sales", "--db", db)
    gnomon("inventory", "owner", "ChatGPT", "ben@harbour.example", *told)
    listed = ("inventory", "owners", "--only", "stale", "--db", db, "--format", "json")
    assert gnomon(*listed).json() == []
    scanned(people)
    (row,) = gnomon(*listed).json()
    assert (row["owner"], row["stale"]) == ("ben@harbour.example", stale)
    assert f"who {stale}" in gnomon("inventory", "show", "ChatGPT", "--db", db).out


def test_who_no_directory_knows_is_not_stale(db: Path) -> None:
    told = ("--by", "Zoe", "--reason", "a partner", "--unit", "Outside", "--db", db)
    gnomon("inventory", "owner", "ChatGPT", "Pat of Partner & Co", *told)
    found = owned(db)
    assert (found.unit, found.stale) == ("Outside", "")


def test_who_has_left_cannot_be_confirmed(db: Path) -> None:
    with Store(db) as store, pytest.raises(RefusedError, match="has left"):
        (system,) = store.systems()
        confirm(
            store, Config(db=str(db)), system.id, "cem@harbour.example", "why", "Zoe", NOW
        )  # fmt: skip
    with Store(db) as store, pytest.raises(UsageError, match="needs a name"):
        confirm(store, Config(db=str(db)), system.id, " ", "why", "Zoe", NOW)


def test_without_the_key_nobody_is_said_to_have_left(db: Path) -> None:
    Path("g.key").unlink()
    assert "cem@harbour.example" in [
        one.owner for one in owned(db).candidates if one.unit == "" and one.confidence == 0.8
    ]


def test_systems_carry_their_owner(db: Path) -> None:
    with Store(db) as store:
        (system,) = with_owners(store.systems(), store, Config(db=str(db)))
    assert system.owner is not None
    assert system.owner.owner == "ben@harbour.example"


def test_people_are_stored_by_code_alone(db: Path) -> None:
    for person in (b"Ana Baker", b"zoe@harbour.example", b"Zoe Dune"):
        for file in Path.cwd().glob("g.db*"):
            assert person not in file.read_bytes()


def people(*listed: Person) -> Iterator[Record]:
    yield from listed


def test_a_chain_of_managers_ends_inside_the_unit() -> None:
    listed = (
        Person("a", "a@x", "Sales", "lead"),
        Person("b", "b@x", "Sales", "lead"),
        Person("lead", "lead@x", "Sales", "head"),
        Person("head", "head@x", "Sales", "boss", is_active=True),
        Person("boss", "boss@x", "Board"),
        Person("loop", "loop@x", "Circle", "pool"),
        Person("pool", "pool@x", "Circle", "loop"),
        Person("c", "c@x", "Law", "Nobody Listed"),
    )
    found = heads(lambda: people(*listed))
    assert found == heads(lambda: people(*listed[::-1]))
    assert found == (
        Head("Circle", "pool@x", 2, None),
        Head("Law", "Nobody Listed", 1, None),
        Head("Sales", "head@x", 4, True),
    )


def test_a_directory_is_read_when_it_is_stored() -> None:
    listed = Colleagues(lambda: people(Person("a", "a@x", "Sales", is_active=False)), PLAIN)
    assert list(listed) == list(listed) == [("a@x", Colleague("Sales", False))]


def test_a_table_of_people() -> None:
    text = (
        "E-Mail;Name;Abteilung;Vorgesetzte;Status\n"
        "Ana@x.example;Ana;Vertrieb;Zoe@x.example;aktiv\n"
        "nobody;Ben;Vertrieb;;ja\n"
        "cem@x.example;Cem;;Ana;perhaps\n"
    )
    assert read(DOWNLOAD, text, {"email": 1, "active": 1}) == [
        Person("ana@x.example", "Ana@x.example", "Vertrieb", "zoe@x.example", True, "Ana"),
        Person("cem@x.example", "cem@x.example", "", "Ana", None, "Cem"),
    ]
