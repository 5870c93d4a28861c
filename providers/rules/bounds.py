"""How sure a handful of numbers can make anybody: the two lower bounds of RELIABILITY section (d).

Statistics, not money: floats are right here. Their results are written down with six decimals, and whatever is decided on
them is decided on those six decimals, so that every machine decides alike.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

SIX = Decimal("0.000001")


@dataclass(frozen=True)
class Interval:
    """Where the true mean lies: below `high` and above `low`, each with the certainty asked for."""

    low: Decimal
    high: Decimal


def shrunk_interval(
    values: Sequence[Fraction],
    *,
    prior_mean: Fraction,
    prior_weight: Fraction,
    prior_spread: Fraction,
    prior_freedom: int,
    certainty: Fraction,
) -> Interval:
    """The one-sided bounds of the mean of `values`, drawn towards what is usual (normal-inverse-chi-square).

    Few answers lean on the usual mean `prior_mean`, many on themselves. Raises ValueError without values.
    """
    if not values:
        raise ValueError("no interval of nothing")
    n = len(values)
    xs = [float(value) for value in values]
    m0, k0, s0 = float(prior_mean), float(prior_weight), float(prior_spread)
    average = math.fsum(xs) / n
    squares = math.fsum((x - average) ** 2 for x in xs)
    kn, freedom = k0 + n, prior_freedom + n
    shrunk = (k0 * m0 + n * average) / kn
    variance = (prior_freedom * s0**2 + squares + k0 * n / kn * (average - m0) ** 2) / freedom
    half = student_quantile(float(certainty), freedom) * math.sqrt(variance / kn)
    return Interval(low=_six(shrunk - half), high=_six(shrunk + half))


def wilson_lower(successes: int, n: int, *, z: float) -> Decimal:
    """Wilson's one-sided lower bound of a share. Raises ValueError without trials."""
    if n < 1:
        raise ValueError("no share of nothing")
    share, z2 = successes / n, z * z
    centre = share + z2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return _six((centre - half) / (1 + z2 / n))


def student_quantile(certainty: float, freedom: int) -> float:
    """The value a Student t variable stays below with this certainty (between 0.5 and 1), by bisection."""
    low, high = 0.0, 1e3
    for _step in range(100):
        middle = (low + high) / 2
        if student_cdf(middle, freedom) < certainty:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def student_cdf(t: float, freedom: int) -> float:
    """P(T <= t) for t >= 0 and whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    theta = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(theta), math.sin(theta)
    if freedom == 1:
        inside = 2 * theta / math.pi
    elif freedom % 2:
        term = total = cosine
        for k in range(3, freedom, 2):
            term *= cosine**2 * (k - 1) / k
            total += term
        inside = 2 / math.pi * (theta + sine * total)
    else:
        term = total = 1.0
        for k in range(2, freedom, 2):
            term *= cosine**2 * (k - 1) / k
            total += term
        inside = sine * total
    return (1 + inside) / 2


def _six(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(SIX, rounding=ROUND_HALF_EVEN)
