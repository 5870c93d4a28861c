"""What the budget of the only programme says."""

from decimal import Decimal

from vouchers.models import Budget


def budget() -> Budget:
    """The budget for all provinces together, as the database has it now."""
    return Budget.objects.get(province=None)


def parts() -> tuple[Decimal, Decimal, Decimal]:
    """What is reserved, committed and paid of it, in euros."""
    now = budget()
    return now.reserved, now.committed, now.paid
