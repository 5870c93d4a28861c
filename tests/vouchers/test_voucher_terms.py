"""What the calendar does to a voucher: reminders, last call, lapse, reinstatement; and how it ends otherwise."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.models import AuditEntry
from core.reasons import Refused
from core.workflow import NotAuthorised
from tests.factories.accounts import member_of, official
from tests.factories.claims import announced, case, delivered, draft_claim, paid_claim, submitted_claim
from tests.factories.vouchers import PackageFactory, programme_with
from tests.moments import on
from tests.refusals import code_set
from tests.vouchers.money import parts
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import (
    ClaimState,
    DecisionKind,
    LowerGround,
    ReclaimGround,
    ReclaimState,
    ReminderKind,
    RevocationGround,
    VoucherState,
)
from vouchers.models import Budget, Decision, VoucherReminder

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


@pytest.mark.database
def test_an_unused_voucher_is_reminded_called_and_lapses_and_its_money_is_free(django_capture_on_commit_callbacks):
    them = case()
    assert them.voucher.order_by == dt.date(2027, 1, 18)
    course = [
        ("2027-01-03", 0, 0, 0),
        ("2027-01-04", 1, 0, 0),
        ("2027-01-04", 0, 0, 0),
        ("2027-01-18", 0, 0, 0),
        ("2027-01-19", 0, 1, 0),
        ("2027-01-20", 0, 0, 0),
        ("2027-02-02", 0, 0, 0),
        ("2027-02-03", 0, 0, 1),
        ("2027-02-04", 0, 0, 0),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        for day, reminded, called, lapsed in course:
            with on(day):
                done = services.sweep_terms()
            assert (done.reminded, done.last_calls, done.lapsed) == (reminded, called, lapsed), day
    assert them.again().state == VoucherState.LAPSED
    assert parts() == (D(0), D(0), D(0))
    assert services.differences() == []
    decision = Decision.objects.get(kind=DecisionKind.LAPSE)
    assert (decision.amount, decision.decided_by, decision.legal_ground) == (D("0.00"), None, "Awb 4:47")
    assert decision.objection_until == dt.date(2027, 3, 17)
    assert [r.kind for r in VoucherReminder.objects.order_by("pk")] == [ReminderKind.ORDER, ReminderKind.LAST_CALL]
    assert len([message for message in mail.outbox if message.to == [them.member.email]]) == 3
    trail = AuditEntry.objects.filter(stream=them.voucher.case())
    assert trail.filter(action="remind").count() == 2, "one entry per letter, however many nights pass"


def test_the_last_call_still_lets_the_business_order():
    them = case()
    with on("2027-01-19"):
        services.sweep_terms()
    with on("2027-02-01"):
        base = {"times_per_week": D(20), "minutes_before": D(30)}
        voucher = services.record_order(
            by=them.member, voucher=them.voucher, ordered_on=dt.date(2027, 2, 1), baseline=base
        )
        assert voucher.ordered_on == dt.date(2027, 2, 1)
    with on("2027-02-03"):
        assert services.sweep_terms().lapsed == 0


@pytest.mark.parametrize(("hour", "minute", "refused"), [(23, 59, False), (0, 0, True)])
def test_a_term_ends_at_midnight_in_amsterdam(hour, minute, refused):
    them = case()
    day = dt.date(2027, 1, 19) if refused else dt.date(2027, 1, 18)
    base = {"times_per_week": D(20), "minutes_before": D(30)}
    with clock.fixed(dt.datetime.combine(day, dt.time(hour, minute), clock.AMSTERDAM)):
        assert clock.now().date() == dt.date(2027, 1, 18)  # in UTC it is the same day still
        act = {"by": them.member, "voucher": them.voucher, "ordered_on": clock.today(), "baseline": base}
        if refused:
            with pytest.raises(Refused) as why:
                services.record_order(**act)
            assert code_set(why) == {ClaimReason.ORDER_TOO_LATE}
        else:
            assert services.record_order(**act).ordered_on == day


def test_a_voucher_of_29_february_keeps_its_terms():
    with on("2028-02-29"):
        them = case()
        assert them.voucher.awarded_on == dt.date(2028, 2, 29)
        assert them.voucher.order_by == dt.date(2028, 4, 25)
        assert them.voucher.deliver_by == dt.date(2028, 8, 29)
    with on("2028-08-29", 23):
        extended = services.extend_voucher(by=them.member, voucher=them.voucher)
        assert extended.deliver_by == dt.date(2028, 11, 29)


def test_a_term_over_the_change_of_the_clock_is_counted_in_days():
    with on("2027-02-01"):
        them = case()
        assert them.voucher.order_by == dt.date(2027, 3, 30)  # 29 March is Easter Monday, the clock changed on the 28th
    with on("2027-03-30", 23):
        base = {"times_per_week": D(20), "minutes_before": D(30)}
        voucher = services.record_order(
            by=them.member, voucher=them.voucher, ordered_on=dt.date(2027, 3, 30), baseline=base
        )
        assert voucher.ordered_on == dt.date(2027, 3, 30)


def test_a_voucher_with_an_open_claim_is_left_alone_by_the_calendar():
    them = case()
    submitted_claim(them)
    with on("2027-12-01"):
        done = services.sweep_terms()
    assert (done.last_calls, done.lapsed) == (0, 0)
    assert them.again().state == VoucherState.ISSUED


def test_what_is_left_of_a_partly_claimed_voucher_is_released_after_its_term():
    them = case()
    paid_claim(them, "2500.00", is_last=False)
    assert them.again().claim_by == dt.date(2027, 1, 18)
    for day, called, settled in (
        ("2027-01-18", 0, 0),
        ("2027-01-19", 1, 0),
        ("2027-02-02", 0, 0),
        ("2027-02-03", 0, 1),
    ):
        with on(day):
            done = services.sweep_terms()
        assert (done.last_calls, done.settled, done.lapsed) == (called, settled, 0), day
    assert (them.again().state, them.voucher.held) == (VoucherState.SETTLED, D("2000.00"))
    assert parts() == (D(0), D(0), D("2000.00"))
    assert services.differences() == []


def test_what_was_paid_stays_booked_when_a_partly_claimed_voucher_ends():
    """2,000 euros were paid and then determined at 1,000: the rest is what was never paid, not the 1,000 to ask back."""
    them = case()
    claim = paid_claim(them, "2500.00", is_last=False)
    ask = {"amount": D("1000.00"), "why": "De helft.", "ground": LowerGround.NOT_DONE}
    services.revise_claim(by=official(Role.DECIDER), claim=claim, **ask)
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount="1000.00")
    services.determine(by=them.decider, claim=claim, explanation="De helft is niet geleverd.")
    for day, settled in (("2027-01-19", 0), ("2027-02-03", 1)):
        with on(day):
            assert services.sweep_terms().settled == settled
    assert (them.again().held, parts()) == (D("2000.00"), (D(0), D(0), D("2000.00")))
    assert services.differences() == []


def test_a_settled_voucher_is_closed_after_the_last_question_to_end_users():
    them = case()
    paid_claim(them)
    with on("2027-11-23"):
        assert services.sweep_terms().closed == 0
    with on("2027-11-24"):
        assert services.sweep_terms().closed == 1
    voucher = services.reopen_voucher(by=them.decider, voucher=them.again(), why="Bezwaar.")
    assert voucher.state == VoucherState.SETTLED


@pytest.mark.database
def test_a_lapsed_voucher_comes_back_only_when_the_budget_has_room():
    them = case()
    for day in ("2027-01-19", "2027-02-03"):
        with on(day):
            services.sweep_terms()
    assert them.again().state == VoucherState.LAPSED
    budget = Budget.objects.get()
    services.set_ceiling(by=SystemActor("test"), programme=budget.programme, ceiling=D("7999.99"))
    with on("2027-02-10"), pytest.raises(Refused):
        services.reinstate_voucher(by=them.decider, voucher=them.voucher, why="Bezwaar gegrond.")
    assert them.again().state == VoucherState.LAPSED
    services.set_ceiling(by=SystemActor("test"), programme=budget.programme, ceiling=D("8000.00"))
    with on("2027-02-10"):
        voucher = services.reinstate_voucher(by=them.decider, voucher=them.voucher, why="Bezwaar gegrond.")
        assert (voucher.state, voucher.held) == (VoucherState.ISSUED, D("8000.00"))
        assert voucher.last_call_until == dt.date(2027, 2, 24)
        assert services.sweep_terms().lapsed == 0
    assert parts() == (D(0), D("8000.00"), D(0))
    assert services.differences() == []


def test_the_business_cancels_what_it_does_not_want_but_not_with_a_claim():
    them = case()
    other = case(programme=them.voucher.application.programme)
    claim = draft_claim(other)
    with pytest.raises(Refused) as refused:
        services.cancel_voucher(by=other.member, voucher=other.again())
    assert code_set(refused) == {ClaimReason.CLAIM_OPEN}
    assert claim.voucher.state == VoucherState.ISSUED
    voucher = services.cancel_voucher(by=them.member, voucher=them.voucher)
    assert (voucher.state, voucher.held) == (VoucherState.CANCELLED, D(0))
    assert parts() == (D(0), D("8000.00"), D(0))
    for act in (services.record_order, services.record_delivery):
        day = {"ordered_on" if act is services.record_order else "delivered_on": clock.today()}
        with pytest.raises(Refused) as refused:
            act(by=them.member, voucher=voucher, **day)
        assert code_set(refused) == {ClaimReason.NOT_ISSUED}


def test_a_voucher_is_revoked_after_a_notice_and_then_nothing_can_be_claimed():
    them = case()
    delivered(them)
    revoke = {"voucher": them.voucher, "ground": RevocationGround.FALSE_DATA, "explanation": "De opgave klopte niet."}
    with pytest.raises(NotAuthorised):
        services.revoke_voucher(by=them.assessor, **revoke)
    with pytest.raises(Refused) as refused:
        services.revoke_voucher(by=them.decider, **revoke)
    assert code_set(refused) == {ClaimReason.NOTICE_NEEDED}
    meant = {"subject": them.voucher, "kind": DecisionKind.REVOCATION, "grounds": [RevocationGround.FALSE_DATA]}
    notice = services.announce(by=them.assessor, text="Wij trekken hem in.", **meant)
    assert notice.answer_by == dt.date(2026, 12, 7)
    with pytest.raises(Refused) as refused:
        services.revoke_voucher(by=them.decider, **revoke)
    assert code_set(refused) == {ClaimReason.NOTICE_RUNNING}
    with pytest.raises(Refused) as refused:
        services.announce(by=them.decider, text="Nog eens.", **meant)
    assert code_set(refused) == {ClaimReason.NOTICE_SENT}
    services.respond(by=them.member, subject=them.voucher, kind=DecisionKind.REVOCATION, text="Dat is niet zo.")
    voucher = services.revoke_voucher(by=them.decider, **revoke)
    assert (voucher.state, parts()) == (VoucherState.REVOKED, (D(0), D(0), D(0)))
    with pytest.raises(Refused) as refused:
        services.start_claim(by=them.member, voucher=voucher)
    assert code_set(refused) == {ClaimReason.NOT_ISSUED}
    for act in (services.confirm_order, services.confirm_delivery):
        with pytest.raises(Refused):
            act(by=them.provider_member, voucher=voucher)


def test_another_provider_takes_over_for_the_same_amount_at_most():
    them = case()
    dear, cheap = PackageFactory(price="10000.01"), PackageFactory(price="9000.00")
    act = {"by": them.assessor, "voucher": them.voucher, "why": "De aanbieder is gestopt."}
    with pytest.raises(Refused) as refused:
        services.replace_provider(package=dear, **act)
    assert code_set(refused) == {ClaimReason.PRICE_HIGHER}
    voucher = services.replace_provider(package=cheap, **act)
    assert (voucher.provider, voucher.amount) == (cheap.solution.provider, D("8000.00"))
    delivered_case = case(programme=them.voucher.application.programme)
    delivered(delivered_case)
    with pytest.raises(Refused) as refused:
        services.replace_provider(by=them.assessor, voucher=delivered_case.again(), package=cheap, why="x")
    assert code_set(refused) == {ClaimReason.ALREADY_ORDERED}


def test_who_may_not_do_it_locks_nothing():
    them = case()
    claim = submitted_claim(them)
    stranger = member_of(case(programme=them.voucher.application.programme).sme)
    refused = [
        lambda: services.cancel_voucher(by=stranger, voucher=them.voucher),
        lambda: services.lapse_voucher(by=them.decider, voucher=them.voucher),
        lambda: services.settle_unclaimed_rest(by=them.decider, voucher=them.voucher),
        lambda: services.revoke_voucher(
            by=stranger, voucher=them.voucher, ground=RevocationGround.NOT_DONE, explanation="x"
        ),
        lambda: services.settle_claim_at_nil(by=stranger, claim=claim),
        lambda: services.send_claim_notice(by=stranger, claim=claim, text="x"),
        lambda: services.mark_paid(by=stranger, claim=claim, paid_on=clock.today(), payout_ref="x"),
    ]
    for act in refused:
        with CaptureQueriesContext(connection) as asked, pytest.raises(NotAuthorised):
            act()
        read = [query["sql"] for query in asked.captured_queries]
        assert not [sql for sql in read if "vouchers_budget" in sql or "vouchers_claim" in sql or "FOR UPDATE" in sql]


def test_the_commands_say_what_they_did(capsys):
    case()
    call_command("sweep_terms")
    call_command("send_feedback_invitations")
    said = capsys.readouterr().out
    assert "reminded 0" in said
    assert "sent 0" in said


# --- reclaim ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.database
def test_what_was_paid_too_much_is_asked_back_once_and_is_available_again():
    them = case()
    claim = paid_claim(them)
    claim = services.revise_claim(
        by=official(Role.DECIDER), claim=claim, amount=D("5000.00"), why="Half.", ground=LowerGround.NOT_DONE
    )
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount="5000.00")
    claim = services.determine(by=them.decider, claim=claim, explanation="De helft is niet geleverd.")
    assert (claim.state, claim.determined_amount, claim.paid_amount) == (ClaimState.CLOSED, D("5000.00"), D("8000.00"))
    assert parts() == (D(0), D(0), D("8000.00"))
    ask = {"claim": claim, "ground": ReclaimGround.REVISED, "explanation": "De vaststelling is lager."}
    with pytest.raises(Refused) as refused:
        services.decide_reclaim(by=them.decider, amount=D("3000.01"), **ask)
    assert code_set(refused) == {ClaimReason.RECLAIM_TOO_HIGH, ClaimReason.NOTICE_NEEDED}
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="3000.01")
    reclaim = services.decide_reclaim(by=them.decider, amount=D("3000.00"), **ask)
    with pytest.raises(Refused) as refused:
        services.decide_reclaim(by=them.decider, amount=D("0.01"), **ask)
    assert code_set(refused) == {ClaimReason.RECLAIM_TOO_HIGH}
    reclaim = services.notify_reclaim(by=them.payer, reclaim=reclaim)
    assert reclaim.due_on == dt.date(2027, 1, 4)
    reclaim = services.receive_back(by=them.payer, reclaim=reclaim, received_on=clock.today())
    assert reclaim.state == ReclaimState.RECEIVED
    assert parts() == (D(0), D(0), D("5000.00"))
    assert them.again().held == D("5000.00")
    assert services.differences() == []
    trail = AuditEntry.objects.filter(stream=claim.case())
    assert trail.filter(action="receive_back", subject=claim.reference()).count() == 1
    held = trail.filter(action="hold", subject=them.voucher.reference()).get()
    assert '"held":"5000.00"' in held.body
    assert '"was":"8000.00"' in held.body


def test_what_was_asked_back_is_not_taken_once_the_claim_was_raised_again():
    """An objection was right after all: the reclaim has to be annulled, the money is the business's."""
    them = case()
    claim = paid_claim(them)
    decider = official(Role.DECIDER)
    services.revise_claim(by=decider, claim=claim, amount=D("5000.00"), why="Half.", ground=LowerGround.NOT_DONE)
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount="5000.00")
    claim = services.determine(by=them.decider, claim=claim, explanation="De helft is niet geleverd.")
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="3000.00")
    ask = {"ground": ReclaimGround.REVISED, "explanation": "De vaststelling is lager."}
    reclaim = services.decide_reclaim(by=them.decider, claim=claim, amount=D("3000.00"), **ask)
    reclaim = services.notify_reclaim(by=them.payer, reclaim=reclaim)
    services.revise_claim(by=decider, claim=claim, amount=D("8000.00"), why="Toch geleverd.")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.determined_amount, claim.paid_amount) == (D("8000.00"), D("8000.00"))
    with pytest.raises(Refused) as refused:
        services.receive_back(by=them.payer, reclaim=reclaim, received_on=clock.today())
    assert code_set(refused) == {ClaimReason.RECLAIM_TOO_HIGH}
    assert them.again().held == D("8000.00")
    reclaim = services.annul_reclaim(by=decider, reclaim=reclaim, why="Het bezwaar was terecht.")
    assert reclaim.state == ReclaimState.ANNULLED
    assert services.differences() == []


def test_nothing_is_asked_back_that_was_rightly_paid_and_nothing_after_five_years():
    them = case()
    claim = paid_claim(them)
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.PAID_TOO_MUCH, amount="1.00")
    ask = {"claim": claim, "amount": D("1.00"), "ground": ReclaimGround.PAID_TOO_MUCH, "explanation": "Te veel."}
    with pytest.raises(NotAuthorised):
        services.decide_reclaim(by=them.payer, **ask)
    with pytest.raises(Refused) as refused:
        services.decide_reclaim(by=them.decider, **ask)
    assert code_set(refused) == {ClaimReason.RECLAIM_TOO_HIGH}
    with on("2031-11-24"), pytest.raises(Refused) as refused:
        services.decide_reclaim(by=them.decider, **ask)
    assert code_set(refused) == {ClaimReason.RECLAIM_TOO_HIGH, ClaimReason.RECLAIM_TOO_OLD}


def test_a_programme_without_room_still_pays_what_it_awarded():
    programme = programme_with("8000.00")
    them = case(programme=programme)
    paid_claim(them)
    assert parts() == (D(0), D(0), D("8000.00"))
