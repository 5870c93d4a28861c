"""Scans: what a business answered, where it stands, and how far it says it is."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Organisation, Sector
from core import clock
from core.tokens import hash_token
from providers.models import Category
from roadmap.enums import Progress, SizeClass

UNFINISHED_DAYS = 90
FINISHED_DAYS = 2 * 365
"""How long a scan is kept when nobody claims it (DESIGN 4.16): until it is worth nothing to its owner or the benchmark.

Both are the house's own terms of privacy, the same for every version of the questionnaire, and stand in code so that no
loaded file lengthens them. What was promised to a visitor is data: each scan carries its own last day (`retain_until`).
"""


class ScanQuerySet(models.QuerySet):
    def by_token(self, token: str) -> "Scan | None":
        """The scan behind a secret link, or None. The link is the only key; there is no guessable number."""
        return self.select_related("sector", "municipality").filter(token_hash=hash_token(token)).first()

    def visible_to(self, user: Any) -> Self:
        """The scans saved by the organisations this person belongs to."""
        return self.filter(organisation__in=user.organisations())

    def finished(self) -> Self:
        return self.filter(finished_at__isnull=False)

    def expired(self, on: datetime.date) -> Self:
        """Scans past their retention date."""
        return self.filter(retain_until__lt=on)


class Scan(models.Model):
    """One walk through the questionnaire. Anonymous until a business saves it; open to whoever holds the secret link.

    `answers` maps item codes to whole numbers, `have` lists the categories the business says it has. Sum and level are
    frozen when the scan is finished, with the version of the questionnaire.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    questionnaire = models.PositiveSmallIntegerField()
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="scans")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="scans"
    )
    headcount = models.PositiveIntegerField(null=True, blank=True)
    size_class = models.CharField(max_length=8, choices=SizeClass, blank=True)
    sbi = models.CharField(max_length=8, blank=True)
    answers = models.JSONField(default=dict)
    have = models.JSONField(default=list)
    have_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="scans"
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    retain_until = models.DateField(null=True, blank=True, db_index=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, total__isnull=True, level__isnull=True)
                | Q(finished_at__isnull=False, total__isnull=False, level__gte=1, level__lte=4),
                name="finished_scan_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, claimed_at__isnull=True, claimed_by__isnull=True)
                | Q(organisation__isnull=False, claimed_at__isnull=False, claimed_by__isnull=False),
                name="claimed_scan_has_its_organisation",
            ),
            models.CheckConstraint(
                condition=Q(retain_until__isnull=False) | Q(organisation__isnull=False),
                name="anonymous_scan_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(size_class="") | Q(size_class__in=SizeClass.values), name="scan_size_known"
            ),
        ]
        indexes = [
            # The benchmark asks for the finished scans of one kind and adds up their sums.
            models.Index(
                fields=["questionnaire", "sector", "size_class", "total"],
                condition=Q(finished_at__isnull=False),
                name="scan_benchmark",
            )
        ]

    def __str__(self) -> str:
        return f"scan {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class StepProgress(models.Model):
    """How far a business says it is with one step of its roadmap."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="progress")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    progress = models.CharField(max_length=10, choices=Progress)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("progress on a step")
        verbose_name_plural = _("progress on steps")
        constraints = [
            models.UniqueConstraint(fields=["scan", "category"], name="one_progress_per_step"),
            models.CheckConstraint(condition=Q(progress__in=Progress.values), name="progress_known"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.progress}"
