"""What the authority writes when it takes an award back or asks money back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, EuroField
from core.reasons import ReasonCode
from vouchers.forms.application import LongText


class GroundForm(forms.Form):
    """A ground and the reasons, in words for the business; where it is about money also how much."""

    ground = forms.ChoiceField(label=_("On which ground?"), widget=forms.RadioSelect)
    amount = EuroField(label=_("How much, in euros?"))
    text = LongText(
        label=_("Explanation for the business"), help_text=_("In plain words. The business reads this text.")
    )

    def __init__(self, *args: Any, grounds: Iterable[ReasonCode], about_money: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(ground.value, ground.label) for ground in grounds]
        if not about_money:
            del self.fields["amount"]


class WhyForm(forms.Form):
    """Why a reclaim ends without money."""

    text = LongText(label=_("Why?"))


class ReceivedForm(forms.Form):
    """The day on which the bank booked the money."""

    received_on = DateField(label=_("On which day did the bank book it?"))
