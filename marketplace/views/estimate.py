"""What a voucher would pay for an amount, before anybody has an account."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.forms import EuroField
from vouchers.services import estimate_under
from vouchers.services.support import support_now


class EstimateForm(forms.Form):
    """An amount off a quote (a GET form: the answer has an address)."""

    cost = EuroField(
        label=_("What does the solution cost?"),
        help_text=_("The amount on the quote without VAT. For a subscription: the first twelve months."),
        error_messages={"required": _("Fill in an amount.")},
    )


@require_safe
def estimate(request: HttpRequest) -> HttpResponse:
    """The arithmetic of a voucher, row by row, and what else one has to know before applying."""
    support = support_now()
    asked = "cost" in request.GET
    form = EstimateForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "support": support}
    status = HTTPStatus.OK
    if asked and form.is_valid() and support:
        context["award"] = estimate_under(support.rules, form.cleaned_data["cost"])
    elif asked and not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "marketplace/estimate.html", context, status=status)
