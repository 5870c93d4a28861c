"""The forms with which a provider describes a solution, its packages and its prices, and officials decide about it."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, Sector
from core import clock
from core.forms import DateField, EuroOrNothingField, OnceFormMixin
from core.i18n import localised
from core.wording import short_date
from providers.enums import ConcernKind, SolutionState
from providers.models import Category, Concern, FeedbackReport, Package, Provider, Solution

LEVELS = [(1, _("1, digital beginner")), (2, _("2, digital follower")), (3, _("3, advanced")), (4, _("4, leader"))]
LONG = {"rows": 6}


class LocalisedModelChoiceField(forms.ModelChoiceField):
    """A choice among reference rows, shown in the language of the page."""

    def label_from_instance(self, obj: Any) -> str:
        return localised(obj, "name")


class LocalisedMultipleField(forms.ModelMultipleChoiceField):
    """Boxes for reference rows, shown in the language of the page."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return localised(obj, "name") if hasattr(obj, "name_nl") else str(obj)


class SolutionForm(OnceFormMixin, forms.ModelForm):
    """What a solution is and for whom."""

    use_required_attribute = False  # browsers would colour an empty text area red before anything was written

    category = LocalisedModelChoiceField(
        label=_("Category"), queryset=Category.objects.all(), help_text=_("Under which a business looks for it.")
    )
    min_level = forms.TypedChoiceField(label=_("From which level on the ladder"), choices=LEVELS, coerce=int, initial=1)
    max_level = forms.TypedChoiceField(label=_("Up to which level"), choices=LEVELS, coerce=int, initial=4)
    sectors = LocalisedMultipleField(
        label=_("For which sectors"),
        queryset=Sector.objects.in_order(),
        required=False,
        help_text=_("Tick none when it fits every sector."),
    )
    provinces = LocalisedMultipleField(
        label=_("In which provinces do you deliver it"),
        queryset=Province.objects.filter(is_north=True),
        required=False,
        help_text=_("Tick none when you deliver everywhere."),
    )

    class Meta:
        model = Solution
        fields = ["name", "category", "summary", "description", "min_level", "max_level", "sectors", "provinces"]
        widgets = {"description": forms.Textarea(attrs=LONG)}
        help_texts = {
            "summary": _("What it does for a business, at most 200 characters. This is what people see in the list."),
            "description": _("What it does, how it is installed, what the business has to do itself."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("min_level") and cleaned.get("max_level") and cleaned["min_level"] > cleaned["max_level"]:
            self.add_error("max_level", _("The highest level cannot be below the lowest."))
        return cleaned

    def fields_for_service(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ProviderChoiceForm(forms.Form):
    """For people who belong to more than one provider."""

    provider = forms.ModelChoiceField(label=_("Provider"), queryset=Provider.objects.none(), to_field_name="slug")

    def __init__(self, *args: Any, providers: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers


class MoneyForm(forms.Form):
    """A price in its parts, euros excl. VAT."""

    one_off = EuroOrNothingField(
        label=_("One-off price (€, excl. VAT)"), help_text=_("Installation, training, equipment.")
    )
    monthly = EuroOrNothingField(label=_("Price per month (€, excl. VAT)"), help_text=_("Subscription and support."))
    hardware_price = EuroOrNothingField(
        label=_("Of the one-off price: equipment (€)"), help_text=_("A voucher does not pay for equipment.")
    )


class PackageForm(OnceFormMixin, MoneyForm, forms.ModelForm):
    """A package and its price."""

    use_required_attribute = False

    class Meta:
        model = Package
        fields = ["name", "included", "unit", "max_quantity", "hardware", "term_months"]
        widgets = {"included": forms.Textarea(attrs=LONG)}
        help_texts = {"included": _("One thing per line. Installation and training are part of it.")}

    field_order = [
        "name",
        "included",
        "one_off",
        "monthly",
        "hardware",
        "hardware_price",
        "unit",
        "max_quantity",
        "term_months",
    ]

    def fields_for_service(self) -> dict[str, Any]:
        """What the service takes."""
        names = [*self.Meta.fields, "one_off", "monthly", "hardware_price"]
        return {name: self.cleaned_data[name] for name in names}


class PriceForm(MoneyForm):
    """Another price from a day on."""

    valid_from = DateField(
        label=_("From which day"), help_text=_("A day in the future. Quotes from before keep their price.")
    )

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day <= clock.today():
            raise forms.ValidationError(_("Choose a day in the future."))
        return day


class ReasonsForm(forms.Form):
    """Reasons in words, for a decision, a concern or a reply."""

    use_required_attribute = False

    text = forms.CharField(label=_("Reasons"), max_length=4000, widget=forms.Textarea(attrs=LONG))

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class ConcernForm(ReasonsForm):
    """A doubt about integrity or a complaint."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=ConcernKind)
    field_order = ["kind", "text"]


class RaisedField(forms.ModelChoiceField):
    """A choice among the concerns of one solution, by what they are about and when they were raised."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_kind_display()}, {short_date(obj.raised_at)}: {Truncator(obj.text).chars(60)}"


class LiftForm(ReasonsForm):
    """Which decision about integrity no longer holds, and why."""

    concern = RaisedField(label=_("Which concern"), queryset=Concern.objects.none())
    field_order = ["concern", "text"]

    def __init__(self, *args: Any, concerns: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["concern"].queryset = concerns


class ResolveForm(LiftForm):
    """What came of a concern."""

    upheld = forms.TypedChoiceField(
        label=_("What did you find?"),
        choices=[("true", _("It is right")), ("false", _("It is not right"))],
        coerce=lambda written: written == "true",
        widget=forms.RadioSelect,
    )
    field_order = ["concern", "upheld", "text"]


class AnswerField(forms.ModelChoiceField):
    """A choice among answers, by who gave them and when; never by what they say."""

    def label_from_instance(self, obj: Any) -> str:
        given = obj.invitation
        return f"{given.company}, {given.email}, {given.get_source_display()}, {short_date(obj.answered_at)}"


class ReportForm(ReasonsForm):
    """Which answer counts or does not, and why."""

    report = AnswerField(label=_("Which answer"), queryset=FeedbackReport.objects.none())
    field_order = ["report", "text"]

    def __init__(self, *args: Any, reports: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["report"].queryset = reports


class SolutionListForm(forms.Form):
    """Search and filters of the officials' list of solutions."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Every status")), *SolutionState.choices]
    )
    concern = forms.BooleanField(label=_("Only with an open concern"), required=False)
