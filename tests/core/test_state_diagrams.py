"""The page with the state diagrams is drawn from the code and never stale."""

import pytest
from django.core.management import CommandError, call_command

from core.management.commands import state_diagrams
from core.management.commands.state_diagrams import diagram, machines, page
from core.state import transitions_of
from providers.models import Provider


def test_the_page_in_docs_is_what_the_code_says(capsys):
    call_command("state_diagrams", "--check")
    assert "up to date" in capsys.readouterr().out


def test_every_arrow_of_every_machine_is_on_the_page():
    drawn = page()
    for model in machines():
        for source, verb, target in transitions_of(model):
            assert f"    {source} --> {target}: {verb}" in drawn, (model, source, verb)


def test_the_page_is_the_same_whatever_the_language(settings):
    dutch = page()
    settings.LANGUAGE_CODE = "en"
    assert page() == dutch


def test_a_diagram_starts_and_ends_and_names_the_hand():
    drawn = diagram(Provider)
    assert drawn.startswith("stateDiagram-v2\n    [*] --> applicant\n")
    assert "admitted --> suspended: suspend (decider)" in drawn
    assert "left --> applicant: reapply" in drawn


def test_a_stale_page_is_named(monkeypatch):
    monkeypatch.setattr(state_diagrams, "page", lambda: "something else")
    with pytest.raises(CommandError, match="stale"):
        call_command("state_diagrams", "--check")
