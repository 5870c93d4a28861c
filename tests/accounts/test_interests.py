"""An interest that an official declares keeps them out of every case of that organisation (DESIGN 4.8)."""

from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import OrganisationKind, Role
from accounts.models import Interest, Organisation
from accounts.services import declare_interest, end_interest, erase_person, record_insolvency, verify_bank_account
from core.actors import SystemActor
from core.models import AuditEntry, AuditPayload
from core.reasons import CoreReason, Refused
from core.workflow import NotAuthorised
from tests.factories.accounts import BankAccountFactory, OrganisationFactory, member_of, official
from tests.factories.vouchers import submitted_application
from vouchers import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Organisation:
    return OrganisationFactory(legal_name="Bakkerij De Trede B.V.")


def test_who_has_an_interest_in_the_business_or_a_supplier_touches_nothing_until_it_is_over():
    application = submitted_application()
    for party in (application.organisation, application.lines.get().provider.organisation):
        assessor = official(Role.ASSESSOR)
        interest = declare_interest(by=assessor, organisation=party, why="Mijn broer is eigenaar.")
        with pytest.raises(Refused) as refused:
            services.take_up(by=assessor, application=application)
        assert [why.code for why in refused.value.reasons] == [CoreReason.LINKED]
        end_interest(by=assessor, interest=interest)
    assert services.take_up(by=assessor, application=application).state == "in_review"


def test_an_interest_counts_for_every_organisation_with_the_same_kvk_number(bakery):
    assessor = official(Role.ASSESSOR)
    declare_interest(by=assessor, organisation=bakery, why="Aandelen.")
    twin = OrganisationFactory(kind=OrganisationKind.PROVIDER, kvk=bakery.kvk)
    assert assessor.is_tied_to([(twin.pk, twin.kvk)])
    with pytest.raises(NotAuthorised):
        verify_bank_account(by=assessor, account=BankAccountFactory(organisation=twin))


def test_declaring_twice_changes_nothing_and_the_trail_keeps_the_words_apart(bakery):
    decider = official(Role.DECIDER)
    first = declare_interest(by=decider, organisation=bakery, why=" Mijn partner werkt er. ")
    assert declare_interest(by=decider, organisation=bakery, why="Nog eens.") == first
    entry = AuditEntry.objects.get(action="declare_interest")
    assert "partner" not in entry.body
    assert "partner" in AuditPayload.objects.get(entry=entry).body
    end_interest(by=decider, interest=first)
    end_interest(by=decider, interest=first)
    assert AuditEntry.objects.filter(action="end_interest").count() == 1
    assert declare_interest(by=decider, organisation=bakery, why="Weer.") != first


def test_only_officials_declare_and_everybody_ends_only_their_own(bakery):
    with pytest.raises(NotAuthorised):
        declare_interest(by=member_of(bakery), organisation=bakery, why="Van mij.")
    with pytest.raises(ValidationError):
        declare_interest(by=official(Role.MANAGER), organisation=bakery, why="  ")
    interest = declare_interest(by=official(Role.TREASURER), organisation=bakery, why="Lening.")
    with pytest.raises(NotAuthorised):
        end_interest(by=official(Role.TREASURER), interest=interest)
    interest.refresh_from_db()
    assert interest.ended_at is None


@pytest.mark.database
def test_the_database_keeps_one_live_interest_per_organisation(bakery):
    decider = official(Role.DECIDER)
    interest = declare_interest(by=decider, organisation=bakery, why="Familie.")
    interest.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        interest.save(force_insert=True)


def test_the_page_finds_by_number_or_name_declares_and_ends(client, bakery):
    assessor = official(Role.ASSESSOR)
    client.force_login(assessor)
    page = reverse("accounts:interests")
    assert page in client.get(reverse("accounts:profile")).text
    assert client.post(page, {"organisation": bakery.kvk, "why": "Mijn zus."}).status_code == HTTPStatus.FOUND
    assert "Bakkerij De Trede" in client.get(page).text
    interest = Interest.objects.get()
    assert client.post(reverse("accounts:end_interest", args=[interest.pk])).status_code == HTTPStatus.FOUND
    assert client.post(page, {"organisation": "bakkerij de trede b.v.", "why": "x"}).status_code == HTTPStatus.FOUND
    OrganisationFactory(legal_name=bakery.legal_name)
    for wrong in ("99999999", bakery.legal_name):
        assert client.post(page, {"organisation": wrong, "why": "x"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Interest.objects.count() == 2


def test_a_bankruptcy_is_recorded_by_who_handles_cases_and_has_no_tie(client, bakery):
    linked, assessor = official(Role.ASSESSOR), official(Role.ASSESSOR)
    declare_interest(by=linked, organisation=bakery, why="Aandelen.")
    with pytest.raises(NotAuthorised):
        record_insolvency(by=linked, organisation=bakery, since=None)
    client.force_login(assessor)
    page = reverse("accounts:insolvency", args=[bakery.pk])
    assert client.post(page, {"since": "2036-01-01"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(page, {"since": "2026-01-05"}).status_code == HTTPStatus.FOUND
    bakery.refresh_from_db()
    assert bakery.insolvent_since.isoformat() == "2026-01-05"
    client.force_login(member_of(bakery))
    assert client.get(page).status_code == HTTPStatus.FORBIDDEN


def test_who_is_erased_leaves_no_words_about_an_interest(bakery):
    treasurer = official(Role.TREASURER)
    interest = declare_interest(by=treasurer, organisation=bakery, why="Mijn partner heet Kim en werkt er.")
    erase_person(by=SystemActor("test"), person=treasurer, keep_years=10)
    interest.refresh_from_db()
    assert interest.why == "–"
    assert interest.ended_at is not None
