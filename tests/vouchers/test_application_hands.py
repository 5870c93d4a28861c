"""Every act that steers an application or a claim lays a hand on its file, so that nobody does it in two parts (DESIGN 4.8)."""

import datetime as dt

import pytest

from accounts.enums import Role
from core import clock
from core.enums import HandRole
from core.hands import role_on
from core.reasons import CoreReason
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.claims import determined_claim, submitted_claim
from tests.refusals import refusal
from tests.vouchers.pages import login, url
from vouchers import services
from vouchers.enums import ApplicationState, RuleOutcome, Verdict
from vouchers.models import Application
from vouchers.reasons import ApplicationReason, RefusalGround
from vouchers.selectors import applications_open_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "nobody_drawn")]

BOTH = (Role.ASSESSOR, Role.DECIDER)


def test_who_takes_an_application_up_or_asks_about_it_does_not_decide_it():
    takes, asks = official(*BOTH), official(*BOTH)
    case = services.take_up(by=takes, application=make.submitted_application())
    services.ask_more(by=asks, application=case, question="Welke modules?")
    for person in (takes, asks):
        assert role_on(case.file(), person) == HandRole.ASSESSOR
        assert case not in applications_open_to(person, HandRole.DECIDER)


def test_who_takes_a_claim_up_or_asks_about_it_does_not_decide_it(them):
    takes, asks = official(*BOTH), official(*BOTH)
    claim = services.take_up_claim(by=takes, claim=submitted_claim(them))
    services.ask_more_claim(by=asks, claim=claim, question="Klopt de factuur?")
    assert [role_on(claim.file(), person) for person in (takes, asks)] == [HandRole.ASSESSOR] * 2


def test_a_decider_who_sends_an_application_back_does_not_write_the_next_advice():
    both = official(*BOTH)
    case = services.return_to_assessor(by=both, application=make.advised_application(), why="Kijk nog eens.")
    assert refusal(services.advise, by=both, application=case, advice="award", text="Ja.") == [CoreReason.OTHER_HAND]
    assert Application.objects.get(pk=case.pk).state == ApplicationState.IN_REVIEW


def test_who_announces_a_refusal_does_not_assess():
    both, case = official(*BOTH), make.advised_application(advice="refuse")
    services.send_intent(by=both, application=case, grounds=[RefusalGround.DOUBTFUL], text="Wij twijfelen.")
    case = services.return_to_assessor(by=official(Role.DECIDER), application=case, why="Kijk nog eens.")
    assert refusal(services.advise, by=both, application=case, advice="award", text="Ja.") == [CoreReason.OTHER_HAND]


def test_who_rules_on_an_objection_neither_assesses_nor_decides_what_it_opened():
    decision, both = make.refused(), official(*BOTH)
    case = decision.application
    objection = services.file_objection(by=case.created_by, decision=decision, text="Oneens.")
    services.uphold(by=both, objection=objection, answer="U heeft gelijk.")
    case = Application.objects.get(pk=case.pk)
    assert refusal(services.advise, by=both, application=case, advice="award", text="Ja.") == [CoreReason.OTHER_HAND]
    assessor = official(Role.ASSESSOR)
    case = services.advise(by=assessor, application=case, advice="award", text="Alles klopt.")
    assert refusal(services.award, by=both, application=case) == [ApplicationReason.RULED_BEFORE]
    grounds = {"grounds": [RefusalGround.NOT_ELIGIBLE]}
    assert ApplicationReason.RULED_BEFORE in refusal(services.refuse, by=both, application=case, **grounds)
    assert case not in applications_open_to(both, HandRole.DECIDER)
    assert services.award(by=official(Role.DECIDER), application=case).amount


def test_who_lets_a_withheld_payment_go_has_a_hand_on_it(them):
    claim = determined_claim(them)
    services.withhold_claim(by=them.decider, claim=claim, why="Er loopt een onderzoek.")
    another = official(Role.DECIDER, Role.TREASURER)
    claim = services.release_claim(by=another, claim=claim)
    assert role_on(claim.file(), another) == HandRole.DECIDER


@pytest.mark.parametrize("grounds", [["vouchers.refusal.doubtful"], ["vouchers.refusal.doubtful"] * 2])
def test_a_notice_of_intent_goes_out_from_the_page(grounds):
    case = make.advised_application(advice="refuse")
    browser, where = login(official(Role.DECIDER)), url("decide_case", case.pk)
    sent = browser.post(where, {"action": "intent", "grounds": grounds, "explanation": "Wij twijfelen."})
    assert sent.status_code == 302
    [intent] = case.intents.all()
    assert [why.code for why in intent.why] == [RefusalGround.DOUBTFUL]
    again = browser.post(where, {"action": "intent", "grounds": grounds, "explanation": "Wij twijfelen."})
    assert again.status_code == 422


def test_a_rule_that_changed_after_sending_is_judged_and_the_application_goes_on():
    assessor = official(Role.ASSESSOR)
    case = make.reviewed_application(assessor=assessor)
    case.lines.update(quote_valid_until=clock.today() + dt.timedelta(days=3))
    browser, where = login(assessor), url("assess_case", case.pk)
    advice = {"action": "advise", "advice": "award", "text": "Alles klopt."}
    assert browser.post(where, advice).status_code == 422
    check = case.checks.get(code="price_held")
    assert check.outcome == RuleOutcome.REVIEW, "what stands in the way is kept, so that it can be judged"
    verdict = {"action": "verdict", "code": check.code, "verdict": Verdict.ACCEPTED, "note": "De prijs blijft gelden."}
    assert browser.post(where, verdict).status_code == 302
    assert browser.post(where, advice).status_code == 302
    assert Application.objects.get(pk=case.pk).state == ApplicationState.ADVISED
