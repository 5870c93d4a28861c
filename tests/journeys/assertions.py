"""What the story through services looks at after each step: refusals, hands, the ledger and the trail."""

import random
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core import triggers
from core.enums import HandRole
from core.models import AuditEntry, AuditPayload, Hand
from core.money import ZERO
from core.reasons import Refused
from vouchers import services as vouchers
from vouchers.enums import LedgerAccount
from vouchers.models import Budget, LedgerEntry


def refused(act, *codes):
    """Asserts that the service refuses with these reasons and that nothing at all was written."""
    before = AuditEntry.objects.count(), Hand.objects.count()
    with pytest.raises(Refused) as refusal:
        act()
    assert {reason.code for reason in refusal.value.reasons} >= set(codes)
    assert (AuditEntry.objects.count(), Hand.objects.count()) == before


def no_second_hand(file: str, person, role: HandRole):
    """Asserts that the database itself refuses this person a second role on this file."""
    assert Hand.objects.filter(file=file, person=person).exclude(role=role).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(file=file, person=person, role=role)


def money() -> tuple[Decimal, Decimal, Decimal]:
    """What the budget says is reserved, committed and paid, after checking that the ledger says the same."""
    assert vouchers.differences() == []
    budget = Budget.objects.get()
    for account in (LedgerAccount.RESERVED, LedgerAccount.COMMITTED, LedgerAccount.PAID):
        booked = sum(LedgerEntry.objects.filter(account=account).values_list("amount", flat=True), ZERO)
        assert booked == getattr(budget, account.value)
    return budget.reserved, budget.committed, budget.paid


def verify() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def any_changed_byte_is_named():
    """Without the triggers, an operator could change a byte; `verify_audit` then names the row. Forty bytes, by chance."""
    chance = random.Random(23)
    entries = list(AuditEntry.objects.order_by("pk"))
    assert len(entries) > 150
    triggers.remove()
    try:
        for entry in chance.sample(entries, 30):
            change(AuditEntry, entry, "body", chance)
        for payload in chance.sample(list(AuditPayload.objects.order_by("pk")), 10):
            change(AuditPayload, payload, "body", chance)
    finally:
        triggers.install()
    assert "sound" in verify()


def change(model, row, column, chance):
    whole = getattr(row, column)
    place = chance.randrange(len(whole))
    other = "x" if whole[place] != "x" else "y"
    model.objects.filter(pk=row.pk).update(**{column: whole[:place] + other + whole[place + 1 :]})
    with pytest.raises(CommandError, match=rf"row {row.pk}\b"):
        verify()
    model.objects.filter(pk=row.pk).update(**{column: whole})
