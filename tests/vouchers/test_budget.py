"""Budgets never overspend, and the ledger always says the same (DESIGN 4.10, RELIABILITY c1)."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from core.actors import SystemActor
from core.money import CENT, ZERO
from core.reasons import Refused
from core.workflow import NotAuthorised
from tests.factories import vouchers as make
from tests.factories.accounts import ProvinceFactory, official
from tests.factories.claims import case, draft_claim
from vouchers import services
from vouchers.enums import LedgerAccount, LedgerKind
from vouchers.models import Budget, LedgerEntry, LedgerTransaction, Programme
from vouchers.reasons import BudgetReason
from vouchers.services.budget import book, lock_budgets

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BY = SystemActor("test")
RESERVED, COMMITTED, PAID = LedgerAccount.RESERVED, LedgerAccount.COMMITTED, LedgerAccount.PAID


def budget_of(programme) -> Budget:
    return Budget.objects.get(programme=programme, province=None)


def move(programme, ref, province=None, **changes):
    parts = {LedgerAccount(name): Decimal(amount) for name, amount in changes.items()}
    with transaction.atomic():
        budgets = [budget for budget in lock_budgets(programme) if budget.province_id in (None, province)]
        return book(by=BY, kind=LedgerKind.RESERVE, ref=ref, budgets=budgets, changes=parts)


def code_of(refused) -> str:
    return refused.value.reasons[0].code


def test_the_ceiling_can_be_used_to_the_last_cent_and_not_one_cent_more():
    programme = make.programme_with("100.00")
    move(programme, "a", reserved="100.00")
    assert budget_of(programme).available == ZERO
    with pytest.raises(Refused) as refused:
        move(programme, "b", reserved="0.01")
    assert code_of(refused) == BudgetReason.SHORT
    assert refused.value.reasons[0].params == {"left": ZERO, "amount": Decimal("0.01")}
    assert services.differences() == [
        f"budget {budget_of(programme).pk} (digitale-trede): reserved is 100.00, the applications hold 0.00"
    ]


def test_what_is_not_there_cannot_be_moved():
    programme = make.programme_with("100.00")
    with pytest.raises(Refused) as refused:
        move(programme, "a", reserved="-0.01")
    assert code_of(refused) == BudgetReason.NOT_THERE
    assert LedgerTransaction.objects.filter(kind=LedgerKind.RESERVE).count() == 0


def test_the_same_event_is_booked_once():
    programme = make.programme_with("100.00")
    move(programme, "a", reserved="10.00")
    with pytest.raises(Refused) as refused:
        move(programme, "a", reserved="10.00")
    assert code_of(refused) == BudgetReason.TWICE
    assert budget_of(programme).reserved == Decimal("10.00")


def test_nothing_moves_for_nothing():
    programme = make.programme_with("100.00")
    assert move(programme, "a", reserved="0.00") is None


def test_every_transaction_sums_to_zero():
    programme = make.programme_with("100.00")
    move(programme, "a", reserved="30.00")
    move(programme, "b", reserved="-30.00", committed="25.00")
    sums = LedgerEntry.objects.values("transaction").annotate(sum=Sum("amount")).values_list("sum", flat=True)
    assert set(sums) == {ZERO}
    assert budget_of(programme).available == Decimal("75.00")


def test_a_province_has_its_own_ceiling_within_that_of_the_programme():
    programme = make.programme_with("100.00")
    province = ProvinceFactory(code="PV21", name="Fryslân")
    services.set_ceiling(by=BY, programme=programme, province="PV21", ceiling=Decimal("40.00"))
    with pytest.raises(Refused) as refused:
        move(programme, "a", province=province.code, reserved="40.01")
    assert code_of(refused) == BudgetReason.SHORT
    assert budget_of(programme).reserved == ZERO, "a move is made on all budgets of a case or on none"
    move(programme, "b", province=province.code, reserved="40.00")
    move(programme, "c", reserved="60.00")
    assert Budget.objects.get(province="PV21").available == ZERO
    assert budget_of(programme).available == ZERO


def test_a_programme_without_a_budget_says_so():
    programme = services.set_up_programme(
        by=BY, code="leeg", prefix="LE", name_nl="Leeg", name_en="Empty", opens_on=dt.date(2026, 1, 1)
    )
    with pytest.raises(Refused) as refused:
        move(programme, "a", reserved="1.00")
    assert code_of(refused) == BudgetReason.NO_BUDGET


def test_a_ceiling_goes_up_freely_and_down_to_what_is_used():
    programme = make.programme_with("100.00")
    manager = official(Role.MANAGER)
    move(programme, "a", reserved="60.00")
    services.set_ceiling(by=manager, programme=programme, ceiling=Decimal("60.00"))
    with pytest.raises(Refused) as refused:
        services.set_ceiling(by=manager, programme=programme, ceiling=Decimal("59.99"))
    assert code_of(refused) == BudgetReason.CEILING_TOO_LOW
    services.set_ceiling(by=manager, programme=programme, ceiling=Decimal("500.00"))
    budget = budget_of(programme)
    assert (budget.ceiling, budget.reserved) == (Decimal("500.00"), Decimal("60.00"))
    booked = LedgerEntry.objects.filter(account=LedgerAccount.CEILING).aggregate(sum=Sum("amount"))["sum"]
    assert booked == Decimal("-500.00")


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.DECIDER, Role.TREASURER, Role.AUDITOR])
def test_only_the_programme_manager_sets_a_ceiling(role):
    programme = make.programme_with("100.00")
    with pytest.raises(NotAuthorised):
        services.set_ceiling(by=official(role), programme=programme, ceiling=Decimal("1.00"))
    assert budget_of(programme).ceiling == Decimal("100.00")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"reserved": Decimal("100.01")}, "budget_never_overspent"),
        ({"committed": Decimal("60.00"), "paid": Decimal("40.01")}, "budget_never_overspent"),
        ({"ceiling": Decimal("-0.01")}, "budget_never_overspent"),
        ({"reserved": Decimal("-0.01")}, "budget_parts_not_negative"),
        ({"paid": Decimal("-1.00"), "committed": Decimal("1.00")}, "budget_parts_not_negative"),
    ],
)
def test_the_database_itself_refuses_to_overspend(changes, constraint):
    programme = make.programme_with("100.00")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Budget.objects.filter(programme=programme).update(**changes)
    assert budget_of(programme).available == Decimal("100.00")


@pytest.mark.parametrize("model", [LedgerTransaction, LedgerEntry])
def test_what_was_booked_stays_as_written(model):
    programme = make.programme_with("100.00")
    move(programme, "a", reserved="1.00")
    row = model.objects.order_by("-pk").first()
    for change in (
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.filter(pk=row.pk).update(
            **({"ref": "x"} if model is LedgerTransaction else {"amount": 5})
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert model.objects.filter(pk=row.pk).exists()


def test_the_nightly_recompute_passes_when_the_books_close_and_names_a_cent_that_does_not():
    decision = make.awarded()
    out = StringIO()
    call_command("recompute_budget", stdout=out)
    assert "1 budgets equal their ledger" in out.getvalue()
    Budget.objects.filter(programme=decision.application.programme).update(committed=Decimal("7999.99"))
    err = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("recompute_budget", stderr=err)
    assert failed.value.returncode == 1
    assert "committed is 7999.99, the ledger says 8000.00" in err.getvalue()


def test_the_nightly_recompute_sees_a_reservation_that_no_application_holds():
    programme = make.programme_with("100.00")
    move(programme, "a", reserved="1.00")
    assert services.differences() == [
        f"budget {budget_of(programme).pk} (digitale-trede): reserved is 1.00, the applications hold 0.00"
    ]


@pytest.mark.parametrize(
    ("model", "other", "line"),
    [
        ("Voucher", {"held": Decimal("7999.99")}, "awarded and paid is 8000.00, the vouchers hold 7999.99"),
        ("Claim", {"paid_amount": CENT}, "paid is 0.00, the claims were paid 0.01"),
    ],
)
def test_the_nightly_recompute_names_what_a_case_holds_otherwise(model, other, line):
    them = case()
    draft_claim(them)
    assert services.differences() == []
    apps.get_model("vouchers", model).objects.update(**other)
    budget = budget_of(them.voucher.application.programme)
    assert services.differences() == [f"budget {budget.pk} ({budget}): {line}"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["reserve", "release", "commit", "uncommit", "pay", "return"]),
            st.integers(1, 8000).map(lambda number: number * CENT),
        ),
        max_size=25,
    )
)
def test_any_history_keeps_budget_ledger_and_an_independent_model_equal(steps):
    programme = make.programme_with("200.00", code=f"p{Programme.objects.count()}")
    model = {"ceiling": Decimal("200.00"), "reserved": ZERO, "committed": ZERO, "paid": ZERO}
    arrows = {
        "reserve": {"reserved": 1},
        "release": {"reserved": -1},
        "commit": {"reserved": -1, "committed": 1},
        "uncommit": {"committed": -1},
        "pay": {"committed": -1, "paid": 1},
        "return": {"paid": -1, "committed": 1},
    }
    for number, (step, amount) in enumerate(steps):
        after = {part: model[part] + arrows[step].get(part, 0) * amount for part in ("reserved", "committed", "paid")}
        fits = min(after.values()) >= 0 and sum(after.values()) <= model["ceiling"]
        changes = {part: sign * amount for part, sign in arrows[step].items()}
        if fits:
            move(programme, f"{programme.code}:{number}", **changes)
            model |= after
        else:
            with pytest.raises(Refused):
                move(programme, f"{programme.code}:{number}", **changes)
        budget = budget_of(programme)
        assert {part: getattr(budget, part) for part in model} == model
    booked = LedgerEntry.objects.filter(budget=budget_of(programme))
    for part in ("reserved", "committed", "paid"):
        assert (booked.filter(account=part).aggregate(sum=Sum("amount"))["sum"] or ZERO) == model[part]
