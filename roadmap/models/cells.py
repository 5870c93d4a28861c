"""What each sector takes on at each level."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Sector
from providers.models import Category


class RoadmapCell(models.Model):
    """One sector at one level: why these steps, in a sentence."""

    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="cells")
    level = models.PositiveSmallIntegerField()
    why_nl = models.CharField(max_length=300)
    why_en = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("cell of the roadmap")
        verbose_name_plural = _("cells of the roadmap")
        ordering = ["sector", "level"]
        constraints = [
            models.UniqueConstraint(fields=["sector", "level"], name="one_cell_per_sector_and_level"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="cell_level_on_the_ladder"),
        ]

    def __str__(self) -> str:
        return f"{self.sector_id} {self.level}"


class RoadmapCellItem(models.Model):
    """A category that a cell recommends; priority 1 comes first."""

    cell = models.ForeignKey(RoadmapCell, on_delete=models.CASCADE, related_name="items")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="cell_items")
    priority = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("step of a cell")
        verbose_name_plural = _("steps of cells")
        ordering = ["cell", "priority"]
        constraints = [models.UniqueConstraint(fields=["cell", "category"], name="category_once_per_cell")]

    def __str__(self) -> str:
        return f"{self.cell_id} {self.category_id}"


class RoadmapLimit(models.Model):
    """A category that fits only some businesses of a sector, by the start of their SBI code, and why."""

    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="limits")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="limits")
    only_sbi = models.CharField(max_length=80, help_text=_("SBI prefixes separated by ; such as 41;42."))
    why_nl = models.CharField(max_length=200)
    why_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("limit of the roadmap")
        verbose_name_plural = _("limits of the roadmap")
        constraints = [models.UniqueConstraint(fields=["sector", "category"], name="one_limit_per_sector_and_category")]

    def __str__(self) -> str:
        return f"{self.sector_id} {self.category_id} {self.only_sbi}"
