"""Words of statements: the merchant behind those who collect for it and the way it was paid."""

import pytest

from integrations.descriptors import merchant_of


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [
        ("PAYPAL *MIDJOURNEY 4029357733", "MIDJOURNEY 4029357733"),
        ("PADDLE.NET* CURSOR", "CURSOR"),
        ("GOOGLE*GOOGLE ONE AI", "GOOGLE ONE AI"),
        ("SP MIDJOURNEY INC", "MIDJOURNEY INC"),
        ("PAIEMENT PAR CARTE OPENAI *CHATGPT 03/03", "OPENAI *CHATGPT 03/03"),
        ("VISA OPENAI", "OPENAI"),
        ("VDP-OPENAI *CHATGP", "OPENAI *CHATGP"),
        ("Card transaction of 9.99 EUR issued by Suno Inc", "Suno Inc"),
        ("POS DEBIT PAYPAL *OPENAI", "OPENAI"),
        ("OPENAI *CHATGPT", "OPENAI *CHATGPT"),
        ("SPACELIFT", "SPACELIFT"),
        ("VISAGE SALON", "VISAGE SALON"),
        ("CBRE GROUP", "CBRE GROUP"),
        ("PAYPAL *", "PAYPAL *"),
        ("VISA", "VISA"),
        ("", ""),
    ],
)
def test_the_merchant_of_a_statement(descriptor: str, expected: str) -> None:
    assert merchant_of(descriptor) == expected
