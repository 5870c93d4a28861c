"""`manage.py state_diagrams`: docs/state-machines.md, drawn from the code of every machine in the house."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.state import StatefulModel, transitions_of

PAGE = Path("docs") / "state-machines.md"

HEAD = """# The machines

Drawn from the code by `manage.py state_diagrams`; a test fails when this page is stale. One machine per model, in its field
`state`; only `core.workflow.perform` takes a step. Behind a verb stands the hand it lays on the file (DESIGN 4.8).
"""


def machines() -> list[type[StatefulModel]]:
    """Every model of the product with a machine, room by room, by name; models that only tests have are left out."""
    rooms = ["core", "accounts", "providers", "roadmap", "vouchers", "payouts", "api", "marketplace"]
    found = [model for model in apps.get_models() if issubclass(model, StatefulModel)]
    named = [model for model in found if model._meta.app_label in rooms]
    return sorted(named, key=lambda model: (rooms.index(model._meta.app_label), model.__name__))


def diagram(model: type[StatefulModel]) -> str:
    """One machine as a Mermaid state diagram: states in the order of the enum, then every arrow."""
    state = model._meta.get_field("state")
    states = [str(value) for value, _label in state.choices]
    arrows = sorted(transitions_of(model), key=lambda arrow: (states.index(arrow[0]), arrow[1], arrow[2]))
    start = str(state.get_default())
    ends = [name for name in states if name not in {source for source, _verb, _target in arrows}]
    lines = ["stateDiagram-v2", f"    [*] --> {start}"]
    for source, verb, target in arrows:
        hand = model.HANDS.get(verb)
        lines.append(f"    {source} --> {target}: {verb}{f' ({hand.value})' if hand else ''}")
    return "\n".join([*lines, *(f"    {name} --> [*]" for name in ends)])


def page() -> str:
    """The whole page, the same text on every machine and in every language."""
    with translation.override("en"):
        parts = [
            f"## {model.__name__} ({model._meta.app_label})\n\n```mermaid\n{diagram(model)}\n```\n"
            for model in machines()
        ]
    return "\n".join([HEAD, *parts])


class Command(BaseCommand):
    help = "Writes docs/state-machines.md from the machines in the code; --check only looks whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / PAGE
        drawn = page()
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if options["check"]:
            if kept != drawn:
                raise CommandError(f"{PAGE} is stale: run manage.py state_diagrams")
            self.stdout.write(f"{PAGE} is up to date: {len(machines())} machines")
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
        self.stdout.write(f"{PAGE}: {len(machines())} machines")
