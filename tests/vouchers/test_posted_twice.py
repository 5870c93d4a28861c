"""The same page sent twice, by a double click or from two windows: the second time changes nothing and is no error page.

Officials' pages carry what was seen (docs/adr/0032); what they send twice is refused the second time and says why.
"""

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core import mail

from accounts.enums import Role
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.claims import (
    advised_claim,
    announced,
    case,
    delivered,
    draft_claim,
    paid_claim,
)
from tests.factories.providers import pdf
from tests.forms import forms_of
from tests.vouchers.pages import login, of_claim, url
from tests.vouchers.test_claim_pages_bad_input import invoice_form
from vouchers import services
from vouchers.enums import ApplicationState, ClaimState, DecisionKind, ReclaimGround, ReclaimState, RevocationGround
from vouchers.models import Claim, Decision, NoticeOfIntent, Objection, Reclaim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]

DONE_BEFORE = "Dit kan niet zolang de status"
CHANGED = "Dit is veranderd nadat u het opende"
NOT_OF_THE_CASE = {"sessions", "admin", "auth", "contenttypes", "sites", "account", "mfa"}


def everything() -> dict[str, list[Any]]:
    """All rows of all rooms, and how many letters were sent."""
    rooms = [model for model in apps.get_models() if model._meta.app_label not in NOT_OF_THE_CASE]
    rows = {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in rooms}
    return {**rows, "mail": [letter.to for letter in mail.outbox]}


def changed_by(act) -> tuple[Any, set[str]]:
    """What an act answers, and the kinds of rows it made, changed or removed."""
    before = everything()
    answer = act()
    after = everything()
    return answer, {label for label in after if after[label] != before[label]}


def seen_on(page) -> dict[str, str]:
    """What the forms of a page about a case send along; they all send the same."""
    [seen] = {fields["seen"] for fields in forms_of(page)}
    return {"seen": seen}


def sent_twice(browser, where: str, posted: dict[str, Any], *, page: str = "", why: str = DONE_BEFORE) -> Any:
    """Opens a page, sends its form twice, and gives the second answer: refused in words, and nothing was changed."""
    posted = {**posted, **seen_on(browser.get(page or where))}
    assert browser.post(where, posted).status_code == 302
    answer, changed = changed_by(lambda: browser.post(where, posted))
    assert (answer.status_code, changed) == (409, set())
    assert why in answer.content.decode()
    return answer


# --- the business ------------------------------------------------------------------------------------------------------


def test_a_claim_that_is_sent_twice_was_sent_once(them):
    claim = draft_claim(them)
    browser = login(them.member)
    assert browser.post(of_claim("claim_send", claim)).status_code == 302
    answer, changed = changed_by(lambda: browser.post(of_claim("claim_send", claim)))
    assert (answer.status_code, answer.url, changed) == (302, of_claim("claim", claim), set())
    assert Claim.objects.get().state == ClaimState.SUBMITTED


def test_a_claim_that_is_begun_twice_is_one(them):
    delivered(them)
    browser = login(them.member)
    first = browser.post(url("claim_start", them.voucher.number))
    answer, changed = changed_by(lambda: browser.post(url("claim_start", them.voucher.number)))
    assert (answer.status_code, answer.url) == (302, first.url)
    assert changed <= {"core.AuditEntry", "core.AuditHead", "core.AuditPayload"}
    assert Claim.objects.count() == 1


def test_an_invoice_that_is_saved_twice_is_one_invoice(them):
    claim = draft_claim(them)
    browser = login(them.member)

    def stands() -> tuple[dict[str, Any], str]:
        row = Claim.objects.filter(pk=claim.pk).values().get()
        row.pop("invoice_file_id")  # the second upload is kept beside the first; the trail names both
        return row, Claim.objects.get(pk=claim.pk).invoice_file.sha256

    assert browser.post(of_claim("claim_invoice", claim), invoice_form(file=pdf("factuur.pdf"))).status_code == 302
    once = stands()
    assert once[0]["invoice_number"] == "F-77"
    second = browser.post(of_claim("claim_invoice", claim), invoice_form(file=pdf("factuur.pdf")))
    assert second.status_code == 302
    assert stands() == once
    assert Claim.objects.count() == 1


def test_end_users_who_are_saved_twice_are_named_once(them):
    claim = draft_claim(them)
    browser = login(them.member)
    posted = {"rows": "2", "name_1": "Ada", "email_1": "ada@b.example", "name_2": "Bo", "email_2": "bo@b.example"}
    for _click in range(2):
        assert browser.post(of_claim("claim_users", claim), posted).status_code == 302
        named = claim.end_users.order_by("email").values_list("name", "email")
        assert list(named) == [("Ada", "ada@b.example"), ("Bo", "bo@b.example")]


def test_an_objection_that_is_sent_twice_is_one_objection():
    refusal = make.refused()
    application = refusal.application
    browser, where = login(application.created_by), url("object", application.pk, refusal.pk)
    assert browser.post(where, {"text": "Ik ben het oneens."}).status_code == 302
    answer, changed = changed_by(lambda: browser.post(where, {"text": "Ik ben het oneens."}))
    assert (answer.status_code, changed) == (422, set())
    assert "Ik ben het oneens." in answer.content.decode()
    assert Objection.objects.count() == 1


# --- deciding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posted", "state"),
    [
        ({"action": "award", "explanation": "Gefeliciteerd."}, ApplicationState.AWARDED),
        (
            {"action": "refuse", "grounds": "vouchers.refusal.not_eligible", "explanation": "Dit voldoet niet."},
            ApplicationState.REFUSED,
        ),
    ],
    ids=["award", "refuse"],
)
def test_an_application_that_is_decided_twice_has_one_decision(posted, state):
    advice = "award" if state == ApplicationState.AWARDED else "refuse"
    application = make.advised_application(advice=advice)
    sent_twice(login(official(Role.DECIDER)), url("decide_case", application.pk), posted)
    application.refresh_from_db()
    assert application.state == state
    assert Decision.objects.count() == 1
    assert services.differences() == []


def test_a_claim_that_is_determined_twice_has_one_decision(them):
    claim = advised_claim(them)
    sent_twice(login(them.decider), url("claim_decide", claim.pk), {"explanation": "Alles klopt."})
    assert Claim.objects.get().state == ClaimState.DETERMINED
    assert Decision.objects.filter(kind=DecisionKind.DETERMINATION).count() == 1
    assert services.differences() == []


def test_an_objection_that_is_decided_twice_is_decided_once():
    refusal = make.refused()
    objection = services.file_objection(by=refusal.application.created_by, decision=refusal, text="Ik ben het oneens.")
    ruling = {"action": "decide", "ruling": "reject", "answer": "De afwijzing blijft."}
    sent_twice(login(official(Role.DECIDER)), url("objection", objection.pk), ruling)
    assert Decision.objects.filter(kind=DecisionKind.OBJECTION).count() == 1


# --- taking back -------------------------------------------------------------------------------------------------------


def test_a_revocation_that_is_announced_and_decided_twice_is_one(them):
    where = url("voucher_review", them.voucher.number)
    revoked = {"ground": RevocationGround.FALSE_DATA.value, "text": "De opgave klopte niet."}
    sent_twice(login(official(Role.ASSESSOR)), where, {"action": "announce", **revoked}, why=CHANGED)
    notice = NoticeOfIntent.objects.get()
    services.respond(by=them.member, subject=them.voucher, kind=DecisionKind.REVOCATION, text="Gezien.")
    sent_twice(login(official(Role.DECIDER)), where, {"action": "revoke", **revoked})
    assert NoticeOfIntent.objects.get() == notice
    assert Decision.objects.filter(kind=DecisionKind.REVOCATION).count() == 1
    assert services.differences() == []


@pytest.fixture
def overpaid(them):
    """A claim of which 500 euros more was paid than was determined; asking it all back was announced."""
    claim = paid_claim(them)
    Claim.objects.filter(pk=claim.pk).update(determined_amount=claim.paid_amount - Decimal(500))
    claim.refresh_from_db()
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="500.00")
    return claim


ASKED_BACK = {"action": "decide", "ground": ReclaimGround.REVISED.value, "amount": "100,00", "text": "Te veel betaald."}


def test_money_that_is_asked_back_twice_is_asked_back_once(overpaid):
    """The amounts would allow it: 500 euros were announced and 100 are asked. Only what was seen stands in the way."""
    browser, where = login(official(Role.DECIDER)), url("claim_reclaim", overpaid.pk)
    again = sent_twice(browser, where, ASKED_BACK, why=CHANGED)
    assert Reclaim.objects.get().amount == Decimal("100.00")
    assert "Te veel betaald." in again.content.decode(), "what was written is not lost"
    assert browser.post(where, {**ASKED_BACK, **seen_on(again)}).status_code == 302, "who means it, can"
    assert Reclaim.objects.count() == 2


def test_a_reclaim_is_announced_told_and_ended_once_each(them):
    claim = paid_claim(them)
    Claim.objects.filter(pk=claim.pk).update(determined_amount=claim.paid_amount - Decimal(500))
    browser, where = login(official(Role.DECIDER, Role.TREASURER)), url("claim_reclaim", claim.pk)
    announcing = {"action": "announce", "ground": ReclaimGround.REVISED.value, "amount": "500,00", "text": "Te veel."}
    sent_twice(browser, where, announcing, why=CHANGED)
    assert NoticeOfIntent.objects.filter(subject=claim.reference()).count() == 1
    services.respond(by=them.member, subject=claim, kind=DecisionKind.RECLAIM, text="Gezien.")
    for action, state in [("annul", ReclaimState.ANNULLED), ("write_off", ReclaimState.WRITTEN_OFF)]:
        owed = services.decide_reclaim(
            by=official(Role.DECIDER),
            claim=claim,
            amount=Decimal("100.00"),
            ground=ReclaimGround.REVISED,
            explanation="Te veel betaald.",
        )
        sent_twice(browser, where, {"action": "notify", "reclaim": owed.pk})
        sent_twice(browser, where, {"action": action, "reclaim": owed.pk, "text": "Zo is het besloten."})
        owed.refresh_from_db()
        assert owed.state == state
    assert services.differences() == []


def test_money_that_came_back_is_booked_once(overpaid):
    owed = services.decide_reclaim(
        by=official(Role.DECIDER),
        claim=overpaid,
        amount=Decimal("500.00"),
        ground=ReclaimGround.REVISED,
        explanation="Te veel betaald.",
    )
    treasurer = official(Role.TREASURER)
    services.notify_reclaim(by=treasurer, reclaim=owed)
    browser, where = login(treasurer), url("claim_reclaim", overpaid.pk)
    sent_twice(browser, where, {"action": "receive", "reclaim": owed.pk, "received_on": "23-11-2026"})
    owed.refresh_from_db()
    assert owed.state == ReclaimState.RECEIVED


def test_a_payment_that_is_stopped_twice_waits_once(them):
    claim = services.determine(by=them.decider, claim=advised_claim(them))
    sent_twice(login(them.decider), url("claim_withhold", claim.pk), {"text": "Er is aangifte gedaan."})
    held = Claim.objects.get()
    assert held.state == ClaimState.WITHHELD
    page, where = url("claim_review", claim.pk), url("claim_release", claim.pk)
    sent_twice(login(them.decider), where, {}, page=page)


def test_what_this_file_looks_at_would_show_a_change(them):
    """The control: a second click that did something would be seen."""
    _answer, changed = changed_by(lambda: draft_claim(case(programme=them.voucher.application.programme)))
    assert {"vouchers.Claim", "vouchers.Voucher", "core.AuditEntry", "accounts.Organisation"} <= changed
