"""The style guide: every component in every state, with made-up values. For who builds pages and for who judges them.

In the demo environment everybody may look; in production only staff, and nobody else learns that it exists.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.enums import OrganisationKind, Role
from core import clock
from core.forms import DateField, EuroField
from core.tones import TONES

EUROS = Decimal


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name of your business"), max_length=200)
    kvk = forms.CharField(
        label=_("KvK number"), help_text=_("Eight digits. You find it on every letter of the KvK."), max_length=8
    )
    email = forms.EmailField(label=_("E-mail address"))
    amount = EuroField(label=_("Amount on the quote, without VAT"))
    day = DateField(label=_("Date of the quote"))
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", _("Choose a sector")), ("1", _("Retail")), ("2", _("Construction")), ("3", _("Hospitality"))]
    )  # fmt: skip
    story = forms.CharField(
        label=_("What do you want to change?"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    payee = forms.ChoiceField(
        label=_("Who do we pay?"), widget=forms.RadioSelect,
        choices=[("sme", _("My business. I have paid the whole invoice.")), ("provider", _("The provider. I have paid my own part."))],
    )  # fmt: skip
    have = forms.MultipleChoiceField(
        label=_("What do you have already?"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=[("a", _("A website")), ("b", _("Bookkeeping software")), ("c", _("A daily back-up"))],
    )  # fmt: skip
    scale = forms.ChoiceField(
        label=_("We work with our data every day"), widget=forms.RadioSelect, choices=[(n, str(n)) for n in range(1, 6)]
    )  # fmt: skip
    quote = forms.FileField(label=_("The quote"), help_text=_("Not signed yet."))
    agree = forms.BooleanField(
        label=_("I have not ordered or paid anything yet."), help_text=_("If you have, we cannot give a voucher.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scale"].anchors = (_("not at all"), _("completely"))  # type: ignore[attr-defined]


class SampleFilter(forms.Form):
    """A filter panel."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All categories")), ("1", _("Website"))]
    )
    preferred = forms.BooleanField(label=_("Preferred solutions only"), required=False)
    province = forms.ChoiceField(
        label=_("Province"), required=False, choices=[("", _("All provinces")), ("PV20", "Groningen")]
    )
    price_max = forms.CharField(
        label=_("At most, in the first year"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )


class Somebody:
    """A person of a business, as the account bar asks for one."""

    name = "B. Voorbeeld"
    email = "b@voorbeeld.example"

    def holds(self, *_roles: Role) -> bool:
        return False

    def kinds(self) -> set[OrganisationKind]:
        return {OrganisationKind.SME}


@dataclass
class Told:
    """A message of Django's messages framework."""

    level_tag: str
    words: Any

    def __str__(self) -> str:
        return str(self.words)


def _sample(request: HttpRequest) -> dict[str, Any]:
    today = clock.today()

    def in_days(days: int) -> datetime.date:
        return today + datetime.timedelta(days=days)

    bad = SampleForm(
        {"name": "", "kvk": "123", "email": "anna", "scale": "9", "sector": "2", "payee": "sme"}, prefix="bad"
    )
    bad.add_error(None, str(_("The programme closed while you were writing.")))
    solutions = [
        {
            "name": "Kassa Noord", "provider": "Voorbeeld Software BV", "category": _("Point of sale"), "state": "preferred",
            "state_label": _("Preferred"), "price": EUROS("2150.00"), "gain": EUROS("0.214"), "reports": 9,
            "summary": _("One till for the shop and the web shop; stock follows by itself."),
        },
        {
            "name": "Planbord", "provider": "Testdiensten vof", "category": _("Planning"), "state": "on_notice",
            "state_label": _("On notice"), "price": EUROS("940.00"), "gain": EUROS("0.118"), "reports": 6,
            "summary": _("Who works where, on every phone."),
        },
        {
            "name": "Back-up Wad", "provider": "Fictief Beheer BV", "category": _("Back-up"), "state": "listed",
            "state_label": _("Tested"), "price": EUROS("360.00"), "gain": None, "reports": 0, "summary": "",
        },
    ]  # fmt: skip
    steps = [
        {"name": _("Back-up"), "reason": _("Without it, one broken computer stops your business."), "price_from": EUROS(240), "price_to": EUROS(900), "listed": 6, "preferred": 2, "voucher": EUROS(720), "url": "#path", "progress": "done"},
        {"name": _("Point of sale"), "reason": _("Businesses in your sector save most time here."), "price_from": EUROS(1200), "price_to": EUROS(3400), "listed": 5, "preferred": 1, "voucher": EUROS(2720), "url": "#path", "progress": "busy"},
        {"name": _("Planning"), "reason": _("Everybody sees who works where."), "price_from": EUROS(300), "price_to": EUROS(940), "listed": 3, "preferred": 1, "voucher": EUROS(750), "url": "#path", "progress": "planned"},
        {"name": _("Customer system"), "reason": _("What you know of a customer in one place."), "price_from": EUROS(600), "price_to": EUROS(600), "listed": 2, "preferred": 0, "url": "#path", "progress": "not_for_us"},
        {"name": _("Web shop"), "reason": _("Needs a point of sale that knows your stock."), "price_from": EUROS(2500), "price_to": EUROS(9000), "listed": 4, "preferred": 0, "voucher": EUROS(7200), "url": "#path"},
    ]  # fmt: skip
    return {
        "form": SampleForm(prefix="new"),
        "bad_form": bad,
        "filter_form": SampleFilter(request.GET or None, prefix=None),
        "solutions": solutions,
        "columns": [
            {"label": _("Business")},
            {"label": _("Received"), "sort": "received"},
            {"label": _("Amount"), "sort": "amount", "numeric": True},
        ],
        "rows": [
            [{"url": "#tables", "label": "Bakkerij Voorbeeld"}, in_days(-3), "€ 12.500,00"],
            [{"url": "#tables", "label": "Garage Test"}, in_days(-12), "€ 7.200,00"],
        ],
        "page": Paginator(range(190), 20).get_page(request.GET.get("page", 4)),
        "steps_done": [
            {"title": _("Scan"), "text": _("Where does my business stand?"), "state": "done"},
            {"title": _("Roadmap"), "text": _("What is the next step?"), "state": "done"},
            {"title": _("Voucher"), "text": _("We pay part of the cost."), "state": "current"},
            {"title": _("Gain"), "text": _("What did it bring you?"), "state": "ahead"},
        ],
        "timeline": [
            {"when": in_days(-20), "what": _("Application received"), "detail": _("Number DT-2026-000012"), "kind": "done"},
            {"when": in_days(-2), "what": _("We asked for a clearer quote"), "kind": "done"},
            {"when": in_days(12), "what": _("Send the quote"), "kind": "deadline"},
            {"when": in_days(36), "what": _("We decide"), "kind": "ahead"},
            {"when": in_days(-1), "what": _("Reply to our question"), "kind": "late"},
        ],
        "compare_heads": [
            {"label": row["name"], "url": "#compare", "badge": row["state_label"], "tone": "good" if row["state"] == "preferred" else "neutral"}
            for row in solutions
        ],
        "compare_rows": [
            {"label": _("Price in the first year"), "cells": ["€ 2.150", "€ 940", "€ 360"]},
            {"label": _("Price over three years"), "cells": ["€ 4.350", "€ 2.820", "€ 1.080"]},
            {"label": _("Productivity gain"), "cells": ["21,4 %", "11,8 %", _("Not enough reports yet")]},
        ],
        "arithmetic": [
            {"label": _("Cost that counts"), "amount": EUROS("22500.00")},
            {"label": _("We pay 80 %"), "amount": EUROS("18000.00")},
            {"label": _("At most"), "amount": EUROS("18000.00")},
        ],
        "award": EUROS("18000.00"),
        "roadmap": steps,
        "preview": [{"name": _("Customer system"), "reason": _("A step for level 3.")}, {"name": _("Dashboards"), "reason": ""}],
        "gains": [EUROS(value) for value in ("0.08", "0.12", "0.17", "0.18", "0.21", "0.21", "0.25", "0.31", "0.44")],
        "mean": EUROS("0.2189"),
        "low": EUROS("0.171"),
        "high": EUROS("0.267"),
        "tasks": [
            {"title": _("Send a clearer quote"), "url": "#tasks", "meta": "DT-2026-000012", "due": in_days(12), "badge": _("Waiting for you"), "tone": "act"},
            {"title": _("Assess Bakkerij Voorbeeld"), "url": "#tasks", "meta": _("received 3 days ago"), "badge": _("Submitted"), "tone": "waiting"},
        ],
        "facts": [
            (_("Number"), "DT-2026-000012"),
            (_("Business"), {"url": "#data", "label": "Bakkerij Voorbeeld"}),
            (_("Received on"), in_days(-20)),
            (_("Reply"), ""),
        ],
        "side": [
            {"label": _("Overview"), "url": "#side", "current": True},
            {"label": _("Applications"), "url": "#side"},
            {"label": _("Details of the business"), "url": "#side"},
        ],
        "tones": {
            "neutral": _("Draft"), "waiting": _("Submitted"), "act": _("Waiting for you"), "good": _("Awarded"),
            "bad": _("Refused"), "ended": _("Withdrawn"),
        },
        "states": {tone: sorted(states) for tone, states in TONES.items()},
        "bold": mark_safe("<strong>DT-2026-000012</strong>"),
        "secret_url": request.build_absolute_uri("/scan/3f1c9a0be7724c51a8d0/"),
        "today": today,
        "somebody": Somebody(),
        "told": [Told("success", _("Your application is saved.")), Told("error", _("The file was not received. Try again."))],
        "first_page": Paginator(range(190), 20).page(1),
        "last_page": Paginator(range(190), 20).page(10),
        "few_gains": [EUROS("0.10"), EUROS("0.20"), EUROS("0.25")],
        "few_mean": EUROS("0.18"),
        "no_gains": [],
    }  # fmt: skip


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component. 404 in production for everybody but staff."""
    if settings.PRODUCTION and not request.user.is_staff:
        raise Http404
    return render(request, "marketplace/styleguide.html", _sample(request))
