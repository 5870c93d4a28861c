"""One's own account: who I am, which organisations I belong to, their bank accounts, and keys for programs."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts import services
from accounts.enums import CASE_HANDLERS, OFFICIALS, OrganisationKind
from accounts.forms import BankAccountForm, InsolvencyForm, InterestForm, ProfileForm
from accounts.models import Organisation
from accounts.pages import for_roles, page, posted, status_of


@page("GET", "POST")
def profile(request: HttpRequest) -> HttpResponse:
    """My details, my organisations and my keys."""
    form = ProfileForm(*posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_profile(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return _profile_page(request, form, status=status_of(form))


@page("GET", "POST")
def bank_account(request: HttpRequest, organisation: int) -> HttpResponse:
    """Adds a bank account to one of my organisations."""
    mine = request.user.organisations().filter(kind__in=[OrganisationKind.SME, OrganisationKind.PROVIDER])
    chosen = get_object_or_404(mine, pk=organisation)
    form = BankAccountForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        known = set(chosen.bank_accounts.values_list("pk", flat=True))
        try:
            account = services.keep_bank_account(by=request.user, organisation=chosen, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            if account.pk not in known:  # a double click finds it there
                messages.success(request, _("The bank account is added. We check it once, against a bank statement."))
            return redirect("accounts:profile")
    context = {"form": form, "organisation": chosen}
    return render(request, "accounts/bank_account.html", context, status=status_of(form))


@page("GET", "POST")
@for_roles(*OFFICIALS)
def interests(request: HttpRequest) -> HttpResponse:
    """The organisations I have an interest in, so that others handle their cases; and declaring one."""
    form = InterestForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        services.declare_interest(by=request.user, **form.cleaned_data)
        messages.success(request, _("Recorded. Somebody else handles the cases of this organisation from now on."))
        return redirect("accounts:interests")
    mine = request.user.interests.select_related("organisation")
    return render(request, "accounts/interests.html", {"form": form, "interests": mine}, status=status_of(form))


@page("POST")
def end_interest(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my interests is over."""
    services.end_interest(by=request.user, interest=get_object_or_404(request.user.interests, pk=pk))
    messages.success(request, _("The interest is ended."))
    return redirect("accounts:interests")


@page("GET", "POST")
@for_roles(*CASE_HANDLERS)
def insolvency(request: HttpRequest, organisation: int) -> HttpResponse:
    """Records since when a business is bankrupt or in suspension of payments, or that it is over."""
    customers = Organisation.objects.filter(kind__in=[OrganisationKind.SME, OrganisationKind.PROVIDER])
    chosen = get_object_or_404(customers, pk=organisation)
    form = InsolvencyForm(*posted(request), initial={"since": chosen.insolvent_since})
    if request.method == "POST" and form.is_valid():
        services.record_insolvency(by=request.user, organisation=chosen, **form.cleaned_data)
        messages.success(request, _("Recorded. This is asked again before each award and each payment."))
        return redirect("accounts:insolvency", chosen.pk)
    return render(request, "accounts/insolvency.html", {"form": form, "organisation": chosen}, status=status_of(form))


@page("POST")
def make_key(request: HttpRequest) -> HttpResponse:
    """A new key, shown this once."""
    key = services.make_api_key(by=request.user)
    return _profile_page(request, ProfileForm(instance=request.user), new_key=key)


@page("POST")
def withdraw_key(request: HttpRequest, token_key: str) -> HttpResponse:
    """Ends one of my keys."""
    if "\x00" in token_key:  # no key has one, and PostgreSQL would not even look for it
        raise Http404
    try:
        services.withdraw_api_key(by=request.user, token_key=token_key)
    except AuthToken.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("The key no longer works."))
    return redirect("accounts:profile")


def _profile_page(
    request: HttpRequest, form: ProfileForm, status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "organisations": request.user.organisations().prefetch_related("bank_accounts").order_by("legal_name"),
        "is_official": request.user.holds(*OFFICIALS),
        "customer_kinds": [OrganisationKind.SME, OrganisationKind.PROVIDER],
        "keys": AuthToken.objects.filter(user=request.user).order_by("-created"),
        **more,
    }
    return render(request, "accounts/profile.html", context, status=status)
