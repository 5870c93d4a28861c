"""Public pages know nobody: no cookie, nothing that differs per visitor, nothing from elsewhere, nothing inline."""

import re

import pytest
from django.test import Client

PAGES = ["/styleguide/", "/en/styleguide/", "/demo/mail/", "/en/demo/mail/"]


@pytest.fixture
def visitor(django_assert_num_queries):
    """A visitor for whom a public page may not even look at the session table."""
    with django_assert_num_queries(0):
        yield Client()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_has_no_cookie_and_does_not_vary_by_one(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "cookie" not in answer.headers.get("Vary", "").lower()
    assert b"csrfmiddlewaretoken" not in answer.content


@pytest.mark.django_db
def test_somebody_with_a_cookie_gets_the_same_page_as_everybody(client, django_user_model):
    anonymous = Client().get("/styleguide/").content
    client.cookies["sessionid"] = "somebody"
    assert client.get("/styleguide/").content == anonymous


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client, path):
    page = client.get(path).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    for address in re.findall(r"(?:src|href)=\"([^\"#]*)\"", page):
        assert not re.match(r"(?:https?:)?//(?!testserver)", address), address


def test_the_policy_forbids_inline_code_and_styles(client):
    policy = client.get("/styleguide/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_says_its_language_and_offers_the_other(client, language):
    prefix = "/en" if language == "en" else ""
    page = client.get(f"{prefix}/styleguide/").content.decode()
    other = "/styleguide/" if language == "en" else "/en/styleguide/"
    assert f'<html lang="{language}"' in page
    assert f'href="{other}"' in page


def test_every_link_of_header_and_footer_leads_to_a_page(client, db):
    page = client.get("/styleguide/").content.decode()
    header, footer = page.split("<main")[0], page.split("</main>")[1]
    addresses = set(re.findall(r'<a [^>]*href="(/[^"]*)"', header + footer))
    assert len(addresses) >= 6
    wrong = {address: client.get(address).status_code for address in addresses if not address.startswith("/mijn/")}
    assert {address: status for address, status in wrong.items() if status != 200} == {}
