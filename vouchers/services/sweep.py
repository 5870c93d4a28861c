"""What the machine does by the calendar: reminders before each term, a last call after it, and then lapse (DESIGN 3, 4.11).

Run daily by `manage.py sweep_terms`. Every step is a unit of its own and safe to run again: a reminder is kept per voucher,
kind and term, and a voucher lapses or settles only from `issued`. A step that finds its work done by somebody else goes on to the next.
A lapse and a lower determination offer what came free to the waiting list themselves; the sweep ends by doing so once more,
for what came free otherwise: a reclaim that was paid back, a ceiling that was raised.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from core import clock
from core.actors import SystemActor
from core.reasons import Refused
from core.workflow import record, unit
from providers.services.feedback import waves_on
from vouchers.enums import OPEN_CLAIM, ClaimState, ReminderKind, VoucherState
from vouchers.models import Claim, Voucher, VoucherReminder
from vouchers.rules.voucher import NextTerm, last_call_until, next_term, wave_due
from vouchers.services.budget import open_case
from vouchers.services.determination import release_claim
from vouchers.services.ending import close_voucher, lapse_voucher, settle_unclaimed_rest, unclaimed_rest
from vouchers.services.submission import advance_waiting_lists
from vouchers.services.voucher import tell_sme

TERMS = SystemActor("terms")


@dataclass
class Swept:
    """What a sweep did, in numbers."""

    reminded: int = 0
    last_calls: int = 0
    lapsed: int = 0
    settled: int = 0
    closed: int = 0
    released: int = 0
    served: int = 0


def sweep_terms() -> Swept:
    """Everything that is due today, in Amsterdam. A voucher that cannot be handled is skipped and tried again tomorrow."""
    done = Swept()
    open_claims = Claim.objects.filter(
        voucher=OuterRef("pk"), state__in=[*OPEN_CLAIM, ClaimState.DETERMINED, ClaimState.WITHHELD]
    )
    without = Voucher.objects.filter(~Exists(open_claims)).select_related("application__rule_set").order_by("pk")
    for voucher in without.filter(state=VoucherState.ISSUED):
        _done(_sweep_voucher, voucher, done)
    for claim in Claim.objects.filter(state=ClaimState.WITHHELD, withheld_until__lt=clock.today()).order_by("pk"):
        done.released += _done(release_claim, by=TERMS, claim=claim)
    for voucher in without.filter(state=VoucherState.SETTLED):
        if voucher.delivered_on and _last_question(voucher) < clock.today():
            done.closed += _done(close_voucher, by=TERMS, voucher=voucher)
    done.served = sum(advance_waiting_lists().values())
    return done


def _done(act: Callable[..., Any], *asked: Any, **named: Any) -> bool:
    """Whether it was done; what is refused stays for tomorrow, when there is still something to do."""
    try:
        act(*asked, **named)
    except Refused:
        return False
    return True


def _last_question(voucher: Voucher) -> datetime.date:
    """The day on which the last question to end users goes out; after it nothing more is expected of a settled voucher."""
    return wave_due(voucher.delivered_on, max(waves_on(clock.today())))


def _sweep_voucher(voucher: Voucher, done: Swept) -> None:
    today, running = clock.today(), next_term(voucher.dates, voucher.application.rule_set.reminder_terms())
    used = voucher.claims.filter(state__in=[ClaimState.PAID, ClaimState.CLOSED]).exists()
    called = voucher.last_call_until and today > max(running.until, voucher.last_call_until)
    if used and today > running.until and (called or not unclaimed_rest(voucher)):
        settle_unclaimed_rest(by=TERMS, voucher=voucher)
        done.settled += 1
    elif called:
        lapse_voucher(by=TERMS, voucher=voucher)
        done.lapsed += 1
    elif today > running.until and voucher.last_call_until is None:
        done.last_calls += last_call(voucher=voucher)
    elif running.remind_from <= today <= running.until:
        done.reminded += remind(voucher=voucher, running=running)


@unit
def remind(*, voucher: Voucher, running: NextTerm) -> bool:
    """Reminds the business of the term that runs, once. Returns whether a reminder went out."""
    voucher = open_case(voucher, "remind", TERMS)
    sent = voucher.reminders.filter(kind=running.kind, until=running.until).exists()
    if sent or voucher.state != VoucherState.ISSUED:
        return False
    voucher = record(voucher, "remind", by=TERMS, facts={"kind": running.kind, "until": running.until})
    VoucherReminder.objects.create(voucher=voucher, kind=running.kind, until=running.until, sent_at=clock.now())
    tell_sme(voucher, "emails/vouchers/voucher_reminder", kind=running.kind, until=running.until)
    return True


@unit
def last_call(*, voucher: Voucher) -> bool:
    """The term is over: a last term, and then the voucher lapses, or what is left of it. Returns whether the letter went out."""
    voucher = open_case(voucher, "remind", TERMS)
    lengths = voucher.application.rule_set.reminder_terms()
    until = last_call_until(clock.today(), lengths)
    if voucher.last_call_until is not None or voucher.state != VoucherState.ISSUED:
        return False
    voucher = record(voucher, "remind", by=TERMS, facts={"kind": ReminderKind.LAST_CALL, "until": until})
    voucher.last_call_at, voucher.last_call_until = clock.now(), until
    voucher.save()
    VoucherReminder.objects.create(voucher=voucher, kind=ReminderKind.LAST_CALL, until=until, sent_at=clock.now())
    rest = unclaimed_rest(voucher)
    told = {
        "kind": next_term(voucher.dates, lengths).kind,
        "until": until,
        "rest": rest if rest < voucher.amount else None,
    }
    tell_sme(voucher, "emails/vouchers/voucher_last_call", **told)
    return True
