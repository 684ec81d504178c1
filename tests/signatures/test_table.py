"""A table states a row each; a bad row is told by its line and hides no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.model import Category, Identifier
from signatures.assessment import Standing, assess
from signatures.importers import Stated, table


@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_table_states_a_row_each(separator: str, tmp_path: Path) -> None:
    path = tmp_path / "list"
    text = (
        "vendor,product,channel,value,source,note,category,colour\n"
        "Acme AI,Acme Chat,host, chat.acme.example ,https://acme.example/net,shared,assistant,red\n"
        "Acme AI,,env_var,ACME_API_KEY,https://acme.example/env,,,\n"
        "Acme AI,,domain_exact,acme.example,https://acme.example/,,robot,\n"
        "Acme AI,,host_pattern,*.acme.example,https://acme.example/\n"
        "Acme AI,,smoke_signal,puff,https://acme.example/,,,\n"
        "\n"
        "Acme AI,,purl,pkg:pypi/acme,https://pypi.org/project/acme,,,\n"
    )
    path.write_text(text.replace(",", separator), encoding="utf-8-sig")
    assert list(table.read(path)) == [
        Stated("Acme AI", "Acme Chat", Identifier.HOST, "chat.acme.example", "https://acme.example/net", "shared", Category.ASSISTANT),
        Stated("Acme AI", "Acme AI", Identifier.ENV, "ACME_API_KEY", "https://acme.example/env"),
        Stated("Acme AI", "Acme AI", Identifier.HOST, "acme.example", "https://acme.example/", how="exact"),
        Stated("Acme AI", "Acme AI", Identifier.HOST, "*.acme.example", "https://acme.example/", how="pattern"),
        Stated("Acme AI", "Acme AI", Identifier.PACKAGE, "pkg:pypi/acme", "https://pypi.org/project/acme"),
    ]  # fmt: skip


def test_a_table_knows_every_channel_by_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = "".join(f"Acme,{one.value},x,https://acme.example/\n" for one in Identifier)
    path.write_text("vendor,channel,value,source\n" + rows)
    assert [one.channel for one in table.read(path)] == list(Identifier)


def test_the_specificity_of_open_lists_is_a_note(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    header = "vendor,channel,value,source,specificity\n"
    path.write_text(f"{header}Acme,domain,cdn.example,https://acme.example/,shared\n")
    assert [one.note for one in table.read(path)] == ["shared"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [("", "vendor, channel, value, source"), ("vendor;channel\n", "vendor, channel, value, source"), ("vendor,value\n", "channel, source")],
)  # fmt: skip
def test_a_table_without_the_columns_it_needs_is_refused(
    text: str, missing: str, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(UsageError) as told:
        list(table.read(path))
    assert str(told.value) == f"{path}: no column {missing} in its header"


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^name the table to read$"):
        list(table.read(tmp_path))


# rows that are not as the header says


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            b"Acme,env,ACME_KEY,https://acme.example/,a note, with a comma\n",
            "more cells than columns",
        ),
        (b"Acm\xe9,env,ACME_KEY,https://acme.example/,\n", "not UTF-8"),
        (
            b"Acme,env," + b"A" * 200_000 + b",https://acme.example/,\n",
            "field larger than field limit (131072)",
        ),
    ],
    ids=["more cells than columns", "not UTF-8", "an enormous cell"],
)
def test_one_bad_row_of_a_table_is_doubtful_and_hides_no_other(
    row: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    good = b"Acme,env,ACME_API_KEY,https://acme.example/,\n"
    path.write_bytes(b"vendor,channel,value,source,note\n" + row + good)
    found = assess(table.read(path), lambda channel, value: None)
    assert [(one.standing, one.why) for one in found] == [
        (Standing.DOUBTFUL, f"SUSPECT: {path}:2: {told}"),
        (Standing.NEW, ""),
    ]
    assert found[1].stated.value == "ACME_API_KEY"


def test_a_quotation_mark_left_open_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = 'Acme,env,"ACME_KEY,https://acme.example/\nAcme,env,ACME_API_KEY,https://acme.example/\n'
    path.write_text("vendor,channel,value,source\n" + rows)
    (found,) = table.read(path)
    assert found.note.startswith(f"SUSPECT: {path}:3: a line break inside a cell")
