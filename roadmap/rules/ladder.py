"""Where a business stands on the digital ladder (DESIGN 4.1, founding document: Innovatiemonitor 2019)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.reasons import Reason
from roadmap.enums import ScanReason

WEAKEST = 2
TWO_PLACES = Decimal("0.01")  # a score is shown so; it is no amount of money


@dataclass(frozen=True)
class Ladder:
    """One version of the questionnaire: its items in order, the answers it allows, and the sum each level starts at.

    `floors` are sums of all answers. They are compared as whole numbers: the score is a multiple of 1/6, which no float
    and no rounded decimal holds exactly, and 3.995 would otherwise depend on how it was rounded.
    """

    version: int
    items: tuple[str, ...]
    lowest: int
    highest: int
    floors: tuple[int, ...]

    def level_of(self, total: int) -> int:
        """The level (1 up to 4) of a sum of all answers; half-open, so 23 is level 1 and 24 level 2.

        Raises ValueError for a sum that no set of answers has.
        """
        if not len(self.items) * self.lowest <= total <= len(self.items) * self.highest:
            raise ValueError(f"no set of answers sums to {total}")
        return sum(1 for floor in self.floors if total >= floor)


@dataclass(frozen=True)
class Result:
    """What twelve answers say: the sum, the exact score (sum / 6) to two decimals half up, the level, the two lowest."""

    total: int
    score: Decimal
    level: int
    weakest: tuple[str, ...]


def answer_faults(answers: Mapping[str, Any], ladder: Ladder, *, complete: bool = True) -> list[Reason]:
    """Everything wrong with the answers: unknown items, answers out of range and, when `complete`, open questions.

    An open or impossible answer is a fault, never a zero. `True`, `3.0` and `"3"` are not whole numbers here.
    """
    faults = []
    for code in ladder.items:
        if code not in answers:
            if complete:
                faults.append(Reason(ScanReason.ANSWER_MISSING, {"code": code}))
        elif type(answers[code]) is not int or not ladder.lowest <= answers[code] <= ladder.highest:
            limits = {"code": code, "lowest": ladder.lowest, "highest": ladder.highest}
            faults.append(Reason(ScanReason.ANSWER_RANGE, limits))
    unknown = sorted(str(code) for code in answers if code not in ladder.items)
    return faults + [Reason(ScanReason.ANSWER_UNKNOWN, {"code": code[:20]}) for code in unknown]


def missing_answers(answers: Mapping[str, Any], ladder: Ladder) -> list[str]:
    """The items without an answer, in the order of the questionnaire."""
    return [code for code in ladder.items if code not in answers]


def score(answers: Mapping[str, int], ladder: Ladder) -> Result:
    """The result of a complete set of answers. Ask `answer_faults` first: raises ValueError when it has any.

    The score is the mean of block A plus the mean of block B, which with six items each is the sum divided by six.
    The weakest items are the two lowest answers; of equals, the one asked first.
    """
    if answer_faults(answers, ladder):
        raise ValueError("these answers have faults")
    total = sum(answers.values())
    return frozen_result(answers, ladder.items, total=total, level=ladder.level_of(total))


def frozen_result(answers: Mapping[str, int], items: Sequence[str], *, total: int, level: int) -> Result:
    """The result of a scan whose sum and level were settled when it was finished; `items` in the order they were asked."""
    by_answer = sorted(items, key=lambda code: (answers[code], items.index(code)))
    return Result(
        total=total,
        score=half_up(Decimal(total) * 2, len(items)),
        level=level,
        weakest=tuple(by_answer[:WEAKEST]),
    )


def half_up(dividend: Decimal | int, divisor: int) -> Decimal:
    """`dividend / divisor` with two decimals, half up, for display. Nothing is decided on it."""
    return (Decimal(dividend) / divisor).quantize(TWO_PLACES, rounding=ROUND_HALF_UP)
