"""People, organisations and roles."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import AccountReason, OrganisationKind, Role
from accounts.models import BankAccount, Membership, Organisation, User
from accounts.rules import own_mail_domain, sector_for_sbi
from accounts.services import (
    add_bank_account,
    grant_role,
    keep_bank_account,
    register_organisation,
    set_up_organisation,
    verify_bank_account,
)
from core.actors import SystemActor
from core.models import AuditEntry, AuditPayload
from core.workflow import NotAuthorised
from tests.factories.accounts import BankAccountFactory, OrganisationFactory, UserFactory, member_of, official

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_capitals():
    User.objects.create_user("Anna@Voorbeeld.Example")
    assert User.objects.get().email == "anna@voorbeeld.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="ANNA@voorbeeld.example")])


def test_roles_come_from_memberships_and_a_superuser_has_none():
    assessor = official(Role.ASSESSOR)
    assert assessor.holds(Role.ASSESSOR)
    assert assessor.holds(Role.DECIDER, Role.ASSESSOR)
    assert not assessor.holds(Role.DECIDER)
    assert not UserFactory(is_superuser=True, is_staff=True).holds(*Role)


def test_a_member_of_a_business_holds_no_role_of_the_authority():
    member = member_of(OrganisationFactory())
    assert not member.holds(*Role)
    assert member.roles() == {Role.MEMBER}


def test_an_inactive_person_and_an_ended_membership_count_for_nothing():
    member = member_of(OrganisationFactory())
    organisation = Organisation.objects.get(kind=OrganisationKind.SME)
    assert member.is_member_of(organisation)
    Membership.objects.update(ended_at="2026-01-01T00:00Z")
    member.refresh_from_db()
    assert not member.is_member_of(organisation)
    assert list(member.organisations()) == []
    assert not official(Role.ASSESSOR, is_active=False).holds(Role.ASSESSOR)


def test_registering_makes_the_first_member_and_leaves_a_sentence():
    by = UserFactory()
    made = register_organisation(by=by, kind=OrganisationKind.SME, legal_name="Bakkerij De Trede", kvk=" 1234.5678 ")
    assert made.kvk == "12345678"
    assert by.is_member_of(made)
    assert AuditEntry.objects.get().action == "register"


def test_a_kvk_number_is_registered_once_per_kind():
    OrganisationFactory(kvk="12345678")
    with pytest.raises(ValidationError, match="al aangemeld"):
        register_organisation(by=UserFactory(), kind=OrganisationKind.SME, legal_name="Nog een", kvk="12345678")
    other = register_organisation(by=UserFactory(), kind=OrganisationKind.PROVIDER, legal_name="Zelfde", kvk="12345678")
    assert other.kind == OrganisationKind.PROVIDER
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(kvk="12345678")


def test_nobody_registers_an_authority():
    with pytest.raises(NotAuthorised):
        register_organisation(by=UserFactory(), kind=OrganisationKind.AUTHORITY, legal_name="Ik ben de baas")
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_an_official_role_exists_only_where_it_belongs(role):
    with pytest.raises(ValueError, match="does not exist"):
        grant_role(by=SystemActor("set-up"), person=UserFactory(), organisation=OrganisationFactory(), role=role)
    assert not Membership.objects.exists()


def test_a_role_is_granted_once():
    desk = set_up_organisation(by=SystemActor("set-up"), kind=OrganisationKind.DESK, legal_name="Voorbeeldloket")
    person = UserFactory()
    for _twice in range(2):
        grant_role(by=SystemActor("set-up"), person=person, organisation=desk, role=Role.ADVISER)
    assert Membership.objects.count() == 1
    assert AuditEntry.objects.filter(action="grant_role").count() == 1


def test_the_name_of_before_brings_the_account_of_before_back_with_what_was_checked_of_it():
    organisation = OrganisationFactory()
    by = member_of(organisation)
    iban = "NL91ABNA0417164300"
    account = keep_bank_account(by=by, organisation=organisation, iban=iban, holder="Bakkerij De Trede")
    verify_bank_account(by=official(Role.ASSESSOR), account=account)
    typo = keep_bank_account(by=by, organisation=organisation, iban=iban, holder="Bakkerij De Trade")
    assert typo.verified_at is None
    back = keep_bank_account(by=by, organisation=organisation, iban=iban, holder="Bakkerij De Trede")
    assert (back.pk, back.ended_at) == (account.pk, None)
    assert back.verified_at
    typo.refresh_from_db()
    assert typo.ended_at
    assert AuditEntry.objects.filter(action="bring_back_bank_account").count() == 1


def test_a_bank_account_is_added_by_a_member_and_its_number_stays_out_of_the_open_trail():
    organisation = OrganisationFactory()
    account = add_bank_account(
        by=member_of(organisation), organisation=organisation, iban="nl91 abna 0417 1643 00", holder="Bakkerij"
    )
    assert account.iban == "NL91ABNA0417164300"
    assert "NL91" not in AuditEntry.objects.get().body
    assert "NL91ABNA0417164300" in AuditPayload.objects.get().body


def test_an_account_in_another_name_is_replaced_and_checked_again():
    organisation = OrganisationFactory()
    by = member_of(organisation)
    typo = keep_bank_account(by=by, organisation=organisation, iban="NL91ABNA0417164300", holder="Typfoud")
    verify_bank_account(by=official(Role.ASSESSOR), account=typo)
    assert keep_bank_account(by=by, organisation=organisation, iban="NL91 ABNA 0417 1643 00", holder="Typfoud") == typo
    right = keep_bank_account(by=by, organisation=organisation, iban="NL91ABNA0417164300", holder="Typfout")
    typo.refresh_from_db()
    assert (typo.ended_at is None, right.holder, right.verified_at) == (False, "Typfout", None)
    with pytest.raises(NotAuthorised):
        keep_bank_account(by=UserFactory(), organisation=organisation, iban="NL91ABNA0417164300", holder="Dief")
    right.refresh_from_db()
    assert right.ended_at is None


@pytest.mark.parametrize("act", [add_bank_account, keep_bank_account])
@pytest.mark.parametrize("typed", ["NL20INGB0001234567", "nl20 ingb 0001 2345 67"])
def test_the_account_that_vouchers_are_paid_from_is_nobodys_own(settings, act, typed):
    organisation = OrganisationFactory()
    settings.SEPA_DEBTOR_IBAN = "NL20 INGB 0001 2345 67"
    with pytest.raises(ValidationError) as refused:
        act(by=member_of(organisation), organisation=organisation, iban=typed, holder="Bakkerij")
    assert refused.value.message_dict == {"iban": [str(AccountReason.OUR_ACCOUNT.label)]}
    assert not BankAccount.objects.exists()


def test_an_account_is_kept_where_no_account_of_our_own_is_set_up(settings):
    organisation = OrganisationFactory()
    settings.SEPA_DEBTOR_IBAN = ""
    asked = {"by": member_of(organisation), "organisation": organisation}
    assert keep_bank_account(**asked, iban="NL20INGB0001234567", holder="Bakkerij").pk


def test_a_wrong_iban_and_a_strangers_account_are_refused():
    organisation = OrganisationFactory()
    with pytest.raises(ValidationError):
        add_bank_account(by=member_of(organisation), organisation=organisation, iban="NL91ABNA0417164301", holder="B")
    with pytest.raises(NotAuthorised):
        add_bank_account(by=UserFactory(), organisation=organisation, iban="NL91ABNA0417164300", holder="B")
    assert not BankAccount.objects.exists()


def test_an_account_is_verified_by_an_assessor_who_does_not_belong_to_it():
    account = BankAccountFactory()
    assert verify_bank_account(by=official(Role.ASSESSOR), account=account).verified_at
    insider = official(Role.ASSESSOR)
    Membership.objects.create(person=insider, organisation=account.organisation, role=Role.MEMBER)
    for by in (insider, member_of(account.organisation), official(Role.DECIDER)):
        with pytest.raises(NotAuthorised):
            verify_bank_account(by=by, account=account)


MAPPING = {"47": "DETAIL", "85": "ONDERWIJS", "88": "ZORG", "88.91": "ONDERWIJS"}


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("47", "DETAIL"),
        ("47.11", "DETAIL"),
        ("4711", "DETAIL"),
        ("88.91", "ONDERWIJS"),
        ("8891", "ONDERWIJS"),
        ("88912", "ONDERWIJS"),
        ("88.10", "ZORG"),
        ("88", "ZORG"),
        ("4", None),
        ("", None),
        ("00", None),
    ],
)
def test_the_longest_prefix_names_the_sector(code, sector):
    assert sector_for_sbi(code, MAPPING) == sector


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@bedrijf.example", "bedrijf.example"),
        ("b@BEDRIJF.example", "bedrijf.example"),
        ("a@gmail.com", None),
        ("geen adres", None),
    ],
)
def test_a_mail_domain_says_something_only_when_it_can_be_ones_own(address, domain):
    assert own_mail_domain(address) == domain
