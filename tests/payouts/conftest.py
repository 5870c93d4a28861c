"""Programmes, people and the contract server for the tests of payments."""

import pytest

from payouts.gateways.stripe import StripeGateway
from tests.factories.payouts import STRIPE_ACCOUNT, handlers
from tests.payouts.world import World, world
from tests.stripe_contract.server import KEY, SECRET, ContractServer


@pytest.fixture
def waiting(db) -> World:
    """Claims that wait for payment, on both rails."""
    return world()


@pytest.fixture
def programme(waiting):
    """Pays by SEPA."""
    return waiting.sepa


@pytest.fixture
def fast_programme(waiting):
    """Pays over Stripe."""
    return waiting.stripe


@pytest.fixture
def payable_claim(waiting):
    """Hands out a claim whose amount has been decided."""
    return waiting.claim


@pytest.fixture
def treasurer(waiting):
    return handlers()[0]


@pytest.fixture
def approver(waiting):
    return handlers()[1]


@pytest.fixture
def stripe():
    with ContractServer() as server:
        server.account(STRIPE_ACCOUNT)
        yield server
        assert server.violations == []


@pytest.fixture
def gateway(stripe):
    return StripeGateway(api_key=KEY, base=stripe.url, timeout=(2, 0.3))


@pytest.fixture(autouse=True)
def _banks_are_open(monday):
    """What the bank books, it books on a day on which banks pay."""


@pytest.fixture(autouse=True)
def _our_stripe(settings):
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
