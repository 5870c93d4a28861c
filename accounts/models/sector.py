"""Sectors of the roadmap and the SBI codes that lead to them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import rules


class SectorQuerySet(models.QuerySet):
    def for_sbi(self, code: str, version: str = "2025") -> "Sector | None":
        """The one sector of an SBI code (longest prefix wins: 88.91 is childcare, 88.10 is care), or None."""
        mapping = dict(SectorSbi.objects.filter(version=version).values_list("prefix", "sector_id"))
        sector = rules.sector_for_sbi(code, mapping)
        return self.filter(pk=sector).first() if sector else None

    def in_order(self) -> Self:
        return self.order_by("position")


class Sector(models.Model):
    """One of the sectors a roadmap exists for, or the fallback ALGEMEEN."""

    code = models.CharField(max_length=12, primary_key=True)
    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    analogue = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name_nl


class SectorSbi(models.Model):
    """An SBI prefix that belongs to a sector: a division (47) or a finer code (88.91), in one version of the SBI."""

    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="sbi_prefixes")
    version = models.CharField(max_length=4, choices=[("2008", "SBI 2008"), ("2025", "SBI 2025")])
    prefix = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "prefix"], name="sbi_prefix_has_one_sector")]

    def __str__(self) -> str:
        return f"{self.prefix} ({self.version})"


class SbiDivision(models.Model):
    """A division of the SBI 2025 (two digits), with its section letter and official titles."""

    code = models.CharField(max_length=2, primary_key=True)
    section = models.CharField(max_length=1)
    title_nl = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("SBI division")
        verbose_name_plural = _("SBI divisions")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title_nl}"
