"""Standing decisions beside each other: an approval that ended is in the way of no prohibition."""

from datetime import date

from scanner.inventory.policy import prohibited, standing
from scanner.inventory.verdicts import State
from tests.inventory.test_review import CHATBOT, policy
from tests.support import at

APPROVED = policy("approved", product="DeepSeek/Chat", review_due=date(2026, 12, 1))
PROHIBITED = policy(supplier="deepseek")
BEFORE, AFTER = at("2026-11-30T23:59:59Z"), at("2026-12-01T00:00:00Z")


def test_an_approval_of_a_product_goes_before_its_supplier_until_it_ends() -> None:
    both = [APPROVED, PROHIBITED]
    assert standing(CHATBOT, both, BEFORE) == standing(CHATBOT, [APPROVED])
    assert standing(CHATBOT, both, AFTER) == standing(CHATBOT, [PROHIBITED])
    assert prohibited([CHATBOT], both, BEFORE) == {}
    assert prohibited([CHATBOT], both, AFTER) == prohibited([CHATBOT], [PROHIBITED])
    assert set(prohibited([CHATBOT], [PROHIBITED])) == {CHATBOT.id}


def test_an_approval_that_ended_is_not_taken_over_by_a_wider_one() -> None:
    wider = policy("approved", category="assistant", review_due=date(2027, 6, 1))
    assert standing(CHATBOT, [APPROVED, wider], AFTER) == standing(CHATBOT, [APPROVED])


def test_what_is_prohibited_never_ends() -> None:
    wider = policy("approved", category="assistant", review_due=date(2027, 6, 1))
    found = standing(CHATBOT, [PROHIBITED, wider], AFTER)
    assert found is not None
    assert found.state is State.REJECTED
