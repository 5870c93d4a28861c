"""`manage.py load_reference`: the facts the product starts from, out of fixtures/reference into the database."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import module_has_submodule

from core.workflow import unit
from roadmap.reference import Reader, ReferenceFault, read_reference
from roadmap.reference.store import Outcome, store


class Command(BaseCommand):
    """Loads provinces, municipalities, sectors, categories, checklist, roadmap, questionnaire and programmes.

    Running it again changes nothing. A fault in any file stops it before anything is kept, with the file and the row.
    A room above this one that has reference data of its own offers `<room>/reference.py` with `load(reader)`; it is found
    by that name, so that nobody here knows who they are.
    """

    help = "Load the reference data. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, help="folder with the CSV files (fixtures/reference)")

    def handle(self, *args: Any, folder: Path | None = None, **options: Any) -> None:
        reader = Reader(folder or settings.BASE_DIR / "fixtures" / "reference")
        try:
            outcomes = load_all(reader)
        except ReferenceFault as fault:
            raise CommandError(str(fault)) from fault
        for outcome in outcomes:
            if options["verbosity"] > 1 or not outcome.quiet:
                numbers = f"{outcome.created} new, {outcome.changed} changed, {outcome.removed} removed"
                self.stdout.write(f"{outcome.model}: {numbers}, {outcome.unchanged} as they were")
            if outcome.kept:
                self.stderr.write(f"{outcome.model}: no file names {', '.join(outcome.kept)} any more; kept")
        if all(outcome.quiet for outcome in outcomes):
            self.stdout.write("Reference data: nothing changed.")


@unit
def load_all(reader: Reader) -> list[Outcome]:
    """Everything, in one unit: nothing half loaded."""
    outcomes = store(read_reference(reader))
    for load in rooms_above():
        outcomes += load(reader)
    return outcomes


def rooms_above() -> list[Any]:
    """The `load` of every other room that has reference data, lowest room first."""
    found = []
    for config in reversed(list(apps.get_app_configs())):
        if config.name != "roadmap" and module_has_submodule(config.module, "reference"):
            load = getattr(import_module(f"{config.name}.reference"), "load", None)
            if load is not None:
                found.append(load)
    return found
