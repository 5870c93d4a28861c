"""Provinces and municipalities, by their CBS codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Province(models.Model):
    """A province, such as PV20 Groningen. The programme serves the northern three (PV20, PV21, PV22)."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=60)
    is_north = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality by its CBS code (GM0114 Emmen), with the centre of its area in degrees."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=80, db_index=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="municipalities")
    latitude = models.FloatField()
    longitude = models.FloatField()
    in_s7 = models.BooleanField(_("member of the S7 cities"), default=False)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
