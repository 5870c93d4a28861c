"""Moving money between the parts of a budget. One conditional UPDATE per budget, one ledger transaction per event.

The budget row is locked before any case (docs/locking.md). The UPDATE itself refuses what does not fit, the CHECK constraint
is the second wall and `manage.py recompute_budget` the third (RELIABILITY c1).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from accounts.enums import Role
from core import clock
from core.actors import SystemActor, actor_name
from core.fields import MoneyField, money
from core.money import ZERO, euro
from core.reasons import Reason, Refused
from core.rows import row as row_by_key
from core.state import StatefulModel
from core.workflow import NotAuthorised, note, unit
from vouchers.enums import LedgerAccount, LedgerKind
from vouchers.models import Application, Budget, Claim, LedgerEntry, LedgerTransaction, Programme, Voucher
from vouchers.reasons import BudgetReason

S = TypeVar("S", bound=StatefulModel)

PARTS = (LedgerAccount.RESERVED, LedgerAccount.COMMITTED, LedgerAccount.PAID)


def lock_budgets(programme: Programme) -> list[Budget]:
    """All budgets of a programme, locked in the house's order. Raises Refused when it has none of its own."""
    budgets = list(Budget.objects.filter(programme=programme).order_by("pk").select_for_update(of=("self",)))
    if not any(budget.province_id is None for budget in budgets):
        raise Refused(Reason(BudgetReason.NO_BUDGET))
    return budgets


def counted_on(budgets: Iterable[Budget], application: Application) -> list[Budget]:
    """Which of a programme's budgets a case counts on: the programme's own, and that of its province if there is one."""
    return [budget for budget in budgets if budget.province_id in (None, application.province_id)]


def open_case(subject: S, verb: str, by: Any) -> S:
    """Authorises first (DESIGN 2), then locks: the application, voucher or claim as it stands now. Raises NotAuthorised."""
    if not subject.may(verb, by):
        raise NotAuthorised(verb)
    return row_by_key(type(subject), pk=subject.pk, locked=True)


def open_with_budgets(subject: S, verb: str, by: Any) -> tuple[S, list[Budget]]:
    """`open_case` for a verb that moves money: authorise, lock the budgets, lock the case (docs/locking.md)."""
    if not subject.may(verb, by):
        raise NotAuthorised(verb)
    budgets = budgets_of(application_of(subject))
    return open_case(subject, verb, by), budgets


def application_of(subject: StatefulModel) -> Application:
    """The application that an application, voucher or claim belongs to."""
    if isinstance(subject, Application):
        return subject
    return (subject if hasattr(subject, "application_id") else subject.voucher).application


def covering(application: Application) -> list[Budget]:
    """The budgets a case counts on, to look at; the programme's own first."""
    budgets = Budget.objects.filter(programme=application.programme_id).select_related("province").order_by("pk")
    return counted_on(budgets, application)


def left_in(budgets: Sequence[Budget]) -> Decimal:
    """Euros that are free in every one of these budgets."""
    return min(budget.available for budget in budgets)


def book(
    *, by: Any, kind: LedgerKind, ref: str, budgets: Sequence[Budget], changes: Mapping[LedgerAccount, Decimal]
) -> LedgerTransaction | None:
    """Moves euros between the parts of each of these budgets, or of none.

    `changes` says by how much each part grows or shrinks; what is left over comes from or goes back to what is available.
    Raises Refused when a part would become negative, the ceiling would be passed, or the event was booked before. Returns
    None when nothing moves.
    """
    changes = {account: amount for account, amount in changes.items() if amount}
    if not changes:
        return None
    with transaction.atomic():
        for budget in budgets:
            _move(budget, changes)
        return _write(by, kind, ref, budgets, {**changes, LedgerAccount.AVAILABLE: -sum(changes.values(), ZERO)})


def _move(budget: Budget, changes: Mapping[LedgerAccount, Decimal]) -> None:
    """One conditional UPDATE: it changes the row only when everything fits, whatever anybody else did meanwhile."""
    fits = Budget.objects.filter(pk=budget.pk)
    for account, amount in changes.items():
        if amount < 0:
            fits = fits.filter(**{f"{account.value}__gte": money(-amount)})
    growth = sum(changes.values(), ZERO)
    if growth > 0:
        fits = fits.filter(ceiling__gte=F("reserved") + F("committed") + F("paid") + money(growth))
    moved = fits.update(**{account.value: F(account.value) + money(amount) for account, amount in changes.items()})
    if moved != 1:
        budget.refresh_from_db()
        for account, amount in changes.items():
            if getattr(budget, account.value) + amount < 0:
                raise Refused(Reason(BudgetReason.NOT_THERE, {"account": account.value}))
        raise Refused(Reason(BudgetReason.SHORT, {"left": budget.available, "amount": growth}, ground="Awb 4:25"))
    for account, amount in changes.items():
        setattr(budget, account.value, getattr(budget, account.value) + amount)


def _write(
    by: Any, kind: LedgerKind, ref: str, budgets: Sequence[Budget], entries: Mapping[LedgerAccount, Decimal]
) -> LedgerTransaction:
    try:
        with transaction.atomic():
            booked = LedgerTransaction.objects.create(kind=kind, ref=ref, actor=actor_name(by), at=clock.now())
    except IntegrityError as twice:
        raise Refused(Reason(BudgetReason.TWICE)) from twice
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(transaction=booked, budget=budget, account=account, amount=amount)
            for budget in budgets
            for account, amount in entries.items()
            if amount
        ]
    )
    return booked


# --- for one application ---------------------------------------------------------------------------------------------


def budgets_of(application: Application) -> list[Budget]:
    """The budgets of a case, locked. Ask them before the case itself."""
    return counted_on(lock_budgets(application.programme), application)


def hold(*, by: Any, application: Application, budgets: Sequence[Budget], amount: Decimal) -> None:
    """Makes the reservation of a locked application `amount` euros, up or down. Saves nothing when it is that already.

    Raises Refused when the ceiling does not fit it; then nothing has moved.
    """
    difference = amount - application.held
    if not difference:
        return
    kind = LedgerKind.RESERVE if difference > 0 else LedgerKind.RELEASE
    ref = f"{application.reference()}:{application.bookings + 1}"
    book(by=by, kind=kind, ref=ref, budgets=budgets, changes={LedgerAccount.RESERVED: difference})
    application.held = amount
    application.bookings += 1


def give_back(*, by: Any, application: Application, budgets: Sequence[Budget], held: Decimal) -> None:
    """Books the end of a reservation of `held` euros; the verb that ended the case has emptied `application.held` itself."""
    ref = f"{application.reference()}:{application.bookings + 1}"
    book(by=by, kind=LedgerKind.RELEASE, ref=ref, budgets=budgets, changes={LedgerAccount.RESERVED: -held})
    application.bookings += 1
    application.save()


def commit(*, by: Any, application: Application, budgets: Sequence[Budget], held: Decimal, amount: Decimal) -> None:
    """Turns the reservation of an awarded application into an award; the difference is released or taken."""
    book(
        by=by,
        kind=LedgerKind.COMMIT,
        ref=f"{application.reference()}:{application.bookings}",
        budgets=budgets,
        changes={LedgerAccount.RESERVED: -held, LedgerAccount.COMMITTED: amount},
    )


@unit
def release_award(*, by: Any, application: Application, amount: Decimal, ref: str) -> None:
    """Gives awarded euros back: a claim came to less, a voucher lapsed. `ref` names the event, such as `vouchers.claim:9`."""
    _shift(by, application, LedgerKind.UNCOMMIT, ref, {LedgerAccount.COMMITTED: -amount})


@unit
def recommit(*, by: Any, application: Application, amount: Decimal, ref: str) -> None:
    """Takes euros for a voucher that is reinstated. Raises Refused when the ceiling does not fit them any more."""
    _shift(by, application, LedgerKind.RECOMMIT, ref, {LedgerAccount.COMMITTED: amount})


@unit
def pay(*, by: Any, application: Application, amount: Decimal, ref: str) -> None:
    """Awarded euros were paid."""
    changes = {LedgerAccount.COMMITTED: -amount, LedgerAccount.PAID: amount}
    _shift(by, application, LedgerKind.PAY, ref, changes)


@unit
def take_back(*, by: Any, application: Application, amount: Decimal, ref: str) -> None:
    """A payment bounced: the euros are awarded again, not paid (invariant 19)."""
    changes = {LedgerAccount.PAID: -amount, LedgerAccount.COMMITTED: amount}
    _shift(by, application, LedgerKind.RETURN, ref, changes)


@unit
def receive_reclaim(*, by: Any, application: Application, amount: Decimal, ref: str) -> None:
    """The recipient paid euros back: they are available again."""
    _shift(by, application, LedgerKind.RECLAIM, ref, {LedgerAccount.PAID: -amount})


def _shift(
    by: Any, application: Application, kind: LedgerKind, ref: str, changes: Mapping[LedgerAccount, Decimal]
) -> None:
    book(by=by, kind=kind, ref=ref, budgets=budgets_of(application), changes=changes)


# --- the ceiling -----------------------------------------------------------------------------------------------------


@unit
def set_ceiling(*, by: Any, programme: Programme, ceiling: Decimal, province: str | None = None) -> Budget:
    """Sets the ceiling of a programme, or of one province in it, in euros; ValueError for a fraction of a cent.

    Raises Refused below what is reserved, awarded and paid: a lowered ceiling never touches earlier applications (Awb 4:27).
    """
    if not (isinstance(by, SystemActor) or by.holds(Role.MANAGER)):
        raise NotAuthorised("set_ceiling")
    ceiling = euro(ceiling)
    budget, _made = Budget.objects.get_or_create(programme=programme, province_id=province)
    budget = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
    difference = ceiling - budget.ceiling
    if difference:
        fits = Budget.objects.filter(pk=budget.pk)
        moved = fits.filter(
            reserved__lte=money(ceiling) - F("committed") - F("paid"),
        ).update(ceiling=ceiling)
        if moved != 1:
            raise Refused(Reason(BudgetReason.CEILING_TOO_LOW, {"used": budget.used}, ground="Awb 4:27"))
        times = LedgerTransaction.objects.filter(kind=LedgerKind.CEILING, entries__budget=budget).distinct().count()
        ref = f"vouchers.budget:{budget.pk}:{times + 1}"
        entries = {LedgerAccount.CEILING: -difference, LedgerAccount.AVAILABLE: difference}
        _write(by, LedgerKind.CEILING, ref, [budget], entries)
        note(by=by, action="set_ceiling", subject=budget, facts={"from": budget.ceiling, "to": ceiling})
        budget.ceiling = ceiling
    return budget


# --- is it right? ----------------------------------------------------------------------------------------------------


def differences() -> list[str]:
    """Where budgets, ledger and cases do not say the same, one line each; empty when the books close.

    The cases are what applications reserve, what vouchers keep, and what claims were paid (RELIABILITY invariant 5).
    """
    total = Coalesce(Sum("amount"), 0, output_field=MoneyField())
    uneven = LedgerEntry.objects.values("transaction", "budget").annotate(sum=total).exclude(sum=0).order_by()
    found = [f"transaction {row['transaction']} on budget {row['budget']} sums to {row['sum']}" for row in uneven]
    booked: dict[tuple[int, str], Decimal] = {}
    for row in LedgerEntry.objects.values("budget", "account").annotate(sum=total).order_by():
        booked[row["budget"], row["account"]] = row["sum"]
    for budget in Budget.objects.order_by("pk"):
        expected = {part.value: booked.get((budget.pk, part.value), ZERO) for part in PARTS}
        expected["ceiling"] = -booked.get((budget.pk, LedgerAccount.CEILING.value), ZERO)
        for part, amount in expected.items():
            if getattr(budget, part) != amount:
                found.append(
                    f"budget {budget.pk} ({budget}): {part} is {getattr(budget, part)}, the ledger says {amount}"
                )
    for budget in Budget.objects.order_by("pk"):
        found += _against_cases(budget)
    return found


def _against_cases(budget: Budget) -> list[str]:
    """Where a budget and the cases that count on it do not say the same, one line each."""
    cases = Application.objects.filter(programme=budget.programme_id)
    if budget.province_id:
        cases = cases.filter(province=budget.province_id)
    vouchers = Voucher.objects.filter(application__in=cases)
    claims = Claim.objects.filter(voucher__in=vouchers)
    sums = (
        ("reserved", budget.reserved, "applications hold", cases, "held"),
        ("awarded and paid", budget.committed + budget.paid, "vouchers hold", vouchers, "held"),
        ("paid", budget.paid, "claims were paid", claims, "paid_amount"),
    )
    found = []
    for part, amount, who, rows, field in sums:
        of_cases = rows.aggregate(sum=Coalesce(Sum(field), 0, output_field=MoneyField()))["sum"]
        if of_cases != amount:
            found.append(f"budget {budget.pk} ({budget}): {part} is {amount}, the {who} {of_cases}")
    return found
