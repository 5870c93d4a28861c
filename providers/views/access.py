"""Who comes in: members see their own provider (another's is a 404), officials need their role (else a 403)."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.enums import OrganisationKind, Role
from core.reasons import CoreReason, Reason, Refused
from core.wording import euro, long_date
from providers.models import Dossier, Provider
from providers.models.provider import OFFICIALS

View = Callable[..., HttpResponse]


def behind_login(view: View) -> View:
    """A page for somebody who is known; kept by no cache."""
    return never_cache(login_required(view))


def for_officials(*roles: Role) -> Callable[[View], View]:
    """A page for people with one of these roles at the authority; any role that may read when none is named."""
    allowed = roles or OFFICIALS

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.holds(*allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return behind_login(guarded)

    return decorate


def own_providers(user: Any) -> Any:
    """The providers this person belongs to."""
    mine = Provider.objects.filter(organisation__in=user.organisations(OrganisationKind.PROVIDER))
    return mine.select_related("organisation").order_by("slug")


def own_dossiers(user: Any) -> Any:
    """The dossiers of the providers this person belongs to."""
    mine = Dossier.objects.filter(provider__organisation__in=user.organisations(OrganisationKind.PROVIDER))
    return mine.select_related("provider__organisation", "solution")


def status_of(reasons: Iterable[Reason]) -> int:
    """The HTTP status of a refusal: 409 when it is the state that does not fit, otherwise 422."""
    stale = {CoreReason.WRONG_STATE, CoreReason.CHANGED}
    return 409 if any(reason.code in stale for reason in reasons) else 422


def try_to(act: Callable[[], Any]) -> tuple[Any, list[Reason]]:
    """Does something and gives (answer, []) or (None, the reasons it was refused for, as people read them)."""
    try:
        return act(), []
    except Refused as refused:
        return None, [spoken(reason) for reason in refused.reasons]


def spoken(reason: Reason) -> Reason:
    """The reason with its days and amounts in the notation of the page's language."""
    return replace(reason, params=in_words(reason.params))


def in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical values as people write them: `2026-12-07` becomes 7 december 2026, `1250.00` € 1.250,00."""
    words = {}
    for name, value in params.items():
        text = str(value)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            words[name] = long_date(dt.date.fromisoformat(text))
        elif re.fullmatch(r"-?[0-9]+\.[0-9]{2}", text, re.ASCII):
            words[name] = euro(text)
        else:
            words[name] = value
    return words


def posted(request: HttpRequest, *, files: bool = False) -> tuple[Any, ...]:
    """What a form is bound to: what was posted, also when it is empty, and nothing on a GET."""
    if request.method != "POST":
        return (None, None) if files else (None,)
    return (request.POST, request.FILES) if files else (request.POST,)
