"""What people do with a hand on the file, a machine does not do; the exceptions are named (DESIGN 4.8, ADR 0027)."""

import re
from pathlib import Path

from django.apps import apps

from core.actors import SystemActor
from core.state import StatefulModel
from vouchers.models import Application, Claim

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["core", "accounts", "providers", "roadmap", "vouchers", "payouts", "api", "marketplace"]


def actors() -> set[str]:
    """The names of the machines, from the code: a new one is in by itself."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return {name for file in files for name in re.findall(r'SystemActor\("([^"]+)"\)', file.read_text())}


FOLLOWS = {
    (Claim, "withhold", "payouts"): "what is in doubt just before a payment waits for a person",
    (Claim, "release", "terms"): "the law's longest term of withholding is over",
    (Claim, "settle_at_nil", "vouchers"): "somebody determined it at nothing, so nothing is paid",
    (Application, "queue", "ceiling"): "the money is spoken for at the moment it is sent",
}
"""What a machine does that a person does with a hand: each follows from a rule, and decides nothing."""


def test_a_machine_does_no_deciding_verb_but_those_that_follow_from_a_rule():
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
    assert found == FOLLOWS.keys()
