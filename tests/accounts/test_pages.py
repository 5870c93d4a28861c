"""One's own details: only one's own, and every mistake in words."""

import pytest
from knox.models import AuthToken

from accounts.models import BankAccount
from accounts.services import make_api_key
from core.models import AuditEntry
from tests.factories.accounts import BankAccountFactory, OrganisationFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db

PROFILE = "/mijn/gegevens/"
GOOD = {"iban": "nl91 abna 0417 1643 00", "holder": "Bakkerij De Trede"}


@pytest.fixture
def business():
    return OrganisationFactory(legal_name="Bakkerij De Trede")


@pytest.fixture
def member(client, business):
    person = member_of(business)
    client.force_login(person)
    return person


def account_page(organisation):
    return f"{PROFILE}rekening/{organisation.pk}/"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_visitor_is_asked_to_log_in(client, prefix):
    assert client.get(prefix + PROFILE)["Location"].startswith(f"{prefix}/account/login/")


@pytest.mark.usefixtures("member")
def test_the_page_is_never_stored_and_speaks_both_languages(client):
    answer = client.get(PROFILE)
    assert "no-store" in answer["Cache-Control"]
    assert "Mijn gegevens" in answer.content.decode()
    assert "My details" in client.get("/en" + PROFILE).content.decode()


def test_name_and_language_are_changed(client, member):
    assert client.post(PROFILE, {"name": "Sanne", "language": "en"}).status_code == 302
    member.refresh_from_db()
    assert (member.name, member.language) == ("Sanne", "en")
    assert client.post(PROFILE, {"name": "x" * 200, "language": "fr"}).status_code == 422


@pytest.mark.usefixtures("member")
def test_a_bank_account_is_added_once_however_often_the_button_is_clicked(client, business):
    for _click in range(2):
        assert client.post(account_page(business), GOOD).status_code == 302
    assert BankAccount.objects.get().iban == "NL91ABNA0417164300"


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    "wrong", [{"iban": ""}, {"iban": "NL91ABNA0417164301"}, {"iban": "x" * 99}, {"holder": ""}, {"iban": "\x00"}]
)
def test_a_wrong_bank_account_is_refused_in_words_and_keeps_what_was_typed(client, business, wrong):
    answer = client.post(account_page(business), {**GOOD, **wrong})
    assert answer.status_code == 422
    assert "utrecht-form-field--invalid" in answer.content.decode()
    assert not BankAccount.objects.exists()


@pytest.mark.usefixtures("member")
def test_the_account_that_vouchers_are_paid_from_is_refused_at_the_field(client, business, settings):
    settings.SEPA_DEBTOR_IBAN = GOOD["iban"]
    answer = client.post(account_page(business), GOOD)
    assert answer.status_code == 422
    assert "Van deze rekening worden vouchers betaald" in answer.text
    assert not BankAccount.objects.exists()


@pytest.mark.usefixtures("member")
def test_another_business_is_not_there(client):
    other = OrganisationFactory()
    for answer in (client.get(account_page(other)), client.post(account_page(other), GOOD)):
        assert answer.status_code == 404
    assert not BankAccount.objects.exists()


@pytest.mark.usefixtures("member")
def test_a_key_is_shown_once_and_can_be_ended(client):
    made = client.post(f"{PROFILE}sleutels/").content.decode()
    token = AuthToken.objects.get()
    assert made.count("trede-secret") == 1
    assert "trede-secret" not in client.get(PROFILE).content.decode()
    assert client.post(f"{PROFILE}sleutels/{token.token_key}/weg/").status_code == 302
    assert not AuthToken.objects.exists()
    assert AuditEntry.objects.filter(action="withdraw_api_key").count() == 1


@pytest.mark.usefixtures("member")
def test_another_persons_key_is_not_there(client):
    make_api_key(by=UserFactory())
    assert client.post(f"{PROFILE}sleutels/{AuthToken.objects.get().token_key}/weg/").status_code == 404
    assert AuthToken.objects.exists()


@pytest.mark.usefixtures("member")
def test_the_number_of_queries_does_not_depend_on_the_accounts(client, business, django_assert_max_num_queries):
    for number in range(6):
        BankAccountFactory(organisation=business, iban=f"NL91ABNA041716430{number}")
    with django_assert_max_num_queries(9):
        client.get(PROFILE)


@pytest.mark.database
@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("key", ["%00", "0%00", "x" * 500, "%F0%9F%94%91"])
def test_a_key_that_cannot_be_is_not_there(client, key):
    assert client.post(f"{PROFILE}sleutels/{key}/weg/").status_code == 404
