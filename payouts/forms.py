"""What people fill in about payments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import DateField, OnceFormMixin
from payouts import rules
from payouts.enums import UNSETTLED_VERDICTS, BatchState, PayoutState, ResolutionVerdict
from payouts.models import Payout
from vouchers.enums import PaymentRail
from vouchers.models import Programme


class PrepareForm(OnceFormMixin):
    """Which claims go into a new batch, and when the bank pays."""

    execution_date = DateField(label=_("Day of payment"), help_text=_("A working day, today or later."))
    claims = forms.TypedMultipleChoiceField(
        label=_("Claims"),
        coerce=int,
        error_messages={
            "required": _("Choose at least one claim to pay."),
            "invalid_choice": _("One of these claims is not ready to be paid any more. Look at the list again."),
        },
    )

    def __init__(self, *args: Any, choosable: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["claims"].choices = [(pk, pk) for pk in choosable]  # type: ignore[attr-defined]
        self.fields["execution_date"].initial = rules.first_bank_day(clock.today())


class ReleaseForm(forms.Form):
    """Exactly what was seen, and that it was looked at."""

    seen_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    looked = forms.BooleanField(
        label=_("I have checked the amounts and the accounts."),
        error_messages={"required": _("Confirm that you looked before you continue.")},
    )


class BookedForm(forms.Form):
    """The day in the bank statement."""

    booked_on = DateField(
        label=_("Day in the bank statement"),
        help_text=_("The day on which the bank took the money from our account."),
    )


def _evidence() -> forms.CharField:
    return forms.CharField(
        label=_("Where did you see it?"),
        help_text=_("For example: statement 231 of 24 November, line 7."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnedForm(forms.Form):
    """A payment that came back: what the first of two people saw."""

    use_required_attribute = False  # as of the form below

    returned_on = DateField(label=_("Day on which the money came back"))
    because = forms.ChoiceField(
        label=_("What the bank says"),
        choices=[
            ("account_closed", _("The account is closed")),
            ("wrong_account", _("The account does not exist")),
            ("refused_by_payee", _("The payee does not want it")),
            ("bank_other", _("Something else")),
        ],
        widget=forms.RadioSelect,
    )
    evidence = _evidence()


class ResolutionForm(forms.Form):
    """What happened to a payment that nobody could settle."""

    use_required_attribute = False  # a browser would colour the empty text red before anything was wrong

    verdict = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(verdict.value, verdict.label) for verdict in UNSETTLED_VERDICTS],
        widget=forms.RadioSelect,
    )
    happened_on = DateField(label=_("Day in the statement"), help_text=_("Only when it was paid."), required=False)
    provider_id = forms.RegexField(
        label=_("Number of the transfer"),
        help_text=_("Only when it was paid by Stripe: it starts with tr_."),
        regex=r"^tr_[A-Za-z0-9]{1,70}$",
        required=False,
        max_length=80,
    )
    evidence = _evidence()

    def __init__(self, *args: Any, payout: Payout, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if payout.rail != PaymentRail.STRIPE:
            del self.fields["provider_id"]

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        if read.get("verdict") == ResolutionVerdict.SETTLE:
            if not read.get("happened_on"):
                self.add_error("happened_on", _("Fill in the day on which it was paid."))
            if "provider_id" in self.fields and not read.get("provider_id"):
                self.add_error("provider_id", _("Fill in the number of the transfer."))
        return read


class _ListForm(forms.Form):
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("All programmes"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.order_by("code")  # type: ignore[attr-defined]


class PayoutFilter(_ListForm):
    """Search and filters of the list of payments."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Voucher, payee or number")}),
    )
    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Every status")), *PayoutState.choices]
    )
    rail = forms.ChoiceField(label=_("Paid by"), required=False, choices=[("", _("Both")), *PaymentRail.choices])

    field_order = ["q", "state", "rail", "programme"]


class BatchFilter(_ListForm):
    """Filters of the list of batches."""

    state = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Every status")), *BatchState.choices])
    rail = forms.ChoiceField(label=_("Paid by"), required=False, choices=[("", _("Both")), *PaymentRail.choices])

    field_order = ["state", "programme", "rail"]


class PayableFilter(_ListForm):
    """From which programme is paid."""

    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=None,
    )
