"""Handles the messages Stripe sent: fetches each object and acts on that. Run every minute; several at once do no harm."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from payouts import rails, services
from payouts.models import InboxEvent


class Command(BaseCommand):
    help = "Handle received webhook messages; exit with 1 when some were set apart for people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=500, help="messages per round")
        parser.add_argument(
            "--loop", type=float, default=0, metavar="SECONDS", help="keep going, waiting so long between rounds"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            gateway = rails.stripe_gateway()
        except rails.NotSetUp as missing:
            if InboxEvent.objects.due(clock.now()).exists():
                raise CommandError(str(missing)) from missing
            self.stdout.write("nothing due")  # a house that pays by bank only
            return
        while True:
            ended = services.process_due(gateway=gateway, limit=options["limit"])
            self.stdout.write(", ".join(f"{state} {n}" for state, n in sorted(ended.items())) or "nothing due")
            if not options["loop"]:
                if ended["quarantined"]:
                    raise CommandError(f"{ended['quarantined']} set apart: see the work list")
                return
            time.sleep(options["loop"])
