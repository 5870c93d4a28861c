"""Taking back that a customer was named, without choosing who answers (ADR 0009)."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.enums import Role
from core.models import AuditEntry
from core.workflow import NotAuthorised
from providers import services
from providers.models import FeedbackInvitation
from providers.rules.invitation import InvitationReason, LinkReason
from providers.rules.rulesets import STANDARD
from providers.services.feedback import LinkGone, open_invitation
from providers.services.standing import gather_inputs
from tests.factories.accounts import OrganisationFactory, member_of, official
from tests.factories.catalogue import InvitationFactory, SolutionFactory, VoucherInvitationFactory, answered, customer
from tests.moments import MONDAY, TODAY, later
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def solution():
    return SolutionFactory(listed=True)


@pytest.fixture
def member(solution):
    return member_of(solution.provider.organisation)


def test_a_mistyped_customer_is_withdrawn_named_again_and_counts_once(solution, member):
    typo = customer(email="kim@bakkkerij.example")
    invitation = services.invite_reference(by=member, solution=solution, **typo)
    withdrawn = services.withdraw_invitation(by=member, invitation=invitation)
    assert withdrawn.cancelled_at == MONDAY
    assert AuditEntry.objects.filter(stream=solution.case(), action="withdraw_invitation").count() == 1
    services.invite_reference(by=member, solution=solution, **{**typo, "email": "kim@bakkerij.example"})
    invited = gather_inputs(solution, TODAY).invited
    assert len(invited) == 2
    assert len({one.who for one in invited}) == 1


def test_a_customer_that_is_not_named_again_did_not_answer(solution, member):
    for _n in range(5):
        answered(solution, 20)
    for _n in range(6):
        invitation = InvitationFactory(solution=solution)
        services.withdraw_invitation(by=member, invitation=invitation)
    run = services.recompute_standing(by=official(Role.DECIDER), solution=solution)
    assert (run.outcome["invited"], run.outcome["answered"], run.passes) == (11, 5, False)


def test_withdrawing_makes_no_room_for_another_customer(solution, member):
    for _n in range(STANDARD.most_references):
        last = services.invite_reference(by=member, solution=solution, **customer())
    services.withdraw_invitation(by=member, invitation=last)
    assert refusal(lambda: services.invite_reference(by=member, solution=solution, **customer())) == [
        InvitationReason.TOO_MANY
    ]
    services.invite_reference(by=member, solution=solution, **customer(kvk=last.kvk))


def test_one_business_gets_at_most_three_links_however_often_it_is_withdrawn(solution, member):
    named = customer()
    for _n in range(STANDARD.most_sent):
        invitation = services.invite_reference(by=member, solution=solution, **named)
        services.withdraw_invitation(by=member, invitation=invitation)
    assert refusal(lambda: services.invite_reference(by=member, solution=solution, **named)) == [
        InvitationReason.SENT_OFTEN
    ]


def test_the_link_of_a_withdrawn_invitation_is_dead(solution, member):
    invitation = InvitationFactory(solution=solution, token="dood")
    services.withdraw_invitation(by=member, invitation=invitation)
    with pytest.raises(LinkGone) as gone:
        open_invitation("dood")
    assert gone.value.reason.code == LinkReason.CANCELLED
    assert refusal(lambda: services.resend_invitation(by=member, invitation=invitation)) == [InvitationReason.WITHDRAWN]
    assert refusal(lambda: services.withdraw_invitation(by=member, invitation=invitation)) == [
        InvitationReason.WITHDRAWN
    ]


def test_an_expired_invitation_can_be_withdrawn_and_an_answered_one_not(solution, member):
    invitation = InvitationFactory(solution=solution)
    with later(31):
        assert services.withdraw_invitation(by=member, invitation=invitation).cancelled_at
    told = answered(solution, -20).invitation
    assert refusal(lambda: services.withdraw_invitation(by=member, invitation=told)) == [InvitationReason.ANSWERED]


def test_nobody_else_withdraws_and_a_user_with_a_voucher_is_not_the_providers_to_withdraw(solution, member):
    invitation = InvitationFactory(solution=solution)
    for stranger in (official(Role.DECIDER), member_of(OrganisationFactory())):
        with pytest.raises(NotAuthorised):
            services.withdraw_invitation(by=stranger, invitation=invitation)
    with pytest.raises(NotAuthorised):
        services.withdraw_invitation(by=member, invitation=VoucherInvitationFactory(solution=solution))
    assert not FeedbackInvitation.objects.exclude(cancelled_at=None).exists()


def test_the_page_withdraws_after_saying_what_that_means(solution, member, as_):
    invitation = InvitationFactory(solution=solution, email="kim@bakkkerij.example")
    page = reverse("providers:my_references", args=[solution.pk])
    withdraw = reverse("providers:my_reference_withdraw", args=[solution.pk, invitation.pk])
    assertContains(as_(member).get(page), withdraw)
    assertContains(as_(member).get(withdraw), "telt als gevraagd en niet geantwoord")
    assert as_(member).post(withdraw).status_code == 302
    shown = as_(member).get(page)
    assertContains(shown, "ingetrokken")
    assertNotContains(shown, withdraw)
    assert as_(member).post(withdraw).status_code == 422
