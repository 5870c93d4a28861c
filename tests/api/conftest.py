"""The reference data that most answers of the API are about."""

import pytest
from django.core.management import call_command


@pytest.fixture
def reference(db):
    """All reference data, the open programme included, as `load_reference` writes it."""
    call_command("load_reference", verbosity=0)
