"""A notice of intent opens the way for what it announced, in its own round, and for nothing else (Awb 4:8)."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from tests.factories.accounts import official
from tests.factories.claims import announced, case, lowered_claim, paid_claim, submitted_claim
from tests.moments import later
from tests.refusals import refusal
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, DecisionKind, LowerGround, ReclaimGround, ReclaimState, RevocationGround
from vouchers.models import Claim, NoticeOfIntent

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


def half(them) -> Claim:
    """Advised at 4,000 euros because the work was not done."""
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    return again(them, claim, "4000.00")


def again(them, claim, amount, ground=LowerGround.NOT_DONE) -> Claim:
    return services.advise_claim(by=them.assessor, claim=claim, text="Lager.", amount=D(amount), ground=ground)


def heard(them, claim) -> NoticeOfIntent:
    notice = services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen minder betalen.")
    services.answer_claim_notice(by=them.member, claim=claim, text="Gezien.")
    return notice


def test_a_notice_keeps_its_ground_and_its_amount(them):
    notice = heard(them, half(them))
    assert (notice.amount, [why.code for why in notice.why]) == (D("4000.00"), [LowerGround.NOT_DONE])


def test_a_notice_for_one_revision_does_not_open_the_way_for_the_next(them):
    claim = lowered_claim(them, "4000.00")
    with later(1):
        lower = {"amount": D("100.00"), "why": "Nog minder.", "ground": LowerGround.FALSE_DATA}
        claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, **lower)
        assert refusal(services.determine, by=them.decider, claim=claim) == [ClaimReason.NOTICE_NEEDED]


@pytest.mark.parametrize(("amount", "ground"), [("3999.99", LowerGround.NOT_DONE), ("4000.00", LowerGround.FALSE_DATA)])
def test_less_than_was_announced_or_another_ground_needs_a_notice_of_its_own(them, amount, ground):
    claim = half(them)
    heard(them, claim)
    act = {"by": them.decider, "claim": claim, "amount": D(amount), "ground": ground}
    assert refusal(services.determine, **act) == [ClaimReason.NOTICE_OTHER]
    assert services.determine(by=them.decider, claim=claim).determined_amount == D("4000.00")


def test_a_notice_does_not_survive_the_return_to_the_assessor(them):
    claim = half(them)
    heard(them, claim)
    with later(1):
        claim = services.return_claim(by=them.decider, claim=claim, why="Kijk nog eens.")
        claim = again(them, claim, "4000.00")
        assert refusal(services.determine, by=them.decider, claim=claim) == [ClaimReason.NOTICE_NEEDED]
        heard(them, claim)
        assert services.determine(by=them.decider, claim=claim).state == ClaimState.DETERMINED


def test_a_notice_that_waits_is_no_longer_meant_after_a_return(them):
    claim = half(them)
    first = services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen minder betalen.")
    with later(1):
        claim = services.return_claim(by=them.decider, claim=claim, why="Kijk nog eens.")
        assert not NoticeOfIntent.objects.open().exists()
        answer = {"by": them.member, "claim": claim, "text": "Die was er wel."}
        assert refusal(services.answer_claim_notice, **answer) == [ClaimReason.NOTICE_NONE]
        claim = again(them, claim, "4000.00")
        second = services.send_claim_notice(by=them.decider, claim=claim, text="Nog steeds.")
    assert list(NoticeOfIntent.objects.open()) == [second]
    assert NoticeOfIntent.objects.get(pk=first.pk).dropped_at is not None


def test_what_says_as_much_is_not_announced_twice_but_something_worse_is(them):
    meant = {"subject": them.voucher, "kind": DecisionKind.REVOCATION, "text": "Wij trekken hem in."}
    services.announce(by=them.decider, grounds=[RevocationGround.NOT_DONE], **meant)
    act = {"by": them.decider, "grounds": [RevocationGround.NOT_DONE], **meant}
    assert refusal(services.announce, **act) == [ClaimReason.NOTICE_SENT]
    services.announce(by=them.decider, grounds=[RevocationGround.FALSE_DATA], **meant)
    assert [why.code for why in NoticeOfIntent.objects.open().get().why] == [RevocationGround.FALSE_DATA]


def test_after_a_notice_ran_out_another_can_be_sent(them):
    meant = {"subject": them.voucher, "kind": DecisionKind.REVOCATION, "text": "Wij trekken hem in."}
    services.announce(by=them.decider, grounds=[RevocationGround.NOT_DONE], **meant)
    with later(15):
        services.announce(by=them.decider, grounds=[RevocationGround.NOT_DONE], **meant)
        assert NoticeOfIntent.objects.open().count() == 1


def test_a_notice_names_a_ground(them):
    meant = {"subject": them.voucher, "kind": DecisionKind.REVOCATION, "text": "Wij trekken hem in."}
    assert refusal(services.announce, by=them.decider, grounds=[], **meant) == [ClaimReason.REASON_NEEDED]


def test_a_voucher_is_revoked_on_the_ground_that_was_announced(them):
    announced(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.NOT_DONE)
    revoke = {"by": them.decider, "voucher": them.voucher, "explanation": "De opgave klopte niet."}
    found = refusal(services.revoke_voucher, ground=RevocationGround.FALSE_DATA, **revoke)
    assert found == [ClaimReason.NOTICE_OTHER]
    voucher = services.revoke_voucher(ground=RevocationGround.NOT_DONE, **revoke)
    assert voucher.end_reason == {"ground": RevocationGround.NOT_DONE}


def test_a_voucher_that_came_back_is_not_revoked_on_the_old_notice(them):
    announced(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.NOT_DONE)
    revoke = {"voucher": them.voucher, "ground": RevocationGround.NOT_DONE, "explanation": "Niet begonnen."}
    with later(1):
        services.revoke_voucher(by=them.decider, **revoke)
        services.reinstate_voucher(by=official(Role.DECIDER), voucher=them.again(), why="Toch wel.")
        assert refusal(services.revoke_voucher, by=them.decider, **revoke) == [ClaimReason.NOTICE_NEEDED]


# --- reclaims -----------------------------------------------------------------------------------------------------------------------


def ask(them, claim, amount, ground=ReclaimGround.REVISED) -> dict:
    return {"by": them.decider, "claim": claim, "amount": D(amount), "ground": ground, "explanation": "Verlaagd."}


def test_no_more_is_asked_back_than_was_announced_in_all(them):
    claim = lowered_claim(them, "4000.00", paid=True)
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="3000.00")
    assert refusal(services.decide_reclaim, **ask(them, claim, "3000.01")) == [ClaimReason.NOTICE_OTHER]
    other = ask(them, claim, "3000.00", ReclaimGround.PAID_WRONG)
    assert refusal(services.decide_reclaim, **other) == [ClaimReason.NOTICE_OTHER]
    services.decide_reclaim(**ask(them, claim, "2000.00"))
    assert refusal(services.decide_reclaim, **ask(them, claim, "1000.01")) == [ClaimReason.NOTICE_OTHER]
    assert services.decide_reclaim(**ask(them, claim, "1000.00")).amount == D("1000.00")


def test_what_was_written_off_is_not_asked_back_again(them):
    claim = lowered_claim(them, "4000.00", paid=True)
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="9000.00")
    reclaim = services.decide_reclaim(**ask(them, claim, "4000.00"))
    reclaim = services.notify_reclaim(by=official(Role.TREASURER), reclaim=reclaim)
    assert refusal(services.write_off_reclaim, by=them.decider, reclaim=reclaim, why=" ") == [ClaimReason.REASON_NEEDED]
    reclaim = services.write_off_reclaim(by=them.decider, reclaim=reclaim, why="Er is niets te halen.")
    assert (reclaim.state, reclaim.end_reason) == (ReclaimState.WRITTEN_OFF, "Er is niets te halen.")
    assert refusal(services.decide_reclaim, **ask(them, claim, "0.01")) == [ClaimReason.RECLAIM_TOO_HIGH]
    assert services.differences() == []


def test_a_lower_determination_after_the_first_rests_on_its_own_article(them):
    claim = lowered_claim(them, "4000.00", paid=True)
    assert claim.decision.legal_ground == "Awb 4:49"
    assert [why.code for why in claim.decision.why] == [LowerGround.NOT_DONE]
    first = paid_claim(case(programme=them.voucher.application.programme), number="F-2", ref="p2")
    assert (first.decision.legal_ground, first.decision.why) == ("Awb 4:42", [])
