"""Where things stand in the pictures. Pure: plain values in, coordinates out; templates draw, style sheets colour.

Units are those of the SVG's own view box. Nothing here knows a model, a request or a language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# --- Ladder --------------------------------------------------------------------------------------------------------

RUNGS = 4


@dataclass(frozen=True)
class Rung:
    """One rung: its number from the bottom, its place, and whether it is climbed, the own one or the next one."""

    number: int
    x: int
    y: int
    width: int
    state: str  # climbed | current | next | ahead


@dataclass(frozen=True)
class Ladder:
    """Four rungs that rise to the right, in a box of `width` by `height`."""

    rungs: tuple[Rung, ...]
    width: int
    height: int


def ladder(level: int | None) -> Ladder:
    """The ladder with `level` (1-4) as own rung. Raises ValueError for another level; None is nobody's ladder."""
    if level is not None and level not in range(1, RUNGS + 1):
        raise ValueError(f"there is no level {level}")
    width, gap_x, gap_y, top = 190, 64, 62, 40
    rungs = []
    for number in range(1, RUNGS + 1):
        if level is None:
            state = "ahead"
        elif number == level:
            state = "current"
        elif number < level:
            state = "climbed"
        else:
            state = "next" if number == level + 1 else "ahead"
        rungs.append(Rung(number, 4 + (number - 1) * gap_x, top + (RUNGS - number) * gap_y, width, state))
    return Ladder(tuple(rungs), 4 + (RUNGS - 1) * gap_x + width + 4, top + (RUNGS - 1) * gap_y + 48)


# --- Dot plot ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dot:
    """One business: its gain (fraction) and its place."""

    gain: Decimal
    x: float
    y: float
    reaches: bool


@dataclass(frozen=True)
class Tick:
    """A number on the axis."""

    value: Decimal
    x: float
    labelled: bool


@dataclass(frozen=True)
class DotPlot:
    """Dots over an axis from -50 % to +60 % (the bounds of a report, DESIGN 4.5), narrowed to what is there."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    threshold_x: float
    mean_x: float | None
    low_x: float | None
    high_x: float | None
    axis_y: float
    width: int
    height: int
    reach: int


def dot_plot(
    gains: Sequence[Decimal],
    *,
    mean: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    threshold: Decimal | None = None,
) -> DotPlot:
    """Places one dot per gain, stacked where they fall together, so that every business can be counted."""
    line = Decimal("0.15") if threshold is None else threshold
    known = [*gains, line, Decimal(0), *(value for value in (mean, low, high) if value is not None)]
    step = Decimal("0.10")
    least = (min(known) / step).to_integral_value(rounding="ROUND_FLOOR") * step
    most = max((max(known) / step).to_integral_value(rounding="ROUND_CEILING") * step, Decimal("0.30"))
    width, margin, radius = 640, 28, 9

    def place(value: Decimal) -> float:
        share = (value - least) / (most - least)
        return round(margin + float(share) * (width - 2 * margin), 1)

    stacks: dict[int, int] = {}
    spots: list[tuple[Decimal, float, int]] = []
    for gain in sorted(gains):
        x = place(gain)
        column = round(x / (2 * radius))
        stacks[column] = stacks.get(column, 0) + 1
        spots.append((gain, x, stacks[column]))
    tallest = max(stacks.values(), default=1)
    axis_y = 46 + tallest * 2 * (radius + 1)
    dots = tuple(Dot(gain, x, axis_y - 14 - (level - 1) * 2 * (radius + 1), gain >= line) for gain, x, level in spots)
    count = int((most - least) / step)
    every = 1 if count <= 6 else 2  # more numbers would run into each other on a telephone
    ticks = tuple(
        Tick(value, place(value), int(value / step) % every == 0)
        for value in (least + step * number for number in range(count + 1))
    )
    return DotPlot(
        dots=dots,
        ticks=ticks,
        threshold_x=place(line),
        mean_x=None if mean is None else place(mean),
        low_x=None if low is None else place(low),
        high_x=None if high is None else place(high),
        axis_y=axis_y,
        width=width,
        height=int(axis_y) + 56,
        reach=sum(dot.reaches for dot in dots),
    )


# --- Budget meter --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of the bar: its name, amount, and place."""

    name: str
    amount: Decimal
    x: float
    width: float


@dataclass(frozen=True)
class Meter:
    """A bar for a ceiling: the parts spoken for, and what is free."""

    parts: tuple[Part, ...]
    ceiling: Decimal
    free: Decimal
    width: int


def budget_meter(ceiling: Decimal, *, paid: Decimal, committed: Decimal, reserved: Decimal) -> Meter:
    """The bar of a budget. An overspent or empty ceiling draws a full bar: the picture never runs out of its frame."""
    width = 640
    spoken = Decimal(paid) + Decimal(committed) + Decimal(reserved)
    whole = max(ceiling, spoken, Decimal("0.01"))
    parts, x = [], 0.0
    for name, amount in (("paid", paid), ("committed", committed), ("reserved", reserved)):
        part = round(float(Decimal(amount) / whole) * width, 1)
        parts.append(Part(name, Decimal(amount), round(x, 1), part))
        x += part
    free = max(ceiling - spoken, Decimal(0))
    return Meter(tuple(parts), ceiling, free, width)
