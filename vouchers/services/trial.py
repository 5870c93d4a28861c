"""Solutions on trial: few references or a young provider, so few vouchers and not for long (DESIGN 4.4)."""

from collections import Counter
from collections.abc import Iterable

from providers.models import Solution
from vouchers.enums import VoucherState
from vouchers.models import Voucher

PLACE_TAKEN = (VoucherState.ISSUED, VoucherState.SETTLED, VoucherState.CLOSED)
"""A voucher that lapsed, was cancelled or was revoked brought the solution no customer: its place is free again."""


def lock_trials(solutions: Iterable[int]) -> None:
    """Holds those of these solutions that are on trial until the unit ends, so that nobody else counts their vouchers.

    Budgets do not do this: two programmes have different ones and may award the same solution at the same moment. Taken
    after the application or the voucher itself (docs/locking.md).
    """
    found = Solution.objects.filter(pk__in=list(solutions), on_trial=True).order_by("pk")
    list(found.select_for_update(of=("self",)).values_list("pk", flat=True))


def vouchers_left(solutions: Iterable[Solution]) -> dict[int, int]:
    """Per solution on trial, by key: how many vouchers it may still get. Below zero when a reinstated one came on top."""
    limits = {each.pk: each.trial_vouchers or 0 for each in solutions if each.on_trial}
    if not limits:
        return {}
    given = Voucher.objects.filter(solution__in=limits, state__in=PLACE_TAKEN)
    used = Counter(given.values_list("solution", flat=True))
    return {key: limit - used[key] for key, limit in limits.items()}
