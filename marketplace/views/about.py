"""What a site of a public body tells about itself, and the three files that programs look for."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.i18n import active_language
from providers.rules.rulesets import rule_set
from providers.services.standing import PROFILE
from roadmap.models.scan import FINISHED_DAYS, UNFINISHED_DAYS
from vouchers.models import RuleSet

ADVICE_HOLDS = dt.timedelta(days=180)
"""How long security.txt says that it is right (RFC 9116: less than a year)."""
BEHIND_A_LOGIN = ("mijn", "account", "aanvragen", "vouchers", "aanbieder", "beoordelen", "beslissen", "toetsing", "uitbetalingen")  # fmt: skip


@require_safe
def about(request: HttpRequest, page: str) -> HttpResponse:
    """Privacy, cookies, accessibility or contact. Written out in both languages: prose translates badly by the sentence."""
    context = {
        "unfinished_days": UNFINISHED_DAYS,
        "finished_years": FINISHED_DAYS // 365,
        "keep_years": RuleSet._meta.get_field("keep_years").default,
        "feedback": rule_set(PROFILE, clock.today()),
        "login_hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, f"marketplace/about/{page}.{active_language()}.html", context)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a hole (RFC 9116)."""
    lines = [
        f"Contact: mailto:{settings.AUTHORITY['email']}",
        f"Contact: {settings.SITE_ORIGIN}/contact/",
        f"Expires: {(clock.now() + ADVICE_HOLDS).strftime('%Y-%m-%dT00:00:00Z')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_ORIGIN}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone: everything that is made up, and what is behind a login or a secret link."""
    private = [f"{language}/{part}/" for language in ("", "/en") for part in BEHIND_A_LOGIN]
    kept_out = [*private, "/api/", "/scan/*", "/en/scan/*", "/feedback/", "/en/feedback/"]
    rows = ["Disallow: /"] if settings.AUTHORITY["made_up"] else [f"Disallow: {path}" for path in kept_out]
    return HttpResponse("\n".join(["User-agent: *", *rows]) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark of Trede for who asks for it at the old address."""
    return HttpResponse(Path(finders.find("img/trede-mark.svg")).read_bytes(), content_type="image/svg+xml")
