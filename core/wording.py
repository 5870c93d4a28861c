"""Amounts, numbers and days as people read them, in the language of the page. Nothing here decides anything."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

from core import clock, i18n

NO_BREAK = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
NUMBER = re.compile(r"\b[A-Z]{1,3}-[0-9][0-9/-]*")
"""The number of a case, a voucher or a dossier: `DT-2026-000043-1/1`."""


def localised(row: Any, attribute: str) -> str:
    """`{{ sector|localised:"name" }}`: the Dutch or the English column. Nothing for nothing."""
    return i18n.localised(row, attribute) if row else ""


def as_number(value: Any) -> Decimal | None:
    """The value as Decimal; None when it is no number (a template shows a dash, never an error page)."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, Fraction):
            number = Decimal(value.numerator) / Decimal(value.denominator)
        else:
            number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def euro(value: Any, places: int = 2) -> str:
    """An amount in euros: `€ 1.234,50` in Dutch, `€1,234.50` in English. `{{ amount|euro:0 }}` leaves the cents out."""
    number = as_number(value)
    if number is None:
        return DASH
    rounded = number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    written = number_format(abs(rounded), decimal_pos=int(places), use_l10n=True, force_grouping=True)
    sign = "\N{MINUS SIGN}" if rounded < 0 else ""
    gap = "" if get_language() == "en" else NO_BREAK
    return f"€{gap}{sign}{written}"


def percent(value: Any, places: int = 0) -> str:
    """A fraction as percentage: `0.153|percent:1` is `15,3 %`, unbroken. Accepts Decimal, Fraction, float and text."""
    number = as_number(value)
    if number is None:
        return DASH
    rounded = (number * 100).quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return f"{number_format(rounded, decimal_pos=int(places), use_l10n=True)}{NO_BREAK}%"


def decimals(value: Any, places: int = 2) -> str:
    """A number with a fixed number of decimals, half up, in the notation of the language: `4.666|decimals:2`."""
    number = as_number(value)
    if number is None:
        return DASH
    rounded = number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return number_format(rounded, decimal_pos=int(places), use_l10n=True, force_grouping=True)


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return clock.day_of(value) if value.tzinfo else value.date()
    return value if isinstance(value, dt.date) else None


def long_date(value: Any) -> str:
    """The day in words, in Europe/Amsterdam: `23 november 2026`."""
    day = _day(value)
    return date_format(day, "j F Y") if day else DASH


def short_date(value: Any) -> str:
    """The day for tables: `23 nov. 2026`."""
    day = _day(value)
    return date_format(day, "j N Y") if day else DASH


def shown(value: Any) -> Any:
    """A value in a list of facts or a table: dates become words, everything else stays what it is."""
    return long_date(value) if _day(value) else value


def days_until(value: Any) -> int | None:
    """Days from today to the day of `value`; negative when it has passed. Nothing for nothing."""
    day = _day(value)
    return (day - clock.today()).days if day else None


def period(months: Any) -> str:
    """A period of months, in years when it is whole ones: `36|period` is `3 years`, `18|period` is `18 months`."""
    number = int(months)
    if number and number % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", number // 12) % {"n": number // 12}
    return ngettext("%(n)s month", "%(n)s months", number) % {"n": number}


def term_left(value: Any) -> str:
    """How much of a term is left, for a person: `12 days left`, `today`, `3 days too late`."""
    days = days_until(value)
    if days is None:
        return ""
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    return ngettext("%(n)s day too late", "%(n)s days too late", -days) % {"n": -days}


def in_fours(iban: Any) -> str:
    """An IBAN as it stands on a bank card, in groups of four: `NL91 ABNA 0417 1643 00`."""
    written = "".join(str(iban or "").split())
    return " ".join(written[at : at + 4] for at in range(0, len(written), 4))


def dictget(mapping: Any, key: Any) -> Any:
    """`{{ rows|dictget:key }}` for a mapping whose key is a variable; nothing when it is absent."""
    try:
        return mapping.get(key, "")
    except AttributeError:
        return ""
