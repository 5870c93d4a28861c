"""The menu of somebody who is logged in: where their work is, in every room."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind, Role
from core.templatetags.trede import nav_links
from payouts.actors import READERS as PAYOUT_READERS
from providers.models.provider import OFFICIALS
from vouchers.models.voucher import READERS

register = template.Library()


@register.simple_tag(takes_context=True)
def role_menu(context: template.Context, person: Any) -> SafeString:
    """The links of `{% role_menu request.user %}`; asks the memberships once, as every page behind a login does."""
    return nav_links(context, *(word for entry in entries_for(person) for word in entry))


def entries_for(person: Any) -> list[tuple[str, str]]:
    """Name of the page and label of each entry, My Trede first; somebody without a role gets those of a business."""
    menu = [("marketplace:my_trede", _("My Trede"))]
    kinds = person.kinds()
    if person.holds(*READERS):
        menu += _official(person)
    if person.holds(Role.ADVISER):
        menu += [("roadmap:scan_start", _("Scan together"))]
    if OrganisationKind.PROVIDER in kinds:
        menu += [
            ("providers:provider_home", _("Dossiers")),
            ("providers:my_solutions", _("Solutions")),
            ("vouchers:provider_vouchers", _("Orders")),
        ]
    if OrganisationKind.SME in kinds or not kinds:
        menu += [
            ("vouchers:applications", _("Applications")),
            ("vouchers:vouchers", _("Vouchers")),
            ("marketplace:my_scans", _("Scans")),
        ]
    return [*menu, ("accounts:profile", _("Details"))]


def _official(person: Any) -> list[tuple[str, str]]:
    assesses = person.holds(Role.ASSESSOR, Role.AUDITOR) and not person.holds(Role.DECIDER)
    menu = [
        ("vouchers:assess_queue" if assesses else "vouchers:decide_queue", _("Applications")),
        ("vouchers:claim_queue", _("Requests for payment")),
    ]
    if person.holds(*OFFICIALS):
        menu.append(("providers:vetting_queue", _("Vetting")))
    menu.append(("vouchers:objections", _("Objections")))
    if person.holds(*PAYOUT_READERS):
        menu.append(("payouts:overview", _("Payments")))
    if person.holds(Role.MANAGER, Role.AUDITOR):
        menu.append(("vouchers:programmes", _("Programmes")))
    if person.holds(Role.AUDITOR):
        menu.append(("marketplace:trail", _("Audit trail")))
    return menu
