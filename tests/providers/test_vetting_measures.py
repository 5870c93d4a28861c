"""Suspending, lifting it, removing, leaving and coming back (DESIGN 3; Awb 4:8, 4:11)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core.workflow import NotAuthorised
from providers import services
from providers.enums import MeasureGround, ProviderState
from providers.models import Provider, VettingDecision
from tests.factories.accounts import MembershipFactory, official
from tests.factories.providers import ProviderFactory, provider_member
from tests.moments import MONDAY, TODAY, later
from tests.refusals import refusal_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

WHY = {"grounds": [MeasureGround.COMPLAINT], "text": "De klacht van juni is niet opgelost."}


@pytest.fixture
def provider():
    return ProviderFactory(admitted=True)


def announced(provider, assessor, measure="suspend"):
    return services.announce_measure(by=assessor, provider=provider, measure=measure, text="Wij willen u schorsen.")


def test_a_suspension_is_announced_by_one_and_decided_by_another(provider, assessor, decider):
    assert refusal_names(lambda: services.suspend_provider(by=decider, provider=provider, **WHY)) == ["INTENT_NEEDED"]
    provider = announced(provider, assessor)
    assert provider.intent_due_on == dt.date(2026, 12, 7)
    assert refusal_names(lambda: services.suspend_provider(by=decider, provider=provider, **WHY)) == ["INTENT_RUNNING"]
    services.react(by=provider_member(provider), subject=provider, text="Wij lossen het op.")
    provider = services.suspend_provider(by=decider, provider=provider, **WHY)
    assert (provider.state, provider.suspended_on) == (ProviderState.SUSPENDED, TODAY)
    decision = VettingDecision.objects.get(provider=provider)
    assert (decision.kind, decision.grounds) == ("suspend", ["complaint"])
    assert decision.inputs["intent_answer"] == "Wij lossen het op."
    assert not Provider.objects.visible(TODAY).exists()


def test_who_announced_a_measure_does_not_decide_it(provider, decider):
    both = official(Role.ASSESSOR, Role.DECIDER)
    provider = announced(provider, both)
    services.react(by=provider_member(provider), subject=provider, text="Nee.")
    assert refusal_names(lambda: services.suspend_provider(by=both, provider=provider, **WHY)) == ["OTHER_HAND"]
    provider = services.suspend_provider(by=decider, provider=provider, **WHY)
    assert services.reinstate_provider(by=both, provider=provider, text="Opgelost.").state == ProviderState.ADMITTED


def test_the_term_ends_by_itself(provider, assessor, decider):
    provider = announced(provider, assessor)
    with later(15):
        assert services.suspend_provider(by=decider, provider=provider, **WHY).state == ProviderState.SUSPENDED


def test_an_announced_suspension_is_no_announced_removal(provider, assessor, decider):
    provider = announced(provider, assessor, "suspend")
    services.react(by=provider_member(provider), subject=provider, text="Nee.")
    assert refusal_names(lambda: services.remove_provider(by=decider, provider=provider, **WHY)) == ["INTENT_NEEDED"]


def test_urgency_needs_its_own_reason_and_is_kept(provider, decider):
    provider = services.suspend_provider(by=decider, provider=provider, **WHY, urgent="Klanten verliezen nu gegevens.")
    assert provider.state == ProviderState.SUSPENDED
    assert VettingDecision.objects.get().urgent == "Klanten verliezen nu gegevens."


def test_a_decision_names_a_known_ground_and_reasons(provider, decider):
    nothing = {"by": decider, "provider": provider, "urgent": "Nu."}
    assert refusal_names(lambda: services.suspend_provider(**nothing, grounds=[], text="")) == [
        "TEXT_NEEDED",
        "GROUND_NEEDED",
    ]
    assert refusal_names(lambda: services.suspend_provider(**nothing, grounds=["dislike"], text="x")) == [
        "GROUND_UNKNOWN"
    ]


def test_a_suspension_hides_and_does_not_cascade(decider):
    provider = ProviderFactory(suspended=True)
    before = list(provider.solutions.values_list("pk", "state"))
    provider = services.reinstate_provider(by=decider, provider=provider, text="Opgelost.")
    assert (provider.state, provider.suspended_on) == (ProviderState.ADMITTED, None)
    assert list(provider.solutions.values_list("pk", "state")) == before
    assert refusal_names(lambda: services.reinstate_provider(by=decider, provider=provider, text="Nog eens")) == [
        "WRONG_STATE"
    ]


def test_a_linked_or_roleless_person_takes_no_measure(provider, assessor, decider):
    MembershipFactory(person=decider, organisation=provider.organisation)
    assert "LINKED" in refusal_names(
        lambda: services.suspend_provider(by=decider, provider=provider, **WHY, urgent="Nu")
    )
    for stranger in (assessor, provider_member(provider), official(Role.MANAGER), official(Role.AUDITOR)):
        with pytest.raises(NotAuthorised):
            services.suspend_provider(by=stranger, provider=provider, **WHY, urgent="Nu")
    provider.refresh_from_db()
    assert provider.state == ProviderState.ADMITTED


def test_an_announced_measure_can_be_let_go(provider, assessor, decider):
    provider = announced(provider, assessor)
    assert refusal_names(lambda: announced(provider, assessor)) == ["INTENT_OPEN"]
    provider = services.drop_measure(by=decider, provider=provider, text="Opgelost na de reactie.")
    assert provider.intent_sent_at is None
    assert announced(provider, assessor).intent_sent_at == MONDAY


def test_a_removed_provider_comes_back_after_a_year(provider, assessor, decider):
    member = provider_member(provider)
    provider = announced(provider, assessor, "remove")
    services.react(by=member, subject=provider, text="Nee.")
    provider = services.remove_provider(by=decider, provider=provider, **WHY)
    assert refusal_names(lambda: services.reapply(by=member, provider=provider)) == ["COOLING_OFF"]
    with later(364):
        assert refusal_names(lambda: services.reapply(by=member, provider=provider)) == ["COOLING_OFF"]
    with later(365):
        provider = services.reapply(by=member, provider=provider)
        assert (provider.state, provider.valid_until) == (ProviderState.APPLICANT, None)


def test_who_left_comes_back_at_once(provider, decider):
    member = provider_member(provider)
    provider = services.leave(by=member, provider=provider)
    assert provider.left_on == TODAY
    assert services.reapply(by=member, provider=provider).state == ProviderState.APPLICANT


def test_a_suspended_provider_cannot_slip_away(decider):
    provider = ProviderFactory(suspended=True)
    assert refusal_names(lambda: services.leave(by=provider_member(provider), provider=provider)) == ["WRONG_STATE"]


@pytest.mark.database
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("provider_admitted_until_a_date", {"state": "admitted"}),
        ("provider_suspended_on_a_date", {"state": "applicant", "suspended_on": TODAY}),
        ("provider_removed_on_a_date", {"state": "removed"}),
        ("provider_left_on_a_date", {"state": "left"}),
        ("provider_state_known", {"state": "wonderful"}),
        ("provider_intent_whole", {"intent_measure": "suspend"}),
    ],
)
def test_the_database_knows_the_machine_too(name, fields):
    provider = ProviderFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Provider.objects.filter(pk=provider.pk).update(**fields)
