"""Awards at once from real processes against a ceiling that fits some of them: never a cent too much, no award lost and
no lock error shown to anybody (RELIABILITY invariants 1 and 2, table e). The race itself is tests/vouchers/race_awards.py.
"""

import json
from decimal import Decimal
from typing import Any

from bench.frame import Asked, Report, answer_of, child
from bench.scratch import copy_of, migrated

RACE = "vouchers.race_awards"


def race(asked: Asked, *, cases: int, fits: int, processes: int, unguarded: bool) -> dict[str, Any]:
    """Everybody starts at the same moment; what the processes saw, added up, and what the books say afterwards."""
    asked.tell(
        f"{cases} applications that want an award each, a ceiling for {fits}, {processes} processes"
        + (" without the guard" if unguarded else "")
    )
    with copy_of(asked) as url:
        numbers = {"cases": cases, "fits": fits, "processes": processes, "unguarded": unguarded}
        process = child("tests.run", RACE, json.dumps(numbers), environment={"DATABASE_URL": url})
        seen = answer_of(process, patience=7200)
    return {
        **seen,
        "awarded": sum(seen["awarded"]),
        "awarding_processes": sum(awarded > 0 for awarded in seen["awarded"]),
        "other": seen["other"][:5],
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
    report.promise("every award that was answered is in the books", wanted=books["awarded"], found=guarded["awarded"])
    report.promise(
        "the race was a race: processes that awarded",
        wanted="> 1",
        found=guarded["awarding_processes"],
        kept=guarded["awarding_processes"] > 1,
    )
    report.promise("the rest was refused for the ceiling", wanted=cases - fits, found=guarded["refused"])
    report.promise("lock errors shown to a person", wanted=0, found=guarded["lock_errors"])
    report.promise("other errors", wanted=[], found=guarded["other"])
    report.promise("differences between budget and ledger", wanted=[], found=books["differences"])
    naive = race(
        asked,
        **dict(zip(("cases", "fits", "processes"), asked.pick(quick=(24, 6, 4), full=(400, 80, 16)), strict=True)),
        unguarded=True,
    )
    report.controlled(
        "with the guard off the same race spends more than there is",
        shown=overspent(naive["books"]) > 0,
        overspent=str(overspent(naive["books"])),
        attempts=naive["cases"],
    )
    return report
