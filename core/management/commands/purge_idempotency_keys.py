"""Forgets old idempotency keys and the answers kept with them. Meant for every night; twice on a day forgets nothing more."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from core.idempotency import KEPT_DAYS, forget_old_keys


class Command(BaseCommand):
    help = f"Forget idempotency keys and their stored answers after {KEPT_DAYS} days."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{forget_old_keys(on=clock.today())} keys forgotten")
