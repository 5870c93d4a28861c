"""What pages show of payments, in a number of queries that does not grow with the rows."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from core import clock
from core.fields import MoneyField
from core.models import Hand
from core.reasons import CoreReason, Reason
from payouts import claims as claims_of
from payouts import rules
from payouts.actors import HANDLERS, may_read
from payouts.enums import BatchState, InboxState, PayoutState, ResolutionVerdict
from payouts.models import Batch, BatchLine, InboxEvent, Payout, Resolution
from vouchers.enums import PaymentRail
from vouchers.models import Claim, Programme

LOOKED_AT = 500


def other_hands(person: Any, files: list[str], own_role: str) -> dict[str, Reason]:
    """Per file on which this person has another hand than `own_role`: the reason that keeps them off. One query."""
    held = Hand.objects.filter(person_id=person.pk, file__in=files).exclude(role=own_role)
    return {hand.file: Reason(CoreReason.OTHER_HAND, {"role": hand.get_role_display()}) for hand in held}


def with_bank_file(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    """Tells of each payment whether the file it is in still waits to be downloaded, so that its status can say so."""
    waits = BatchLine.objects.filter(
        payout=OuterRef("pk"),
        live=True,
        batch__rail=PaymentRail.SEPA,
        batch__state=BatchState.RELEASED,
        batch__fetched_at__isnull=True,
    )
    return payouts.annotate(file_waits=Exists(waits))


def payable_rows(*, programme: Programme, claims: list[Claim], person: Any) -> list[dict[str, Any]]:
    """Claims to pay with their payee and every reason why one cannot go into a batch of this person now."""
    hands = other_hands(person, [claim.file() for claim in claims], "preparer")
    rows = []
    for claim in claims:
        reasons = claims_of.objections(claim, wanted=programme, rail=programme.payment_rail, live=False)
        if claim.file() in hands:
            reasons.append(hands[claim.file()])
        rows.append({"claim": claim, "payee": claims_of.payee(claim), "reasons": reasons})
    before = paid_before(claim.pk for claim in claims)
    for row in rows:
        row["paid_before"] = before.get(row["claim"].pk, [])
    return rows


def paid_before(claims: Iterable[int]) -> dict[int, list[Payout]]:
    """Per claim that was paid before: each payment that came back, oldest first, with the two people behind it.

    `told_by` of such a payment is what one person reported and another confirmed; None when the payment service told it.
    Two queries.
    """
    told = Resolution.objects.filter(verdict=ResolutionVerdict.RETURNED, confirmed_at__isnull=False)
    came_back = (
        Payout.objects.filter(claim_id__in=list(claims), state=PayoutState.RETURNED)
        .prefetch_related(Prefetch("resolutions", told.select_related("proposed_by", "confirmed_by"), "told"))
        .order_by("seq")
    )
    found: dict[int, list[Payout]] = {}
    for payout in came_back:
        payout.told_by = next(iter(payout.told), None)  # type: ignore[attr-defined]
        found.setdefault(payout.claim_id, []).append(payout)
    return found


def programmes_to_pay() -> list[Programme]:
    """Programmes with something to pay, each with `waiting` (claims) and `amount` (euros). Two queries."""
    left = Sum(F("determined_amount") - F("paid_amount"), output_field=MoneyField())
    found = claims_of.waiting_claims().values("voucher__application__programme").annotate(n=Count("pk"), left=left)
    sums = {row["voucher__application__programme"]: (row["n"], row["left"]) for row in found}
    programmes = list(Programme.objects.filter(pk__in=sums).order_by("code"))
    for programme in programmes:
        programme.waiting, programme.amount = sums[programme.pk]  # type: ignore[attr-defined]
    return programmes


def stuck() -> list[dict[str, Any]]:
    """Claims that wait for payment and that nobody can put in a batch, each with every reason; longest waiting first.

    Of the claims that wait, only the first `LOOKED_AT` are judged: one that is stuck ends up among them.
    """
    found = []
    for claim in claims_of.waiting_claims().with_case().order_by("pay_by", "pk")[:LOOKED_AT]:
        programme = claims_of.programme(claim)
        reasons = claims_of.objections(claim, wanted=programme, rail=programme.payment_rail, live=False)
        if reasons:
            found.append({"claim": claim, "payee": claims_of.payee(claim), "reasons": reasons})
    return found


def troubled(today: dt.date) -> QuerySet[Payout]:
    """Payments people must look at: manual, unknown, SEPA payments without word for too long, and those of which one person
    says that the money came back.
    """
    last = dt.datetime.combine(rules.bank_days_before(today, rules.OVERDUE_DAYS), dt.time.max, tzinfo=clock.AMSTERDAM)
    silent = Q(state=PayoutState.SENDING, rail=PaymentRail.SEPA, released_at__lte=last)
    reported = Q(state=PayoutState.PAID, pk__in=Resolution.objects.reported_returns().values("payout"))
    return (
        Payout.objects.filter(Q(state__in=[PayoutState.MANUAL, PayoutState.UNKNOWN]) | silent | reported)
        .select_related("claim", "payee", "programme")
        .order_by("released_at", "pk")
    )


def set_apart() -> QuerySet[InboxEvent]:
    """Messages people must look at."""
    return InboxEvent.objects.filter(state=InboxState.QUARANTINED).select_related("payout").order_by("pk")


def totals(payouts: QuerySet[Payout]) -> dict[str, Any]:
    """How many and how much."""
    return payouts.order_by().aggregate(n=Count("pk"), total=Sum("amount", default=0, output_field=MoneyField()))


def tasks_for(person: Any) -> list[dict[str, Any]]:
    """What waits for this person, for a task list: only what they may do, most pressing first. Empty for others."""
    if not may_read(person):
        return []
    tasks: list[dict[str, Any]] = []
    if person.holds(*HANDLERS):
        tasks += _trouble_tasks()
    if person.holds(Role.APPROVER):
        tasks += _release_tasks(person)
    if person.holds(*HANDLERS):
        tasks += _bank_tasks()
    if person.holds(Role.TREASURER):
        tasks += _payable_tasks()
    return tasks


def _trouble_tasks() -> list[dict[str, Any]]:
    n = troubled(clock.today()).count() + set_apart().count() + len(stuck())
    if not n:
        return []
    title = ngettext("%(n)s payment needs people to look", "%(n)s payments need people to look", n) % {"n": n}
    return [{"title": title, "url": reverse("payouts:work"), "badge": _("look first"), "tone": "act"}]


def _release_tasks(person: Any) -> list[dict[str, Any]]:
    waiting = Batch.objects.with_totals().filter(state=BatchState.PREPARED).exclude(prepared_by_id=person.pk)
    return [_batch_task(batch, _("Check and release batch %(title)s")) for batch in waiting.order_by("execution_date")]


def _bank_tasks() -> list[dict[str, Any]]:
    sent = Batch.objects.with_totals().filter(state=BatchState.RELEASED, rail=PaymentRail.SEPA, waiting__gt=0)
    return [_batch_task(batch, _("Look in the bank for batch %(title)s")) for batch in sent.order_by("execution_date")]


def _batch_task(batch: Any, title: str) -> dict[str, Any]:
    meta = ngettext("%(n)s payment", "%(n)s payments", batch.n) % {"n": batch.n}
    return {
        "title": title % {"title": batch.title},
        "url": batch.get_absolute_url(),
        "meta": meta,
        "due": batch.execution_date,
    }


def _payable_tasks() -> list[dict[str, Any]]:
    tasks = []
    for programme in programmes_to_pay():
        n = programme.waiting  # type: ignore[attr-defined]
        title = ngettext("%(n)s claim to pay", "%(n)s claims to pay", n) % {"n": n}
        tasks.append(
            {"title": title, "url": f"{reverse('payouts:payable')}?programme={programme.code}", "meta": str(programme)}
        )
    return tasks
