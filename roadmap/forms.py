"""What visitors fill in for the scan and the roadmap. Words and choices come from the reference rows."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Sector
from core.forms import WholeNumberField
from core.i18n import localised
from core.reasons import Refused
from providers.models import Category
from roadmap.enums import Progress
from roadmap.models import Level, Question
from roadmap.services.plan import check_sbi
from roadmap.services.scan import MOST_PEOPLE

Choices = list[tuple[str, Any]]


def sector_choices() -> Choices:
    """The sectors in their order, behind an empty first choice."""
    return [("", _("Choose your sector")), *((row.pk, localised(row, "name")) for row in Sector.objects.in_order())]


def municipality_choices() -> Choices:
    """All municipalities by province, the northern provinces first."""
    rows = Municipality.objects.select_related("province").order_by("-province__is_north", "province__name", "name")
    groups = groupby(rows, key=lambda row: row.province.name)
    return [("", _("Rather not say")), *((name, [(row.pk, row.name) for row in group]) for name, group in groups)]


class SbiField(forms.CharField):
    """An SBI code as it stands in the trade register, with or without dot."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("SBI code"))
        kwargs.setdefault(
            "help_text",
            _(
                "You find it on your extract from the trade register (KVK), for example 56.10. You do not know it? Leave it open. With it we leave out steps that are not for you."
            ),
        )
        super().__init__(max_length=12, **kwargs)

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        try:
            return check_sbi(written)
        except Refused as refused:
            raise ValidationError([str(reason) for reason in refused.reasons]) from refused


class AboutForm(forms.Form):
    """The business, as far as the roadmap needs it. Only the sector has to be told."""

    sector = forms.ChoiceField(
        label=_("What does your business do?"),
        help_text=_("Choose the sector that fits best."),
        error_messages={"required": _("Choose your sector."), "invalid_choice": _("Choose a sector from the list.")},
    )
    headcount = WholeNumberField(
        label=_("How many people work in your business?"),
        help_text=_("Count yourself. We use it to compare you with businesses of your size."),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
    )
    municipality = forms.ChoiceField(
        label=_("In which municipality is your business?"),
        required=False,
        error_messages={"invalid_choice": _("Choose a municipality from the list.")},
    )
    sbi = SbiField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = sector_choices()
        self.fields["municipality"].choices = municipality_choices()


class QuestionForm(forms.Form):
    """One question of the scan: a whole number on its scale. Plain words ask, the instrument's own words stand below."""

    answer = forms.TypedChoiceField(
        coerce=int, widget=forms.RadioSelect, error_messages={"required": _("Choose one of the answers.")}
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        field.choices = [(number, number) for number in range(question.lowest, question.highest + 1)]
        field.label = localised(question, "help")
        formal = f"{localised(question, 'stem')}: {localised(question, 'text')}"
        field.help_text = _("In the words of the questionnaire: %(formal)s") % {"formal": formal}
        field.anchors = tuple(localised(question, f"anchor_{place}") for place in ("low", "middle", "high"))


class HaveForm(forms.Form):
    """What the business has already, out of what it could need."""

    have = forms.MultipleChoiceField(
        label=_("What does your business have already?"),
        help_text=_("Tick what you use now. Nothing to tick? Then go on."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, categories: Iterable[Category], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["have"].choices = [(category.pk, localised(category, "name")) for category in categories]


class ProgressForm(forms.Form):
    """How far the business is with one step; empty takes it back."""

    progress = forms.ChoiceField(choices=[("", _("Not started")), *Progress.choices], required=False)


class RoadmapForm(forms.Form):
    """Which roadmap to show (a GET form: the address holds everything)."""

    sector = forms.ChoiceField(
        label=_("Sector"),
        error_messages={"required": _("Choose a sector."), "invalid_choice": _("Choose a sector from the list.")},
    )
    level = forms.TypedChoiceField(
        label=_("Level on the ladder"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Choose a level."), "invalid_choice": _("Choose level 1, 2, 3 or 4.")},
    )
    sbi = SbiField()
    have = forms.MultipleChoiceField(
        required=False,
        widget=forms.MultipleHiddenInput,
        error_messages={"invalid_choice": _("There is no kind of solution “%(value)s”.")},
    )

    def __init__(self, data: Any = None, *, levels: Iterable[Level], categories: Iterable[Category], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["sector"].choices = sector_choices()
        self.fields["level"].choices = [(row.level, f"{row.level} · {localised(row, 'name')}") for row in levels]
        self.fields["have"].choices = [(category.pk, category.pk) for category in categories]
