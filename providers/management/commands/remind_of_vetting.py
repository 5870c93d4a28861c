"""`manage.py remind_of_vetting`: reminds providers of evidence and admissions that run out. Run every night."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from providers.services.reminders import remind_of_expiry


class Command(BaseCommand):
    """Each reminder goes out once, 60, 30 and 7 days before the end; a missed night is caught up."""

    help = "Remind providers in time of vetting and evidence that run out."

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        self.stdout.write(f"{today}: {remind_of_expiry(on=today)} reminders sent")
