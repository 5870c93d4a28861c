"""`manage.py purge_scans`: forgets anonymous scans past their retention date (DESIGN 4.16). Meant for every night."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from core.actors import SystemActor
from roadmap.services import purge_scans


class Command(BaseCommand):
    """Running it twice on a day forgets nothing more. Scans that a business saved are never touched."""

    help = "Forget anonymous scans past their retention date."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = purge_scans(by=SystemActor("retention"), on=clock.today())
        self.stdout.write(f"{gone} scans forgotten")
