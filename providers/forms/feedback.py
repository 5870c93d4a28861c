"""The forms with which customers are named and end users answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Sector
from core import clock
from core.forms import DateField, KvkField, NumberField, OnceFormMixin
from providers.enums import Benefit
from providers.forms.catalogue import LocalisedModelChoiceField
from providers.models import Baseline
from providers.rules.gain import AFTER, BEFORE, Question


class ReferenceForm(OnceFormMixin, forms.Form):
    """A customer that the provider names as a reference."""

    company = forms.CharField(label=_("Name of the business"), max_length=160)
    kvk = KvkField(help_text=_("8 digits."))
    sector = LocalisedModelChoiceField(
        label=_("Sector"), queryset=Sector.objects.in_order(), to_field_name="code", required=False
    )
    name = forms.CharField(label=_("Name of the person who works with it"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address of this person"), help_text=_("We send a personal link to this address.")
    )
    in_use_since = DateField(label=_("In use since"), help_text=_("At least six months ago."))

    def clean_in_use_since(self) -> Any:
        day = self.cleaned_data["in_use_since"]
        if day > clock.today():
            raise forms.ValidationError(_("This day lies in the future."))
        if day.year < 1990:
            raise forms.ValidationError(_("Fill in the whole year, for example 2024."))
        return day


class FeedbackForm(forms.Form):
    """What an end user is asked, by kind of benefit; what a baseline fixed is not asked again."""

    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you with it?"),
        choices=[(mark, str(mark)) for mark in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, benefit: Benefit, baseline: Baseline | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["satisfaction"].anchors = (_("very dissatisfied"), _("very satisfied"))
        asked = [*(() if baseline else BEFORE[benefit]), *AFTER[benefit]]
        own = {question.field: self._number(question) for question in asked}
        if benefit == Benefit.ASSURANCE:
            own["test_passed"] = forms.TypedChoiceField(
                label=_("Did you try it out, and did it work?"),
                help_text=_("For a back-up: put a file back. For signing in: use the second step."),
                choices=[("true", _("Yes, it worked")), ("false", _("No, it did not work"))],
                coerce=lambda written: written == "true",
                widget=forms.RadioSelect,
            )
        self.fields = {**own, **self.fields}

    @staticmethod
    def _number(question: Question) -> NumberField:
        return NumberField(label=question.label)
