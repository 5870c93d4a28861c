"""The machines of application and objection, against tables written by hand from DESIGN 3."""

import pytest

from core.state import transitions_of
from tests.machines import every_step, take_step
from vouchers.models import Application, Objection

BEFORE_THE_AWARD = ("draft", "submitted", "in_review", "more_information", "advised", "waiting_list")

APPLICATION = {
    ("draft", "submit", "submitted"),
    ("more_information", "submit", "submitted"),
    ("submitted", "take_up", "in_review"),
    ("in_review", "ask_more", "more_information"),
    ("more_information", "dismiss", "dismissed"),
    ("in_review", "dismiss", "dismissed"),  # more than DESIGN 3 draws: ADR 0018
    ("submitted", "ask_more", "more_information"),
    ("in_review", "advise", "advised"),
    ("advised", "award", "awarded"),
    ("advised", "refuse", "refused"),
    ("advised", "return_to_assessor", "in_review"),
    ("advised", "queue", "waiting_list"),
    ("submitted", "queue", "waiting_list"),
    ("waiting_list", "take_up", "in_review"),
    ("waiting_list", "refuse", "refused"),
    ("refused", "reopen", "in_review"),
    ("dismissed", "reopen", "in_review"),
    *((state, "withdraw", "withdrawn") for state in BEFORE_THE_AWARD),
}

DECIDING = {
    "uphold": "upheld",
    "uphold_in_part": "upheld_in_part",
    "reject": "rejected",
    "declare_inadmissible": "inadmissible",
    "withdraw": "withdrawn",
}
OBJECTION = {
    ("received", "hear", "hearing"),
    *((state, verb, target) for state in ("received", "hearing") for verb, target in DECIDING.items()),
}


def test_the_machine_of_an_application_is_the_table():
    assert transitions_of(Application) == APPLICATION


def test_the_machine_of_an_objection_is_the_table():
    assert transitions_of(Objection) == OBJECTION


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Application, APPLICATION))
def test_every_step_of_an_application(source, verb, target):
    subject = take_step(Application, source, verb, target)
    assert subject.state == (target or source)


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Objection, OBJECTION))
def test_every_step_of_an_objection(source, verb, target):
    subject = take_step(Objection, source, verb, target)
    assert subject.state == (target or source)
