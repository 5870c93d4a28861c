"""The demo is whole, obeys the rules, belongs to nobody, and is loaded once."""

import datetime as dt
import time
from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from accounts.enums import OrganisationKind, Role
from accounts.models import BankAccount, Organisation, User
from core import clock
from core.models import AuditEntry
from core.money import ZERO
from core.state import StatefulModel
from marketplace.demo.accounts import PASSWORD
from marketplace.demo.days import Days
from marketplace.demo.people import OFFICIALS
from payouts.enums import BatchState, InboxState, PayoutState
from payouts.models import Batch, InboxEvent, Payout
from providers.enums import DossierState, InvitationStatus, ProviderState, SolutionState
from providers.models import Dossier, FeedbackInvitation, Provider, Solution, StandingRun
from providers.services.standing import replay as replay_standing
from roadmap.models import Scan
from roadmap.services import benchmark_of, roadmap_answer
from tests.factories.providers import pdf
from vouchers import services
from vouchers.enums import (
    ApplicationState,
    ClaimState,
    DecisionKind,
    ObjectionState,
    ReclaimState,
    RuleOutcome,
    VatPosition,
    VoucherState,
)
from vouchers.models import Application, Claim, Decision, Objection, Programme, Reclaim, Voucher

ACCOUNTS = """sme sme2 provider provider2 assessor decider decider2 treasurer approver manager manager2 adviser
auditor""".split()

UNREACHED = {
    VoucherState: {VoucherState.CLOSED},  # twelve months after delivery; no case is that old
    PayoutState: {
        PayoutState.APPROVED,  # its batch is released in the same act
        PayoutState.READY,  # waits for the dispatcher of the Stripe rail
        PayoutState.UNKNOWN,  # the payment service gave no word
    },
    InboxState: set(InboxState),  # the payment service sends the messages
}
"""States no case of the demo is in; marketplace/demo/__init__.py tells the same."""


DRAWN = set(
    """
    accounts.User.password core.AuditPayload.salt providers.FeedbackInvitation.token_hash roadmap.Scan.token_hash
    vouchers.Voucher.code
    core.StoredFile.id core.StoredFile.content providers.Evidence.file_id vouchers.ApplicationLine.quote_file_id
    vouchers.Claim.invoice_file_id vouchers.Claim.payment_proof_id vouchers.Claim.use_proof_id
    payouts.Batch.number payouts.Payout.number payouts.Payout.idempotency_key payouts.BatchLine.end_to_end_id
    vouchers.Claim.payout_ref vouchers.Claim.sent_payout_ref vouchers.ClaimPayment.payout_ref vouchers.LedgerTransaction.ref
    payouts.Batch.released_sha256 payouts.BatchFile.content payouts.BatchFile.sha256 payouts.Payout.content_sha256
    payouts.Payout.agreed_sha256 core.AuditEntry.body core.AuditEntry.hash core.AuditHead.hash
    """.split()
)
"""Columns that differ in every load: secrets, keys that are drawn, what names such a key, and sums over these."""

MACHINES = {
    Provider: ProviderState,
    Dossier: DossierState,
    Solution: SolutionState,
    Application: ApplicationState,
    Voucher: VoucherState,
    Claim: ClaimState,
    Reclaim: ReclaimState,
    Objection: ObjectionState,
    Payout: PayoutState,
    Batch: BatchState,
    InboxEvent: InboxState,
}


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


class DemoTest(TestCase):
    """Loads the demo once for all these tests; each of them leaves it as it was."""

    @classmethod
    def setUpTestData(cls):
        run("load_reference")
        cls.said = run("load_demo")
        cls.today = clock.today()

    def test_it_has_at_least_what_was_asked(self):
        visible = Solution.objects.visible(on=self.today)
        assert Provider.objects.visible(on=self.today).count() >= 20
        assert visible.count() >= 60
        assert visible.values("category").distinct().count() >= 40
        businesses = Organisation.objects.filter(kind=OrganisationKind.SME)
        assert businesses.count() >= 40
        assert set(businesses.values_list("municipality__province", flat=True)) == {"PV20", "PV21", "PV22"}
        assert businesses.values("sector").distinct().count() == 13
        assert set(Scan.objects.values_list("level", flat=True)) == {1, 2, 3, 4}

    def test_cases_stand_in_every_state_a_service_leads_to(self):
        for model, states in MACHINES.items():
            reached = set(model.objects.values_list("state", flat=True))
            assert reached == set(states) - UNREACHED.get(states, set()), model.__name__

    def test_no_machine_of_the_house_is_left_out(self):
        machines = {model for model in apps.get_models() if issubclass(model, StatefulModel)}
        assert {model for model in machines if model._meta.app_label != "door"} == set(MACHINES)

    def test_some_solutions_are_preferred_some_on_notice_and_some_lack_evidence(self):
        states = Counter(Solution.objects.values_list("state", flat=True))
        assert states[SolutionState.PREFERRED] >= 20
        assert states[SolutionState.ON_NOTICE] >= 2
        listed = Solution.objects.visible(on=self.today).filter(state=SolutionState.LISTED).select_related("standing")
        thin = [solution for solution in listed if solution.standing.outcome["enough"] is False]
        assert len(thin) >= 10
        assert len(listed) - len(thin) >= 5  # enough answers, too little gain
        assert Solution.objects.filter(state=SolutionState.LISTED, standing_runs__move="drop").exists()

    def test_every_run_and_decision_can_be_replayed(self):
        assert all(replay_standing(run) for run in StandingRun.objects.order_by("-pk")[:80])
        decisions = Decision.objects.filter(kind__in=[DecisionKind.AWARD, DecisionKind.REFUSAL, DecisionKind.DISMISSAL])
        assert decisions.count() >= 30
        assert all(services.replay(decision) for decision in decisions)

    def test_the_trail_is_sound_and_the_books_close(self):
        assert "sound" in run("verify_audit")
        assert services.differences() == []

    def test_loading_again_changes_nothing_and_is_fast(self):
        before = AuditEntry.objects.count(), User.objects.count()
        started = time.monotonic()
        assert "nothing changed" in run("load_demo")
        assert time.monotonic() - started < 2
        assert (AuditEntry.objects.count(), User.objects.count()) == before

    def test_everybody_in_it_is_clearly_made_up(self):
        for organisation in Organisation.objects.all():
            assert "(demo)" in organisation.legal_name
        invitations = FeedbackInvitation.objects.all()
        addresses = [*User.objects.values_list("email", flat=True), *invitations.values_list("email", flat=True)]
        assert len(addresses) > 400
        assert all(address.endswith("@demo.example") for address in addresses)
        assert all("(demo)" in company for company in invitations.values_list("company", flat=True))
        assert all(iban[4:8] == "DEMO" for iban in BankAccount.objects.values_list("iban", flat=True))

    def test_nothing_happened_today_or_later(self):
        sweep = {"send_invitation", "invite_user"}  # the sweep of today, which sends links that work
        late = AuditEntry.objects.filter(at__date__gte=self.today).exclude(action__in=sweep)
        assert not late.exclude(actor="system:reference").exists()  # which loaded the rules before the story was told
        assert not User.objects.filter(date_joined__date__gte=self.today).exists()

    def test_no_term_has_passed_by_accident(self):
        running = Voucher.objects.filter(state=VoucherState.ISSUED)
        assert not running.filter(ordered_on=None, order_by__lt=self.today).exists()
        assert not running.filter(delivered_on=None, deliver_by__lt=self.today).exists()
        assert not running.filter(claims=None, claim_by__lt=self.today).exists()
        undecided = Application.objects.exclude(state__in=[ApplicationState.WAITING_LIST]).filter(decided_at=None)
        assert not undecided.exclude(state=ApplicationState.WITHDRAWN).filter(decide_by__lt=self.today).exists()
        open_claims = Claim.objects.filter(determined_at=None).exclude(state=ClaimState.WITHDRAWN)
        assert not open_claims.filter(determine_by__lt=self.today).exists()
        waiting = Dossier.objects.filter(state__in=[DossierState.SUBMITTED, DossierState.IN_REVIEW])
        assert not waiting.filter(first_answer_due__lt=self.today).exists()

    def test_the_demo_accounts_log_in_and_hold_their_roles(self):
        for name in ACCOUNTS:
            email = f"{name}@demo.example"
            assert authenticate(None, username=email, email=email, password=PASSWORD), name
            assert EmailAddress.objects.get(email=email).verified
        for name, _shown, *roles in OFFICIALS:
            assert User.objects.get(email=f"{name}@demo.example").roles() == set(roles)
        assert User.objects.get(email="adviser@demo.example").roles() == {Role.ADVISER}

    def test_the_provider_accounts_have_a_story(self):
        provider = (
            User.objects.get(email="provider@demo.example").organisations(OrganisationKind.PROVIDER).get().provider
        )
        assert provider.state == ProviderState.ADMITTED
        assert provider.solutions.filter(state=SolutionState.PREFERRED).count() >= 3
        assert provider.dossiers.filter(kind="renewal", state=DossierState.APPROVED).count() == 2
        waiting = (
            User.objects.get(email="provider2@demo.example").organisations(OrganisationKind.PROVIDER).get().provider
        )
        assert waiting.dossiers.get().state == DossierState.MORE_INFORMATION

    def test_the_business_accounts_have_a_story(self):
        mine = User.objects.get(email="sme@demo.example").organisations(OrganisationKind.SME)
        assert sorted(Application.objects.filter(organisation__in=mine).values_list("state", flat=True)) == ["awarded"]
        assert Voucher.objects.get(sme__in=mine).state == VoucherState.ISSUED
        assert mine.exclude(applications__isnull=False).count() == 1
        paid = Voucher.objects.get(sme__memberships__person__email="sme2@demo.example")
        assert paid.claims.get().state == ClaimState.PAID

    def test_the_clean_business_can_apply_today_and_meets_every_condition(self):
        member = User.objects.get(email="sme@demo.example")
        business = member.organisations(OrganisationKind.SME).exclude(applications__isnull=False).get()
        scan = Scan.objects.get(organisation=business)
        steps = roadmap_answer(sector=scan.sector_id, level=scan.level, have=scan.have, sbi=scan.sbi)["steps"]
        step = next(step for step in steps if step["preferred"])
        on_list = Solution.objects.visible(on=self.today).filter(
            state=SolutionState.PREFERRED, category=step["category"]
        )
        package = on_list.first().packages_on(self.today)[-1]
        application = services.start_application(
            by=member, organisation=business, programme=Programme.objects.get(code="digitale-trede"), package=package
        )
        account = business.bank_accounts.get()
        services.confirm_business(by=member, application=application, iban=account.iban, holder=account.holder)
        services.add_quote(
            by=member,
            line=application.lines.get(),
            number="OFF-1",
            dated=self.today,
            valid_until=self.today + dt.timedelta(days=60),
            unsigned=True,
            net=package.current.first_year,
            upload=pdf(),
        )
        services.set_vat_position(by=member, application=application, position=VatPosition.FULL)
        services.declare_group(by=member, application=application, in_group=False)
        services.declare_aid(by=member, application=application, amount=ZERO)
        services.confirm_statements(
            by=member,
            application=application,
            nothing_ordered=True,
            own_contribution=True,
            not_insolvent=True,
            truthful=True,
        )
        application = services.submit_application(by=member, application=application)
        assert application.state == ApplicationState.SUBMITTED
        assert application.held >= Decimal("500.00")
        assert set(application.checks.values_list("outcome", flat=True)) == {RuleOutcome.PASS}

    def test_a_benchmark_shows_in_large_cells_and_is_hidden_in_small_ones(self):
        shown = {scan.sector_id for scan in Scan.objects.finished().iterator() if benchmark_of(scan).own_kind}
        assert shown == {"DETAIL", "HORECA", "BOUW", "MAAK", "ZAKELIJK"}

    def test_end_users_have_links_that_work_today(self):
        live = [one for one in FeedbackInvitation.objects.all() if one.status(clock.now()) == InvitationStatus.OPEN]
        assert live
        assert all(one.voucher_ref for one in live)


@pytest.mark.soak
def test_two_loads_of_the_demo_are_the_same_but_for_what_is_drawn(told_by, scratch_databases):
    """A reader and a picture of the demo see the same tomorrow; only what has to be a secret is another every time."""
    one, other = (told_by("-m", "tests.run", "marketplace.loaded_demo", database=scratch_databases()) for _load in "ab")
    assert one.keys() == other.keys()
    assert len(one) > 300
    differing = {column for column in one if one[column] != other[column]}
    assert differing <= DRAWN, sorted(differing - DRAWN)


@override_settings(PRODUCTION=True)
def test_production_refuses_the_demo(db):
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_the_demo_is_left_out_while_its_rules_are_not_in_force(db):
    told = StringIO()
    with clock.fixed(dt.datetime(2026, 8, 1, tzinfo=dt.UTC)):
        call_command("load_demo", stderr=told)
    assert "2026-10-03" in told.getvalue()
    assert not User.objects.exists()


def test_the_story_ends_yesterday():
    days = Days(dt.date(2026, 11, 23))
    with days.at(1, 14) as day:
        assert clock.today() == day == dt.date(2026, 11, 22)
    with pytest.raises(ValueError, match="yesterday"), days.at(0):
        pass
