"""The page for who builds on our API: what it has, and examples to paste."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from api.examples import ESTIMATE_ASKED, SCAN_ASKED


@dataclass(frozen=True)
class Example:
    """A request in words and as a line for the command line."""

    title: str
    text: str
    command: str


@require_safe
def programmers(request: HttpRequest) -> HttpResponse:
    """What the API is for, its rules in a few lines, and a request of each kind."""

    def url(name: str, *args: str) -> str:
        return request.build_absolute_uri(reverse(f"api:{name}", args=args))

    examples = [
        Example(
            _("Search the catalogue"),
            _("Lists come in pages: page and page_size. A parameter that does not exist is an error."),
            f"curl '{url('solutions')}?q=kassa&sector=HORECA&page_size=5'",
        ),
        Example(
            _("Do the scan"),
            _("Twelve answers from 1 to 5. The answer holds a secret token: keep it to read the scan again."),
            _posting(url("scans"), SCAN_ASKED),
        ),
        Example(
            _("Ask for a roadmap"),
            _("For a sector and a level, without a scan."),
            f"curl '{url('roadmap')}?sector=HORECA&level=2&have=KASSA,BACKUP'",
        ),
        Example(
            _("Ask what a voucher pays"),
            _("Amounts are texts with at most two decimals, never numbers."),
            _posting(url("estimate", "digitale-trede"), ESTIMATE_ASKED),
        ),
        Example(
            _("Ask who you are"),
            _("With a key that you make on your own page. Everything above needs no key."),
            f"curl -H 'Authorization: Bearer …' '{url('me')}'",
        ),
    ]
    context = {"examples": examples, "index": url("index"), "description": url("schema")}
    return render(request, "marketplace/programmers.html", context)


def _posting(url: str, body: dict[str, Any]) -> str:
    return f"curl -H 'Content-Type: application/json' \\\n  -d '{json.dumps(body)}' \\\n  '{url}'"
