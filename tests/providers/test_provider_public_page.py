"""What the public reads on the page of a provider: its solutions and where each stands, and nothing that is hidden."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from providers.enums import SolutionState
from providers.services.standing import STANDING, recompute_standing
from tests.factories.catalogue import SolutionFactory, answered
from tests.factories.providers import ProviderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def words(html: str) -> str:
    """What somebody reads, without the marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\N{NO-BREAK SPACE}", " "))


def cards(client, provider) -> dict[str, str]:
    """The cards on its page by the address they lead to, as somebody reads them."""
    page = client.get(reverse("providers:provider_public", args=[provider.slug]))
    assert page.status_code == 200
    found = re.findall(r"<article.*?</article>", page.content.decode(), re.DOTALL)
    return {re.search(r'href="([^"]+)"', card).group(1): words(card) for card in found}


def parts(client, provider) -> tuple[str, str]:
    """Its head, and the whole page, as somebody reads them."""
    page = client.get(reverse("providers:provider_public", args=[provider.slug])).content.decode()
    main = page.partition("</nav>")[2].partition("</main>")[0]
    return words(re.search(r'<div class="trede-page-head">.*?</div>', page, re.DOTALL)[0]), words(main)


@pytest.fixture
def provider():
    return ProviderFactory(admitted=True)


def test_each_solution_is_on_it_with_its_standing_its_gain_and_its_price(client, provider):
    known = SolutionFactory(listed=True, provider=provider, name="Alfa kassa", first_year_price=Decimal("1234.50"))
    for gain in (20, 20, 20, 20, 25):
        answered(known, gain)
    recompute_standing(by=STANDING, solution=known)
    young = SolutionFactory(listed=True, provider=provider, name="Beta winkel")
    warned = SolutionFactory(
        preferred=True,
        provider=provider,
        name="Gamma agenda",
        state=SolutionState.ON_NOTICE,
        notice_on=dt.date(2026, 11, 20),
        notice_until=dt.date(2026, 12, 20),
    )
    found = cards(client, provider)
    assert list(found) == [reverse("providers:solution", args=[one.slug]) for one in (known, young, warned)]
    first, second, third = found.values()
    assert "Alfa kassa" in first
    assert "Op de voorkeurslijst" in first
    assert "21 % productiever, zeggen 5 bedrijven" in first
    assert "€ 1.234,50" in first
    assert "Beta winkel" in second
    assert "Getoetst" in second
    assert "Op de voorkeurslijst" not in second
    assert "Nog te weinig ervaringen" in second
    assert "Gamma agenda" in third
    assert "waarschuwing" in third
    assert "Op de voorkeurslijst" in parts(client, provider)[0], (
        "the provider is on the list while one of its solutions is"
    )


def test_without_a_preferred_solution_the_provider_is_not_said_to_be_on_the_list(client, provider):
    SolutionFactory(listed=True, provider=provider)
    assert "Op de voorkeurslijst" not in parts(client, provider)[0]


def test_what_is_hidden_is_not_on_it(client, provider):
    shown = SolutionFactory(listed=True, provider=provider, name="Wel te zien")
    when = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
    SolutionFactory(provider=provider, name="Nog een ontwerp")
    SolutionFactory(listed=True, provider=provider, name="Geschorst", state="suspended", suspended_at=when)
    SolutionFactory(listed=True, provider=provider, name="Gestopt", state="retired", retired_at=when)
    SolutionFactory(listed=True, provider=provider, name="Verlopen", valid_until=dt.date(2026, 11, 22))
    SolutionFactory(listed=True, name="Van een ander")
    assert list(cards(client, provider)) == [reverse("providers:solution", args=[shown.slug])]
    _head, page = parts(client, provider)
    for hidden in ("Nog een ontwerp", "Geschorst", "Gestopt", "Verlopen", "Van een ander"):
        assert hidden not in page


def test_a_provider_with_nothing_to_show_says_so(client, provider):
    SolutionFactory(provider=provider)
    assert cards(client, provider) == {}
    assert "Nu geen oplossingen" in parts(client, provider)[1]
