"""The second factor: required of officials outside the demo, its secret unreadable in the database."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken

from accounts.enums import Role
from accounts.second_factor import EncryptedSecrets
from tests.factories.accounts import OrganisationFactory, member_of, official

pytestmark = pytest.mark.django_db

PAGE = "/mijn/gegevens/"


@pytest.fixture
def required(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = True


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.MEMBER, Role.ADVISER}])
def test_an_official_without_it_is_sent_to_set_it_up(client, role):
    client.force_login(official(role))
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/account/2fa/totp/activate/")


@pytest.mark.usefixtures("required")
def test_an_official_with_it_and_a_member_go_on(client):
    someone = official(Role.DECIDER)
    TOTP.activate(someone, generate_totp_secret())
    for person in (someone, member_of(OrganisationFactory())):
        client.force_login(person)
        assert client.get(PAGE).status_code == 200


def test_the_demo_needs_none(client):
    client.force_login(official(Role.DECIDER))
    assert client.get(PAGE).status_code == 200


def test_the_secret_is_not_readable_in_the_database_and_old_keys_still_open_it(settings):
    secret = generate_totp_secret()
    TOTP.activate(official(Role.DECIDER), secret)
    kept = Authenticator.objects.get().data["secret"]
    assert secret not in kept
    assert EncryptedSecrets().decrypt(kept) == secret
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert EncryptedSecrets().decrypt(kept) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        EncryptedSecrets().decrypt(kept)
