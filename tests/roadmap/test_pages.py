"""The pages of the scan: one thing per page, bad input named, nothing behind a wrong link."""

import re

import pytest
from django.test import Client

from roadmap import services
from roadmap.models import Scan
from roadmap.services import VISITOR
from tests.factories.accounts import OrganisationFactory, member_of
from tests.roadmap.pages import CODES, finished, started, words

pytestmark = pytest.mark.usefixtures("facts")

UNKNOWN = "A" * 43


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_visitor_walks_through_the_whole_scan_without_a_cookie(client, prefix):
    page = client.get(f"{prefix}/scan/")
    assert page.status_code == 200
    answer = client.post(
        f"{prefix}/scan/", {"sector": "HORECA", "headcount": "4", "municipality": "GM0114", "sbi": "5610"}
    )
    where = answer["Location"]
    assert re.fullmatch(rf"{prefix}/scan/[\w-]{{43}}/vraag/1/", where)
    for _number in range(1, 13):
        page = client.get(where)
        assert page.status_code == 200
        assert page.content.decode().count('type="radio"') == 5
        answer = client.post(where, {"answer": "2"})
        where = answer["Location"]
    assert where.endswith("/heeft-u-al/")
    assert client.get(where).status_code == 200
    result = client.post(where, {"have": ["KASSA", "BOEKHOUD"]})["Location"]
    page = client.get(result)
    assert page.status_code == 200
    assert not client.cookies
    scan = Scan.objects.get()
    assert (scan.level, scan.total, scan.sbi, scan.headcount, scan.have) == (2, 24, "56.10", 4, ["BOEKHOUD", "KASSA"])
    text = words(page)
    assert ("4.00" if prefix else "4,00") in text
    assert 'id="stap-rooster"' in page.content.decode()
    assert 'id="stap-pms"' not in page.content.decode()
    assert "302" in text


def test_a_question_is_asked_in_plain_words_with_those_of_the_instrument_below(client):
    _scan, token = started()
    page = client.get(f"/scan/{token}/vraag/1/").content.decode()
    legend = page.split("<legend")[1].split("</legend>")[0]
    assert "Hoe sterk veranderde digitale techniek" in legend
    assert "In welke mate hebben digitale technologieën" in page.split("</legend>")[1]
    assert "Vraag 1 van 12" in page
    for word in ("totaal niet", "enigszins", "in zeer grote mate"):
        assert word in page
    assert "Vraag 7 van 12" in client.get(f"/scan/{token}/vraag/7/").content.decode()


def test_from_the_first_question_one_goes_back_to_what_was_told_about_the_business(client):
    scan, token = started(sector="HORECA", headcount=4, municipality="GM0114")
    assert f"/scan/{token}/uw-bedrijf/" in client.get(f"/scan/{token}/vraag/1/").content.decode()
    page = client.get(f"/scan/{token}/uw-bedrijf/").content.decode()
    assert re.search(r'value="HORECA" selected', page)
    assert client.post(f"/scan/{token}/uw-bedrijf/", {"sector": "NIETS"}).status_code == 422
    answer = client.post(f"/scan/{token}/uw-bedrijf/", {"sector": "ZORG", "headcount": "12"})
    assert answer["Location"] == f"/scan/{token}/vraag/1/"
    scan.refresh_from_db()
    assert (scan.sector_id, scan.headcount, scan.municipality_id, scan.size_class) == ("ZORG", 12, None, "10-49")


def test_what_was_told_about_the_business_of_a_finished_scan_stays(client):
    scan, token = finished()
    sector = scan.sector_id
    assert client.post(f"/scan/{token}/uw-bedrijf/", {"sector": "ZORG"})["Location"] == f"/scan/{token}/"
    scan.refresh_from_db()
    assert scan.sector_id == sector


def test_advice_does_not_tell_to_get_what_one_has(client):
    scan, token = finished(12)
    page = client.get(f"/scan/{token}/").content.decode()
    first = page.split('aria-labelledby="weakest"')[1].split("</article>")[0]
    assert "Begin bij wat uw klant het vaakst doet" in first
    services.change_have(by=services.VISITOR, scan=scan, have=["WEBSITE", "KASSA"])
    page = client.get(f"/scan/{token}/").content.decode()
    first = page.split('aria-labelledby="weakest"')[1].split("</article>")[0]
    assert "Begin bij wat uw klant het vaakst doet" not in first
    assert "U heeft al: " in first
    assert "category=WEBSITE" not in first
    assert "category=BOEKING" in first


def test_later_steps_of_a_roadmap_wait_behind_a_click_and_the_first_has_the_button(client):
    _scan, token = finished(12)
    page = client.get(f"/scan/{token}/").content.decode()
    now, later = page.split('class="trede-path-later"')
    assert now.count('class="trede-path__step') == 3
    assert later.count('class="trede-path__step') > 1


def test_a_stopped_scan_goes_on_where_it_stopped(client):
    scan, token = started()
    for code in CODES[:4]:
        services.answer(by=VISITOR, scan=scan, code=code, value=3)
    assert client.get(f"/scan/{token}/")["Location"] == f"/scan/{token}/vraag/5/"
    assert client.get(f"/scan/{token}/heeft-u-al/")["Location"] == f"/scan/{token}/vraag/5/"
    page = client.get(f"/scan/{token}/vraag/4/").content.decode()
    assert re.search(r'value="3"[^>]*checked', page)
    assert f"http://testserver/scan/{token}/" in page
    for code in CODES[4:]:
        services.answer(by=VISITOR, scan=scan, code=code, value=3)
    assert client.get(f"/scan/{token}/")["Location"] == f"/scan/{token}/heeft-u-al/"


def test_a_finished_scan_leads_to_its_result(client):
    _scan, token = finished()
    assert client.get(f"/scan/{token}/vraag/1/")["Location"] == f"/scan/{token}/"
    assert client.post(f"/scan/{token}/vraag/1/", {"answer": "5"})["Location"] == f"/scan/{token}/"
    assert Scan.objects.get().answers["A1"] == 3


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"sector": ""},
        {"sector": "NIETS"},
        {"sector": "DETAIL", "headcount": "0"},
        {"sector": "DETAIL", "headcount": "-3"},
        {"sector": "DETAIL", "headcount": "vier"},
        {"sector": "DETAIL", "headcount": "9" * 400},
        {"sector": "DETAIL", "headcount": "٤"},
        {"sector": "DETAIL", "municipality": "GM9999"},
        {"sector": "DETAIL", "sbi": "34"},
        {"sector": "DETAIL", "sbi": "x" * 10_000},
        {"sector": "DETAIL\x00", "sbi": "47\x00"},
        {"sector": ["DETAIL", "ZORG", "\x00"]},
    ],
)
def test_a_wrong_start_says_what_is_wrong_and_keeps_nothing(client, posted):
    page = client.post("/scan/", posted)
    assert page.status_code == 422
    assert 'id="error-summary"' in page.content.decode()
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"answer": ""},
        {"answer": "0"},
        {"answer": "6"},
        {"answer": "3.0"},
        {"answer": "x" * 9999},
        {"answer": "\x00"},
    ],
)
def test_a_wrong_answer_says_so_and_keeps_the_old_one(client, posted):
    scan, token = started()
    services.answer(by=VISITOR, scan=scan, code="A1", value=4)
    page = client.post(f"/scan/{token}/vraag/1/", posted)
    assert page.status_code == 422
    assert 'id="error-summary"' in page.content.decode()
    assert 'href="#id_answer_0"' in page.content.decode()
    assert Scan.objects.get().answers == {"A1": 4}


def test_a_double_click_on_a_question_answers_once(client):
    _scan, token = started()
    for _click in range(2):
        assert client.post(f"/scan/{token}/vraag/1/", {"answer": "4"}).status_code == 302
    assert Scan.objects.get().answers == {"A1": 4}


def test_a_double_click_on_the_last_page_finishes_once(client):
    scan, token = started()
    for code in CODES:
        services.answer(by=VISITOR, scan=scan, code=code, value=1)
    for _click in range(2):
        assert client.post(f"/scan/{token}/heeft-u-al/", {}).status_code == 302
    assert Scan.objects.get().level == 1


@pytest.mark.parametrize("have", [["HEKS"], ["KASSA", "\x00"], ["ZORGOPAFSTAND"]])
def test_having_what_was_not_asked_is_refused(client, have):
    scan, token = finished()
    page = client.post(f"/scan/{token}/heeft-u-al/", {"have": have})
    assert page.status_code == 422
    scan.refresh_from_db()
    assert scan.have == []


PAGES = ["", "vraag/1/", "heeft-u-al/", "verwijderen/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("token", [UNKNOWN, "x", "1", "scan", UNKNOWN * 50])
def test_a_wrong_link_is_a_page_that_does_not_exist(client, token, page):
    scan, _token = finished()
    assert client.get(f"/scan/{token}/{page}").status_code == 404
    assert client.post(f"/scan/{token}/{page}", {"answer": "1"}).status_code in {404, 405}
    assert client.get(f"/scan/{scan.token_hash}/{page}").status_code == 404
    assert client.get(f"/scan/{scan.pk}/{page}").status_code == 404


@pytest.mark.parametrize("number", [0, 13, 10**30])
def test_a_question_that_does_not_exist_is_not_found(client, number):
    _scan, token = started()
    assert client.get(f"/scan/{token}/vraag/{number}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_behind_the_link_are_neither_kept_nor_listed_nor_told_to_others(client, page):
    _scan, token = finished()
    answer = client.get(f"/scan/{token}/{page}")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    "path", ["/scan/", "/scan/verwijderd/", "/routekaart/", "/voucher/", "/", "/gehackt/", "/hulp/overtypen/"]
)
def test_public_pages_know_nobody(client, path):
    client.force_login(member_of(OrganisationFactory()))
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_pages_refuse_methods_they_do_not_have(client):
    _scan, token = finished()
    assert client.put(f"/scan/{token}/vraag/1/").status_code == 405
    assert client.get(f"/scan/{token}/stappen/").status_code == 405
    assert client.post(f"/scan/{token}/").status_code == 405
    assert client.delete("/scan/").status_code == 405


def test_posting_needs_no_csrf_token_because_the_link_is_the_key():
    strict = Client(enforce_csrf_checks=True)
    _scan, token = started()
    assert strict.post(f"/scan/{token}/vraag/1/", {"answer": "4"}).status_code == 302
    assert strict.post("/scan/", {"sector": "ZORG"}).status_code == 302


# --- Progress and forgetting -----------------------------------------------------------------------------------------------


def test_one_button_keeps_how_far_one_is_with_every_step(client):
    scan, token = finished(12)
    steps = {"stap-WEBSITE": "busy", "stap-BACKUP": "done", "stap-KASSA": "not_for_us", "stap-BOEKHOUD": ""}
    answer = client.post(f"/scan/{token}/stappen/", steps)
    assert answer["Location"] == f"/scan/{token}/#roadmap"
    assert services.progress_of(scan) == {"WEBSITE": "busy", "BACKUP": "done", "KASSA": "not_for_us"}
    page = client.get(f"/scan/{token}/").content.decode()
    assert re.search(r'value="busy" selected', page)
    assert 'id="stap-backup"' not in page
    assert 'id="stap-kassa"' not in page
    assert page.count('name="stap-BACKUP"') == page.count('name="stap-KASSA"') == 1
    assert page.count(f"/scan/{token}/stappen/") == 1
    client.post(f"/scan/{token}/stappen/", {"stap-BACKUP": ""})
    assert services.progress_of(scan) == {"WEBSITE": "busy", "KASSA": "not_for_us"}


@pytest.mark.parametrize(
    ("category", "progress"), [("HEKS", "done"), ("KASSA", "flying"), ("kassa", "done"), ("K" * 300, "done")]
)
def test_progress_on_nothing_is_not_found_and_keeps_nothing(client, category, progress):
    scan, token = finished()
    answer = client.post(f"/scan/{token}/stappen/", {"stap-WEBSITE": "busy", f"stap-{category}": progress})
    assert answer.status_code == 404
    assert not scan.progress.exists()


def test_progress_belongs_to_a_finished_scan(client):
    _scan, token = started()
    assert client.post(f"/scan/{token}/stappen/", {"stap-KASSA": "done"}).status_code == 404


def test_forgetting_asks_first_and_then_is_for_good(client):
    _scan, token = finished()
    assert client.get(f"/scan/{token}/verwijderen/").status_code == 200
    assert Scan.objects.exists()
    assert client.post(f"/scan/{token}/verwijderen/")["Location"] == "/scan/verwijderd/"
    assert not Scan.objects.exists()
    assert client.post(f"/scan/{token}/verwijderen/").status_code == 404
    assert client.get(f"/scan/{token}/").status_code == 404


def test_a_saved_scan_is_not_forgotten_by_the_link(client):
    organisation = OrganisationFactory()
    _scan, token = finished()
    services.claim_scan(by=member_of(organisation), token=token, organisation=organisation)
    assert client.post(f"/scan/{token}/verwijderen/").status_code == 409
    assert Scan.objects.exists()


def test_the_link_of_a_saved_scan_shows_it_and_changes_nothing(client):
    organisation = OrganisationFactory()
    member = member_of(organisation)
    scan, token = finished(12)
    services.claim_scan(by=member, token=token, organisation=organisation)
    for logged_in in (False, True):  # a page without a token against forgery acts for nobody
        if logged_in:
            client.force_login(member)
        assert client.post(f"/scan/{token}/stappen/", {"stap-BACKUP": "done"}).status_code == 404
        for answer in (
            client.get(f"/scan/{token}/heeft-u-al/"),
            client.post(f"/scan/{token}/heeft-u-al/", {"have": ["KASSA"]}),
        ):
            assert (answer.status_code, answer["Location"]) == (302, f"/scan/{token}/")
        page = client.get(f"/scan/{token}/").content.decode()
        assert "/stappen/" not in page
        assert "/heeft-u-al/" not in page
        assert "/mijn/scans/" in page
    scan.refresh_from_db()
    assert not scan.have
    assert not scan.progress.exists()


def test_an_unfinished_scan_is_not_saved_yet(client):
    organisation = OrganisationFactory()
    client.force_login(member_of(organisation))
    scan, token = started()
    assert client.post(f"/scan/{token}/bewaren/", {"organisation": organisation.pk}).status_code == 409
    scan.refresh_from_db()
    assert scan.organisation is None
