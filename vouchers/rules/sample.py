"""Which claims are asked for their full evidence: a seeded draw that anybody can repeat (DESIGN 4.12).

The draw depends on the seed and on the number of the voucher alone, never on the claim, the order of arrival or other
vouchers. So nobody can steer it by timing or by taking a claim back and sending another, and an auditor who knows the seed
finds the same sample years later.
"""

import hashlib
from decimal import Decimal

SCALE = 10**12
"""A draw is a whole number from 0 to 999,999,999,999."""


def draw(seed: str, reference: str) -> int:
    """The number this reference draws under this seed: SHA-256 of `seed:reference`, reduced to 0 .. SCALE-1.

    Raises ValueError for an empty seed, which would make the sample the same everywhere.
    """
    if not seed:
        raise ValueError("a sample needs a seed")
    digest = hashlib.sha256(f"{seed}:{reference}".encode()).digest()
    return int.from_bytes(digest, "big") % SCALE


def sampled(seed: str, reference: str, percent: Decimal) -> bool:
    """Whether this reference is in a sample of `percent` (0 to 100). A larger sample always contains the smaller one.

    Raises ValueError for a percentage outside 0 to 100.
    """
    if not (percent.is_finite() and 0 <= percent <= 100):
        raise ValueError(f"{percent} is not a percentage")
    return Decimal(draw(seed, reference)) * 100 < percent * SCALE
