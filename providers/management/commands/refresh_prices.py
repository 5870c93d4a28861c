"""`manage.py refresh_prices`: brings prices whose day has come into the catalogue. Run every night."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from providers.services.catalogue import refresh_prices


class Command(BaseCommand):
    """Derived figures, no decision: running it twice on a day changes nothing more, and missed nights are caught up."""

    help = "Bring approved prices whose day has come into the catalogue's filters and order."

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        self.stdout.write(f"{today}: {refresh_prices(on=today)} solutions got another price")
