"""The demo: fictional people, providers, businesses and cases, all made through the services of the rooms.

The clock is set to the days of the story (`days`), so that every rule holds as it would have held then. Left out on purpose:
a closed voucher (it closes twelve months after delivery, and no case is that old), a reclaim that is written off (after five
years), and what only the Stripe rail comes to: a payout that is ready or unknown (it needs the payment service).
"""

from marketplace.demo.loader import is_loaded, load, too_early

__all__ = ["is_loaded", "load", "too_early"]
