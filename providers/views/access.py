"""Whose it is: members see their own provider and its dossiers; another's does not exist here (404)."""

from typing import Any

from accounts.enums import OrganisationKind
from providers.models import Dossier, Provider


def own_providers(user: Any) -> Any:
    """The providers this person belongs to."""
    mine = Provider.objects.filter(organisation__in=user.organisations(OrganisationKind.PROVIDER))
    return mine.select_related("organisation").order_by("slug")


def own_dossiers(user: Any) -> Any:
    """The dossiers of the providers this person belongs to."""
    mine = Dossier.objects.filter(provider__organisation__in=user.organisations(OrganisationKind.PROVIDER))
    return mine.select_related("provider__organisation", "solution")
