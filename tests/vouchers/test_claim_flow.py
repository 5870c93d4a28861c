"""From voucher to payment through the services: the whole way, in parts, and what is refused on it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail

from accounts.enums import Role
from core import clock
from core.enums import HandRole
from core.models import AuditEntry, Hand
from core.reasons import CoreReason, Refused
from core.workflow import NotAuthorised
from providers.models import FeedbackInvitation
from tests.factories.accounts import member_of, official
from tests.factories.claims import (
    advised_claim,
    case,
    delivered,
    determined_claim,
    draft_claim,
    invoice,
    paid_claim,
    provider_account,
    submitted_claim,
)
from tests.factories.providers import pdf
from tests.factories.vouchers import programme_with
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, LowerGround, Payee, VoucherState
from vouchers.models import Budget, Claim, Decision, Programme

D = Decimal
pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_sample(monkeypatch):
    """Nobody is drawn unless a test says so."""
    monkeypatch.setattr("vouchers.services.claim.sampled", lambda *_args: False)


@pytest.fixture(autouse=True)
def _monday():
    with clock.fixed(START):
        yield


def codes(refused) -> set:
    return {reason.code for reason in refused.value.reasons}


def budget() -> Budget:
    return Budget.objects.get(province__isnull=True)


def parts() -> tuple[Decimal, Decimal, Decimal]:
    now = budget()
    return now.reserved, now.committed, now.paid


# --- the whole way -------------------------------------------------------------------------------------------------------


@pytest.mark.database
def test_a_claim_runs_from_order_to_payment_and_the_voucher_is_settled():
    them = case()
    assert (them.voucher.amount, them.voucher.number[-2:]) == (D("8000.00"), "-1")
    assert parts() == (D(0), D("8000.00"), D(0))
    claim = paid_claim(them)
    assert claim.state == ClaimState.PAID
    assert (claim.determined_amount, claim.paid_amount) == (D("8000.00"), D("8000.00"))
    assert them.again().state == VoucherState.SETTLED
    assert parts() == (D(0), D(0), D("8000.00"))
    assert services.differences() == []
    hands = dict(Hand.objects.filter(file=claim.file()).values_list("person_id", "role"))
    assert hands == {them.assessor.pk: HandRole.ASSESSOR, them.decider.pk: HandRole.DECIDER}


@pytest.mark.database
def test_a_lower_invoice_gives_the_difference_back_at_the_determination():
    them = case()
    claim = determined_claim(them, "7500.01")
    assert claim.determined_amount == D("6000.00")  # 80 % of 7,500.01 is 6,000.008
    assert them.again().held == D("6000.00")
    assert parts() == (D(0), D("6000.00"), D(0))
    assert services.differences() == []


@pytest.mark.database
def test_claims_in_parts_never_come_to_more_than_the_award():
    them = case()
    first = paid_claim(them, "3333.33", number="A-1", is_last=False)
    assert first.determined_amount == D("2666.66")
    assert them.again().state == VoucherState.ISSUED
    assert parts() == (D(0), D("5333.34"), D("2666.66"))
    second = paid_claim(them, "9000.00", number="A-2")
    assert second.determined_amount == D("5333.34")
    assert them.again().state == VoucherState.SETTLED
    assert parts() == (D(0), D(0), D("8000.00"))
    assert services.differences() == []


def test_the_decision_can_be_replayed_and_tells_its_arithmetic():
    claim = determined_claim(case(), "9000.00")
    decision = claim.decision
    assert services.replay_determination(decision).amount == decision.amount == D("7200.00")
    assert decision.content_hash == decision.fingerprint()
    assert decision.arithmetic[-1].amount == D("7200.00")
    assert (decision.decided_by_id, decision.assessed_by_id) != (None, None)
    assert decision.objection_until == dt.date(2027, 1, 4)


def test_an_award_that_counts_vat_pays_for_vat():
    them = case(vat="none")
    assert them.voucher.vat_deductible == 0
    claim = determined_claim(them, "5000.00")
    assert claim.determined_amount == D("4840.00")  # 80 % of 6,050.00


def test_payment_asks_the_end_users_whose_time_has_come():
    them = case()
    with clock.fixed(START + dt.timedelta(days=35)):
        delivered(them, on=dt.date(2026, 11, 24))
        paid_claim(them)
    assert list(FeedbackInvitation.objects.values_list("email", "wave", "voucher_ref")) == [
        ("robin@bedrijf.example", 1, them.voucher.number)
    ]


def test_the_sweep_asks_each_end_user_once_per_wave():
    them = case()
    paid_claim(them)
    assert FeedbackInvitation.objects.count() == 0
    for days, sent in [(29, 0), (30, 1), (31, 0), (95, 1), (365, 1), (366, 0)]:
        with clock.fixed(START + dt.timedelta(days=days)):
            assert services.send_feedback_invitations() == sent, days
    assert list(FeedbackInvitation.objects.order_by("pk").values_list("wave", flat=True)) == [1, 3, 12]


def test_nothing_personal_stands_in_the_open_part_of_the_trail():
    them = case()
    claim = paid_claim(them)
    trail = "\n".join(AuditEntry.objects.filter(stream=claim.case()).values_list("body", flat=True))
    assert "determine" in trail
    assert "pay" in trail
    for secret in [claim.iban, claim.holder, "robin@bedrijf.example", "Robin", them.voucher.code, "Alles gezien"]:
        assert secret not in trail


def test_the_business_is_told_of_every_decision(django_capture_on_commit_callbacks):
    them = case()
    with django_capture_on_commit_callbacks(execute=True):
        claim = paid_claim(them)
    told = [message.subject for message in mail.outbox if message.to == [them.member.email]]
    assert len(told) == 2
    assert claim.iban not in "".join(message.body for message in mail.outbox)


# --- order and delivery -----------------------------------------------------------------------------------------------------


def test_a_confirmed_order_cannot_change_and_confirming_twice_changes_nothing():
    them = case()
    base = {"times_per_week": D(20), "minutes_before": D(30)}
    services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today(), baseline=base)
    first = services.confirm_order(by=them.provider_member, voucher=them.voucher)
    with clock.fixed(START + dt.timedelta(hours=2)):
        again = services.confirm_order(by=them.provider_member, voucher=them.voucher)
    assert again.order_confirmed_at == first.order_confirmed_at
    with pytest.raises(Refused) as refused:
        services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today())
    assert codes(refused) == {ClaimReason.ORDER_CONFIRMED}


def test_an_order_needs_how_it_went_before_and_that_is_fixed():
    them = case()
    with pytest.raises(Refused) as refused:
        services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today())
    assert codes(refused) == {ClaimReason.BASELINE_NEEDED}
    assert them.again().ordered_on is None
    base = {"times_per_week": D(20), "minutes_before": D(30)}
    services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today(), baseline=base)
    services.record_order(
        by=them.member, voucher=them.voucher, ordered_on=clock.today(), baseline={**base, "minutes_before": D(600)}
    )
    assert them.voucher.solution.baselines.get().minutes_before == 30


def test_an_order_before_the_application_is_refused():
    them = case()
    with pytest.raises(Refused) as refused:
        services.record_order(
            by=them.member, voucher=them.voucher, ordered_on=dt.date(2026, 11, 22), baseline={"times_per_week": D(1)}
        )
    assert ClaimReason.ORDER_BEFORE_APPLYING in codes(refused)


@pytest.mark.parametrize("verb", ["record_delivery", "confirm_order", "confirm_delivery"])
def test_only_the_right_side_says_what_happened(verb):
    them = case()
    stranger = member_of(case(business=None, programme=Programme.objects.get()).sme)
    wrong = them.member if verb.startswith("confirm") else them.provider_member
    more = {"delivered_on": clock.today()} if verb == "record_delivery" else {}
    for by in (stranger, wrong, them.assessor, them.decider):
        with pytest.raises(NotAuthorised):
            getattr(services, verb)(by=by, voucher=them.voucher, **more)


def test_the_term_of_delivery_is_extended_once():
    them = case()
    voucher = services.extend_voucher(by=them.member, voucher=them.voucher)
    assert (voucher.state, voucher.deliver_by) == (VoucherState.ISSUED, dt.date(2027, 8, 23))
    with pytest.raises(Refused) as refused:
        services.extend_voucher(by=them.member, voucher=voucher)
    assert codes(refused) == {ClaimReason.EXTENDED_BEFORE}


# --- sending a claim ----------------------------------------------------------------------------------------------------------


def test_starting_twice_gives_the_same_draft():
    them = case()
    delivered(them)
    one = services.start_claim(by=them.member, voucher=them.voucher)
    other = services.start_claim(by=them.member, voucher=them.voucher)
    assert one == other


def test_a_claim_needs_a_delivery_first():
    them = case()
    with pytest.raises(Refused) as refused:
        services.start_claim(by=them.member, voucher=them.voucher)
    assert codes(refused) == {ClaimReason.NOT_ORDERED}


def test_an_incomplete_claim_is_refused_with_everything_that_misses():
    them = case()
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    with pytest.raises(Refused) as refused:
        services.submit_claim(by=them.member, claim=claim)
    assert codes(refused) == {ClaimReason.INVOICE_INCOMPLETE, ClaimReason.USERS_NEEDED}
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.DRAFT


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": " -/ "}, ClaimReason.INVOICE_INCOMPLETE),
        ({"dated": dt.date(2026, 11, 24)}, ClaimReason.DATE_IN_FUTURE),
        ({"incl": D("9999.99")}, ClaimReason.INVOICE_TOTAL),
        ({"file": None}, CoreReason.FILE_MISSING),
    ],
)
def test_an_invoice_that_cannot_be_is_refused(change, expected):
    them = case()
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    with pytest.raises(Refused) as refused:
        services.save_invoice(by=them.member, claim=claim, **invoice(them, **change))
    assert codes(refused) == {expected}


def test_members_of_the_provider_never_claim_not_even_as_members_of_the_business():
    them = case()
    delivered(them)
    both = member_of(them.sme)
    from tests.factories.accounts import MembershipFactory

    MembershipFactory(person=both, organisation=them.voucher.provider.organisation)
    with pytest.raises(NotAuthorised):
        services.start_claim(by=both, voucher=them.voucher)
    with pytest.raises(NotAuthorised):
        services.start_claim(by=them.provider_member, voucher=them.voucher)
    assert not Claim.objects.exists()


def test_the_provider_can_be_paid_only_on_its_own_account():
    them = case()
    claim = draft_claim(them)
    own = claim.bank_account
    with pytest.raises(Refused) as refused:
        services.save_payment(by=them.member, claim=claim, payee=Payee.PROVIDER)
    assert codes(refused) == {ClaimReason.ACCOUNT_NEEDED}
    theirs = provider_account(them)
    with pytest.raises(Refused) as refused:
        services.save_payment(by=them.member, claim=claim, payee=Payee.SME, account=theirs)
    assert codes(refused) == {ClaimReason.ACCOUNT_OF_ANOTHER}
    claim = services.save_payment(by=them.member, claim=claim, payee=Payee.PROVIDER, account=own)
    assert claim.bank_account == theirs


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], ClaimReason.USERS_NEEDED),
        ([(f"P{n}", f"p{n}@bedrijf.example") for n in range(11)], ClaimReason.USERS_NEEDED),
        ([("", "a@bedrijf.example")], ClaimReason.USERS_NEEDED),
        ([("A", "a@bedrijf.example"), ("B", "A@bedrijf.example ")], ClaimReason.USER_TWICE),
        ([("A", "geen adres")], ClaimReason.USER_ADDRESS),
    ],
)
def test_end_users_are_one_to_ten_different_people(people, expected):
    them = case()
    claim = draft_claim(them)
    with pytest.raises(Refused) as refused:
        services.name_end_users(by=them.member, claim=claim, people=people)
    assert codes(refused) == {expected}
    assert claim.end_users.count() == 1


def test_nobody_of_the_provider_is_an_end_user():
    them = case()
    claim = draft_claim(them)
    for email in (them.provider_member.email, "iemand@" + them.voucher.provider.contact_email.split("@")[1]):
        with pytest.raises(Refused) as refused:
            services.name_end_users(by=them.member, claim=claim, people=[("Iemand", email)])
        assert codes(refused) == {ClaimReason.USER_OF_PROVIDER}


@pytest.mark.database
def test_an_invoice_counts_once_whoever_claims_it():
    package = None
    one = case(programme=programme_with())
    package = one.voucher.package
    other = case(programme=one.voucher.application.programme, package=package)
    submitted_claim(one, number="F 2026/001")
    with pytest.raises(Refused) as refused:
        draft_claim(other, number="f-2026-001")
    assert codes(refused) == {ClaimReason.INVOICE_USED}


def test_a_withdrawn_claim_frees_its_invoice_and_its_voucher():
    them = case()
    services.withdraw_claim(by=them.member, claim=submitted_claim(them))
    assert submitted_claim(them).number.endswith("/2")


def test_the_sample_is_asked_for_proof_and_not_advised_without_it(monkeypatch):
    monkeypatch.setattr("vouchers.services.claim.sampled", lambda *_args: True)
    them = case()
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    assert claim.sampled
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    assert codes(refused) == {ClaimReason.PROOF_NEEDED}
    asked = services.ask_more_claim(by=them.assessor, claim=claim, question="Stuur een betaalbewijs.")
    assert asked.answer_by == dt.date(2027, 1, 18)  # eight weeks for evidence
    with pytest.raises(Refused) as refused:
        services.submit_claim(by=them.member, claim=asked)
    assert codes(refused) == {ClaimReason.PROOF_NEEDED}
    services.answer_question(
        by=them.member, claim=asked, text="Hier.", payment_proof=pdf("bank.pdf"), use_proof=pdf("gebruik.pdf")
    )
    again = services.submit_claim(by=them.member, claim=asked)
    again = services.take_up_claim(by=them.assessor, claim=again)
    assert services.advise_claim(by=them.assessor, claim=again, text="Goed.").state == ClaimState.ADVISED


def test_the_term_to_determine_stands_still_while_we_wait_for_an_answer():
    them = case()
    claim = submitted_claim(them)
    assert claim.determine_by == dt.date(2027, 1, 4)
    claim = services.take_up_claim(by=them.assessor, claim=claim)
    claim = services.ask_more_claim(by=them.assessor, claim=claim, question="Wat is regel 2?")
    with clock.fixed(START + dt.timedelta(days=9)):
        services.answer_question(by=them.member, claim=claim, text="De training.")
        claim = services.submit_claim(by=them.member, claim=claim)
    assert claim.determine_by == dt.date(2027, 1, 13)
    assert claim.suspended_days == 9


# --- who checks and decides -----------------------------------------------------------------------------------------------------


def test_who_assessed_the_application_does_not_check_the_claim():
    them = case()
    claim = submitted_claim(them)
    with pytest.raises(Refused) as refused:
        services.take_up_claim(by=them.application_assessor, claim=claim)
    assert codes(refused) == {ClaimReason.SAME_ASSESSOR}


@pytest.mark.database
def test_a_second_role_on_the_file_is_refused_by_the_service_and_by_the_database():
    from django.db import IntegrityError, transaction

    them = case()
    everything = official(Role.ASSESSOR, Role.DECIDER, is_superuser=True)
    them.assessor = everything
    claim = advised_claim(them)
    with pytest.raises(Refused) as refused:
        services.determine(by=everything, claim=claim)
    assert codes(refused) == {CoreReason.OTHER_HAND}
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ADVISED
    assert not Decision.objects.filter(subject=claim.reference()).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(file=claim.file(), person=everything, role=HandRole.DECIDER)


def test_who_belongs_to_a_party_touches_nothing():
    from tests.factories.accounts import MembershipFactory, OrganisationFactory

    them = case()
    claim = submitted_claim(them)
    for organisation in (them.sme, them.voucher.provider.organisation):
        linked = official(Role.ASSESSOR)
        MembershipFactory(person=linked, organisation=organisation)
        with pytest.raises(Refused) as refused:
            services.take_up_claim(by=linked, claim=claim)
        assert CoreReason.LINKED in codes(refused)
    namesake = official(Role.ASSESSOR)
    MembershipFactory(person=namesake, organisation=OrganisationFactory(kind="provider", kvk=them.sme.kvk))
    with pytest.raises(Refused) as refused:
        services.take_up_claim(by=namesake, claim=claim)
    assert codes(refused) == {CoreReason.LINKED}


def test_a_check_that_did_not_pass_must_be_judged_in_words():
    them = case()
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them, kvk="", vat_id=""))
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Goed.", judgements={"supplier": (True, "  ")})
    assert [reason.code for reason in refused.value.reasons] == [ClaimReason.CHECK_NOT_JUDGED] * 2
    with pytest.raises(Refused) as refused:
        services.advise_claim(
            by=them.assessor,
            claim=claim,
            text="Goed.",
            judgements={"supplier": (False, "Ander bedrijf."), "vat_id": (True, "Gezien.")},
        )
    assert codes(refused) == {ClaimReason.CHECK_REFUSED}


def test_what_the_provider_did_not_confirm_is_not_paid():
    them = case()
    delivered(them, confirmed=False)
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    assert codes(refused) == {ClaimReason.NOT_CONFIRMED}
    services.confirm_delivery(by=them.provider_member, voucher=them.voucher)
    claim = Claim.objects.get(pk=claim.pk)
    assert services.advise_claim(by=them.assessor, claim=claim, text="Goed.").advised_amount == D("8000.00")


def test_an_approval_does_not_survive_a_change_of_what_was_approved():
    them = case()
    claim = advised_claim(them)
    claim.bank_account.iban = "NL44RABO0123456789"
    claim.bank_account.save()
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=Claim.objects.get(pk=claim.pk))
    assert codes(refused) == {ClaimReason.CHANGED_SINCE_ADVICE}


def test_the_account_is_frozen_at_the_determination():
    them = case()
    claim = determined_claim(them)
    claim.bank_account.iban = "NL44RABO0123456789"
    claim.bank_account.save()
    again = Claim.objects.get(pk=claim.pk)
    assert again.iban == "NL91ABNA0417164300"
    assert list(services.payable_claims(them.voucher.application.programme)) == [again]


# --- lower than the arithmetic -------------------------------------------------------------------------------------------------


def lower(them, amount="5000.00"):
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    return services.advise_claim(
        by=them.assessor, claim=claim, text="De training ontbrak.", amount=D(amount), ground=LowerGround.NOT_DONE
    )


def test_a_lower_determination_waits_for_the_answer_to_a_notice():
    them = case()
    claim = lower(them)
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=claim)
    assert codes(refused) == {ClaimReason.NOTICE_NEEDED}
    notice = services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen 5.000 euro betalen.")
    assert notice.answer_by == dt.date(2026, 12, 7)
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=claim)
    assert codes(refused) == {ClaimReason.NOTICE_RUNNING}
    services.answer_claim_notice(by=them.member, claim=claim, text="De training was digitaal.")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.determined_amount, claim.ground) == (D("5000.00"), LowerGround.NOT_DONE)
    assert claim.decision.legal_ground == "Awb 4:46"
    assert parts() == (D(0), D("5000.00"), D(0))


def test_a_notice_that_nobody_answers_runs_out_after_its_last_day():
    them = case()
    claim = lower(them)
    services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen minder betalen.")
    with clock.fixed(START + dt.timedelta(days=14)), pytest.raises(Refused):
        services.determine(by=them.decider, claim=claim)
    with clock.fixed(START + dt.timedelta(days=15)):
        assert services.determine(by=them.decider, claim=claim).determined_amount == D("5000.00")


def test_a_determination_at_nothing_closes_claim_and_voucher_and_frees_the_money():
    them = case()
    claim = lower(them, "0.00")
    services.send_claim_notice(by=them.decider, claim=claim, text="Er is niets geleverd.")
    with clock.fixed(START + dt.timedelta(days=15)):
        claim = services.determine(by=them.decider, claim=claim)
    assert claim.state == ClaimState.CLOSED
    assert them.again().state == VoucherState.SETTLED
    assert parts() == (D(0), D(0), D(0))
    assert services.differences() == []


def test_more_than_the_arithmetic_is_refused_to_assessor_and_decider():
    them = case()
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Meer.", amount=D("8000.01"))
    assert codes(refused) == {ClaimReason.ABOVE_ARITHMETIC}
    claim = services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=claim, amount=D("8000.01"))
    assert codes(refused) == {ClaimReason.ABOVE_ARITHMETIC}


# --- paying, returning, withholding, revising -------------------------------------------------------------------------------------


@pytest.mark.database
def test_a_claim_is_paid_once_and_a_payout_counts_once():
    them = case()
    claim = paid_claim(them, ref="uuid-1")
    with pytest.raises(Refused) as refused:
        services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-2")
    assert ClaimReason.NOTHING_TO_PAY in codes(refused) or CoreReason.WRONG_STATE in codes(refused)
    assert parts() == (D(0), D(0), D("8000.00"))


@pytest.mark.database
def test_returned_money_is_awarded_again_and_paid_by_a_new_payout():
    them = case()
    claim = paid_claim(them, ref="uuid-1")
    with pytest.raises(Refused):
        services.return_funds(by=them.payer, claim=claim, payout_ref="uuid-9")
    claim = services.return_funds(by=them.payer, claim=claim, payout_ref="uuid-1")
    assert (claim.state, claim.paid_amount, parts()) == (ClaimState.DETERMINED, D(0), (D(0), D("8000.00"), D(0)))
    with pytest.raises(Refused):
        services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-1")
    claim = services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-2")
    assert (claim.state, parts()) == (ClaimState.PAID, (D(0), D(0), D("8000.00")))
    assert services.differences() == []


@pytest.mark.parametrize("paid_on", [dt.date(2026, 11, 22), dt.date(2026, 11, 24)])
def test_the_day_of_payment_lies_between_decision_and_today(paid_on):
    them = case()
    claim = determined_claim(them)
    with pytest.raises(Refused):
        services.mark_paid(by=them.payer, claim=claim, paid_on=paid_on, payout_ref="uuid-1")
    assert parts() == (D(0), D("8000.00"), D(0))


def test_a_withheld_claim_is_not_payable_until_it_is_released_by_hand_or_after_13_weeks():
    them = case()
    programme = them.voucher.application.programme
    claim = determined_claim(them)
    claim = services.withhold_claim(by=them.decider, claim=claim, why="Er loopt een onderzoek.")
    assert claim.withheld_until == dt.date(2027, 2, 22)
    assert not services.payable_claims(programme).exists()
    with pytest.raises(Refused):
        services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-1")
    with clock.fixed(START + dt.timedelta(weeks=13)):
        assert services.sweep_terms().released == 0
    with clock.fixed(START + dt.timedelta(weeks=13, days=1)):
        assert services.sweep_terms().released == 1
    assert services.payable_claims(programme).get() == claim


def test_a_revision_pays_only_the_difference():
    them = case()
    claim = lower(them)
    services.send_claim_notice(by=them.decider, claim=claim, text="Minder.")
    services.answer_claim_notice(by=them.member, claim=claim, text="Niet terecht.")
    services.determine(by=them.decider, claim=claim)
    claim = services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-1")
    assert parts() == (D(0), D(0), D("5000.00"))
    other = official(Role.DECIDER)
    claim = services.revise_claim(by=other, claim=claim, amount=D("8000.00"), why="Bezwaar gegrond.")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.state, claim.payable_amount) == (ClaimState.DETERMINED, D("3000.00"))
    assert parts() == (D(0), D("3000.00"), D("5000.00"))
    claim = services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-2")
    assert (claim.paid_amount, parts()) == (D("8000.00"), (D(0), D(0), D("8000.00")))
    assert services.differences() == []


# --- numbers and races --------------------------------------------------------------------------------------------------------------


def test_codes_are_secret_and_differ():
    from vouchers.services.voucher import new_code

    made = {new_code() for _number in range(500)}
    assert len(made) == 500
    assert all(len(code.replace("-", "")) >= 26 for code in made)  # 26 base32 letters are 130 bits


@pytest.mark.database
def test_a_voucher_has_one_open_claim_says_the_database():
    from django.db import IntegrityError, transaction

    them = case()
    claim = draft_claim(them)
    with pytest.raises(IntegrityError, match=r"one_open_claim_per_voucher|voucher_id"), transaction.atomic():
        Claim.objects.create(
            voucher=them.voucher, seq=9, number="x", created_at=clock.now(), supplier_ref=claim.supplier_ref
        )


@pytest.mark.database
def test_an_invoice_counts_once_says_the_database_itself():
    from django.db import IntegrityError, transaction

    one = case()
    other = case(programme=one.voucher.application.programme, package=one.voucher.package)
    first, second = submitted_claim(one, number="F-1"), submitted_claim(other, number="F-2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=second.pk).update(invoice_key=first.invoice_key)


@pytest.mark.database
@pytest.mark.parametrize(
    "change",
    [
        {"determined_amount": D("8000.01")},
        {"determined_amount": D("-0.01")},
        {"iban": ""},
        {"state": ClaimState.PAID},
        {"state": ClaimState.ADVISED},
        {"state": "anything"},
        {"invoice_file": None},
    ],
)
def test_the_database_refuses_a_claim_that_cannot_be(change):
    from django.db import IntegrityError, transaction

    claim = determined_claim(case())
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**change)


def test_nothing_is_claimed_after_the_term():
    them = case()
    delivered(them)
    with clock.fixed(dt.datetime(2027, 1, 19, 10, tzinfo=dt.UTC)), pytest.raises(Refused) as refused:
        services.start_claim(by=them.member, voucher=them.voucher)
    assert codes(refused) == {ClaimReason.CLAIM_TOO_LATE}


def test_a_suspended_provider_never_touches_a_running_voucher():
    from providers.enums import ProviderState
    from providers.models import Provider

    them = case()
    delivered(them)
    Provider.objects.filter(pk=them.voucher.provider_id).update(
        state=ProviderState.SUSPENDED, suspended_on=clock.today()
    )
    assert paid_claim(them).state == ClaimState.PAID


def test_both_sides_of_a_case_see_only_what_is_theirs():
    from vouchers.models import Voucher

    them = case()
    other = case(programme=them.voucher.application.programme)
    claim = draft_claim(them)
    seen = {user: set(Voucher.objects.visible_to(user)) for user in (them.member, them.provider_member, them.decider)}
    assert seen[them.member] == seen[them.provider_member] == {them.voucher}
    assert seen[them.decider] == {them.voucher, other.voucher}
    assert set(Claim.objects.visible_to(them.member)) == {claim}
    assert not Claim.objects.visible_to(them.provider_member).exists()
    assert not Claim.objects.visible_to(them.decider).exists()
    assert not Claim.objects.visible_to(other.member).exists()
