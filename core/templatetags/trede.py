"""What templates of every room share: amounts, dates and words for people, links that may be absent, and components.

Pictures (`ladder`, `dot_plot`, `budget_meter`) are drawn on the server as SVG; where things stand is computed in
core/pictures.py, which knows no template.
"""

import re
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.db import models
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from core import i18n, pictures
from core.tones import tone_of
from core.wording import (
    NUMBER,
    as_number,
    days_until,
    decimals,
    dictget,
    euro,
    in_fours,
    localised,
    long_date,
    percent,
    period,
    short_date,
    shown,
    term_left,
)

register = template.Library()

OFFICIALS_PAGES = re.compile(r"(/en)?/(beoordelen|beslissen|toetsing|uitbetalingen|controlespoor)/")

# --- Words and numbers ----

for words in (
    localised,
    euro,
    percent,
    decimals,
    in_fours,
    long_date,
    period,
    short_date,
    shown,
    days_until,
    term_left,
    dictget,
):
    register.filter(words)


@register.filter
def unbroken(text: Any) -> SafeString:
    """`{{ title|unbroken }}`: the number of a case in it stays on one line, also in a large heading."""
    return mark_safe(NUMBER.sub(r'<span class="trede-number">\g<0></span>', conditional_escape(text)))  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def knows_nobody(context: template.Context) -> bool:
    """Whether nobody is logged in. Without a cookie of a session it asks for none, so that no page becomes personal by asking."""
    request = context.get("request")
    cookies = getattr(request, "COOKIES", {})
    return settings.SESSION_COOKIE_NAME not in cookies or not request.user.is_authenticated


# --- Links and addresses -------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def nav_links(context: template.Context, *pairs: str) -> SafeString:
    """List items with links, name of the page and label in turn: `{% nav_links "roadmap:scan_start" _("Scan") ... %}`.

    At most one is marked as where one is: the page itself or the list it is of (`voucher_order` belongs to `vouchers`),
    otherwise the link whose address is the longest beginning of this one. What does not exist here (the demo mail, in
    production) is left out.
    """
    request = context.get("request")
    path = getattr(request, "path", "")
    view = getattr(getattr(request, "resolver_match", None), "view_name", "") or ""
    links = []
    for name, label in zip(pairs[::2], pairs[1::2], strict=True):
        try:
            links.append((name, reverse(name), label))
        except NoReverseMatch:
            continue
    begun = [url for _name, url, _label in links if url != "/" and path.startswith(url)]
    named = [url for name, url, _label in links if view.startswith(name.removesuffix("s")) and url not in begun]
    here = path if path in begun else max(named or begun, key=len, default="")
    return format_html_join(
        "",
        '<li><a class="trede-nav__link" href="{}"{}>{}</a></li>',
        ((url, _current(path, url) if url == here else "", label) for _name, url, label in links),
    )


def _current(path: str, url: str) -> SafeString:
    return mark_safe(' aria-current="page"') if path == url else mark_safe(' aria-current="true"')


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
    """Label and address in turn; the last label is this page: `{% breadcrumb _("Solutions") url solution.name %}`.

    Before them stands the home of the site or, on pages behind a login, My Trede.
    """
    request = context.get("request")
    root = "marketplace:my_trede" if getattr(request, "behind_login", False) else "marketplace:home"
    trail = [
        {"label": crumbs[at], "url": crumbs[at + 1] if at + 1 < len(crumbs) else ""} for at in range(0, len(crumbs), 2)
    ]
    return {"trail": trail, "root": reverse(root), "mine": root == "marketplace:my_trede", "request": request}


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
def authority() -> dict[str, Any]:
    """The public body behind the site: `name`, `address` (lines), `phone`, `email`, `website`, `made_up`."""
    return settings.AUTHORITY


@register.simple_tag(takes_context=True)
def help_line(context: template.Context) -> dict[str, Any] | None:
    """Whom to ask for help below a form: once on a page, and not on the pages of officials, who are the help."""
    request = context.get("request")
    if request is None or getattr(request, "help_is_shown", False) or OFFICIALS_PAGES.match(request.path):
        return None
    request.help_is_shown = True
    return settings.AUTHORITY


@register.simple_tag
def site_address(path: str) -> str:
    """The whole address of a page, to be read from paper."""
    return f"{settings.SITE_ORIGIN}{path}"


@register.simple_tag
def environment() -> str:
    """`demo` or `production`."""
    return str(settings.TREDE_ENV)


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
