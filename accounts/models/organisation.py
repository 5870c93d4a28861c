"""Organisations, who belongs to them, and the bank accounts money may go to."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccountReason, LegalForm, OrganisationKind, Role
from accounts.models.geography import Municipality
from accounts.models.sector import Sector
from core import clock
from core.fields import MoneyField
from core.identifiers import normalise_iban, validate_iban, validate_kvk, validate_rsin, validate_vat_id


class Organisation(models.Model):
    """A business, provider, authority or desk. One row per KvK number and kind: a provider may itself be an SME elsewhere."""

    kind = models.CharField(_("kind"), max_length=10, choices=OrganisationKind)
    legal_name = models.CharField(_("name in the trade register"), max_length=160)
    trade_name = models.CharField(_("trade name"), max_length=160, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=12, choices=LegalForm, blank=True)
    kvk = models.CharField(_("KvK number"), max_length=8, blank=True, validators=[validate_kvk])
    foreign_registration = models.CharField(_("number in a foreign register"), max_length=40, blank=True)
    rsin = models.CharField(_("RSIN"), max_length=9, blank=True, validators=[validate_rsin])
    vat_id = models.CharField(_("VAT id"), max_length=16, blank=True, validators=[validate_vat_id])
    country = models.CharField(_("country"), max_length=2, default="NL")
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("municipality"),
    )
    website = models.URLField(_("website"), blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    email = models.EmailField(_("general e-mail address"), blank=True)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("sector")
    )
    sbi = models.CharField(_("SBI code"), max_length=8, blank=True)
    headcount = models.PositiveIntegerField(_("number of people working in the business"), null=True, blank=True)
    turnover = MoneyField(_("turnover of last year"), null=True, blank=True, validators=[MinValueValidator(0)])
    balance_total = MoneyField(
        _("balance total of last year"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    insolvent_since = models.DateField(_("bankrupt or in suspension of payments since"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "kvk"], condition=~Q(kvk=""), name="one_organisation_per_kind_and_kvk"
            ),
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
        ]
        indexes = [models.Index(fields=["kind", "legal_name"])]

    def __str__(self) -> str:
        return self.trade_name or self.legal_name


class Membership(models.Model):
    """What a person may do for an organisation, from when until when. Ended, never deleted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="one_live_membership_per_role",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class Interest(models.Model):
    """A stake an official declared in an organisation: as long as it is there, its cases are handled by others (DESIGN 4.8)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="interests")
    why = models.CharField(_("what connects you"), max_length=200)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="one_live_interest_per_organisation",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="interest_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"


def validate_not_ours(iban: str) -> None:
    """Money that leaves our own account does not come back to it as a voucher. Raises ValidationError."""
    ours = normalise_iban(settings.SEPA_DEBTOR_IBAN)
    if ours and normalise_iban(iban) == ours:
        raise ValidationError(AccountReason.OUR_ACCOUNT.label, code="our_account")


class BankAccount(models.Model):
    """An account of an organisation. Checked by a person against a statement before money goes there; replaced, never edited."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bank_accounts")
    iban = models.CharField(_("IBAN"), max_length=34, validators=[validate_iban])
    holder = models.CharField(_("account holder"), max_length=70)
    stripe_account = models.CharField(_("Stripe account"), max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    verified_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "iban"], condition=Q(ended_at__isnull=True), name="one_live_account_per_iban"
            )
        ]

    def __str__(self) -> str:
        return f"…{self.iban[-4:]}"

    def clean(self) -> None:
        # Here and not among the validators of the field, which a migration writes down.
        try:
            validate_not_ours(self.iban)
        except ValidationError as wrong:
            raise ValidationError({"iban": wrong}) from wrong
