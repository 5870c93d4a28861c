"""The style guide, which shows every component in every state, is accessible: both languages, both colour schemes,
telephone and desk. What axe cannot see (does it scroll sideways, does anything fail to load) is asked as well."""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.faces import EVERY_FACE, axe_options

pytestmark = pytest.mark.browser

RULES = axe_options("best-practice")
WIDTHS = {"telephone": 390, "desk": 1280}
LANGUAGES, SCHEMES = ["/styleguide/", "/en/styleguide/"], ["light", "dark"]
FACES = [
    face
    for face in product(LANGUAGES, SCHEMES, WIDTHS)
    if EVERY_FACE or face[:2] in {("/styleguide/", "light"), ("/en/styleguide/", "dark")}
]
"""Language, scheme and width: each of them, and in `make soak NAME=face` each with each."""


@pytest.mark.parametrize(("path", "scheme", "width"), FACES)
def test_every_component_is_accessible(browser, site, path, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": WIDTHS[width], "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on(
        "response", lambda answer: troubles.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
    )
    page.goto(f"{site}{path}")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    report = Axe().run(page, options=RULES).response
    found = [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in report["violations"]]
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()
    assert found == []
    assert len(report["passes"]) > 20, "axe hardly looked at anything"
    assert not sideways, "the page scrolls sideways"
    assert troubles == []


def test_axe_sees_what_is_wrong(browser, site):
    """The control: a picture without words and grey on grey are found, so that silence above means something."""
    page = browser.new_page()
    page.goto(f"{site}/styleguide/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/img/trede-mark.svg\"><p class=bad>Grey on grey</p>');"
        "const p = document.querySelector('.bad'); p.style.color = '#ccc'; p.style.background = '#ddd';"
    )
    found = {rule["id"] for rule in Axe().run(page, options=RULES).response["violations"]}
    page.close()
    assert {"image-alt", "color-contrast"} <= found


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(browser, site, width):
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 900})
    page = context.new_page()
    page.goto(f"{site}/en/styleguide/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    context.close()
    assert outline >= 2


def test_a_decision_prints_without_the_rest_of_the_site(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/styleguide/")
    page.emulate_media(media="print", color_scheme="dark")
    hidden = page.evaluate("getComputedStyle(document.querySelector('.trede-header')).display")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.querySelector('.trede-letter p')).color")
    page.close()
    assert hidden == "none"
    assert ground == "rgb(255, 255, 255)"
    assert ink != ground
