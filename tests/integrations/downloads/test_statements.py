"""Statements of banks, cards and expense tools in the shapes that these write: what went out, to whom."""

import pytest

from integrations.downloads.expenses import DOWNLOAD as EXPENSES
from scanner.model import Spend
from tests.integrations.downloads.support import read

_SHAPES = {
    "Expensify": (
        'Timestamp,Merchant,Amount,Category,"Original Currency","Original Amount"\n'
        "2026-10-01 00:00:00,Midjourney,27.60,Software,EUR,30.00\n",
        [("Midjourney", 27.6, "")],
    ),
    "Concur, whose first column of vendors is empty": (
        "Report Entry Transaction Date,Journal Amount,Report Entry Vendor Description,"
        "Report Entry Vendor Name\n2026-09-02,20.00,,OPENAI\n",
        [("OPENAI", 20.0, "")],
    ),
    "Revolut, of which one payment went back and one came in": (
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD_PAYMENT,Current,2026-01-15 10:00:00,2026-01-15 14:00:00,Claude,-18.00,0,EUR,COMPLETED,1\n"
        "TOPUP,Current,2026-01-17 08:00:00,2026-01-17 08:01:00,Top-Up,2000.00,0,EUR,COMPLETED,1\n"
        "TOPUP,Current,2026-01-18 08:00:00,2026-01-18 08:01:00,Top-Up,2000.00,0,EUR,COMPLETED,1\n",
        [("Claude", 18.0, "EUR"), ("Top-Up", -2000.0, "EUR"), ("Top-Up", -2000.0, "EUR")],
    ),
    "N26, whose currency is in the heading": (
        '"Booking Date","Partner Name","Partner Iban","Amount (EUR)"\n2026-09-01,OPENAI,,-23.00\n',
        [("OPENAI", 23.0, "EUR")],
    ),
    "Qonto": (
        "Status,Settlement date (UTC),Total amount (incl. VAT),Currency,Counterparty name\n"
        "settled,2026-01-10 08:00:00,-24.00,EUR,MISTRAL AI\n",
        [("MISTRAL AI", 24.0, "EUR")],
    ),
    "a Sparkasse, umlauts as two letters": (
        '"Buchungstag";"Valutadatum";"Verwendungszweck";"Beguenstigter/Zahlungspflichtiger";"Betrag";'
        '"Waehrung"\n"03.06.26";"03.06.26";"x";"OPENAI";"-23,00";"EUR"\n'
        '"04.06.26";"04.06.26";"x";"Kunde";"1.000,00";"EUR"\n',
        [("OPENAI", 23.0, "EUR"), ("Kunde", -1000.0, "EUR")],
    ),
    "comdirect, the minus behind": (
        "Kontoinhaber;XYZ\n\nBuchungstag;Wertstellung;Buchungstext;Umsatz in EUR\n"
        "01.10.2026;01.10.2026;ANTHROPIC;1.234,56-\n03.10.2026;03.10.2026;Gehalt;2.000,00\n",
        [("ANTHROPIC", 1234.56, "EUR"), ("Gehalt", -2000.0, "EUR")],
    ),
    "debit and credit in columns of their own": (
        "Buchungstag;Auftraggeber/Empfänger;Soll;Haben\n"
        "03.03.2026;OPENAI;23,00;\n04.03.2026;OPENAI;;23,00\n",
        [("OPENAI", 23.0, ""), ("OPENAI", -23.0, "")],
    ),
    "debit with a minus": (
        "Abschlussdatum;Währung;Belastung;Gutschrift;Saldo;Beschreibung1\n"
        "2026-09-29;CHF;-23.40;;1211.16;OPENAI\n",
        [("OPENAI", 23.4, "CHF")],
    ),
    "a sign as a letter": (
        "Date,Merchant,Amount,Debit/Credit\n2026-09-01,OPENAI,23.00,D\n2026-09-02,OPENAI,3.00,C\n",
        [("OPENAI", 23.0, ""), ("OPENAI", -3.0, "")],
    ),
    "as many payments as charges": (
        "Transaction Date,Description,Amount\n09/14/2026,OPENAI,-20.00\n09/20/2026,Thanks,500.00\n",
        [("OPENAI", 20.0, ""), ("Thanks", -500.0, "")],
    ),
    "no column but a memo": (
        "Date,Amount,Subcategory,Memo\n13/09/2026,-20.00,Card Purchase,OPENAI\n",
        [("OPENAI", 20.0, "")],
    ),
}


@pytest.mark.parametrize("shape", sorted(_SHAPES))
def test_what_went_out_and_what_came_back(shape: str) -> None:
    text, expected = _SHAPES[shape]
    spent = [one for one in read(EXPENSES, text) if isinstance(one, Spend)]
    assert [(one.app, one.amount, one.currency) for one in spent] == expected
    assert all(one.when for one in spent)
