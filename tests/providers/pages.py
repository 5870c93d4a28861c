"""How the tests of this room's pages find a page and read what came back."""

import re

from django.urls import reverse


def at(name: str, *args) -> str:
    """The address of the page with this name."""
    return reverse(f"providers:{name}", args=args)


def text(response) -> str:
    """The page as one line of HTML, every run of white space a single space."""
    return re.sub(r"\s+", " ", response.content.decode())
