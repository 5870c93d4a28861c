"""From a draft to the preferred list by the book: customers answer, the dossier is judged, the rule is run."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from providers import services
from providers.enums import DossierKind, SolutionState
from providers.models import Solution
from tests.factories.accounts import official
from tests.factories.catalogue import CategoryFactory, customer
from tests.factories.providers import ProviderFactory, advised_dossier, load_checklist, provider_member
from tests.moments import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ANSWER = {"times_per_week": "10", "minutes_before": "24", "minutes_after": "20", "satisfaction": "4"}


@pytest.fixture
def provider():
    load_checklist()
    return ProviderFactory(admitted=True)


@pytest.fixture
def member(provider):
    return provider_member(provider, email="baas@aanbieder-zelf.example")


@pytest.fixture
def draft(provider, member):
    made = services.create_solution(
        by=member, provider=provider, category=CategoryFactory(), name="Boekmaat", summary="Kort", description="Lang"
    )
    services.add_package(by=member, solution=made, name="Basis", included="Alles", one_off=Decimal("500.00"))
    return made


def ask_and_answer(client, member, draft, number, callbacks):
    with callbacks(execute=True):
        for _n in range(number):
            services.invite_reference(by=member, solution=draft, **customer())
    for message in mail.outbox:
        link = re.search(r"http://127\.0\.0\.1:8000(/ervaring/\S+)", message.body)
        if link:
            assert client.post(link.group(1), ANSWER).status_code == 302


def approved(provider, member, draft):
    dossier = advised_dossier(
        provider, by=member, assessor=official(Role.ASSESSOR), kind=DossierKind.LISTING, solution=draft
    )
    services.approve(by=official(Role.DECIDER), dossier=dossier, text="Voldoet aan alle eisen.")
    draft.refresh_from_db()
    return dossier


def test_five_customers_a_dossier_and_the_rule_make_a_preferred_solution(
    client, provider, member, draft, django_capture_on_commit_callbacks
):
    ask_and_answer(client, member, draft, 5, django_capture_on_commit_callbacks)
    dossier = approved(provider, member, draft)
    assert draft.state == SolutionState.LISTED
    assert not draft.on_trial
    price = draft.packages.get().prices.get()
    assert (price.approved_at, price.approved_by_id) == (MONDAY, dossier.pk)
    page = client.get(reverse("providers:solution", args=[draft.slug]))
    assert page.status_code == 200
    run = services.recompute_standing(by=official(Role.DECIDER), solution=draft)
    draft.refresh_from_db()
    assert (run.passes, draft.state) == (True, SolutionState.PREFERRED)
    assert "gemiddeld 20\xa0%" in client.get(reverse("providers:solution", args=[draft.slug])).content.decode()


def test_three_customers_list_a_solution_on_trial(client, provider, member, draft, django_capture_on_commit_callbacks):
    ask_and_answer(client, member, draft, 3, django_capture_on_commit_callbacks)
    approved(provider, member, draft)
    assert draft.state == SolutionState.LISTED
    assert (draft.on_trial, draft.trial_vouchers) == (True, 10)


def test_what_is_checked_stays_as_it_is_until_the_decision(provider, member, draft):
    advised_dossier(provider, by=member, assessor=official(Role.ASSESSOR), kind=DossierKind.LISTING, solution=draft)
    with pytest.raises(Refused):
        services.update_solution(by=member, solution=draft, summary="Iets anders")
    assert Solution.objects.get().summary == "Kort"


def test_an_approved_revision_brings_a_new_price_into_force(
    client, provider, member, draft, django_capture_on_commit_callbacks
):
    ask_and_answer(client, member, draft, 5, django_capture_on_commit_callbacks)
    approved(provider, member, draft)
    package = draft.packages.get()
    later = clock.today() + dt.timedelta(days=30)
    services.change_price(
        by=member, package=package, one_off=Decimal("450.00"), monthly=Decimal("0.00"), valid_from=later
    )
    dossier = advised_dossier(
        provider, by=member, assessor=official(Role.ASSESSOR), kind=DossierKind.REVISION, solution=draft
    )
    services.approve(by=official(Role.DECIDER), dossier=dossier, text="De nieuwe prijs klopt.")
    package.refresh_from_db()
    assert package.price_on(clock.today()).one_off == Decimal("500.00")
    assert package.price_on(later).one_off == Decimal("450.00")
    draft.refresh_from_db()
    assert draft.valid_until == dt.date(2027, 11, 23), "a change is no renewal"
