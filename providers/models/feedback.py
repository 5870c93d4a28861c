"""What end users told us, what a run of the preferred rule saw, and what stands open against a solution.

Sources: DESIGN 4.5, 4.6, 4.16; RELIABILITY invariants 47-54.
"""

import datetime as dt
from fractions import Fraction
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Sector
from providers.enums import (
    Benefit,
    ConcernKind,
    FeedbackSource,
    InvitationStatus,
    SolutionState,
    StandingMove,
)
from providers.models.catalogue import Solution
from providers.rules.published import published

TASK_LETTERS = 120


class Baseline(models.Model):
    """How the work went before, fixed before the work with the solution starts; never changed (RELIABILITY 49)."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="baselines")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    voucher_ref = models.CharField(max_length=80, unique=True)
    task = models.CharField(max_length=TASK_LETTERS, blank=True, help_text=_("Which work is measured, in one line."))
    times_per_week = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    minutes_before = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    results_before = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    hours_before = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes_before__isnull=False, times_per_week__isnull=False)
                | Q(results_before__isnull=False, hours_before__isnull=False),
                name="baseline_has_numbers",
            )
        ]

    def __str__(self) -> str:
        return self.voucher_ref


class InvitationQuerySet(models.QuerySet):
    """Invitations by what became of them."""

    def live(self) -> Self:
        """Not withdrawn."""
        return self.filter(cancelled_at__isnull=True)


class FeedbackInvitation(models.Model):
    """One person asked once about one solution: a personal link that works once and for a limited time."""

    source = models.CharField(max_length=9, choices=FeedbackSource)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    company = models.CharField(_("business"), max_length=160)
    kvk = models.CharField(_("KvK number"), max_length=8)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    name = models.CharField(_("name of the person"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=2, default="nl")
    in_use_since = models.DateField(_("in use since"))
    wave = models.PositiveSmallIntegerField(default=0, help_text=_("Months of use; 0 for a reference customer."))
    case_ref = models.CharField(max_length=80, blank=True)
    voucher_ref = models.CharField(max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to give feedback")
        verbose_name_plural = _("invitations to give feedback")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=FeedbackSource.values), name="invitation_source_known"),
            models.CheckConstraint(
                condition=(Q(source=FeedbackSource.REFERENCE, wave=0, voucher_ref=""))
                | (Q(source=FeedbackSource.VOUCHER, wave__gte=1, organisation__isnull=False) & ~Q(voucher_ref="")),
                name="invitation_source_fits",
            ),
            models.UniqueConstraint(
                fields=["solution", "kvk"],
                condition=Q(source=FeedbackSource.REFERENCE, cancelled_at__isnull=True),
                name="reference_customer_once_per_solution",
            ),
            models.UniqueConstraint(
                fields=["solution", "email"],
                condition=Q(source=FeedbackSource.REFERENCE, cancelled_at__isnull=True),
                name="reference_address_once_per_solution",
            ),
            models.UniqueConstraint(
                fields=["voucher_ref", "email", "wave"],
                condition=Q(source=FeedbackSource.VOUCHER),
                name="one_invitation_per_user_voucher_and_wave",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(cancelled_at__isnull=True), name="invitation_one_end"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("sent_at")), name="invitation_expires_later"),
        ]
        indexes = [models.Index(fields=["solution", "source", "sent_at"], name="invitation_of_solution")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.pk}"

    def status(self, now: dt.datetime) -> InvitationStatus:
        """What became of it."""
        if self.cancelled_at:
            return InvitationStatus.CANCELLED
        if self.answered_at:
            return InvitationStatus.ANSWERED
        return InvitationStatus.EXPIRED if self.expires_at <= now else InvitationStatus.OPEN


class FeedbackReport(models.Model):
    """One answer. Shown to nobody by itself: only aggregates of at least three leave this room (DESIGN 4.16)."""

    invitation = models.OneToOneField(FeedbackInvitation, on_delete=models.PROTECT, related_name="report")
    benefit = models.CharField(max_length=10, choices=Benefit)
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    times_per_week = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    minutes_before = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    minutes_after = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    results_before = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    hours_before = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    results_after = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    hours_after = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField()
    test_passed = models.BooleanField(null=True, blank=True)
    gain = models.CharField(
        max_length=60, blank=True, help_text=_("Exact fraction, such as 3/17; empty for assurance.")
    )
    answered_at = models.DateTimeField()
    withheld_at = models.DateTimeField(null=True, blank=True)
    withheld_text = models.TextField(max_length=4000, blank=True, help_text=_("Why it does not count now."))

    class Meta:
        verbose_name = _("answer of an end user")
        verbose_name_plural = _("answers of end users")
        constraints = [
            models.CheckConstraint(condition=Q(benefit__in=Benefit.values), name="report_benefit_known"),
            models.CheckConstraint(
                condition=Q(satisfaction__gte=1, satisfaction__lte=5), name="report_satisfaction_1_to_5"
            ),
            models.CheckConstraint(
                condition=(Q(benefit=Benefit.ASSURANCE, gain="", test_passed__isnull=False))
                | (~Q(benefit=Benefit.ASSURANCE) & ~Q(gain="")),
                name="report_has_what_its_benefit_asks",
            ),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True, withheld_text="")
                | (Q(withheld_at__isnull=False) & ~Q(withheld_text="")),
                name="report_withheld_with_reasons",
            ),
        ]
        indexes = [models.Index(fields=["answered_at"], name="report_answered_at")]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def exact_gain(self) -> Fraction | None:
        """The gain as an exact fraction; None for assurance."""
        return exact_gain(self.gain)


def reports_of(solution: Solution) -> models.QuerySet[FeedbackReport]:
    """The answers about a solution, with whom they are from, the latest first; for officials, who see when and not what."""
    given = FeedbackReport.objects.filter(invitation__solution=solution)
    return given.select_related("invitation").order_by("-answered_at", "-pk")


def exact_gain(gain: str | None) -> Fraction | None:
    """A gain as it is stored, as an exact fraction; None for assurance, which has none."""
    return Fraction(gain) if gain else None


class ConcernQuerySet(models.QuerySet):
    """Concerns by whether they stand against a solution."""

    def open(self) -> Self:
        """Nobody has decided on it yet."""
        return self.filter(resolved_at__isnull=True)

    def in_force(self) -> Self:
        """Decided: integrity fell short; and not lifted since (DESIGN 4.6)."""
        return self.filter(kind=ConcernKind.INTEGRITY, upheld=True, lifted_at__isnull=True)


class Concern(models.Model):
    """A doubt about integrity or a complaint, open until a person has looked into it and said what came of it.

    A doubt about integrity that turned out right stands against the solution until a decider lifts it, with reasons.
    """

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=9, choices=ConcernKind)
    text = models.TextField(max_length=4000)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    raised_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    resolution = models.TextField(max_length=4000, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifting = models.TextField(max_length=4000, blank=True, help_text=_("Why the decision no longer holds."))

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ConcernKind.values), name="concern_kind_known"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, upheld__isnull=True, resolved_by__isnull=True)
                | (Q(resolved_at__isnull=False, upheld__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
                name="concern_resolved_with_words",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifting="")
                | (
                    Q(lifted_at__isnull=False, lifted_by__isnull=False, upheld__isnull=False, upheld=True)
                    & Q(kind=ConcernKind.INTEGRITY)
                    & ~Q(lifting="")
                ),
                name="concern_lifted_only_when_upheld",
            ),
        ]
        indexes = [models.Index(fields=["solution", "kind", "resolved_at"], name="concern_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class StandingRun(models.Model):
    """One run of the preferred rule: its rule set, its frozen inputs and what it found. Never changed; recomputable."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="standing_runs")
    on = models.DateField()
    made_at = models.DateTimeField()
    rule_code = models.CharField(max_length=20)
    rule_version = models.PositiveSmallIntegerField()
    rule = models.JSONField()
    inputs = models.JSONField()
    inputs_sha256 = models.CharField(max_length=64)
    outcome = models.JSONField()
    passes = models.BooleanField()
    losing = models.BooleanField()
    state_before = models.CharField(max_length=10, choices=SolutionState)
    move = models.CharField(max_length=8, choices=StandingMove)

    class Meta:
        verbose_name = _("run of the preferred rule")
        verbose_name_plural = _("runs of the preferred rule")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(move__in=StandingMove.values), name="standing_move_known"),
            models.CheckConstraint(
                condition=~Q(move=StandingMove.PREFER) | Q(passes=True), name="preferred_only_when_rule_holds"
            ),
        ]
        indexes = [
            models.Index(fields=["solution", "-on"], name="standing_of_solution"),
            models.Index(fields=["solution", "losing", "-on"], name="standing_losing"),
        ]

    def __str__(self) -> str:
        return f"{self.solution_id} {self.on:%Y-%m-%d} {self.move}"

    def figures_shown(self) -> dict[str, Any]:
        """What may be shown to anybody, too coarse to give one person's answer away (DESIGN 4.16, ADR 0029)."""
        return published(self.outcome, self.rule)
