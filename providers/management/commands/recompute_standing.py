"""Runs the published rule of the preferred list on every solution in the catalogue (DESIGN 4.6): once a month, and at will."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.reasons import Refused
from providers.models import Solution, StandingRun
from providers.models.catalogue import SHOWN
from providers.services.catalogue import refresh_prices
from providers.services.standing import STANDING, recompute_standing, replay


class Command(BaseCommand):
    help = (
        "Judges every listed solution by the published rule and acts on it (prefer, warn, restore, drop). "
        "With --replay judges every stored run again from its frozen inputs and fails when one differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--replay", action="store_true", help="only check the stored runs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["replay"]:
            self._replay()
            return
        today, moves, failed = clock.today(), Counter(), []
        refresh_prices(on=today)
        # One unit per solution: a run that fails keeps no other from being made.
        for solution in Solution.objects.filter(state__in=SHOWN).order_by("pk").iterator(chunk_size=200):
            try:
                moves[str(recompute_standing(by=STANDING, solution=solution, on=today).move)] += 1
            except Refused as refused:
                failed.append(f"{solution.slug}: {refused}")
        summary = ", ".join(f"{move} {number}" for move, number in sorted(moves.items())) or "nothing to judge"
        self.stdout.write(f"{today}: {sum(moves.values())} solutions judged ({summary})")
        if failed:
            raise CommandError("\n".join(failed))

    def _replay(self) -> None:
        checked, different = 0, []
        for run in StandingRun.objects.order_by("pk").iterator(chunk_size=200):
            checked += 1
            if not replay(run):
                different.append(str(run.pk))
        if different:
            raise CommandError(f"{len(different)} of {checked} runs differ when judged again: {', '.join(different)}")
        self.stdout.write(f"{checked} runs judged again, all the same")
