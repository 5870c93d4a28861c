"""Home, problems, roadmap without a scan and the estimate: pages that show several rooms to everybody."""

import datetime as dt
import re
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from core import clock
from core.actors import SystemActor
from providers.models import Solution
from roadmap.models import Problem
from roadmap.services import VISITOR, roadmap_answer, scan_at_once
from tests.factories.catalogue import PackageFactory, PackagePriceFactory, SolutionFactory
from vouchers.enums import RuleMode, SolutionStanding
from vouchers.models import Programme
from vouchers.services.programme import new_rules
from vouchers.services.support import cautions, support_now, with_vouchers

pytestmark = pytest.mark.django_db

RESULT_QUERIES = 18
ROADMAP_QUERIES = 13  # one of them asks for the version of the page


@pytest.fixture
def loaded(db):
    """All reference data, the open programme included."""
    call_command("load_reference", stdout=StringIO())


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\xa0", " ")


def listed(category, price="1600.00", preferred=False, hardware="0.00", **fields):
    """A solution with one package, of which `hardware` is equipment."""
    state = {"preferred": True} if preferred else {"listed": True}
    paid_once = {"one_off": Decimal(price), "monthly": Decimal(0), "hardware": Decimal(hardware)}
    package = {f"package__price__{name}": value for name, value in paid_once.items()}
    return SolutionFactory(
        **state, **package, category_id=category, category=None, first_year_price=Decimal(price), **fields
    )


def vouchers(sector="DETAIL", level=1):
    """What a voucher would pay per step of a roadmap."""
    steps = with_vouchers(roadmap_answer(sector=sector, level=level)["steps"], support_now())
    return {step["category"]: step["voucher"] for step in steps}


# --- Home and problems -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/", "Ik zoek een betrouwbare websitebouwer"),
        ("/", "Ik type alles over"),
        ("/en/", "I am looking for a reliable website builder"),
        ("/en/", "I type everything over again"),
    ],
)
def test_home_starts_from_the_owners_problem(loaded, client, path, problem):
    page = client.get(path)
    assert page.status_code == 200
    assert problem in words(page)


def test_home_leads_to_every_problem_to_first_aid_to_the_scan_and_to_the_sum(loaded, client):
    page = client.get("/").content.decode()
    for slug in Problem.objects.values_list("slug", flat=True):
        assert f'href="/hulp/{slug}/"' in page
        assert client.get(f"/hulp/{slug}/").status_code == 200
    for link in ('href="/gehackt/"', 'href="/scan/"', 'action="/voucher/"'):
        assert link in page


def test_home_stands_without_a_programme_and_without_any_reference_data(client):
    assert client.get("/").status_code == 200
    assert client.get("/gehackt/").status_code == 200
    assert client.get("/voucher/").status_code == 200
    assert client.get("/scan/").status_code == 200
    assert client.get("/routekaart/").status_code == 200


def test_first_aid_names_the_police_and_the_term_for_a_leak(loaded, client):
    text = words(client.get("/gehackt/"))
    assert "0900-8844" in text
    assert "72" in text


def test_a_problem_shows_what_helps_with_price_and_voucher(loaded, client):
    listed("BOEKHOUD", "1000.00", preferred=True)
    listed("BOEKHOUD", "2500.00")
    text = words(client.get("/en/hulp/overtypen/"))
    assert "2 tested, 1 preferred" in text
    assert "from €1,000 in the first year" in text
    assert "a voucher pays up to €800" in text  # the dearer one is not on the preferred list
    assert text.count("none tested yet") == 3


@pytest.mark.parametrize("slug", ["bestaat-niet", "x" * 300, "websitebouwer-"])
def test_an_unknown_problem_is_not_found(loaded, client, slug):
    assert client.get(f"/hulp/{slug}/").status_code == 404


def test_a_problem_takes_the_same_queries_for_three_solutions_as_for_thirty(loaded, client, django_assert_num_queries):
    for number in range(3):
        listed("BOEKHOUD", f"{1000 + number}.00")
    with django_assert_num_queries(6):
        client.get("/hulp/overtypen/")
    for number in range(27):
        listed("UREN", f"{1000 + number}.00", preferred=True)
    with django_assert_num_queries(6):
        assert client.get("/hulp/overtypen/").status_code == 200


# --- The roadmap without a scan ------------------------------------------------------------------------------------------------


def test_the_roadmap_of_a_sector_shows_steps_prices_vouchers_and_the_next_rung(loaded, client):
    listed("ROOSTER", "3000.00", preferred=True)
    listed("ROOSTER", "30000.00")
    page = client.get("/en/routekaart/?sector=HORECA&level=2&have=KASSA,BOEKHOUD")
    text = words(page)
    assert page.status_code == 200
    assert "€3,000 to €30,000" in text
    assert "A voucher pays up to €2,400" in text
    assert "2 tested, 1 preferred" in text
    assert "only where guests stay overnight (SBI 55)" in text
    assert 'id="stap-boekhoud"' not in page.content.decode()
    assert "Later: the next rung" in text


def test_have_may_be_given_with_commas_or_one_by_one(loaded, client):
    one = client.get("/routekaart/?sector=HORECA&level=2&have=KASSA,BOEKING")
    other = client.get("/routekaart/?sector=HORECA&level=2&have=KASSA&have=BOEKING")
    steps = [re.findall(r'id="stap-([a-z]+)"', page.content.decode()) for page in (one, other)]
    assert steps[0] == steps[1] != []
    assert "kassa" not in steps[0]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("sector", ["ALGEMEEN", "AGROFOOD"])
def test_every_roadmap_can_be_shown_in_both_languages(loaded, client, sector, level):
    for prefix in ("", "/en"):
        page = client.get(f"{prefix}/routekaart/?sector={sector}&level={level}")
        assert page.status_code == 200
        assert 'id="stap-' in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "sector=NIETS&level=1",
        "sector=DETAIL",
        "level=1",
        "sector=DETAIL&level=5",
        "sector=DETAIL&level=0",
        "sector=DETAIL&level=een",
        "sector=DETAIL&level=1&have=HEKS",
        "sector=DETAIL&level=1&sbi=34",
        "sector=DETAIL&level=1&sbi=471110",
        "sector=DETAIL&level=1&sbi=%00",
        "sector=%00&level=%00&have=%00",
        "have=" + "A," * 3000,
    ],
)
def test_a_wrong_roadmap_question_says_what_is_wrong(loaded, client, query):
    page = client.get(f"/routekaart/?{query}")
    assert page.status_code == 422
    assert 'id="error-summary"' in page.content.decode()


def test_farmers_and_fishers_are_told_that_a_voucher_is_unlikely(loaded, client):
    support = support_now()
    ask = {"sector": "AGROFOOD", "province": None, "support": support}
    assert cautions(sbi="01.11", **ask) == ["primary"]
    assert cautions(sbi="", **ask) == ["maybe_primary"]
    assert cautions(sbi="10.71", **ask) == []
    assert cautions(sector="DETAIL", sbi="", province="PV27", support=support) == ["province"]
    assert cautions(sector="DETAIL", sbi="", province="PV22", support=support) == []
    assert cautions(sector="AGROFOOD", sbi="01", province="PV27", support=None) == []
    assert "SBI 01" in words(client.get("/routekaart/?sector=AGROFOOD&level=1&sbi=0111"))


def test_a_voucher_is_promised_only_for_what_the_programme_pays_for(loaded):
    listed("WEBSITE", "2000.00")
    listed("BACKUP", "1000.00")
    listed("KASSA", "500.00", preferred=True)
    steps = {
        step["category"]: step
        for step in with_vouchers(roadmap_answer(sector="DETAIL", level=1)["steps"], support_now())
    }
    shown = {code: (step["voucher"], step["voucher_waits"]) for code, step in steps.items()}
    assert shown["WEBSITE"] == (None, True)  # listed, not preferred
    assert shown["BACKUP"] == (Decimal("800.00"), False)  # protects the business: listed is enough
    assert shown["KASSA"] == (None, False)  # 400.00 is below the minimum
    assert shown["TOEGANG"] == (None, False)  # nothing there


def test_a_voucher_promises_nothing_for_equipment(loaded):
    listed("KASSA", "5000.00", preferred=True, hardware="3000.00")
    assert vouchers()["KASSA"] == Decimal("1600.00")  # 80 % of the 2,000.00 that is not equipment
    listed("KASSA", "3500.00", preferred=True)
    assert vouchers()["KASSA"] == Decimal("2800.00")  # the dearest without equipment, not the dearest as listed


def test_a_voucher_is_not_promised_for_the_dearest_of_the_catalogue_when_only_the_preferred_list_counts(loaded):
    listed("KASSA", "9000.00")
    listed("KASSA", "2000.00", preferred=True)
    listed("BACKUP", "9000.00")
    listed("BACKUP", "2000.00", preferred=True)
    assert (vouchers()["KASSA"], vouchers()["BACKUP"]) == (Decimal("1600.00"), Decimal("7200.00"))
    new_rules(
        by=SystemActor("test"),
        programme=Programme.objects.get(),
        valid_from=Programme.objects.get().opens_on,
        standing=SolutionStanding.LISTED,
    )
    assert vouchers()["KASSA"] == Decimal("7200.00")


def test_a_voucher_is_reckoned_on_the_price_in_force_of_the_cheapest_package_on_offer(loaded):
    package = listed("KASSA", "2000.00", preferred=True).packages.get()
    PackagePriceFactory(package=package, valid_from=clock.today(), one_off=Decimal("3000.00"), monthly=Decimal(0))
    later = clock.today() + dt.timedelta(days=1)
    PackagePriceFactory(package=package, valid_from=later, one_off=Decimal("4000.00"), monthly=Decimal(0))
    assert vouchers()["KASSA"] == Decimal("2400.00")
    for price, fields in (("6000.00", {}), ("1000.00", {"retired_on": clock.today()})):
        other = {"solution": package.solution, "price__one_off": Decimal(price), "price__monthly": Decimal(0)}
        PackageFactory(**other, **fields)
    PackageFactory(solution=package.solution, price__one_off=Decimal("800.00"), price__approved_at=None)
    assert vouchers()["KASSA"] == Decimal("2400.00")


def test_only_equipment_brings_no_voucher(loaded, client):
    listed("KASSA", "900.00", preferred=True, hardware="900.00")
    assert vouchers()["KASSA"] is None
    assert "900" in words(client.get("/en/routekaart/?sector=DETAIL&level=1"))


def test_whether_farmers_are_warned_is_up_to_the_programme(loaded):
    programme = Programme.objects.get()
    farm = {"sector": "AGROFOOD", "province": None}
    for mode, warned in ((RuleMode.OFF, False), (RuleMode.RECORD, False), (RuleMode.FAIL, True)):
        new_rules(
            by=SystemActor("test"),
            programme=programme,
            valid_from=programme.opens_on,
            rule_modes={"primary_sector": mode},
        )
        assert bool(cautions(sbi="01.11", support=support_now(), **farm)) is warned
        assert bool(cautions(sbi="", support=support_now(), **farm)) is warned


def test_hidden_solutions_and_those_for_other_sectors_do_not_count(loaded):
    listed("KASSA", "700.00").sectors.set(["ZORG"])
    listed("KASSA", "900.00").sectors.set(["DETAIL"])
    gone = listed("KASSA", "100.00")
    Solution.objects.filter(pk=gone.pk).update(valid_until="2026-01-01")
    steps = {step["category"]: step for step in roadmap_answer(sector="DETAIL", level=1)["steps"]}
    till = steps["KASSA"]
    assert (till["listed"], till["preferred"], till["price_from"], till["price_to"]) == (
        1,
        0,
        Decimal("900.00"),
        Decimal("900.00"),
    )


def test_result_and_roadmap_take_the_same_queries_for_three_solutions_as_for_sixty(
    loaded, client, django_assert_num_queries
):
    answers = dict.fromkeys((f"{block}{number}" for block in "AB" for number in range(1, 7)), 3)
    _scan, token = scan_at_once(
        by=VISITOR, sector="DETAIL", answers=answers, headcount=4, municipality="GM0114", have=["KASSA"]
    )
    for number in range(3):
        listed("CRM", f"{1000 + number}.00")
    with django_assert_num_queries(RESULT_QUERIES):
        client.get(f"/scan/{token}/")
    with django_assert_num_queries(ROADMAP_QUERIES):
        client.get("/routekaart/?sector=DETAIL&level=3")
    for number in range(57):
        listed(["CRM", "DASHBOARD", "KANALEN"][number % 3], f"{1000 + number}.00", preferred=number % 2 == 0)
    with django_assert_num_queries(RESULT_QUERIES):
        assert client.get(f"/scan/{token}/").status_code == 200
    with django_assert_num_queries(ROADMAP_QUERIES):
        assert client.get("/routekaart/?sector=DETAIL&level=3").status_code == 200


# --- The estimate ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "award", "own"),
    [
        ("10000.00", "8,000.00", "2,000.00"),
        ("22500", "18,000.00", "4,500.00"),
        ("22499,99", "17,999.99", "4,500.00"),
        ("30000.00", "18,000.00", "12,000.00"),
        ("625", "500.00", "125.00"),
    ],
)
def test_the_estimate_shows_the_voucher_the_own_share_and_how_it_came_about(loaded, client, cost, award, own):
    text = words(client.get("/en/voucher/", {"cost": cost}))
    assert f"A voucher would pay €{award}" in text
    assert f"You pay €{own} yourself" in text
    assert "Maximum per business in 12 months" in text


def test_below_the_minimum_the_estimate_says_why(loaded, client):
    page = client.get("/en/voucher/", {"cost": "624.98"})
    assert page.status_code == 200
    assert "No voucher for this amount" in words(page)
    assert "500" in words(page)


@pytest.mark.parametrize(("path", "cost"), [("/voucher/", "€ 12.500,00"), ("/en/voucher/", "12,500.00")])
def test_an_amount_goes_in_as_it_comes_out(loaded, client, path, cost):
    page = client.get(path, {"cost": cost})
    assert page.status_code == 200
    assert page.context["award"].award == Decimal("10000.00")


@pytest.mark.parametrize(
    "cost",
    [
        "",
        "abc",
        "-5",
        "0",
        "0.001",
        "NaN",
        "Infinity",
        "1e9",
        "1.00,50",
        "１２",
        "9" * 50,
        "1" + "0" * 14,
        "\x00",
        "<b>",
    ],
)
def test_an_amount_that_is_none_is_refused_in_words(loaded, client, cost):
    page = client.get("/voucher/", {"cost": cost})
    assert page.status_code == 422
    assert 'id="error-summary"' in page.content.decode()
    assert "<b>" not in page.content.decode().split("<main")[1]


def test_the_estimate_follows_the_rules_of_the_day(loaded, client):
    programme = Programme.objects.get()
    new_rules(
        by=SystemActor("test"),
        programme=programme,
        valid_from=programme.opens_on,
        rate=Decimal(50),
        cap=Decimal("2500.00"),
    )
    text = words(client.get("/en/voucher/?cost=10000"))
    assert "50 % of the price of a solution on the preferred list : at least €500 and at most €2,500" in text
    assert "A voucher would pay €2,500.00" in text


def test_without_an_open_programme_the_page_says_so(loaded, client):
    Programme.objects.update(closes_on="2026-02-01")
    assert "No voucher programme is open now" in words(client.get("/en/voucher/?cost=10000"))
    assert support_now() is None
    assert client.get("/routekaart/?sector=DETAIL&level=1").status_code == 200
