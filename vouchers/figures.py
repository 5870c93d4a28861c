"""What a programme manager watches: how many, how much, how fast and what is late. Reads only."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from core import clock
from core.fields import MoneyField
from core.money import ZERO
from vouchers.enums import ApplicationState, ClaimState
from vouchers.models import Application, Claim, Objection, Programme

UNDECIDED = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.ADVISED,
    ApplicationState.WAITING_LIST,
)
UNDETERMINED = (ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.ADVISED)


def applications_by_state(programme: Programme) -> list[dict[str, Any]]:
    """Per state that occurs: `state`, `number`, and `amount` in euros: what was awarded, otherwise what was asked."""
    counted = (
        programme.applications.filter(received_at__isnull=False)
        .values("state")
        .annotate(number=Count("pk"), amount=Sum(Coalesce("awarded", "requested", output_field=MoneyField())))
        .order_by()
    )
    return _in_order(counted, ApplicationState)


def claims_by_state(programme: Programme) -> list[dict[str, Any]]:
    """The same of requests for payment: what was determined, otherwise the invoice without VAT."""
    counted = (
        _claims(programme)
        .values("state")
        .annotate(
            number=Count("pk"),
            amount=Sum(Coalesce("determined_amount", "invoice_excl", output_field=MoneyField())),
        )
        .order_by()
    )
    return _in_order(counted, ClaimState)


def lead_times(programme: Programme) -> dict[str, int | None]:
    """Median whole days from receipt to decision, from request to determination and from determination to payment."""
    applications = programme.applications.filter(received_at__isnull=False, decided_at__isnull=False)
    claims = _claims(programme)
    return {
        "decide": _median(applications.values_list("received_at", "decided_at")),
        "determine": _median(claims.filter(determined_at__isnull=False).values_list("submitted_at", "determined_at")),
        "pay": _median(
            claims.filter(determined_at__isnull=False, paid_on__isnull=False).values_list("determined_at", "paid_on")
        ),
    }


def overdue() -> defaultdict[int, Counter[str]]:
    """Per programme, by its number: how many applications, claims and objections had a decision due before today.

    Three queries, however many programmes there are; a programme with nothing late is an empty count.
    """
    late = {"decide_by__lt": clock.today()}
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for kind, rows, programme in (
        ("applications", Application.objects.filter(state__in=UNDECIDED, **late), "programme"),
        (
            "claims",
            Claim.objects.filter(state__in=UNDETERMINED, determine_by__lt=clock.today()),
            "voucher__application__programme",
        ),
        ("objections", Objection.objects.waiting().filter(**late), "decision__application__programme"),
    ):
        for number, count in rows.order_by().values_list(programme).annotate(count=Count("pk")):
            found[number][kind] = count
    return found


def _claims(programme: Programme) -> Any:
    return Claim.objects.filter(voucher__application__programme=programme, submitted_at__isnull=False)


def _in_order(
    counted: Iterable[dict[str, Any]], states: type[ApplicationState] | type[ClaimState]
) -> list[dict[str, Any]]:
    by_state = {row["state"]: row for row in counted}
    return [
        {"state": state, "number": by_state[state]["number"], "amount": by_state[state]["amount"] or ZERO}
        for state in states
        if state in by_state
    ]


def _median(spans: Iterable[tuple[Any, Any]]) -> int | None:
    days = [(_day(end) - _day(start)).days for start, end in spans]
    return round(median(days)) if days else None


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return clock.day_of(moment) if isinstance(moment, dt.datetime) else moment
