"""The sample of claims: seeded, reproducible, and blind to the order of arrival."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchers.rules.sample import SCALE, draw, sampled

references = st.text(min_size=1, max_size=40)
percentages = st.decimals(min_value=0, max_value=100, places=2)


def test_the_same_seed_draws_the_same_sample():
    claims = [f"DT-2026-{number:06d}-1/1" for number in range(1, 201)]
    first = [claim for claim in claims if sampled("seed-a", claim, Decimal(10))]
    assert first == [claim for claim in reversed(claims) if sampled("seed-a", claim, Decimal(10))][::-1]
    assert first != [claim for claim in claims if sampled("seed-b", claim, Decimal(10))]


def test_a_known_draw_never_changes():
    assert draw("open-2026", "DT-2026-000012-1/1") == 333_397_181_851


def test_ten_percent_of_many_is_about_ten_percent():
    drawn = sum(sampled("open-2026", f"claim-{number}", Decimal(10)) for number in range(10_000))
    assert 900 <= drawn <= 1_100


@given(references)
def test_nobody_is_drawn_at_zero_and_everybody_at_a_hundred(reference):
    assert not sampled("s", reference, Decimal(0))
    assert sampled("s", reference, Decimal(100))


@given(references, percentages, percentages)
def test_a_larger_sample_contains_the_smaller_one(reference, one, other):
    small, large = sorted((one, other))
    assert not sampled("s", reference, small) or sampled("s", reference, large)


@given(references)
def test_a_draw_lies_within_the_scale(reference):
    assert 0 <= draw("s", reference) < SCALE


@pytest.mark.parametrize("percent", ["-0.01", "100.01", "NaN", "Infinity"])
def test_what_is_no_percentage_is_refused(percent):
    with pytest.raises(ValueError, match="percentage"):
        sampled("s", "claim", Decimal(percent))


def test_a_sample_without_a_seed_is_refused():
    with pytest.raises(ValueError, match="seed"):
        draw("", "claim")
