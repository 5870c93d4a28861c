"""What Django and allauth say to people, said by our own catalogue: Dutch, and with "u"."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override

from accounts.borrowed import TEXTS
from accounts.notifications import notify


def test_a_short_password_is_refused_in_dutch():
    with override("nl"), pytest.raises(ValidationError) as refused:
        validate_password("kort")
    assert "Dit wachtwoord is te kort. Gebruik minstens 10 tekens." in refused.value.messages


@pytest.mark.parametrize("text", [text for text in TEXTS if isinstance(text, str)])
def test_nobody_is_addressed_as_a_friend(text):
    with override("nl"):
        said = gettext(text)
    assert said != text
    assert not re.search(r"\b(je|jij|jou|jouw)\b", said, re.IGNORECASE)


@pytest.mark.django_db
def test_whoever_never_told_a_name_is_still_greeted(django_capture_on_commit_callbacks, mailoutbox):
    context = {"name": "", "voucher": SimpleNamespace(number="DT-1"), "claim": SimpleNamespace(seq=1, paid_on=None)}
    with django_capture_on_commit_callbacks(execute=True):
        notify(to="kim@bedrijf.example", template="emails/vouchers/claim_paid", context=context)
    assert mailoutbox[0].body.startswith("Beste ondernemer,")
