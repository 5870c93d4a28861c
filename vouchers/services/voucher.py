"""What happens to a voucher: issued, used, extended, ended (DESIGN 3, 4.11).

Lock order in every verb that moves money: budgets, then the voucher (docs/locking.md).
"""

import base64
import datetime
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.notifications import notify
from core import clock
from core.reasons import Reason, Refused
from core.workflow import perform, record, unit
from providers.enums import Benefit
from providers.models import Baseline
from providers.services.feedback import record_baseline
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import VoucherState
from vouchers.models import Application, Decision, Voucher
from vouchers.rules import terms
from vouchers.rules.amount import deductible_percent
from vouchers.rules.voucher import delivery_reasons, extension_reasons, order_reasons
from vouchers.services.budget import open_case

CODE_BYTES = 17


@unit
def issue_vouchers(*, by: User, application: Application, decision: Decision) -> list[Voucher]:
    """One voucher per line of an award, numbered after the application: `DT-2026-000012-1`.

    Called within the unit of the award. A line whose part of the award is nothing gets no voucher. The terms count from the
    day of the decision in Amsterdam and shift to a working day (Algemene termijnenwet).
    """
    rules = application.rule_set
    awarded_on = clock.day_of(decision.decided_at)
    vouchers = []
    for line in application.lines.select_related("package__solution").order_by("pk"):
        if not line.awarded:
            continue
        voucher = Voucher.objects.create(
            application=application,
            line=line,
            decision=decision,
            sme_id=application.organisation_id,
            provider_id=line.provider_id,
            solution=line.package.solution,
            package=line.package,
            number=f"{application.number}-{len(vouchers) + 1}",
            code=new_code(),
            amount=line.awarded,
            held=line.awarded,
            eligible=line.eligible_now,
            quoted=line.net,
            other_funding=line.other_funding,
            rate=rules.rate,
            vat_deductible=deductible_percent(application.vat_position, application.vat_pro_rata),
            issued_at=decision.decided_at,
            applied_on=clock.day_of(application.received_at),
            awarded_on=awarded_on,
            order_by=terms.order_by(awarded_on, rules.order_weeks),
            deliver_by=terms.deliver_by(awarded_on, rules.deliver_months),
        )
        facts = {"number": voucher.number, "amount": voucher.amount, "eligible": voucher.eligible}
        vouchers.append(record(voucher, "issue", by=by, facts=facts))
    return vouchers


def new_code() -> str:
    """A voucher code of 136 random bits in letters and digits that are not mistaken for each other, in groups of four."""
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


# --- the two sides say what happened -----------------------------------------------------------------------------------


@unit
def record_order(
    *,
    by: User,
    voucher: Voucher,
    ordered_on: datetime.date,
    baseline: Mapping[str, Decimal] | None = None,
    task: str = "",
) -> Voucher:
    """The business says when it ordered. With it the baseline is fixed: how the work went before (DESIGN 4.5).

    `baseline` holds times_per_week and minutes_before (time) or results_before and hours_before (output); an assurance
    solution has none. `task` names the work that is measured, in one line. It is written once and never changes (RELIABILITY 49). Raises Refused with every reason.
    """
    voucher = record(voucher, "record_order", by=by, facts={"ordered_on": ordered_on})
    reasons = _unless_issued(voucher) or order_reasons(ordered_on, voucher.dates, today=clock.today())
    if voucher.state == VoucherState.ISSUED and needs_baseline(voucher) and not baseline:
        reasons.append(Reason(ClaimReason.BASELINE_NEEDED))
    if reasons:
        raise Refused(reasons)
    voucher.ordered_on = ordered_on
    voucher.last_call_at = voucher.last_call_until = None  # that call was about ordering; the delivery gets its own
    voucher.save()
    if needs_baseline(voucher):
        record_baseline(
            by=by,
            solution=voucher.solution,
            sme=voucher.sme,
            voucher_ref=voucher.number,
            answers=baseline or {},
            task=task,
        )
    _tell_provider(voucher, "emails/vouchers/voucher_ordered")
    return voucher


def needs_baseline(voucher: Voucher) -> bool:
    """Whether how it went before has still to be written down: time and output solutions, once."""
    if voucher.solution.category.benefit == Benefit.ASSURANCE:
        return False
    return not Baseline.objects.filter(voucher_ref=voucher.number).exists()


@unit
def confirm_order(*, by: User, voucher: Voucher) -> Voucher:
    """The provider confirms the date of the order; from then on it is fixed. Confirming twice changes nothing."""
    voucher = open_case(voucher, "confirm_order", by)
    reasons = _unless_issued(voucher)
    if not reasons and voucher.ordered_on is None:
        reasons = [Reason(ClaimReason.NOTHING_TO_CONFIRM)]
    if reasons:
        raise Refused(reasons)
    if voucher.order_confirmed_at is None:
        voucher = record(voucher, "confirm_order", by=by, facts={"ordered_on": voucher.ordered_on})
        voucher.order_confirmed_at = clock.now()
        voucher.save()
    return voucher


@unit
def record_delivery(*, by: User, voucher: Voucher, delivered_on: datetime.date) -> Voucher:
    """The business says when everything was delivered; the term to claim runs from that day. Raises Refused."""
    voucher = record(voucher, "record_delivery", by=by, facts={"delivered_on": delivered_on})
    reasons = _unless_issued(voucher) or delivery_reasons(delivered_on, voucher.dates, today=clock.today())
    if reasons:
        raise Refused(reasons)
    voucher.delivered_on = delivered_on
    voucher.claim_by = terms.claim_by(delivered_on, voucher.application.rule_set.claim_weeks)
    voucher.last_call_at = voucher.last_call_until = None
    voucher.save()
    _tell_provider(voucher, "emails/vouchers/voucher_delivered")
    return voucher


@unit
def confirm_delivery(*, by: User, voucher: Voucher) -> Voucher:
    """The provider confirms the date of the delivery, and with it the order if that was still open. Twice changes nothing."""
    voucher = open_case(voucher, "confirm_delivery", by)
    reasons = _unless_issued(voucher)
    if not reasons and voucher.delivered_on is None:
        reasons = [Reason(ClaimReason.NOTHING_TO_CONFIRM)]
    if reasons:
        raise Refused(reasons)
    if voucher.delivery_confirmed_at is None:
        voucher = record(voucher, "confirm_delivery", by=by, facts={"delivered_on": voucher.delivered_on})
        voucher.order_confirmed_at = voucher.order_confirmed_at or clock.now()
        voucher.delivery_confirmed_at = clock.now()
        voucher.save()
    return voucher


@unit
def extend_voucher(*, by: User, voucher: Voucher) -> Voucher:
    """The business takes its one extension of the term of delivery, before that term ends. Raises Refused."""
    rules = voucher.application.rule_set
    return perform(
        voucher,
        "extend",
        by=by,
        facts=lambda current: {"until": current.deliver_by},
        rule=lambda _facts: extension_reasons(locked(voucher).dates, today=clock.today()),
        at=clock.now(),
        deliver_by=terms.deliver_by(voucher.awarded_on, rules.deliver_months, rules.extension_months),
    )


# --- helpers of this room ---------------------------------------------------------------------------------------------


def locked(voucher: Voucher) -> Voucher:
    """The voucher as it stands now, locked."""
    return Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)


def _unless_issued(voucher: Voucher) -> list[Reason]:
    return [] if voucher.state == VoucherState.ISSUED else [Reason(ClaimReason.NOT_ISSUED)]


def _tell_provider(voucher: Voucher, template: str) -> None:
    """To the contact address; in the language of the member behind it, when that person has an account, otherwise in Dutch."""
    provider = voucher.provider
    behind = members(provider.organisation).filter(email__iexact=provider.contact_email)
    notify(
        to=provider.contact_email,
        template=template,
        context={"voucher": voucher, "name": provider.contact_name},
        language=behind.values_list("language", flat=True).first() or "nl",
    )


def tell_sme(voucher: Voucher, template: str, **context: Any) -> None:
    """A mail to every member of the business, each in their own language; it leaves when the unit is kept."""
    for person in members(voucher.sme):
        notify(
            to=person.email,
            template=template,
            context={"voucher": voucher, "name": person.name, **context},
            language=person.language,
        )


def members(organisation: Any) -> Any:
    """The people who get mail about an organisation's vouchers: its members."""
    return User.objects.filter(
        memberships__organisation=organisation, memberships__ended_at__isnull=True, is_active=True
    ).distinct()
