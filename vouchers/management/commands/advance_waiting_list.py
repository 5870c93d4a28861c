"""Money that came free goes to who waits, in order of rank (DESIGN 4.10). Run it every night, and after raising a ceiling."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from vouchers.models import Programme
from vouchers.services import advance_waiting_list


class Command(BaseCommand):
    help = "Sets money aside for applications on the waiting list of every open programme, as far as it goes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for programme in Programme.objects.open(clock.today()).order_by("pk"):
            served = advance_waiting_list(programme=programme)
            self.stdout.write(f"{programme.code}: money for {served} who waited")
