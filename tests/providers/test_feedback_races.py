"""A link is used up once and every answer counts, also when everybody comes at the same moment (RELIABILITY 48)."""

import pytest


@pytest.mark.database
@pytest.mark.django_db
def test_a_link_counts_once_and_no_answer_is_lost(raced_by):
    raced = raced_by("providers.race_feedback")
    assert raced["same_link"] == ["done", *["providers.link_used"] * 5]
    assert raced["same_link_reports"] == 5
    assert raced["own_links"] == ["done"] * 6
    assert raced["own_links_preferred"] == 1
    assert raced["own_links_counted"] == 6
    assert raced["same_customer"] == ["done", *["providers.invite_business_twice"] * 3]
    assert raced["same_customer_invitations"] == 1


@pytest.mark.database
@pytest.mark.django_db
def test_without_the_lock_an_answer_is_lost_or_counted_anew(raced_by):
    """The positive control: whoever goes by what was read before the start does harm, so the test above would see it."""
    raced = raced_by("providers.race_feedback", unguarded=True)
    assert raced["same_link"] == [*["IntegrityError"] * 5, "done"], "only the database itself still refuses"
    assert raced["own_links"] == ["done"] * 6
    assert (raced["own_links_preferred"], raced["own_links_counted"]) != (1, 6)
