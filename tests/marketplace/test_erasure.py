"""Somebody who asks to be forgotten is, as far as no file needs who acted, and the trail stays sound."""

import datetime as dt
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from knox.models import AuthToken

from accounts.enums import AccountReason, OrganisationKind, Role
from accounts.models import User
from accounts.services import add_bank_account, change_profile, erase_person, make_api_key, register_organisation
from core import clock
from core.actors import SystemActor
from core.models import AuditEntry, AuditPayload
from core.reasons import Refused
from core.workflow import NotAuthorised, note, unit
from tests.factories import vouchers as make
from tests.factories.accounts import UserFactory, official
from vouchers.models import RuleSet

pytestmark = [pytest.mark.django_db, pytest.mark.database]

IBAN = "NL91ABNA0417164300"
OPERATOR = SystemActor("erase_person")


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def anna(client):
    """Somebody who registered a business with a bank account, has a key and is logged in."""
    person = UserFactory(email="anna@bedrijf.example", name="Anna Voorbeeld")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    change_profile(by=person, name="Anna Voorbeeld", language="nl")
    business = register_organisation(by=person, kind=OrganisationKind.SME, legal_name="Bakkerij", kvk="01234567")
    add_bank_account(by=person, organisation=business, iban=IBAN, holder="Bakkerij")
    make_api_key(by=person)
    client.force_login(person)
    assert client.get("/mijn/").status_code == 200
    return person


def test_a_person_without_files_becomes_unknown_and_the_trail_stays_sound(client, anna):
    entries = list(AuditEntry.objects.order_by("pk").values_list("hash", flat=True))
    other = UserFactory()
    change_profile(by=other, name="Iemand Anders", language="nl")
    said = run("erase_person", " Anna@Bedrijf.example ")
    assert said == f"user:{anna.pk} is unknown from now on; the trail and its chain stay as they were\n"
    anna.refresh_from_db()
    assert (anna.email, anna.name, anna.is_active) == (f"erased-{anna.pk}@erased.invalid", "", False)
    assert not anna.has_usable_password()
    assert not anna.roles()
    assert not AuthToken.objects.filter(user=anna).exists()
    assert not EmailAddress.objects.filter(user=anna).exists()
    assert client.get("/mijn/").status_code == 302
    assert list(AuditEntry.objects.order_by("pk").values_list("hash", flat=True))[: len(entries)] == entries
    kept = AuditPayload.objects.filter(erased_at__isnull=True)
    assert [payload.entry.actor for payload in kept] == [f"user:{other.pk}"]
    assert not AuditPayload.objects.filter(body__contains=IBAN).exists()
    assert "2 personal details erased" in run("verify_audit")
    last = AuditEntry.objects.latest("pk")
    assert (last.actor, last.action, last.subject) == ("system:erase_person", "erase", f"accounts.user:{anna.pk}")
    assert '"details":2' in last.body
    assert "anna" not in last.body.lower()
    with pytest.raises(CommandError, match="nobody logs in"):
        run("erase_person", "anna@bedrijf.example")


def test_who_acted_in_a_file_is_kept_with_it_and_told_until_when():
    case = make.filled_application()
    person = case.created_by
    before = User.objects.values().get(pk=person.pk)
    with pytest.raises(Refused) as refused:
        erase_person(by=OPERATOR, person=person, keep_years=10)
    (reason,) = refused.value.reasons
    assert reason.code == AccountReason.FILES_KEPT
    today = clock.today()
    assert reason.params == {"until": today.replace(year=today.year + 10), "files": f"vouchers.application:{case.pk}"}
    with pytest.raises(CommandError, match=f"vouchers.application:{case.pk}"):
        run("erase_person", person.email)
    assert User.objects.values().get(pk=person.pk) == before
    assert not AuditEntry.objects.filter(action="erase").exists()


def test_a_file_is_counted_from_the_last_thing_that_happened_in_it_whoever_did_it():
    now = clock.now()
    case = make.filled_application()
    person, colleague = case.created_by, UserFactory()
    years = RuleSet.objects.get().keep_years
    with clock.fixed(now + dt.timedelta(days=365)):
        unit(note)(by=colleague, action="look", subject=case)
    after = now.replace(year=now.year + years) + dt.timedelta(days=1)
    for later, free in ((after, False), (after + dt.timedelta(days=366), True)):
        with clock.fixed(later):
            if free:
                assert "is unknown" in run("erase_person", person.email)
            else:
                with pytest.raises(CommandError):
                    run("erase_person", person.email)


def test_no_person_erases_a_person():
    with pytest.raises(NotAuthorised):
        erase_person(by=official(Role.MANAGER), person=UserFactory(), keep_years=10)
