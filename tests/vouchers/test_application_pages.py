"""The pages of applying, assessing and deciding, as the different people meet them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from accounts.models import Organisation
from core import clock
from core.models import StoredFile
from tests.factories import vouchers as make
from tests.factories.accounts import MunicipalityFactory, UserFactory, official
from tests.factories.providers import pdf
from vouchers import services
from vouchers.enums import ApplicationState
from vouchers.models import Application, Decision
from vouchers.reasons import RefusalGround

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _dutch():
    with translation.override("nl"):
        yield


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def once_of(response) -> str:
    return re.search(r'name="once" value="([0-9a-f-]{36})"', response.content.decode()).group(1)


def url(name, *args):
    return reverse(f"vouchers:{name}", args=args)


def quote_data(**changes):
    today = clock.today()
    return {
        "upload": pdf("offerte.pdf"),
        "number": "2026-14",
        "dated": (today - dt.timedelta(days=2)).isoformat(),
        "valid_until": (today + dt.timedelta(days=90)).isoformat(),
        "quantity": "1",
        "net": "10000,00",
        "vat": "",
        "other_funding": "0",
        "unsigned": "on",
        **changes,
    }


def test_a_newcomer_registers_applies_is_awarded_and_reads_the_letter(django_capture_on_commit_callbacks, mailoutbox):
    make.programme_with()
    package = make.PackageFactory()
    municipality = MunicipalityFactory()
    person = UserFactory()
    sme = login(person)

    start = url("start") + f"?pakket={package.pk}"
    register = sme.get(start, follow=True)
    assert register.redirect_chain[-1][0].endswith(f"?pakket={package.pk}")
    answer = sme.post(
        register.redirect_chain[-1][0],
        {
            "once": once_of(register),
            "legal_name": "Bakkerij Voorbeeld B.V.",
            "kvk": "0123 4567",
            "legal_form": "company",
            "street": "Brink 1",
            "postcode": "9712 HV",
            "city": "Groningen",
            "municipality": municipality.pk,
            "sbi": "47.24",
            "headcount": "6",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    business = Organisation.objects.get(kvk="01234567")

    page = sme.get(answer.url)
    answer = sme.post(start, {"once": once_of(page), "business": business.pk, "quantity": "2"})
    case = Application.objects.get()
    line = case.lines.get()
    assert line.quantity == 2
    assert answer.url == url("application", case.pk)

    facts = {"municipality": municipality.pk, "sbi": "47.24", "headcount": "6", "iban": make.IBAN, "holder": "Bakkerij"}
    assert sme.post(url("business", case.pk), facts).status_code == 302
    assert sme.post(url("quote", case.pk, line.pk), quote_data(net="22499.99", quantity="2")).status_code == 302
    assert sme.post(url("vat", case.pk), {"position": "full"}).status_code == 302
    assert sme.post(url("aid", case.pk), {"amount": "0"}).status_code == 302
    assert sme.post(url("motivation", case.pk), {"motivation": "Sneller afrekenen."}).status_code == 302
    ticked = dict.fromkeys(["nothing_ordered", "own_contribution", "not_insolvent", "truthful"], "on")
    assert sme.post(url("statements", case.pk), ticked).status_code == 302
    page = sme.get(url("send", case.pk))
    assert "17.999,99" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = sme.post(url("send", case.pk), {"once": once_of(page)})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED
    assert re.fullmatch(r"DT-20\d\d-000001", case.number)
    assert mailoutbox[-1].to == [person.email]

    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    desk = login(assessor)
    assert case.number in desk.get(url("assess_queue")).content.decode()
    assert desk.post(url("assess_case", case.pk), {"action": "take_up"}).status_code == 302
    for check in case.checks.filter(outcome="review"):
        form = {"action": "verdict", "code": check.code, "verdict": "accepted", "note": "Gezien."}
        assert desk.post(url("assess_case", case.pk), form).status_code == 302
    advised = desk.post(url("assess_case", case.pk), {"action": "advise", "advice": "award", "text": "In orde."})
    assert advised.status_code == 302

    chair = login(decider)
    page = chair.get(url("decide_case", case.pk))
    assert "17.999,99" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert chair.post(url("decide_case", case.pk), {"action": "award", "explanation": ""}).status_code == 302
    case.refresh_from_db()
    assert case.state == ApplicationState.AWARDED
    decision = Decision.objects.get(application=case)
    letter = sme.get(url("letter", case.pk, decision.pk)).content.decode()
    voucher = case.vouchers.get()
    assert voucher.number in letter
    assert voucher.code in letter
    assert "17.999,99" in letter
    assert voucher.code not in chair.get(url("letter", case.pk, decision.pk)).content.decode()
    assert "voucher" in mailoutbox[-1].subject.lower()
    assert sme.get(url("application", case.pk)).status_code == 200
    assert services.differences() == []


def test_every_page_of_the_room_opens_in_both_languages():
    decision = make.refused()
    case = decision.application
    draft = make.filled_application(case.programme)
    sme, other = login(case.created_by), login(draft.created_by)
    desk, chair = login(official(Role.ASSESSOR)), login(official(Role.DECIDER))
    objection = services.file_objection(by=case.created_by, decision=decision, text="Ik ben het er niet mee eens.")
    line = draft.lines.get()
    pages = [
        (sme, url("applications")),
        (sme, url("application", case.pk)),
        (sme, url("letter", case.pk, decision.pk)),
        (sme, url("object", case.pk, decision.pk)),
        (sme, url("start")),
        (sme, url("register")),
        (other, url("start") + f"?pakket={line.package_id}"),
        (other, url("application", draft.pk)),
        *(
            (other, url(name, draft.pk))
            for name in ("business", "vat", "aid", "motivation", "statements", "send", "withdraw")
        ),
        (other, url("quote", draft.pk, line.pk)),
        (desk, url("assess_queue")),
        (desk, url("assess_case", case.pk)),
        (chair, url("decide_queue")),
        (chair, url("decide_case", case.pk)),
        (chair, url("objection", objection.pk)),
    ]
    for client, address in pages:
        for prefix in ("", "/en"):
            response = client.get(prefix + address)
            assert response.status_code == 200, (prefix + address, response.status_code)
            assert "no-store" in response["Cache-Control"]


def test_a_visitor_is_sent_to_the_login_page():
    response = Client().get(url("applications"))
    assert response.status_code == 302
    assert "login" in response.url


def test_somebody_elses_case_does_not_exist_and_a_missing_role_is_told():
    case = make.submitted_application()
    line = case.lines.get()
    _stranger_business, stranger = make.business()
    client = login(stranger)
    for name in ("application", "business", "vat", "aid", "motivation", "statements", "send", "withdraw"):
        assert client.get(url(name, case.pk)).status_code == 404, name
        assert client.post(url(name, case.pk), {}).status_code == (405 if name == "application" else 404), name
    assert client.get(url("quote", case.pk, line.pk)).status_code == 404
    assert client.get(url("quote_file", case.pk, line.pk)).status_code == 404
    for name in ("assess_queue", "decide_queue"):
        assert client.get(url(name)).status_code == 403
    for name in ("assess_case", "decide_case"):
        assert client.get(url(name, case.pk)).status_code == 403
        assert client.get(url(name, 10**6)).status_code == 403
    assert login(official(Role.ASSESSOR)).get(url("assess_case", 10**30)).status_code == 404


def test_a_draft_is_its_applicants_alone():
    draft = make.filled_application()
    desk = login(official(Role.ASSESSOR))
    assert desk.get(url("assess_case", draft.pk)).status_code == 404
    assert desk.get(url("quote_file", draft.pk, draft.lines.get().pk)).status_code == 404


def test_an_auditor_reads_and_changes_nothing():
    case = make.submitted_application()
    auditor = login(official(Role.AUDITOR))
    assert auditor.get(url("assess_case", case.pk)).status_code == 200
    for name, action in (("assess_case", "take_up"), ("decide_case", "return")):
        assert auditor.post(url(name, case.pk), {"action": action}).status_code == 403
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED


def test_a_line_of_another_case_does_not_exist_in_this_one():
    mine = make.filled_application()
    theirs = make.filled_application(mine.programme)
    client = login(mine.created_by)
    assert client.get(url("quote", mine.pk, theirs.lines.get().pk)).status_code == 404
    assert client.get(url("quote_file", mine.pk, theirs.lines.get().pk)).status_code == 404


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
        {"net": "100.005"},
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


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00" + b"\x00" * 64),
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("leeg.pdf", b""),
        ("groot.pdf", b"%PDF-1.4\n" + b"0" * (10 * 1024 * 1024)),
        ("plaatje.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_a_file_of_the_wrong_kind_or_size_is_refused_with_words(name, content):
    case = make.filled_application()
    line = case.lines.get()
    stored = StoredFile.objects.count()
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    response = login(case.created_by).post(url("quote", case.pk, line.pk), quote_data(upload=upload))
    assert response.status_code == 422
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
