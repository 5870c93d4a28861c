"""The third wall: compares every budget with the ledger and with what the cases hold and were paid (RELIABILITY invariant 5)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vouchers.models import Budget
from vouchers.services.budget import differences


class Command(BaseCommand):
    help = "Recomputes every budget from its ledger and its cases and fails when they differ by a cent. Run it every night."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = differences()
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} differences between budgets, ledger and cases", returncode=1)
        self.stdout.write(f"{Budget.objects.count()} budgets equal their ledger")
