"""Every link on the pages of a case opens, for whom the page is, whatever was decided on the case by then."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from accounts.enums import Role
from core import clock
from tests.factories.accounts import official
from tests.factories.claims import announced, case, paid_claim
from tests.moments import later
from tests.vouchers.pages import url
from vouchers import services
from vouchers.enums import DecisionKind, LowerGround, ObjectionState, ReclaimGround, RevocationGround
from vouchers.models import Decision
from vouchers.services.sweep import sweep_terms
from vouchers.views.letters import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


def links(client, page) -> set[str]:
    """The links in the content of a page, each opened."""
    answer = client.get(page)
    assert answer.status_code == 200, page
    content = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    found = set(re.findall(r'href="(/[^"#]*)"', content))
    for link in found:
        assert client.get(link).status_code == 200, f"{link} on {page}"
    return found


def lapsed(them):
    """The voucher of a case, never used: the sweep called for the last time and then ended it."""
    for days in (300, 330):
        with later(days):
            sweep_terms()
    return them.again()


def test_every_link_of_a_paid_application_opens_for_its_business(client):
    them = case()
    claim = paid_claim(them)
    application = them.voucher.application
    assert {decision.kind for decision in application.decisions.all()} == {"award", "determination"}
    client.force_login(them.member)
    page = url("application", application.pk)
    award = application.decisions.get(kind=DecisionKind.AWARD)
    found = links(client, page)
    assert [link for link in found if "/besluit/" in link] == [url("letter", application.pk, award.pk)]
    assert client.get(page).context["decision"] == award
    for next_page in (url("voucher", them.voucher.number), url("claim", them.voucher.number, claim.seq)):
        links(client, next_page)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.DECIDER, Role.AUDITOR])
def test_every_link_of_a_paid_application_opens_for_the_authority(client, role):
    them = case()
    paid_claim(them)
    client.force_login(official(role))
    for name in ("assess_case", "decide_case"):
        links(client, url(name, them.voucher.application_id))


def test_the_last_day_to_object_on_the_page_of_the_application_is_that_of_the_award(client):
    them = case()
    with later(20):
        paid_claim(them)
        client.force_login(them.member)
        context = client.get(url("application", them.voucher.application_id)).context
    award = them.voucher.application.decisions.get(kind=DecisionKind.AWARD)
    determination = them.voucher.application.decisions.get(kind=DecisionKind.DETERMINATION)
    assert award.objection_until < determination.objection_until
    days = [item["when"] for item in context["timeline"] if item["kind"] == "deadline"]
    assert award.objection_until in days
    assert determination.objection_until not in days


def test_objecting_to_a_determination_ends_at_its_own_letter(client):
    them = case()
    claim = paid_claim(them)
    client.force_login(them.member)
    letter = url("claim_letter", them.voucher.number, claim.seq)
    form = url("object", them.voucher.application_id, claim.decision_id)
    assert form in links(client, letter)
    assert letter in links(client, form)
    assert client.post(form, {"text": ""}).status_code == 422
    answer = client.post(form, {"text": "De factuur was hoger."}, follow=True)
    assert answer.redirect_chain == [(letter, 302)]
    assert form not in links(client, letter)
    assert claim.decision.objections.get().state == ObjectionState.RECEIVED
    assert client.post(form, {"text": "Nog een keer."}).status_code == 422


def test_a_lapse_can_be_objected_to_from_the_page_of_the_voucher(client):
    them = case()
    voucher = lapsed(them)
    decision = Decision.objects.get(kind=DecisionKind.LAPSE, subject=voucher.reference())
    page, form = url("voucher", voucher.number), url("object", voucher.application_id, decision.pk)
    client.force_login(them.member)
    with later(331):
        assert form in links(client, page)
        assert page in links(client, form)
        links(client, url("application", voucher.application_id))
        assert client.post(form, {"text": "Ik was ziek."}, follow=True).redirect_chain == [(page, 302)]
        assert form not in links(client, page)


def test_the_link_to_object_to_a_lapse_goes_when_its_term_is_over(client):
    them = case()
    voucher = lapsed(them)
    decision = Decision.objects.get(kind=DecisionKind.LAPSE)
    client.force_login(them.member)
    for day, shown in [(decision.objection_until, True), (decision.objection_until + dt.timedelta(days=1), False)]:
        with clock.fixed(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)):
            found = links(client, url("voucher", voucher.number))
            assert (url("object", voucher.application_id, decision.pk) in found) is shown


@pytest.mark.parametrize(
    ("prefix", "day", "deadline"),
    [("", "23 november 2026", "4 januari 2027"), ("/en", "23 November 2026", "4 January 2027")],
)
def test_a_letter_reads_its_stored_reasons_as_people_write_them(client, prefix, day, deadline):
    them = case(net="20000.00", aid="284000.01")
    client.force_login(them.member)
    decision = them.voucher.application.decisions.get()
    page = client.get(f"{prefix}{url('letter', them.voucher.application_id, decision.pk)}").content.decode()
    gap = "" if prefix else "\N{NO-BREAK SPACE}"
    left, limit = ("15,999.99", "300,000.00") if prefix else ("15.999,99", "300.000,00")
    assert f"€{gap}{left}" in page
    assert f"€{gap}{limit}" in page
    assert day in page
    assert deadline in page
    assert not re.search(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(?!-)", page.replace(decision.application.number, ""))


def test_a_revocation_can_be_objected_to_from_the_page_of_the_voucher(client):
    them = case()
    announced(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.FALSE_DATA)
    services.revoke_voucher(
        by=them.decider, voucher=them.voucher, ground=RevocationGround.FALSE_DATA, explanation="De opgave klopte niet."
    )
    decision = Decision.objects.get(kind=DecisionKind.REVOCATION)
    client.force_login(them.member)
    page = url("voucher", them.voucher.number)
    assert url("object", them.voucher.application_id, decision.pk) in links(client, page)
    assert page_of(decision) == page


def test_a_reclaim_is_read_on_the_page_of_the_voucher(client):
    them = case()
    claim = paid_claim(them)
    lower = {"amount": Decimal("5000.00"), "ground": LowerGround.NOT_DONE}
    claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, why="De helft.", **lower)
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount="5000.00")
    claim = services.determine(by=them.decider, claim=claim, explanation="De helft is niet geleverd.")
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="3000.00")
    reclaim = services.decide_reclaim(
        by=them.decider,
        claim=claim,
        amount=Decimal("3000.00"),
        ground=ReclaimGround.REVISED,
        explanation="De vaststelling is lager.",
    )
    client.force_login(them.member)
    assert page_of(reclaim.decision) == url("voucher", them.voucher.number)
    for page in (url("application", them.voucher.application_id), page_of(reclaim.decision)):
        links(client, page)
    assert client.get(url("object", them.voucher.application_id, reclaim.decision_id)).status_code == 200
