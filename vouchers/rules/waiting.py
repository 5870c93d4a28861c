"""Who on the waiting list gets money (DESIGN 4.10). Amounts are euros; a budget is named by its key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Waiting:
    """An application that wants `amount` out of every one of its `budgets`; or what is left, when that is at least `least`."""

    key: int
    amount: Decimal
    budgets: frozenset[int]
    least: Decimal | None = None


def served(waiting: Sequence[Waiting], left: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What each of these gets, in their order; who gets nothing is not in it. `left` is what is free per budget.

    A budget that does not fit somebody is short for everybody after them, so that nobody is passed by a smaller application;
    who counts on none of the short ones goes on.
    """
    free, short = dict(left), set()
    given: dict[int, Decimal] = {}
    for each in waiting:
        if each.budgets & short:
            continue
        room = min(free[budget] for budget in each.budgets)
        amount = each.amount
        if amount > room and each.least is not None and room >= each.least:
            amount = room
        if amount > room:
            short |= {budget for budget in each.budgets if free[budget] < amount}
            continue
        given[each.key] = amount
        for budget in each.budgets:
            free[budget] -= amount
    return given
