"""What two people found out about a payout: what became of it, or that its money came back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from payouts.enums import ResolutionVerdict
from payouts.models.payout import Payout
from payouts.wording import said


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Named selections."""

    def still_open(self) -> "ResolutionQuerySet":
        """What one person said and nobody confirmed or took back."""
        return self.filter(confirmed_at=None, withdrawn_at=None)

    def reported_returns(self) -> "ResolutionQuerySet":
        """Of which payments one person says that the money came back."""
        return self.still_open().filter(verdict=ResolutionVerdict.RETURNED)


class Resolution(models.Model):
    """What one person found out about a payout nobody could settle, or that was paid; and the second, who saw it too."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="resolutions")
    verdict = models.CharField(_("what happened"), max_length=8, choices=ResolutionVerdict)
    evidence = models.TextField(_("where you saw it"), max_length=1000)
    provider_id = models.CharField(_("number of the transfer"), max_length=80, blank=True)
    happened_on = models.DateField(_("day in the statement"), null=True, blank=True)
    because = models.CharField(_("what the bank says"), max_length=80, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ResolutionQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=(Q(verdict=ResolutionVerdict.RETURNED, happened_on__isnull=False) & ~Q(because=""))
                | ~Q(verdict=ResolutionVerdict.RETURNED),
                name="reported_return_has_day_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payout} {self.verdict}"

    @property
    def why(self) -> str:
        """What the bank says, in words."""
        return said(self.because)
