"""Tables that people on a telephone can read: a row becomes a card, each value with the head of its column before it."""

import re

from django import template
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.wording import NUMBER

register = template.Library()

_HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
_HEADER = re.compile(r"<th\b[^>]*>(.*?)</th>|<td\b[^>]*>\s*</td>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(?P<tag>t[dh])\b(?P<attributes>[^>]*)>(?P<content>.*?)</(?P=tag)>", re.DOTALL)
_SPAN = re.compile(r'colspan="(\d+)"')


@register.simple_block_tag
def stacked(content: str, caption: str) -> SafeString:
    """The frame of a table: `{% stacked "queue-caption" %}<table>...</table>{% endstacked %}`, with the id of its caption.

    Every cell gets the words of its column's head, once, from the head itself, for static/css/trede.css to show below 48rem.
    The first cell of a row (`th scope="row"`) is the title of the card and needs none.
    """
    head = _HEAD.search(content)
    labels = (
        [" ".join(strip_tags(found.group(1) or "").split()) for found in _HEADER.finditer(head.group())] if head else []
    )
    cut = head.end() if head else 0
    rows = _ROW.sub(lambda row: _labelled(row.group(), labels), content[cut:])
    sort_by = escape(_("Sort by"))
    before = content[:cut].replace("<thead", f'<thead data-label="{sort_by}"', 1)
    return format_html(
        '<div class="utrecht-table__container trede-stacked" role="region" aria-labelledby="{}" tabindex="0">{}</div>',
        caption,
        mark_safe(before + rows),  # noqa: S308 - the page's own, already escaped; labels are escaped here
    )


def _labelled(row: str, labels: list[str]) -> str:
    column = 0

    def cell(found: re.Match[str]) -> str:
        nonlocal column
        attributes, span = found["attributes"], _SPAN.search(found["attributes"])
        label = labels[column] if not span and column < len(labels) else ""
        column += int(span.group(1)) if span else 1
        told = f' data-label="{label}"' if label and found["tag"] == "td" else ""
        number = ' class="trede-number"' if NUMBER.fullmatch(strip_tags(found["content"]).strip()) else ""
        return f"<{found['tag']}{attributes}{told}><div{number}>{found['content']}</div></{found['tag']}>"

    return _CELL.sub(cell, row)
