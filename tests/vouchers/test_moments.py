"""When which conditions are asked: before the application is complete, when it is, and how many queries that takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from tests.factories import vouchers as make
from tests.factories.accounts import MunicipalityFactory, ProvinceFactory
from vouchers import services
from vouchers.models import Application
from vouchers.rules.facts import Facts
from vouchers.services.facts import facts_of

pytestmark = pytest.mark.django_db

ABOUT_THE_BUSINESS = ["established", "sme", "primary_sector", "independent", "one_live", "de_minimis"]


def asked(application) -> list[str]:
    return [outcome.code for outcome in services.pre_check(application)]


def test_what_the_business_does_not_meet_is_told_before_the_rest_is_filled_in(client):
    far = MunicipalityFactory(
        code="GM0363", name="Amsterdam", province=ProvinceFactory(code="PV27", name="Noord-Holland")
    )
    organisation, by = make.business(municipality=far)
    application = services.start_application(by=by, organisation=organisation, programme=make.programme_with())
    client.force_login(by)
    page = reverse("vouchers:application", args=[application.pk])
    warning = "Zoals het er nu staat, voldoet dit niet aan de voorwaarden"
    assert warning not in client.get(page).text
    services.confirm_business(by=by, application=application, iban=make.IBAN, holder=organisation.legal_name)
    application.refresh_from_db()
    assert asked(application) == ABOUT_THE_BUSINESS
    assert warning in client.get(page).text


def test_a_complete_application_is_asked_everything():
    application = make.filled_application()
    assert set(asked(application)) > set(ABOUT_THE_BUSINESS)
    assert {"standing", "quote", "nothing_ordered"} <= set(asked(application))


def gathered(application) -> Facts:
    """As a page gathers them that knows nothing of the application yet."""
    return facts_of(Application.objects.get(pk=application.pk), clock.today())


def test_more_lines_ask_no_more_queries():
    application = make.filled_application()
    assert len(gathered(application).suppliers) == 1
    with CaptureQueriesContext(connection) as one:
        gathered(application)
    for category in ("CRM", "BOEKHOUD", "WEBSHOP"):
        package = make.PackageFactory(solution__category__code=category)
        services.add_line(by=application.created_by, application=application, package=package)
    with CaptureQueriesContext(connection) as four:
        facts = gathered(application)
    assert len(facts.suppliers) == 4
    assert len(four) == len(one)
