"""The pages of applying, assessing and deciding, as the different people meet them."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Organisation
from roadmap.services import VISITOR, start_scan
from tests.factories import vouchers as make
from tests.factories.accounts import MunicipalityFactory, SbiDivisionFactory, SectorFactory, UserFactory, official
from tests.vouchers.pages import login, once_of, quote_data, url
from vouchers import services
from vouchers.enums import ApplicationState
from vouchers.models import Application, Decision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _retail(db):
    SbiDivisionFactory()


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
    assert sme.post(url("group", case.pk), {"action": "answer", "in_group": "no"}).status_code == 302
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
            for name in ("business", "group", "vat", "aid", "motivation", "statements", "send", "withdraw")
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


# --- filling in, page by page -------------------------------------------------------------------------------------------------


FACTS = {"sbi": "47.24", "headcount": "6", "iban": make.IBAN, "holder": "Bakkerij"}


def draft(**organisation):
    """An application that was only begun, and somebody of the business at the keyboard."""
    programme, package = make.programme_with(), make.PackageFactory()
    business, member = make.business(**organisation)
    case = services.start_application(by=member, organisation=business, programme=programme, package=package)
    return case, login(member), {**FACTS, "municipality": MunicipalityFactory().pk}


def test_saving_a_page_leads_to_the_next_that_is_not_done():
    case, sme, facts = draft()
    line = case.lines.get()
    assert sme.post(url("business", case.pk), facts).url == url("group", case.pk)
    alone = {"action": "answer", "in_group": "no"}
    assert sme.post(url("group", case.pk), alone).url == url("quote", case.pk, line.pk)
    assert sme.post(url("vat", case.pk), {"position": "full"}).url == url("aid", case.pk)
    assert sme.post(url("quote", case.pk, line.pk), quote_data()).url == url("aid", case.pk)  # VAT is done
    assert sme.post(url("aid", case.pk), {"amount": "0"}).url == url("motivation", case.pk)
    assert sme.post(url("motivation", case.pk), {"motivation": ""}).url == url("statements", case.pk)
    ticked = dict.fromkeys(["nothing_ordered", "own_contribution", "not_insolvent", "truthful"], "on")
    assert sme.post(url("statements", case.pk), ticked).url == url("application", case.pk)


def test_what_is_missing_is_a_link_to_where_it_is_filled_in():
    case, sme, _facts = draft()
    page = sme.get(url("send", case.pk)).content.decode()
    for where in (
        url("business", case.pk),
        url("group", case.pk),
        url("quote", case.pk, case.lines.get().pk),
        url("vat", case.pk),
        url("aid", case.pk),
        url("statements", case.pk),
    ):
        assert f'<li><a href="{where}">' in page


@pytest.mark.parametrize(
    ("page", "changes", "said"),
    [
        ("business", {"headcount": "300"}, "300"),
        ("business", {"founded_on": "2090-01-01"}, "in de toekomst"),
        ("aid", {"amount": "300001,00"}, "300.001,00"),
    ],
)
def test_what_is_plainly_too_much_is_kept_and_said_at_once(page, changes, said):
    case, sme, facts = draft()
    assert "utrecht-alert--warning" not in sme.post(url("business", case.pk), facts, follow=True).content.decode()
    answer = sme.post(url(page, case.pk), {**facts, **changes}, follow=True)
    assert answer.status_code == 200
    warned = answer.content.decode().split("utrecht-alert--warning")[1]
    assert said in warned.split("</div>")[0]
    case.refresh_from_db()
    kept = {"headcount": case.organisation.headcount, "amount": case.declared_de_minimis, "founded_on": None}
    assert str(kept[next(iter(changes))]) in {"300", "300001.00", "None"}


def test_the_quote_page_tells_the_price_of_the_catalogue_and_asks_for_the_file_again():
    case, sme, _facts = draft()
    where = url("quote", case.pk, case.lines.get().pk)
    page = sme.get(where).content.decode()
    assert "In onze catalogus kost het pakket" in page
    assert page.count("10 MB") == 1
    assert "Kies het bestand opnieuw" not in page
    refused = sme.post(where, quote_data(net="veel"))
    assert refused.status_code == 422
    assert "Kies het bestand opnieuw" in refused.content.decode()


def test_what_the_scan_told_is_not_asked_again_when_a_business_registers():
    municipality = MunicipalityFactory()
    SectorFactory(code="HORECA")
    _scan, token = start_scan(by=VISITOR, sector="HORECA", municipality=municipality.pk, headcount=7, sbi="47.24")
    page = login(UserFactory()).get(url("register"), {"next": f"/scan/{token}/bewaren/"}).content.decode()
    assert re.search(rf'value="{municipality.pk}" selected', page)
    assert re.search(r'value="HORECA" selected', page)
    assert re.search(r'name="headcount" value="7"', page)
    assert re.search(r'name="sbi" value="47.24"', page)
    for elsewhere in ("/scan/geen-link/bewaren/", "https://elders.example/", "/%ff"):
        assert login(UserFactory()).get(url("register"), {"next": elsewhere}).status_code == 200


def test_after_yes_the_way_on_from_the_group_is_the_last_thing_on_the_page():
    case, sme, _facts = draft()
    page = url("group", case.pk)
    first = sme.get(page).content.decode()
    assert "Opslaan en verder" in first
    assert "Dit zijn ze allemaal" not in first
    assert sme.post(page, {"action": "answer", "in_group": "yes"}).url == page
    services.add_related(
        by=case.created_by,
        application=case,
        name="Holding BV",
        kvk="30000001",
        share=Decimal(100),
        headcount=2,
        turnover=Decimal("100000.00"),
        balance_total=Decimal("50000.00"),
    )
    listed = sme.get(page).content.decode().split("<main")[1].split("</main>")[0]
    assert "Opslaan en verder" not in listed
    places = [listed.index(words) for words in (">Opslaan<", "Holding BV", "Dit zijn ze allemaal")]
    assert places == sorted(places)
    assert "<form" not in listed[places[-1] :]
