"""What one answer says about productivity (DESIGN 4.5), in exact fractions.

Productivity is output per hour, so gain = (output after / hours after) / (output before / hours before) - 1. Somebody who
needs 15 % less time for the same work gains 17.6 %, because 100 / 85 = 1.176; there is this one definition and no other.
Rounding is for showing only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.reasons import Reason, ReasonCode
from providers.enums import Benefit

MINUTES_PER_WEEK = 7 * 24 * 60
HOURS_PER_WEEK = 7 * 24
MOST_TIMES = 10_000
MOST_RESULTS = 1_000_000
SATISFACTION = range(1, 6)


class AnswerReason(ReasonCode):
    """Why an answer cannot be used as it is written."""

    MISSING = "providers.answer_missing", _("Answer the question “%(question)s”.")
    NOT_POSITIVE = "providers.answer_not_positive", _("“%(question)s” must be more than zero.")
    NEGATIVE = "providers.answer_negative", _("“%(question)s” cannot be less than zero.")
    TOO_LARGE = "providers.answer_too_large", _("“%(question)s” can be at most %(most)s.")
    SCALE = "providers.answer_scale", _("“%(question)s” is a number from 1 to 5.")


@dataclass(frozen=True)
class Question:
    """One number asked of an end user: its field, its words, whether zero is an answer, and the most that can be true."""

    field: str
    label: Any
    most: int
    zero: bool = False


TIMES_PER_WEEK = Question("times_per_week", _("How many times a week do you do this task?"), MOST_TIMES)
MINUTES_BEFORE = Question("minutes_before", _("How many minutes did it take each time, before?"), MINUTES_PER_WEEK)
MINUTES_AFTER = Question(
    "minutes_after", _("How many minutes does it take each time, now?"), MINUTES_PER_WEEK, zero=True
)
RESULTS_BEFORE = Question(
    "results_before", _("How many orders, leads or sales a week did you get, before?"), MOST_RESULTS, zero=True
)
HOURS_BEFORE = Question("hours_before", _("How many hours a week did you spend on it, before?"), HOURS_PER_WEEK)
RESULTS_AFTER = Question(
    "results_after", _("How many orders, leads or sales a week do you get, now?"), MOST_RESULTS, zero=True
)
HOURS_AFTER = Question("hours_after", _("How many hours a week do you spend on it, now?"), HOURS_PER_WEEK, zero=True)

BEFORE = {
    Benefit.TIME: (TIMES_PER_WEEK, MINUTES_BEFORE),
    Benefit.OUTPUT: (RESULTS_BEFORE, HOURS_BEFORE),
    Benefit.ASSURANCE: (),
}
"""What is asked before the work starts and is fixed from then on, per kind of benefit."""

AFTER = {
    Benefit.TIME: (MINUTES_AFTER,),
    Benefit.OUTPUT: (RESULTS_AFTER, HOURS_AFTER),
    Benefit.ASSURANCE: (),
}
"""What is asked after some time of use, per kind of benefit."""


def before_reasons(benefit: Benefit, answers: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with the numbers from before; empty when they can be fixed as a baseline."""
    return _number_reasons(BEFORE[benefit], answers)


def answer_reasons(benefit: Benefit, answers: Mapping[str, Any]) -> list[Reason]:
    """Everything that is wrong with a complete answer; empty when it can be counted."""
    reasons = _number_reasons((*BEFORE[benefit], *AFTER[benefit]), answers)
    satisfaction = {"question": _("How satisfied are you?")}
    if answers.get("satisfaction") is None:
        reasons.append(Reason(AnswerReason.MISSING, satisfaction))
    elif answers["satisfaction"] not in SATISFACTION:
        reasons.append(Reason(AnswerReason.SCALE, satisfaction))
    if benefit == Benefit.ASSURANCE and answers.get("test_passed") is None:
        reasons.append(Reason(AnswerReason.MISSING, {"question": _("Did the test work?")}))
    return reasons


def gain_of(benefit: Benefit, answers: Mapping[str, Any], *, floor: Fraction, cap: Fraction) -> Fraction | None:
    """The gain of one complete answer, within [floor, cap]; None for assurance, which saves no minutes.

    `answers` has passed `answer_reasons`. Raises ValueError when the time or hours before are zero: then there is nothing
    to compare with.
    """
    match benefit:
        case Benefit.TIME:
            return time_gain(answers["minutes_before"], answers["minutes_after"], floor=floor, cap=cap)
        case Benefit.OUTPUT:
            return output_gain(
                before=(answers["results_before"], answers["hours_before"]),
                after=(answers["results_after"], answers["hours_after"]),
                floor=floor,
                cap=cap,
            )
        case _:
            return None


def time_gain(minutes_before: Any, minutes_after: Any, *, floor: Fraction, cap: Fraction) -> Fraction:
    """The gain when the same task takes another number of minutes; a task that takes no time any more counts as `cap`."""
    return output_gain(before=(1, minutes_before), after=(1, minutes_after), floor=floor, cap=cap)


def output_gain(*, before: tuple[Any, Any], after: tuple[Any, Any], floor: Fraction, cap: Fraction) -> Fraction:
    """The gain from (output, hours) before and after, within [floor, cap].

    Output from nothing, or without any hours, has no finite gain and counts as `cap`; nothing before and nothing after is
    no gain. Raises ValueError when the hours before are not positive.
    """
    (output_before, hours_before), (output_after, hours_after) = (map(Fraction, pair) for pair in (before, after))
    if hours_before <= 0:
        raise ValueError("without hours before there is nothing to compare with")
    if output_after == 0:
        return Fraction(0) if output_before == 0 else capped(Fraction(-1), floor=floor, cap=cap)
    if output_before == 0 or hours_after == 0:
        return cap
    return capped((output_after / hours_after) / (output_before / hours_before) - 1, floor=floor, cap=cap)


def capped(gain: Fraction, *, floor: Fraction, cap: Fraction) -> Fraction:
    """`gain` within [floor, cap], so that one extreme answer cannot list or delist anybody (RELIABILITY 50)."""
    return max(floor, min(cap, gain))


def mean(values: Iterable[Fraction]) -> Fraction:
    """The exact mean. Raises ValueError when there is nothing to take the mean of."""
    taken = list(values)
    if not taken:
        raise ValueError("no mean of nothing")
    return sum(taken, Fraction(0)) / len(taken)


def _number_reasons(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[Reason]:
    reasons = []
    for question in questions:
        value = answers.get(question.field)
        if value is None:
            reasons.append(Reason(AnswerReason.MISSING, {"question": question.label}))
        elif value < 0:
            reasons.append(Reason(AnswerReason.NEGATIVE, {"question": question.label}))
        elif value == 0 and not question.zero:
            reasons.append(Reason(AnswerReason.NOT_POSITIVE, {"question": question.label}))
        elif value > question.most:
            reasons.append(Reason(AnswerReason.TOO_LARGE, {"question": question.label, "most": question.most}))
    return reasons
