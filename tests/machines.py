"""Walking a machine: every state x every verb, against a table written by hand (DESIGN 3).

    from tests.machines import every_step, take_step

    TABLE = {("draft", "submit", "submitted"), ...}

    def test_the_machine_is_the_table():
        assert transitions_of(Thing) == TABLE

    @pytest.mark.parametrize(("source", "verb", "target"), every_step(Thing, TABLE))
    def test_every_step_of_the_machine(source, verb, target):
        take_step(Thing, source, verb, target)

`target` is None where the table has no such arrow: then the step has to be refused and the state has to stay.
"""

import inspect
from typing import Any
from unittest.mock import MagicMock

import pytest

from core.state import StatefulModel, Transition, TransitionNotAllowed


def states_of(model: type[StatefulModel]) -> list[str]:
    """Every state of a model's machine, in the order of its enum."""
    return [str(value) for value, _label in model._meta.get_field("state").choices]


def every_step(model: type[StatefulModel], table: set[Transition]) -> list[Any]:
    """Parameters (source, verb, target or None) for every state x every verb of the table, forbidden ones included."""
    targets = {(source, verb): target for source, verb, target in table}
    assert len(targets) == len(table), "one verb leads from one state to one state"
    verbs = sorted({verb for _source, verb, _target in table})
    return [
        pytest.param(source, verb, targets.get((source, verb)), id=f"{source}-{verb}")
        for source in states_of(model)
        for verb in verbs
    ]


def take_step(model: type[StatefulModel], source: str, verb: str, target: str | None, **details: Any) -> StatefulModel:
    """Takes one step on a row that is not saved and asserts where it ends.

    What the verb asks for is made up unless `details` names it. Returns the row, so that a test can look at what the verb
    wrote.
    """
    subject = model(state=source)
    move = getattr(subject, verb)
    asked = [name for name, parameter in inspect.signature(move).parameters.items() if _wanted(parameter)]
    given = {name: details.get(name, MagicMock(name=name)) for name in asked}
    if target is None:
        with pytest.raises(TransitionNotAllowed):
            move(**given)
        assert subject.state == source
    else:
        move(**given)
        assert subject.state == target
    return subject


def _wanted(parameter: inspect.Parameter) -> bool:
    named = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return parameter.kind in named and parameter.default is inspect.Parameter.empty
