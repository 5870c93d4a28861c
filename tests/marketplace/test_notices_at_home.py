"""What the authority announces stands on top of My Trede of the business, with the last day to respond (Awb 4:7, 4:8)."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from marketplace.homes.customer import INTENDED
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.claims import case, lowered_claim, submitted_claim
from tests.moments import later
from tests.vouchers.pages import login
from vouchers import services
from vouchers.enums import DecisionKind, LowerGround, ReclaimGround, RevocationGround
from vouchers.models import NoticeOfIntent
from vouchers.reasons import RefusalGround
from vouchers.selectors import notices_to_answer
from vouchers.services.notices import LEGAL_GROUND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "nobody_drawn")]


def refusal_announced():
    application = make.advised_application(advice="refuse")
    services.send_intent(
        by=official(Role.DECIDER), application=application, grounds=[RefusalGround.DOUBTFUL], text="Wij twijfelen."
    )
    return application.created_by


def less_announced():
    them = case()
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    less = {"amount": Decimal("4000.00"), "ground": LowerGround.NOT_DONE}
    claim = services.advise_claim(by=them.assessor, claim=claim, text="Lager.", **less)
    services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen minder betalen.")
    return them.member


def revocation_announced():
    them = case()
    _announce(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.NOT_DONE)
    return them.member


def reclaim_announced():
    them = case()
    claim = lowered_claim(them, "4000.00", paid=True)
    _announce(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount=Decimal("4000.00"))
    return them.member


def _announce(them, subject, kind, ground, **more):
    services.announce(
        by=them.assessor, subject=subject, kind=kind, grounds=[ground], text="Dit zijn wij van plan.", **more
    )


def cards(person) -> list:
    """What `person` has to do, by the page they get."""
    page = login(person).get("/mijn/")
    return [card for section in page.context["sections"] for card in section.cards if card.title in _announced()]


def _announced() -> set[str]:
    return {str(words) for words in INTENDED.values()}


@pytest.mark.parametrize(
    ("announce", "kind"),
    [
        (refusal_announced, DecisionKind.REFUSAL),
        (less_announced, DecisionKind.DETERMINATION),
        (revocation_announced, DecisionKind.REVOCATION),
        (reclaim_announced, DecisionKind.RECLAIM),
    ],
)
def test_a_notice_is_a_card_until_it_is_answered_or_its_term_has_ended(announce, kind):
    member = announce()
    notice = NoticeOfIntent.objects.open().get()
    [card] = cards(member)
    assert (card.title, card.due) == (str(INTENDED[kind]), notice.answer_by)
    assert notice.text in login(member).get(card.url).content.decode()
    assert cards(make.business()[1]) == [], "somebody else's"
    with later(40):
        assert cards(member) == [], "the term has ended"
    assert login(member).post(card.url, {"text": "Dat klopt niet.", "answer": "Dat klopt niet."}).status_code == 302
    assert cards(member) == []


def test_every_kind_that_is_announced_has_its_words():
    assert INTENDED.keys() == {DecisionKind.REFUSAL, *LEGAL_GROUND}


def test_notices_take_the_same_queries_whatever_their_number(django_assert_num_queries):
    programme, business = make.programme_with(), make.business()
    for number in (1, 2, 3):
        them = case("2000.00", programme=programme, business=business)
        _announce(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.NOT_DONE)
        with django_assert_num_queries(2):
            assert len(notices_to_answer(business[1])) == number
