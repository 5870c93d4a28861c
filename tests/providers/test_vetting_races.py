"""Several people decide one dossier at once: one decision, one admission, one line in the trail (RELIABILITY 28)."""

import pytest


@pytest.mark.database
@pytest.mark.django_db
def test_deciders_at_the_same_moment_take_one_decision(raced_by):
    raced = raced_by("providers.race_approval")
    assert raced["same"] == {
        "seen": [*["core.wrong_state"] * 4, "done"],
        "dossier": "approved",
        "provider": "admitted",
        "decisions": 1,
        "admissions": 1,
        "moves": 1,
    }
    mixed = raced["mixed"]
    assert mixed["seen"] == [*["core.wrong_state"] * 3, "done"]
    assert mixed["moves"] == 1
    assert (mixed["dossier"], mixed["provider"], mixed["decisions"]) in {
        ("approved", "admitted", 1),
        ("in_review", "applicant", 0),
    }


@pytest.mark.database
@pytest.mark.django_db
def test_without_the_lock_every_decider_decides(raced_by):
    """The positive control: five deciders who go by the dossier as it was take five decisions, so the test above sees it."""
    raced = raced_by("providers.race_approval", unguarded=True)
    assert raced == {
        "seen": ["done"] * 5,
        "dossier": "approved",
        "provider": "admitted",
        "decisions": 5,
        "admissions": 5,
        "moves": 5,
    }
