"""Makes a checkpoint of the trail and prints it, to be kept where the database operator cannot reach it."""

from typing import Any

from django.core.management.base import BaseCommand

from core import audit


class Command(BaseCommand):
    help = "Seals the audit trail: prints a checkpoint to keep outside this system (verify_audit --checkpoint FILE)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(audit.checkpoint().body)
