"""Asking customers and users by a personal link, and keeping their answers (RELIABILITY 47-51)."""

import contextlib
import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.models import AuditEntry
from core.reasons import Refused
from core.tokens import hash_token
from core.workflow import NotAuthorised, unit
from providers import services
from providers.enums import InvitationStatus, SolutionState
from providers.models import Baseline, FeedbackInvitation, FeedbackReport
from providers.rules.gain import AnswerReason
from providers.rules.invitation import (
    InvitationReason,
    LinkReason,
    ProviderTies,
    domain_of,
    host_of,
    same_domain,
)
from providers.rules.rulesets import STANDARD
from providers.services.feedback import LinkGone, open_invitation
from providers.services.standing import STANDING
from tests.factories.accounts import OrganisationFactory, member_of, official
from tests.factories.catalogue import (
    BackupFactory,
    InvitationFactory,
    SolutionFactory,
    VoucherInvitationFactory,
    WebsiteFactory,
    answered,
    customer,
)
from tests.factories.providers import ProviderFactory
from tests.moments import MONDAY, TODAY
from tests.refusals import refusal_set

pytestmark = pytest.mark.usefixtures("monday")

GOOD = {"times_per_week": Decimal(10), "minutes_before": Decimal(23), "minutes_after": Decimal(20), "satisfaction": 4}


# --- ties --------------------------------------------------------------------------------------------------------------


def test_public_mail_domains_tie_nobody():
    ties = ProviderTies.of(
        kvk="", addresses=["jo@gmail.com", "jo@zaak.example"], websites=["https://www.zaak.example/x"]
    )
    assert ties.domains == {"zaak.example"}


@pytest.mark.parametrize(
    ("website", "host"),
    [("https://www.zaak.example/", "zaak.example"), ("zaak.example/over", "zaak.example"), ("", ""), ("http://[", "")],
)
def test_the_host_of_a_website(website, host):
    assert host_of(website) == host


def test_a_domain_below_another_is_the_same():
    assert same_domain("mail.zaak.example", "zaak.example")
    assert not same_domain("andere-zaak.example", "zaak.example")
    assert domain_of("Jo@Zaak.Example") == "zaak.example"


# --- reference customers -----------------------------------------------------------------------------------------------


@pytest.fixture
def solution(db):
    return SolutionFactory()


@pytest.fixture
def member(solution):
    return member_of(solution.provider.organisation, email="baas@aanbieder-zelf.example")


def token_in(message):
    return re.search(r"/ervaring/([\w-]+)/", message.body).group(1)


def test_a_customer_gets_a_personal_link_of_which_only_the_fingerprint_is_kept(
    solution, member, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = services.invite_reference(by=member, solution=solution, **customer(email="Kim@Klant.example"))
    [message] = mail.outbox
    token = token_in(message)
    assert message.to == ["kim@klant.example"]
    assert f"http://127.0.0.1:8000/ervaring/{token}/" in message.body
    assert invitation.token_hash == hash_token(token)
    assert invitation.expires_at == MONDAY + dt.timedelta(days=30)
    assert not AuditEntry.objects.filter(body__contains=token).exists()
    assert not AuditEntry.objects.filter(body__contains="klant.example").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kvk": "OWN"}, InvitationReason.SAME_BUSINESS),
        ({"email": "iemand@aanbieder-zelf.example"}, InvitationReason.SAME_DOMAIN),
        ({"email": "iemand@post.aanbieder-zelf.example"}, InvitationReason.SAME_DOMAIN),
        ({"email": "BAAS@aanbieder-zelf.example"}, InvitationReason.OWN_PERSON),
        ({"in_use_since": TODAY - dt.timedelta(days=180)}, InvitationReason.TOO_SHORT),
        ({"in_use_since": TODAY + dt.timedelta(days=1)}, InvitationReason.FUTURE),
    ],
)
def test_a_customer_who_stands_too_close_or_is_too_new_does_not_count(solution, member, change, code):
    if change.get("kvk") == "OWN":
        change = {"kvk": solution.provider.organisation.kvk}
    assert refusal_set(lambda: services.invite_reference(by=member, solution=solution, **customer(**change))) == {code}
    assert not FeedbackInvitation.objects.exists()


def test_every_reason_is_named_at_once(solution, member):
    wrong = customer(kvk=solution.provider.organisation.kvk, email="x@aanbieder-zelf.example", in_use_since=TODAY)
    assert len(refusal_set(lambda: services.invite_reference(by=member, solution=solution, **wrong))) == 3


def test_a_business_and_a_person_are_named_once(solution, member):
    first = customer()
    services.invite_reference(by=member, solution=solution, **first)
    assert refusal_set(
        lambda: services.invite_reference(by=member, solution=solution, **customer(kvk=first["kvk"]))
    ) == {InvitationReason.BUSINESS_TWICE}
    assert refusal_set(
        lambda: services.invite_reference(by=member, solution=solution, **customer(email=first["email"].upper()))
    ) == {InvitationReason.PERSON_TWICE}
    assert FeedbackInvitation.objects.count() == 1


def test_at_most_ten_customers_are_named(solution, member):
    for _n in range(STANDARD.most_references):
        services.invite_reference(by=member, solution=solution, **customer())
    assert refusal_set(lambda: services.invite_reference(by=member, solution=solution, **customer())) == {
        InvitationReason.TOO_MANY
    }


def test_a_stranger_names_no_customers(solution):
    with pytest.raises(NotAuthorised):
        services.invite_reference(by=member_of(ProviderFactory().organisation), solution=solution, **customer())
    with pytest.raises(NotAuthorised):
        services.invite_reference(by=official(Role.DECIDER), solution=solution, **customer())


def test_a_gmail_address_is_welcome_though_the_provider_has_one_too(solution):
    member = member_of(solution.provider.organisation, email="baas@gmail.com")
    assert services.invite_reference(by=member, solution=solution, **customer(email="bakker@gmail.com")).pk


def test_an_expired_link_can_be_sent_anew_and_the_old_one_stays_dead(
    solution, member, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = services.invite_reference(by=member, solution=solution, **customer())
    assert refusal_set(lambda: services.resend_invitation(by=member, invitation=invitation)) == {
        InvitationReason.STILL_OPEN
    }
    with clock.fixed(MONDAY + dt.timedelta(days=STANDARD.link_days)), django_capture_on_commit_callbacks(execute=True):
        assert invitation.status(clock.now()) == InvitationStatus.EXPIRED
        again = services.resend_invitation(by=member, invitation=invitation)
        old, new = (token_in(message) for message in mail.outbox[:1]), again.token_hash
        with pytest.raises(FeedbackInvitation.DoesNotExist):
            open_invitation(next(old))
    assert hash_token(token_in(mail.outbox[1])) == new
    assert FeedbackInvitation.objects.count() == 1


# --- users at a business with a voucher --------------------------------------------------------------------------------


@pytest.fixture
def listed(db):
    return SolutionFactory(listed=True)


def ask(solution, sme, *, by=None, **changes):
    given = {
        "email": "sam@winkel.example",
        "name": "Sam",
        "case_ref": "vouchers.application:1",
        "in_use_since": TODAY - dt.timedelta(days=30),
        "wave": 1,
        "voucher_ref": "DT-1",
    }
    return services.invite_feedback(
        by=by or SystemActor("feedback"), solution=solution, sme=sme, **{**given, **changes}
    )


def test_a_user_is_asked_once_per_voucher_and_wave(listed):
    sme = OrganisationFactory()
    first = ask(listed, sme)
    assert ask(listed, sme, email="SAM@winkel.example") == first
    assert ask(listed, sme, wave=3) != first
    assert ask(listed, sme, voucher_ref="DT-2") != first
    assert FeedbackInvitation.objects.count() == 3


def test_a_user_is_not_asked_before_thirty_days_of_use(listed):
    since = TODAY - dt.timedelta(days=29)
    assert refusal_set(lambda: ask(listed, OrganisationFactory(), in_use_since=since)) == {InvitationReason.TOO_SOON}


def test_staff_and_addresses_of_the_provider_are_not_asked(listed):
    member_of(listed.provider.organisation, email="verkoper@leverancier.example")
    sme = OrganisationFactory()
    assert refusal_set(lambda: ask(listed, sme, email="verkoper@leverancier.example")) == {InvitationReason.OWN_PERSON}
    assert refusal_set(lambda: ask(listed, sme, email="x@leverancier.example")) == {InvitationReason.SAME_DOMAIN}
    twin = OrganisationFactory(kvk=listed.provider.organisation.kvk)
    assert refusal_set(lambda: ask(listed, twin)) == {InvitationReason.SAME_BUSINESS}


def test_a_refusal_that_is_passed_over_leaves_no_line_in_the_trail(listed):
    @unit
    def caller():
        with contextlib.suppress(Refused):
            ask(listed, OrganisationFactory(), in_use_since=TODAY)
        return ask(listed, OrganisationFactory())

    caller()
    assert AuditEntry.objects.filter(stream=listed.case(), action="invite_user").count() == 1


def test_the_provider_does_not_choose_whom_to_ask(listed):
    with pytest.raises(NotAuthorised):
        ask(listed, OrganisationFactory(), by=member_of(listed.provider.organisation))


def test_there_are_four_waves(listed):
    with pytest.raises(ValueError, match="wave"):
        ask(listed, OrganisationFactory(), wave=2)


# --- answering ---------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_with_its_exact_gain_and_uses_the_link_up(listed):
    InvitationFactory(solution=listed, token="t1")
    report = services.answer_feedback(token="t1", answers=GOOD)
    assert report.exact_gain == Fraction(3, 20)
    assert report.invitation.answered_at == MONDAY
    with pytest.raises(LinkGone) as gone:
        services.answer_feedback(token="t1", answers=GOOD)
    assert gone.value.reason.code == LinkReason.USED
    assert FeedbackReport.objects.count() == 1


def test_an_answer_runs_the_rule(listed):
    for _n in range(4):
        answered(listed, 20)
    InvitationFactory(solution=listed, token="fifth")
    services.answer_feedback(token="fifth", answers=GOOD)
    listed.refresh_from_db()
    assert listed.state == SolutionState.PREFERRED
    assert listed.standing.outcome["smes"] == 5


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answered_at": MONDAY}, LinkReason.USED),
        ({"expires_at": MONDAY, "sent_at": MONDAY - dt.timedelta(days=30)}, LinkReason.EXPIRED),
        ({"cancelled_at": MONDAY}, LinkReason.CANCELLED),
    ],
)
def test_a_dead_link_says_why(listed, change, code):
    InvitationFactory(solution=listed, token="t1", **change)
    with pytest.raises(LinkGone) as gone:
        services.answer_feedback(token="t1", answers=GOOD)
    assert gone.value.reason.code == code
    assert not FeedbackReport.objects.exists()


def test_a_link_works_until_the_last_second(listed):
    InvitationFactory(solution=listed, token="t1")
    with clock.fixed(MONDAY + dt.timedelta(days=30) - dt.timedelta(seconds=1)):
        assert services.answer_feedback(token="t1", answers=GOOD)


def test_an_unknown_link_is_nobodys(db):
    with pytest.raises(FeedbackInvitation.DoesNotExist):
        services.answer_feedback(token="x", answers=GOOD)


def test_wrong_answers_are_named_and_the_link_stays_good(listed):
    InvitationFactory(solution=listed, token="t1")
    wrong = {**GOOD, "minutes_before": Decimal(0), "satisfaction": None}
    assert refusal_set(lambda: services.answer_feedback(token="t1", answers=wrong)) == {
        AnswerReason.NOT_POSITIVE,
        AnswerReason.MISSING,
    }
    assert services.answer_feedback(token="t1", answers=GOOD)


def test_the_trail_does_not_tell_who_answered_what(listed):
    invitation = InvitationFactory(solution=listed, token="t1")
    services.answer_feedback(token="t1", answers={**GOOD, "minutes_before": Decimal("33.33")})
    bodies = AuditEntry.objects.filter(stream=listed.case()).values_list("body", flat=True)
    assert bodies
    assert not any(invitation.email in body or "33.33" in body for body in bodies)


def test_assurance_asks_for_satisfaction_and_a_test(db):
    backup = SolutionFactory(listed=True, category=BackupFactory())
    InvitationFactory(solution=backup, token="t1")
    report = services.answer_feedback(token="t1", answers={"satisfaction": 5, "test_passed": True})
    assert (report.gain, report.test_passed, report.minutes_before) == ("", True, None)


# --- the baseline ------------------------------------------------------------------------------------------------------


def test_a_baseline_is_fixed_before_the_work_and_beats_what_is_said_later(listed):
    sme = OrganisationFactory()
    boss = member_of(sme)
    before = {"times_per_week": Decimal(10), "minutes_before": Decimal(23)}
    services.record_baseline(by=boss, solution=listed, sme=sme, voucher_ref="DT-1", answers=before)
    VoucherInvitationFactory(solution=listed, organisation=sme, voucher_ref="DT-1", token="t1")
    report = services.answer_feedback(token="t1", answers={**GOOD, "minutes_before": Decimal(600)})
    assert report.minutes_before == Decimal(23)
    assert report.exact_gain == Fraction(3, 20)


def test_the_letter_names_the_work_that_is_measured(listed, django_capture_on_commit_callbacks, mailoutbox):
    sme = OrganisationFactory()
    boss = member_of(sme)
    before = {"times_per_week": Decimal(10), "minutes_before": Decimal(23)}
    with django_capture_on_commit_callbacks(execute=True):
        services.record_baseline(
            by=boss, solution=listed, sme=sme, voucher_ref="DT-1", answers=before, task=" Facturen maken "
        )
        services.invite_feedback(
            by=STANDING,
            solution=listed,
            sme=sme,
            email="kim@bedrijf.example",
            name="Kim",
            case_ref="vouchers.application:1",
            in_use_since=clock.today() - dt.timedelta(days=40),
            wave=1,
            voucher_ref="DT-1",
        )
    assert "Wij vragen naar dit werk: Facturen maken." in mailoutbox[-1].body


def test_a_baseline_is_never_changed(listed):
    sme = OrganisationFactory()
    boss = member_of(sme)
    before = {"times_per_week": Decimal(10), "minutes_before": Decimal(23)}
    services.record_baseline(by=boss, solution=listed, sme=sme, voucher_ref="DT-1", answers=before)
    better = {**before, "minutes_before": Decimal(99)}
    assert refusal_set(
        lambda: services.record_baseline(by=boss, solution=listed, sme=sme, voucher_ref="DT-1", answers=better)
    ) == {InvitationReason.BASELINE_FIXED}
    assert Baseline.objects.get().minutes_before == Decimal(23)


def test_only_the_business_itself_says_how_it_was_before(listed):
    sme = OrganisationFactory()
    for stranger in (member_of(listed.provider.organisation), official(Role.DECIDER), member_of(OrganisationFactory())):
        with pytest.raises(NotAuthorised):
            services.record_baseline(by=stranger, solution=listed, sme=sme, voucher_ref="DT-1", answers=GOOD)


def test_a_baseline_of_output_and_of_assurance(db):
    sme = OrganisationFactory()
    boss = member_of(sme)
    website = SolutionFactory(listed=True, category=WebsiteFactory())
    asked = {"results_before": Decimal(3), "hours_before": Decimal("2.5")}
    assert services.record_baseline(by=boss, solution=website, sme=sme, voucher_ref="DT-1", answers=asked).hours_before
    backup = SolutionFactory(listed=True, category=BackupFactory())
    assert services.record_baseline(by=boss, solution=backup, sme=sme, voucher_ref="DT-2", answers={}) is None


# --- the database ------------------------------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.parametrize("same", ["kvk", "email"])
def test_the_database_keeps_a_reference_customer_unique(listed, same):
    first = InvitationFactory(solution=listed)
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(solution=listed, **{same: getattr(first, same)})


@pytest.mark.database
def test_the_database_keeps_one_invitation_per_user_voucher_and_wave(listed):
    first = VoucherInvitationFactory(solution=listed)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoucherInvitationFactory(solution=listed, voucher_ref=first.voucher_ref, email=first.email)


@pytest.mark.database
def test_the_database_keeps_one_answer_per_invitation(listed):
    report = answered(listed, 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackReport.objects.create(
            invitation=report.invitation, benefit="time", gain="1/10", satisfaction=4, answered_at=MONDAY
        )


@pytest.mark.database
@pytest.mark.parametrize("broken", [{"satisfaction": 6}, {"gain": ""}, {"benefit": "assurance"}])
def test_the_database_refuses_an_answer_that_cannot_be(listed, broken):
    report = answered(listed, 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackReport.objects.filter(pk=report.pk).update(**broken)
