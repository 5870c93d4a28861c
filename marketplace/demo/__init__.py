"""The demo: fictional people, providers, businesses and cases, all made through the services of the rooms.

The clock is set to the days of the story (`days`), so that every rule holds as it would have held then. Left out on purpose:
a closed voucher (it closes twelve months after delivery, and no case is that old); a payout that is only approved (its batch is
released in the same act); and what only the Stripe rail comes to, which needs the payment service: a payout that is ready or
unknown, and every message in the inbox.
"""

from marketplace.demo.loader import is_loaded, load, too_early

__all__ = ["is_loaded", "load", "too_early"]
