"""The form component: label, hint and error belong to their input, whatever its kind."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from core.forms import DateField, EuroField, only_when
from marketplace.styleguide import SampleForm
from marketplace.templatetags.trede_forms import error_fields


class Sample(forms.Form):
    name = forms.CharField(label="Naam", help_text="Zoals bij de KvK.")
    sort = forms.ChoiceField(label="Soort", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    upload = forms.FileField(label="Offerte", widget=forms.ClearableFileInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(label="Opmerking", required=False, widget=forms.Textarea)


def render(form, **context):
    with translation.override("en"):
        return render_to_string("components/form.html", {"form": form, **context})


def test_an_unbound_form_shows_no_errors():
    page = render(Sample())
    assert "error-summary" not in page
    assert "aria-invalid" not in page


def test_the_summary_links_every_error_to_its_input_in_the_order_of_the_page():
    page = render(Sample({}))
    links = re.findall(r'<a class="[^"]*" href="#([^"]+)">([^<]+)</a>', page)
    assert [target for target, _words in links] == ["id_name", "id_sort_0", "id_upload"]
    assert [words for _target, words in links] == [
        "Fill in “Naam”.",
        "Choose “Soort”.",
        "Add a file: “Offerte”.",
    ]
    for target, _words in links:
        assert f'id="{target}"' in page


def test_an_input_is_described_by_its_hint_and_its_error():
    page = render(Sample({}))
    tag = re.search(r'<input type="text" name="name"[^>]*>', page).group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in tag
    assert 'aria-invalid="true"' in tag
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page


def test_a_hidden_error_still_stands_in_the_summary():
    assert "required" in render(Sample({"name": "x", "sort": "a"})).split("</ul>")[0]


def test_reasons_a_verb_was_refused_for_stand_on_top():
    page = render(Sample(), reasons=["The ceiling is reached."])
    assert "The ceiling is reached." in page
    assert 'role="alert"' in page


def test_a_file_input_never_links_to_the_file_itself():
    class Stored:
        name = "offerte.pdf"

        @property
        def url(self):
            raise ValueError("files have no address of their own")

    page = render(Sample(initial={"upload": Stored()}))
    assert "offerte.pdf" in page
    assert "10 MB" in page


def test_optional_fields_say_so():
    page = render(Sample())
    assert page.count("(optional)") == 1


def test_a_field_that_some_have_to_fill_in_says_who():
    class Registered(forms.Form):
        number = only_when(forms.CharField(label="Nummer", required=False), "alleen voor een Nederlands bedrijf")
        sure = only_when(forms.CharField(label="Zeker"), "nooit te zien")

    page = render(Registered())
    assert "(alleen voor een Nederlands bedrijf)" in page
    assert "(optional)" not in page
    assert "nooit te zien" not in page


def test_what_people_typed_is_kept_and_harmless():
    page = render(Sample({"name": '"><script>alert(1)</script>', "sort": "z"}))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("name", ["payee", "have", "scale"])
def test_a_group_has_a_legend_and_every_option_a_label(name):
    page = render(SampleForm())
    block = next(part for part in page.split("<fieldset")[1:] if f'name="{name}"' in part)
    assert "<legend" in block
    ids = re.findall(r'<input [^>]*id="([^"]+)"', block.split("</fieldset>")[0])
    assert ids
    assert all(f'for="{one}"' in block for one in ids)


class Questions(forms.Form):
    who = forms.ChoiceField(label="Wie betaalt?", choices=[("a", "A")], widget=forms.RadioSelect)
    why = forms.CharField(label="Waarom?", min_length=5)
    sure = forms.BooleanField(label="Ik weet het zeker.")
    known = forms.CharField(label="Bekend", error_messages={"required": "Zeg wie u kent."})
    cost = EuroField(label="Kosten:")
    day = DateField(label="Datum")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "nl",
            [
                "Kies een antwoord bij “Wie betaalt?”.",
                "Beantwoord “Waarom?”.",
                "Vink aan: “Ik weet het zeker”.",
                "Bekend: Zeg wie u kent.",
                "Vul “Kosten” in.",
                "Vul “Datum” in.",
            ],
        ),
        (
            "en",
            [
                "Choose an answer to “Wie betaalt?”.",
                "Answer “Waarom?”.",
                "Tick “Ik weet het zeker”.",
                "Bekend: Zeg wie u kent.",
                "Fill in “Kosten”.",
                "Fill in “Datum”.",
            ],
        ),
    ],
)
def test_an_empty_field_says_what_to_do(language, said):
    with translation.override(language):
        assert [row["message"] for row in error_fields(Questions({}))] == said


def test_a_question_and_its_error_are_two_sentences():
    wrong = Questions({"why": "ja"})
    [said] = [row["message"] for row in error_fields(wrong) if row["href"] == "#id_why"]
    assert said.startswith("Waarom? ")
    assert "?:" not in said


def test_an_amount_has_its_sign_before_it_and_both_say_how_to_write_them():
    with translation.override("nl"):
        page = render_to_string("components/form.html", {"form": Questions()})
    assert re.search(r'<span class="trede-euro__sign" aria-hidden="true">€</span><input type="text" name="cost"', page)
    assert "Bijvoorbeeld 12.500 of 12.500,00." in page
    assert "Dag-maand-jaar, bijvoorbeeld 28-11-2026." in page
    for name in ("cost", "day"):
        assert f'aria-describedby="id_{name}_helptext"' in page
        assert f'id="id_{name}_helptext"' in page


@pytest.mark.parametrize(("path", "title"), [("/oplossingen/", "Fout: "), ("/en/oplossingen/", "Error: ")])
def test_the_title_says_first_that_something_is_wrong_and_the_summary_takes_the_focus(client, db, path, title):
    right, wrong = (client.get(f"{path}?level={level}").content.decode() for level in (1, 9))
    assert f"<title>{title}" in wrong
    assert re.search(r'class="[^"]*trede-error-summary"[^>]* tabindex="-1" autofocus', wrong)
    assert f"<title>{title}" not in right
    assert "autofocus" not in right
