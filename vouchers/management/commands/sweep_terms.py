"""`manage.py sweep_terms`: reminders, last calls, lapses and releases that are due today; then the waiting list. Run daily."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from vouchers.services.sweep import sweep_terms


class Command(BaseCommand):
    help = "Reminds, calls for the last time, lapses, settles, closes and releases what is due today; then the waiting list."

    def handle(self, *args: Any, **options: Any) -> None:
        done = asdict(sweep_terms())
        self.stdout.write(", ".join(f"{name} {number}" for name, number in done.items()))
