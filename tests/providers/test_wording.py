"""What is stored as codes and numbers, in the words of its reader."""

import pytest
from django.utils import translation

from providers.rules.preferred import StandingReason
from providers.wording import grounds_of


@pytest.mark.parametrize(("language", "number"), [("nl", "11,4"), ("en", "11.4")])
def test_a_ground_is_written_in_the_notation_of_its_reader(language, number):
    stored = {"code": StandingReason.MEAN_LOW.value, "params": {"value": "11.4", "needed": "13.0"}, "ground": ""}
    with translation.override(language):
        [ground] = grounds_of([stored])
        assert number in str(ground)
        assert "13 %" in str(ground)
