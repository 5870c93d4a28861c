"""The world of the matrix: built once for the whole folder, in a transaction of its own that is never kept."""

import logging

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from core import clock
from tests.permissions.world import NOW, World, build


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> World:
    """Every test of this folder asks the same world; what a test changes is rolled back after it.

    It has a mail folder of its own: what earlier tests sent stays lying in the one they share.
    """
    mail = override_settings(EMAIL_FILE_PATH=tmp_path_factory.mktemp("mail"))
    everything = transaction.atomic()
    everything._from_testcase = True  # as Django's own TestCase does: the services may open their outermost unit in it
    logging.disable(logging.WARNING)  # every refusal is a warning of Django's, and there are thousands
    try:
        with mail, django_db_blocker.unblock(), clock.fixed(NOW), translation.override("nl"), everything:
            world = build()
            yield world
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)
