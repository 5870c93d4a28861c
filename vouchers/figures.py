"""What a programme manager watches: how many, how much, how fast and what is late. Reads only."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import floor
from statistics import median
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

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
    """Per state that occurs: `state`, `number`, and `amount` in euros: what was awarded, otherwise what was asked (`what`)."""
    counted = (
        programme.applications.filter(received_at__isnull=False)
        .values("state")
        .annotate(
            number=Count("pk"),
            decided=Count("awarded"),
            amount=Sum(Coalesce("awarded", "requested", output_field=MoneyField())),
        )
        .order_by()
    )
    return _in_order(counted, ApplicationState, asked=_("requested"), decided=_("awarded"))


def claims_by_state(programme: Programme) -> list[dict[str, Any]]:
    """The same of requests for payment: what was determined, otherwise the invoice without VAT."""
    counted = (
        _claims(programme)
        .values("state")
        .annotate(
            number=Count("pk"),
            decided=Count("determined_amount"),
            amount=Sum(Coalesce("determined_amount", "invoice_excl", output_field=MoneyField())),
        )
        .order_by()
    )
    return _in_order(counted, ClaimState, asked=_("invoices"), decided=_("determined"))


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
    counted: Iterable[dict[str, Any]],
    states: type[ApplicationState] | type[ClaimState],
    *,
    asked: str,
    decided: str,
) -> list[dict[str, Any]]:
    by_state = {row["state"]: row for row in counted}
    return [
        {
            "state": state,
            "number": by_state[state]["number"],
            "amount": by_state[state]["amount"] or ZERO,
            "what": _what(by_state[state], asked, decided),
        }
        for state in states
        if state in by_state
    ]


def _what(row: dict[str, Any], asked: str, decided: str) -> str:
    """What the amount of a state adds up: amounts that were decided, amounts that were asked, or some of each."""
    if row["decided"] in {0, row["number"]}:
        return decided if row["decided"] else asked
    return f"{asked} + {decided}"


def _median(spans: Iterable[tuple[Any, Any]]) -> int | None:
    days = [(_day(end) - _day(start)).days for start, end in spans]
    return floor(median(days) + 0.5) if days else None  # half a day counts as one; round() would go to the even one


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return clock.day_of(moment) if isinstance(moment, dt.datetime) else moment
