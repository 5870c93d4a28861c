"""The group a business belongs to, as its applicant declares it (2003/361/EC, 2023/2831 art. 2)."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.fields import MoneyField
from core.identifiers import validate_kvk
from vouchers.models.application import Application
from vouchers.rules.size import SMALLEST_SHARE, WHOLE


class RelatedBusiness(models.Model):
    """A business with a share in the applicant, or of which the applicant has one. Figures of last year, amounts in euros.

    `share` is the larger of the two shares in percent, from 25 to 100. Above 50 it is linked and counts whole, and is one
    undertaking with the applicant; otherwise it is a partner and counts by its share.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="related")
    name = models.CharField(_("name in the trade register"), max_length=160)
    kvk = models.CharField(_("KvK number"), max_length=8, blank=True, validators=[validate_kvk])
    share = models.DecimalField(
        _("share in percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(SMALLEST_SHARE), MaxValueValidator(WHOLE)],
    )
    headcount = models.PositiveIntegerField(_("number of people working in the business"))
    turnover = MoneyField(_("turnover of last year"), validators=[MinValueValidator(0)])
    balance_total = MoneyField(_("balance total of last year"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("business of the group")
        verbose_name_plural = _("businesses of the group")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kvk"], condition=~Q(kvk=""), name="related_business_listed_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gte=SMALLEST_SHARE, share__lte=WHOLE), name="related_share_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(turnover__gte=0, balance_total__gte=0), name="related_figures_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def content(self) -> list[Any]:
        """The part of the application's fingerprint that is about this business."""
        return [self.name, self.kvk, self.share, self.headcount, self.turnover, self.balance_total]

    def is_of(self, organisation: Organisation) -> bool:
        """Whether this is the applicant itself, which is not listed."""
        return bool(self.kvk) and self.kvk == organisation.kvk
