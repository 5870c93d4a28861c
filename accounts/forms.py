"""Forms about oneself and one's organisations."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind
from accounts.models import BankAccount, Organisation, User
from core import clock
from core.forms import DateField
from core.identifiers import normalise_iban

LONGEST_ADDRESS = User._meta.get_field("email").max_length


class PlainTexts(forms.Form):
    """A form of allauth in our own words: its own hints are HTML, which a hint (components/field.html) shows as text.

    An address that is too long is refused: allauth would keep its beginning, and mail somebody else or nobody. The browser
    is not asked to stop at the limit, since it drops what is too much without a word.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)  # it repeats the label
            if isinstance(field, forms.EmailField):
                self._address(field)
            elif name == "password1":
                field.help_text = _(
                    "At least 10 characters. Not a password that many people use, and not your name or e-mail address."
                )
            elif name == "password2":
                field.label = _("Repeat your password")
            elif name in {"oldpassword", "password"}:
                field.help_text = ""  # the page has the link to a new password

    @staticmethod
    def _address(field: forms.EmailField) -> None:
        field.label = _("E-mail address")
        field.widget.attrs.pop("maxlength", None)
        too_long = _("An e-mail address has at most %(limit_value)d characters. This one has %(show_value)d.")
        kept = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]
        field.validators = [*kept, MaxLengthValidator(LONGEST_ADDRESS, too_long)]


class SignupForm(PlainTexts, allauth_forms.SignupForm):
    """Making an account."""


class LoginForm(PlainTexts, allauth_forms.LoginForm):
    """Logging in."""


class AddEmailForm(PlainTexts, allauth_forms.AddEmailForm):
    """Another e-mail address."""


class ChangePasswordForm(PlainTexts, allauth_forms.ChangePasswordForm):
    """Another password, by whoever knows the one there is."""


class SetPasswordForm(PlainTexts, allauth_forms.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(PlainTexts, allauth_forms.ResetPasswordForm):
    """Asking for a link to choose a new password."""


class ResetPasswordKeyForm(PlainTexts, allauth_forms.ResetPasswordKeyForm):
    """A new password, by whoever got that link."""


class ProfileForm(forms.ModelForm):
    """Name and language; the e-mail address is changed with a confirmation, on its own page."""

    class Meta:
        model = User
        fields = ["name", "language"]
        help_texts = {"language": _("The language of our letters and e-mails to you.")}


class BankAccountForm(forms.ModelForm):
    """An account of the organisation, as it stands on the statement."""

    iban = forms.CharField(
        label=_("IBAN"), max_length=42, help_text=_("For example NL91 ABNA 0417 1643 00. Spaces are fine.")
    )

    class Meta:
        model = BankAccount
        fields = ["iban", "holder"]
        labels = {"holder": _("Account holder")}
        help_texts = {"holder": _("The name exactly as it stands on the bank statement.")}

    def clean_iban(self) -> str:
        return normalise_iban(self.cleaned_data["iban"])


class InterestForm(forms.Form):
    """In which organisation an official has an interest, and what that is."""

    organisation = forms.CharField(
        label=_("Which business or provider?"), max_length=160, help_text=_("The KvK number, or the full name.")
    )
    why = forms.CharField(
        label=_("What connects you?"),
        max_length=200,
        help_text=_("For example: my partner works there, I own shares, I worked there until last year."),
    )

    def clean_organisation(self) -> Organisation:
        asked = self.cleaned_data["organisation"].strip()
        named = Q(legal_name__iexact=asked) | Q(trade_name__iexact=asked) | Q(kvk=asked)
        customers = Organisation.objects.filter(kind__in=[OrganisationKind.SME, OrganisationKind.PROVIDER])
        found = list(customers.filter(named).order_by("pk"))
        if not found:
            raise ValidationError(_("We do not know this organisation. Check the number or the name."))
        if len({organisation.kvk or organisation.pk for organisation in found}) > 1:
            raise ValidationError(_("There is more than one with this name. Write the KvK number."))
        return found[0]


class InsolvencyForm(forms.Form):
    """Since when a business is bankrupt or in suspension of payments."""

    since = DateField(
        label=_("Since when?"),
        required=False,
        help_text=_("The day in the Central Insolvency Register. Leave this empty when it is over."),
    )

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since is not None and since > clock.today():
            raise ValidationError(_("This day is still to come."))
        return since
