"""Nobody learns by signing up who has an account: neither from the answer nor from how much work it is."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

HASHED: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """Remembers what it was asked to hash: that is the slow part."""

    algorithm = "counting"

    def encode(self, password, salt):
        HASHED.append(password)
        return super().encode(password, salt)


def test_signing_up_hashes_as_often_for_a_known_address_as_for_a_new_one(client, settings):
    known = UserFactory(email="bekend@bedrijf.example")
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    work, answers = [], []
    for email in (known.email, "nieuw@bedrijf.example"):
        HASHED.clear()
        password = "een lang wachtwoord van mij"
        answer = client.post("/account/signup/", {"email": email, "password1": password, "password2": password})
        work.append(len(HASHED))
        answers.append((answer.status_code, answer["Location"]))
        client.cookies.clear()
    assert work == [1, 1]
    assert answers[0] == answers[1]
