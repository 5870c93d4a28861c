"""Programmes and their parameters. Every number a case is judged by is a row here, with a version and a first day."""

import datetime
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import MoneyField
from core.tokens import new_token
from vouchers.enums import Distribution, Payee, PaymentRail, SolutionStanding
from vouchers.rules.amount import AwardTerms
from vouchers.rules.eligibility import Conditions, listed_suffices
from vouchers.rules.voucher import ReminderTerms


class ProgrammeQuerySet(models.QuerySet):
    def open(self, on: datetime.date) -> Self:
        """Programmes one can apply to on this day."""
        return self.filter(opens_on__lte=on).filter(Q(closes_on__isnull=True) | Q(closes_on__gte=on))


class Programme(models.Model):
    """A *regeling* during one *openstelling*: for whom, from when until when, and how its money is divided and paid.

    The numbers live in `RuleSet`, the money in `Budget`. How the ceiling is divided is announced with it and frozen at the
    opening (Awb 4:26-28); `set_up_programme` takes only the order of arrival yet. Nothing reads `payee`, `legal_basis` and
    `publication` yet: a claim starts with the business as payee, and letters name their grounds themselves.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    prefix = models.CharField(_("letters in front of application numbers"), max_length=6, unique=True)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    summary_nl = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    publication = models.CharField(_("published in"), max_length=200, blank=True)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    distribution = models.CharField(
        _("how the fund is divided"), max_length=12, choices=Distribution, default=Distribution.COUNTER
    )
    payment_rail = models.CharField(_("how is paid"), max_length=8, choices=PaymentRail, default=PaymentRail.SEPA)
    payee = models.CharField(_("who is paid unless asked otherwise"), max_length=8, choices=Payee, default=Payee.SME)
    sample_seed = models.CharField(max_length=64, default=new_token, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["opens_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="programme_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(distribution__in=Distribution.values), name="programme_distribution_known"
            ),
            models.CheckConstraint(condition=Q(payment_rail__in=PaymentRail.values), name="programme_rail_known"),
            models.CheckConstraint(condition=Q(payee__in=Payee.values), name="programme_payee_known"),
        ]

    def __str__(self) -> str:
        return self.name_nl

    def is_open(self, on: datetime.date) -> bool:
        return self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)

    def rules_on(self, day: datetime.date) -> "RuleSet":
        """The parameters in force on a day. Raises RuleSet.DoesNotExist before the first version."""
        in_force = [
            rules for rules in self.rule_sets.all() if rules.valid_from <= day
        ]  # few, and lists have them already
        if not in_force:
            raise RuleSet.DoesNotExist(f"programme {self.code} has no rules on {day}")
        return max(in_force, key=lambda rules: rules.version)


def _three_provinces() -> list[str]:
    return ["PV20", "PV21", "PV22"]


def _farming_and_fishing() -> list[str]:
    return ["01", "03"]


class RuleSet(models.Model):
    """One version of a programme's numbers. Never changed once written (a trigger refuses it): a change is a new version.

    Weeks and months are those of DESIGN 4.11; amounts are euros; `rate` and `sample_percent` are percentages. An award above
    `second_decider_above` is refused, because a second approval cannot be given yet; empty (the default) asks for one decider.
    `keep_years` is only told in the letter of the award. Nothing reads these yet: `decide_target_weeks`, `pay_target_weeks`,
    `determine_max_weeks`, `objection_committee_weeks`, `green_list_up_to` (every claim is determined one by one).
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rule_sets")
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()

    # What is paid (DESIGN 4.7)
    rate = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("80.00"))
    cap = MoneyField(default=Decimal("18000.00"))
    minimum = MoneyField(default=Decimal("500.00"))
    window_months = models.PositiveSmallIntegerField(default=12)
    partial_grant = models.BooleanField(default=False)
    max_lines = models.PositiveSmallIntegerField(default=10)

    # When it is due (DESIGN 4.11)
    decide_weeks = models.PositiveSmallIntegerField(default=8)
    decide_target_weeks = models.PositiveSmallIntegerField(default=4)
    complete_weeks = models.PositiveSmallIntegerField(default=2)
    intent_weeks = models.PositiveSmallIntegerField(default=2)
    order_weeks = models.PositiveSmallIntegerField(default=8)
    deliver_months = models.PositiveSmallIntegerField(default=6)
    extension_months = models.PositiveSmallIntegerField(default=3)
    claim_weeks = models.PositiveSmallIntegerField(default=8)
    determine_weeks = models.PositiveSmallIntegerField(default=6)
    determine_max_weeks = models.PositiveSmallIntegerField(default=13)
    pay_weeks = models.PositiveSmallIntegerField(default=6)
    pay_target_weeks = models.PositiveSmallIntegerField(default=2)
    objection_weeks = models.PositiveSmallIntegerField(default=6)
    objection_decide_weeks = models.PositiveSmallIntegerField(default=6)
    objection_committee_weeks = models.PositiveSmallIntegerField(default=12)
    evidence_weeks = models.PositiveSmallIntegerField(default=8)
    reminder_days = models.PositiveSmallIntegerField(default=14)
    last_call_weeks = models.PositiveSmallIntegerField(default=2)
    price_held_weeks = models.PositiveSmallIntegerField(default=4)
    keep_years = models.PositiveSmallIntegerField(default=10)

    # How closely is looked (DESIGN 4.8, 4.12)
    full_regime_from = MoneyField(default=Decimal("25000.00"))
    sample_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("10.00"))
    green_list_up_to = MoneyField(default=Decimal("5000.00"))
    second_decider_above = MoneyField(null=True, blank=True)

    # Who is asked what it brought (DESIGN 4.5)
    most_end_users = models.PositiveSmallIntegerField(default=10)

    # For whom (DESIGN 4.9)
    standing = models.CharField(max_length=10, choices=SolutionStanding, default=SolutionStanding.PREFERRED)
    provinces = models.JSONField(default=_three_provinces)
    headcount_limit = models.PositiveIntegerField(default=250)
    turnover_limit = MoneyField(default=Decimal("50000000.00"))
    balance_limit = MoneyField(default=Decimal("43000000.00"))
    trading_months = models.PositiveSmallIntegerField(default=12)
    primary_sectors = models.JSONField(default=_farming_and_fishing)
    de_minimis_ceiling = MoneyField(default=Decimal("300000.00"))
    de_minimis_months = models.PositiveSmallIntegerField(default=36)
    rule_modes = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        ordering = ["programme", "version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="one_rule_set_per_version"),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=100), name="rule_set_rate_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(sample_percent__gte=0, sample_percent__lte=100), name="rule_set_sample_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0, cap__gte=F("minimum")), name="rule_set_cap_above_minimum"
            ),
            models.CheckConstraint(condition=Q(standing__in=SolutionStanding.values), name="rule_set_standing_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How decisions name this version: `digitale-trede/1`."""
        return f"{self.programme.code}/{self.version}"

    def reminder_terms(self) -> ReminderTerms:
        """How long before a term a business is reminded, and how long it gets after a missed one."""
        return ReminderTerms(last_call_weeks=self.last_call_weeks, reminder_days=self.reminder_days)

    def award_terms(self) -> AwardTerms:
        return AwardTerms(
            rate=Decimal(self.rate),
            cap=self.cap,
            minimum=self.minimum,
            window_months=self.window_months,
            de_minimis_ceiling=self.de_minimis_ceiling,
            de_minimis_months=self.de_minimis_months,
        )

    def pays_for_listed(self, *, assurance: bool) -> bool:
        """Whether a solution in the catalogue is paid for without being on the preferred list (DESIGN 4.9)."""
        return listed_suffices(self.standing, assurance=assurance)

    def conditions(self, province_names: str = "") -> Conditions:
        """The parameters of the eligibility rules; `province_names` as a reader should see them."""
        values: dict[str, Any] = {
            "provinces": tuple(self.provinces),
            "headcount_limit": self.headcount_limit,
            "turnover_limit": self.turnover_limit,
            "balance_limit": self.balance_limit,
            "trading_months": self.trading_months,
            "primary_sectors": tuple(self.primary_sectors),
            "standing": self.standing,
            "de_minimis_ceiling": self.de_minimis_ceiling,
            "de_minimis_months": self.de_minimis_months,
            "minimum": self.minimum,
            "price_held_weeks": self.price_held_weeks,
            "modes": self.rule_modes,
        }
        if province_names:
            values["province_names"] = province_names
        return Conditions(**values)
