"""The whole main job, once, through the services, each step by another person.

Vetting, listing, references, preferred; scan, application, award; order, delivery, claim, determination; batch, release,
paid; feedback, standing. Every official holds every role, so that what refuses a second role is the hand on the file and not
a missing role (DESIGN 4.8).
"""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from lxml import etree

from accounts.enums import OrganisationKind, Role
from accounts.models import BankAccount, Municipality, Sector
from accounts.services import add_bank_account, register_organisation, verify_bank_account
from core import clock
from core.enums import HandRole
from core.models import Hand
from core.money import ZERO
from core.reasons import CoreReason
from core.workflow import NotAuthorised
from payouts import services as payouts
from payouts.enums import BatchState, PayoutState
from payouts.models import Payout
from payouts.reasons import PayoutReason
from providers import services as providers
from providers.enums import Advice, DossierKind, DossierState, ProviderState, SolutionState, Verdict
from providers.models import Category, FeedbackInvitation, Provider, Solution, StandingRun
from providers.services.feedback import LinkGone
from providers.services.standing import STANDING
from providers.services.standing import replay as replay_standing
from roadmap.services import VISITOR, claim_scan, scan_answer, scan_at_once
from tests.factories.accounts import UserFactory, official
from tests.factories.providers import filled_dossier, pdf
from tests.journeys.assertions import any_changed_byte_is_named, money, no_second_hand, refused, verify
from tests.journeys.letters import Letters
from vouchers import services as vouchers
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import Advice as ApplicationAdvice
from vouchers.enums import ApplicationState, ClaimState, VatPosition, VoucherState
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EVERY_ROLE = (Role.ASSESSOR, Role.DECIDER, Role.TREASURER, Role.APPROVER)
SME_IBAN = "NL44RABO0123456789"
BEFORE = {"times_per_week": Decimal("12.00"), "minutes_before": Decimal("60.00")}
FASTER = {"minutes_after": Decimal("50.00"), "satisfaction": 4}  # 60/50: a gain of exactly 20 %


def on(month: int, day: int, hour: int = 10):
    return clock.fixed(dt.datetime(2026, month, day, hour, tzinfo=clock.AMSTERDAM))


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return Letters(django_capture_on_commit_callbacks)


@pytest.fixture
def reference(db):
    with on(1, 2):
        call_command("load_reference", stdout=StringIO())


@pytest.fixture
def people(reference):
    return {name: official(*EVERY_ROLE, name=name) for name in "Anke Bram Cor Dini Eef Frits Gea Hidde".split()}


def test_the_whole_main_job_through_services(people, letters):
    provider, supplier = vetted(people)
    solution, package = listed(people, provider, supplier, letters)
    business, owner = scanned(people, solution)
    application, voucher = awarded(people, package, business, owner)
    used(voucher, owner, supplier)
    claim = determined(people, voucher, owner, supplier)
    paid(people, claim)
    judged(solution, voucher, letters)
    assert application.case() == claim.case()
    assert "sound" in verify()
    any_changed_byte_is_named()


# --- vetting, listing, references, preferred ---------------------------------------------------------------------------


def vetted(people):
    assessor, decider = people["Anke"], people["Bram"]
    with on(1, 5):
        supplier = UserFactory(email="baas@aanbieder-wit.example")
        provider = providers.register_provider(
            by=supplier,
            legal_name="Aanbieder Wit B.V.",
            legal_form="company",
            kvk="20000001",
            vat_id="NL002455799B11",
            street="Kade 1",
            postcode="9712 AA",
            city="Groningen",
            municipality=Municipality.objects.get(pk="GM0014"),
            founded_on=dt.date(2015, 3, 1),
            website="https://www.aanbieder-wit.example/",
            contact_name="De Baas",
            contact_email="baas@aanbieder-wit.example",
        )
        assert provider.state == ProviderState.APPLICANT
        dossier = filled_dossier(provider, by=supplier)
        assert dossier.state == DossierState.DRAFT
        dossier = providers.submit_dossier(by=supplier, dossier=dossier)
        assert dossier.state == DossierState.SUBMITTED
        assert dossier.checks
    with on(1, 6):
        dossier = approved_by_two(dossier, assessor, decider)
    provider.refresh_from_db()
    assert provider.state == ProviderState.ADMITTED
    assert BankAccount.objects.get(organisation=provider.organisation).verified_at
    return provider, supplier


def approved_by_two(dossier, assessor, decider):
    """One person assesses, another approves; whoever assessed may not, and the database agrees."""
    dossier = providers.take_up(by=assessor, dossier=dossier)
    assert dossier.state == DossierState.IN_REVIEW
    for item in dossier.items.all():
        providers.give_verdict(by=assessor, dossier=dossier, code=item.code, verdict=Verdict.MET, note="Gezien.")
    dossier = providers.advise(by=assessor, dossier=dossier, advice=Advice.APPROVE, text="Alles is in orde.")
    assert dossier.state == DossierState.ADVISED
    refused(lambda: providers.approve(by=assessor, dossier=dossier, text="Akkoord."), CoreReason.OTHER_HAND)
    no_second_hand(dossier.file(), assessor, HandRole.DECIDER)
    dossier = providers.approve(by=decider, dossier=dossier, text="Voldoet.") or dossier
    dossier.refresh_from_db()
    assert dossier.state == DossierState.APPROVED
    return dossier


def listed(people, provider, supplier, letters):
    with on(1, 8):
        solution = providers.create_solution(
            by=supplier,
            provider=Provider.objects.get(pk=provider.pk),
            category=Category.objects.get(pk="WERKBON"),
            name="Bon Direct",
            summary="Werkbonnen op de telefoon.",
            description="Getekend en direct gefactureerd.",
        )
        providers.add_package(
            by=supplier,
            solution=solution,
            name="Compleet",
            included="Inrichting en training.",
            one_off=Decimal("8800.00"),
            monthly=Decimal("100.00"),
        )
        assert solution.state == SolutionState.DRAFT
        links = letters.links(lambda: [named(solution, supplier, number) for number in range(5)])
        assert len(set(links)) == 5
    with on(1, 12):
        for link in links:
            providers.answer_feedback(token=link, answers={**BEFORE, **FASTER})
        dossier = filled_dossier(provider, by=supplier, kind=DossierKind.LISTING, solution=solution)
        dossier = providers.submit_dossier(by=supplier, dossier=dossier)
        approved_by_two(dossier, people["Cor"], people["Dini"])
    solution.refresh_from_db()
    assert solution.state == SolutionState.LISTED
    assert not solution.on_trial
    with on(1, 13):
        run = providers.recompute_standing(by=STANDING, solution=solution)
        assert run.passes
        solution.refresh_from_db()
        assert solution.state == SolutionState.PREFERRED
        assert solution in Solution.objects.visible(on=clock.today()).on_preferred_list()
    return solution, solution.packages.get()


def named(solution, supplier, number):
    return providers.invite_reference(
        by=supplier,
        solution=solution,
        company=f"Klant {number}",
        kvk=f"3000000{number}",
        name=f"Gebruiker {number}",
        email=f"gebruiker@klant{number}.example",
        in_use_since=dt.date(2025, 5, 1),
    )


# --- scan, application, award ------------------------------------------------------------------------------------------


def scanned(people, solution):
    with on(2, 2):
        answers = {f"{block}{number}": 2 for block in "AB" for number in range(1, 7)} | {"A1": 1}
        scan, link = scan_at_once(
            by=VISITOR, sector="BOUW", answers=answers, municipality="GM0014", headcount=9, sbi="43"
        )
        assert (scan.total, scan.level) == (23, 1)
        [step] = [step for step in scan_answer(scan)["steps"] if step["category"] == solution.category_id]
        assert (step["listed"], step["preferred"]) == (1, 1)
        owner = UserFactory(email="eigenaar@timmerzaak.example")
        business = register_organisation(
            by=owner,
            kind=OrganisationKind.SME,
            legal_name="Timmerzaak Recht",
            legal_form="partnership",
            kvk="40000001",
            municipality=Municipality.objects.get(pk="GM0014"),
            sector=Sector.objects.get(pk="BOUW"),
            sbi="43",
            headcount=9,
            founded_on=dt.date(2010, 1, 1),
        )
        claim_scan(by=owner, token=link, organisation=business)
        account = add_bank_account(by=owner, organisation=business, iban=SME_IBAN, holder="Timmerzaak Recht")
        verify_bank_account(by=people["Anke"], account=account)
    return business, owner


def awarded(people, package, business, owner):
    assessor, decider = people["Cor"], people["Bram"]
    with on(2, 10):
        programme = Programme.objects.get(code="digitale-trede")
        application = sent(programme, package, business, owner)
        assert application.state == ApplicationState.SUBMITTED
        assert money() == (Decimal("8000.00"), ZERO, ZERO)
    with on(2, 12):
        application = vouchers.take_up(by=assessor, application=application)
        assert application.state == ApplicationState.IN_REVIEW
        assert not application.checks.exclude(outcome="pass").exists()
        application = vouchers.advise(
            by=assessor, application=application, advice=ApplicationAdvice.AWARD, text="In orde."
        )
        assert application.state == ApplicationState.ADVISED
    with on(2, 13):
        refused(lambda: vouchers.award(by=assessor, application=application), CoreReason.OTHER_HAND)
        no_second_hand(application.file(), assessor, HandRole.DECIDER)
        assert money() == (Decimal("8000.00"), ZERO, ZERO)
        decision = vouchers.award(by=decider, application=application, explanation="Succes.")
    application.refresh_from_db()
    assert application.state == ApplicationState.AWARDED
    assert application.awarded == decision.amount == Decimal("8000.00")
    assert vouchers.replay(decision)
    assert money() == (ZERO, Decimal("8000.00"), ZERO)
    voucher = application.vouchers.get()
    assert (voucher.state, voucher.amount) == (VoucherState.ISSUED, Decimal("8000.00"))
    return application, voucher


def sent(programme, package, business, owner):
    application = vouchers.start_application(by=owner, organisation=business, programme=programme, package=package)
    assert application.state == ApplicationState.DRAFT
    vouchers.confirm_business(by=owner, application=application, iban=SME_IBAN, holder="Timmerzaak Recht")
    vouchers.add_quote(
        by=owner,
        line=application.lines.get(),
        number="OFF-1",
        dated=dt.date(2026, 2, 6),
        valid_until=dt.date(2026, 5, 1),
        unsigned=True,
        net=Decimal("10000.00"),
        vat=Decimal("2100.00"),
        upload=pdf("offerte.pdf"),
    )
    vouchers.set_vat_position(by=owner, application=application, position=VatPosition.FULL)
    vouchers.declare_group(by=owner, application=application, in_group=False)
    vouchers.declare_aid(by=owner, application=application, amount=ZERO)
    vouchers.confirm_statements(
        by=owner,
        application=application,
        nothing_ordered=True,
        own_contribution=True,
        not_insolvent=True,
        truthful=True,
    )
    return vouchers.submit_application(by=owner, application=application)


# --- order, delivery, claim, determination -----------------------------------------------------------------------------


def used(voucher, owner, supplier):
    with on(3, 2):
        voucher = vouchers.record_order(by=owner, voucher=voucher, ordered_on=clock.today(), baseline=BEFORE)
        voucher = vouchers.confirm_order(by=supplier, voucher=voucher)
    with on(3, 30):
        voucher = vouchers.record_delivery(by=owner, voucher=voucher, delivered_on=clock.today())
        voucher = vouchers.confirm_delivery(by=supplier, voucher=voucher)
    assert voucher.is_confirmed


def determined(people, voucher, owner, supplier):
    assessor, decider = people["Eef"], people["Frits"]
    with on(4, 3):
        with pytest.raises(NotAuthorised):
            vouchers.start_claim(by=supplier, voucher=voucher)
        claim = claimed(voucher, owner)
        assert claim.state == ClaimState.SUBMITTED
        assert {row["outcome"] for row in claim.checks} == {"pass"}
    with on(4, 8):
        refused(lambda: vouchers.take_up_claim(by=people["Cor"], claim=claim), ClaimReason.SAME_ASSESSOR)
        claim = vouchers.take_up_claim(by=assessor, claim=claim)
        assert claim.state == ClaimState.IN_REVIEW
        claim = vouchers.advise_claim(by=assessor, claim=claim, text="Klopt.")
        assert (claim.state, claim.advised_amount) == (ClaimState.ADVISED, Decimal("8000.00"))
    with on(4, 10):
        refused(lambda: vouchers.determine(by=assessor, claim=claim), CoreReason.OTHER_HAND)
        no_second_hand(claim.file(), assessor, HandRole.DECIDER)
        claim = vouchers.determine(by=decider, claim=claim)
    assert (claim.state, claim.determined_amount) == (ClaimState.DETERMINED, Decimal("8000.00"))
    assert money() == (ZERO, Decimal("8000.00"), ZERO)
    return claim


def claimed(voucher, owner):
    claim = vouchers.start_claim(by=owner, voucher=voucher)
    assert claim.state == ClaimState.DRAFT
    claim = vouchers.save_invoice(
        by=owner,
        claim=claim,
        number="F-2026-1",
        dated=dt.date(2026, 4, 1),
        excl=Decimal("10000.00"),
        incl=Decimal("12100.00"),
        description="Bon Direct, pakket Compleet",
        kvk="20000001",
        vat_id="NL002455799B11",
        file=pdf("factuur.pdf"),
    )
    claim = vouchers.answer_question(
        by=owner, claim=claim, payment_proof=pdf("afschrift.pdf"), use_proof=pdf("scherm.pdf")
    )
    users = [("Jan", "jan@timmerzaak.example"), ("Els", "els@timmerzaak.example")]
    claim = vouchers.name_end_users(by=owner, claim=claim, people=users)
    return vouchers.submit_claim(by=owner, claim=claim)


# --- batch, release, paid ----------------------------------------------------------------------------------------------


def paid(people, claim):
    preparer, releaser = people["Gea"], people["Hidde"]
    programme = Programme.objects.get(code="digitale-trede")
    with on(4, 14):
        assert list(payouts.payable_claims(programme)) == [claim]
        for taken in ("Eef", "Frits"):
            refused(
                lambda taken=taken: payouts.prepare_batch(by=people[taken], programme=programme, claims=[claim]),
                CoreReason.OTHER_HAND,
            )
            no_second_hand(claim.file(), people[taken], HandRole.PREPARER)
        batch, dropped = payouts.prepare_batch(by=preparer, programme=programme, claims=[claim])
        payout = Payout.objects.get()
        assert (batch.state, payout.state, dropped) == (BatchState.PREPARED, PayoutState.PREPARED, [])
        assert not payouts.payable_claims(programme).exists()
    with on(4, 15):
        seen = batch.fingerprint()
        refused(lambda: payouts.release_batch(by=preparer, batch=batch, seen_sha256=seen), PayoutReason.SAME_PERSON)
        refused(
            lambda: payouts.release_batch(by=people["Frits"], batch=batch, seen_sha256=seen), PayoutReason.NOTHING_LEFT
        )
        refused(
            lambda: payouts.release_batch(by=releaser, batch=batch, seen_sha256="0" * 64), PayoutReason.BATCH_CHANGED
        )
        no_second_hand(claim.file(), preparer, HandRole.RELEASER)
        batch, dropped = payouts.release_batch(by=releaser, batch=batch, seen_sha256=seen)
        assert (batch.state, dropped) == (BatchState.RELEASED, [])
        in_the_file(batch, payout, releaser)
        assert money() == (ZERO, Decimal("8000.00"), ZERO)
    with on(4, 17):
        [payout] = payouts.confirm_paid(by=preparer, booked_on=clock.today(), batch=batch)
        assert payout.state == PayoutState.PAID
        refused(
            lambda: payouts.confirm_paid(by=preparer, booked_on=clock.today(), batch=batch),
            PayoutReason.NOTHING_TO_CONFIRM,
        )
    assert money() == (ZERO, ZERO, Decimal("8000.00"))
    claim.refresh_from_db()
    batch.refresh_from_db()
    assert (claim.state, claim.paid_amount) == (ClaimState.PAID, Decimal("8000.00"))
    assert batch.state == BatchState.CLOSED
    claim.voucher.refresh_from_db()
    assert claim.voucher.state == VoucherState.SETTLED
    roles = dict(Hand.objects.filter(file=claim.file()).values_list("role", "person__name"))
    assert roles == {"assessor": "Eef", "decider": "Frits", "preparer": "Gea", "releaser": "Hidde"}


def in_the_file(batch, payout, by):
    """The file for the bank pays this amount to this account, once, under the payout's own number."""
    tree = etree.fromstring(bytes(payouts.batch_file(by=by, batch=batch).content))
    text = {name: [node.text for node in tree.iterfind(f".//{{*}}{name}")] for name in ("EndToEndId", "InstdAmt")}
    assert text == {"EndToEndId": [payout.number.hex], "InstdAmt": ["8000.00"]}
    assert SME_IBAN in [node.text for node in tree.iterfind(".//{*}CdtrAcct/{*}Id/{*}IBAN")]


# --- feedback, standing ------------------------------------------------------------------------------------------------


def judged(solution, voucher, letters):
    with on(4, 28):
        assert letters.links(vouchers.send_feedback_invitations) == []  # thirty days of use are not over yet
    with on(4, 29):
        links = letters.links(vouchers.send_feedback_invitations)
        assert len(links) == 2
        assert letters.links(vouchers.send_feedback_invitations) == []
    known = StandingRun.objects.filter(solution=solution).count()
    with on(5, 3):
        for link in links:
            providers.answer_feedback(token=link, answers={"minutes_after": Decimal("40.00"), "satisfaction": 5})
        with pytest.raises(LinkGone):
            providers.answer_feedback(token=links[0], answers={"minutes_after": Decimal("1.00"), "satisfaction": 5})
    assert FeedbackInvitation.objects.filter(voucher_ref=voucher.number, answered_at__isnull=False).count() == 2
    solution.refresh_from_db()
    assert StandingRun.objects.filter(solution=solution).count() == known + 2
    assert solution.standing.outcome["smes"] == 6
    assert solution.standing.outcome["mean"] == "1/4"  # five at 20 %, one at 50 %
    assert solution.standing.outcome["users"] == 7
    assert solution.state == SolutionState.PREFERRED
    assert all(replay_standing(run) for run in StandingRun.objects.all())


# --- the trail ---------------------------------------------------------------------------------------------------------
