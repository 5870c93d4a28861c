"""Forms about oneself and one's organisations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import BankAccount, User
from core.identifiers import normalise_iban


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
