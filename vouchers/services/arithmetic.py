"""What a claim comes to, as the rows stand now; and a determination made again from its frozen inputs."""

from decimal import Decimal
from typing import Any

from core.money import ZERO
from vouchers.enums import DETERMINED_CLAIM
from vouchers.models import Claim, Decision
from vouchers.rules.claim import Determined, counted_cost, determined_amount


def compute(claim: Claim) -> Determined:
    """What the rules give for this claim, with its lines, on the invoices and determinations as they stand."""
    return determined_amount(**amounts_of(claim))


def amounts_of(claim: Claim) -> dict[str, Decimal]:
    """Everything the arithmetic of a claim is made of, by name; what a determination freezes."""
    voucher = claim.voucher
    earlier = voucher.claims.filter(state__in=DETERMINED_CLAIM).exclude(pk=claim.pk)
    return {
        "award": voucher.amount,
        "eligible": voucher.eligible,
        "rate": Decimal(voucher.rate),
        "invoiced": counted(claim),
        "invoiced_before": sum((counted(other) for other in earlier), ZERO),
        "determined_before": spoken_for(earlier),
        "other_funding": voucher.other_funding,
    }


def counted(claim: Claim) -> Decimal:
    """The cost of one invoice that counts: without VAT, plus the VAT the business does not get back."""
    if claim.invoice_excl is None or claim.invoice_incl is None:
        return ZERO
    return counted_cost(claim.invoice_excl, claim.invoice_incl, Decimal(claim.voucher.vat_deductible))


def spoken_for(claims: Any) -> Decimal:
    """Euros that decided claims took of the voucher: what was decided, or what was paid while that is still more."""
    return sum((max(claim.determined_amount, claim.paid_amount) for claim in claims), ZERO)


def replay_determination(decision: Decision) -> Determined:
    """The determination made again from its frozen inputs; equals what was stored (DESIGN 3)."""
    inputs = decision.inputs
    return determined_amount(**{name: Decimal(inputs[name]) for name in _AMOUNTS})


_AMOUNTS = ("award", "eligible", "rate", "invoiced", "invoiced_before", "determined_before", "other_funding")
