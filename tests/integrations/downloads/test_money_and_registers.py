"""Expenses, discovered applications, and the organisation's own register."""

import pytest

from integrations.downloads.discovered_apps import DOWNLOAD as DISCOVERED
from integrations.downloads.expenses import DOWNLOAD as EXPENSES
from integrations.downloads.register import DOWNLOAD as REGISTER
from scanner.model import Activity, App, Entry, Identifier, Record, Spend
from tests.integrations.downloads.support import read
from tests.support import at


def _merchant(name: str) -> App:
    return App(
        name,
        name,
        identifiers=((Identifier.CARD_DESCRIPTOR, name),),
        kind="merchant",
        is_named_by_catalogue=True,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
        "11/14/2026,11/15/2026,OPENAI *CHATGPT  SUBSCR,Software,Sale,-20.00,\n"
        "11/16/2026,11/16/2026,OPENAI *CHATGPT  SUBSCR,Software,Sale,-20.50,\n"
        "11/20/2026,11/20/2026,OPENAI *CHATGPT  SUBSCR,Software,Return,5.00,\n",
        "Buchungstag;Empfänger;Betrag\n"
        "14.11.2026;OPENAI *CHATGPT SUBSCR;-20,00\n"
        "16.11.2026;OPENAI *CHATGPT SUBSCR;-20,50\n"
        "20.11.2026;OPENAI *CHATGPT SUBSCR;5,00\n",
        "Date,Merchant,Amount\n"
        "2026-11-14,OPENAI *CHATGPT SUBSCR,$20.00\n"
        "2026-11-16,OPENAI *CHATGPT SUBSCR,$20.50\n"
        "2026-11-20,OPENAI *CHATGPT SUBSCR,($5.00)\n",
    ],
    ids=["Chase", "a German bank", "charges without a sign"],
)
def test_charges_are_positive_however_a_bank_signs_them(text: str) -> None:
    name = "OPENAI *CHATGPT SUBSCR"
    assert read(EXPENSES, text) == [
        _merchant(name),
        Spend(name, 20.0, when=at("2026-11-14T00:00:00Z")),
        Spend(name, 20.5, when=at("2026-11-16T00:00:00Z")),
        Spend(name, -5.0, when=at("2026-11-20T00:00:00Z")),
    ]


def test_an_expense_has_a_person_a_unit_and_a_currency() -> None:
    text = (
        "Employee,Email,Department,Vendor,Expense Amount,Currency,Expense Date,Memo\n"
        "Ana,ana@harbour.example,Sales,Cursor,20,eur,2026-11-14,for a project\n"
        "Ana,ana@harbour.example,Sales,Cursor,n/a,eur,2026-11-14,\n"
    )
    assert read(EXPENSES, text, bad={"amount": 1}) == [
        _merchant("Cursor"),
        Spend("Cursor", 20.0, "EUR", "ana@harbour.example", "Sales", at("2026-11-14T00:00:00Z")),
    ]


def test_the_words_of_the_statement_identify_a_merchant_too() -> None:
    text = (
        "Date,Description,Card Member,Amount,Appears On Your Statement As\n"
        "11/19/2026,OpenAI,ANA,20.00,OPENAI *CHATGPT\n"
    )
    app = read(EXPENSES, text)[0]
    assert isinstance(app, App)
    assert [value for _, value in app.identifiers] == ["OpenAI", "OPENAI *CHATGPT"]


def test_a_discovered_application_has_its_traffic_and_tags() -> None:
    text = (
        "Application,Category,Risk Level,Status,Domains,Users,Bytes Uploaded,Last seen\n"
        'ChatGPT,AI,Medium,Unsanctioned,"chatgpt.com, openai.com",41,1 GB,2026-11-19\n'
    )
    assert read(DISCOVERED, text, bad={}) == [
        App(
            "chatgpt",
            "ChatGPT",
            domains=("chatgpt.com", "openai.com"),
            kind="AI",
            is_named_by_catalogue=True,
        ),
        Activity(
            "chatgpt",
            when=at("2026-11-19T00:00:00Z"),
            people=41,
            bytes_up=1_000_000_000,
            detail="Unsanctioned",
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Application,Vendor,Owner,Department,Status,URL,Since\n"
        "Claude,Anthropic,Ana,Legal,approved,https://claude.ai,2026-03-02\n",
        "Name,Supplier,Responsible,Business unit,Status,Website,Approved on\n"
        "Claude,Anthropic,Ana,Legal,approved,https://claude.ai,2 March 2026\n",
        "Anwendung;Hersteller;Ansprechpartner;Abteilung;Freigabe;Webseite;Seit\n"
        "Claude;Anthropic;Ana;Legal;approved;https://claude.ai;02.03.2026\n",
        "Outil;Éditeur;Responsable;Service;Statut;Site web;Depuis\n"
        "Claude;Anthropic;Ana;Legal;approved;https://claude.ai;2 mars 2026\n",
        "Herramienta;Proveedor;Responsable;Área;Estado;Sitio web;Desde\n"
        "Claude;Anthropic;Ana;Legal;approved;https://claude.ai;2 de marzo de 2026\n",
    ],
    ids=["English", "other English", "German", "French", "Spanish"],
)
def test_a_register_in_each_language(text: str) -> None:
    expected: list[Record] = [
        App(
            "claude",
            "Claude",
            publisher="Anthropic",
            urls=("https://claude.ai",),
            is_named_by_catalogue=True,
        ),
        Entry("claude", "Ana", "Legal", "approved", at("2026-03-02T00:00:00Z")),
    ]
    assert read(REGISTER, text) == expected
