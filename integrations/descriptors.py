"""Words of card statements: who was paid, behind whom a payment went through.

    PAYPAL *MIDJOURNEY 4029357733
    PADDLE.NET* CURSOR LONDON
    PAIEMENT PAR CARTE OPENAI *CHATGPT 03/03
    VDP-OPENAI *CHATGPT

Banks write how it was paid before the merchant, and so do those who collect for it.
Reference: https://docs.stripe.com/get-started/account/statement-descriptors
"""

from __future__ import annotations

import re

_COLLECTORS = (
    r"PAYPAL ?\*", r"PP ?\*", r"PADDLE(?:\.NET|\.COM)? ?\*", r"PADDLE(?:\.NET|\.COM)", r"PDL\*",
    r"FS ?\*", r"FASTSPRING ?\*?", r"2CO(?:\.COM)? ?\*", r"LINK(?:\.COM)? ?\*", r"STRIPE ?\*",
    r"GUMROAD(?:\.COM)? ?\*", r"LEMSQZY ?\*", r"LS ?\*", r"SP ?\*?(?= )", r"SQ ?\*", r"KLARNA ?\*",
    r"GOOGLE ?\*(?= ?\w)", r"APPLE\.COM ?\*",
)  # fmt: skip
_WAYS = (
    r"(?:VDP|VDC|VDA)-", r"(?:PAIEMENT|ACHAT|FACTURE)(?: PAR)? (?:CARTE|CB)(?: X?\d{4})?", r"CB",
    r"PRLV(?: SEPA)?", r"KARTENZAHLUNG", r"VISA(?: DEBITKARTE)?", r"MASTERCARD", r"LASTSCHRIFT",
    r"(?:DEBIT )?CARD (?:PURCHASE|PAYMENT)(?: TO)?", r"CHECKCARD(?: \d{4})?", r"POS(?: DEBIT)?",
    r"RECURRING(?: PAYMENT)?", r"COMPRA(?: TARJETA)?", r"PAGO(?: CON TARJETA)?(?: EN)?",
    r"CARD TRANSACTION OF [\d.,]+ [A-Z]{3} ISSUED BY",
)  # fmt: skip
_BEFORE = re.compile(
    rf"(?:(?:{'|'.join(_COLLECTORS)})|(?:{'|'.join(_WAYS)})(?<!-)(?=\s)|(?:{_WAYS[0]}))\s*(?=\w)",
    re.IGNORECASE,
)


def merchant_of(descriptor: str) -> str:
    """Return the words of a statement from the merchant on; all of them if nothing stands before."""
    rest = descriptor
    while found := _BEFORE.match(rest):
        rest = rest[found.end() :]
    return rest
