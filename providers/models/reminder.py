"""Which reminders of evidence that runs out were sent (DESIGN 4.4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models.catalogue import Solution
from providers.models.provider import Provider


class VettingReminder(models.Model):
    """A reminder that was sent: once per subject, end and number of days before it, however often the machine looks."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="reminders")
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="reminders", null=True, blank=True)
    until = models.DateField(help_text=_("The last day on which the evidence counts."))
    days = models.PositiveSmallIntegerField(help_text=_("How many days before that day it is sent at the latest."))
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder of vetting")
        verbose_name_plural = _("reminders of vetting")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "until", "days"],
                condition=Q(solution__isnull=True),
                name="one_reminder_per_provider_end_and_days",
            ),
            models.UniqueConstraint(
                fields=["solution", "until", "days"],
                condition=Q(solution__isnull=False),
                name="one_reminder_per_solution_end_and_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution or self.provider} {self.until:%Y-%m-%d} -{self.days}"
