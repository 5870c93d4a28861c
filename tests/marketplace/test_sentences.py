"""Every act that the code can write into the trail has a sentence."""

import ast

import pytest
from django.conf import settings
from django.utils.translation import override

from core.management.commands.state_diagrams import machines
from core.state import transitions_of
from marketplace.sentences import MACHINES, REFERENCE, SENTENCES, sentence
from marketplace.trail_rows import in_words, state_words

ROOMS = ("accounts", "api", "marketplace", "payouts", "providers", "roadmap", "vouchers")
DOORS = {"perform": 1, "record": 1, "note": None}
"""The calls that write an entry, and at which place their action stands; by name it is `action`."""

CHOSEN_BY_CALLER = {
    ("payouts/services/dispatch.py", "_conclude"): {"decline", "escalate", "lose"},
    ("payouts/services/inbox.py", "_close"): {"process", "ignore", "quarantine"},
    ("payouts/services/resolution.py", "confirm_resolution"): {"settle", "absent", "decline"},
    ("providers/services/feedback.py", "_counted"): {"withhold", "count_again"},
    ("providers/services/measures.py", "_take"): {"suspend", "remove"},
    ("roadmap/services/scan.py", "_note_if_saved"): {"change_have", "set_progress"},
    ("vouchers/services/assessment.py", "_in_review"): {"verdict", "correct_line"},
    ("vouchers/services/decision.py", "_end"): {"refuse", "dismiss"},
    ("vouchers/services/objection.py", "_decide"): {
        "uphold",
        "uphold_in_part",
        "reject",
        "declare_inadmissible",
    },
    ("vouchers/services/reclaim.py", "_end"): {"write_off", "annul"},
}
"""Where the action is a variable: by file and function, what it can be."""


def _calls():
    """Every call of a door: (file, function it stands in, the action's expression)."""
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DOORS:
                        yield str(path.relative_to(settings.BASE_DIR)), function.name, _action(node)


def _action(call):
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "action"), None)
    place = DOORS[call.func.id]
    return named if named is not None else call.args[place]


def _literals(expression):
    return {node.value for node in ast.walk(expression) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("model", machines(), ids=lambda model: model.__name__)
def test_every_verb_of_every_machine_has_a_sentence(model):
    verbs = {verb for _source, verb, _target in transitions_of(model)}
    assert verbs <= set(SENTENCES[model._meta.label_lower])


def test_every_recorded_action_has_a_sentence():
    known = {action for verbs in SENTENCES.values() for action in verbs} | {REFERENCE}
    variable = set()
    for file, function, expression in _calls():
        if isinstance(expression, ast.Constant):
            assert expression.value in known, f"{file}: {function} records {expression.value}"
        elif _literals(expression):
            assert _literals(expression) <= known, f"{file}: {function}"
        else:
            variable.add((file, function))
    assert variable == set(CHOSEN_BY_CALLER)
    assert set.union(*CHOSEN_BY_CALLER.values()) <= known


def test_every_machine_that_acts_has_a_name():
    named = set()
    for room in ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SystemActor":
                    named.add(ast.literal_eval(node.args[0]))
    assert named <= set(MACHINES)


def test_the_sentences_stand_in_both_languages():
    for verbs in SENTENCES.values():
        for words in verbs.values():
            with override("en"):
                english = str(words)
            with override("nl"):
                assert str(words) != english


def test_an_act_without_a_sentence_shows_its_code():
    assert sentence("door.door", "knock") == "deed ‘knock’"


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (True, "ja"),
        (False, "nee"),
        (None, "–"),
        ("2026-11-28", "28 november 2026"),
        ("2026-11-28T09:04:54+00:00", "28 november 2026 10:04"),
        ("2026-999999", "2026-999999"),
        (["founded_on", "sbi"], "founded_on, sbi"),
        ({"created": 3, "ok": True}, "created: 3, ok: ja"),
        ("1250.00", "1250.00"),
        (7, "7"),
    ],
)
def test_facts_are_read_as_words(fact, words):
    assert in_words(fact) == words


def test_states_are_read_as_words():
    assert state_words("vouchers.application", "waiting_list") == "op de wachtlijst"
    assert state_words("nothing.here", "gone") == "gone"
