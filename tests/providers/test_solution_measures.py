"""Suspending a solution: announced, decided by somebody else, or at once with the reaction afterwards (DESIGN 3; ADR 0006)."""

import datetime as dt

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.enums import Role
from core.workflow import NotAuthorised
from providers import services
from providers.enums import Measure, MeasureGround, ProviderState, SolutionState
from providers.models import Provider, Solution, VettingDecision
from tests.factories.accounts import official
from tests.factories.catalogue import SolutionFactory
from tests.factories.providers import ProviderFactory, admitted_by_the_book, provider_member
from tests.moments import later
from tests.refusals import refusal_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

WHY = {"grounds": [MeasureGround.COMPLAINT], "text": "De helpdesk is niet bereikbaar."}
URGENT = {**WHY, "urgent": "Klanten verliezen nu gegevens."}


@pytest.fixture
def provider():
    return ProviderFactory(admitted=True)


@pytest.fixture
def live(provider):
    return SolutionFactory(preferred=True, provider=provider)


def announced(solution, assessor):
    return services.announce_suspension(by=assessor, solution=solution, text="Wij willen deze oplossing schorsen.")


# --- a notice, and two people ------------------------------------------------------------------------------------------


def test_a_suspension_waits_for_the_notice_and_is_decided_by_another(live, member, decider):
    both = official(Role.ASSESSOR, Role.DECIDER)
    assert refusal_names(lambda: services.suspend_solution(by=decider, solution=live, **WHY)) == ["INTENT_NEEDED"]
    live = announced(live, both)
    assert live.intent_due_on == dt.date(2026, 12, 7)
    assert refusal_names(lambda: services.suspend_solution(by=decider, solution=live, **WHY)) == ["INTENT_RUNNING"]
    services.react(by=member, subject=live, text="Wij lossen het op.")
    assert refusal_names(lambda: services.suspend_solution(by=both, solution=live, **WHY)) == ["OTHER_HAND"]
    live = services.suspend_solution(by=decider, solution=live, **WHY)
    assert (live.state, live.suspension_text) == (SolutionState.SUSPENDED, WHY["text"])
    decision = VettingDecision.objects.get()
    assert (decision.grounds, decision.solution) == (["complaint"], live)
    assert decision.inputs["intent_answer"] == "Wij lossen het op."
    assert live.intent_sent_at is None


def test_the_term_ends_by_itself_and_a_notice_serves_once(live, assessor, decider):
    live = announced(live, assessor)
    with later(15):
        live = services.suspend_solution(by=decider, solution=live, **WHY)
        live = services.reinstate_solution(by=decider, solution=live, text="Opgelost.")
        assert refusal_names(lambda: services.suspend_solution(by=decider, solution=live, **WHY)) == ["INTENT_NEEDED"]
    assert set(VettingDecision.objects.values_list("kind", flat=True)) == {"suspend", "reinstate"}


def test_an_announced_suspension_can_be_let_go(live, assessor, decider):
    assert refusal_names(lambda: services.drop_suspension(by=decider, solution=live, text="x")) == ["INTENT_NEEDED"]
    live = announced(live, assessor)
    assert refusal_names(lambda: announced(live, assessor)) == ["INTENT_OPEN"]
    live = services.drop_suspension(by=decider, solution=live, text="Opgelost.")
    assert (live.state, live.intent_sent_at) == (SolutionState.PREFERRED, None)


def test_a_notice_ends_with_the_solution(live, member, assessor):
    live = services.retire_solution(by=member, solution=announced(live, assessor))
    assert live.intent_sent_at is None
    assert refusal_names(lambda: announced(live, assessor)) == ["WRONG_STATE"]


def test_who_may_not_announces_nothing(live, member, decider):
    for stranger in (member, decider, official(Role.MANAGER)):
        with pytest.raises(NotAuthorised):
            announced(live, stranger)


@pytest.mark.database
def test_the_database_wants_a_whole_notice(live):
    with pytest.raises(IntegrityError, match="solution_intent_whole"), transaction.atomic():
        Solution.objects.filter(pk=live.pk).update(intent_measure="suspend")


# --- what cannot wait --------------------------------------------------------------------------------------------------


def test_an_urgent_suspension_opens_the_right_to_react_at_once(
    live, member, decider, as_, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        live = services.suspend_solution(by=decider, solution=live, **URGENT)
    assert (live.intent_measure, live.intent_due_on) == (Measure.SUSPEND, dt.date(2026, 12, 7))
    [letter] = mail.outbox
    assert "reageren tot en met 7 december 2026" in letter.body
    decision = VettingDecision.objects.get()
    assertContains(
        as_(member).get(reverse("providers:vetting_decision", args=[decision.pk])),
        "reageren tot en met 7 december 2026",
    )
    react = reverse("providers:my_solution_react", args=[live.pk])
    assertContains(as_(member).get(reverse("providers:my_solution", args=[live.pk])), react)
    assert as_(member).post(react, {"text": "De gegevens zijn veilig."}).status_code == 302
    live.refresh_from_db()
    live = services.reinstate_solution(by=decider, solution=live, text="U heeft gelijk.")
    assert (live.state, live.intent_sent_at) == (SolutionState.LISTED, None)
    lifted = VettingDecision.objects.get(kind="reinstate")
    assert lifted.inputs["intent_answer"] == "De gegevens zijn veilig."


def test_a_provider_suspended_at_once_reacts_before_a_removal_is_announced(provider, member, assessor, decider):
    provider = services.suspend_provider(by=decider, provider=provider, **URGENT)
    assert provider.taken_at_once
    removal = {"provider": provider, "measure": "remove", "text": "Wij willen u verwijderen."}
    assert refusal_names(lambda: services.announce_measure(by=assessor, **removal)) == ["INTENT_OPEN"]
    assert refusal_names(lambda: services.drop_measure(by=decider, provider=provider, text="x")) == ["WRONG_STATE"]
    services.react(by=member, subject=provider, text="Nee.")
    assert refusal_names(lambda: services.remove_provider(by=decider, provider=provider, **WHY)) == ["INTENT_NEEDED"]
    provider = services.announce_measure(by=assessor, **removal)
    assert (provider.intent_measure, provider.intent_answer) == (Measure.REMOVE, "")
    assert refusal_names(lambda: services.remove_provider(by=decider, provider=provider, **WHY)) == ["INTENT_RUNNING"]


def test_nothing_is_so_urgent_that_a_removal_does_not_wait(provider, decider, as_):
    with pytest.raises(TypeError):
        services.remove_provider(by=decider, provider=provider, **URGENT)
    address = reverse("providers:vetting_provider_act", args=[provider.slug, "verwijderen"])
    assertNotContains(as_(decider).get(address), 'name="urgent"')
    assert as_(decider).post(address, URGENT).status_code == 422
    provider.refresh_from_db()
    assert provider.state == ProviderState.ADMITTED


# --- pages -------------------------------------------------------------------------------------------------------------


def test_the_way_of_a_suspension_over_the_pages(live, member, assessor, decider, as_):
    def act(name):
        return reverse("providers:vetting_solution_act", args=[live.pk, name])

    assert as_(decider).post(act("voornemen"), {"text": "x"}).status_code == 403
    assert as_(assessor).post(act("voornemen"), {"text": "Klachten sinds juni."}).status_code == 302
    page = as_(member).get(reverse("providers:my_solution", args=[live.pk]))
    assertContains(page, "Klachten sinds juni.")
    react = reverse("providers:my_solution_react", args=[live.pk])
    assert as_(member).get(react).status_code == 200
    assert as_(member).post(react, {"text": "Wij lossen het op."}).status_code == 302
    assertContains(as_(decider).get(act("schorsen")), "Wij lossen het op.")
    assert as_(decider).post(act("schorsen"), WHY).status_code == 302
    assert as_(member).get(react).status_code == 404
    assert as_(decider).post(act("herstellen"), {"text": "Opgelost."}).status_code == 302
    assert as_(assessor).post(act("voornemen"), {"text": "Weer klachten."}).status_code == 302
    assert as_(decider).post(act("afzien"), {"text": "Toch niet."}).status_code == 302
    live.refresh_from_db()
    assert (live.state, live.intent_sent_at) == (SolutionState.LISTED, None)


# --- leaving while something is announced --------------------------------------------------------------------------------


def announce(provider, assessor, measure):
    return services.announce_measure(by=assessor, provider=provider, measure=measure, text="Dit zijn wij van plan.")


@pytest.mark.usefixtures("checklist")
@pytest.mark.parametrize("measure", ["suspend", "remove"])
def test_an_old_notice_carries_no_measure_against_who_left_and_came_back(assessor, decider, measure):
    provider = ProviderFactory()
    member = provider_member(provider)
    provider = announce(admitted_by_the_book(provider, by=member), assessor, measure)
    provider = services.leave(by=member, provider=provider)
    assert (provider.intent_sent_at, provider.measure_round) == (None, 2)
    with later(366):
        services.reapply(by=member, provider=provider)
        provider = admitted_by_the_book(provider, by=member)
        for act in (services.suspend_provider, services.remove_provider):
            assert refusal_names(lambda act=act: act(by=decider, provider=provider, **WHY)) == ["INTENT_NEEDED"]


def test_who_leaves_before_an_announced_removal_waits_a_year(provider, member, assessor):
    provider = services.leave(by=member, provider=announce(provider, assessor, "remove"))
    assert provider.left_under_notice
    with later(364):
        assert refusal_names(lambda: services.reapply(by=member, provider=provider)) == ["COOLING_OFF"]
    with later(365):
        provider = services.reapply(by=member, provider=provider)
    assert (provider.state, provider.left_under_notice) == (ProviderState.APPLICANT, False)


@pytest.mark.parametrize(("measure", "warned"), [("remove", True), ("suspend", False)])
def test_the_page_warns_who_leaves_before_an_announced_removal(provider, member, assessor, as_, measure, warned):
    announce(provider, assessor, measure)
    page = as_(member).get(reverse("providers:provider_leave", args=[provider.slug]))
    assert ("Er is aangekondigd dat u wordt verwijderd" in page.content.decode()) is warned


def test_who_leaves_before_an_announced_suspension_comes_back_at_once(provider, member, assessor):
    provider = services.leave(by=member, provider=announce(provider, assessor, "suspend"))
    assert services.reapply(by=member, provider=provider).state == ProviderState.APPLICANT


@pytest.mark.database
def test_the_database_knows_who_left_under_notice(provider):
    with pytest.raises(IntegrityError, match="provider_left_on_a_date"), transaction.atomic():
        Provider.objects.filter(pk=provider.pk).update(left_under_notice=True)
