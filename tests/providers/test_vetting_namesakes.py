"""A KvK number that stands here twice, under people who do not know each other: the assessor is told (checklist ORG-01)."""

import datetime as dt

import pytest

from providers import services
from providers.services.facts import look
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member_of
from tests.factories.providers import ProviderFactory, load_checklist, provider_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def admission():
    load_checklist()
    provider = ProviderFactory()
    member = provider_member(provider)
    return services.start_dossier(by=member, provider=provider, kind="admission"), member


def seen(dossier):
    found = [one for one in look(dossier, today=dt.date(2026, 11, 23)) if one.check == "kvk_elsewhere"]
    return [(one.outcome, one.saw["names"]) for one in found]


def test_nobody_else_has_the_number(admission):
    dossier, _member = admission
    assert seen(dossier) == [("pass", "")]


def test_a_business_of_somebody_else_is_named(admission):
    dossier, _member = admission
    theirs = OrganisationFactory(kvk=dossier.provider.organisation.kvk, legal_name="Buurman B.V.")
    member_of(theirs)
    [(outcome, names)] = seen(dossier)
    assert outcome == "unknown"
    assert names.startswith("Buurman B.V. (")


def test_ones_own_business_is_no_stranger(admission):
    dossier, member = admission
    own = OrganisationFactory(kvk=dossier.provider.organisation.kvk)
    member_of(own)
    MembershipFactory(organisation=own, person=member)
    assert seen(dossier) == [("pass", "")]
