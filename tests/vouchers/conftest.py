"""What the tests of vouchers and claims share: everybody around one case, and a sample that draws nobody."""

import pytest

from tests.factories.claims import case


@pytest.fixture
def them():
    """A voucher with everybody around it."""
    return case()


@pytest.fixture
def nobody_drawn(monkeypatch):
    """Nobody is drawn in the sample unless a test says so."""
    monkeypatch.setattr("vouchers.services.claim.sampled", lambda *_args: False)
