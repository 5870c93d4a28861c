"""`manage.py load_demo`: fictional providers, businesses and cases, made as people would have made them."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace.demo import is_loaded, load, too_early


class Command(BaseCommand):
    """Loads the demo once; running it again changes nothing. Never in production.

    It is all or nothing: when it is broken off, the database is as it was before. Takes under a minute on two cores.
    """

    help = "Load the demo data, unless it is there already. Refuses in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data never goes into production.")
        if is_loaded():
            self.stdout.write("Demo data: nothing changed.")
            return
        if first := too_early():
            self.stderr.write(f"Demo data: none, because its story cannot be told before {first}. Is the clock right?")
            return
        self.stdout.write("Demo data: loading, this takes about half a minute ...")
        self.stdout.flush()
        started = time.monotonic()
        counts = load(tell=lambda line: self.stdout.write(f"  {line}"))
        numbers = ", ".join(f"{number} {name}" for name, number in counts.items())
        self.stdout.write(f"Demo data: {numbers}, in {time.monotonic() - started:.0f} s.")
