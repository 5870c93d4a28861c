"""Telephone numbers and sites in running text become links: who needs help should not have to type."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_CONTACT = re.compile(
    r"(?P<phone>\b(?:0[0-9]{2,3}[- ][0-9]{3,4}(?:[ ][0-9]{2,4})*|112)\b)"
    r"|(?P<site>\b(?:https://)?(?:[a-z0-9-]+\.)+(?:nl|org|com|eu|frl)\b(?:/[a-z0-9/-]*)?)"
)


@register.filter
def contacts(text: str) -> SafeString:
    """`{{ tip|contacts }}`: 0900-8844 can be called, nomoreransom.org can be opened. The rest stays text."""
    return mark_safe(_CONTACT.sub(_link, conditional_escape(text)))  # noqa: S308 - escaped


def _link(found: re.Match[str]) -> str:
    shown = found[0]
    if found["phone"]:
        return f'<a href="tel:{re.sub("[^0-9]", "", shown)}">{shown}</a>'
    address = shown if shown.startswith("https://") else f"https://{shown}"
    return f'<a href="{address}" rel="noreferrer">{shown}</a>'
