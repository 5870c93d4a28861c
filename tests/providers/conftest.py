"""The people around a provider, and the checklist that its dossiers answer to."""

import pytest

from accounts.enums import Role
from tests.factories.accounts import official
from tests.factories.providers import ProviderFactory, load_checklist, provider_member


@pytest.fixture
def checklist(db):
    """The published checklist, all of it."""
    load_checklist()


@pytest.fixture
def provider():
    """A provider that wants to be admitted; modules about later stages have one of their own."""
    return ProviderFactory()


@pytest.fixture
def member(provider):
    """Somebody of that provider."""
    return provider_member(provider)


@pytest.fixture
def assessor():
    """An official who assesses."""
    return official(Role.ASSESSOR)


@pytest.fixture
def decider():
    """An official who decides."""
    return official(Role.DECIDER)


@pytest.fixture
def as_(client):
    """A client logged in as somebody."""

    def log_in(person):
        client.force_login(person)
        return client

    return log_in
