"""Where things stand in the pictures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pictures

GAINS = st.lists(st.decimals("-0.50", "0.60", places=4), min_size=0, max_size=60)


@pytest.mark.parametrize(
    ("level", "states"),
    [
        (1, ["current", "next", "ahead", "ahead"]),
        (2, ["climbed", "current", "next", "ahead"]),
        (4, ["climbed", "climbed", "climbed", "current"]),
        (None, ["ahead"] * 4),
    ],
)
def test_the_ladder_lights_the_own_rung_and_the_next(level, states):
    assert [rung.state for rung in pictures.ladder(level).rungs] == states


@pytest.mark.parametrize("level", [0, 5, -1])
def test_there_is_no_rung_beyond_the_ladder(level):
    with pytest.raises(ValueError, match="no level"):
        pictures.ladder(level)


@given(gains=GAINS)
def test_every_dot_lies_inside_the_picture_and_none_hides_another(gains):
    plot = pictures.dot_plot(gains)
    assert len(plot.dots) == len(gains)
    assert all(0 < dot.x < plot.width and 0 < dot.y < plot.axis_y for dot in plot.dots)
    assert len({(dot.x, dot.y) for dot in plot.dots}) == len(plot.dots)
    assert plot.reach == sum(gain >= Decimal("0.15") for gain in gains)


@given(gains=GAINS)
def test_dots_stand_in_the_order_of_their_gain(gains):
    plot = pictures.dot_plot(gains)
    assert [dot.gain for dot in plot.dots] == sorted(gains)
    assert [dot.x for dot in plot.dots] == sorted(dot.x for dot in plot.dots)


def test_exactly_fifteen_percent_reaches_the_line():
    plot = pictures.dot_plot([Decimal("0.1499"), Decimal("0.15")])
    assert [dot.reaches for dot in plot.dots] == [False, True]
    assert plot.dots[1].x == plot.threshold_x


AMOUNTS = st.decimals("0", "3000000", places=2)


@given(ceiling=AMOUNTS, paid=AMOUNTS, committed=AMOUNTS, reserved=AMOUNTS)
def test_the_budget_bar_never_leaves_its_frame(ceiling, paid, committed, reserved):
    meter = pictures.budget_meter(ceiling, paid=paid, committed=committed, reserved=reserved)
    last = meter.parts[-1]
    assert last.x + last.width <= meter.width + 0.2
    assert meter.free == max(ceiling - paid - committed - reserved, Decimal(0))
