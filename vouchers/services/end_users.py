"""Asking the people who work with a paid solution what it brought, when their time has come (DESIGN 4.5, 4.16)."""

from django.core.exceptions import ValidationError

from core import clock
from core.actors import SystemActor
from core.reasons import Refused
from core.workflow import unit
from providers.models import FeedbackInvitation
from providers.services.feedback import invite_feedback, waves_on
from vouchers.enums import ClaimState, VoucherState
from vouchers.models import EndUser, Voucher
from vouchers.rules.voucher import wave_due

FEEDBACK = SystemActor("feedback")
PAID = (ClaimState.PAID, ClaimState.CLOSED)


@unit
def invite_due(*, voucher: Voucher) -> int:
    """Sends the end users of a voucher the link of the latest wave that is due, once each; returns how many were sent.

    Only after something was paid (RELIABILITY 47). Waves that were missed because payment came late are not made up for.
    Who stands too close to the provider is left out; that never holds up a payment.
    """
    if voucher.delivered_on is None or voucher.state not in {VoucherState.ISSUED, VoucherState.SETTLED}:
        return 0
    today = clock.today()
    due = [wave for wave in waves_on(today) if wave_due(voucher.delivered_on, wave) <= today]
    if not due:
        return 0
    asked = set(
        FeedbackInvitation.objects.filter(voucher_ref=voucher.number, wave=due[-1]).values_list("email", flat=True)
    )
    sent = 0
    for user in users_of(voucher):
        if user.email in asked:
            continue
        try:
            invite_feedback(
                by=FEEDBACK,
                solution=voucher.solution,
                sme=voucher.sme,
                email=user.email,
                name=user.name,
                case_ref=user.claim.number,
                in_use_since=voucher.delivered_on,
                wave=due[-1],
                voucher_ref=voucher.number,
            )
        except (Refused, ValidationError):
            continue
        sent += 1
    return sent


def users_of(voucher: Voucher) -> list[EndUser]:
    """The end users named on paid claims of this voucher, each address once, in the order in which they were named."""
    named = EndUser.objects.filter(claim__voucher=voucher, claim__state__in=PAID, claim__paid_on__isnull=False)
    by_address: dict[str, EndUser] = {}
    for user in named.select_related("claim").order_by("claim__seq", "pk"):
        by_address.setdefault(user.email, user)
    return list(by_address.values())


def send_feedback_invitations() -> int:
    """The daily sweep over every voucher with a paid claim; returns how many links were sent."""
    vouchers = (
        Voucher.objects.filter(
            state__in=[VoucherState.ISSUED, VoucherState.SETTLED],
            delivered_on__isnull=False,
            claims__state__in=PAID,
            claims__paid_on__isnull=False,
        )
        .select_related("solution__provider__organisation", "sme__sector")
        .distinct()
        .order_by("pk")
    )
    return sum(invite_due(voucher=voucher) for voucher in vouchers)
