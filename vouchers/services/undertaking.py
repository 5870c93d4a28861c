"""The undertaking behind an application: the businesses that count as one for the limit of state aid (2023/2831 art. 2)."""

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from vouchers.models import Application


def kvk_numbers(application: Application) -> set[str]:
    """The KvK numbers of the undertaking."""
    return {application.kvk}


def lock_undertaking(application: Application) -> None:
    """Holds the businesses of the undertaking until the unit ends, so that nobody else counts what they were awarded.

    Budgets do not do this: two programmes have different ones. Taken after the budgets and before the application
    (docs/locking.md).
    """
    lock_businesses(kvk_numbers(application))


def lock_businesses(numbers: set[str]) -> None:
    """Holds the rows of the businesses with these KvK numbers until the unit ends, in the order of their keys."""
    rows = Organisation.objects.filter(kind=OrganisationKind.SME, kvk__in=numbers - {""}).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
