"""Money: expense reports, company cards and bank accounts, the only trace of what people pay themselves.

    Date,Description,Card Member,Account #,Amount
    11/19/2026,OPENAI *CHATGPT SUBSCR,ANA BAKER,-71002,20.00

Ramp, Brex, Concur, American Express, banks: by synonyms. Only the merchant, the amount, the
person and the day are read; memos and addresses are not.
Reference: https://support.ramp.com/hc/en-us/articles/4430474788883
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Once, Opened, table_is
from integrations.downloads.headings import OF_LOGS
from integrations.fields import Item
from scanner.model import App, Identifier, Record, Spend

_COLUMNS = Columns(
    names={
        "merchant": (
            "merchantdescriptor", "statementdescriptor", "merchantnameraw", "rawmerchantname",
            "originalmerchantname", "merchantname", "merchant", "vendorname", "vendor", "payee",
            "payeename", "supplier", "suppliername", "description", "transactiondescription",
            "originaldescription", "appearsonyourstatementas", "counterparty", "beneficiary",
            "empfanger", "zahlungsempfanger", "handler", "lieferant",
            "beguenstigterzahlungspflichtiger", "begunstigterzahlungspflichtiger",
            "auftraggeberempfanger", "verwendungszweck", "beschreibung",
            "commercant", "marchand", "fournisseur", "libelle", "beneficiaire",
            "comercio", "proveedor", "concepto", "descripcion", "beneficiario",
        ),
        "statement": ("appearsonyourstatementas", "statementdescriptor", "originaldescription"),
        "amount": (
            "amount", "transactionamount", "amountusd", "amounteur", "amountgbp", "billingamount",
            "approvedamount", "expenseamount", "reimbursementamount", "totalamount", "debit",
            "debitamount", "paidout", "moneyout",
            "betrag", "umsatz", "betrageur", "soll", "montant", "debiteuros", "importe", "cargo",
            "monto",
        ),
        "when": (
            "transactiondate", "usertransactiontime", "transactiontime", "purchasedate",
            "expensedate", "date", "posteddate", "postdate", "postingdate", "bookingdate",
            "buchungstag", "buchungsdatum", "belegdatum", "datum", "valutadatum",
            "dateoperation", "datedoperation", "datetransaction", "fecha", "fechaoperacion",
            "fechadeoperacion",
        ),
        "currency": (
            "currency", "currencycode", "transactioncurrency", "originalcurrency", "wahrung",
            "devise", "moneda", "divisa",
        ),
        "person": (
            "cardholderemail", "useremail", "employeeemail", "email", "cardholder",
            "cardholdername", "cardmember", "employee", "employeename", "user", "username",
            "submittedby", "reportowner", "spender", "mitarbeiter", "karteninhaber", "employe",
            "titulaire", "empleado", "titular",
        ),
        "unit": (
            "department", "departmentname", "costcenter", "costcentre", "kostenstelle",
            "abteilung", "departement", "centredecout", "departamento", "centrodecoste",
        ),
    },
    needed=("merchant", "amount", "when"),
    keys=("merchant",),
    never=OF_LOGS | {"invoicenumber", "dealname", "opportunityname", "quantity", "sku"},
    times=("when",),
    amounts=("amount",),
)  # fmt: skip


def read(file: Opened) -> Iterator[Record]:
    """Yield what was spent for each row, and each merchant once."""
    once = Once()
    for row in file.rows(_COLUMNS):
        yield from once.new((_merchant(row),))
        if row.has("amount"):
            yield _spend(row)


def _merchant(row: Item) -> App:
    """Return the merchant, by the words of the statement, which are all that is known of it."""
    written = dict.fromkeys(_descriptor(row, name) for name in ("merchant", "statement"))
    return App(
        key=_descriptor(row, "merchant"),
        name=_descriptor(row, "merchant"),
        identifiers=tuple((Identifier.CARD_DESCRIPTOR, one) for one in written if one),
        kind="merchant",
        is_named_by_catalogue=True,
    )


def _spend(row: Item) -> Spend:
    return Spend(
        app=_descriptor(row, "merchant"),
        amount=row.amount("amount"),
        currency=row.text("currency").upper(),
        person=row.text("person"),
        unit=row.text("unit"),
        when=row.time("when"),
    )


def _descriptor(row: Item, name: str) -> str:
    return " ".join(row.text(name).split())


DOWNLOAD = Download(
    name="expenses",
    title="Expenses, company cards and bank accounts (CSV, XLSX)",
    system="generic",
    reference="https://support.ramp.com/hc/en-us/articles/4430474788883",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "amex.csv": (
            b"Date,Description,Card Member,Account #,Amount,Extended Details,"
            b"Appears On Your Statement As,Address,City/State,Zip Code,Country,Reference,Category\n"
            b"11/19/2026,OPENAI *CHATGPT SUBSCR,ANA BAKER,-71002,20.00,,OPENAI *CHATGPT SUBSCR,,,,,"
            b"'320263230000001',Business Services\n"
        ),
        "ramp.csv": (
            b"transaction_time,amount,user,merchant_name\n"
            b'2026-11-15,"$1,025.00",ana@harbour.example,Anthropic\n'
        ),
        "chase.csv": (
            b"Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
            b'11/14/2026,11/15/2026,"CURSOR, AI POWERED IDE",Software,Sale,-20.00,\n'
        ),
        "bank.csv": (
            b"Kontoauszug;Harbour & Pine;;\n"
            b"\n"
            b"Buchungstag;Empf\xe4nger;Betrag;W\xe4hrung\n"
            b'14.11.2026;MIDJOURNEY INC.;"-1.030,00";EUR\n'
        ),
    },
    verified_by="columns of Ramp, American Express and Chase seen; others by synonym",
)
