"""Awards at once from real processes against a ceiling that fits some of them: never a cent too much, no award lost and
no lock error shown to anybody (RELIABILITY invariants 1 and 2, table e). The race itself is tests/vouchers/race_awards.py.
"""

import json
import os
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

from bench.frame import Asked, Report, answer_of, child
from bench.scratch import copy_of, migrated

RACE = "tests.vouchers.race_awards"
BOOKS = """
import json, django
django.setup()
from vouchers.models import Application, Budget, Decision, Voucher
from vouchers.services import differences
budget = Budget.objects.get()
print(json.dumps({
    "awarded": Application.objects.filter(state="awarded").count(),
    "decisions": Decision.objects.count(),
    "worth": str(sum(voucher.amount for voucher in Voucher.objects.all())),
    "ceiling": str(budget.ceiling),
    "committed": str(budget.committed),
    "differences": len(differences()),
}))
"""


def race(asked: Asked, *, cases: int, fits: int, processes: int, unguarded: bool) -> dict[str, Any]:
    """Everybody starts at the same moment; what each process saw, added up, and what the books say afterwards."""
    more = ["--unguarded"] if unguarded else []
    with copy_of(asked) as url:
        here = {"DATABASE_URL": url}
        asked.tell(f"{cases} applications that want an award each, a ceiling for {fits}")
        what = {"cases": cases, "fits": fits}
        made = answer_of(child(RACE, "prepare", "--asked", json.dumps(what), *more, environment=here), patience=7200)
        start_at = time.time() + asked.pick(quick=6.0, full=30.0)
        asked.tell(f"{processes} processes award" + (" without the guard" if unguarded else ""))
        runners = []
        for number in range(processes):
            what = {
                "cases": made["cases"][number::processes],
                "decider": made["deciders"][number % len(made["deciders"])],
                "start_at": start_at,
            }
            runners.append(child(RACE, "award", "--asked", json.dumps(what), *more, environment=here))
        seen = [answer_of(runner, patience=7200) for runner in runners]
        took = time.time() - start_at
        books = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", BOOKS],
            env={**os.environ, **here},
            capture_output=True,
            text=True,
            check=True,
        )
    return {
        "attempts": cases,
        "fits": fits,
        "processes": processes,
        "awarded_answers": sum(row["awarded"] for row in seen),
        "refused_answers": sum(row["refused"] for row in seen),
        "lock_errors": sum(row["lock_errors"] for row in seen),
        "other_errors": [each for row in seen for each in row["other"]][:5],
        "awarding_processes": sum(row["awarded"] > 0 for row in seen),
        "slowest_seconds": round(max(row["slowest"] for row in seen), 2),
        "per_second": round(cases / took, 1),
        "books": json.loads(books.stdout),
    }


def overspent(books: dict[str, Any]) -> Decimal:
    """Euros of vouchers above the ceiling."""
    return max(Decimal(0), Decimal(books["worth"]) - Decimal(books["ceiling"]))


def run(asked: Asked) -> Report:
    migrated(asked, reference=False)
    report = Report()
    cases, fits, processes = asked.pick(quick=(40, 24, 4), full=(10_000, 2_000, 16))
    guarded = race(asked, cases=cases, fits=fits, processes=processes, unguarded=False)
    books = guarded["books"]
    report.measured = guarded
    report.promise("euros overspent", wanted="0", found=str(overspent(books)))
    report.promise("exactly as many awards as fit", wanted=fits, found=books["awarded"])
    report.promise(
        "every award that was answered is in the books", wanted=books["awarded"], found=guarded["awarded_answers"]
    )
    report.promise(
        "the race was a race: processes that awarded",
        wanted="> 1",
        found=guarded["awarding_processes"],
        kept=guarded["awarding_processes"] > 1,
    )
    report.promise("the rest was refused for the ceiling", wanted=cases - fits, found=guarded["refused_answers"])
    report.promise("lock errors shown to a person", wanted=0, found=guarded["lock_errors"])
    report.promise("other errors", wanted=[], found=guarded["other_errors"])
    report.promise("differences between budget and ledger", wanted=0, found=books["differences"])
    naive = race(
        asked,
        **dict(zip(("cases", "fits", "processes"), asked.pick(quick=(24, 6, 4), full=(400, 80, 16)), strict=True)),
        unguarded=True,
    )
    report.controlled(
        "with the guard off the same race spends more than there is",
        shown=overspent(naive["books"]) > 0,
        overspent=str(overspent(naive["books"])),
        attempts=naive["attempts"],
    )
    return report
