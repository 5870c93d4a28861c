"""The contract server for the tests beside it."""

import pytest

from tests.stripe_contract.server import ContractServer


@pytest.fixture
def stripe():
    with ContractServer() as server:
        yield server
        assert server.violations == []
