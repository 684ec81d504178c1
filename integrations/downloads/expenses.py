"""Money: expense reports, company cards and bank accounts, the only trace of what people pay themselves.

    Date,Description,Card Member,Account #,Amount
    11/19/2026,OPENAI *CHATGPT SUBSCR,ANA BAKER,-71002,20.00

Ramp, Brex, Concur, American Express, banks: by synonyms. Only the merchant, the amount, the
person and the day are read; memos and addresses are not.
Reference: https://support.ramp.com/hc/en-us/articles/4430474788883
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.descriptors import merchant_of
from integrations.downloads import Download, Once, Opened, table_is
from integrations.downloads.headings import OF_LOGS
from integrations.fields import Item
from scanner.model import App, Identifier, Record, Spend

_COLUMNS = Columns(
    names={
        "merchant": (
            "merchantdescriptor", "statementdescriptor", "merchantnameraw", "rawmerchantname",
            "originalmerchantname", "merchantname", "merchant", "reportentryvendordescription",
            "reportentryvendorname", "vendorname", "suppliername", "payeename", "name1", "vendor",
            "payee", "supplier", "counterpartyname", "counterparty", "partnername", "beneficiary",
            "beneficiaryname",
            "empfanger", "zahlungsempfanger", "zahlungsempfangerin", "handler", "lieferant",
            "beguenstigterzahlungspflichtiger", "begunstigterzahlungspflichtiger",
            "auftraggeberempfanger",
            "commercant", "marchand", "fournisseur", "nomdelacontrepartie", "beneficiaire",
            "comercio", "proveedor", "beneficiario",
            "description", "transactiondescription", "originaldescription",
            "appearsonyourstatementas", "description1", "beschreibung1", "beschreibung",
            "verwendungszweck", "libelle", "concepto", "descripcion", "name",
        ),
        "statement": (
            "appearsonyourstatementas", "statementdescriptor", "originaldescription",
            "bankdescription",
        ),
        # Where no other column says it, or the cell of that is empty.
        "text": (
            "merchantname", "merchant", "reportentryvendorname", "vendorname", "description",
            "verwendungszweck", "buchungstext", "libelle", "concepto", "memo",
            "transactiondetails", "details", "narrative",
        ),
        "direction": (
            "debitcredit", "creditdebit", "creditdebitindicator", "debitcreditindicator", "drcr",
            "crdr", "sollhabenkennzeichen", "afbij",
        ),
        "amount": (
            "amount", "transactionamount", "amountusd", "amounteur", "amountgbp", "billingamount",
            "approvedamount", "expenseamount", "reimbursementamount", "totalamount",
            "journalamount", "amountinlocalcurrency", "gross", "grossamount", "debit",
            "debitamount", "paidout", "moneyout",
            "betrag", "bruttobetrag", "betraginhauswahrung", "umsatz", "soll", "belastung",
            "montant", "montantdebite", "montantttc", "montanttotal", "debiteuros", "importe",
            "cargo", "monto",
        ),
        "credit": (
            "credit", "creditamount", "amountcredit", "paidin", "moneyin", "haben", "gutschrift",
            "crediteuros", "abono",
        ),
        "when": (
            "reportentrytransactiondate", "transactiondate", "usertransactiontime",
            "transactiontime", "purchasedate", "expensedate", "transdate", "date", "timestamp",
            "datestarted", "starteddate", "paymentdate", "operationdate", "posteddate", "postdate",
            "postingdate", "bookingdate", "completeddate", "settlementdate", "documentdate",
            "postedtransactionsdate", "invoicedate",
            "abschlussdatum", "buchungstag", "buchungsdatum", "buchung", "belegdatum",
            "rechnungsdatum", "datum", "valutadatum", "wertstellung",
            "datedupaiement", "dateoperation", "datedoperation", "datedeloperation",
            "datetransaction", "fecha", "fechaoperacion", "fechadeoperacion",
        ),
        # The currency of what was bought is none of the amount that was charged.
        "currency": (
            "currency", "currencycode", "paymentcurrency", "billingcurrency", "postedcurrency",
            "transactioncurrency", "localcurrency", "hauswahrung", "wahrung", "wkzumsatz",
            "devise", "moneda", "divisa",
        ),
        "person": (
            "cardholderemail", "useremail", "employeeemail", "email", "cardholder",
            "cardholdername", "cardholderfullname", "nameoncard", "cardmember", "employee",
            "employeename", "user", "username", "submittedby", "submitter", "reportowner",
            "spender", "payer", "initiator", "mitarbeiter", "karteninhaber", "employe", "payeur",
            "initiateur", "titulaire", "empleado", "titular",
        ),
        "unit": (
            "department", "departmentname", "costcenter", "costcentre", "team", "kostenstelle",
            "abteilung", "departement", "equipe", "centredecout", "departamento",
            "centrodecoste",
        ),
        "state": ("state", "status", "transactionstatus", "paymentstatus", "statut", "estado"),
        "account": (
            "balance", "runningbalance", "saldo", "solde", "kontostand", "disponible", "iban",
            "partneriban", "kontonummeriban", "wertstellung", "valutadatum", "valuta",
            "wertstellungsdatum", "fvalor", "datevaleur", "valuedate", "accountnumber",
        ),
    },
    needed=("amount", "when"),
    keys=("merchant", "text"),
    one_of=(("merchant", "text"),),
    never=OF_LOGS - {"timestamp"} | {"invoicenumber", "dealname", "opportunityname", "quantity", "sku"},
    times=("when",),
    amounts=("amount", "credit"),
    of_accounts=("account",),
)  # fmt: skip
_UNPAID = frozenset(
    {"failed", "declined", "reverted", "cancelled", "canceled", "voided", "void", "rejected",
     "denied", "abgelehnt", "storniert", "refuse", "annule", "rechazado"}
)  # fmt: skip
_INCOMING = frozenset({"c", "cr", "crdt", "credit", "h", "haben", "bij", "in"})


def read(file: Opened) -> Iterator[Record]:
    """Yield what was spent for each row, and each merchant once."""
    once = Once()
    for row in file.rows(_COLUMNS):
        if folded(row.text("state")) in _UNPAID:
            file.ignored["payment that was not made"] += 1
            continue
        yield from once.new((_merchant(row),))
        if row.has("amount") or row.has("credit"):
            yield _spend(row)


def _merchant(row: Item) -> App:
    """Return the merchant, by the words of the statement, which are all that is known of it."""
    said = (_paid(row), _descriptor(row, "statement"))
    written = dict.fromkeys(way for one in said for way in (one, merchant_of(one)))
    return App(
        key=_paid(row),
        name=merchant_of(_paid(row)),
        identifiers=tuple((Identifier.CARD_DESCRIPTOR, one) for one in written if one),
        kind="merchant",
        is_named_by_catalogue=True,
    )


def _spend(row: Item) -> Spend:
    return Spend(
        app=_paid(row),
        amount=_amount(row),
        currency=row.text("currency").upper(),
        person=row.text("person"),
        unit=row.text("unit"),
        when=row.time("when"),
    )


def _amount(row: Item) -> float:
    """Return what went out; what came back is negative, in whichever way that is told."""
    amount = row.amount("amount") - abs(row.amount("credit"))
    if not (direction := folded(row.text("direction"))):
        return amount
    return -abs(amount) if direction in _INCOMING else abs(amount)


def _paid(row: Item) -> str:
    return _descriptor(row, "merchant") or _descriptor(row, "text")


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
