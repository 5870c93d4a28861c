"""What an assessor asks and finds: questions to the applicant, and each eligibility rule with its outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.reasons import Reason
from vouchers.enums import (
    RuleOutcome,
    Verdict,
)
from vouchers.models.application import Application
from vouchers.rules.eligibility import RULES


class InformationRequest(models.Model):
    """A question to the applicant and the answer; the term to decide stands still in between (Awb 4:5, 4:15)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    question = models.TextField()
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("question to the applicant")
        verbose_name_plural = _("questions to the applicant")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="one_open_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.asked_at:%Y-%m-%d}"


class EligibilityCheck(models.Model):
    """What a rule last saw of an application, and the assessor's verdict where the rule asked for one."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    code = models.CharField(max_length=24)
    outcome = models.CharField(max_length=8, choices=RuleOutcome)
    reasons = models.JSONField(default=list)
    seen_at = models.DateTimeField()
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("eligibility check")
        verbose_name_plural = _("eligibility checks")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="one_check_per_rule"),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_by__isnull=True, verdict_at__isnull=True)
                | (~Q(verdict="") & Q(verdict_by__isnull=False, verdict_at__isnull=False)),
                name="check_verdict_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.code}"

    @property
    def rule_name(self) -> str:
        """The rule's name for people."""
        return str(RULES[self.code].name) if self.code in RULES else self.code

    @property
    def why(self) -> list[Reason]:
        """The stored reasons, in words when shown."""
        return [Reason.from_json(stored) for stored in self.reasons]

    @property
    def settled(self) -> bool:
        """Whether nothing stands in the way: passed, noted, or judged acceptable by a person."""
        if self.outcome == RuleOutcome.REVIEW:
            return self.verdict == Verdict.ACCEPTED
        return self.outcome in {RuleOutcome.PASS, RuleOutcome.RECORD}
