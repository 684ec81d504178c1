"""The organisation's own register beside the inventory: matched, proposed, ambiguous, and what is only in one."""

import csv
import io
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from integrations.registers import Register
from scanner.errors import SourceError
from scanner.inventory.reconcile import Line, Status, reconcile
from scanner.inventory.register_targets import Grade, Targets
from scanner.model.register import About, RegisterRow
from scanner.store import Store
from tests.running import gnomon
from tests.support import the_base, within

_CONNECT = (
    "1795226310.{0:03d}     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT {1}:443 ana "
    "HIER_DIRECT/203.0.113.7 -\n"
)
# Five products with their suppliers, and a host that shows each.
PRODUCTS = {
    "ChatGPT": ("OpenAI", "chatgpt.com"),
    "Claude": ("Anthropic", "claude.ai"),
    "GitHub Copilot": ("GitHub", "api.githubcopilot.com"),
    "Perplexity": ("Perplexity AI", "www.perplexity.ai"),
    "Cursor": ("Anysphere", "api2.cursor.sh"),
}
_SPELLINGS = (
    "{n}", "{l}", "{u}", "{w}", "  {n} ", "{v} {n}", "{n} ({v})", "{n} [{v}]", "{n} by {v}",
    "{v} - {n}", "{v}: {n}", "{n}, {v} Inc.", "{n} Enterprise", "{n} Team", "{n} Pro", "{n} Plus",
    "{n}_Enterprise", "{n}\u00a0Free", "{n} 2", "{n} v3", "{v} {n} Business", "{n} for Windows",
    "{n} (20 licences)", "{n} Subscription", "{n} Desktop App",
)  # fmt: skip
PACKAGE = '{"name": "quote-desk", "dependencies": {"openai": "^4.0.0"}}'


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reconcile")
    lines = (_CONNECT.format(n, host) for n, (_, host) in enumerate(PRODUCTS.values()))
    (folder / "access.log").write_text("".join(lines))
    tree = folder / "quote-desk"
    tree.mkdir()
    (tree / "package.json").write_text(PACKAGE)
    (tree / "index.js").write_text('import OpenAI from "openai";\n')
    ran = gnomon("scan", folder / "access.log", tree, "--db", folder / "g.db")
    assert ran.code == 0
    return folder / "g.db"


@pytest.fixture
def store(db: Path) -> Iterator[Store]:
    with Store(db) as opened:
        yield opened


def row(name: str, vendor: str = "", number: int = 2, **values: Any) -> RegisterRow:
    return RegisterRow(number, "", About.SYSTEM, name, vendor, **values)


def compared(store: Store, *rows: RegisterRow) -> list[Line]:
    return list(reconcile(rows, store, store.systems(), the_base().matcher))


def told(store: Store, *rows: RegisterRow) -> list[tuple[str, str, str]]:
    """Return the lines about rows: status, name and grade."""
    lines = compared(store, *rows)
    return [
        (one.status.value, one.name, one.grade)
        for one in lines
        if one.status is not Status.NOT_REGISTERED
    ]


def spellings(name: str, vendor: str) -> list[str]:
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in name)
    return [
        one.format(n=name, v=vendor, l=name.lower(), u=name.upper(), w=wide) for one in _SPELLINGS
    ]


@pytest.mark.parametrize("is_vendor_said", [False, True])
def test_a_product_under_twenty_spellings_is_one_row(store: Store, is_vendor_said: bool) -> None:
    rows = [
        row(spelling, vendor if is_vendor_said else "")
        for name, (vendor, _) in PRODUCTS.items()
        for spelling in spellings(name, vendor)
    ]
    random.Random(42001).shuffle(rows)
    lines = [one for one in compared(store, *rows) if one.status is not Status.NOT_REGISTERED]
    assert [(one.status.value, one.name, one.entries) for one in lines] == [
        ("in_both", name, len(_SPELLINGS)) for name in sorted(PRODUCTS, key=str.casefold)
    ]
    assert len(_SPELLINGS) >= 20


def test_no_two_suppliers_are_one(store: Store) -> None:
    """Every product of every curated supplier, by name and supplier, stays with that supplier."""
    vendors = [one for one in the_base().pack.vendors if one.tier == "curated"]
    rows = [row(p.name, one.name, n) for n, one in enumerate(vendors) for p in one.products]
    known = {n: one.name for n, one in enumerate(vendors)}
    for one in compared(store, *rows):
        suppliers = {known[int(each.removeprefix("row "))] for each in one.rows}
        assert len(suppliers) <= 1, one
        assert not one.supplier or suppliers <= set(one.supplier.split(", ")), one


def test_one_name_of_two_vendors_is_two_lines(store: Store) -> None:
    lines = compared(
        store, row("Claude", "Anthropic"), row("Claude", "Acme"), row("Claude", "Beta")
    )
    about = [(one.status.value, one.supplier, one.register_vendor) for one in lines if one.entries]
    assert about == [
        ("in_both", "Anthropic", "Anthropic"),
        ("never_seen", "", "Acme"),
        ("never_seen", "", "Beta"),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row("Our chat", urls=("https://chatgpt.com/",)), ("in_both", "ChatGPT", "key")),
        (row("Our chat", client_ids=("e0476654-c1d5-430b-ab80-70cbd947616a",)),
         ("in_both", "ChatGPT", "key")),
        (row("The SDK", purls=("pkg:npm/openai",)), ("in_both", "quote-desk", "key")),
        (row("ChatGPT"), ("in_both", "ChatGPT", "exact")),
        (row("ChatGPT Enterprise"), ("in_both", "ChatGPT", "alias")),
        (row("OpenAI's ChatGPT v5"), ("never_seen", "", "")),
        (row("OpenAI ChatGPT v5"), ("in_both", "ChatGPT", "vendor prefix")),
        (row("Quote Desk"), ("in_both", "quote-desk", "exact")),
        (row("ChatGPR"), ("proposed", "ChatGPT", "near")),
        (row("ChatGP"), ("proposed", "ChatGPT", "near")),
        (row("Chatter"), ("never_seen", "", "")),
        (row("gpt-4o", "OpenAI", model="gpt-4o"), ("in_both", "quote-desk", "alias")),
        (row("Our chat", "Acme", urls=("https://chatgpt.com/",)), ("proposed", "ChatGPT", "near")),
        (row("Claude", urls=("https://chatgpt.com/",)), ("ambiguous", "ChatGPT, Claude", "key")),
        (row("DeepL"), ("never_seen", "DeepL Translator and Write", "alias")),
        (row("=1+1"), ("never_seen", "", "")),
        (row("ChatGPT-4o"), ("in_both", "ChatGPT", "vendor prefix")),
        (row("ChatGPT Plus (20 Lizenzen) \U0001f680"), ("in_both", "ChatGPT", "vendor prefix")),
        (row("ChatGPT für Unternehmen"), ("in_both", "ChatGPT", "vendor prefix")),
        (row("ChatGPT\u200f", "OpenAI Ireland Ltd."), ("in_both", "ChatGPT", "exact")),
        (row("\u0421hatGPT"), ("proposed", "ChatGPT", "near")),  # begins with a Cyrillic letter
        (row("Copilot", "GitHub, Inc."), ("in_both", "GitHub Copilot", "vendor prefix")),
        (row("Copilot", "Microsoft"), ("never_seen", "Microsoft Copilot", "alias")),
        (row("Copilot"), ("ambiguous", "GitHub Copilot, Microsoft Copilot", "alias")),
        (row("Gemini", "Gemini Trust Company"), ("never_seen", "", "")),
        (row("GPT-4"), ("proposed", "quote-desk", "near")),
        (row("GPT-4", "Acme"), ("never_seen", "", "")),
        (row("OpenAI"), ("proposed", "ChatGPT", "near")),
        (row("Anthropic PBC", "Anthropic"), ("proposed", "Claude", "near")),
        (row("n/a"), ("never_seen", "", "")),
        (row("Cursor", "Cursor"), ("in_both", "Cursor", "exact")),
        (row("Claude", "Claude GmbH"), ("proposed", "Claude", "near")),  # a florist's, perhaps
    ],
    ids=lambda one: one.name if isinstance(one, RegisterRow) else "",
)  # fmt: skip
def test_how_a_row_is_matched(
    store: Store, given: RegisterRow, expected: tuple[str, str, str]
) -> None:
    assert told(store, given) == [expected]


def test_a_component_is_in_both_and_registers_nothing(store: Store) -> None:
    lines = compared(store, row("OpenAI API", "OpenAI"), row("quote-desk"))
    assert [(one.status.value, one.register_name, one.note) for one in lines if one.entries] == [
        ("in_both", "OpenAI API", "as a component of what is built here"),
        ("in_both", "quote-desk", ""),
    ]
    (line, *_) = compared(store, row("OpenAI API", "OpenAI"))
    assert line.status is Status.IN_BOTH
    assert "quote-desk" in [
        one.name
        for one in compared(store, row("OpenAI API", "OpenAI"))
        if one.status is Status.NOT_REGISTERED
    ]


def test_what_is_seen_and_not_registered_is_listed(store: Store) -> None:
    lines = compared(store, row("ChatGPT"), row("Claud"))
    unregistered = {one.name: one.note for one in lines if one.status is Status.NOT_REGISTERED}
    assert set(unregistered) == {*PRODUCTS, "quote-desk"} - {"ChatGPT"}
    assert unregistered["Claude"] == "perhaps row 2, for a person to say"


def test_never_seen_is_said_as_far_as_the_sources_allow(store: Store) -> None:
    lines = compared(
        store, row("DeepL"), row("Nobody Knows"), row("Nor this", urls=("https://x.example",))
    )
    notes = [one.note for one in lines if one.status is Status.NEVER_SEEN]
    assert notes == [
        "not seen in code, logs of 2026-11-21 to 2026-11-21",
        "cannot tell: no signature knows it; add its address or client id to the register",
        "cannot tell: no signature knows its keys; write one, see `gnomon signatures`",
    ]


def test_a_log_in_which_no_ai_is_was_looked_at(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(_CONNECT.format(1, "www.bbc.co.uk"))
    gnomon("scan", tmp_path / "access.log", "--db", tmp_path / "g.db")
    with Store(tmp_path / "g.db") as store:
        (line,) = compared(store, row("ChatGPT"))
    assert line.note == "not seen in logs of 2026-11-21 to 2026-11-21"


def test_a_source_that_was_not_whole_weakens_never_seen(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(_CONNECT.format(1, "chatgpt.com"))
    (tmp_path / "other.log").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\0broken")
    gnomon("scan", tmp_path / "access.log", tmp_path / "other.log", "--db", tmp_path / "g.db")
    with Store(tmp_path / "g.db") as store:
        notes = [one.note for one in compared(store, row("DeepL")) if one.entries]
    assert notes[0].endswith("; but 1 sources were not read whole")


def test_a_system_id_of_ours_is_the_strongest_key(store: Store) -> None:
    (system,) = [one for one in store.systems() if one.name == "Claude"]
    assert told(store, row("whatever", system=system.id)) == [("in_both", "Claude", "key")]


def test_a_supplier_is_matched_to_suppliers_alone(store: Store) -> None:
    rows = [
        RegisterRow(2, "", About.SUPPLIER, "OpenAI, Inc."),
        RegisterRow(3, "", About.SUPPLIER, "Open Text"),
    ]
    lines = [one for one in compared(store, *rows) if one.entries]
    assert [(one.status.value, one.name) for one in lines] == [
        ("in_both", "ChatGPT, quote-desk"),
        ("never_seen", ""),
    ]


def test_what_people_merged_is_one_row(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "g.db"
    copy.write_bytes(db.read_bytes())
    (tmp_path / "g.key").write_bytes(db.with_suffix(".key").read_bytes())
    told_by = ("--by", "Ana", "--reason", "one contract", "--db", copy)
    assert gnomon("inventory", "merge", "ChatGPT", "Claude", *told_by).code == 0
    with Store(copy) as store:
        assert told(store, row("ChatGPT"), row("Claude")) == [("in_both", "ChatGPT", "exact")]


def test_the_order_of_rows_changes_no_line_that_is_known(store: Store) -> None:
    rows = [row("ChatGPT"), row("chat gpt"), row("Claud"), row("OpenAI ChatGPT"), row("DeepL")]
    first = told(store, *rows)
    assert first == told(store, *rows[::-1])


def test_the_rows_and_spellings_that_a_line_names_are_bounded(store: Store) -> None:
    rows = [row(f"ChatGPT v{n}", number=n) for n in range(1, 60)]
    (line,) = [one for one in compared(store, *rows) if one.entries]
    assert (line.entries, len(line.rows), len(line.spellings)) == (59, 20, 20)


def test_grades_are_ordered(store: Store) -> None:
    targets = Targets(store, store.systems(), the_base().matcher)
    assert targets.match(row("ChatGPT")).grade is Grade.EXACT
    assert targets.match(row("x")).targets == ()


CISO_BOOK: dict[str, list[list[Any]]] = {
    "Entities": [["ref_id", "name", "description", "mission"], ["E1", "OpenAI", "", ""]],
    "Solutions": [
        ["ref_id", "name", "description", "provider_entity_ref_id", "criticality"],
        ["S1", "ChatGPT (OpenAI)", "", "E1", 3],
    ],
}
SHAPES = {
    "CISO Assistant assets": (
        "ref_id,name,description,domain,type,asset_class,reference_link,filtering_labels\n"
        "A1,ChatGPT,,Global,SP,assetClassSaas,https://chatgpt.com,ai\n"
    ),
    "Probo AI systems": (
        "name,version,companyRoles,status,ownerId,source,purpose,intendedUseCases\n"
        "ChatGPT,,USER,ACTIVE,u1,vendor,,\n"
    ),
    "VerifyWise tools": (
        "name,vendor,domains,status,risk_score,trains_on_data\n"
        'ChatGPT,OpenAI,"[""chatgpt.com""]",approved,4,false\n'
    ),
    "OpenGRC applications": "name,description,vendor_id,application_owner_id,url,status\nChatGPT,,OpenAI,Ana,,Approved\n",
    "ServiceNow": "sys_id,name,manufacturer,owned_by,install_status\nx1,ChatGPT,OpenAI,Ana,Installed\n",
    "a spreadsheet": "Register of AI\n\nAnwendung;Hersteller;Verantwortlicher;Status\nChatGPT;OpenAI;Ana;frei\n",
}


def written(folder: Path, text: str | bytes, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("shape", SHAPES)
def test_exports_of_governance_tools(shape: str, store: Store, tmp_path: Path) -> None:
    register = Register(written(tmp_path, SHAPES[shape]))
    assert register.shapes == [shape]
    assert {one[:2] for one in told(store, *register)} == {("in_both", "ChatGPT")}
    assert register.bad == {}


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("VerifyWise vendors", "vendor_name,vendor_provides,website\nOpenAI,chat,https://openai.com\n"),
        ("Comp AI vendors", "name,description,category,website,isSubProcessor\nOpenAI,,other,,true\n"),
        ("Probo third parties", "name,legal_name,website_url\nOpenAI,OpenAI OpCo LLC,\n"),
        ("a spreadsheet", "Supplier;Status\nOpenAI;approved\n"),
    ],
)  # fmt: skip
def test_lists_of_suppliers(shape: str, text: str, tmp_path: Path) -> None:
    register = Register(written(tmp_path, text))
    assert register.shapes == [shape]
    assert [(one.about, one.name) for one in register] == [(About.SUPPLIER, "OpenAI")]


def test_models_of_verifywise(store: Store, tmp_path: Path) -> None:
    text = "provider,model,version,capabilities,status\nOpenAI,gpt-4o,,chat,Approved\n"
    (found,) = Register(written(tmp_path, text))
    assert (found.name, found.vendor, found.model) == ("gpt-4o", "OpenAI", "gpt-4o")


def test_a_workbook_of_suppliers_and_their_systems(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in CISO_BOOK.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(tmp_path / "tprm.xlsx")
    register = Register(tmp_path / "tprm.xlsx")
    assert [(one.about, one.name, one.vendor) for one in register] == [
        (About.SUPPLIER, "OpenAI", "OpenAI"),
        (About.SYSTEM, "ChatGPT (OpenAI)", "OpenAI"),
    ]
    assert register.shapes == ["CISO Assistant entities", "CISO Assistant solutions"]


def test_rows_are_told_by_their_place(tmp_path: Path) -> None:
    text = (
        "Our register\n\nApplication,Vendor\nChatGPT,OpenAI\n,\n,Acme\na,b,c,d\nClaude,Anthropic\n"
    )
    register = Register(written(tmp_path, text))
    assert [(one.number, one.name) for one in register] == [(4, "ChatGPT"), (8, "Claude")]
    assert register.bad == {"rows without a name": 1, "torn rows": 1}


@pytest.mark.parametrize("content", [b"", b"x", b"a,b\n1,2\n", b"\0" * 99, b"PK\x03\x04xx", b"{}"])
def test_what_is_no_register_is_said(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no heading names AI systems"):
        Register(written(tmp_path, content))


def test_the_command_changes_neither_and_prints_hostile_names_as_text(
    db: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, "Application,Vendor\nChatGPT,OpenAI\n=cmd|x,\x1b[2J\n@sum,\n")
    before = (file.read_bytes(), db.read_bytes())
    ran = gnomon("inventory", "reconcile", file, "--db", db)
    assert (ran.code, "\x1b" in ran.out) == (0, False)
    listed = gnomon("inventory", "reconcile", file, "--db", db, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert {one["register_name"] for one in rows} == {"ChatGPT", "'=cmd|x", "'@sum", ""}
    assert (file.read_bytes(), db.read_bytes()) == before
    assert "register.csv (a spreadsheet): 1 in both, 5 not registered, 2 never seen" in ran.err


def test_a_workbook_is_written_once_and_holds_no_formula(db: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "Application,Vendor\nChatGPT,OpenAI\n=1+1,\n")
    told_to = ("--db", db, "--format", "xlsx", "--out", tmp_path / "out.xlsx")
    assert gnomon("inventory", "reconcile", file, *told_to).code == 0
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cells = [cell for cells in sheet.iter_rows() for cell in cells]
    assert "=1+1" in [one.value for one in cells]
    assert {one.data_type for one in cells} <= {"s", "n"}
    again = gnomon("inventory", "reconcile", file, *told_to)
    assert (again.code, "nothing is overwritten" in again.err) == (2, True)
    ran = gnomon("inventory", "reconcile", file, "--db", db, "--format", "xlsx")
    assert (ran.code, "belong together" in ran.err) == (2, True)


def large(path: Path, rows: int) -> Path:
    chance = random.Random(42001)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Application", "Vendor", "Status", "Website"])
        for number in range(rows):
            if number % 4 == 0:
                writer.writerow([chance.choice(list(PRODUCTS)), "", "x", ""])
            else:
                site = f"https://a{number}.example.org" if number % 3 == 0 else ""
                writer.writerow([f"Application {number}", chance.choice(["Acme", ""]), "x", site])
    return path


def test_a_hundred_thousand_rows_take_seconds(store: Store, tmp_path: Path) -> None:
    register = Register(large(tmp_path / "register.csv", 100_000))
    with within(20):
        lines = sum(1 for _ in reconcile(register, store, store.systems(), the_base().matcher))
    assert lines == 75_000 + len(PRODUCTS) + 1


def test_memory_does_not_grow_with_the_register(store: Store, tmp_path: Path) -> None:
    """What stays of a row that nobody knows is a hash and a count, and not its text."""

    def peak(rows: int) -> int:
        register = Register(large(tmp_path / f"{rows}.csv", rows))
        tracemalloc.start()
        try:
            for _ in reconcile(register, store, store.systems(), the_base().matcher):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)  # what is made once
    assert peak(30_000) - peak(10_000) < 20_000 * 200
