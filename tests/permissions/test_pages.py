"""What stands on the pages that open: the control of the matrix, and downloads that stay downloads."""

import re

import pytest
from django.urls import reverse

from core.models import AuditEntry
from tests.permissions.asking import address, get, post, rolled_back, unwritten, words
from tests.permissions.kinds import NOWHERE, PUBLIC, Answer, Kind, Row
from tests.permissions.table import ROWS

pytestmark = pytest.mark.django_db

READ = [row for row in ROWS if row.get and Answer.OPEN in row.get.values()]
BUTTONS = [row for row in ROWS if row.name == "payouts:bank_file"]
"""Downloads that leave a mark in the trail, so that a link is not enough."""
DOWNLOADS = [*[row for row in READ if re.search(r"csv$|(?<!drop)_file$|evidence$", row.name + row.query)], *BUTTONS]


def opens_for(row: Row) -> Kind:
    return next(kind for kind in Kind if (row.get or row.post)[kind] == Answer.OPEN)


def test_owners_do_read_what_is_kept_from_strangers(world):
    """The control of the matrix: the words it looks for on strangers' pages do stand on the pages."""
    for name, kind in [
        ("vouchers:application", Kind.SME_OWNER),
        ("vouchers:vouchers", Kind.SME_OWNER),
        ("marketplace:my_trede", Kind.SME_OWNER),
        ("providers:my_solutions", Kind.PROVIDER_OWNER),
        ("vouchers:provider_vouchers", Kind.PROVIDER_OWNER),
        ("payouts:payouts", Kind.TREASURER),
        ("vouchers:assess_queue", Kind.AUDITOR),
    ]:
        shown = words(get(world, next(row for row in READ if row.name == name), kind))
        assert [secret for secret in world.secrets if secret in shown], name


def test_there_are_downloads_of_every_sort():
    names = {row.name for row in DOWNLOADS}
    assert {"providers:evidence", "vouchers:quote_file", "vouchers:claim_file", "payouts:bank_file"} <= names
    assert {"marketplace:trail_csv", "providers:vetting_queue_csv", "payouts:payouts", "vouchers:claim_queue"} <= names


@pytest.mark.parametrize("row", DOWNLOADS, ids=str)
def test_a_download_is_never_a_page_and_is_kept_by_nobody(world, row: Row):
    with rolled_back():
        response = (get if row.get else post)(world, row, opens_for(row))
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["X-Content-Type-Options"] == "nosniff"
    if row.get != PUBLIC:
        assert "no-store" in response["Cache-Control"]


def test_a_page_for_nobody_exists_for_nobody():
    """The rows that say so are about objects that do exist, or the table would promise nothing."""
    assert len([row for row in ROWS if NOWHERE in (row.get, row.post)]) >= 5


def test_no_page_of_a_login_is_kept_by_a_cache(world):
    for name in ("marketplace:my_trede", "vouchers:applications", "accounts:profile", "marketplace:my_scans"):
        response = world.clients[Kind.SME_OWNER].get(reverse(name))
        assert "no-store" in response["Cache-Control"], name


def test_the_head_of_a_page_is_asked_as_the_page_is_and_does_no_more(world):
    """A check whether a link still works asks for no more than the head: no page may take that for a press on a button."""
    other = {}
    for row in READ:
        kind, answers = opens_for(row), []
        for method in ("get", "head"):
            with rolled_back(), unwritten():
                status = getattr(world.clients[kind], method)(address(world, row)).status_code
                answers.append((status, AuditEntry.objects.count()))
        if answers[0] != answers[1]:
            other[str(row)] = answers
    assert other == {}
