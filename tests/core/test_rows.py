"""One row by its key, locked when asked."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from core.rows import row
from tests.door.models import Door
from tests.factories.accounts import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_several_columns_find_a_row():
    membership = MembershipFactory()
    assert row(Membership, person_id=membership.person_id, organisation_id=membership.organisation_id) == membership


def test_no_row_says_so():
    with pytest.raises(Door.DoesNotExist):
        row(Door, pk=0)


def test_a_locked_row_is_locked():
    door = Door.objects.create()
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        row(Door, pk=door.pk, locked=True)
        row(Door, pk=door.pk)
    locked, plain = (query["sql"] for query in asked.captured_queries)
    assert ("FOR UPDATE" in locked) == connection.features.has_select_for_update
    assert "FOR UPDATE" not in plain
