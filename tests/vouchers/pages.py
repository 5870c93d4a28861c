"""How the tests of this room's pages log in, find a page and fill in its form."""

import datetime as dt
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from core.files import MAX_MEGABYTES, MEGABYTE
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


WRONG_KIND = "Alleen PDF-, PNG- en JPEG-bestanden kunnen. Dit bestand is iets anders."
HOSTILE_FILES = {
    "a program": ("virus.exe", b"MZ\x90\x00" + b"\x00" * 64, WRONG_KIND),
    "a page that is called a pdf": ("page.pdf", b"<html><script>alert(1)</script></html>", WRONG_KIND),
    "a picture that is a program": (
        "plaatje.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        WRONG_KIND,
    ),
    "nothing": ("leeg.pdf", b"", "bestand is leeg."),
    "a byte too much": (
        "groot.pdf",
        b"%PDF-1.4\n".ljust(MAX_MEGABYTES * MEGABYTE + 1, b"0"),
        "Het bestand is groter dan 10 MB.",
    ),
}
"""Files that are refused, and the words that say why."""


def hostile(what: str) -> tuple[SimpleUploadedFile, str]:
    """One of `HOSTILE_FILES` as a browser sends it, and why it is refused."""
    name, content, why = HOSTILE_FILES[what]
    return SimpleUploadedFile(name, content, content_type="application/pdf"), why


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
