"""What was asked of a rail about a payout, and what it said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from payouts.enums import AttemptKind, AttemptOutcome
from payouts.models.payout import Payout
from payouts.wording import said


class PayoutAttempt(models.Model):
    """One question to a rail: stored before it is asked, so that a crash leaves it open and visible."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="asked")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=AttemptKind)
    fence = models.PositiveIntegerField()
    worker = models.CharField(max_length=80, blank=True)
    request_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=AttemptOutcome, blank=True)
    code = models.CharField(max_length=120, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["payout", "n"]
        constraints = [
            models.UniqueConstraint(fields=["payout", "n"], name="attempt_number_used_once"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="ended_attempt_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payout} {self.n} {self.kind}"

    @property
    def why(self) -> str:
        """What was answered, in words."""
        return said(self.code)
