"""The audit trail as a page: what was done, by whom, on which case. Only to read, and only for the auditor."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, ProhibitNullCharactersValidator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from accounts.pages import for_roles, page, paged
from core import clock
from core.exports import csv_stream
from core.models import AuditEntry

PAGE_SIZE = 50
READ_AT_ONCE = 2_000
DAYS = [MinValueValidator(dt.date(1970, 1, 1)), MaxValueValidator(dt.date(2999, 12, 31))]
"""What may be asked for; the very first and last days of the calendar have no moment in universal time."""


class TrailFilter(forms.Form):
    """What to look for."""

    q = forms.CharField(
        label=gettext_lazy("Case, file or action"),
        required=False,
        max_length=80,
        validators=[ProhibitNullCharactersValidator()],
        help_text=gettext_lazy("For example vouchers.application:12, or award."),
    )
    person = forms.EmailField(label=gettext_lazy("E-mail address of the person"), required=False, max_length=254)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@page("GET")
@for_roles(Role.AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """The newest entries first."""
    form = TrailFilter(request.GET)
    found = paged(request, _found(form), PAGE_SIZE)
    entries = [_shown(row) for row in found]
    _name_people(entries)
    return render(request, "marketplace/trail.html", {"form": form, "page": found, "entries": entries})


@page("GET")
@for_roles(Role.AUDITOR)
def trail_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All of it as a download, with the text as it was hashed."""
    head = [_("case"), _("number"), _("time"), _("person"), _("action"), _("file"), _("text"), _("hash")]
    cells = (
        [row.stream, row.seq, row.at.isoformat(), row.actor, row.action, row.subject, row.body, row.hash]
        for row in _one_by_one(_found(TrailFilter(request.GET)))
    )
    return csv_stream("controlespoor", head, cells)


def _one_by_one(entries: QuerySet[AuditEntry]) -> Iterator[AuditEntry]:
    """All of them, read a part at a time: a slow reader at the other end keeps no cursor and no transaction open."""
    part = list(entries[:READ_AT_ONCE])
    while part:
        yield from part
        part = list(entries.filter(pk__lt=part[-1].pk)[:READ_AT_ONCE])


def _found(form: TrailFilter) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.order_by("-pk")
    if not form.is_valid():
        return entries.none()
    asked = form.cleaned_data
    if asked["q"]:
        entries = entries.filter(Q(stream=asked["q"]) | Q(subject=asked["q"]) | Q(action=asked["q"]))
    if asked["person"]:
        person = User.objects.filter(email__iexact=asked["person"]).first()
        entries = entries.filter(actor=f"user:{person.pk}") if person else entries.none()
    if asked["since"]:
        entries = entries.filter(at__gte=clock.start_of(asked["since"]))
    if asked["until"]:
        entries = entries.filter(at__lt=clock.start_of(asked["until"] + dt.timedelta(days=1)))
    return entries


def _shown(row: AuditEntry) -> dict[str, Any]:
    body = json.loads(row.body)
    return {
        "row": row,
        "source": body["source"],
        "target": body["target"],
        "facts": body["facts"].items(),
        "private": body["private"] is not None,
    }


def _name_people(entries: list[dict[str, Any]]) -> None:
    """Adds who each actor is, in one query; a machine keeps its own name."""
    keys = {int(entry["row"].actor[5:]) for entry in entries if entry["row"].actor.startswith("user:")}
    people = {f"user:{person.pk}": str(person) for person in User.objects.filter(pk__in=keys)}
    for entry in entries:
        entry["actor"] = people.get(entry["row"].actor, entry["row"].actor)
