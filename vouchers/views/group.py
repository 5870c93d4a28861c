"""The page of an application about the group of the business."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.pages import page, status_of, try_to
from core.reasons import Reason
from vouchers import services
from vouchers.enums import OPEN_APPLICATION_STATES
from vouchers.forms.application import GroupForm, RelatedForm
from vouchers.models import Application
from vouchers.views.apply import next_page
from vouchers.views.common import own_application
from vouchers.views.filling import in_the_way


@page("GET", "POST")
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the business belongs to a group, and the other businesses in it, one at a time."""
    case = own_application(request, pk)
    if request.method != "POST" and case.state not in OPEN_APPLICATION_STATES:
        return redirect("vouchers:application", case.pk)
    action = request.POST.get("action", "")
    answered = {None: "", True: "yes", False: "no"}[case.in_group]
    form = GroupForm(request.POST if action == "answer" else None, initial={"in_group": answered})
    related_form = RelatedForm(request.POST if action == "add" else None, auto_id="id_related_%s")
    reasons: list[Reason] = []
    if action == "answer" and form.is_valid():
        _said, reasons = try_to(lambda: services.declare_group(by=request.user, application=case, **form.cleaned_data))
        if not reasons:
            alone = not form.cleaned_data["in_group"]
            return redirect(_on(request, case) if alone else request.path)
    if action == "add" and related_form.is_valid():
        asked, before = related_form.cleaned_data, in_the_way(case)
        _listed, reasons = try_to(lambda: services.add_related(by=request.user, application=case, **asked))
        if not reasons:
            for why in in_the_way(own_application(request, pk)) - before:
                messages.warning(request, why)
            return redirect(request.path)
    if action == "remove":
        listed = get_object_or_404(case.related, pk=_key(request.POST.get("related", "")))
        _gone, reasons = try_to(lambda: services.remove_related(by=request.user, related=listed))
        if not reasons:
            return redirect(request.path)
    context = {"form": form, "related_form": related_form, "application": case, "reasons": reasons}
    unknown = request.method == "POST" and action not in {"answer", "add", "remove"}
    status = HTTPStatus.BAD_REQUEST if unknown else status_of(form, related_form, reasons=reasons)
    context |= {"related": case.related.all(), "on": _on(request, case)}
    return render(request, "vouchers/application/group.html", context, status=status)


def _on(request: HttpRequest, case: Application) -> str:
    """The page after this one, as the application stands by now."""
    return next_page(request, own_application(request, case.pk))


def _key(asked: str) -> int:
    """A row's key from a form; 0, which no row has, for anything else."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
