"""What a decider writes on an objection, and the filter of the list of them."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from vouchers.enums import ObjectionState
from vouchers.forms.application import LongText


class Ruling(models.TextChoices):
    """What a decider can say of an objection; the values are the verbs of its machine."""

    UPHOLD = "uphold", _("Upheld: the objection is right")
    UPHOLD_IN_PART = "uphold_in_part", _("Upheld in part: the objection is right in part")
    REJECT = "reject", _("Rejected: the decision was right")
    INADMISSIBLE = "declare_inadmissible", _("Inadmissible: too late without a good reason, or not by the applicant")


class RulingForm(forms.Form):
    """The ruling, which nothing suggests, and the reasons for it."""

    ruling = forms.ChoiceField(label=_("What do you decide?"), choices=Ruling, widget=forms.RadioSelect)
    answer = LongText(
        label=_("Our answer, with the reasons"), help_text=_("In plain words. The applicant gets it by e-mail.")
    )

    def words(self) -> str:
        """The chosen ruling in words."""
        return str(Ruling(self.cleaned_data["ruling"]).label)


class ObjectionFilter(forms.Form):
    """Search, filter and order of the list of objections."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80, help_text=_("Number, name or KvK number"))
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Everything that waits")), ("all", _("All")), *ObjectionState.choices],
    )
    ordering = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("decide_by", _("first due first")),
            ("-decide_by", _("last due first")),
            ("filed_at", _("oldest first")),
            ("-filed_at", _("newest first")),
            ("organisation", _("by name")),
            ("-organisation", _("by name, backwards")),
        ],
    )

    def chosen(self) -> dict[str, Any]:
        """What was asked for; nothing of it when something is wrong."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}
