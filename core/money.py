"""Euro amounts: Decimal with two places, and the only rounding in the house.

`round_cents` is for showing and for prices; `floor_cents` is for awards (DESIGN 4.7: floor to the cent, so that no sum of
awards ever exceeds what the rule gives). Nothing else in the product rounds money.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from core.reasons import CoreReason, Reason, Refused

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("999999999999.99")  # far above any public ceiling, far below 2**63 cents

_PLAIN = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,2})?", re.ASCII)


def euro(value: Decimal | int | str) -> Decimal:
    """`value` as an amount with two places. Raises ValueError when it has a fraction of a cent: that is never rounded away."""
    exact = Decimal(value)
    amount = exact.quantize(CENT)
    if amount != exact:
        raise ValueError(f"{value} is not a whole number of cents")
    return amount


def round_cents(value: Decimal) -> Decimal:
    """Half up to the cent, as an invoice does."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def floor_cents(value: Decimal) -> Decimal:
    """Down to the cent, towards zero: an award never grows by rounding."""
    return value.quantize(CENT, rounding=ROUND_DOWN)


def parse_euro(text: str) -> Decimal:
    """The positive amount a person or a program wrote: ASCII digits, point or comma, at most two decimals.

    Raises Refused with the reason in the person's words: negative, zero, sub-cent, NaN, exponents, thousands separators,
    other scripts' digits and absurdly large amounts are all named, never guessed at.
    """
    written = str(text).strip().removeprefix("€").strip()
    if written.startswith("-") and _PLAIN.fullmatch(written[1:].strip()):
        raise Refused(Reason(CoreReason.AMOUNT_NEGATIVE))
    if re.fullmatch(r"[0-9]{13,400}(?:[.,][0-9]{1,2})?", written, re.ASCII):
        raise Refused(Reason(CoreReason.AMOUNT_TOO_LARGE))
    if not _PLAIN.fullmatch(written):
        raise Refused(Reason(CoreReason.AMOUNT_FORMAT))
    amount = Decimal(written.replace(",", ".")).quantize(CENT)
    if amount <= 0:
        raise Refused(Reason(CoreReason.AMOUNT_NEGATIVE))
    if amount > LARGEST:
        raise Refused(Reason(CoreReason.AMOUNT_TOO_LARGE))
    return amount


def split_largest_remainder(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`total` divided in proportion to `weights`, to the cent, summing to exactly `total` (DESIGN 4.7).

    The cents left over after flooring go to the largest remainders, ties to the earlier line.
    Raises ValueError when there are no weights, one is negative, or all are zero.
    """
    whole = sum(weights, ZERO)
    if not weights or whole <= 0 or min(weights) < 0:
        raise ValueError("a split needs weights that are not negative and not all zero")
    cents = int(total / CENT)
    exact = [divmod(cents * int(weight / CENT), int(whole / CENT)) for weight in weights]
    parts = [quotient for quotient, _remainder in exact]
    by_remainder = sorted(range(len(exact)), key=lambda line: (-exact[line][1], line))
    for line in by_remainder[: cents - sum(parts)]:
        parts[line] += 1
    return [part * CENT for part in parts]
