"""What assessors and deciders fill in about an application, and the filter of their lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vouchers.enums import Advice, ApplicationState, Verdict
from vouchers.forms.application import EuroOrNothingField, LongText
from vouchers.models import ApplicationLine, EligibilityCheck
from vouchers.reasons import GROUND_OF_REFUSAL, RefusalGround


class QuestionForm(forms.Form):
    """What the applicant has to add."""

    question = LongText(
        label=_("What do you need to know?"), help_text=_("The applicant reads this text. The clock stops meanwhile.")
    )


class VerdictForm(forms.Form):
    """The judgement on one rule."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=24)
    verdict = forms.ChoiceField(label=_("Judgement"), choices=Verdict, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, check: EligibilityCheck | None = None, **kwargs: Any):
        if check is not None:
            kwargs.setdefault("initial", {"code": check.code, "verdict": check.verdict, "note": check.note})
            kwargs.setdefault("auto_id", f"id_{check.code}_%s")
        super().__init__(*args, **kwargs)


class LineForm(forms.Form):
    """The cost of one line that counts."""

    assessed = EuroOrNothingField(label=_("Cost that counts, without deductible VAT"), required=True)
    note = forms.CharField(
        label=_("Why it is lower"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, line: ApplicationLine | None = None, **kwargs: Any):
        if line is not None:
            kwargs.setdefault("initial", {"assessed": line.eligible_now, "note": line.assessed_note})
            kwargs.setdefault("auto_id", f"id_line{line.pk}_%s")
        super().__init__(*args, **kwargs)


class AdviceForm(forms.Form):
    """The advice to the decider."""

    advice = forms.ChoiceField(label=_("Your advice"), choices=Advice, widget=forms.RadioSelect)
    text = LongText(
        label=_("Reasons"), required=False, help_text=_("Needed when you advise to refuse. The decider reads this.")
    )


class AwardForm(forms.Form):
    """Yes."""

    explanation = LongText(label=_("Remark in the letter"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(forms.Form):
    """No, and why."""

    grounds = forms.MultipleChoiceField(label=_("On what ground?"), widget=forms.CheckboxSelectMultiple)
    explanation = LongText(
        label=_("Explanation for the applicant"), help_text=_("In plain words. It stands in the letter.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        grounds = [ground for ground in RefusalGround if ground != RefusalGround.INCOMPLETE]
        self.fields["grounds"].choices = [
            (ground.value, f"{ground.label} ({GROUND_OF_REFUSAL[ground]})") for ground in grounds
        ]


class IntentForm(RefuseForm):
    """A refusal that is meant, before it is decided."""

    explanation = LongText(label=_("What do you intend and why?"), help_text=_("The applicant reads this text."))


class ReturnForm(forms.Form):
    """Back to the assessor."""

    why = LongText(label=_("What should be looked at again?"), help_text=_("Only people of the authority read this."))


class DismissForm(forms.Form):
    """Closing what stayed incomplete."""

    explanation = LongText(label=_("What was missing?"))


class QueueFilter(forms.Form):
    """Search, filter and order of the lists of applications."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80, help_text=_("Number, name or KvK number"))
    state = forms.ChoiceField(label=_("Status"), required=False)
    ordering = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("decide_by", _("first due first")),
            ("-decide_by", _("last due first")),
            ("received_at", _("oldest first")),
            ("-received_at", _("newest first")),
            ("organisation", _("by name")),
            ("-organisation", _("by name, backwards")),
            ("requested", _("lowest amount first")),
            ("-requested", _("highest amount first")),
        ],
    )

    def __init__(self, *args: Any, states: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        labels = dict(ApplicationState.choices)
        self.fields["state"].choices = [
            ("", _("everything in this list")),
            *((state.value, labels[state]) for state in states),
        ]
