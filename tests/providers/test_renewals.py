"""How long a vetting counts: renewing stacks no years, a change is no renewal, and we remind in time (DESIGN 3, 4.4)."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from providers import services
from providers.enums import DossierKind, DossierState, Verdict
from providers.models import Provider, Solution, VettingReminder
from providers.rules.catalogue import CatalogueReason
from tests.factories.accounts import official
from tests.factories.catalogue import SolutionFactory
from tests.factories.providers import (
    ProviderFactory,
    admitted_by_the_book,
    advised_dossier,
    provider_member,
    submitted_dossier,
)
from tests.moments import TODAY, later
from tests.refusals import refusal, refusal_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checklist", "monday")]


@pytest.fixture
def provider():
    return ProviderFactory(admitted=True)


@pytest.fixture
def live(provider):
    return SolutionFactory(listed=True, provider=provider)


def approved(provider, member, kind, solution=None):
    dossier = advised_dossier(provider, by=member, assessor=official(Role.ASSESSOR), kind=kind, solution=solution)
    return services.approve(by=official(Role.DECIDER), dossier=dossier, text="Voldoet aan alle eisen.")


def ends(row, day):
    type(row).objects.filter(pk=row.pk).update(valid_until=day)
    row.refresh_from_db()


# --- how long ----------------------------------------------------------------------------------------------------------


def test_three_renewals_on_three_days_give_one_year(provider, member):
    ends(provider, TODAY + dt.timedelta(days=30))
    for day in range(3):
        with later(day):
            approved(provider, member, DossierKind.RENEWAL)
    provider.refresh_from_db()
    assert provider.valid_until == dt.date(2027, 12, 23)


def test_a_renewal_long_before_the_end_counts_from_its_own_day(provider, member):
    ends(provider, TODAY + dt.timedelta(days=200))
    approved(provider, member, DossierKind.RENEWAL)
    provider.refresh_from_db()
    assert provider.valid_until == dt.date(2027, 11, 23)


def test_a_solution_is_renewed_and_a_revision_leaves_its_end_alone(provider, member, live):
    ends(live, TODAY + dt.timedelta(days=60))
    approved(provider, member, DossierKind.REVISION, live)
    live.refresh_from_db()
    assert live.valid_until == dt.date(2027, 1, 22)
    dossier = approved(provider, member, DossierKind.RENEWAL, live)
    live.refresh_from_db()
    assert live.valid_until == dt.date(2028, 1, 22)
    assert dossier.decisions.get().valid_until == dt.date(2028, 1, 22)


def test_a_solution_is_renewed_only_while_its_provider_is_in_date(provider, member, live):
    dossier = advised_dossier(
        provider, by=member, assessor=official(Role.ASSESSOR), kind=DossierKind.RENEWAL, solution=live
    )
    ends(provider, TODAY - dt.timedelta(days=1))
    assert refusal_names(lambda: services.approve(by=official(Role.DECIDER), dossier=dossier, text="Ja.")) == [
        "VETTING_EXPIRED"
    ]


def test_a_draft_is_not_renewed(provider, member):
    draft = SolutionFactory(provider=provider)
    start = {"by": member, "provider": provider, "kind": "renewal", "solution": draft}
    assert refusal_names(lambda: services.start_dossier(**start)) == ["WRONG_SUBJECT"]


@pytest.mark.parametrize(("left", "kind"), [(60, DossierKind.RENEWAL), (61, None)])
def test_the_page_of_a_solution_offers_to_renew_it_in_the_last_sixty_days(provider, member, live, as_, left, kind):
    ends(live, TODAY + dt.timedelta(days=left))
    page = as_(member).get(reverse("providers:my_solution", args=[live.pk]))
    if kind is None:
        assertNotContains(page, "Verleng de toetsing")
        return
    assertContains(page, "Verleng de toetsing")
    as_(member).post(reverse("providers:my_solution_vetting", args=[live.pk]))
    assert live.dossiers.get().kind == kind


# --- prices ------------------------------------------------------------------------------------------------------------


def test_a_price_approved_after_its_day_starts_on_the_day_it_is_approved(provider, member, live):
    package = live.packages.get()
    proposed = TODAY + dt.timedelta(days=3)
    new = {"one_off": Decimal("900.00"), "monthly": Decimal("40.00")}
    services.change_price(by=member, package=package, **new, valid_from=proposed)
    with later(10):
        approved(provider, member, DossierKind.REVISION, live)
    package.refresh_from_db()
    assert package.price_on(proposed).one_off == Decimal("1000.00")
    assert package.price_on(TODAY + dt.timedelta(days=9)).one_off == Decimal("1000.00")
    assert package.price_on(TODAY + dt.timedelta(days=10)).one_off == Decimal("900.00")


def test_a_price_starts_after_every_price_that_was_approved(provider, member, live):
    package = live.packages.get()
    new = {"by": member, "one_off": Decimal("900.00"), "monthly": Decimal("40.00")}
    services.change_price(package=package, **new, valid_from=TODAY + dt.timedelta(days=10))
    approved(provider, member, DossierKind.REVISION, live)
    package.refresh_from_db()
    for days in (9, 10):
        proposal = {**new, "package": package, "valid_from": TODAY + dt.timedelta(days=days)}
        assert refusal(lambda proposal=proposal: services.change_price(**proposal)) == [CatalogueReason.PRICE_OVERTAKEN]
    services.change_price(package=package, **new, valid_from=TODAY + dt.timedelta(days=11))


# --- a second person after an objection --------------------------------------------------------------------------------


def test_who_reopens_a_dossier_after_an_objection_does_not_decide_it(provider, member, assessor, decider):
    applicant = ProviderFactory()
    member = provider_member(applicant)
    dossier = advised_dossier(applicant, by=member, assessor=assessor)
    services.return_to_assessor(by=decider, dossier=dossier, text="Kijk nog eens naar ORG-03.")
    services.give_verdict(by=assessor, dossier=dossier, code="ORG-03", verdict=Verdict.NOT_MET, note="Klopt niet.")
    dossier = services.advise(by=assessor, dossier=dossier, advice="reject", text="Voldoet niet.")
    dossier = services.reject(by=decider, dossier=dossier, grounds=["not_met"], text="Voldoet niet.")
    third = official(Role.ASSESSOR, Role.DECIDER)
    for first_hand in (decider,):
        assert refusal_names(lambda by=first_hand: services.reopen(by=by, dossier=dossier, text="x")) == ["OTHER_HAND"]
    dossier = services.reopen(by=third, dossier=dossier, text="Het bezwaar is gegrond.")
    services.give_verdict(by=assessor, dossier=dossier, code="ORG-03", verdict=Verdict.MET, note="Nu wel.")
    dossier = services.advise(by=assessor, dossier=dossier, advice="approve", text="Voldoet.")
    assert refusal_names(lambda: services.approve(by=third, dossier=dossier, text="Ja.")) == ["OTHER_HAND"]
    assert services.approve(by=decider, dossier=dossier, text="Ja.").state == DossierState.APPROVED


# --- reminders ---------------------------------------------------------------------------------------------------------


def reminded(days):
    out = StringIO()
    with later(days):
        call_command("remind_of_vetting", stdout=out)
    return int(out.getvalue().split(": ")[1].split()[0])


def test_each_reminder_goes_out_once_sixty_thirty_and_seven_days_before(provider, django_capture_on_commit_callbacks):
    ends(provider, TODAY + dt.timedelta(days=61))
    with django_capture_on_commit_callbacks(execute=True):
        sent = {day: reminded(day) + reminded(day) for day in (0, 1, 2, 30, 31, 53, 54, 61, 62)}
    assert sent == {0: 0, 1: 1, 2: 0, 30: 0, 31: 1, 53: 0, 54: 1, 61: 0, 62: 0}
    assert [letter.to for letter in mail.outbox] == [[provider.contact_email]] * 3
    assert "23 januari 2027" in mail.outbox[0].body
    assert list(VettingReminder.objects.order_by("-days").values_list("days", flat=True)) == [60, 30, 7]
    trail = AuditEntry.objects.filter(stream=provider.case(), action="remind")
    assert set(trail.values_list("actor", flat=True)) == {"system:calendar"}


def test_missed_nights_are_caught_up_by_the_reminder_that_is_due(provider):
    ends(provider, TODAY + dt.timedelta(days=20))
    assert reminded(0) == 1
    assert VettingReminder.objects.get().days == 30


@pytest.mark.parametrize(("language", "words"), [("nl", "Verleng op tijd."), ("en", "Renew it in time.")])
def test_evidence_that_ends_before_the_admission_is_named_in_the_letter(
    language, words, django_capture_on_commit_callbacks
):
    provider = ProviderFactory()
    member = provider_member(provider, language=language, email=provider.contact_email)
    provider = admitted_by_the_book(provider, by=member)
    item = provider.dossiers.get().items.get(code="INS-01")
    item.valid_until = TODAY + dt.timedelta(days=100)
    item.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert reminded(50) == 1
    title = item.checklist_item.title_nl if language == "nl" else item.checklist_item.title_en
    letter = mail.outbox[-1].body
    assert title in letter
    assert words in letter
    assert letter.count("- ") == 1


def test_a_solution_is_reminded_on_its_own_page_and_a_hidden_one_never(
    provider, live, django_capture_on_commit_callbacks
):
    ends(live, TODAY + dt.timedelta(days=7))
    with django_capture_on_commit_callbacks(execute=True):
        assert reminded(0) == 1
    assert f"/mijn/oplossingen/{live.pk}/" in mail.outbox[0].body
    ends(live, TODAY + dt.timedelta(days=9))
    Provider.objects.filter(pk=provider.pk).update(state="suspended", suspended_on=TODAY)
    assert reminded(3) == 0
    assert Solution.objects.get(pk=live.pk).reminders.count() == 1


def test_who_has_handed_in_the_renewal_is_not_reminded(provider, member):
    ends(provider, TODAY + dt.timedelta(days=30))
    submitted_dossier(provider, by=member, kind=DossierKind.RENEWAL)
    assert reminded(0) == 0


def test_the_page_offers_to_renew_when_evidence_ends_soon(as_):
    provider = ProviderFactory()
    member = provider_member(provider)
    provider = admitted_by_the_book(provider, by=member)
    page = reverse("providers:provider_page", args=[provider.slug])
    assertNotContains(as_(member).get(page), "Verleng op tijd")
    provider.dossiers.get().items.filter(code="INS-01").update(valid_until=clock.today() + dt.timedelta(days=60))
    assertContains(as_(member).get(page), "loopt af op 22 januari 2027. Verleng op tijd.")


@pytest.mark.parametrize("kind", [DossierKind.REVISION, DossierKind.RENEWAL])
def test_no_price_is_proposed_that_the_assessor_of_an_advised_dossier_never_saw(provider, member, live, kind):
    ends(live, TODAY + dt.timedelta(days=50))
    dossier = advised_dossier(provider, by=member, assessor=official(Role.ASSESSOR), kind=kind, solution=live)
    package = live.packages.get()
    new = {"one_off": Decimal("9000.00"), "monthly": Decimal("0.00"), "valid_from": TODAY + dt.timedelta(days=1)}
    assert refusal_names(lambda: services.change_price(by=member, package=package, **new)) == ["PRICE_NOT_SEEN"]
    services.approve(by=official(Role.DECIDER), dossier=dossier, text="In orde.")
    assert services.change_price(by=member, package=package, **new).approved_at is None
