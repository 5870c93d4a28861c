"""When a price holds together and a solution may enter the catalogue (DESIGN 3, 4.4)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.reasons import Reason, ReasonCode
from providers.enums import ProviderState

LARGEST_PRICE = Decimal("10000000.00")
"""Far above any package for a small business; above it somebody mistyped."""


class CatalogueReason(ReasonCode):
    """Why something about a solution or package is refused."""

    NO_PRICE = "providers.no_price", _("Fill in a one-off price, a monthly price, or both.")
    NEGATIVE = "providers.price_negative", _("A price cannot be less than zero.")
    TOO_LARGE = "providers.price_too_large", _("A price can be at most %(most)s.")
    HARDWARE = (
        "providers.price_hardware",
        _("The price of the equipment is part of the one-off price, so it cannot be more."),
    )
    PACKAGE_NAME = "providers.package_name", _("There is already a package called “%(name)s”.")
    LIVE = (
        "providers.solution_live",
        _("This solution is in the catalogue. What customers see changes only after a revision is approved."),
    )
    BEING_VETTED = (
        "providers.solution_being_vetted",
        _("This solution is being checked now. Withdraw the dossier first if you want to change it."),
    )
    STILL_DRAFT = "providers.solution_draft", _("This solution is still a draft: change the package itself.")
    RETIRED = "providers.solution_retired", _("This solution is not offered any more.")
    PRICE_IN_PAST = "providers.price_in_past", _("A new price starts on a day in the future.")
    PRICE_OVERTAKEN = (
        "providers.price_overtaken",
        _("Another price was approved from that day or a later one. Choose a day after it."),
    )
    PRICE_WAITS = "providers.price_waits", _("Another price of this package is waiting for approval.")
    PRICE_NOT_SEEN = (
        "providers.price_not_seen",
        _(
            "A revision is being checked with the prices as they were handed in. Withdraw it first, or propose the price later."
        ),
    )
    NO_PACKAGE = "providers.no_package", _("A solution needs at least one package with a price.")
    NOT_ADMITTED = "providers.list_not_admitted", _("The provider is not admitted.")
    DOSSIER_OPEN = "providers.dossier_open", _("A dossier about this solution is still under way. Withdraw it first.")
    TEXT_NEEDED = "providers.decision_text", _("Write down the reasons for this decision.")
    TOO_MANY_COMPARED = "providers.compare_too_many", _("You can compare at most %(most)s solutions.")
    NOT_FOUND_COMPARED = "providers.compare_unknown", _("There is no solution “%(slug)s” in the catalogue now.")


def price_reasons(*, one_off: Decimal, monthly: Decimal, hardware: Decimal) -> list[Reason]:
    """What is wrong with a price in euros excl. VAT, of which `hardware` is part of the one-off price."""
    reasons = []
    if min(one_off, monthly, hardware) < 0:
        reasons.append(Reason(CatalogueReason.NEGATIVE))
    elif not one_off and not monthly:
        reasons.append(Reason(CatalogueReason.NO_PRICE))
    if max(one_off, monthly) > LARGEST_PRICE:
        reasons.append(Reason(CatalogueReason.TOO_LARGE, {"most": LARGEST_PRICE}))
    if hardware > one_off:
        reasons.append(Reason(CatalogueReason.HARDWARE))
    return reasons


def ready_to_list(facts: Mapping[str, Any]) -> list[Reason]:
    """Why a solution cannot enter the catalogue: it needs a package with a price and an admitted provider."""
    reasons = []
    if not facts["packages"]:
        reasons.append(Reason(CatalogueReason.NO_PACKAGE))
    if facts["provider"] != ProviderState.ADMITTED:
        reasons.append(Reason(CatalogueReason.NOT_ADMITTED))
    return reasons
