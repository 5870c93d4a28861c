"""What the login page tells in the demo."""

from django import template
from django.conf import settings

from marketplace.demo.accounts import ACCOUNTS, PASSWORD, address

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[tuple[str, str]]:
    """The accounts of the demo data and what each is for; nothing in production (DESIGN 8)."""
    return [] if settings.PRODUCTION else [(address(name), str(what)) for name, what in ACCOUNTS]


@register.simple_tag
def demo_password() -> str:
    """The one password of all accounts of the demo; nothing in production."""
    return "" if settings.PRODUCTION else PASSWORD
