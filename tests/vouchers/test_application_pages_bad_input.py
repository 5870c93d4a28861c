"""The pages of an application with double clicks, nonsense and hostile input in them, and their lists."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Organisation
from core.models import StoredFile
from tests.factories import vouchers as make
from tests.factories.accounts import MunicipalityFactory, SbiDivisionFactory, UserFactory, official
from tests.vouchers.pages import HOSTILE_FILES, hostile, login, once_of, quote_data, url
from vouchers import services
from vouchers.enums import ApplicationState
from vouchers.models import Application
from vouchers.reasons import RefusalGround

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _retail(db):
    SbiDivisionFactory()


def test_sending_twice_makes_one_application_and_one_reservation():
    case = make.filled_application()
    client = login(case.created_by)
    key = once_of(client.get(url("send", case.pk)))
    first = client.post(url("send", case.pk), {"once": key})
    second = client.post(url("send", case.pk), {"once": key})
    assert (first.status_code, second.status_code) == (302, 302)
    case.refresh_from_db()
    assert case.held == Decimal("8000.00")
    third = client.post(url("send", case.pk), {"once": "7c9e6679-7425-40de-944b-e07fc1f90ae7"})
    assert third.status_code == 422
    assert services.differences() == []


def test_starting_twice_with_one_click_makes_one_application():
    programme = make.programme_with()
    business, person = make.business()
    package = make.PackageFactory()
    client = login(person)
    address = url("start") + f"?pakket={package.pk}"
    key = once_of(client.get(address))
    answers = [client.post(address, {"once": key, "business": business.pk, "quantity": "1"}) for _click in range(2)]
    assert answers[0].url == answers[1].url
    assert Application.objects.filter(programme=programme).count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"net": "-1"},
        {"net": "0"},
        {"net": "NaN"},
        {"net": "1e400"},
        {"net": "100,005"},
        {"net": "١٢٣"},
        {"net": "9" * 30},
        {"net": ""},
        {"vat": "10000.01"},
        {"vat": "abc"},
        {"number": ""},
        {"number": "x" * 41},
        {"dated": "31-02-2026"},
        {"dated": "gisteren"},
        {"dated": "9999-12-31"},
        {"valid_until": "2020-01-01"},
        {"quantity": "0"},
        {"quantity": "-3"},
        {"quantity": "6"},
        {"quantity": "veel"},
        {"unsigned": ""},
        {"number": "nul\x00byte"},
    ],
)
def test_a_wrong_quote_is_explained_and_nothing_is_kept(changes):
    case = make.filled_application()
    line = case.lines.get()
    response = login(case.created_by).post(url("quote", case.pk, line.pk), quote_data(**changes))
    assert response.status_code == 422
    assert "trede-error-summary" in response.content.decode()
    line.refresh_from_db()
    assert line.net == Decimal("10000.00")


@pytest.mark.parametrize("what", HOSTILE_FILES)
def test_a_file_of_the_wrong_kind_or_size_is_refused_with_words(what):
    case = make.filled_application()
    line = case.lines.get()
    stored = StoredFile.objects.count()
    upload, why = hostile(what)
    response = login(case.created_by).post(url("quote", case.pk, line.pk), quote_data(upload=upload))
    assert response.status_code == 422
    assert why in response.content.decode()
    assert StoredFile.objects.count() == stored


def test_the_quote_is_handed_out_as_a_download_and_never_shown_as_a_page():
    case = make.submitted_application()
    response = login(official(Role.ASSESSOR)).get(url("quote_file", case.pk, case.lines.get().pk))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("amount", ["", "-5", "1e9", "abc", "9" * 40])
def test_declared_aid_is_an_amount_or_a_clear_message(amount):
    case = make.filled_application()
    response = login(case.created_by).post(url("aid", case.pk), {"amount": amount})
    assert response.status_code == 422


def test_a_wrong_iban_is_shown_at_its_field():
    case = make.filled_application()
    data = {
        "municipality": case.organisation.municipality_id,
        "sbi": "4771",
        "headcount": "4",
        "iban": "NL00ABNA0000000000",
        "holder": "X",
    }
    response = login(case.created_by).post(url("business", case.pk), data)
    assert response.status_code == 422
    assert 'href="#id_iban"' in response.content.decode()


@pytest.mark.parametrize("kvk", ["1234567", "00000000", "abcdefgh", "١٢٣٤٥٦٧٨", ""])
def test_a_wrong_kvk_number_registers_nothing(kvk):
    client = login(UserFactory())
    page = client.get(url("register"))
    data = {
        "once": once_of(page),
        "legal_name": "X",
        "kvk": kvk,
        "legal_form": "company",
        "municipality": MunicipalityFactory().pk,
        "sbi": "47",
        "headcount": "1",
    }
    before = Organisation.objects.count()
    assert client.post(url("register"), data).status_code == 422
    assert Organisation.objects.count() == before


@pytest.mark.parametrize(("sbi", "status"), [("4711", 302), ("47.711", 302), ("471110", 422), ("00", 422), ("", 422)])
def test_a_business_registers_with_an_sbi_code_that_exists(sbi, status):
    client = login(UserFactory())
    page = client.get(url("register"))
    data = {
        "once": once_of(page),
        "legal_name": "Bakkerij Voorbeeld B.V.",
        "kvk": "01234567",
        "legal_form": "company",
        "street": "Brink 1",
        "postcode": "9712 HV",
        "city": "Groningen",
        "municipality": MunicipalityFactory().pk,
        "sbi": sbi,
        "headcount": "6",
    }
    response = client.post(url("register"), data)
    assert response.status_code == status
    assert ('href="#id_sbi"' in response.content.decode()) is (status == 422)


def test_a_kvk_number_that_is_registered_already_is_refused_with_words():
    business, _person = make.business()
    client = login(UserFactory())
    page = client.get(url("register"))
    data = {
        "once": once_of(page),
        "legal_name": "Ander bedrijf",
        "kvk": business.kvk,
        "legal_form": "company",
        "municipality": MunicipalityFactory().pk,
        "sbi": "47",
        "headcount": "1",
    }
    assert client.post(url("register"), data).status_code == 422


@pytest.mark.parametrize("package", ["abc", "999999999999", "0", "-1", "١"])
def test_a_package_that_is_not_offered_does_not_exist(package):
    make.programme_with()
    _business, person = make.business()
    assert login(person).get(url("start") + f"?pakket={package}").status_code == 404


def test_without_an_open_programme_the_page_says_so():
    make.programme_with(closes_on=dt.date(2026, 1, 2))
    _business, person = make.business()
    package = make.PackageFactory()
    response = login(person).get(url("start") + f"?pakket={package.pk}")
    assert response.status_code == 200
    assert b'<form method="post"' not in response.content.split(b"</header>")[-1]


def test_an_unknown_action_changes_nothing():
    case = make.advised_application()
    chair = login(official(Role.DECIDER))
    for data in ({}, {"action": "award;drop"}, {"action": "__class__"}):
        assert chair.post(url("decide_case", case.pk), data).status_code == 400
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED


def test_the_assessor_cannot_decide_the_same_case_by_page_either():
    both = official(Role.ASSESSOR, Role.DECIDER)
    case = make.advised_application(assessor=both)
    response = login(both).post(url("decide_case", case.pk), {"action": "award"})
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED


def test_refusing_asks_for_a_ground_and_keeps_what_was_written():
    case = make.advised_application(advice="refuse")
    chair = login(official(Role.DECIDER))
    response = chair.post(url("decide_case", case.pk), {"action": "refuse", "explanation": "Dit blijft staan."})
    assert response.status_code == 422
    assert "Dit blijft staan." in response.content.decode()
    data = {"action": "refuse", "grounds": [RefusalGround.NOT_ELIGIBLE], "explanation": "Te groot."}
    assert chair.post(url("decide_case", case.pk), data).status_code == 302
    case.refresh_from_db()
    assert case.state == ApplicationState.REFUSED


def test_a_hostile_name_is_inert_on_the_page_and_in_the_file():
    business, person = make.business(legal_name="=cmd|' /C calc'!A0 <script>alert(1)</script>", trade_name="")
    case = make.submitted_application(organisation=business, by=person)
    desk = login(official(Role.ASSESSOR))
    page = desk.get(url("assess_queue"))
    assert b"<script>alert(1)" not in page.content
    rows = desk.get(url("assess_queue") + "?format=csv").content.decode()
    assert "'=cmd" in rows
    assert case.number in rows


@pytest.mark.parametrize(
    "question",
    ["?q=%00", "?state=nonsense", "?ordering=password", "?page=abc", "?page=-1", "?page=10000000000000000000000"],
)
def test_a_list_survives_any_address(question):
    make.submitted_application()
    for client, name in (
        (login(official(Role.ASSESSOR)), "assess_queue"),
        (login(official(Role.DECIDER)), "decide_queue"),
    ):
        assert client.get(url(name) + question).status_code == 200


def test_the_queue_finds_by_number_name_and_kvk():
    first, second = make.submitted_application(), make.submitted_application(programme=None)
    desk = login(official(Role.ASSESSOR))
    for wanted in (first.number, first.organisation.legal_name, first.kvk):
        content = desk.get(url("assess_queue"), {"q": wanted}).content.decode()
        assert first.number in content
        assert second.number not in content


def test_the_number_of_queries_of_a_list_does_not_grow_with_its_rows():
    programme = make.programme_with()
    desk = login(official(Role.ASSESSOR))
    counts = []
    for rows in (3, 12):
        while Application.objects.count() < rows:
            make.submitted_application(programme)
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url("assess_queue")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_solution_is_not_taken_out_of_what_was_sent_or_withdrawn():
    """An old page still shows the button; pressing it is answered in words."""
    draft, sent = make.filled_application(), make.submitted_application(make.programme_with(code="tweede", prefix="TW"))
    services.withdraw(by=draft.created_by, application=draft)
    for case in (draft, sent):
        line = case.lines.get()
        response = login(case.created_by).post(url("quote", case.pk, line.pk), {"remove": "1"})
        assert response.status_code == 422
        assert "trede-error-summary" in response.content.decode() or "utrecht-alert" in response.content.decode()
        assert case.lines.filter(pk=line.pk).exists()
