"""The rails as this installation has them, from the settings."""

from django.conf import settings

from core.reasons import Reason, Refused
from payouts.gateways.sepa import Payer
from payouts.gateways.stripe import StripeGateway
from payouts.reasons import PayoutReason


class NotSetUp(Exception):
    """This installation has no key for that rail."""


def stripe_gateway() -> StripeGateway:
    """Stripe with this installation's key. Raises NotSetUp without one."""
    if not settings.STRIPE_SECRET_KEY:
        raise NotSetUp("STRIPE_SECRET_KEY is not set")
    return StripeGateway(api_key=settings.STRIPE_SECRET_KEY, base=settings.STRIPE_API_BASE or None)


def stripe_is_live() -> bool:
    """Whether real money is meant: a live key. Messages of the other mode are set apart."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def payer() -> Payer:
    """The account SEPA money leaves from. Raises Refused when it is not set up."""
    if not settings.SEPA_DEBTOR_NAME or not settings.SEPA_DEBTOR_IBAN:
        raise Refused(Reason(PayoutReason.NO_PAYER))
    return Payer(name=settings.SEPA_DEBTOR_NAME, iban=settings.SEPA_DEBTOR_IBAN, bic=settings.SEPA_DEBTOR_BIC)
