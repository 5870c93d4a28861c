"""200 awards at once from eight processes, a ceiling that fits 40: exactly 40. With the guard off the same race overspends."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.vouchers.race_awards import AWARD

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 8
HEAD_START = 12.0
PATIENCE = 420.0

pytestmark = pytest.mark.database

ACCOUNTS = """
import json
import django
django.setup()
from vouchers.models import Application, Budget, Decision, Voucher
from vouchers.services import differences
budget = Budget.objects.get()
print(json.dumps({
    "awarded": Application.objects.filter(state="awarded").count(),
    "decisions": Decision.objects.count(),
    "vouchers": Voucher.objects.count(),
    "worth": str(sum(voucher.amount for voucher in Voucher.objects.all())),
    "ceiling": str(budget.ceiling),
    "committed": str(budget.committed),
    "differences": differences(),
}))
"""


def environment(database: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONWARNINGS": "ignore",
    }


def child(database: str, task: str, asked: dict, *, unguarded: bool) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.vouchers.race_awards", task, "--asked", json.dumps(asked)]
    return subprocess.Popen(
        [*command, "--unguarded"] if unguarded else command,
        cwd=ROOT,
        env=environment(database),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer_of(process: subprocess.Popen) -> dict:
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err[-3000:]
    return json.loads(out)


def race(database: str, *, cases: int, fits: int, unguarded: bool) -> tuple[list[dict], dict]:
    """Everybody starts at the same moment. Returns what each process saw, and what the database says afterwards."""
    made = answer_of(child(database, "prepare", {"cases": cases, "fits": fits}, unguarded=unguarded))
    start_at = time.time() + HEAD_START
    runners = [
        child(
            database,
            "award",
            {
                "cases": made["cases"][number::PROCESSES],
                "decider": made["deciders"][number % len(made["deciders"])],
                "start_at": start_at,
            },
            unguarded=unguarded,
        )
        for number in range(PROCESSES)
    ]
    seen = [answer_of(runner) for runner in runners]
    books = subprocess.run(
        [sys.executable, "-c", ACCOUNTS],
        cwd=ROOT,
        env=environment(database),
        capture_output=True,
        text=True,
        check=True,
    )
    return seen, json.loads(books.stdout)


def total(seen: list[dict], what: str) -> int:
    return sum(row[what] for row in seen)


def test_200_awards_at_once_against_a_ceiling_for_40_are_exactly_40(scratch_database):
    seen, books = race(scratch_database, cases=200, fits=40, unguarded=False)
    assert [row["other"] for row in seen] == [[] for _process in seen]
    assert total(seen, "lock_errors") == 0
    assert total(seen, "awarded") == 40
    assert total(seen, "refused") == 160
    assert min(row["awarded"] for row in seen) < 40, "the race was a race"
    assert books["awarded"] == books["decisions"] == books["vouchers"] == 40
    assert books["worth"] == books["ceiling"] == books["committed"] == str(AWARD * 40)
    assert books["differences"] == []


def test_with_the_guard_off_the_same_race_overspends(scratch_database):
    seen, books = race(scratch_database, cases=64, fits=12, unguarded=True)
    assert [row["other"] for row in seen] == [[] for _process in seen]
    assert books["awarded"] > 12, "a control that cannot fail proves nothing"
    assert float(books["worth"]) > float(books["ceiling"])
    assert books["differences"] != []
