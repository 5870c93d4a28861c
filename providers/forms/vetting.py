"""The forms of vetting: the provider's answers, and what assessor and decider write."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import DateField, OnceFormMixin, UploadField, WholeNumberField, only_when
from providers.enums import (
    Advice,
    DossierKind,
    DossierState,
    Measure,
    MeasureGround,
    Need,
    ProviderState,
    RejectGround,
    Verdict,
)
from providers.forms.fields import IbanField, SignedAmountField, WebAddressField, capitals, words
from providers.guidance import Figure, FigureKind, figures_of
from providers.models import DossierItem


class ItemForm(OnceFormMixin):
    """The answer to one checklist item: whether it applies, its figures, words, and a file to add."""

    def __init__(self, *args: Any, item: DossierItem, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.item = item
        if item.need == Need.CONDITIONAL:
            self.fields["applies"] = forms.TypedChoiceField(
                label=_("Does this apply to you?"),
                choices=[("yes", _("Yes")), ("no", _("No"))],
                coerce=lambda value: value == "yes",
                empty_value=None,
                widget=forms.RadioSelect,
                initial={True: "yes", False: "no"}.get(item.applies),
                error_messages={"required": _("Choose yes or no.")},
            )
            self.fields["applies_reason"] = only_when(
                words(_("Why not?"), limit=1000, required=False, rows=2, hint=_("One sentence is enough.")),
                _("only if it does not apply to you"),
            )
            self.fields["applies_reason"].initial = item.applies_reason
        for figure in figures_of(item.code):
            self.fields[figure.name] = _figure_field(figure, item.figures.get(figure.name, ""))
        self.fields["statement"] = words(_("Your answer"), required=False)
        self.fields["statement"].initial = item.statement
        self.fields["file"] = UploadField(label=_("Add a file"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("applies") is False and not cleaned.get("applies_reason"):
            self.add_error("applies_reason", _("Say why this does not apply to you."))
        return cleaned

    def answer(self) -> dict[str, Any]:
        """What the service asks for."""
        cleaned = self.cleaned_data
        return {
            "statement": cleaned["statement"],
            "applies": cleaned.get("applies"),
            "applies_reason": cleaned.get("applies_reason", ""),
            "figures": {figure.name: cleaned.get(figure.name) for figure in figures_of(self.item.code)},
            "uploads": [cleaned["file"]] if cleaned.get("file") else [],
        }


def _figure_field(figure: Figure, stored: str) -> forms.Field:
    # Never required in the form: people save half an answer and come back; handing in asks for everything.
    common = {"label": figure.label, "help_text": figure.hint, "required": False}
    match figure.kind:
        case FigureKind.AMOUNT:
            return SignedAmountField(initial=stored.replace(".", ",") if get_language() == "nl" else stored, **common)
        case FigureKind.DATE:
            return DateField(initial=stored, **common)
        case FigureKind.COUNT:
            return WholeNumberField(initial=stored, min_value=0, max_value=9999, **common)
        case FigureKind.IBAN:
            return IbanField(initial=stored, max_length=50, **common)
        case FigureKind.URL:
            return WebAddressField(initial=stored, max_length=500, **common)
        case FigureKind.ACCEPT:
            return forms.BooleanField(initial=bool(stored), **common)
        case _:
            return forms.CharField(initial=stored, max_length=160, **common)


class SubmitForm(forms.Form):
    """Handing in: a word to the assessor, and that it is true."""

    reply = words(_("Anything you want to tell the assessor?"), required=False, rows=4)
    true = forms.BooleanField(
        label=_("What I filled in is true and complete."),
        error_messages={"required": _("Confirm that what you filled in is true.")},
    )


class ReactForm(forms.Form):
    """A reaction to what the authority means to decide."""

    text = words(_("Your reaction"), hint=_("Say which facts are not right, and what you want us to know."))


class VerdictForm(forms.Form):
    """The verdict on one item."""

    verdict = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    note = words(
        _("Note"),
        required=False,
        rows=4,
        hint=_(
            "Needed when the verdict is not “met”, or when a machine check did not pass: say what you saw yourself."
        ),
    )
    valid_until = DateField(
        label=_("Evidence valid until"), required=False, help_text=_("Leave empty for the longest term of this item.")
    )

    def __init__(self, *args: Any, item: DossierItem, **kwargs: Any):
        super().__init__(*args, **kwargs)
        possible = [choice for choice in Verdict if choice != Verdict.NOT_APPLICABLE or item.need != Need.YES]
        self.fields["verdict"].choices = [(choice.value, capfirst(str(choice.label))) for choice in possible]
        self.initial = {"verdict": item.verdict, "note": item.verdict_note, "valid_until": item.valid_until}


class TextForm(forms.Form):
    """Reasons, and nothing else."""

    text = words(_("Reasons"), hint=_("The provider reads this. Write short sentences."))


class AskForm(forms.Form):
    """What else is needed, and until when."""

    text = words(
        _("What do you need from the provider?"), hint=_("Name the items. You can ask only once in this round.")
    )
    due_on = DateField(label=_("Answer by"), required=False, help_text=_("Leave empty for two weeks from today."))

    def clean_due_on(self) -> dt.date | None:
        due = self.cleaned_data["due_on"]
        if due and not clock.today() < due <= clock.today() + dt.timedelta(days=92):
            raise ValidationError(_("Choose a day between tomorrow and three months from now."))
        return due


class AdviseForm(TextForm):
    """The assessor's advice."""

    advice = forms.ChoiceField(label=_("Advice"), widget=forms.RadioSelect)
    field_order = ["advice", "text"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["advice"].choices = capitals(Advice.choices)


class RejectForm(TextForm):
    """A rejection and its grounds."""

    grounds = forms.MultipleChoiceField(label=_("Grounds"), widget=forms.CheckboxSelectMultiple)
    field_order = ["grounds", "text"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["grounds"].choices = capitals(RejectGround.choices)


class AnnounceForm(TextForm):
    """Which measure is meant against a provider."""

    measure = forms.ChoiceField(
        label=_("What do you mean to do?"),
        widget=forms.RadioSelect,
    )
    field_order = ["measure", "text"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        possible = [(choice.value, choice.label) for choice in (Measure.SUSPEND, Measure.REMOVE)]
        self.fields["measure"].choices = capitals(possible)


class MeasureForm(TextForm):
    """A measure: grounds and reasons."""

    grounds = forms.MultipleChoiceField(label=_("Grounds"), widget=forms.CheckboxSelectMultiple)
    field_order = ["grounds", "text"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["grounds"].choices = capitals(MeasureGround.choices)


class SuspendForm(MeasureForm):
    """A suspension, and why it cannot wait."""

    urgent = words(
        _("Why can this not wait for a reaction?"),
        required=False,
        rows=3,
        hint=_(
            "Only when somebody is harmed meanwhile (Awb 4:11): the provider then reacts afterwards. Otherwise leave this "
            "empty."
        ),
    )
    field_order = ["grounds", "text", "urgent"]


class QueueFilterForm(forms.Form):
    """Search and filters of the vetting queue, in the address."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    state = forms.ChoiceField(label=_("Status"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    ordering = forms.ChoiceField(label=_("Order"), required=False)

    OPEN = "open"
    ORDERS = {
        "submitted_at": _("Oldest first"),
        "-submitted_at": _("Newest first"),
        "first_answer_due": _("First answer due"),
        "provider": _("Provider A–Z"),
        "-provider": _("Provider Z–A"),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        handed_in = [choice for choice in DossierState if choice != DossierState.DRAFT]
        self.fields["state"].choices = [
            ("", _("In progress")),
            ("all", _("All")),
            *[(choice.value, choice.label) for choice in handed_in],
        ]
        self.fields["kind"].choices = [("", _("All")), *DossierKind.choices]
        self.fields["ordering"].choices = [("", _("Oldest first")), *self.ORDERS.items()]


class ProviderFilterForm(forms.Form):
    """Search and filters of the list of providers."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    state = forms.ChoiceField(label=_("Status"), required=False)
    ordering = forms.ChoiceField(label=_("Order"), required=False)

    ORDERS = {
        "name": _("Name A–Z"),
        "-name": _("Name Z–A"),
        "valid_until": _("Admission ends first"),
        "-registered_at": _("Newest first"),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *ProviderState.choices]
        self.fields["ordering"].choices = [("", _("Name A–Z")), *self.ORDERS.items()]
