"""Making an account and choosing a password: in plain words, and with the address one wrote."""

import re

import pytest
from django.core import mail

from accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

PASSWORDS = {"password1": "een-lange-zin-1!", "password2": "een-lange-zin-1!"}


def raw_markup(page: str) -> list[str]:
    return re.findall(r"&lt;/?[a-z]+", page)


@pytest.mark.parametrize("path", ["/account/signup/", "/account/login/", "/account/password/reset/"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_markup_is_shown_as_text(client, prefix, path):
    assert raw_markup(client.get(prefix + path).content.decode()) == []


@pytest.mark.parametrize("path", ["/account/password/change/", "/account/email/"])
def test_neither_is_it_behind_a_login(client, path):
    client.force_login(UserFactory())
    page = client.get(path).content.decode()
    assert raw_markup(page) == []
    if "password" in path:
        assert "Minstens 10 tekens." in page
        assert "Herhaal uw wachtwoord" in page
        assert 'href="/account/password/reset/"' in page


def test_signing_up_says_what_a_password_needs_and_what_is_kept(client):
    page = client.get("/account/signup/").content.decode()
    assert "Minstens 10 tekens." in page
    assert "Herhaal uw wachtwoord" in page
    assert 'href="/privacy/"' in page.split("<form")[-1].split("</form>")[0]
    english = client.get("/en/account/signup/").content.decode()
    assert "At least 10 characters." in english
    assert "Repeat your password" in english


def test_an_address_that_is_too_long_is_refused_and_never_cut(client):
    host = ".".join(["a" * 60] * 4)
    address = f"{'b' * 50}@{host}.nl"
    assert 254 < len(address) <= 320
    answer = client.post("/account/signup/", {"email": address, **PASSWORDS})
    said = answer.content.decode()
    assert f"hoogstens 254 tekens. Dit zijn er {len(address)}." in said
    assert address in said
    assert not User.objects.exists()
    assert not mail.outbox
    assert "maxlength" not in re.search(r'<input type="email"[^>]*>', said).group()


def test_a_good_address_makes_an_account(client):
    assert client.post("/account/signup/", {"email": "kim@bedrijf.example", **PASSWORDS}).status_code == 302
    assert User.objects.get().email == "kim@bedrijf.example"
