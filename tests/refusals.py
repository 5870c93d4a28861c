"""What a service refused: the codes of the reasons that it gave."""

import pytest

from core.reasons import Refused


def codes(refused) -> list:
    """The codes in what `pytest.raises(Refused)` caught, in the order in which they were given."""
    return [reason.code for reason in refused.value.reasons]


def code_set(refused) -> set:
    """The same codes where their order does not matter."""
    return set(codes(refused))


def refusal(act, **asked) -> list:
    """The codes with which `act` is refused, in order; a test fails when it is not refused at all."""
    with pytest.raises(Refused) as refused:
        act(**asked)
    return codes(refused)


def refusal_set(act, **asked) -> set:
    """The codes with which `act` is refused, where their order does not matter."""
    return set(refusal(act, **asked))


def refusal_names(act, **asked) -> list[str]:
    """The names of the codes with which `act` is refused, in order."""
    return [code.name for code in refusal(act, **asked)]
