"""The forms of vetting: what a provider fills in, and what assessor and decider write."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import LegalForm
from core import clock
from core.forms import OnceFormMixin, UploadField
from core.identifiers import (
    normalise_iban,
    normalise_kvk,
    normalise_postcode,
    normalise_vat_id,
    validate_iban,
    validate_kvk,
    validate_postcode,
    validate_vat_id,
)
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
from providers.guidance import Figure, FigureKind, figures_of
from providers.models import DossierItem
from providers.models.provider import LONG_TEXT
from providers.rules.checks import is_web_address
from providers.rules.vetting import EEA

COUNTRY_NAMES = {
    "AT": _("Austria"),
    "BE": _("Belgium"),
    "BG": _("Bulgaria"),
    "CY": _("Cyprus"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GR": _("Greece"),
    "HR": _("Croatia"),
    "HU": _("Hungary"),
    "IE": _("Ireland"),
    "IS": _("Iceland"),
    "IT": _("Italy"),
    "LI": _("Liechtenstein"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "LV": _("Latvia"),
    "MT": _("Malta"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "SE": _("Sweden"),
    "SI": _("Slovenia"),
    "SK": _("Slovakia"),
}


def countries() -> list[tuple[str, str]]:
    """The countries of the European Economic Area in the visitor's language, the Netherlands first."""
    others = sorted(((code, str(COUNTRY_NAMES[code])) for code in EEA - {"NL"}), key=lambda row: row[1])
    return [("NL", str(COUNTRY_NAMES["NL"])), *others]


class DateField(forms.DateField):
    """A day, with the browser's own picker; typed as 2026-11-23 or 23-11-2026 without one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any):
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        day = super().to_python(value)
        if day and not 1800 <= day.year <= 2200:
            raise ValidationError(_("Check the year of this date."))
        return day


class SignedAmountField(forms.CharField):
    """An amount of a balance sheet: zero and below zero are possible. At most two decimals, point or comma."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).removeprefix("€").strip()
        if not text:
            return None
        if not re.fullmatch(r"[-−]?[0-9]{1,12}(?:[.,][0-9]{1,2})?", text, re.ASCII):
            raise ValidationError(_("Write an amount in euros with at most two decimals, for example 1250.00."))
        return Decimal(text.replace(",", ".").replace("−", "-")).quantize(Decimal("0.01"))


def _words(
    label: Any, *, limit: int = LONG_TEXT, required: bool = True, rows: int = 6, hint: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _capitals(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    return [(value, capfirst(str(label))) for value, label in choices]


class ContactForm(forms.Form):
    """Who speaks for the provider, and where to read more."""

    website = forms.CharField(label=_("Website"), max_length=500, required=False, help_text=_("Starts with https://"))
    contact_name = forms.CharField(label=_("Name of the contact person"), max_length=120)
    contact_email = forms.EmailField(label=_("E-mail address of the contact person"), max_length=254)
    contact_phone = forms.CharField(label=_("Telephone number"), max_length=40, required=False)

    def clean_website(self) -> str:
        url = self.cleaned_data["website"]
        if url and not is_web_address(url):
            raise ValidationError(
                _("Write a web address that starts with https://, for example https://www.example.nl.")
            )
        return url

    def clean_contact_phone(self) -> str:
        phone = self.cleaned_data["contact_phone"]
        if phone and not re.fullmatch(r"[0-9+() .\-]{6,40}", phone, re.ASCII):
            raise ValidationError(_("Write a telephone number with digits, for example 050 123 45 67."))
        return phone


class ProfileForm(ContactForm):
    """What a provider says about itself."""

    about_nl = _words(_("About your business, in Dutch"), limit=2000, required=False)
    about_en = _words(_("About your business, in English"), limit=2000, required=False)


class RegisterForm(OnceFormMixin, ContactForm):
    """A business registers as provider."""

    legal_name = forms.CharField(
        label=_("Name in the trade register"), max_length=160, help_text=_("Exactly as it is in the register.")
    )
    trade_name = forms.CharField(
        label=_("Name that customers know"),
        max_length=160,
        required=False,
        help_text=_("Only if it is a different name."),
    )
    legal_form = forms.ChoiceField(label=_("Legal form"), choices=LegalForm)
    country = forms.ChoiceField(
        label=_("Country of the register"),
        help_text=_("Every business from the European Economic Area can take part, on the same terms."),
    )
    kvk = forms.CharField(
        label=_("KvK number"), max_length=20, required=False, help_text=_("8 digits. You can find it on your extract.")
    )
    foreign_registration = forms.CharField(
        label=_("Number in the foreign register"),
        max_length=40,
        required=False,
        help_text=_("Only for businesses from abroad."),
    )
    vat_id = forms.CharField(
        label=_("VAT id"), max_length=30, required=False, help_text=_("For example NL002455799B11.")
    )
    founded_on = DateField(label=_("In business since"), help_text=_("The starting date in the register."))
    street = forms.CharField(label=_("Street and number"), max_length=120)
    postcode = forms.CharField(label=_("Postcode"), max_length=10)
    city = forms.CharField(label=_("Town"), max_length=80)

    field_order = [
        "legal_name",
        "trade_name",
        "legal_form",
        "country",
        "kvk",
        "foreign_registration",
        "vat_id",
        "founded_on",
        "street",
        "postcode",
        "city",
        "website",
        "contact_name",
        "contact_email",
        "contact_phone",
        "once",
    ]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries()
        self.fields["country"].initial = "NL"

    def clean_kvk(self) -> str:
        kvk = normalise_kvk(self.cleaned_data["kvk"])
        if kvk:
            validate_kvk(kvk)
        return kvk

    def clean_vat_id(self) -> str:
        vat_id = normalise_vat_id(self.cleaned_data["vat_id"])
        if vat_id:
            validate_vat_id(vat_id)
        return vat_id

    def clean_founded_on(self) -> dt.date:
        founded = self.cleaned_data["founded_on"]
        if founded > clock.today():
            raise ValidationError(_("This date is in the future."))
        return founded

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        country, postcode = cleaned.get("country"), cleaned.get("postcode")
        if country == "NL" and postcode:
            cleaned["postcode"] = normalise_postcode(postcode)
            try:
                validate_postcode(cleaned["postcode"])
            except ValidationError as wrong:
                self.add_error("postcode", wrong)
        if country == "NL" and not cleaned.get("kvk") and "kvk" not in self.errors:
            self.add_error("kvk", _("Fill in your KvK number."))
        if country and country != "NL" and not cleaned.get("kvk") and not cleaned.get("foreign_registration"):
            self.add_error("foreign_registration", _("Fill in your number in the register of your country."))
        return cleaned

    def registration(self) -> dict[str, Any]:
        """What the service asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


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
            self.fields["applies_reason"] = _words(
                _("If not: why not?"), limit=1000, required=False, rows=2, hint=_("One sentence is enough.")
            )
            self.fields["applies_reason"].initial = item.applies_reason
        for figure in figures_of(item.code):
            self.fields[figure.name] = _figure_field(figure, item.figures.get(figure.name, ""))
        self.fields["statement"] = _words(_("Your answer"), required=False)
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
            return forms.IntegerField(initial=stored, min_value=0, max_value=9999, **common)
        case FigureKind.IBAN:
            return IbanField(initial=stored, max_length=50, **common)
        case FigureKind.URL:
            return WebAddressField(initial=stored, max_length=500, **common)
        case FigureKind.ACCEPT:
            return forms.BooleanField(initial=bool(stored), **common)
        case _:
            return forms.CharField(initial=stored, max_length=160, **common)


class IbanField(forms.CharField):
    """An IBAN, with or without spaces."""

    def clean(self, value: Any) -> str:
        iban = normalise_iban(super().clean(value))
        if iban:
            validate_iban(iban)
        return iban


class WebAddressField(forms.CharField):
    """An https address."""

    def clean(self, value: Any) -> str:
        url = super().clean(value)
        if url and not is_web_address(url):
            raise ValidationError(
                _("Write a web address that starts with https://, for example https://www.example.nl.")
            )
        return url


class SubmitForm(forms.Form):
    """Handing in: a word to the assessor, and that it is true."""

    reply = _words(_("Anything you want to tell the assessor?"), required=False, rows=4)
    true = forms.BooleanField(
        label=_("What I filled in is true and complete."),
        error_messages={"required": _("Confirm that what you filled in is true.")},
    )


class ReactForm(forms.Form):
    """A reaction to what the authority means to decide."""

    text = _words(_("Your reaction"), hint=_("Say which facts are not right, and what you want us to know."))


class VerdictForm(forms.Form):
    """The verdict on one item."""

    verdict = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    note = _words(
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

    text = _words(_("Reasons"), hint=_("The provider reads this. Write short sentences."))


class AskForm(forms.Form):
    """What else is needed, and until when."""

    text = _words(
        _("What do you need from the provider?"), hint=_("Name the items. You can ask only once in this round.")
    )
    due_on = DateField(label=_("Answer before"), required=False, help_text=_("Leave empty for two weeks from today."))

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
        self.fields["advice"].choices = _capitals(Advice.choices)


class RejectForm(TextForm):
    """A rejection and its grounds."""

    grounds = forms.MultipleChoiceField(label=_("Grounds"), widget=forms.CheckboxSelectMultiple)
    field_order = ["grounds", "text"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["grounds"].choices = _capitals(RejectGround.choices)


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
        self.fields["measure"].choices = _capitals(possible)


class MeasureForm(TextForm):
    """A suspension or removal: grounds, reasons, and why it cannot wait."""

    grounds = forms.MultipleChoiceField(label=_("Grounds"), widget=forms.CheckboxSelectMultiple)
    urgent = _words(
        _("Why can this not wait for a reaction?"),
        required=False,
        rows=3,
        hint=_("Only when somebody is harmed meanwhile (Awb 4:11). Otherwise leave this empty."),
    )
    field_order = ["grounds", "text", "urgent"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["grounds"].choices = _capitals(MeasureGround.choices)


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
