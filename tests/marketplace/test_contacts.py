"""Telephone numbers and sites in running text can be called and opened; nothing else becomes a link."""

import pytest

from marketplace.templatetags.contacts import contacts


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Bel 0900-8844 of 112.", '<a href="tel:09008844">0900-8844</a>'),
        ("Bel 0900-8844 of 112.", '<a href="tel:112">112</a>.'),
        ("Bel 088 123 45 67 vandaag", '<a href="tel:0881234567">088 123 45 67</a>'),
        (
            "Kijk op nomoreransom.org, gratis",
            '<a href="https://nomoreransom.org" rel="noreferrer">nomoreransom.org</a>,',
        ),
        (
            "https://www.kvk.nl/adres/",
            '<a href="https://www.kvk.nl/adres/" rel="noreferrer">https://www.kvk.nl/adres/</a>',
        ),
    ],
)
def test_what_can_be_called_or_opened_is_a_link(text, linked):
    assert linked in contacts(text)


@pytest.mark.parametrize(
    "text", ["Vraag het 2 keer.", "Op 23-11-2026 om 12.30 uur", "Factuur 2026-0417, 1.120 euro", "BTW 21 %"]
)
def test_other_numbers_and_dots_stay_text(text):
    assert contacts(text) == text


def test_markup_stays_text():
    assert contacts("<script>112</script>") == '&lt;script&gt;<a href="tel:112">112</a>&lt;/script&gt;'
