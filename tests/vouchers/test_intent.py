"""A notice of intent counts for the advice it was about and for the grounds it named (DESIGN 3, Awb 4:7)."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from tests.factories import vouchers as make
from tests.factories.accounts import official
from vouchers import services
from vouchers.enums import Advice, ApplicationState
from vouchers.models import Application, Decision, NoticeOfIntent
from vouchers.reasons import ApplicationReason, RefusalGround

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


def later(**time):
    return clock.fixed(MONDAY + dt.timedelta(**time))


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def refuse(case: Application, *grounds: RefusalGround) -> Decision:
    return services.refuse(by=official(Role.DECIDER), application=case, grounds=grounds)


def waits(case: Application, *grounds: RefusalGround) -> list[str]:
    """Why this refusal is not possible yet."""
    with pytest.raises(Refused) as refused:
        refuse(case, *grounds)
    return codes(refused)


def announce(case: Application, *grounds: RefusalGround) -> NoticeOfIntent:
    return services.send_intent(by=official(Role.DECIDER), application=case, grounds=grounds, text="Wij twijfelen.")


def answer(intent: NoticeOfIntent) -> None:
    services.answer_intent(by=intent.application.created_by, intent=intent, answer="Wij niet.")


@pytest.fixture
def case():
    with clock.fixed(MONDAY):
        yield make.advised_application(advice=Advice.REFUSE)


def test_a_notice_on_one_ground_does_not_let_a_refusal_on_another_through(case):
    answer(announce(case, RefusalGround.DOUBTFUL))
    assert waits(case, RefusalGround.FALSE_DATA) == [ApplicationReason.INTENT_NEEDED]
    assert waits(case, RefusalGround.DOUBTFUL, RefusalGround.FALSE_DATA) == [ApplicationReason.INTENT_NEEDED]
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED
    assert refuse(case, RefusalGround.DOUBTFUL, RefusalGround.NOT_ELIGIBLE).legal_ground == "Awb 4:23, Awb 4:35"


def test_a_second_notice_adds_its_ground_to_the_first(case):
    answer(announce(case, RefusalGround.DOUBTFUL))
    second = announce(case, RefusalGround.FALSE_DATA)
    assert waits(case, RefusalGround.DOUBTFUL, RefusalGround.FALSE_DATA) == [ApplicationReason.INTENT_OPEN]
    answer(second)
    assert refuse(case, RefusalGround.DOUBTFUL, RefusalGround.FALSE_DATA).legal_ground == "Awb 4:35"


def advise_again(case: Application, assessor) -> None:
    services.advise(by=assessor, application=case, advice=Advice.REFUSE, text="Nog eens bekeken.")
    case.refresh_from_db()


def test_a_notice_does_not_outlive_the_advice_it_was_about(case):
    answer(announce(case, RefusalGround.DOUBTFUL))
    with later(hours=1):
        services.return_to_assessor(by=official(Role.DECIDER), application=case, why="Kijk nog eens.")
        advise_again(case, case.advised_by)
        assert waits(case, RefusalGround.DOUBTFUL) == [ApplicationReason.INTENT_NEEDED]
        answer(announce(case, RefusalGround.DOUBTFUL))
        assert refuse(case, RefusalGround.DOUBTFUL).legal_ground == "Awb 4:35"


def test_after_an_objection_the_applicant_is_heard_again(case):
    assessor = case.advised_by
    answer(announce(case, RefusalGround.DOUBTFUL))
    decision = refuse(case, RefusalGround.DOUBTFUL)
    with later(days=3):
        objection = services.file_objection(by=case.created_by, decision=decision, text="Oneens.")
        services.uphold(by=official(Role.DECIDER), objection=objection, answer="U heeft gelijk.")
        advise_again(case, assessor)
        assert waits(case, RefusalGround.DOUBTFUL) == [ApplicationReason.INTENT_NEEDED]


def test_an_open_notice_of_an_earlier_round_makes_place_for_a_new_one(case):
    old = announce(case, RefusalGround.DOUBTFUL)
    with later(hours=1):
        services.return_to_assessor(by=official(Role.DECIDER), application=case, why="Kijk nog eens.")
        with pytest.raises(Refused) as refused:
            answer(old)
        assert codes(refused) == [ApplicationReason.INTENT_CLOSED]
        advise_again(case, case.advised_by)
        with pytest.raises(Refused) as refused:
            answer(old)
        assert codes(refused) == [ApplicationReason.INTENT_CLOSED]
        new = announce(case, RefusalGround.DOUBTFUL)
        assert waits(case, RefusalGround.DOUBTFUL) == [ApplicationReason.INTENT_OPEN]
        answer(new)
        assert refuse(case, RefusalGround.DOUBTFUL).legal_ground == "Awb 4:35"


def test_a_notice_that_nobody_answered_in_time_counts_and_makes_place_for_another(case):
    announce(case, RefusalGround.DOUBTFUL)
    with pytest.raises(Refused) as refused:
        announce(case, RefusalGround.FALSE_DATA)
    assert codes(refused) == [ApplicationReason.INTENT_SENT]
    with later(days=15):
        second = announce(case, RefusalGround.FALSE_DATA)
        assert waits(case, RefusalGround.DOUBTFUL, RefusalGround.FALSE_DATA) == [ApplicationReason.INTENT_OPEN]
        answer(second)
        assert refuse(case, RefusalGround.DOUBTFUL, RefusalGround.FALSE_DATA).legal_ground == "Awb 4:35"


def test_the_pages_say_what_was_announced_and_ask_only_for_a_view_that_still_counts(case, client):
    intent = announce(case, RefusalGround.DOUBTFUL)
    own, decider = reverse("vouchers:application", args=[case.pk]), official(Role.DECIDER)
    answer_page = reverse("vouchers:answer_intent", args=[case.pk, intent.pk])
    client.force_login(case.created_by)
    assert answer_page in client.get(own).text
    assert client.post(answer_page, {"answer": "Wij niet."}).status_code == HTTPStatus.FOUND
    client.force_login(decider)
    page = client.get(reverse("vouchers:decide_case", args=[case.pk])).text
    assert "De aanvrager is gehoord over:" in page
    with later(hours=1):
        services.send_intent(by=decider, application=case, grounds=[RefusalGround.FALSE_DATA], text="Niet juist.")
        second = case.intents.last()
        services.return_to_assessor(by=decider, application=case, why="Kijk nog eens.")
        client.force_login(case.created_by)
        answer_page = reverse("vouchers:answer_intent", args=[case.pk, second.pk])
        assert answer_page not in client.get(own).text
        assert "Dit voornemen geldt niet meer" in client.get(answer_page).text
