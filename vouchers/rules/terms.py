"""When things are due (DESIGN 4.11). Days are calendar days in Europe/Amsterdam; the law's terms shift to a working day."""

import datetime

from core.terms import add_months, add_weeks, shift_to_workday


def decide_by(received: datetime.date, weeks: int, suspended_days: int = 0) -> datetime.date:
    """The last day to decide: `weeks` after receipt plus the days the clock stood still (Awb 4:13, 4:15)."""
    return shift_to_workday(add_weeks(received, weeks) + datetime.timedelta(days=suspended_days))


def answer_by(asked: datetime.date, weeks: int) -> datetime.date:
    """The last day to complete an application or to answer a notice of intent (Awb 4:5, 4:8)."""
    return shift_to_workday(add_weeks(asked, weeks))


def stood_still(asked: datetime.date, answer_by: datetime.date, answered: datetime.date) -> int:
    """Days the term to decide stood still for a question: until the answer, or the last day for it when that was earlier
    (Awb 4:15)."""
    return (min(answered, answer_by) - asked).days


def objection_until(notified: datetime.date, weeks: int) -> datetime.date:
    """The last day to object: the term starts the day after notification (Awb 6:7, 6:8)."""
    return shift_to_workday(add_weeks(notified, weeks))


def objection_decide_by(objection_ends: datetime.date, weeks: int) -> datetime.date:
    """The last day to decide an objection, counted from the end of the term to object (Awb 7:10)."""
    return shift_to_workday(add_weeks(objection_ends, weeks))


def window_start(on: datetime.date, months: int) -> datetime.date:
    """The first day that still counts in a rolling window that ends `on`: a year back from 2 March is 3 March."""
    return add_months(on, -months) + datetime.timedelta(days=1)


def in_window(day: datetime.date, on: datetime.date, months: int) -> bool:
    """Whether `day` lies in the rolling window of `months` up to and including `on`."""
    return window_start(on, months) <= day <= on


def order_by(awarded: datetime.date, weeks: int) -> datetime.date:
    """The last day to order what the voucher is for."""
    return shift_to_workday(add_weeks(awarded, weeks))


def deliver_by(awarded: datetime.date, months: int, extended_months: int = 0) -> datetime.date:
    """The last day of delivery, with the one extension when it was taken."""
    return shift_to_workday(add_months(awarded, months + extended_months))


def claim_by(delivered: datetime.date, weeks: int) -> datetime.date:
    """The last day to ask for the money after delivery (Awb 4:44)."""
    return shift_to_workday(add_weeks(delivered, weeks))
