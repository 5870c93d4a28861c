"""The auditor's home says what is known of the trail, and claims nothing that it did not check."""

import datetime as dt

import pytest

from accounts.enums import OrganisationKind, Role
from accounts.services import set_up_organisation
from core import audit, clock
from core.actors import SystemActor
from tests.factories.accounts import official

pytestmark = pytest.mark.django_db


def home(client, path: str) -> str:
    client.force_login(official(Role.AUDITOR))
    return " ".join(client.get(path).content.decode().split())


def test_an_empty_trail_has_no_entries_and_no_checkpoint(client):
    page = home(client, "/en/mijn/")
    assert "The audit trail has 0 entries. No checkpoint has been made yet." in page


def test_the_length_of_the_trail_and_the_day_of_the_last_checkpoint_are_told(client):
    set_up_organisation(by=SystemActor("set-up"), kind=OrganisationKind.DESK, legal_name="Loket")
    for day in (1, 2):
        # Half an hour before midnight in universal time is already the next day here.
        with clock.fixed(dt.datetime(2026, 3, day, 23, 30, tzinfo=dt.UTC)):
            audit.checkpoint()
    page = home(client, "/mijn/")
    assert "Het controlespoor heeft 1 regel. Controlepunt 2 van 3 maart 2026 is het laatste." in page
    assert "Elke nacht controleert de computer het hele spoor." in page
    assert "verify_audit" not in page
    assert "volledig" not in page
