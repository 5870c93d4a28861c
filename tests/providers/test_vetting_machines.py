"""The machines of Dossier and Provider are the tables of DESIGN 3, step by step."""

import pytest

from core.state import transitions_of
from providers.models import Dossier, Provider
from tests.machines import every_step, take_step

DOSSIER = {
    ("draft", "submit", "submitted"),
    ("more_information", "submit", "submitted"),
    ("submitted", "take_up", "in_review"),
    ("in_review", "ask_more", "more_information"),
    ("more_information", "dismiss", "dismissed"),
    ("in_review", "advise", "advised"),
    ("advised", "approve", "approved"),
    ("advised", "reject", "rejected"),
    ("advised", "return_to_assessor", "in_review"),
    ("draft", "withdraw", "withdrawn"),
    ("submitted", "withdraw", "withdrawn"),
    ("in_review", "withdraw", "withdrawn"),
    ("more_information", "withdraw", "withdrawn"),
    ("rejected", "reopen", "in_review"),
}

PROVIDER = {
    ("applicant", "admit", "admitted"),
    ("admitted", "suspend", "suspended"),
    ("suspended", "reinstate", "admitted"),
    ("admitted", "remove", "removed"),
    ("suspended", "remove", "removed"),
    ("applicant", "leave", "left"),
    ("admitted", "leave", "left"),
    ("removed", "reapply", "applicant"),
    ("left", "reapply", "applicant"),
}


def test_the_machine_of_a_dossier_is_the_table():
    assert transitions_of(Dossier) == DOSSIER


def test_the_machine_of_a_provider_is_the_table():
    assert transitions_of(Provider) == PROVIDER


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Dossier, DOSSIER))
def test_every_step_of_a_dossier(source, verb, target):
    take_step(Dossier, source, verb, target)


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Provider, PROVIDER))
def test_every_step_of_a_provider(source, verb, target):
    take_step(Provider, source, verb, target)


def test_the_walk_would_notice_a_wrong_table():
    with pytest.raises(pytest.fail.Exception):
        take_step(Dossier, "draft", "submit", None)
    with pytest.raises(AssertionError):
        take_step(Dossier, "draft", "submit", "approved")
