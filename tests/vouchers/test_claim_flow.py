"""From voucher to payment through the services: the whole way, in parts, and what is refused on it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail

from core import clock
from core.enums import HandRole
from core.models import AuditEntry, Hand
from core.reasons import CoreReason, Refused
from core.workflow import NotAuthorised
from providers.models import FeedbackInvitation, Provider
from tests.factories.accounts import member_of
from tests.factories.claims import (
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
from tests.moments import MONDAY, later
from tests.refusals import code_set
from tests.vouchers.money import parts
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, Payee, VoucherState
from vouchers.models import Claim, Programme

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


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
    with later(35):
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
        with later(days):
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


def actions(subject) -> list[str]:
    """What the trail of this case says, in order."""
    return list(AuditEntry.objects.filter(stream=subject.case()).order_by("seq").values_list("action", flat=True))


# --- order and delivery -----------------------------------------------------------------------------------------------------


def test_a_confirmed_order_cannot_change_and_confirming_twice_changes_nothing():
    them = case()
    base = {"times_per_week": D(20), "minutes_before": D(30)}
    services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today(), baseline=base)
    first = services.confirm_order(by=them.provider_member, voucher=them.voucher)
    with clock.fixed(MONDAY + dt.timedelta(hours=2)):
        again = services.confirm_order(by=them.provider_member, voucher=them.voucher)
    assert again.order_confirmed_at == first.order_confirmed_at
    assert actions(them.voucher).count("confirm_order") == 1
    with pytest.raises(Refused) as refused:
        services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today())
    assert code_set(refused) == {ClaimReason.ORDER_CONFIRMED}


def test_the_provider_is_written_to_in_the_language_of_its_contact(django_capture_on_commit_callbacks):
    them = case()
    voucher, person = them.again(), them.provider_member
    voucher.provider.contact_email = person.email
    voucher.provider.save()
    person.language = "en"
    person.save()
    base = {"times_per_week": D(20), "minutes_before": D(30)}
    with django_capture_on_commit_callbacks(execute=True):
        services.record_order(by=them.member, voucher=voucher, ordered_on=clock.today(), baseline=base)
    (letter,) = [message for message in mail.outbox if message.to == [person.email]]
    assert f"with voucher {voucher.number}" in letter.body


def test_confirming_the_delivery_twice_leaves_one_entry():
    them = case()
    delivered(them)
    before = actions(them.voucher)
    assert before.count("confirm_delivery") == 1
    services.confirm_delivery(by=them.provider_member, voucher=them.voucher)
    services.confirm_order(by=them.provider_member, voucher=them.voucher)
    assert actions(them.voucher) == before


def test_an_order_needs_how_it_went_before_and_that_is_fixed():
    them = case()
    with pytest.raises(Refused) as refused:
        services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today())
    assert code_set(refused) == {ClaimReason.BASELINE_NEEDED}
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
    assert ClaimReason.ORDER_BEFORE_APPLYING in code_set(refused)


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
    assert code_set(refused) == {ClaimReason.EXTENDED_BEFORE}


# --- sending a claim ----------------------------------------------------------------------------------------------------------


def test_starting_twice_gives_the_same_draft():
    them = case()
    delivered(them)
    one = services.start_claim(by=them.member, voucher=them.voucher)
    other = services.start_claim(by=them.member, voucher=them.voucher)
    assert one == other
    assert (actions(them.voucher).count("start_claim"), actions(one).count("start")) == (1, 2)  # application and claim


def test_a_claim_needs_a_delivery_first():
    them = case()
    with pytest.raises(Refused) as refused:
        services.start_claim(by=them.member, voucher=them.voucher)
    assert code_set(refused) == {ClaimReason.NOT_ORDERED}


def test_an_incomplete_claim_is_refused_with_everything_that_misses():
    them = case()
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    with pytest.raises(Refused) as refused:
        services.submit_claim(by=them.member, claim=claim)
    assert code_set(refused) == {ClaimReason.INVOICE_INCOMPLETE, ClaimReason.USERS_NEEDED}
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
    assert code_set(refused) == {expected}


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
    assert code_set(refused) == {ClaimReason.ACCOUNT_NEEDED}
    theirs = provider_account(them)
    with pytest.raises(Refused) as refused:
        services.save_payment(by=them.member, claim=claim, payee=Payee.SME, account=theirs)
    assert code_set(refused) == {ClaimReason.ACCOUNT_OF_ANOTHER}
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
    assert code_set(refused) == {expected}
    assert claim.end_users.count() == 1


def test_nobody_of_the_provider_is_an_end_user():
    them = case()
    claim = draft_claim(them)
    for email in (them.provider_member.email, "iemand@" + them.voucher.provider.contact_email.split("@")[1]):
        with pytest.raises(Refused) as refused:
            services.name_end_users(by=them.member, claim=claim, people=[("Iemand", email)])
        assert code_set(refused) == {ClaimReason.USER_OF_PROVIDER}


def test_the_contact_of_the_provider_is_no_end_user_with_a_public_address_either():
    them = case()
    Provider.objects.filter(pk=them.voucher.provider_id).update(contact_email="aanbieder@gmail.com")
    claim = draft_claim(them)
    with pytest.raises(Refused) as refused:
        services.name_end_users(by=them.member, claim=claim, people=[("Iemand", "Aanbieder@gmail.com")])
    assert code_set(refused) == {ClaimReason.USER_OF_PROVIDER}
    services.name_end_users(by=them.member, claim=claim, people=[("Iemand", "klant@gmail.com")])
    assert claim.end_users.get().email == "klant@gmail.com"


@pytest.mark.database
def test_an_invoice_counts_once_whoever_claims_it():
    package = None
    one = case(programme=programme_with())
    package = one.voucher.package
    other = case(programme=one.voucher.application.programme, package=package)
    submitted_claim(one, number="F 2026/001")
    with pytest.raises(Refused) as refused:
        draft_claim(other, number="f-2026-001")
    assert code_set(refused) == {ClaimReason.INVOICE_USED}


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
    assert code_set(refused) == {ClaimReason.PROOF_NEEDED}
    asked = services.ask_more_claim(by=them.assessor, claim=claim, question="Stuur een betaalbewijs.")
    assert asked.answer_by == dt.date(2027, 1, 18)  # eight weeks for evidence
    with pytest.raises(Refused) as refused:
        services.submit_claim(by=them.member, claim=asked)
    assert code_set(refused) == {ClaimReason.PROOF_NEEDED}
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
    with later(9):
        services.answer_question(by=them.member, claim=claim, text="De training.")
        claim = services.submit_claim(by=them.member, claim=claim)
    assert claim.determine_by == dt.date(2027, 1, 13)
    assert claim.suspended_days == 9
