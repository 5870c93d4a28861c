"""The public catalogue as pages: found, filtered, ordered, compared; no cookie, no session (DESIGN 4.15, 7, 8)."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Province
from providers import services
from providers.enums import ProviderState, SolutionState
from providers.filters import SolutionFilter, words_of
from providers.models import PackagePrice, Solution
from providers.services.standing import STANDING
from tests.factories.accounts import ProviderOrganisationFactory, ProvinceFactory, SectorFactory
from tests.factories.catalogue import BackupFactory, InvitationFactory, SolutionFactory, answered
from tests.factories.providers import ProviderFactory, load_checklist
from tests.factories.vouchers import programme_with
from tests.moments import MONDAY, TODAY
from tests.providers.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def found(**asked):
    filtered = SolutionFilter(asked, queryset=Solution.objects.visible(TODAY), on=TODAY)
    assert filtered.form.is_valid(), filtered.form.errors
    return list(filtered.qs)


# --- search, filters and order -------------------------------------------------------------------------------------------


def test_words_are_found_in_name_summary_provider_and_category():
    provider = ProviderFactory(admitted=True, organisation=ProviderOrganisationFactory(trade_name="Kwieke Cijfers"))
    wanted = SolutionFactory(listed=True, provider=provider, name="Boekmaat", summary="Voor bonnetjes")
    SolutionFactory(listed=True, category=BackupFactory(), name="Kluis")
    assert found(q="boekmaat") == [wanted]
    assert found(q="bonnetjes") == [wanted]
    assert found(q="kwieke") == [wanted]
    assert found(q="boekhouden kwieke") == [wanted]
    assert found(q="accounting boekmaat") == [wanted]
    assert found(q="boekmaat kluis") == []


def test_a_search_is_bounded():
    assert words_of("a b c d e f g h") == ["a", "b", "c", "d", "e", "f"]
    assert not SolutionFilter({"q": "x" * 101}, queryset=Solution.objects.all()).form.is_valid()


def test_preferred_comes_first_then_the_best_match():
    summary = SolutionFactory(listed=True, name="Anders", summary="Ook met kassa")
    start = SolutionFactory(listed=True, name="Kassa Vlot")
    middle = SolutionFactory(listed=True, name="Vlotte kassa")
    preferred = SolutionFactory(preferred=True, name="Zeker", summary="met kassa")
    assert found(q="kassa") == [preferred, start, middle, summary]


def test_on_notice_still_counts_as_preferred():
    more = {"notice_on": TODAY, "notice_until": TODAY + dt.timedelta(days=30)}
    noticed = SolutionFactory(preferred=True, state=SolutionState.ON_NOTICE, **more)
    SolutionFactory(listed=True)
    assert found(preferred="true") == [noticed]


def test_the_shuffle_is_the_same_all_day_and_another_one_the_next():
    for _n in range(12):
        SolutionFactory(listed=True)
    visible = Solution.objects.visible(TODAY)
    orders = [
        [row.pk for row in SolutionFilter({}, queryset=visible, on=TODAY + dt.timedelta(days=n)).qs]
        for n in (0, 0, 1, 2)
    ]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert orders[2] != orders[3]
    assert sorted(orders[0]) == sorted(orders[3])


def test_over_many_days_everybody_gets_about_as_many_turns_at_the_top():
    for _n in range(5):
        SolutionFactory(listed=True)
    visible = Solution.objects.visible(TODAY)
    days = 300
    firsts = [
        SolutionFilter({}, queryset=visible, on=TODAY + dt.timedelta(days=n)).qs.values_list("pk", flat=True)[0]
        for n in range(days)
    ]
    turns = [firsts.count(pk) for pk in set(firsts)]
    assert len(turns) == 5
    assert min(turns) > days / 5 * 0.6


def test_price_and_name_order():
    cheap = SolutionFactory(listed=True, name="Beta", first_year_price=Decimal("100.00"))
    dear = SolutionFactory(listed=True, name="Alfa", first_year_price=Decimal("900.00"))
    assert found(ordering="price") == [cheap, dear]
    assert found(ordering="-price") == [dear, cheap]
    assert found(ordering="name") == [dear, cheap]
    assert found(price_max="100,00") == [cheap]
    assert found(price_max="99.99") == []


def test_sector_level_and_province_take_what_fits_and_what_fits_all():
    sector, other = SectorFactory(), SectorFactory(code="BOUW", name_nl="Bouw", name_en="Construction")
    north, far = ProvinceFactory(), ProvinceFactory(code="PV22", name="Drenthe")
    everywhere = SolutionFactory(listed=True, name="A")
    here = SolutionFactory(listed=True, name="B", min_level=2, max_level=3)
    here.sectors.add(sector)
    here.provinces.add(north)
    assert found(sector=sector.pk, ordering="name") == [everywhere, here]
    assert found(sector=other.pk) == [everywhere]
    assert found(province=north.pk, ordering="name") == [everywhere, here]
    assert found(province=far.pk) == [everywhere]
    assert found(level="3", ordering="name") == [everywhere, here]
    assert found(level="4") == [everywhere]


@pytest.mark.parametrize(
    "wrong",
    [
        {"category": "NIETS"},
        {"sector": "NIETS"},
        {"province": "PV99"},
        {"province": "\x00"},
        {"level": "5"},
        {"level": "١"},
        {"preferred": "misschien"},
        {"price_max": "gratis"},
        {"price_max": "-1"},
        {"price_max": "1e400"},
        {"price_max": "NaN"},
        {"price_max": "١٢"},
        {"price_max": "0.001"},
        {"ordering": "provider"},
        {"q": "x" * 101},
        {"q": "a\x00b"},
    ],
)
def test_a_wrong_filter_is_an_error_of_the_form_and_never_a_500(client, wrong):
    SolutionFactory(listed=True, name="Niet te zien")
    Province.objects.create(code="PV99", name="Elders", is_north=False)
    response = client.get(reverse("providers:catalogue"), wrong)
    assert response.status_code == 422
    assert "error-summary" in text(response) or "filter-errors" in text(response)
    assert "Niet te zien" not in text(response)


def test_the_list_as_found_can_be_downloaded(client):
    SolutionFactory(listed=True, name="Boekmaat", first_year_price=Decimal("800.00"))
    SolutionFactory(listed=True, name="Kasvriend", first_year_price=Decimal("2000.00"))
    address = reverse("providers:catalogue_csv")
    assert f"{address}?price_max=1000" in text(client.get(reverse("providers:catalogue"), {"price_max": "1000"}))
    download = client.get(address, {"price_max": "1000"})
    assert not download.cookies
    lines = download.content.decode().splitlines()
    assert len(lines) == 2
    assert "Boekmaat" in lines[1]
    assert "800.00" in lines[1]
    assert client.get(address, {"category": "NIETS"}).status_code == 422


def test_unknown_parameters_and_pages_are_harmless(client):
    SolutionFactory(listed=True, name="Wel te zien")
    for asked in ({"page": "99"}, {"page": "x"}, {"page": "-1"}, {"utm": "1"}):
        response = client.get(reverse("providers:catalogue"), asked)
        assert response.status_code == 200
        assert "Wel te zien" in text(response)


# --- pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def evidenced():
    solution = SolutionFactory(listed=True, name="Boekmaat")
    for gain in (20, 22, 31, 18, 16):
        answered(solution, gain)
    services.recompute_standing(by=STANDING, solution=solution)
    solution.refresh_from_db()
    return solution


@pytest.mark.parametrize("language", ["nl", "en"])
def test_public_pages_open_without_cookie_session_or_token(client, evidenced, language):
    with override(language):
        pages = [
            reverse("providers:catalogue"),
            reverse("providers:catalogue") + "?q=boek&preferred=true",
            reverse("providers:solution", args=[evidenced.slug]),
            reverse("providers:provider_public", args=[evidenced.provider.slug]),
            reverse("providers:compare") + f"?s={evidenced.slug}",
            reverse("providers:compare"),
            reverse("providers:preferred_explained"),
            reverse("providers:feedback_thanks"),
        ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert not response.cookies, page
        assert "Cookie" not in response.get("Vary", ""), page
        assert "csrfmiddlewaretoken" not in text(response), page
        assert f'lang="{language}"' in text(response), page


def test_public_pages_may_be_cached_for_a_minute(client):
    assert client.get(reverse("providers:catalogue"))["Cache-Control"] == "public, max-age=60"


def test_the_solution_page_shows_prices_conditions_and_figures(client, evidenced):
    page = text(client.get(reverse("providers:solution", args=[evidenced.slug])))
    assert "1.600,00" in page  # first year
    assert "2.800,00" in page  # three years
    assert "5 van de 5 bedrijven winnen 15 % of meer; gemiddeld 21 %." in page  # of 20 22 31 18 16: 21.4
    assert page.split("<figcaption")[0].count('class="trede-plot__dot') == 5
    for exact in ("22%", "31%", "16%", "18%", "21,4", "19,0"):
        assert exact not in page.replace(" %", "%")  # nobody's own number, nor one it can be worked out from


def test_below_three_users_there_are_no_figures(client):
    solution = SolutionFactory(listed=True)
    for gain in (41, 43):
        answered(solution, gain)
    services.recompute_standing(by=STANDING, solution=solution)
    page = text(client.get(reverse("providers:solution", args=[solution.slug])))
    assert "42 %" not in page
    assert "trede-plot__dot" not in page
    card = text(client.get(reverse("providers:catalogue")))
    assert "42 %" not in card


@pytest.mark.parametrize(
    "hidden",
    [
        SolutionFactory,
        lambda: SolutionFactory(listed=True, provider=ProviderFactory(suspended=True)),
        lambda: SolutionFactory(listed=True, valid_until=TODAY - dt.timedelta(days=1)),
        lambda: SolutionFactory(listed=True, state=SolutionState.SUSPENDED, suspended_at=MONDAY),
    ],
)
def test_what_is_hidden_is_nowhere(client, hidden):
    solution = hidden()
    assert client.get(reverse("providers:solution", args=[solution.slug])).status_code == 404
    assert solution.name not in text(client.get(reverse("providers:catalogue")))
    response = client.get(reverse("providers:compare"), {"s": solution.slug})
    assert response.status_code == 422


def test_a_provider_that_is_not_admitted_has_no_public_page(client):
    for provider in (ProviderFactory(), ProviderFactory(suspended=True)):
        assert provider.state != ProviderState.ADMITTED
        assert client.get(reverse("providers:provider_public", args=[provider.slug])).status_code == 404


def test_up_to_four_are_compared_side_by_side(client):
    rows = [SolutionFactory(listed=True) for _n in range(5)]
    address = reverse("providers:compare")
    page = text(client.get(address, {"s": [row.slug for row in rows[:4]]}))
    assert all(row.name in page for row in rows[:4])
    too_many = client.get(address, {"s": [row.slug for row in rows]})
    assert too_many.status_code == 422
    assert rows[0].name in text(too_many)
    assert client.get(address, {"s": ["bestaat-niet", "x" * 500, "\x00"]}).status_code == 422


def test_comparing_one_offers_every_other_solution_its_own_kind_first(client):
    mine, other = (
        SolutionFactory(listed=True, name="Mijn kassa"),
        SolutionFactory(listed=True, name="Andere soort", category=BackupFactory()),
    )
    same = SolutionFactory(listed=True, name="Zelfde soort", category=mine.category)
    SolutionFactory(name="Nog niet getoond")
    page = text(client.get(reverse("providers:compare"), {"s": mine.slug}))
    assert "Kies er nog een" in page
    choices = page.split('id="add-solution"')[1].split("</select>")[0]
    assert choices.index(same.slug) < choices.index(other.slug)
    assert "Nog niet getoond" not in choices
    assert f'value="{mine.slug}"' not in choices
    assert f'type="hidden" name="s" value="{mine.slug}"' in page


def test_what_one_compares_goes_along_through_the_catalogue_and_is_added_to(client):
    first, second = SolutionFactory(listed=True, name="Eerste"), SolutionFactory(listed=True, name="Tweede")
    page = text(client.get(reverse("providers:catalogue"), {"s": first.slug}))
    assert re.search(rf'name="s" value="{first.slug}" checked', page)
    assert re.search(rf'name="s" value="{second.slug}">', page)
    own = reverse("providers:solution", args=[second.slug])
    assert f'href="{own}?s={first.slug}"' in page
    page = text(client.get(own, {"s": first.slug}))
    assert f'href="{reverse("providers:compare")}?s={first.slug}&amp;s={second.slug}"' in page


def test_a_comparison_says_what_a_voucher_pays_and_what_is_left(client):
    preferred, listed = SolutionFactory(preferred=True), SolutionFactory(listed=True)
    address, asked = reverse("providers:compare"), {"s": [preferred.slug, listed.slug]}
    assert "Een voucher betaalt tot" not in text(client.get(address, asked))  # nothing is open
    programme_with()
    page = text(client.get(address, asked))
    assert re.search(
        r"Een voucher betaalt tot</th><td>€ 1.280,00</td><td>geen voucher: niet op de voorkeurslijst</td>", page
    )  # 80 % of 1,600
    assert re.search(r"U betaalt zelf, eerste jaar</th><td>€ 320,00</td><td>–</td>", page)
    apply = f"{reverse('vouchers:start')}?pakket={preferred.packages.get().pk}"
    assert page.count(apply) == 1
    page = text(client.get(reverse("providers:solution", args=[preferred.slug])))
    assert "U betaalt zelf vanaf <strong>€ 320</strong>" in page
    assert f"{reverse('marketplace:estimate')}?cost=1600.00" in page


def test_a_price_of_the_future_is_not_shown_yet(client):
    solution = SolutionFactory(listed=True)
    PackagePrice.objects.create(
        package=solution.packages.get(),
        valid_from=TODAY + dt.timedelta(days=1),
        one_off=Decimal("7777.00"),
        monthly=Decimal("0.00"),
        hardware=Decimal("0.00"),
        approved_at=MONDAY,
    )
    assert "7.777" not in text(client.get(reverse("providers:solution", args=[solution.slug])))


def test_providers_read_what_is_asked_before_they_log_in(client):
    load_checklist()
    page = text(client.get(reverse("providers:for_providers")))
    assert "22 onderdelen" in page
    assert "Inschrijving Handelsregister" in page
    assert reverse("providers:provider_register") in page
    home = client.get(reverse("providers:catalogue"))
    assert f'href="{reverse("providers:for_providers")}"' in text(home)


def test_names_are_written_out_never_run(client):
    SolutionFactory(listed=True, name="<script>alert(1)</script>", summary="{{ 7|add:7 }}")
    page = text(client.get(reverse("providers:catalogue")))
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_only_answer_reading(client, method):
    assert getattr(client, method)(reverse("providers:catalogue")).status_code == 405


def queries(client, address, asked=None):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address, asked).status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_rows(client):
    def fill(number):
        for _n in range(number):
            solution = SolutionFactory(listed=True)
            solution.sectors.add(SectorFactory())
            for _m in range(3):
                InvitationFactory(solution=solution)
            services.recompute_standing(by=STANDING, solution=solution)

    fill(3)
    address = reverse("providers:catalogue")
    compare = {"s": list(Solution.objects.values_list("slug", flat=True)[:2])}
    client.get(address)
    few, few_compared = queries(client, address), queries(client, reverse("providers:compare"), compare)
    fill(27)
    assert queries(client, address) == few
    more = {"s": list(Solution.objects.values_list("slug", flat=True)[:4])}
    assert queries(client, reverse("providers:compare"), more) <= few_compared
    assert few <= 8


def test_a_solution_whose_packages_are_not_on_sale_today_still_has_a_page(client):
    solution = SolutionFactory(listed=True, name="Nog even niet")
    PackagePrice.objects.filter(package__solution=solution).update(valid_from=TODAY + dt.timedelta(days=10))
    for page in (
        reverse("providers:solution", args=[solution.slug]),
        reverse("providers:catalogue"),
        f"{reverse('providers:compare')}?s={solution.slug}",
        reverse("providers:provider_public", args=[solution.provider.slug]),
    ):
        assert "Nog even niet" in client.get(page).content.decode(), page
