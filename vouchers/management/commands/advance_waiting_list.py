"""Money that came free goes to who waits, in order of rank (DESIGN 4.10).

`manage.py sweep_terms` does this every night; run this one to do it at once, after raising a ceiling.
"""

from typing import Any

from django.core.management.base import BaseCommand

from vouchers.services import advance_waiting_lists


class Command(BaseCommand):
    help = "Sets money aside for applications on the waiting list of every open programme, as far as it goes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for code, served in advance_waiting_lists().items():
            self.stdout.write(f"{code}: money for {served} who waited")
