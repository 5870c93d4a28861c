"""Public pages know nobody: no cookie, nothing that differs per visitor, nothing from elsewhere, nothing inline."""

import datetime as dt
import re

import pytest
from django.test import Client

from core import clock
from roadmap.models.scan import FINISHED_DAYS, UNFINISHED_DAYS

ABOUT = ["/privacy/", "/cookies/", "/toegankelijkheid/", "/contact/"]
PAGES = [
    *(f"{language}{path}" for path in ("/styleguide/", "/demo/mail/", *ABOUT) for language in ("", "/en")),
]


pytestmark = pytest.mark.django_db
"""A public page asks the end of the trail which version of the house it shows, and these ask nothing else."""


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_has_no_cookie_and_does_not_vary_by_one(django_assert_max_num_queries, path):
    with django_assert_max_num_queries(1) as asked:
        answer = Client().get(path)
    assert [query for query in asked.captured_queries if "core_auditentry" not in query["sql"]] == []
    assert answer.status_code == 200
    assert not answer.cookies
    assert "cookie" not in answer.headers.get("Vary", "").lower()
    assert b"csrfmiddlewaretoken" not in answer.content


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


def test_every_link_of_header_and_footer_leads_to_a_page(client):
    page = client.get("/styleguide/").content.decode()
    header, footer = page.split("<main")[0], page.split("</main>")[1]
    addresses = set(re.findall(r'<a [^>]*href="(/[^"]*)"', header + footer))
    assert len(addresses) >= 6
    wrong = {address: client.get(address).status_code for address in addresses if not address.startswith("/mijn/")}
    assert {address: status for address, status in wrong.items() if status != 200} == {}


@pytest.mark.parametrize("path", ABOUT)
def test_the_foot_names_who_runs_the_site_and_leads_to_what_one_must_be_able_to_read(client, path, settings):
    page = client.get("/styleguide/").content.decode().split("</main>")[1]
    assert f'href="{path}"' in page
    for said in (settings.AUTHORITY["name"], settings.AUTHORITY["phone"], f"mailto:{settings.AUTHORITY['email']}"):
        assert said in page
    assert "verzonnen" in page


def test_privacy_tells_the_terms_that_the_product_keeps(client):
    page = client.get("/en/privacy/").content.decode()
    assert f"deleted after {UNFINISHED_DAYS} days" in page
    assert f"deleted after {FINISHED_DAYS // 365} years" in page
    assert "payments for 10 years" in page


def test_who_finds_a_hole_finds_where_to_tell_it(client, settings):
    with clock.fixed(dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)):
        answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert f"Contact: mailto:{settings.AUTHORITY['email']}" in lines
    assert "Expires: 2027-05-27T00:00:00Z" in lines


def test_search_engines_leave_what_is_made_up_or_private_alone(client, settings):
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
    settings.AUTHORITY = {**settings.AUTHORITY, "made_up": False}
    rows = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /mijn/", "Disallow: /en/mijn/", "Disallow: /scan/*"} <= set(rows)
    assert "Disallow: /" not in rows


def test_the_mark_is_also_at_its_old_address(client):
    answer = client.get("/favicon.ico")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg ")


def test_a_page_that_is_not_found_leads_through_the_login_back_to_itself(client):
    page = client.get("/en/aanvragen/99999/nothing/").content.decode()
    assert 'href="/en/account/login/?next=/en/aanvragen/99999/nothing/"' in page
