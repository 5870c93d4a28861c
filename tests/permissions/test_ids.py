"""Ids that one has no business with: another's, nobody's, one of another case, or one that is smuggled in with a form."""

import re
import uuid
from itertools import cycle
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import BankAccount
from core.models import AuditEntry
from providers.models import Package
from tests.permissions.asking import rolled_back, unwritten
from tests.permissions.kinds import Answer, Kind, Row
from tests.permissions.table import ROWS

pytestmark = pytest.mark.django_db

TOO_LONG = 2**63
"""One more than a database holds."""

OTHERS = [row for row in ROWS if row.args and row.get and row.get[Kind.SME_STRANGER] == Answer.MISSING]
NUMBERED = [row for row in ROWS if re.search(r"pk|_id\b|seq", row.args)]


def opens(row: Row) -> Kind | None:
    """Somebody for whom the page opens."""
    accesses = [access for access in (row.get, row.post) if access]
    return next((kind for kind in Kind if any(access[kind] == Answer.OPEN for access in accesses)), None)


def nowhere_like(value: Any) -> Any:
    """An id of the same sort that nothing has."""
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=value.int ^ 0xFFFF)
    return value + 10**6 if isinstance(value, int) else f"{value[:-1]}{'y' if value[-1] == 'x' else 'x'}"


def bare(response: Any, url: str) -> str:
    """The page without its own address and the token that every form gets afresh."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", response.content.decode().replace(url, ""))


@pytest.mark.parametrize("row", OTHERS, ids=str)
def test_anothers_is_as_absent_as_what_never_was(world, row: Row):
    args = world.args(row.args)
    theirs, never = (reverse(row.name, args=values) for values in (args, [nowhere_like(args[0]), *args[1:]]))
    client = world.clients[Kind.SME_STRANGER]
    found, missed = client.get(theirs), client.get(never)
    assert (found.status_code, missed.status_code) == (404, 404)
    assert bare(found, theirs) == bare(missed, never)
    assert found.headers.keys() == missed.headers.keys()


@pytest.mark.parametrize("row", [row for row in NUMBERED if opens(row)], ids=str)
def test_a_number_that_no_row_has_is_a_404(world, row: Row):
    client = world.clients[opens(row)]
    ask = client.get if row.get else client.post
    args = [TOO_LONG if isinstance(value, int) else value for value in world.args(row.args)]
    with rolled_back(), unwritten():
        assert ask(reverse(row.name, args=args)).status_code == 404


def test_no_page_takes_a_method_that_no_form_sends(world):
    taken = {}
    for row, method in zip(ROWS, cycle(["put", "patch", "delete"]), strict=False):
        url = row.path or reverse(row.name, args=world.args(row.args))
        with unwritten():
            status = getattr(world.clients[opens(row) or Kind.SME_OWNER], method)(url).status_code
        if status != 405 and opens(row):
            taken[str(row)] = (method, status)
    assert taken == {}


@pytest.mark.parametrize(
    ("name", "args", "kind", "method"),
    [
        ("vouchers:quote", "sent.pk draft_line.pk", Kind.SME_OWNER, "get"),
        ("vouchers:quote", "sent.pk draft_line.pk", Kind.SME_OWNER, "post"),
        ("vouchers:quote_file", "sent.pk draft_line.pk", Kind.SME_OWNER, "get"),
        ("vouchers:quote_file", "sent.pk draft_line.pk", Kind.AUDITOR, "get"),
        ("vouchers:answer_intent", "sent.pk intent.pk", Kind.SME_OWNER, "post"),
        ("vouchers:letter", "sent.pk refusal.pk", Kind.SME_OWNER, "get"),
        ("vouchers:object", "sent.pk refusal.pk", Kind.SME_OWNER, "post"),
        ("vouchers:voucher_respond", "claim_sent.voucher.number notice.pk", Kind.SME_OWNER, "post"),
        (
            "vouchers:claim_file",
            "claim_sent.voucher.number claim_sent.seq claim_draft.invoice_file_id",
            Kind.SME_OWNER,
            "get",
        ),
        (
            "vouchers:claim_file",
            "claim_sent.voucher.number claim_sent.seq claim_draft.invoice_file_id",
            Kind.AUDITOR,
            "get",
        ),
        ("providers:dossier_drop_file", "renewal.pk evidence.pk", Kind.PROVIDER_OWNER, "post"),
        ("providers:my_package", "solution.pk sketch_package.pk", Kind.PROVIDER_OWNER, "post"),
        ("providers:my_price", "solution.pk sketch_package.pk", Kind.PROVIDER_OWNER, "post"),
        ("providers:my_reference_resend", "sketch.pk reference.pk", Kind.PROVIDER_OWNER, "post"),
        ("payouts:resolve", "payout_waiting.number resolution.pk", Kind.APPROVER, "post"),
    ],
)
def test_what_belongs_to_another_case_does_not_exist_in_this_one(world, name, args, kind, method):
    """The person may open both cases; the address mixes them."""
    with rolled_back(), unwritten():
        assert getattr(world.clients[kind], method)(reverse(name, args=world.args(args))).status_code == 404
        assert AuditEntry.objects.count() == world.entries


def test_a_package_of_another_solution_is_not_taken_out(world):
    """Gone already is fine for this button, so it answers as if it were; the package stays."""
    url = reverse("providers:my_package_drop", args=world.args("solution.pk sketch_package.pk"))
    with rolled_back():
        assert world.clients[Kind.PROVIDER_OWNER].post(url).status_code == 302
        assert Package.objects.filter(pk=world.ids.sketch_package.pk).exists()


@pytest.mark.parametrize(
    ("name", "args", "kind", "body"),
    [
        ("vouchers:start", "", Kind.SME_STRANGER, {"business": "@business.pk", "quantity": "1"}),
        (
            "vouchers:claim_payment",
            "voucher.number claim_draft.seq",
            Kind.SME_OWNER,
            {"payee": "sme", "account": "@others_account.pk"},
        ),
        (
            "providers:my_solution_new",
            "",
            Kind.PROVIDER_OWNER,
            {
                "provider": "@others_provider.slug",
                "name": "Kassa",
                "category": "KASSA",
                "summary": "Kort.",
                "description": "Lang.",
                "min_level": "1",
                "max_level": "4",
            },
        ),
    ],
)
def test_anothers_id_in_a_form_is_no_choice(world, name, args, kind, body):
    world.ids.others_account = BankAccount.objects.exclude(organisation=world.ids.claim_draft.voucher.sme).first()
    world.ids.others_provider = world.people[Kind.PROVIDER_STRANGER].organisations().get().provider
    sent = {key: world.value(said[1:]) if said[0] == "@" else said for key, said in body.items()}
    sent["once"] = str(uuid.uuid4())
    with rolled_back():
        response = world.clients[kind].post(reverse(name, args=world.args(args)), sent)
        smuggled = next(key for key, said in body.items() if said[0] == "@")
        wrong = {field for context in response.context for form in _forms(context) for field in form.errors}
        assert response.status_code == 422
        assert smuggled in wrong
        assert AuditEntry.objects.count() == world.entries


def _forms(context: Any) -> list[Any]:
    return [value for layer in context.dicts for value in layer.values() if hasattr(value, "errors")]
