"""What a programme manager writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import EuroField


class CeilingForm(forms.Form):
    """A new ceiling in euros, for the whole programme or for one province of it."""

    ceiling = EuroField(
        label=_("New ceiling, in euros"), help_text=_("Never below what is asked for, awarded and paid.")
    )
