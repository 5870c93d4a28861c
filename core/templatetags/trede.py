"""What templates of every room share: amounts, dates and words for people, links that may be absent, and components.

Pictures (`ladder`, `dot_plot`, `budget_meter`) are drawn on the server as SVG; where things stand is computed in
core/pictures.py, which knows no template.
"""

from decimal import Decimal
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
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from core import i18n, pictures
from core.tones import tone_of
from core.wording import (
    as_number,
    days_until,
    decimals,
    dictget,
    euro,
    localised,
    long_date,
    percent,
    short_date,
    shown,
    term_left,
)

register = template.Library()

# --- Words and numbers ----

for words in (
    localised,
    euro,
    percent,
    decimals,
    long_date,
    short_date,
    shown,
    days_until,
    term_left,
    dictget,
):
    register.filter(words)


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

_BADGE = {
    "neutral": "utrecht-status-badge--inactive",
    "waiting": "utrecht-status-badge--neutral",
    "act": "utrecht-status-badge--warning",
    "good": "utrecht-status-badge--success",
    "bad": "utrecht-status-badge--danger",
    "ended": "utrecht-status-badge--inactive trede-badge--ended",
}


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
def status_badge(subject: Any, tone: str = "", own: Any = False) -> SafeString:
    """The badge of a model with a machine, or of a state itself: `{% status_badge application %}`.

    `own=True` on a page of the party whose case it is: it reads "your answer" where others read whose answer.
    """
    if isinstance(subject, models.Model):
        state = str(subject.state)  # type: ignore[attr-defined]
        display = getattr(subject, "state_words", None)
        return badge(display(own=bool(own)) if display else state, tone or tone_of(state, subject._meta.label_lower))
    label = getattr(subject, "label", subject)
    return badge(label, tone or tone_of(str(getattr(subject, "value", subject))))


@register.simple_tag
def term(day: Any) -> SafeString | str:
    """How much of a term is left, as small print; a badge when it is over: `{% term application.decide_by %}`."""
    left, days = term_left(day), days_until(day)
    if days is None:
        return ""
    return badge(left, "bad") if days < 0 else format_html('<span class="trede-muted">{}</span>', left)


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
    values = [number for gain in gains if (number := as_number(gain)) is not None]
    return {
        "plot": pictures.dot_plot(
            values, mean=as_number(mean), low=as_number(low), high=as_number(high), threshold=as_number(threshold)
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
    parts = {"paid": as_number(paid) or 0, "committed": as_number(committed) or 0, "reserved": as_number(reserved) or 0}
    return {"meter": pictures.budget_meter(as_number(ceiling) or Decimal(0), **parts)}


# --- Small parts that would otherwise be repeated ------------------------------------------------------------------


@register.simple_tag
def lines(text: Any) -> SafeString:
    """Text of a person with its line ends kept, nothing else interpreted."""
    return mark_safe("<br>".join(conditional_escape(line) for line in str(text or "").splitlines()))  # noqa: S308 - escaped
