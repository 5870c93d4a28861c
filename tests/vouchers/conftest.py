"""What the tests of vouchers and claims share: everybody around one case."""

import pytest

from tests.factories.claims import case


@pytest.fixture
def them():
    """A voucher with everybody around it."""
    return case()
