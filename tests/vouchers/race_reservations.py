"""Applications at once, in real processes with connections of their own (RELIABILITY invariants 1, 2, 9).

    python -m tests.run vouchers.race_reservations '{"name": "submits", "guarded": true}'

Run by `test_reservation_races.py` on a scratch database. Without the guard everybody believes what stood in the database
before the race; that lives here, in the tests: the product has no such switch. Prints one JSON object.
"""

import copy
import json
import os
from decimal import Decimal
from functools import partial
from typing import Any

from accounts.enums import Role
from core.money import ZERO
from tests.factories import vouchers as make
from tests.factories.accounts import member_of, official
from tests.races import at_once
from vouchers import services
from vouchers.enums import LedgerAccount, LedgerKind
from vouchers.models import Application, Budget, Voucher
from vouchers.services import budget, decision, facts, submission

AWARD = Decimal("8000.00")
FITS, MANY = 3, 8
ROUNDS = 2


def race_submits(guarded: bool) -> dict[str, Any]:
    """Eight businesses send at once; the fund fits three."""
    programme = make.programme_with(str(AWARD * FITS))
    package = make.PackageFactory()
    drafts = [make.filled_application(programme, package=package) for _number in range(MANY)]
    if not guarded:
        _believe_the_budget_of_before(programme)
    got = at_once(*[_sends(draft) for draft in drafts])
    return {"got": got, **_stands(programme)}


def race_one_business(_guarded: bool) -> dict[str, Any]:
    """Four members of one business start at once, in one programme; then all send what they have."""
    rounds = []
    programme, package = make.programme_with(), make.PackageFactory()
    for _round in range(ROUNDS):
        organisation, _by = make.business()
        people = [member_of(organisation) for _number in range(4)]
        asked = {"organisation": organisation, "programme": programme, "package": package}
        started = at_once(*[partial(services.start_application, by=by, **asked) for by in people])
        one = make.filled_application(programme, package=package, organisation=organisation, by=people[0])
        sent = at_once(*[partial(services.submit_application, by=by, application=one) for by in people])
        mine = Application.objects.filter(kvk=organisation.kvk)
        rounds.append(
            {
                "started": started,
                "sent": sent,
                "applications": mine.count(),
                "lines": sum(each.lines.count() for each in mine),
                "held": [str(each.held) for each in mine],
            }
        )
    return {"rounds": rounds}


def race_ceiling(_guarded: bool) -> dict[str, Any]:
    """The manager halves the ceiling while six businesses send that would fill it."""
    programme, package = make.programme_with(str(AWARD * 2 * FITS)), make.PackageFactory()
    drafts = [make.filled_application(programme, package=package) for _number in range(2 * FITS)]
    manager = official(Role.MANAGER)
    lower = partial(services.set_ceiling, by=manager, programme=programme, ceiling=AWARD * FITS)
    got = at_once(*[_sends(draft) for draft in drafts[:FITS]], lower, *[_sends(draft) for draft in drafts[FITS:]])
    return {"got": got, **_stands(programme)}


def race_state_aid(guarded: bool) -> dict[str, Any]:
    """One business has an application in each of four programmes, and room for state aid for one voucher."""
    rounds = []
    for number in range(ROUNDS):
        organisation, by = make.business()
        who = {"organisation": organisation, "by": by, "aid": "292000.00"}
        codes = [f"regeling-{number}-{each}" for each in range(4)]
        programmes = [make.programme_with(code=code, prefix=f"R{number}{code[-1]}") for code in codes]
        cases = [make.advised_application(programme, **who) for programme in programmes]
        deciders = [official(Role.DECIDER) for _case in cases]
        if not guarded:
            _believe_the_awards_of_before()
        acts = zip(deciders, cases, strict=True)
        got = at_once(*[partial(services.award, by=by, application=case) for by, case in acts])
        vouchers = Voucher.objects.filter(application__kvk=organisation.kvk)
        rounds.append({"got": got, "awarded": str(sum((voucher.amount for voucher in vouchers), ZERO))})
    return {"rounds": rounds}


def _sends(draft: Application) -> Any:
    return partial(services.submit_application, by=draft.created_by, application=draft)


def _stands(programme: Any) -> dict[str, Any]:
    """What the applications hold, in order of arrival, and what the books say of it."""
    found = Application.objects.filter(programme=programme).order_by("arrival")
    fund = Budget.objects.get(programme=programme)
    return {
        "arrivals": [each.arrival for each in found],
        "states": [each.state for each in found],
        "held": [str(each.held) for each in found],
        "ceiling": str(fund.ceiling),
        "reserved": str(fund.reserved),
        "differences": services.differences(),
    }


def _believe_the_budget_of_before(programme: Any) -> None:
    """Naive read, check and write: no lock, and the number of before is counted on from."""
    before = list(Budget.objects.filter(programme=programme))

    def hold(*, by: Any, application: Any, budgets: list[Budget], amount: Decimal) -> None:
        for row in budgets:
            Budget.objects.filter(pk=row.pk).update(reserved=row.reserved + amount)
        entries = {LedgerAccount.RESERVED: amount, LedgerAccount.AVAILABLE: -amount}
        budget._write(by, LedgerKind.RESERVE, f"{application.reference()}:1", budgets, entries)
        application.held = amount

    budget.lock_budgets = submission.lock_budgets = lambda _programme: copy.deepcopy(before)
    submission.hold = hold
    # The place in the row is not what is raced for: without this its UNIQUE would refuse what the budget should.
    submission._next_arrival = lambda _programme: os.getpid()


def _believe_the_awards_of_before() -> None:
    """No lock on the business, and what it was awarded is what was counted before the race: nothing."""
    decision.lock_undertaking = lambda _application: None
    facts.awarded_in = lambda *_asked, **_how: ZERO


RACES = {
    "submits": race_submits,
    "one_business": race_one_business,
    "ceiling": race_ceiling,
    "state_aid": race_state_aid,
}


def main(name: str, guarded: bool) -> None:
    print(json.dumps(RACES[name](guarded)))
