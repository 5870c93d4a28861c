"""Rows by key: the same rows as Django finds, locked when asked, one query each."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation, User
from core.models import StoredFile
from core.rows import row
from tests.door.models import Door
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_row_is_what_django_would_have_read():
    made = Door.objects.create(behind="12.50")
    for _again in range(2):
        found, usual = row(Door, pk=made.pk), Door.objects.get(pk=made.pk)
        assert found == usual
        assert {field.attname: getattr(found, field.attname) for field in Door._meta.fields} == {
            field.attname: getattr(usual, field.attname) for field in Door._meta.fields
        }
        assert (found._state.db, found._state.adding) == ("default", False)


def test_several_columns_find_a_row_whatever_their_order():
    membership = MembershipFactory()
    keys = {"person_id": membership.person_id, "organisation_id": membership.organisation_id}
    assert row(Membership, **keys) == row(Membership, **dict(reversed(keys.items()))) == membership


def test_a_key_is_prepared_as_its_field_asks():
    with pytest.raises(StoredFile.DoesNotExist):
        row(StoredFile, pk="00000000-0000-0000-0000-000000000000")


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


def test_a_foreign_key_finds_its_row_with_one_query_and_remembers_it(django_assert_num_queries):
    membership = Membership.objects.get(pk=MembershipFactory().pk)
    with django_assert_num_queries(2):
        assert isinstance(membership.person, User)
        assert isinstance(membership.organisation, Organisation)
        assert membership.person.pk == membership.person_id


def test_an_empty_foreign_key_asks_nothing(django_assert_num_queries):
    organisation = Organisation(municipality_id=None)
    with django_assert_num_queries(0):
        assert organisation.municipality is None


def test_a_foreign_key_to_nobody_says_so():
    with pytest.raises(User.DoesNotExist):
        _ = Membership(person_id=UserFactory().pk + 1).person
