"""Sends what is ready over Stripe and looks after what is unknown. Run every minute; several at once do no harm."""

import os
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from payouts import rails, services
from payouts.models import Payout


class Command(BaseCommand):
    help = "Send released payouts over Stripe, look up what is unknown, close batches that are done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=500, help="payouts per round")
        parser.add_argument(
            "--loop", type=float, default=0, metavar="SECONDS", help="keep going, waiting so long between rounds"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            gateway = rails.stripe_gateway()
        except rails.NotSetUp as missing:
            if Payout.objects.due(clock.now()).exists():
                raise CommandError(str(missing)) from missing
            self.stdout.write(
                f"nothing due; batches closed {services.close_batches()}"
            )  # a house that pays by bank only
            return
        worker = f"{socket.gethostname()[:40]}:{os.getpid()}"
        while True:
            ended = services.dispatch_due(gateway=gateway, worker=worker, limit=options["limit"])
            closed = services.close_batches()
            told = ", ".join(f"{state} {n}" for state, n in sorted(ended.items())) or "nothing due"
            self.stdout.write(f"{told}; batches closed {closed}")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
