"""What two people found out about a payout that no machine could settle."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from payouts.enums import ResolutionVerdict
from payouts.models.payout import Payout


class Resolution(models.Model):
    """What one person found out about a payout nobody could settle, and the second person who saw it too."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="resolutions")
    verdict = models.CharField(_("what happened"), max_length=8, choices=ResolutionVerdict)
    evidence = models.TextField(_("where you saw it"), max_length=1000)
    provider_id = models.CharField(_("number of the transfer"), max_length=80, blank=True)
    happened_on = models.DateField(_("day in the statement"), null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [
            models.UniqueConstraint(
                fields=["payout"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_resolution_per_payout",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="resolution_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, withdrawn_at__isnull=True),
                name="confirmed_resolution_has_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payout} {self.verdict}"
