"""Awards at once, from real processes, against a ceiling that fits only some of them (RELIABILITY invariants 1, 2).

Run by test_award_race.py as `python -m tests.vouchers.race_awards prepare|award` on a scratch database. `--unguarded` is the
positive control: it replaces the locked budget and the conditional UPDATE by a naive read, check and write, and drops the
CHECK constraint of the scratch database. It lives here, in the tests: the product has no such switch.
"""

import argparse
import copy
import datetime as dt
import json
import os
import sys
import time
from decimal import Decimal
from typing import Any

NET, AWARD = Decimal("10000.00"), Decimal("8000.00")
CEILING_KEPT_BY = "budget_never_overspent"


def prepare(*, cases: int, fits: int, unguarded: bool) -> dict[str, Any]:
    """A programme whose ceiling fits `fits` awards, and `cases` advised applications that want one each."""
    from django.db import connection

    from accounts.enums import Role
    from tests.factories import vouchers as make
    from tests.factories.accounts import official
    from vouchers.models import Budget

    programme = make.programme_with(str(AWARD * fits), distribution="day_lottery")
    package = make.PackageFactory()
    assessor, deciders = official(Role.ASSESSOR), [official(Role.DECIDER) for _number in range(4)]
    made = [
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
        ).pk
        for number in range(1, cases + 1)
    ]
    if unguarded:
        constraint = next(row for row in Budget._meta.constraints if row.name == CEILING_KEPT_BY)
        with connection.schema_editor() as editor:
            editor.remove_constraint(Budget, constraint)
    return {"cases": made, "deciders": [decider.pk for decider in deciders]}


def award(*, cases: list[int], decider: int, start_at: float, unguarded: bool) -> dict[str, Any]:
    """Awards these cases one after the other, from `start_at` on, and counts what a person would have seen."""
    from django.db import OperationalError

    from accounts.models import User
    from core.reasons import Refused
    from vouchers import services
    from vouchers.models import Application
    from vouchers.reasons import AmountReason

    if unguarded:
        _take_the_guard_off()
    by = User.objects.get(pk=decider)
    seen: dict[str, Any] = {"awarded": 0, "refused": 0, "lock_errors": 0, "other": [], "slowest": 0.0}
    applications = [Application.objects.get(pk=pk) for pk in cases]
    time.sleep(max(0.0, start_at - time.time()))
    for application in applications:
        began = time.monotonic()
        try:
            if unguarded:
                _look_first(application)
            services.award(by=by, application=application)
            seen["awarded"] += 1
        except Refused as refused:
            codes = {reason.code for reason in refused.reasons}
            if codes == {AmountReason.CEILING_LEFT}:
                seen["refused"] += 1
            else:
                seen["other"].append(sorted(codes))
        except OperationalError as error:
            seen["lock_errors"] += 1
            seen["other"].append(str(error))
        except Exception as error:  # noqa: BLE001 - counted: any of them is a defect
            seen["other"].append(repr(error))
        seen["slowest"] = max(seen["slowest"], time.monotonic() - began)
    return seen


_looked: list[Any] = []
LOOKS = 0.2  # seconds between looking and deciding, so that the others look meanwhile on a slow machine too


def _look_first(application: Any) -> None:
    from vouchers.services.budget import covering

    _looked[:] = covering(application)
    time.sleep(LOOKS)


def _take_the_guard_off() -> None:
    """Naive read, check and write: what the budget looked like before the transaction is what is believed."""
    from vouchers.enums import LedgerAccount, LedgerKind
    from vouchers.models import Budget
    from vouchers.services import budget, decision

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


def main() -> None:
    import django

    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["prepare", "award"])
    parser.add_argument("--unguarded", action="store_true")
    parser.add_argument("--asked", help="JSON: the arguments of the task")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    # Mail goes nowhere: what is raced for is the budget.
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    from core import clock

    task = {"prepare": prepare, "award": award}[options.task]
    with clock.fixed(dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)):
        answer = task(**json.loads(options.asked), unguarded=options.unguarded)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
