"""The style guide shows every part that pages are built from, so that nobody builds one twice or judges one unseen."""

from pathlib import Path

import pytest
from django.conf import settings

COMPONENTS = sorted(path.name for path in (Path(settings.BASE_DIR) / "templates" / "components").glob("*.html"))
NOT_SHOWN: dict[str, str] = {}
"""Components without a picture, each with why."""


@pytest.fixture
def shown(client, db) -> set[str]:
    return {template.name for template in client.get("/styleguide/").templates}


def test_every_component_is_shown_or_has_a_reason_not_to_be(shown):
    missing = {name for name in COMPONENTS if f"components/{name}" not in shown}
    assert missing == set(NOT_SHOWN)


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_state_of_a_component_is_shown(client, db, language):
    page = client.get(f"{language}/styleguide/").content.decode()
    for state in (
        'class="trede-messages"',
        'class="trede-account-bar"',
        "trede-path__step--done",
        "trede-badge--ended",
        'rel="prev"',
        'rel="next"',
        'id="sample-empty"',
    ):
        assert state in page, state
    assert page.count("trede-meter__bar") == 3
    assert page.count('class="trede-plot"') == 2
    assert page.count("trede-pagination") >= 3
