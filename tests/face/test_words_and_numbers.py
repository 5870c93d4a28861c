"""The template filters of every room: amounts, percentages, dates and terms as people read them."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core import clock, i18n, tones
from core.templatetags import trede


@pytest.mark.parametrize(
    ("language", "value", "places", "shown"),
    [
        ("nl", Decimal("1234.5"), 2, "€\xa01.234,50"),
        ("nl", Decimal(2000000), 0, "€\xa02.000.000"),
        ("nl", "0.005", 2, "€\xa00,01"),
        ("nl", Decimal("-3.10"), 2, "€\xa0\N{MINUS SIGN}3,10"),
        ("en", Decimal("1234.5"), 2, "€1,234.50"),
        ("en", 0, 2, "€0.00"),
        ("nl", None, 2, "\N{EN DASH}"),
        ("nl", "NaN", 2, "\N{EN DASH}"),
        ("nl", "Infinity", 2, "\N{EN DASH}"),
        ("nl", "no amount", 2, "\N{EN DASH}"),
    ],
)
def test_an_amount_is_written_in_the_notation_of_the_language(language, value, places, shown):
    with translation.override(language):
        assert trede.euro(value, places) == shown


@pytest.mark.parametrize(
    ("language", "value", "places", "shown"),
    [
        ("nl", Fraction(3, 17), 1, "17,6\xa0%"),
        ("en", Fraction(3, 17), 1, "17.6\xa0%"),
        ("nl", Decimal("0.15"), 0, "15\xa0%"),
        ("nl", Decimal("0.145"), 0, "15\xa0%"),
        ("nl", Decimal("-0.5"), 0, "-50\xa0%"),
        ("nl", None, 0, "\N{EN DASH}"),
    ],
)
def test_a_share_is_written_as_percentage(language, value, places, shown):
    with translation.override(language):
        assert trede.percent(value, places) == shown


def test_a_score_has_two_decimals_half_up():
    with translation.override("nl"):
        assert trede.decimals(Decimal("4.665"), 2) == "4,67"
    with translation.override("en"):
        assert trede.decimals(Fraction(29, 6), 2) == "4.83"


def test_a_moment_is_shown_as_the_day_it_is_in_the_netherlands():
    late = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC)
    with translation.override("nl"):
        assert trede.long_date(late) == "24 november 2026"
    with translation.override("en"):
        assert trede.long_date(late) == "24 November 2026"
        assert trede.long_date(None) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("days", "words"),
    [(12, "12 days left"), (1, "1 day left"), (0, "today"), (-1, "1 day too late"), (-30, "30 days too late")],
)
def test_a_term_says_how_much_is_left(days, words):
    noon = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
    with clock.fixed(noon), translation.override("en"):
        assert trede.term_left(clock.today() + datetime.timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("months", "words"), [(36, "3 years"), (12, "1 year"), (18, "18 months"), (1, "1 month"), ("24", "2 years")]
)
def test_a_period_is_in_years_when_it_is_whole_ones(months, words):
    with translation.override("en"):
        assert trede.period(months) == words


class _Row:
    name_nl = "Bouw"
    name_en = ""


def test_reference_words_follow_the_language_and_never_leave_a_hole():
    with translation.override("nl"):
        assert i18n.localised(_Row(), "name") == "Bouw"
    with translation.override("en"):
        assert i18n.localised(_Row(), "name") == "Bouw"
        assert i18n.localised({"name_nl": "Bouw", "name_en": "Construction"}, "name") == "Construction"
    with translation.override("de"):
        assert i18n.localised({"name_nl": "Bouw", "name_en": "Construction"}, "name") == "Bouw"
    with pytest.raises(AttributeError):
        i18n.localised(_Row(), "label")


def _render(source, path="/lijst/?q=kassa&page=3", **context):
    request = RequestFactory().get(path)
    return Template("{% load trede %}" + source).render(Context({"request": request, **context}))


def test_a_filter_link_keeps_the_rest_of_the_address():
    assert _render("{% query page=4 %}") == "?q=kassa&amp;page=4"
    assert _render("{% query page=None %}") == "?q=kassa"
    assert _render("{% query q=None page=None %}") == "?"


def test_a_sort_header_turns_the_order_round_and_starts_at_the_first_page():
    first = _render('{% sort_state "price" as s %}{{ s.aria }} {{ s.url|safe }}')
    assert first == " ?q=kassa&ordering=price"
    again = _render('{% sort_state "price" as s %}{{ s.aria }} {{ s.url|safe }}', path="/lijst/?ordering=price&page=2")
    assert again == "ascending ?ordering=-price"


def test_the_language_switch_leads_to_the_same_page_and_keeps_the_question():
    switch = "{% language_switch as other %}{{ other.code }} {{ other.url|safe }}"
    with translation.override("nl"):
        assert _render(switch, path="/styleguide/?page=2") == "en /en/styleguide/?page=2"
    with translation.override("en"):
        assert _render(switch, path="/en/styleguide/") == "nl /styleguide/"
        assert _render(switch, path="/en/there-is-no-such-page/").startswith("nl /")


@pytest.mark.parametrize("state", ["submitted", "more_information", "awarded", "refused", "withdrawn"])
def test_a_state_has_one_tone(state):
    found = [tone for tone, states in tones.TONES.items() if state in states]
    assert found == [tones.tone_of(state)]


def test_no_state_has_two_tones():
    named = [state for states in tones.TONES.values() for state in states]
    assert len(named) == len(set(named))
