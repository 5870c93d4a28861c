"""What a business writes on its voucher."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, NumberField
from core.wording import long_date
from providers.enums import Benefit
from providers.models.feedback import TASK_LETTERS
from providers.rules.gain import BEFORE
from vouchers.models import Voucher
from vouchers.services.voucher import needs_baseline


class OrderForm(forms.Form):
    """When it was ordered, and how the work goes now. The second part is asked once and never changes."""

    ordered_on = DateField(label=_("On which day did you order?"))

    def __init__(self, *args: Any, voucher: Voucher, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asks_before = needs_baseline(voucher)
        self.benefit = Benefit(voucher.solution.category.benefit)
        self.fields["ordered_on"].help_text = _(
            "The day on which you signed or agreed: not before %(applied)s, the day of your application, and on %(until)s at"
            " the latest."
        ) % {"applied": long_date(voucher.applied_on), "until": long_date(voucher.order_by)}
        if voucher.ordered_on:
            self.fields["ordered_on"].initial = voucher.ordered_on
        if self.baseline_asked:
            self.fields["task"] = forms.CharField(
                label=_("Which work will it make easier?"), max_length=TASK_LETTERS, help_text=_EXAMPLES[self.benefit]
            )
        for question in BEFORE[self.benefit] if self.asks_before else ():
            self.fields[question.field] = NumberField(
                label=_NOW[question.field],
                min_value=Decimal(0) if getattr(question, "zero", False) else Decimal("0.01"),
                max_digits=8,
                decimal_places=2,
                error_messages={"min_value": _("Fill in a number above zero.")},
            )

    @property
    def baseline_asked(self) -> bool:
        """Whether this page asks how the work goes now."""
        return self.asks_before and bool(BEFORE[self.benefit])

    def baseline(self) -> dict[str, Decimal] | None:
        """The numbers from before, or None when they are not asked."""
        if not self.baseline_asked:
            return None
        return {question.field: self.cleaned_data[question.field] for question in BEFORE[self.benefit]}


_EXAMPLES = {
    Benefit.TIME: _("In one line, for example: making invoices. The people who work with it read this later."),
    Benefit.OUTPUT: _(
        "In one line, for example: orders from the web shop. The people who work with it read this later."
    ),
}

_NOW = {
    "times_per_week": _("How many times a week do you do this work now?"),
    "minutes_before": _("How many minutes does it take each time, now?"),
    "results_before": _("How many orders, leads or sales a week do you get now?"),
    "hours_before": _("How many hours a week do you spend on it now?"),
}


class DeliveryForm(forms.Form):
    """When everything was delivered and worked."""

    delivered_on = DateField(
        label=_("On which day was everything delivered?"),
        help_text=_("The day from which you can really use it."),
    )
