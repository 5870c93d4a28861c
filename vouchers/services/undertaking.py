"""The undertaking behind an application: the businesses that count as one for the limit of state aid (2023/2831 art. 2)."""

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from vouchers.enums import ApplicationState
from vouchers.models import Application, RelatedBusiness
from vouchers.rules.size import LINKED_ABOVE


def kvk_numbers(application: Application) -> set[str]:
    """The KvK numbers of the undertaking: the applicant, what it declared as linked, and who declared it as linked."""
    linked = RelatedBusiness.objects.filter(share__gt=LINKED_ABOVE)
    ours = linked.filter(application=application).exclude(kvk="")
    theirs = linked.filter(kvk=application.kvk, application__received_at__isnull=False)
    theirs = theirs.exclude(application__state=ApplicationState.WITHDRAWN)
    return {application.kvk, *ours.values_list("kvk", flat=True), *theirs.values_list("application__kvk", flat=True)}


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
