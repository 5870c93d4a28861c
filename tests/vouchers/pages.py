"""How the tests of this room's pages log in, find a page and fill in its form."""

import datetime as dt
import re

from django.test import Client
from django.urls import reverse

from core import clock
from tests.factories.providers import pdf
from vouchers.models import Claim


def login(user) -> Client:
    """A browser of its own, logged in as this person."""
    return as_(Client(), user)


def as_(client, user) -> Client:
    """The same browser, from now on logged in as this person."""
    client.force_login(user)
    return client


def url(name: str, *args) -> str:
    """The address of the page with this name."""
    return reverse(f"vouchers:{name}", args=args)


def of_claim(name: str, claim: Claim) -> str:
    """The address of the page with this name of one claim."""
    return url(name, claim.voucher.number, claim.seq)


def once_of(response) -> str:
    """What makes the first form on the page count once, however often it is sent."""
    return re.search(r'name="once" value="([0-9a-f-]{36})"', response.content.decode()).group(1)


def seen_on(response) -> str:
    """What the forms of a page for judging send along: the case and how far its trail was; every form has the same."""
    [number] = set(re.findall(r'name="seen" value="([a-z.]+:\d+@\d+)"', response.content.decode()))
    return number


def quote_data(**changes) -> dict:
    """A quote of 10,000 euros as the form sends it."""
    today = clock.today()
    return {
        "upload": pdf("offerte.pdf"),
        "number": "2026-14",
        "dated": (today - dt.timedelta(days=2)).isoformat(),
        "valid_until": (today + dt.timedelta(days=90)).isoformat(),
        "quantity": "1",
        "net": "10000,00",
        "vat": "",
        "other_funding": "0",
        "unsigned": "on",
        **changes,
    }
