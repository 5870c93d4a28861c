"""What waits for whom: My Trede is put together from the sections that a person's memberships give.

Each module knows one side of the counter and answers with `Section`s; every section costs a fixed number of queries.
"""

from typing import Any

from accounts.enums import OrganisationKind, Role
from marketplace.homes import authority, customer, offering
from marketplace.homes.parts import Section

__all__ = ["Section", "sections_for"]


def sections_for(user: Any) -> list[Section]:
    """The sections of this person's home, the work that waits before what is only there to read."""
    roles = user.roles()
    kinds = set(user.organisations().values_list("kind", flat=True))
    sections: list[Section] = []
    if Role.ASSESSOR in roles:
        sections += authority.assessor(user)
    if Role.DECIDER in roles:
        sections += authority.decider(user)
    if Role.TREASURER in roles:
        sections += authority.treasurer(user)
    if Role.APPROVER in roles:
        sections += authority.approver(user)
    if Role.MANAGER in roles:
        sections += authority.manager(user)
    if Role.AUDITOR in roles:
        sections += authority.auditor(user)
    if Role.ADVISER in roles:
        sections += customer.adviser(user)
    if OrganisationKind.PROVIDER in kinds:
        sections += offering.provider(user)
    if OrganisationKind.SME in kinds or not sections:
        sections += customer.business(user)
    return sections
