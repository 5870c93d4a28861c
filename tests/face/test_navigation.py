"""Where one is and where one can go: one link marked, a menu for the roles one has, crumbs from My Trede."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import translation

from accounts.enums import OrganisationKind, Role
from marketplace.templatetags.menu import entries_for
from tests.factories.accounts import OrganisationFactory, UserFactory, member_of, official

TABS = (
    '{% nav_links "providers:vetting_queue" "D" "providers:vetting_providers" "A" "providers:vetting_solutions" "O" %}'
)
HOME = '{% nav_links "marketplace:my_trede" "M" "vouchers:applications" "A" "accounts:profile" "G" "vouchers:objections" "B" %}'


def marked(source: str, path: str) -> list[tuple[str, str]]:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    page = Template("{% load trede %}" + source).render(Context({"request": request}))
    return re.findall(r'aria-current="(\w+)">(\w)<', page)


@pytest.mark.parametrize(
    ("source", "path", "found"),
    [
        (TABS, "/toetsing/", [("page", "D")]),
        (TABS, "/toetsing/dossier/3/", [("true", "D")]),
        (TABS, "/toetsing/aanbieders/", [("page", "A")]),
        (TABS, "/toetsing/aanbieder/kwelder/", [("true", "A")]),
        (TABS, "/toetsing/oplossing/3/", [("true", "O")]),
        (TABS, "/mijn/", []),
        (HOME, "/mijn/", [("page", "M")]),
        (HOME, "/mijn/scans/", [("true", "M")]),
        (HOME, "/mijn/gegevens/rekening/3/", [("true", "G")]),
        (HOME, "/aanvragen/3/btw/", [("true", "A")]),
        (HOME, "/beslissen/aanvragen/", []),
    ],
)
def test_one_link_is_marked_the_one_that_fits_best(source, path, found):
    assert marked(source, path) == found


def test_a_link_to_nowhere_is_left_out():
    source = '{% load trede %}{% nav_links "vouchers:objections" "B" "no:where" "X" %}'
    page = Template(source).render(Context({"request": RequestFactory().get("/")}))
    assert page == '<li><a class="trede-nav__link" href="/beslissen/bezwaren/">B</a></li>'


def menu_of(person) -> list[str]:
    with translation.override("nl"):
        return [label for _name, label in entries_for(person)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "labels"),
    [
        (
            [Role.ASSESSOR],
            ["Mijn Trede", "Aanvragen", "Verzoeken om uitbetaling", "Toetsing", "Bezwaren", "Gegevens"],
        ),
        (
            [Role.TREASURER],
            ["Mijn Trede", "Aanvragen", "Verzoeken om uitbetaling", "Bezwaren", "Betalingen", "Gegevens"],
        ),
        (
            [Role.AUDITOR],
            [
                "Mijn Trede",
                "Aanvragen",
                "Verzoeken om uitbetaling",
                "Toetsing",
                "Bezwaren",
                "Betalingen",
                "Regelingen",
                "Controlespoor",
                "Gegevens",
            ],
        ),
        (
            [Role.MANAGER],
            [
                "Mijn Trede",
                "Aanvragen",
                "Verzoeken om uitbetaling",
                "Toetsing",
                "Bezwaren",
                "Betalingen",
                "Regelingen",
                "Gegevens",
            ],
        ),
        ([Role.ADVISER], ["Mijn Trede", "Samen scannen", "Gegevens"]),
    ],
)
def test_the_menu_of_an_official_is_their_work(roles, labels):
    assert menu_of(official(*roles)) == labels


@pytest.mark.django_db
def test_the_menu_of_a_business_and_of_a_provider_is_theirs():
    business = ["Mijn Trede", "Aanvragen", "Vouchers", "Scans", "Gegevens"]
    assert menu_of(member_of(OrganisationFactory())) == business
    assert menu_of(UserFactory()) == business
    provider = member_of(OrganisationFactory(kind=OrganisationKind.PROVIDER))
    assert menu_of(provider) == ["Mijn Trede", "Dossiers", "Oplossingen", "Bestellingen", "Gegevens"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role])
def test_every_entry_of_a_menu_leads_to_a_page_that_opens(client, role):
    person = member_of(OrganisationFactory()) if role == Role.MEMBER else official(role)
    client.force_login(person)
    for name, label in entries_for(person):
        address = reverse(name)
        page = client.get(address)
        assert page.status_code == 200, address
        if name == "roadmap:scan_start":  # public: it knows nobody
            continue
        assert label in page.content.decode().split('"trede-account-bar"')[1].split("</nav>")[0]


@pytest.mark.django_db
def test_the_menu_asks_the_memberships_once(django_assert_num_queries):
    person = official(Role.DECIDER, Role.AUDITOR)
    with django_assert_num_queries(1):
        entries_for(person)


@pytest.mark.django_db
def test_behind_the_login_the_crumbs_start_at_my_trede(client):
    client.force_login(official(Role.ASSESSOR))
    crumbs = client.get("/toetsing/aanbieders/").content.decode().split("trede-breadcrumb")[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', crumbs)[0] == ("/mijn/", "Mijn Trede")
    public = client.get("/styleguide/").content.decode().split("trede-breadcrumb")[1]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', public)[0] == ("/", "Start")
    assert "trede-account-bar" not in client.get("/privacy/").content.decode()
