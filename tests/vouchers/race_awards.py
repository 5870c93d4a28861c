"""Awards at once, from real processes, against a ceiling that fits only some of them (RELIABILITY invariants 1, 2).

    python -m tests.run vouchers.race_awards '{"cases": 200, "fits": 40, "processes": 8}'

Run by test_award_race.py and by `make soak NAME=budget`, on a scratch database. Prints one JSON object: what the processes saw,
added up, and what the books say afterwards. `unguarded` is the positive control: it replaces the locked budget and the
conditional UPDATE by a naive read, check and write, and drops the CHECK constraint of the scratch database. It lives here, in
the tests: the product has no such switch.
"""

import copy
import json
import time
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import Sum

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.moments import MONDAY
from tests.races import answers_at_once
from tests.unguarded import without
from vouchers import services
from vouchers.enums import ApplicationState, LedgerAccount, LedgerKind
from vouchers.models import Application, Budget, Decision, Voucher
from vouchers.reasons import AmountReason
from vouchers.services import budget, decision

NET, AWARD = Decimal("10000.00"), Decimal("8000.00")
PATIENCE = 7200.0
DECIDERS = 4
LOOKS = 0.2  # seconds between looking and deciding, so that the others look meanwhile on a slow machine too


def race(*, cases: int, fits: int, processes: int, unguarded: bool) -> dict[str, Any]:
    """A programme whose ceiling fits `fits` awards, `cases` advised applications that want one each, and who awards them."""
    wanting = _prepared(cases, fits)
    deciders = [official(Role.DECIDER) for _number in range(DECIDERS)]
    if unguarded:
        without(Budget, "budget_never_overspent")
        _take_the_guard_off()
    began = time.monotonic()
    acts = [
        partial(_award_all, wanting[number::processes], deciders[number % DECIDERS], unguarded)
        for number in range(processes)
    ]
    seen = answers_at_once(*acts, patience=PATIENCE)
    took = time.monotonic() - began
    failed = [each for each in seen if not isinstance(each, dict)]
    seen = [each for each in seen if isinstance(each, dict)]
    return {
        "cases": cases,
        "fits": fits,
        "processes": processes,
        "awarded": [row["answers"]["awarded"] for row in seen],
        "refused": sum(row["answers"]["refused"] for row in seen),
        "lock_errors": sum(row["answers"]["lock_error"] for row in seen),
        "other": failed + [error for row in seen for error in row["other"]],
        "slowest_seconds": round(max((row["slowest"] for row in seen), default=0), 2),
        "per_second": round(cases / took, 1),
        "books": _books(),
    }


def _prepared(cases: int, fits: int) -> list[Application]:
    programme = make.programme_with(str(AWARD * fits), distribution="day_lottery")
    package, assessor = make.PackageFactory(), official(Role.ASSESSOR)
    return [
        make.AdvisedApplicationFactory.bind(
            make.AdvisedApplicationFactory(
                programme=programme,
                rule_set=programme.rule_sets.get(),
                created_by=assessor,
                advised_by=assessor,
                arrival=number,
                organisation__legal_name=f"Voorbeeldbedrijf {number} B.V.",
            ),
            package,
            NET,
        )
        for number in range(1, cases + 1)
    ]


def _award_all(applications: list[Application], by: Any, unguarded: bool) -> dict[str, Any]:
    """Awards these one after the other, and counts what a person would have seen."""
    answers: Counter[str] = Counter(awarded=0, refused=0, lock_error=0)
    other: list[str] = []
    slowest = 0.0
    for application in applications:
        began = time.monotonic()
        try:
            if unguarded:
                _look_first(application)
            services.award(by=by, application=application)
            answers["awarded"] += 1
        except Refused as refused:
            codes = {reason.code for reason in refused.reasons}
            if codes == {AmountReason.CEILING_LEFT}:
                answers["refused"] += 1
            else:
                other.append(str(sorted(codes)))
        except OperationalError as error:
            answers["lock_error"] += 1
            other.append(str(error))
        except Exception as error:  # noqa: BLE001 - counted: any of them is a defect
            other.append(repr(error))
        slowest = max(slowest, time.monotonic() - began)
    return {"answers": dict(answers), "other": other, "slowest": slowest}


def _books() -> dict[str, Any]:
    row = Budget.objects.get()
    return {
        "awarded": Application.objects.filter(state=ApplicationState.AWARDED).count(),
        "decisions": Decision.objects.count(),
        "vouchers": Voucher.objects.count(),
        "worth": str(Voucher.objects.aggregate(worth=Sum("amount"))["worth"]),
        "ceiling": str(row.ceiling),
        "committed": str(row.committed),
        "differences": services.differences(),
    }


_looked: list[Any] = []


def _look_first(application: Any) -> None:
    _looked[:] = budget.covering(application)
    time.sleep(LOOKS)


def _take_the_guard_off() -> None:
    """Naive read, check and write: what the budget looked like before the transaction is what is believed."""

    def unlocked(_application: Any) -> list[Any]:
        return copy.deepcopy(_looked)

    def naive(*, by: Any, application: Any, budgets: list[Any], held: Decimal, amount: Decimal) -> None:
        for row in budgets:
            if amount > row.available:
                raise AssertionError("the rule has looked at the same number")
            Budget.objects.filter(pk=row.pk).update(committed=row.committed + amount)
        entries = {LedgerAccount.COMMITTED: amount, LedgerAccount.AVAILABLE: -amount}
        budget._write(by, LedgerKind.COMMIT, application.reference(), budgets, entries)

    budget.budgets_of = decision.budgets_of = unlocked
    decision.commit = naive


def main(*, cases: int, fits: int, processes: int, unguarded: bool = False) -> None:
    # Mail goes nowhere: what is raced for is the budget.
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with clock.fixed(MONDAY):
        print(json.dumps(race(cases=cases, fits=fits, processes=processes, unguarded=unguarded)))
