"""Every decision is written by one hand, in one form (DESIGN 3)."""

import datetime as dt
import re

import pytest

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.claims import case, determined_claim
from vouchers import services
from vouchers.enums import ApplicationState
from vouchers.models import Decision
from vouchers.reasons import ApplicationReason

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
VERSION = re.compile(r"digitale-trede/\d+\.(application|claim)-\d+")


def test_awards_refusals_and_determinations_name_their_rules_alike():
    make.refused()
    determined_claim(case())
    decisions = Decision.objects.all()
    assert {decision.kind for decision in decisions} == {"award", "refusal", "determination"}
    assert [decision.rules_version for decision in decisions if not VERSION.fullmatch(decision.rules_version)] == []
    assert all(decision.fingerprint() == decision.content_hash for decision in decisions)


def test_an_insufficient_answer_is_dismissed_under_review_and_no_question_is_not():
    """ADR 0018: what was asked and answered insufficiently need not be asked again first."""
    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    with clock.fixed(MONDAY):
        application = make.reviewed_application(assessor=assessor)
        with pytest.raises(Refused) as refused:
            services.dismiss(by=decider, application=application)
        assert [why.code for why in refused.value.reasons] == [ApplicationReason.NEVER_ASKED]
        services.ask_more(by=assessor, application=application, question="Welke modules?")
        services.submit_application(by=application.created_by, application=application, answer="Geen idee.")
        services.take_up(by=assessor, application=application)
        decision = services.dismiss(by=decider, application=application)
    assert (decision.kind, decision.application.state) == ("dismissal", ApplicationState.DISMISSED)
