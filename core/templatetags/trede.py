"""What templates of every room share: amounts, dates and words for people, links that may be absent, and components.

Pictures (`ladder`, `dot_plot`, `budget_meter`) are drawn on the server as SVG; where things stand is computed in
core/pictures.py, which knows no template.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.db import models
from django.forms import BoundField, widgets
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, override

from core import clock, i18n, pictures

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"


# --- Words and numbers ---------------------------------------------------------------------------------------------


@register.filter
def localised(row: Any, attribute: str) -> str:
    """`{{ sector|localised:"name" }}`: the Dutch or the English column. Nothing for nothing."""
    return i18n.localised(row, attribute) if row else ""


def _number(value: Any) -> Decimal | None:
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


@register.filter
def euro(value: Any, places: int = 2) -> str:
    """An amount in euros: `€ 1.234,50` in Dutch, `€1,234.50` in English. `{{ amount|euro:0 }}` leaves the cents out."""
    number = _number(value)
    if number is None:
        return DASH
    rounded = number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    written = number_format(abs(rounded), decimal_pos=int(places), use_l10n=True, force_grouping=True)
    sign = "\N{MINUS SIGN}" if rounded < 0 else ""
    gap = "" if get_language() == "en" else NO_BREAK
    return f"€{gap}{sign}{written}"


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """A fraction as percentage: `0.153|percent:1` is `15,3 %`, unbroken. Accepts Decimal, Fraction, float and text."""
    number = _number(value)
    if number is None:
        return DASH
    rounded = (number * 100).quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return f"{number_format(rounded, decimal_pos=int(places), use_l10n=True)}{NO_BREAK}%"


@register.filter
def decimals(value: Any, places: int = 2) -> str:
    """A number with a fixed number of decimals, half up, in the notation of the language: `4.666|decimals:2`."""
    number = _number(value)
    if number is None:
        return DASH
    rounded = number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return number_format(rounded, decimal_pos=int(places), use_l10n=True, force_grouping=True)


def _day(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return clock.day_of(value) if value.tzinfo else value.date()
    return value if isinstance(value, datetime.date) else None


@register.filter
def long_date(value: Any) -> str:
    """The day in words, in Europe/Amsterdam: `23 november 2026`."""
    day = _day(value)
    return date_format(day, "j F Y") if day else DASH


@register.filter
def short_date(value: Any) -> str:
    """The day for tables: `23 nov. 2026`."""
    day = _day(value)
    return date_format(day, "j M Y") if day else DASH


@register.filter
def shown(value: Any) -> Any:
    """A value in a list of facts or a table: dates become words, everything else stays what it is."""
    return long_date(value) if _day(value) else value


@register.filter
def days_until(value: Any) -> int | None:
    """Days from today to the day of `value`; negative when it has passed. Nothing for nothing."""
    day = _day(value)
    return (day - clock.today()).days if day else None


@register.filter
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


@register.filter
def dictget(mapping: Any, key: Any) -> Any:
    """`{{ rows|dictget:key }}` for a mapping whose key is a variable; nothing when it is absent."""
    try:
        return mapping.get(key, "")
    except AttributeError:
        return ""


# --- Links and addresses -------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, label: str) -> SafeString:
    """A list item with a link to the named page, marked when it is this page. Nothing when the page does not exist
    here (the demo mail, in production)."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return mark_safe("")
    request = context.get("request")
    path = request.path if request else ""
    if path == url:
        current = mark_safe(' aria-current="page"')
    elif url != "/" and path.startswith(url):
        current = mark_safe(' aria-current="true"')
    else:
        current = ""
    return format_html('<li><a class="trede-nav__link" href="{}"{}>{}</a></li>', url, current, label)


@register.simple_tag(takes_context=True)
def language_switch(context: template.Context) -> dict[str, str]:
    """The same page in the other language: `code`, `name` (in that language) and `url`.

    Keeps the question part of the address. Falls back to the other language's home when the page has no twin (a 404).
    """
    code = "en" if i18n.active_language() == "nl" else "nl"
    name = {"en": "English", "nl": "Nederlands"}[code]
    request = context.get("request")
    path = request.get_full_path() if request else "/"
    url = translate_url(path, code)
    if url == path:
        with override(code):
            try:
                url = reverse("marketplace:home")
            except NoReverseMatch:
                url = "/" if code == "nl" else "/en/"
    return {"code": code, "name": name, "url": url}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The question part of this address with changes: `{% query page=3 %}`, `{% query sort="price" page=None %}`.

    None or an empty text takes the name out. For filters, sort headers and pagination.
    """
    request = context.get("request")
    if not request:
        return "?"
    params = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def sort_state(context: template.Context, name: str = "", sort_name: str = "") -> dict[str, str]:
    """For the head of a column: `aria` (ascending, descending or nothing) and the `url` that turns the order round."""
    key = sort_name or "ordering"
    request = context.get("request")
    current = request.GET.get(key, "") if request and name else ""
    aria = {name: "ascending", f"-{name}": "descending"}.get(current, "") if name else ""
    return {"aria": aria, "url": query(context, **{key: f"-{name}" if current == name else name, "page": None})}


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def breadcrumb(context: template.Context, *crumbs: Any) -> dict[str, Any]:
    """Label and address in turn; the last label is this page: `{% breadcrumb _("Solutions") url solution.name %}`."""
    trail = [
        {"label": crumbs[at], "url": crumbs[at + 1] if at + 1 < len(crumbs) else ""} for at in range(0, len(crumbs), 2)
    ]
    return {"trail": trail, "request": context.get("request")}


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """The numbers to show for a page of a list: first, last and the neighbours; None where a gap is."""
    last, near = page.paginator.num_pages, 1
    wanted = sorted({1, last, *range(max(1, page.number - near), min(last, page.number + near) + 1)})
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and isinstance(numbers[-1], int) and number - numbers[-1] > 1:
            numbers.append(number - 1 if number - numbers[-1] == 2 else None)
        numbers.append(number)
    return numbers


@register.filter
def nth(items: Any, index: int) -> Any:
    """`{{ columns|nth:2 }}`: the item at a place, counted from 0; nothing beyond the end."""
    try:
        return items[index]
    except (IndexError, TypeError, KeyError):
        return ""


@cache
def _room_stylesheet(room: str) -> str | None:
    return f"css/rooms/{room}.css" if finders.find(f"css/rooms/{room}.css") else None


@register.simple_tag(takes_context=True)
def room_stylesheet(context: template.Context) -> SafeString | str:
    """The link to static/css/rooms/<room>.css when the room of this page has one."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    path = _room_stylesheet(match.app_name) if match and match.app_name else None
    return format_html('<link rel="stylesheet" href="{}">', static(path)) if path else ""


@register.simple_tag
def environment() -> str:
    """`demo` or `production`."""
    return str(settings.TREDE_ENV)


@register.simple_tag
def demo_accounts() -> list[tuple[str, str]]:
    """The accounts of the demo data and what each is for; nothing in production (DESIGN 8)."""
    if settings.PRODUCTION:
        return []
    accounts = {
        "sme": gettext("small business"),
        "sme2": gettext("another small business"),
        "provider": gettext("provider"),
        "provider2": gettext("another provider"),
        "assessor": gettext("checks files"),
        "decider": gettext("decides"),
        "decider2": gettext("decides, second person"),
        "treasurer": gettext("prepares payments"),
        "approver": gettext("releases payments"),
        "manager": gettext("manages the programme"),
        "manager2": gettext("manages the programme, second person"),
        "adviser": gettext("adviser of the desk"),
        "auditor": gettext("reads everything"),
    }
    return [(f"{name}@demo.example", role) for name, role in accounts.items()]


# --- Forms ---------------------------------------------------------------------------------------------------------

_KINDS: list[tuple[type[widgets.Widget], str]] = [
    (widgets.CheckboxSelectMultiple, "checkboxes"),
    (widgets.RadioSelect, "radios"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.FileInput, "file"),
    (widgets.SelectMultiple, "select"),
    (widgets.Select, "select"),
    (widgets.Textarea, "textarea"),
    (widgets.MultiWidget, "group"),
]

_CLASSES = {
    "select": "utrecht-select utrecht-select--html-select",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom",
    "checkboxes": "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom",
    "radios": "utrecht-radio-button utrecht-radio-button--html-input utrecht-radio-button--custom",
    "file": "trede-file",
    "text": "utrecht-textbox utrecht-textbox--html-input",
}


@register.filter
def kind(field: BoundField) -> str:
    """How a form field is shown: text, textarea, select, checkbox, checkboxes, radios, scale, file or group."""
    widget = field.field.widget
    if getattr(field.field, "anchors", None) or getattr(widget, "anchors", None):
        return "scale"
    return next((name for cls, name in _KINDS if isinstance(widget, cls)), "text")


@register.filter
def anchors(field: BoundField) -> tuple[str, str]:
    """What the ends of a scale mean: (low, high), from the field or its widget."""
    low, high = getattr(field.field, "anchors", None) or getattr(field.field.widget, "anchors", ("", ""))
    return low, high


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The input of a form field with the classes of the design system and the right links to hint and error."""
    shown_as = kind(field)
    own = field.field.widget
    classes = _CLASSES.get(shown_as, _CLASSES["text"])
    if field.errors:
        base = classes.split()[0]
        classes = f"{classes} {base}--invalid"
    attrs: dict[str, Any] = {"class": f"{classes} {own.attrs.get('class', '')}".strip()}
    describedby = [own.attrs.get("aria-describedby", "")]
    if field.help_text:
        describedby.append(f"{field.auto_id}_helptext")
    if field.errors:
        describedby.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if any(describedby):
        attrs["aria-describedby"] = " ".join(filter(None, describedby))
    if isinstance(own, widgets.ClearableFileInput):
        # The plain input: its "currently" and "clear" would link to files that only a view may hand out.
        return field.as_widget(widgets.FileInput(attrs=own.attrs), attrs=attrs)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def options(field: BoundField) -> list[Any]:
    """The choices of a radio or checkbox group, each with `data` (value, label, selected, id) to draw."""
    return [choice for choice in field if not str(choice.data.get("label", "")).startswith("---")]


@register.simple_tag
def input_type(field: BoundField) -> str:
    """The HTML type of the input of a group's options: radio or checkbox."""
    return "checkbox" if kind(field) == "checkboxes" else "radio"


@register.filter
def error_fields(form: Any) -> list[dict[str, str]]:
    """The errors of a form for the summary on top: the message and the place it links to, in the order of the page."""
    rows = [{"message": message, "href": ""} for message in form.non_field_errors()]
    for field in form:
        if not field.errors:
            continue
        target = field.auto_id
        if kind(field) in {"radios", "checkboxes", "scale"}:
            target = f"{field.auto_id}_0"
        label = "" if field.is_hidden else f"{field.label}: "
        rows += [
            {"message": f"{label}{message}", "href": "" if field.is_hidden else f"#{target}"}
            for message in field.errors
        ]
    return rows


@register.simple_tag
def split_filters(form: Any, visible: int = 3) -> dict[str, Any]:
    """The fields of a filter form: `first` are always shown, `rest` fold away and are `open` when one is in use."""
    fields = form.visible_fields()
    first, rest = fields[: int(visible)], fields[int(visible) :]
    return {"first": first, "rest": rest, "open": any(field.errors or field.value() for field in rest)}


# --- Status --------------------------------------------------------------------------------------------------------

# The tone of a state: what it means for the person waiting. One state name has one tone in every machine; the few
# exceptions carry their model's name.
TONES = {
    "neutral": {"draft", "prepared", "received", "applicant", "issued_draft", "planned"},
    "waiting": {"submitted", "in_review", "advised", "approved_payout", "ready", "sending", "hearing", "waiting_list", "busy", "queued"},
    "act": {"more_information", "on_notice", "unknown", "manual", "due", "withheld", "decided"},
    "good": {
        "approved", "admitted", "listed", "preferred", "awarded", "issued", "settled", "determined", "paid", "upheld",
        "upheld_in_part", "open", "done", "released", "met",
    },
    "bad": {"rejected", "refused", "dismissed", "suspended", "removed", "revoked", "lapsed", "returned", "inadmissible", "not_met"},
    "ended": {"withdrawn", "closed", "retired", "left", "cancelled", "annulled", "written_off", "expired", "not_applicable", "not_for_us"},
}  # fmt: skip
_TONE = {state: tone for tone, states in TONES.items() for state in states}
_TONE |= {
    "payouts.payout:approved": "waiting",
    "vouchers.reclaim:received": "good",
    "payouts.batch:approved": "waiting",
}

_BADGE = {
    "neutral": "utrecht-status-badge--inactive",
    "waiting": "utrecht-status-badge--neutral",
    "act": "utrecht-status-badge--warning",
    "good": "utrecht-status-badge--success",
    "bad": "utrecht-status-badge--danger",
    "ended": "utrecht-status-badge--inactive trede-badge--ended",
}


def tone_of(state: str, machine: str = "") -> str:
    """The tone of a state of a machine (`vouchers.claim`); neutral for a state nobody named."""
    return _TONE.get(f"{machine}:{state}") or _TONE.get(state, "neutral")


@register.filter
def tone(state: Any) -> str:
    """`{{ solution.state|tone }}`: the tone of a state, for the badge."""
    return tone_of(str(state))


@register.simple_tag
def badge(label: Any, tone: str = "neutral") -> SafeString:
    """A status badge: `{% badge _("Preferred") tone="good" %}`. Tones: neutral, waiting, act, good, bad, ended."""
    classes = _BADGE.get(tone, _BADGE["neutral"])
    return format_html(
        '<span class="utrecht-status-badge trede-badge trede-badge--{} {}">{}</span>', tone, classes, label
    )


@register.simple_tag
def status_badge(subject: Any, tone: str = "") -> SafeString:
    """The badge of a model with a machine, or of a state itself: `{% status_badge application %}`."""
    if isinstance(subject, models.Model):
        state = str(subject.state)  # type: ignore[attr-defined]
        display = getattr(subject, "get_state_display", None)
        return badge(display() if display else state, tone or tone_of(state, subject._meta.label_lower))
    label = getattr(subject, "label", subject)
    return badge(label, tone or tone_of(str(getattr(subject, "value", subject))))


# --- Pictures ------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/ladder.html")
def ladder(level: int | None = None, score: Any = None, size: str = "large") -> dict[str, Any]:
    """The ladder of four rungs, with one's own rung lit. `{% ladder level=2 score="4.83" %}`; without level: nobody's."""
    return {"picture": pictures.ladder(level), "level": level, "score": score, "size": size}


@register.inclusion_tag("components/dot_plot.html")
def dot_plot(
    gains: Any, mean: Any = None, low: Any = None, high: Any = None, threshold: Any = Decimal("0.15"), name: str = ""
) -> dict[str, Any]:
    """The gains reported by the users of a solution, one dot per business, with the line they should reach.

    All values are fractions (0.15 = 15 %). `mean`, `low` and `high` may be left out; `name` names the solution.
    """
    values = [number for gain in gains if (number := _number(gain)) is not None]
    return {
        "plot": pictures.dot_plot(
            values, mean=_number(mean), low=_number(low), high=_number(high), threshold=_number(threshold)
        ),
        "name": name,
        "threshold": threshold,
        "mean": mean,
        "low": low,
        "high": high,
    }


@register.inclusion_tag("components/budget_meter.html")
def budget_meter(ceiling: Any, paid: Any = 0, committed: Any = 0, reserved: Any = 0) -> dict[str, Any]:
    """How much of a programme's ceiling is spoken for: paid, promised (awarded, not yet paid) and asked for."""
    parts = {"paid": _number(paid) or 0, "committed": _number(committed) or 0, "reserved": _number(reserved) or 0}
    return {"meter": pictures.budget_meter(_number(ceiling) or Decimal(0), **parts)}


# --- Small parts that would otherwise be repeated ------------------------------------------------------------------


@register.simple_tag
def lines(text: Any) -> SafeString:
    """Text of a person with its line ends kept, nothing else interpreted."""
    return mark_safe("<br>".join(conditional_escape(line) for line in str(text or "").splitlines()))  # noqa: S308 - escaped
