"""Links from a page that shows a case to the pages that ask one thing about it."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def seen_url(context: template.Context, name: str, *keys: Any) -> str:
    """`{% seen_url "vouchers:claim_decide" claim.pk as url %}`: the address, with what was seen here (accounts.pages.opened)."""
    return f"{reverse(name, args=keys)}?seen={context['request'].seen}"
