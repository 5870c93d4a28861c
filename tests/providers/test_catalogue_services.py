"""Solutions, packages and prices through their services (DESIGN 3, 4.4, 4.7)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from pytest_django.asserts import assertContains

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from core.reasons import CoreReason
from core.workflow import NotAuthorised
from providers import services
from providers.enums import DossierKind, SolutionState
from providers.models import Dossier, Package, PackagePrice, Provider, Solution, VettingDecision
from providers.models.package import first_year
from providers.rules.catalogue import CatalogueReason
from providers.rules.vetting import VettingReason
from providers.services.catalogue import refresh_prices
from tests.factories.accounts import SectorFactory, member_of, official
from tests.factories.catalogue import CategoryFactory, PackageFactory, SolutionFactory
from tests.factories.providers import ProviderFactory
from tests.moments import MONDAY, TODAY
from tests.refusals import refusal_set

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def provider():
    return ProviderFactory(admitted=True)


@pytest.fixture
def draft(provider, member):
    return services.create_solution(
        by=member,
        provider=provider,
        category=CategoryFactory(),
        name="Boekhoud Makkelijk",
        summary="Bonnetjes worden vanzelf geboekt.",
        description="Wij richten het in en leggen het uit.",
    )


def priced(member, solution, **fields):
    given = {"name": "Basis", "included": "Inrichten", "one_off": Decimal("500.00"), "monthly": Decimal("25.00")}
    return services.add_package(by=member, solution=solution, **{**given, **fields})


def test_a_provider_describes_a_solution_as_a_draft(draft):
    assert draft.state == SolutionState.DRAFT
    assert draft.slug == "boekhoud-makkelijk"
    assert AuditEntry.objects.filter(subject=draft.reference(), action="create").exists()


def test_two_solutions_with_one_name_get_two_addresses(draft, provider, member):
    again = services.create_solution(
        by=member, provider=provider, category=draft.category, name="Boekhoud makkelijk", summary="x", description="y"
    )
    assert again.slug == "boekhoud-makkelijk-2"


@pytest.mark.parametrize("name", ["vergelijk", "Voorkeurslijst", "???"])
def test_a_name_never_takes_the_address_of_a_page(draft, provider, member, name):
    made = services.create_solution(
        by=member, provider=provider, category=draft.category, name=name, summary="x", description="y"
    )
    assert made.slug not in {"vergelijk", "voorkeurslijst", ""}


def test_a_stranger_makes_no_solution_for_a_provider(provider):
    with pytest.raises(NotAuthorised):
        services.create_solution(
            by=member_of(ProviderFactory().organisation),
            provider=provider,
            category=CategoryFactory(),
            name="x",
            summary="x",
            description="x",
        )
    assert not Solution.objects.exists()


def test_only_what_is_the_providers_can_be_changed(draft, member):
    with pytest.raises(TypeError):
        services.update_solution(by=member, solution=draft, state="listed")
    with pytest.raises(ValidationError):
        services.update_solution(by=member, solution=draft, name="x" * 81)
    sector = SectorFactory()
    changed = services.update_solution(by=member, solution=draft, name="Anders", sectors=[sector])
    assert changed.name == "Anders"
    assert list(changed.sectors.all()) == [sector]


def test_the_first_year_is_one_off_plus_twelve_months(draft, member):
    package = priced(member, draft)
    price = package.prices.get()
    assert price.first_year == Decimal("800.00") == first_year(Decimal("500.00"), Decimal("25.00"))
    assert price.three_years == Decimal("1400.00")
    draft.refresh_from_db()
    assert draft.first_year_price == Decimal("800.00")


def test_the_cheapest_package_is_the_price_of_the_solution(draft, member):
    priced(member, draft)
    priced(member, draft, name="Groot", one_off=Decimal("5000.00"))
    draft.refresh_from_db()
    assert draft.first_year_price == Decimal("800.00")
    services.remove_package(by=member, package=draft.packages.get(name="Basis"))
    draft.refresh_from_db()
    assert draft.first_year_price == Decimal("5300.00")


def test_a_package_that_was_removed_meanwhile_does_not_come_back(draft, member):
    package = priced(member, draft)
    services.remove_package(by=member, package=Package.objects.get(pk=package.pk))
    late = {"one_off": Decimal("1.00"), "name": "Terug"}
    assert refusal_set(lambda: services.update_package(by=member, package=package, **late)) == {CoreReason.CHANGED}
    assert refusal_set(lambda: services.remove_package(by=member, package=package)) == {CoreReason.CHANGED}
    assert not draft.packages.exists()


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ({"one_off": Decimal("0.00"), "monthly": Decimal("0.00")}, CatalogueReason.NO_PRICE),
        ({"one_off": Decimal("-1.00")}, CatalogueReason.NEGATIVE),
        ({"one_off": Decimal("10.00"), "hardware_price": Decimal("11.00")}, CatalogueReason.HARDWARE),
        ({"one_off": Decimal("10000000.01")}, CatalogueReason.TOO_LARGE),
    ],
)
def test_a_price_that_does_not_hold_together_is_refused(draft, member, amounts, code):
    assert code in refusal_set(lambda: priced(member, draft, **amounts))
    assert not draft.packages.exists()


def test_a_package_name_is_used_once_per_solution(draft, member):
    priced(member, draft)
    assert refusal_set(lambda: priced(member, draft, name="BASIS")) == {CatalogueReason.PACKAGE_NAME}


def test_listing_approves_the_prices_and_puts_the_solution_in_the_catalogue(draft, member):
    priced(member, draft)
    decider = official(Role.DECIDER)
    listed = services.list_solution(by=decider, solution=draft)
    assert listed.state == SolutionState.LISTED
    assert listed.valid_until == dt.date(2027, 11, 23)
    assert not listed.on_trial
    assert PackagePrice.objects.get().approved_at == clock.now()
    assert Solution.objects.visible(TODAY).get() == listed


def test_a_solution_on_trial_has_ten_vouchers_and_twelve_months(draft, member):
    priced(member, draft)
    listed = services.list_solution(by=official(Role.DECIDER), solution=draft, on_trial=True)
    assert (listed.on_trial, listed.trial_vouchers, listed.trial_until) == (True, 10, dt.date(2027, 11, 23))


def test_without_a_package_or_an_admitted_provider_nothing_is_listed(member):
    bare = SolutionFactory(provider=ProviderFactory())
    assert refusal_set(lambda: services.list_solution(by=official(Role.DECIDER), solution=bare)) == {
        CatalogueReason.NO_PACKAGE,
        CatalogueReason.NOT_ADMITTED,
    }
    bare.refresh_from_db()
    assert bare.state == SolutionState.DRAFT


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.MANAGER, Role.AUDITOR])
def test_only_a_decider_lists(draft, member, role):
    priced(member, draft)
    with pytest.raises(NotAuthorised):
        services.list_solution(by=official(role), solution=draft)
    assert PackagePrice.objects.get().approved_at is None


def test_a_live_solution_keeps_its_words_and_packages(member, provider):
    live = SolutionFactory(listed=True, provider=provider)
    package = live.packages.get()
    assert refusal_set(lambda: services.update_solution(by=member, solution=live, name="Anders")) == {
        CatalogueReason.LIVE
    }
    assert refusal_set(lambda: priced(member, live)) == {CatalogueReason.LIVE}
    assert refusal_set(lambda: services.remove_package(by=member, package=package)) == {CatalogueReason.LIVE}
    live.refresh_from_db()
    assert live.name != "Anders"


def approve_revision(solution):
    """What the approval of a revision does with a solution."""
    dossier = Dossier.objects.create(
        provider=solution.provider,
        solution=solution,
        kind="revision",
        rules_version="vetting-2024-1",
        started_at=clock.now(),
    )
    by, until = official(Role.DECIDER), solution.valid_until
    services.revise_solution(by=by, solution=solution, dossier=dossier, on_trial=False, valid_until=until)


def test_a_new_price_counts_from_its_day_once_approved_and_old_quotes_keep_theirs(member, provider):
    live = SolutionFactory(listed=True, provider=provider)
    package = live.packages.get()
    later = TODAY + dt.timedelta(days=10)
    services.change_price(
        by=member, package=package, one_off=Decimal("900.00"), monthly=Decimal("40.00"), valid_from=later
    )
    package.refresh_from_db()
    assert package.price_on(later).one_off == Decimal("1000.00")  # not approved yet
    approve_revision(live)
    package.refresh_from_db()
    assert package.price_on(later).one_off == Decimal("900.00")
    assert package.price_on(later - dt.timedelta(days=1)).one_off == Decimal("1000.00")
    live.refresh_from_db()
    assert live.first_year_price == Decimal("1600.00")
    assert refresh_prices(on=later) == 1
    live.refresh_from_db()
    assert live.first_year_price == Decimal("1380.00")


def test_every_night_the_prices_of_the_day_come_into_the_catalogue(member, provider, capsys):
    live = SolutionFactory(listed=True, provider=provider)
    later = TODAY + dt.timedelta(days=10)
    price = {"one_off": Decimal("900.00"), "monthly": Decimal("40.00"), "valid_from": later}
    services.change_price(by=member, package=live.packages.get(), **price)
    approve_revision(live)
    for day, changed in [(9, 0), (10, 1), (10, 0)]:
        with clock.fixed(MONDAY + dt.timedelta(days=day)):
            call_command("refresh_prices")
        assert f": {changed} solutions" in capsys.readouterr().out
    live.refresh_from_db()
    assert live.first_year_price == Decimal("1380.00")


def test_a_new_price_is_refused_for_today_and_while_another_waits(member, provider):
    live = SolutionFactory(listed=True, provider=provider)
    package = live.packages.get()
    price = {"one_off": Decimal("900.00"), "monthly": Decimal("40.00")}
    assert refusal_set(lambda: services.change_price(by=member, package=package, valid_from=TODAY, **price)) == {
        CatalogueReason.PRICE_IN_PAST
    }
    later = TODAY + dt.timedelta(days=1)
    services.change_price(by=member, package=package, valid_from=later, **price)
    assert refusal_set(lambda: services.change_price(by=member, package=package, valid_from=later, **price)) == {
        CatalogueReason.PRICE_WAITS
    }


def test_a_draft_being_vetted_stays_as_it_is(draft, member):
    from providers.models import Dossier

    Dossier.objects.create(
        provider=draft.provider,
        solution=draft,
        kind=DossierKind.LISTING,
        state="submitted",
        rules_version="x",
        started_at=clock.now(),
        submitted_at=clock.now(),
        first_answer_due=TODAY,
        checked_at=clock.now(),
    )
    assert refusal_set(lambda: services.update_solution(by=member, solution=draft, name="Anders")) == {
        CatalogueReason.BEING_VETTED
    }


AT_ONCE = {"grounds": ["complaint"], "urgent": "Klanten verliezen nu gegevens."}


def test_suspending_needs_reasons_and_hides_and_reinstating_shows_again():
    live = SolutionFactory(preferred=True)
    decider = official(Role.DECIDER)
    assert refusal_set(lambda: services.suspend_solution(by=decider, solution=live, **AT_ONCE, text="  ")) == {
        VettingReason.TEXT_NEEDED
    }
    suspended = services.suspend_solution(by=decider, solution=live, **AT_ONCE, text="De leverancier reageert niet.")
    assert suspended.suspension_text == "De leverancier reageert niet."
    assert not Solution.objects.visible(TODAY).exists()
    back = services.reinstate_solution(by=decider, solution=suspended, text="Opgelost.")
    assert back.state == SolutionState.LISTED  # it has to earn its place anew
    assert back.preferred_at is None
    assert back.suspension_text == ""


@pytest.mark.parametrize(("language", "word"), [("nl", "bezwaar"), ("en", "object")])
def test_a_suspended_solution_brings_its_provider_a_letter_with_reasons_and_the_right_to_object(
    django_capture_on_commit_callbacks, client, language, word
):
    live = SolutionFactory(listed=True)
    member = member_of(live.provider.organisation, language=language)
    Provider.objects.filter(pk=live.provider_id).update(contact_email=member.email)
    live.refresh_from_db()
    with clock.fixed(dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)), django_capture_on_commit_callbacks(execute=True):
        services.suspend_solution(
            by=official(Role.DECIDER), solution=live, **AT_ONCE, text="De gegevens liggen op straat."
        )
    decision = VettingDecision.objects.get()
    assert (decision.kind, decision.solution, decision.dossier) == ("suspend", live, None)
    assert decision.objection_until == dt.date(2026, 4, 13)
    letter = mail.outbox[0]
    assert letter.to == [member.email]
    assert word in letter.body
    assert live.name in letter.body
    with translation.override(language):
        path = reverse("providers:vetting_decision", args=[decision.pk])
        own = reverse("providers:my_solution", args=[live.pk])
    assert path in letter.body
    client.force_login(member)
    page = client.get(path)
    assertContains(page, "De gegevens liggen op straat.")
    assertContains(page, live.name)
    assertContains(page, "13 april 2026" if language == "nl" else "13 April 2026")
    assertContains(client.get(own), path)
    client.force_login(member_of(ProviderFactory().organisation))
    assert client.get(path).status_code == 404


def test_the_reasons_of_a_suspension_stand_in_no_open_line_of_the_trail():
    live = SolutionFactory(listed=True)
    services.suspend_solution(by=official(Role.DECIDER), solution=live, **AT_ONCE, text="Jan Jansen reageert niet.")
    bodies = AuditEntry.objects.filter(subject=live.reference()).values_list("body", flat=True)
    assert bodies
    assert not any("Jansen" in body for body in bodies)


def test_a_provider_retires_its_own_solution_only(member, provider):
    live = SolutionFactory(listed=True, provider=provider)
    with pytest.raises(NotAuthorised):
        services.retire_solution(by=official(Role.DECIDER), solution=live)
    assert services.retire_solution(by=member, solution=live).state == SolutionState.RETIRED


# --- the database ------------------------------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.parametrize(
    "broken",
    [
        {"one_off": Decimal("-1.00")},
        {"first_year": Decimal("1.00")},
        {"hardware": Decimal("1000.01")},
    ],
)
def test_the_database_refuses_a_price_that_does_not_add_up(broken):
    price = PackageFactory(solution__listed=False).prices.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PackagePrice.objects.filter(pk=price.pk).update(**broken)


@pytest.mark.database
def test_the_database_refuses_two_prices_from_one_day_and_two_proposals():
    price = PackageFactory().prices.get()
    same = {
        "package": price.package,
        "one_off": Decimal("1.00"),
        "monthly": Decimal("0.00"),
        "hardware": Decimal("0.00"),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        PackagePrice.objects.create(valid_from=price.valid_from, approved_at=clock.now(), **same)
    PackagePrice.objects.create(valid_from=TODAY, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        PackagePrice.objects.create(valid_from=TODAY + dt.timedelta(days=1), **same)
