"""Two at once, on the real database, with processes of their own."""

import pytest


@pytest.mark.database
@pytest.mark.django_db
def test_whoever_comes_second_finds_it_done_or_is_told_why(raced_by):
    raced = raced_by("vouchers.race_claims")
    for start in raced["start"]:  # the second finds the draft of the first
        assert start == {"got": ["done", "done"], "claims": 1}
    for invoice in raced["invoice"]:
        assert invoice == {"got": ["done", "vouchers.claim.invoice_used"], "sent": 1}
    for determine in raced["determine"]:
        assert determine == {"got": ["core.wrong_state", "done"], "decisions": 1}
    for pay in raced["pay"]:
        assert pay == {"got": ["core.wrong_state", "core.wrong_state", "done"], "paid": "8000.00", "booked": 1}
    for send in raced["send"]:  # either the payment left and the claim stands, or the claim was opened and nothing left
        assert send in (
            {"got": ["done", "vouchers.claim.payment_sent"], "state": "determined", "sent": "a"},
            {"got": ["core.wrong_state", "done"], "state": "advised", "sent": ""},
        )
    assert raced["differences"] == []


@pytest.mark.database
@pytest.mark.django_db
def test_with_the_guards_off_each_of_these_races_shows_its_damage(raced_by):
    told = raced_by("vouchers.race_claims", guarded=False)
    differences = told.pop("differences")
    raced = {name: found for name, [found] in told.items()}
    assert raced["start"] == {"got": ["done", "done"], "claims": 2}
    assert raced["invoice"] == {"got": ["done", "done"], "sent": 2}
    assert raced["determine"] == {"got": ["done", "done"], "decisions": 2}
    assert (raced["pay"]["got"].count("done"), raced["pay"]["booked"]) == (2, 2)
    assert raced["send"]["got"] == ["done", "done"], "the payment left and the claim was opened"
    assert len(differences) == 1, "the books say that 8,000 euros more were paid than the claims got"
