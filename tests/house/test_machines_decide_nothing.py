"""What people do with a hand on the file, a machine does not do, with one exception that is named (DESIGN 4.8, ADR 0027)."""

import re
from pathlib import Path

from django.apps import apps

from core.actors import SystemActor
from core.state import StatefulModel
from vouchers.models import Claim

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["core", "accounts", "providers", "roadmap", "vouchers", "payouts", "api", "marketplace"]


def actors() -> set[str]:
    """The names of the machines, from the code: a new one is in by itself."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return {name for file in files for name in re.findall(r'SystemActor\("([^"]+)"\)', file.read_text())}


def test_a_machine_does_no_deciding_verb_but_withholding_what_it_doubts_before_a_payment():
    machines = [model for model in apps.get_models() if issubclass(model, StatefulModel) and model.HANDS]
    assert len(machines) > 5
    assert {"payouts", "terms", "standing"} <= actors()
    found = {
        (model, verb, name)
        for model in machines
        for verb in model.HANDS
        for name in actors()
        if model().may(verb, SystemActor(name))
    }
    assert found == {(Claim, "withhold", "payouts")}
