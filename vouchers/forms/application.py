"""What applicants fill in. A form judges what was written; the services judge whether it may happen."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from core.forms import (
    DateField,
    EuroField,
    EuroOrNothingField,
    KvkField,
    NumberField,
    OnceFormMixin,
    UploadField,
    WholeNumberField,
    only_when,
)
from core.identifiers import normalise_iban, validate_iban
from core.wording import in_fours, period
from roadmap.forms import SbiField
from vouchers.enums import VatPosition
from vouchers.models import Application, ApplicationLine
from vouchers.rules.size import SMALLEST_SHARE, WHOLE

LONG_TEXT = 4000


class LongText(forms.CharField):
    """A few sentences, at most about a page and a half."""

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, **kwargs: Any):
        super().__init__(**{"max_length": LONG_TEXT, **kwargs})


class RegisterBusinessForm(OnceFormMixin, forms.ModelForm):
    """The business that applies, as it stands in the trade register."""

    class Meta:
        model = Organisation
        fields = [
            "legal_name",
            "trade_name",
            "kvk",
            "legal_form",
            "street",
            "postcode",
            "city",
            "municipality",
            "sector",
            "sbi",
            "headcount",
            "founded_on",
        ]
        help_texts = {
            "legal_name": _("Exactly as it stands in the trade register."),
            "trade_name": _("Only if customers know you by another name."),
            "kvk": _("8 digits. You find it on your extract from the trade register."),
            "municipality": _("Where the business is established."),
            "sector": _("The one that fits best."),
            "sbi": _("It says what your business does. You find it on the same extract."),
            "headcount": _("Yourself included. Two people for half a week count as one."),
            "founded_on": _("The start date in the trade register."),
        }

    kvk = KvkField()
    founded_on = DateField(label=_("Start date of the business"), required=False)
    headcount = WholeNumberField(label=_("How many people work in the business?"), min_value=0, max_value=100_000)
    sbi = SbiField(required=True, help_text="")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("municipality", "legal_form"):
            self.fields[name].required = True
        self.fields["founded_on"].help_text = self.Meta.help_texts["founded_on"]
        for name in ("kvk", "headcount", "sbi"):
            self.fields[name].help_text = self.Meta.help_texts[name]

    def _post_clean(self) -> None:
        """The service makes the row and validates it; a form instance would only be thrown away."""

    def facts(self) -> dict[str, Any]:
        """The fields of the organisation."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class StartForm(OnceFormMixin):
    """For which business, and how many of the package."""

    business = forms.ModelChoiceField(label=_("For which business?"), queryset=Organisation.objects.none())
    quantity = WholeNumberField(label=_("How many?"), min_value=1, max_value=999, initial=1)

    def __init__(self, *args: Any, businesses: Any, package: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["business"]
        field.queryset = businesses
        field.empty_label = None
        field.initial = businesses.first()
        if package is None or package.max_quantity == 1:
            self.fields["quantity"].widget = forms.HiddenInput()
        else:
            self.fields["quantity"].max_value = package.max_quantity
            self.fields["quantity"].validators.append(MaxValueValidator(package.max_quantity))
            self.fields["quantity"].help_text = ngettext(
                "At most %(limit)s.", "At most %(limit)s.", package.max_quantity
            ) % {"limit": package.max_quantity}


class BusinessFactsForm(forms.Form):
    """What we ask of the business, and the account the money goes to."""

    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=None,
        help_text=_("Where the business is established."),
    )
    sbi = SbiField(required=True, help_text="")
    headcount = WholeNumberField(label=_("How many people work in the business?"), min_value=0, max_value=100_000)
    turnover = EuroOrNothingField(label=_("Turnover last year"), help_text=_("Only needed above 50 million euros."))
    balance_total = EuroOrNothingField(
        label=_("Balance sheet total last year"), help_text=_("Only needed when turnover was above 50 million euros.")
    )
    founded_on = DateField(label=_("Start date of the business"), required=False)
    iban = forms.CharField(
        label=_("IBAN"), max_length=42, help_text=_("A business account in the name of the business. Spaces are fine.")
    )
    holder = forms.CharField(
        label=_("Account holder"), max_length=70, help_text=_("The name exactly as it stands on the bank statement.")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        from accounts.models import Municipality

        business, account = application.organisation, application.bank_account
        account = account or business.bank_accounts.filter(ended_at__isnull=True).order_by("-pk").first()
        initial = {
            "municipality": business.municipality_id,
            "sbi": business.sbi,
            "headcount": business.headcount,
            "turnover": business.turnover,
            "balance_total": business.balance_total,
            "founded_on": business.founded_on,
            "iban": in_fours(account.iban) if account else "",
            "holder": account.holder if account else business.legal_name,
        }
        super().__init__(*args, initial={**initial, **(kwargs.pop("initial", None) or {})}, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.order_by("name")

    def clean_iban(self) -> str:
        number = normalise_iban(self.cleaned_data["iban"])
        validate_iban(number)
        return number

    def clean_turnover(self) -> Decimal | None:
        return self.cleaned_data["turnover"] or None

    def clean_balance_total(self) -> Decimal | None:
        return self.cleaned_data["balance_total"] or None

    def facts(self) -> dict[str, Any]:
        """The fields of the organisation."""
        asked = ("municipality", "sbi", "headcount", "turnover", "balance_total", "founded_on")
        return {name: self.cleaned_data[name] for name in asked}


class QuoteForm(forms.Form):
    """One quote: the file, its dates and its amounts without VAT."""

    upload = UploadField(label=_("The quote"))
    number = forms.CharField(label=_("Number of the quote"), max_length=40)
    dated = DateField(label=_("Date of the quote"))
    valid_until = DateField(label=_("Valid until"), help_text=_("Best is a date at least three months away."))
    quantity = WholeNumberField(label=_("How many?"), min_value=1, max_value=999)
    net = EuroField(
        label=_("Amount without VAT"),
        help_text=_(
            "After discount. Monthly cost for 12 months at most. Without equipment, delivery and paid adverts."
        ),
    )
    vat = EuroOrNothingField(
        label=_("VAT on that amount"),
        help_text=_("Only needed if you do not get all VAT back from the tax office. Otherwise leave it empty."),
    )
    other_funding = EuroOrNothingField(
        label=_("Other subsidy for the same cost"), help_text=_("Leave it empty if there is none.")
    )
    unsigned = forms.BooleanField(label=_("We have not signed or accepted this quote."))

    def __init__(self, *args: Any, line: ApplicationLine, **kwargs: Any):
        initial = {
            "number": line.quote_number,
            "dated": line.quote_date,
            "valid_until": line.quote_valid_until,
            "quantity": line.quantity,
            "net": line.net,
            "vat": line.vat or None,
            "other_funding": line.other_funding or None,
            "unsigned": line.quote_unsigned,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if line.quote_file_id:
            self.fields["upload"].required = False
            self.fields["upload"].help_text = _("We have your file. Choose one only to replace it.")
        if line.package.max_quantity == 1:
            self.fields["quantity"].widget = forms.HiddenInput()
        self.fields["quantity"].validators.append(MaxValueValidator(line.package.max_quantity))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        dated, until = cleaned.get("dated"), cleaned.get("valid_until")
        if dated and until and until < dated:
            self.add_error("valid_until", _("A quote cannot end before its own date."))
        net, vat = cleaned.get("net"), cleaned.get("vat")
        if net and vat and vat > net:
            self.add_error("vat", _("The VAT cannot be more than the amount itself."))
        return cleaned


class VatForm(forms.Form):
    """How much of the VAT comes back."""

    position = forms.ChoiceField(
        label=_("How much of the VAT do you get back from the tax office?"),
        choices=VatPosition,
        widget=forms.RadioSelect,
        help_text=_("VAT that you get back is no cost, so it does not count for the voucher."),
    )
    pro_rata = only_when(
        NumberField(label=_("How many percent?"), required=False, min_value=0, max_value=100, decimal_places=2),
        _("only if you get back a part"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wanted = cleaned.get("position") == VatPosition.PRO_RATA
        if wanted and cleaned.get("pro_rata") is None and "pro_rata" not in self.errors:
            self.add_error("pro_rata", _("Write down how many percent you get back."))
        return cleaned


class GroupForm(forms.Form):
    """Whether the business stands alone."""

    in_group = forms.TypedChoiceField(
        label=_("Does your business belong to a group?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        help_text=_("Yes if you hold 25 % or more of another business, or another business holds that much of yours."),
    )


class RelatedForm(forms.Form):
    """Another business of the group, with its figures of last year."""

    name = forms.CharField(label=_("Name of the other business"), max_length=160)
    kvk = KvkField(required=False, help_text=_("8 digits. Leave this empty for one abroad."))
    share = NumberField(
        label=_("How many percent is held?"),
        min_value=SMALLEST_SHARE,
        max_value=WHOLE,
        max_digits=5,
        decimal_places=2,
        help_text=_("The largest share that one of you holds of the other."),
    )
    headcount = WholeNumberField(label=_("How many people work there?"), min_value=0, max_value=1_000_000)
    turnover = EuroOrNothingField(label=_("Turnover last year"), required=True)
    balance_total = EuroOrNothingField(label=_("Balance sheet total last year"), required=True)


class AidForm(forms.Form):
    """Small state aid that the business had before, over as many `months` as the rules look back."""

    amount = EuroOrNothingField(
        required=True,
        help_text=_("Write 0 if you got none. It stands in the letters about earlier subsidies."),
    )

    def __init__(self, *args: Any, months: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        asked = _("How much de-minimis aid did the business get in the last %(period)s?")
        self.fields["amount"].label = asked % {"period": period(months)}


class MotivationForm(forms.Form):
    """Why this, in one's own words."""

    motivation = LongText(
        label=_("What will this solution do for your business?"),
        required=False,
        max_length=2000,
        help_text=_("A few sentences. Needed when the solution is not a step on your roadmap."),
    )


class StatementsForm(forms.Form):
    """What the applicant signs for."""

    nothing_ordered = forms.BooleanField(label=_("We have not ordered, signed or paid anything for this yet."))
    own_contribution = forms.BooleanField(label=_("We pay our own part ourselves and get nothing back for it."))
    not_insolvent = forms.BooleanField(
        label=_("The business is not bankrupt and has no suspension of payments or debt scheme.")
    )
    truthful = forms.BooleanField(label=_("All we filled in is true and complete."))


class SubmitForm(OnceFormMixin):
    """Sends the application; with the answer when there was a question."""

    answer = LongText(label=_("Your answer"))

    def __init__(self, *args: Any, question: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if question is None:
            del self.fields["answer"]


class AnswerIntentForm(forms.Form):
    """One's view on a notice of intent."""

    answer = LongText(label=_("Your view"))


class ObjectionForm(forms.Form):
    """Why one disagrees with a decision."""

    text = LongText(label=_("Why do you disagree?"), widget=forms.Textarea(attrs={"rows": 10}))
