"""The forms with which a business registers as provider and says who it is."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.enums import LegalForm
from core import clock
from core.forms import DateField, KvkField, OnceFormMixin, only_when
from core.identifiers import normalise_postcode, normalise_vat_id, validate_postcode, validate_vat_id
from providers.forms.fields import words
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

    about_nl = words(_("About your business, in Dutch"), limit=2000, required=False)
    about_en = words(_("About your business, in English"), limit=2000, required=False)


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
    legal_form = forms.ChoiceField(label=_("Legal form"), choices=[("", _("Choose a legal form")), *LegalForm.choices])
    country = forms.ChoiceField(
        label=_("Country of the register"),
        help_text=_("Every business from the European Economic Area can take part, on the same terms."),
    )
    kvk = only_when(
        KvkField(required=False, help_text=_("8 digits. You can find it on your extract.")),
        _("only for a Dutch business"),
    )
    foreign_registration = only_when(
        forms.CharField(label=_("Number in the foreign register"), max_length=40, required=False),
        _("only for a business from abroad"),
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
