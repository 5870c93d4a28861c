"""The reference data in the database, loaded once per test run and rolled back after each test like everything else."""

import pytest

from roadmap.reference.store import store
from tests.roadmap.reference_data import reference


@pytest.fixture
def facts(db):
    """Provinces, sectors, categories, roadmap and questionnaire, as `load_reference` writes them."""
    store(reference())
