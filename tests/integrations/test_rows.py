"""Rows of a file add up: what was read is what was used, ignored and not understood."""

from pathlib import Path

from integrations.files import NamedFile, account_inputs
from scanner.accounts.gathering import Gathering
from scanner.accounts.meaning import Meaning
from scanner.courses.accounts import status_of_listing
from scanner.privacy import Pseudonyms
from tests.support import the_base


def test_no_row_is_lost_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "card.csv"
    path.write_text(
        "Date,Merchant,Amount,Status\n"
        "2026-09-01,MIDJOURNEY INC,9.00,Settled\n"
        "2026-09-02,Union Taxis,9.00,Settled\n"
        "2026-09-03,OPENAI,9.00,Declined\n"
        "Total,,27.00,\n"
    )
    (account,), _ = account_inputs([NamedFile(path, path.name)])
    meaning = Meaning(the_base().matcher)
    with account.open(meaning.of) as opened:
        (listing,) = opened.listings()
        (held,) = Gathering(meaning.of, Pseudonyms(b"k" * 32)).gather([listing])
        status = status_of_listing(listing, held)
    assert (status.read, status.parsed, status.rejected) == (6, 2, 1)
    assert status.ignored == {
        "application that is no AI": 1,
        "payment that was not made": 1,
        "spend of no AI": 1,
    }
