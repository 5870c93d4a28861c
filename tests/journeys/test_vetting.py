"""A provider comes in by the front door, and its first solution reaches the preferred list; all of it in a browser."""

import datetime as dt
import re

import pytest

from core import clock
from tests.factories.providers import FIGURES, GOOD_IBAN
from tests.journeys.conftest import PASSWORD, PDF, newest_mail

pytestmark = pytest.mark.browser

NAME = "Wierde Webwerk B.V. (demo)"
DAYS_AGO = (clock.today() - dt.timedelta(days=3)).isoformat()
LONG_AGO = (clock.today() - dt.timedelta(days=400)).isoformat()
DATES = {
    "FIN-03": "checked_on",
    "INT-06": "checked_on",
    "FIN-04": "issued_on",
    "SEC-02": "tested_on",
    "SEC-05": "tested_on",
}


def signs_up(person, site, email):
    """Makes an account and follows the link in the mail, which the demo shows on a page."""
    somebody = person()
    somebody.goes_to("/account/signup/").fills(email=email, password1=PASSWORD, password2=PASSWORD).sends()
    letter = newest_mail(site, email)
    link = re.search(r"https?://\S+/confirm-email/\S+", letter)
    assert link, letter
    somebody.page.goto(link[0])
    if somebody.page.locator("main form").count():
        somebody.sends()
    return somebody if "/account/login/" not in somebody.page.url else somebody.logs_in(email)


def answers_every_item(provider):
    """Opens each item of the dossier in turn and answers it."""
    dossier = provider.page.url
    for link in provider.links(r"/mijn/aanbieder/dossier/\d+/onderdeel/[\w-]+/"):
        code = link.rstrip("/").rsplit("/", 1)[-1].upper()
        provider.goes_to(link)
        fields = {box.get_attribute("name") for box in provider.page.locator("main form [name]").all()}
        given = {**FIGURES.get(code, {}), "statement": f"Ons antwoord op {code}.", "file": PDF}
        if code == "FIN-05":
            given |= {"holder": NAME, "iban": GOOD_IBAN}
        if code in DATES:
            given[DATES[code]] = DAYS_AGO
        if "applies" in fields:
            given["applies"] = "yes"
        provider.fills(**{name: value for name, value in given.items() if name in fields}).sends()
        assert not provider.page.locator(".utrecht-form-field--invalid").count(), f"{code}: {provider.text}"
    provider.goes_to(dossier)


def hands_in(provider):
    provider.goes_to(provider.links(r"/mijn/aanbieder/dossier/\d+/indienen/")[0])
    provider.fills(true=True).sends()
    assert "/indienen/" not in provider.page.url, provider.text


def passes_vetting(person, provider, number):
    """An assessor takes the dossier up, judges every item and advises; somebody else decides."""
    assessor = person("assessor").goes_to(f"/toetsing/dossier/{number}/")
    does(assessor, "oppakken")
    for link in assessor.links(r"/toetsing/dossier/\d+/onderdeel/[\w-]+/"):
        assessor.goes_to(link).fills(verdict="met", note="Zelf gezien en in orde.").sends()
        assert not assessor.page.locator(".utrecht-form-field--invalid").count(), f"{link}: {assessor.text}"
    assessor.goes_to(f"/toetsing/dossier/{number}/")
    does(assessor, "advies", advice="approve", text="Alles is in orde.")
    decider = person("decider").goes_to(f"/toetsing/dossier/{number}/")
    does(decider, "goedkeuren", text="Voldoet aan alle eisen.")
    return assessor, decider


def does(official, act, **fields):
    """Follows the button of an act on a dossier page, fills its form and sends it."""
    link = official.links(rf"/toetsing/(dossier|aanbieder)/[\w-]+/{act}/")
    assert link, f"{act} is not offered: {official.links('/toetsing/.*')}"
    official.goes_to(link[0]).fills(**fields).sends()
    assert act not in official.page.url, official.text


def test_from_registration_to_the_preferred_list(site, person):
    provider = signs_up(person, site, "wierde@demo.example")

    # The provider registers and hands in its admission dossier
    provider.goes_to("/mijn/aanbieder/aanmelden/").fills(
        legal_name=NAME,
        trade_name="Wierde Webwerk",
        legal_form="company",
        country="NL",
        kvk="90 00 09 01",
        founded_on="2015-04-01",
        street="Voorbeeldkade 1",
        postcode="9712aa",
        city="Groningen",
        website="https://wierde.example/",
        contact_name="Wiebe Wierde",
        contact_email="wierde@demo.example",
    ).sends()
    provider.page.locator("main form[action$='/dossier/'] button").first.click()
    provider.page.wait_for_load_state()
    if not re.search(r"/dossier/\d+/", provider.page.url):
        provider.goes_to(provider.links(r"/mijn/aanbieder/dossier/\d+/")[0])
    admission = re.search(r"/dossier/(\d+)/", provider.page.url)[1]
    answers_every_item(provider)
    hands_in(provider)

    # Nobody from outside sees it; the authority does
    assert person().page.goto(f"{site.url}/toetsing/dossier/{admission}/").url.startswith(f"{site.url}/account/login/")
    assessor, decider = passes_vetting(person, provider, admission)
    decider.goes_to("/toetsing/aanbieders/").sees("Wierde Webwerk")

    # A second role on the same dossier is not offered to the assessor
    assert not [
        href
        for href in assessor.goes_to(f"/toetsing/dossier/{admission}/").links(r"/toetsing/.*")
        if "goedkeuren" in href
    ]

    # The solution: described, priced, five customers named, vetted
    provider.goes_to("/mijn/oplossingen/nieuw/").fills(
        name="Wierde Site",
        summary="Een website die u zelf bijhoudt.",
        description="Wij maken uw website, leren u ermee werken en helpen een jaar lang.",
        category="WEBSITE",
        min_level="1",
        max_level="3",
    ).sends()
    solution = re.search(r"/mijn/oplossingen/(\d+)/", provider.page.url)[1]
    provider.goes_to(f"/mijn/oplossingen/{solution}/pakket/").fills(
        name="Basis", included="Inrichting, training en een jaar hulp.", one_off="2950,00", monthly="29"
    ).sends()
    for number in range(5):
        provider.goes_to(f"/mijn/oplossingen/{solution}/klanten/").fills(
            company=f"Klant {number} (demo)",
            kvk=f"9800000{number}",
            name=f"Kim {number}",
            email=f"kim@klant{number}.demo.example",
            in_use_since=LONG_AGO,
        ).sends()
        assert not provider.page.locator(".utrecht-form-field--invalid").count(), provider.text
    provider.goes_to(f"/mijn/oplossingen/{solution}/")
    provider.page.locator("main form[action$='/toetsing/'] button").click()
    provider.page.wait_for_load_state()
    if "/dossier/" not in provider.page.url:
        provider.goes_to(provider.links(r"/mijn/aanbieder/dossier/\d+/")[-1])
    listing = re.search(r"/dossier/(\d+)/", provider.page.url)[1]
    answers_every_item(provider)
    hands_in(provider)
    passes_vetting(person, provider, listing)

    # In the catalogue, not on the preferred list yet
    visitor = person().goes_to("/oplossingen/?q=Wierde").sees("Wierde Site")
    page = visitor.goes_to(visitor.links(r"/oplossingen/wierde-site/")[0]).page.url

    # Five customers answer by their personal link; a link works once
    for number in range(5):
        letter = newest_mail(site, f"kim@klant{number}.demo.example")
        link = re.search(r"https?://\S+/ervaring/\S+", letter)[0]
        customer = person()
        customer.page.goto(link)
        customer.looks()
        boxes = customer.page.locator("main form input[type=text]")
        before_and_after = ["10", "20", "12", "20"]  # orders a week and hours, before and after: 20 % more an hour
        for box, value in zip(boxes.all(), before_and_after, strict=True):
            box.fill(value)
        customer.fills(satisfaction="5").sends()
        assert "/bedankt/" in customer.page.url, customer.text
        assert customer.page.goto(link).status == 410
        customer.page.context.close()
    site.manage("recompute_standing")
    answers = "5 van de 5 bedrijven winnen 15 % of meer; gemiddeld 20 %."
    person().goes_to(page).sees("Op de voorkeurslijst").sees(answers)
    person().goes_to("/oplossingen/?preferred=true&q=Wierde").sees("Wierde Site")

    # The provider is suspended, disappears, and comes back
    announcer = person("assessor2").goes_to("/toetsing/aanbieder/wierde-webwerk/")
    does(announcer, "voornemen", measure="suspend", text="Er zijn vragen over de uitvoering.")
    provider.goes_to("/mijn/aanbieder/wierde-webwerk/zienswijze/").fills(
        text="Wij hebben de vragen beantwoord."
    ).sends()
    second = person("decider2").goes_to("/toetsing/aanbieder/wierde-webwerk/")
    grounds = second.goes_to(second.links(r".*/schorsen/")[0]).page.locator("main form [name=grounds]").first
    grounds.check(force=True)
    second.fills(text="De antwoorden nemen de twijfel niet weg.").sends()
    assert "/schorsen/" not in second.page.url, second.text
    visitor = person()  # another browser: a page of the catalogue may be shown again from memory for a minute
    assert visitor.page.goto(page).status == 404
    visitor.goes_to("/oplossingen/?q=Wierde").sees_not("Wierde Site")
    does(second.goes_to("/toetsing/aanbieder/wierde-webwerk/"), "herstellen", text="Alles is opgehelderd.")
    person().goes_to(page).sees("Wierde Site")
    assert "sound" in site.manage("verify_audit")
