"""What each filter of the catalogue lets through and what it keeps out, and each order, through the API."""

from decimal import Decimal

import pytest

from accounts.models import Province, Sector
from providers.models import Category
from tests.api.test_solutions import names
from tests.factories.catalogue import SolutionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

ALL = ["Alfa", "Beta", "Delta", "Gamma"]


@pytest.fixture
def catalogue(reference):
    """Four solutions, no two alike: for whom, where, from which level to which, at what price, on the list or not.

    By name, by price and by relevance they stand in another order.
    """
    made = [
        ("Alfa", "listed", "900.00", (1, 2), "DETAIL HORECA", "PV20"),
        ("Beta", "preferred", "5000.00", (2, 3), "BOUW", "PV21 PV22"),
        ("Gamma", "listed", "100.00", (3, 4), "DETAIL", "PV20 PV22"),
        ("Delta", "listed", "5000.01", (1, 4), "", ""),
    ]
    for name, standing, price, (lowest, highest), sectors, provinces in made:
        solution = SolutionFactory(
            **{standing: True},
            name=name,
            summary=f"{name} doet wat het belooft, anders dan gamma." if name == "Delta" else "Doet wat het belooft.",
            category=Category.objects.get(pk="BOEKHOUD" if name in {"Alfa", "Beta"} else "KASSA"),
            first_year_price=Decimal(price),
            min_level=lowest,
            max_level=highest,
        )
        solution.sectors.set(Sector.objects.filter(pk__in=sectors.split()))
        solution.provinces.set(Province.objects.filter(pk__in=provinces.split()))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("category=BOEKHOUD", ["Alfa", "Beta"]),
        ("category=WEBSITE", []),
        # What is made for no sector in particular is made for every one.
        ("sector=DETAIL", ["Alfa", "Delta", "Gamma"]),
        ("sector=HORECA", ["Alfa", "Delta"]),
        ("sector=BOUW", ["Beta", "Delta"]),
        ("sector=ZORG", ["Delta"]),
        # What is delivered in no province in particular is delivered in every one.
        ("province=PV20", ["Alfa", "Delta", "Gamma"]),
        ("province=PV21", ["Beta", "Delta"]),
        ("province=PV22", ["Beta", "Delta", "Gamma"]),
        # Both ends of the levels count.
        ("level=1", ["Alfa", "Delta"]),
        ("level=2", ["Alfa", "Beta", "Delta"]),
        ("level=3", ["Beta", "Delta", "Gamma"]),
        ("level=4", ["Delta", "Gamma"]),
        ("preferred=true", ["Beta"]),
        ("preferred=false", ["Alfa", "Delta", "Gamma"]),
        ("price_max=99.99", []),
        ("price_max=100.00", ["Gamma"]),
        ("price_max=899.99", ["Gamma"]),
        ("price_max=900", ["Alfa", "Gamma"]),
        ("price_max=4999.99", ["Alfa", "Gamma"]),
        ("price_max=5000.00", ["Alfa", "Beta", "Gamma"]),
        ("price_max=5000.01", ALL),
        ("sector=DETAIL&province=PV22&level=4&preferred=false&price_max=100.00&category=KASSA", ["Gamma"]),
        ("sector=DETAIL&province=PV21", ["Delta"]),
    ],
)
def test_a_filter_lets_through_what_fits_and_keeps_out_the_rest(client, query, found):
    assert names(client, f"{query}&ordering=name") == found


@pytest.mark.parametrize(
    ("ordering", "found"),
    [
        ("name", ALL),
        ("-name", ALL[::-1]),
        ("price", ["Gamma", "Alfa", "Beta", "Delta"]),
        ("-price", ["Delta", "Beta", "Alfa", "Gamma"]),
    ],
)
def test_names_and_prices_order_the_catalogue_both_ways(client, ordering, found):
    assert names(client, f"ordering={ordering}") == found


def test_by_relevance_the_preferred_list_comes_first_and_then_what_matches_best(client):
    by_relevance = names(client, "ordering=relevance")
    assert by_relevance[0] == "Beta"
    assert sorted(by_relevance) == ALL
    assert by_relevance == names(client), "it is the order of whoever asks for none"
    assert names(client, "ordering=relevance&q=gamma") == ["Gamma", "Delta"], "a name says more than a sentence"
    assert names(client, "ordering=-price&q=gamma") == ["Delta", "Gamma"]
