"""How a score compares with others (DESIGN 4.2)."""

from dataclasses import dataclass
from decimal import Decimal

from roadmap.enums import SizeClass
from roadmap.rules.ladder import half_up

MINIMUM_GROUP = 10
"""A group smaller than this is not shown: its mean says little and could give away a neighbour's answers (DESIGN 4.2).

It stands in code and not with the numbers of a questionnaire, because it is a promise to everybody who answered, whatever
the version: no file that is loaded, and nobody who manages one, can take it back.
"""

_SIZES = ((1, SizeClass.ONE), (9, SizeClass.MICRO), (49, SizeClass.SMALL), (249, SizeClass.MEDIUM))


@dataclass(frozen=True)
class Benchmark:
    """The comparison group: how many scans, their mean score, and how many of them scored below this one."""

    n: int
    mean: Decimal
    below: int


def size_class(headcount: int | None) -> str:
    """The size class of a number of people working; empty when unknown."""
    if headcount is None:
        return ""
    return next((str(size) for most, size in _SIZES if headcount <= most), str(SizeClass.LARGE))


def compare(*, n: int, total_sum: int, below: int, items: int) -> Benchmark | None:
    """The benchmark of `n` other scans whose sums add up to `total_sum`, or None when the group is too small to show."""
    if n < MINIMUM_GROUP:
        return None
    return Benchmark(n=n, mean=half_up(total_sum * 2, items * n), below=below)
