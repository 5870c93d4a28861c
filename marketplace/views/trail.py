"""The audit trail as a page: what was done, by whom, on which case. Only to read, and only for the auditor."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from accounts.pages import for_roles, page, paged
from core import clock
from core.exports import csv_stream
from core.forms import DateField
from core.models import AuditEntry
from marketplace.sentences import actions
from marketplace.trail_rows import shown
from vouchers.models import Application

PAGE_SIZE = 50
READ_AT_ONCE = 2_000


class TrailFilter(forms.Form):
    """What to look for."""

    q = forms.CharField(
        label=gettext_lazy("Case or file"),
        required=False,
        max_length=80,
        validators=[ProhibitNullCharactersValidator()],
    )
    action = forms.ChoiceField(label=gettext_lazy("What happened"), required=False)
    person = forms.EmailField(label=gettext_lazy("E-mail address of the person"), required=False, max_length=254)
    since = DateField(label=gettext_lazy("From"), required=False)
    until = DateField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        groups = [
            (
                capfirst(str(apps.get_model(model)._meta.verbose_name)),
                [(key, capfirst(str(words))) for key, words in acts],
            )
            for model, acts in actions()
        ]
        self.fields["action"].choices = [("", _("Everything")), *groups]
        for day in ("since", "until"):
            self.fields[day].format_hint = _("Such as 28-11-2026.")  # five fields on one row
        last = Application.objects.filter(number__isnull=False).order_by("-pk").first()
        self.fields["q"].help_text = _("Such as %(number)s") % {"number": last} if last else ""


@page("GET")
@for_roles(Role.AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """The newest entries first."""
    form = TrailFilter(request.GET)
    found = paged(request, _found(form), PAGE_SIZE)
    context = {"form": form, "page": found, "entries": shown(found)}
    return render(request, "marketplace/trail.html", context)


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
        entries = entries.filter(
            Q(stream=asked["q"]) | Q(stream__in=_streams(asked["q"])) | Q(subject=asked["q"]) | Q(action=asked["q"])
        )
    if asked["action"]:
        model, _sep, action = asked["action"].partition(" ")
        entries = entries.filter(action=action, subject__startswith=f"{model}:")
    if asked["person"]:
        person = User.objects.filter(email__iexact=asked["person"]).first()
        entries = entries.filter(actor=f"user:{person.pk}") if person else entries.none()
    if asked["since"]:
        entries = entries.filter(at__gte=clock.start_of(asked["since"]))
    if asked["until"]:
        entries = entries.filter(at__lt=clock.start_of(asked["until"] + dt.timedelta(days=1)))
    return entries


def _streams(number: str) -> list[str]:
    """The case that a person knows by the number of its application, a voucher or a request for payment."""
    known = Q(number__iexact=number) | Q(vouchers__number__iexact=number) | Q(vouchers__claims__number__iexact=number)
    return [row.case() for row in Application.objects.filter(known).distinct()]
