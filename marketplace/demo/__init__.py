"""The demo: fictional people, providers, businesses and cases, all made through the services of the rooms.

The clock is set to the days of the story (`days`), so that every rule holds as it would have held then. What is left out on
purpose, because no rule leads there within the age of the programme: a closed voucher (closes after the last question to end
users, twelve months after delivery), an unknown payout and those of the Stripe rail (they need the payment service).
"""

from marketplace.demo.loader import is_loaded, load

__all__ = ["is_loaded", "load"]
