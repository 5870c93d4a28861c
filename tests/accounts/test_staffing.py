"""How a new installation gets its authority, its desk and its officials: by command, and in the trail."""

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.enums import OrganisationKind, Role
from accounts.models import Membership, Organisation
from accounts.services import grant_role, set_up_organisation, withdraw_role
from core.models import AuditEntry
from core.workflow import NotAuthorised
from tests.factories.accounts import OrganisationFactory, UserFactory, official

pytestmark = pytest.mark.django_db


def run(capsys, *words: str) -> str:
    call_command(*words)
    return capsys.readouterr().out


def confirmed(**fields):
    person = UserFactory(**fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def authority() -> Organisation:
    call_command("set_up_authority", "Regiefonds Voorbeeld")
    return Organisation.objects.get()


def test_the_authority_is_set_up_once_and_the_command_says_what_it_did(capsys):
    assert "is set up" in run(capsys, "set_up_authority", " Regiefonds Voorbeeld ")
    assert "was there already" in run(capsys, "set_up_authority", "Een andere naam")
    assert [made.legal_name for made in Organisation.objects.all()] == ["Regiefonds Voorbeeld"]
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action) == ("system:set_up_authority", "set_up")


def test_the_desk_comes_with_it_or_later(capsys, authority):
    run(capsys, "set_up_authority", "Regiefonds Voorbeeld", "--desk", "Ondernemersloket Voorbeeld")
    assert Organisation.objects.get(kind=OrganisationKind.DESK).legal_name == "Ondernemersloket Voorbeeld"


@pytest.mark.parametrize("name", ["", "  ", "x" * 161])
def test_an_authority_needs_a_name_that_fits(name):
    with pytest.raises(CommandError, match="authority: "):
        call_command("set_up_authority", name)
    assert not Organisation.objects.exists()


def test_a_role_is_given_once_and_ended(capsys, authority):
    person = confirmed(email="anna@voorbeeld.example")
    for _twice in range(2):
        assert "is decider at" in run(capsys, "grant_role", "Anna@voorbeeld.example", "decider")
    assert person.holds(Role.DECIDER)
    assert "no longer decider" in run(capsys, "grant_role", "anna@voorbeeld.example", "decider", "--revoke")
    person.refresh_from_db()
    assert not person.holds(Role.DECIDER)
    assert Membership.objects.get().ended_at
    acts = AuditEntry.objects.filter(actor="system:grant_role").order_by("seq").values_list("action", flat=True)
    assert list(acts) == ["grant_role", "withdraw_role"]


def test_an_adviser_belongs_to_the_desk(capsys, authority):
    person = confirmed()
    with pytest.raises(CommandError, match="run set_up_authority first"):
        call_command("grant_role", person.email, "adviser")
    call_command("set_up_authority", "Regiefonds Voorbeeld", "--desk", "Loket")
    call_command("grant_role", person.email, "adviser")
    assert Membership.objects.get().organisation.kind == OrganisationKind.DESK


@pytest.mark.parametrize("role", ["boss", "member", "", "DECIDER"])
def test_an_unknown_role_is_named_with_the_roles_there_are(authority, role):
    person = confirmed()
    with pytest.raises(CommandError, match=r"unknown role .* assessor, decider"):
        call_command("grant_role", person.email, role)
    assert not Membership.objects.exists()


def test_a_stranger_and_an_unconfirmed_address_get_no_role(authority):
    unconfirmed = UserFactory()
    EmailAddress.objects.create(user=unconfirmed, email=unconfirmed.email, verified=False, primary=True)
    moved = confirmed()
    EmailAddress.objects.filter(user=moved).update(email="elders@voorbeeld.example")
    for email, message in [
        ("niemand@voorbeeld.example", "nobody has signed up"),
        (unconfirmed.email, "not confirmed"),
        (moved.email, "not confirmed"),
        (confirmed(is_active=False).email, "not active"),
    ]:
        with pytest.raises(CommandError, match=message):
            call_command("grant_role", email, "decider")
    assert not Membership.objects.exists()


def test_a_role_that_somebody_does_not_have_cannot_be_ended(authority):
    with pytest.raises(CommandError, match="does not have the role"):
        call_command("grant_role", confirmed().email, "decider", "--revoke")


def test_two_authorities_are_too_many_to_guess_from(authority):
    OrganisationFactory(kind=OrganisationKind.AUTHORITY)
    with pytest.raises(CommandError, match="more than one"):
        call_command("grant_role", confirmed().email, "decider")


@pytest.mark.parametrize("who", [lambda: official(Role.MANAGER), lambda: UserFactory(is_superuser=True, is_staff=True)])
def test_no_person_sets_up_an_authority_or_hands_out_roles(authority, who):
    by = who()
    before = Membership.objects.count()
    act = {"by": by, "person": by, "organisation": authority, "role": Role.DECIDER}
    for refused in (grant_role, withdraw_role):
        with pytest.raises(NotAuthorised):
            refused(**act)
    with pytest.raises(NotAuthorised):
        set_up_organisation(by=by, kind=OrganisationKind.DESK, legal_name="Loket")
    assert Membership.objects.count() == before
