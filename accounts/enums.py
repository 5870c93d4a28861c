"""Names of the accounts room."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.reasons import ReasonCode


class AccountReason(ReasonCode):
    """Why something about a person is refused."""

    FILES_KEPT = (
        "accounts.files_kept",
        _("This person acted in files that are kept until %(until)s: %(files)s."),
    )
    OUR_ACCOUNT = (
        "accounts.our_account",
        _(
            "Vouchers are paid from this account, so they cannot be paid to it. Fill in an account of your own business."
        ),
    )


class OrganisationKind(models.TextChoices):
    """What an organisation is to the marketplace."""

    SME = "sme", _("business")
    PROVIDER = "provider", _("provider")
    AUTHORITY = "authority", _("authority")
    DESK = "desk", _("desk")


class Role(models.TextChoices):
    """What somebody may do for an organisation. A person may hold several; hands are still counted per person."""

    MEMBER = "member", _("member")
    ADVISER = "adviser", _("adviser")
    ASSESSOR = "assessor", _("assessor")
    DECIDER = "decider", _("decider")
    TREASURER = "treasurer", _("treasurer")
    APPROVER = "approver", _("approver")
    MANAGER = "manager", _("programme manager")
    AUDITOR = "auditor", _("auditor")


KINDS_OF_ROLE = {
    Role.MEMBER: {OrganisationKind.SME, OrganisationKind.PROVIDER},
    Role.ADVISER: {OrganisationKind.DESK},
    Role.ASSESSOR: {OrganisationKind.AUTHORITY},
    Role.DECIDER: {OrganisationKind.AUTHORITY},
    Role.TREASURER: {OrganisationKind.AUTHORITY},
    Role.APPROVER: {OrganisationKind.AUTHORITY},
    Role.MANAGER: {OrganisationKind.AUTHORITY},
    Role.AUDITOR: {OrganisationKind.AUTHORITY},
}
"""In which kinds of organisation a role exists."""


OFFICIALS = tuple(role for role, kinds in KINDS_OF_ROLE.items() if kinds == {OrganisationKind.AUTHORITY})
"""Everybody who works for the authority."""

CASE_HANDLERS = (Role.ASSESSOR, Role.DECIDER, Role.TREASURER, Role.APPROVER)
"""Officials through whose hands cases and payments go."""


class LegalForm(models.TextChoices):
    """The legal form as far as the rules ask. A sole trader is a natural person (privacy, public register)."""

    SOLE_TRADER = "sole_trader", _("sole trader (eenmanszaak)")
    PARTNERSHIP = "partnership", _("partnership (vof, maatschap, cv)")
    COMPANY = "company", _("company (bv, nv)")
    ASSOCIATION = "association", _("association or foundation")
    OTHER = "other", _("other")
