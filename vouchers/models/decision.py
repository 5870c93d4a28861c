"""What was decided, and what the other side was told beforehand. A decision is written once and can be replayed."""

import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.canonical import canonical_json, sha256_hex
from core.fields import MoneyField
from core.reasons import Reason
from vouchers.enums import DecisionKind
from vouchers.models.application import Application
from vouchers.models.programme import RuleSet
from vouchers.rules.amount import ArithmeticRow


class Decision(models.Model):
    """A *besluit* on a case: what, on which grounds, by which version of the rules, on which inputs (DESIGN 3).

    `subject` names the row decided on (`vouchers.application:3`, `vouchers.claim:9`); `application` is always the case.
    `inputs` is everything the rules looked at, `amounts` what came out, both as frozen JSON; `remaining_ceiling` what the
    budget had left at that moment (Awb 4:25). Written once: a trigger refuses every change.
    """

    kind = models.CharField(max_length=16, choices=DecisionKind)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    subject = models.CharField(max_length=80, db_index=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=60)
    reasons = models.JSONField(default=list)
    legal_ground = models.CharField(max_length=120, blank=True)
    explanation = models.TextField(blank=True)
    inputs = models.JSONField(default=dict)
    amounts = models.JSONField(default=dict)
    amount = MoneyField(null=True, blank=True)
    remaining_ceiling = MoneyField(null=True, blank=True)
    objection_until = models.DateField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
            models.CheckConstraint(condition=~Q(decided_by=F("assessed_by")), name="decision_takes_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def content(self) -> dict[str, Any]:
        """Everything that makes this decision what it is; its fingerprint is `content_hash`."""
        return {
            "kind": self.kind,
            "application": self.application_id,
            "subject": self.subject,
            "decided_at": self.decided_at,
            "decided_by": self.decided_by_id,
            "assessed_by": self.assessed_by_id,
            "rules": self.rules_version,
            "reasons": self.reasons,
            "legal_ground": self.legal_ground,
            "explanation": self.explanation,
            "inputs": self.inputs,
            "amounts": self.amounts,
            "amount": self.amount,
            "remaining_ceiling": self.remaining_ceiling,
            "objection_until": self.objection_until,
        }

    def fingerprint(self) -> str:
        return sha256_hex(canonical_json(self.content()))

    @property
    def why(self) -> list[Reason]:
        """The stored reasons, in words when shown."""
        return [Reason.from_json(stored) for stored in self.reasons]

    @property
    def arithmetic(self) -> list[ArithmeticRow]:
        """The sum behind the amount, row by row."""
        return [ArithmeticRow.from_json(stored) for stored in self.amounts.get("arithmetic", [])]

    @property
    def own_contribution(self) -> Decimal | None:
        """What the applicant pays, in euros, where the decision is about an amount."""
        stored = self.amounts.get("own_contribution")
        return None if stored is None else Decimal(stored)


class NoticeOfIntentQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Notices that are still meant and wait for an answer."""
        return self.filter(answered_at__isnull=True, dropped_at__isnull=True)


class NoticeOfIntent(models.Model):
    """The *voornemen* before a decision on grounds the other side can dispute, and its answer (Awb 4:7, 4:8).

    It holds for what it announced: `reasons` are the grounds of the decision that is meant, `amount` what it will come to in
    euros where it is about one. `dropped_at` is when it was no longer meant: the case went back to the assessor, was decided,
    or another notice took its place.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="intents")
    subject = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=16, choices=DecisionKind)
    reasons = models.JSONField(default=list)
    amount = MoneyField(null=True, blank=True)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeOfIntentQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of intent")
        verbose_name_plural = _("notices of intent")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(answered_at__isnull=True, dropped_at__isnull=True),
                name="one_open_notice_of_intent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def why(self) -> list[Reason]:
        return [Reason.from_json(stored) for stored in self.reasons]

    def is_done(self, today: datetime.date) -> bool:
        """Whether the decision may be taken: it was answered, or its term has ended."""
        return self.answered_at is not None or today > self.answer_by
