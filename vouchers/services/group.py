"""The group a business belongs to, while its application is filled in: for its size, and for the limit of state aid."""

from decimal import Decimal

from accounts.models import User
from core.identifiers import normalise_kvk
from core.reasons import Reason, Refused
from core.workflow import unit
from vouchers.models import Application, RelatedBusiness
from vouchers.reasons import ApplicationReason
from vouchers.services.application import write


@unit
def declare_group(*, by: User, application: Application, in_group: bool) -> Application:
    """Whether the business belongs to a group: it holds a quarter or more of another, or another holds that of it.

    A no takes out the businesses that were listed.
    """
    application = write(application, by, {"in_group": in_group})
    application.in_group = in_group
    application.save(update_fields=["in_group"])
    if not in_group:
        application.related.all().delete()
    return application


@unit
def add_related(
    *,
    by: User,
    application: Application,
    name: str,
    share: Decimal,
    headcount: int,
    turnover: Decimal,
    balance_total: Decimal,
    kvk: str = "",
) -> RelatedBusiness:
    """Lists a business of the group: its larger share in percent, its staff and last year's figures in euros.

    Raises ValidationError with the field that is wrong, Refused for the applicant itself or one that is listed already.
    """
    related = RelatedBusiness(
        name=name.strip(),
        kvk=normalise_kvk(kvk),
        share=share,
        headcount=headcount,
        turnover=turnover,
        balance_total=balance_total,
    )
    related.full_clean(exclude=["application"], validate_constraints=False)
    application = write(application, by, {"related": related.kvk or "-", "share": share})
    twice = related.kvk and application.related.filter(kvk=related.kvk).exists()
    if twice or related.is_of(application.organisation):
        raise Refused(Reason(ApplicationReason.RELATED_TWICE))
    if not application.in_group:
        application.in_group = True
        application.save(update_fields=["in_group"])
    related.application = application
    related.save()
    return related


@unit
def remove_related(*, by: User, related: RelatedBusiness) -> Application:
    """Takes a business out of the list of the group."""
    application = write(related.application, by, {"related": related.kvk or "-", "removed": True})
    application.related.filter(pk=related.pk).delete()
    return application
