"""The provider's side of vetting: registering, filling in a dossier, handing in, reacting, stopping."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.pages import page, posted, status_of, try_to
from core import clock
from core.i18n import localised
from core.idempotency import once
from core.reasons import Reason
from providers import services
from providers.enums import DossierKind, DossierState, ProviderState
from providers.forms.registration import ProfileForm, RegisterForm
from providers.forms.vetting import ItemForm, ReactForm, SubmitForm
from providers.guidance import hint_of
from providers.models import Dossier, Evidence, Provider
from providers.rules.vetting import FILE_KINDS
from providers.services.facts import items_of, look, stored_checks
from providers.services.reminders import first_ending
from providers.views.access import own_dossiers, own_providers
from providers.views.vetting_rows import (
    chapters,
    dossier_timeline,
    figure_rows,
    gap_rows,
    next_step,
    outcome_rows,
    outcome_tally,
    progress,
)


@page("GET")
def provider_home(request: HttpRequest) -> HttpResponse:
    """My providers: straight to the only one, otherwise a choice, or what to do when there is none."""
    mine = list(own_providers(request.user))
    if len(mine) == 1:
        return redirect("providers:provider_page", slug=mine[0].slug)
    return render(request, "providers/vetting/home.html", {"providers": mine, "steps": _steps()})


@page("GET", "POST")
def register(request: HttpRequest) -> HttpResponse:
    """A business becomes a provider. A double click registers it once."""
    form = RegisterForm(
        *posted(request), initial={"contact_name": request.user.name, "contact_email": request.user.email}
    )
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        fields = form.registration()

        def act() -> dict[str, Any]:
            provider = services.register_provider(by=request.user, **fields)
            return {"provider": provider.slug}

        try:
            answer, reasons = try_to(
                lambda: once(owner=f"user:{request.user.pk}", key=form.once_key(), request=fields, act=act)
            )
        except ValidationError as wrong:
            form.add_error(None, [message for messages_ in wrong.message_dict.values() for message in messages_])
        else:
            if not reasons:
                request.user.__dict__.pop("_known_memberships", None)
                return redirect("providers:provider_page", slug=answer["provider"])
    status = status_of(form, reasons=reasons)
    return render(request, "providers/vetting/register.html", {"form": form, "reasons": reasons}, status=status)


@page("GET")
def provider_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own provider: where it stands, what comes next, its dossiers and decisions."""
    return _provider_page(request, _own(request, slug))


@page("GET", "POST")
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """What the provider says about itself."""
    provider = _own(request, slug)
    shown = {name: getattr(provider, name) for name in ProfileForm.base_fields}
    form = ProfileForm(*posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        services.update_profile(by=request.user, provider=provider, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("providers:provider_page", slug=provider.slug)
    context = {"form": form, "provider": provider}
    return render(request, "providers/vetting/profile.html", context, status=status_of(form))


@page("POST")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Starts an admission or renewal; when one is under way already, that one is opened."""
    provider = _own(request, slug)
    kind = request.POST.get("kind")
    if kind not in {DossierKind.ADMISSION, DossierKind.RENEWAL}:
        raise Http404
    running = Dossier.objects.live().filter(provider=provider, solution=None).first()
    if running:
        return redirect("providers:dossier", pk=running.pk)
    dossier, reasons = try_to(lambda: services.start_dossier(by=request.user, provider=provider, kind=kind))
    if reasons:
        return _provider_page(request, provider, reasons)
    return redirect("providers:dossier", pk=dossier.pk)


@page("GET")
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """A dossier as a list of tasks, chapter by chapter."""
    return _dossier_page(request, _own_dossier(request, pk))


@page("GET", "POST")
def item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One item: what is asked, the answer, the files, and what the assessor said about it."""
    dossier = _own_dossier(request, pk)
    items = items_of(dossier)
    chosen = next((one for one in items if one.code == code), None)
    if chosen is None:
        raise Http404
    form = ItemForm(*posted(request, files=True), item=chosen)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        answer = form.answer()
        asked = {
            "dossier": dossier.pk,
            "code": code,
            **answer,
            "uploads": [(file.name, file.size) for file in answer["uploads"]],
        }

        def act() -> dict[str, Any]:
            return {"item": services.answer_item(by=request.user, dossier=dossier, code=code, **answer).pk}

        _answer, reasons = try_to(
            lambda: once(owner=f"user:{request.user.pk}", key=form.once_key(), request=asked, act=act)
        )
        if not reasons:
            messages.success(request, _("Saved."))
            if request.POST.get("then") == "again":
                return redirect("providers:dossier_item", pk=dossier.pk, code=code)
            return redirect("providers:dossier", pk=dossier.pk)
    context = {
        "dossier": dossier,
        "item": chosen,
        "hint": hint_of(chosen.code),
        "form": form,
        "reasons": reasons,
        "evidence": chosen.evidence.filter(removed_at__isnull=True).select_related("file"),
        "outcomes": outcome_rows(seen for seen in stored_checks(dossier) if seen.code == chosen.code),
        "title": localised(chosen.checklist_item, "title"),
        "figures": figure_rows(chosen),
        "file_needed": chosen.evidence_kind in FILE_KINDS and not chosen.files,
        "verdict_kind": {"met": "ok", "not_met": "error"}.get(chosen.verdict, "info"),
    }
    status = status_of(form, reasons=reasons)
    return render(request, "providers/vetting/item.html", context, status=status)


@page("GET", "POST")
def drop_file(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Takes a file back from an answer, after asking once; doing it twice is harmless."""
    dossier = _own_dossier(request, pk)
    files = Evidence.objects.select_related("item__checklist_item", "file")
    kept = get_object_or_404(files, pk=evidence, item__dossier=dossier)
    if request.method != "POST":
        return render(
            request, "providers/vetting/drop_file.html", {"dossier": dossier, "kept": kept, "item": kept.item}
        )
    if kept.removed_at is None:
        _item, reasons = try_to(lambda: services.remove_file(by=request.user, dossier=dossier, evidence_id=evidence))
        if reasons:
            return _dossier_page(request, dossier, reasons)
        messages.success(request, _("The file is removed."))
    return redirect("providers:dossier_item", pk=dossier.pk, code=kept.item.code)


@page("GET", "POST")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Looks back before handing in: what is missing, and what the machine checks see now."""
    dossier = _own_dossier(request, pk)
    if request.method == "POST" and dossier.state == DossierState.SUBMITTED:
        return redirect("providers:dossier", pk=dossier.pk)  # a double click: it is handed in
    form = SubmitForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        reply = form.cleaned_data["reply"]
        _sent, reasons = try_to(lambda: services.submit_dossier(by=request.user, dossier=dossier, reply=reply))
        if not reasons:
            messages.success(request, _("Your dossier is handed in."))
            return redirect("providers:dossier", pk=dossier.pk)
    if not dossier.editable and not reasons:
        return redirect("providers:dossier", pk=dossier.pk)
    outcomes, items = look(dossier, today=clock.today()), items_of(dossier)
    context = {
        "dossier": dossier,
        "form": form,
        "reasons": reasons,
        "gaps": gap_rows(dossier, items),
        "attention": [row for row in outcome_rows(outcomes, items) if row["tone"] != "good"],
        "passed": [row for row in outcome_rows(outcomes, items) if row["tone"] == "good"],
        "tally": outcome_tally(outcomes),
    }
    status = status_of(form, reasons=reasons)
    return render(request, "providers/vetting/submit.html", context, status=status)


@page("GET", "POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a dossier back, after a question whether that is meant."""
    dossier = _own_dossier(request, pk)
    if request.method == "POST":
        if dossier.state != DossierState.WITHDRAWN:
            _gone, reasons = try_to(lambda: services.withdraw_dossier(by=request.user, dossier=dossier))
            if reasons:
                return _dossier_page(request, dossier, reasons)
            messages.success(request, _("The dossier is withdrawn."))
        return redirect("providers:provider_page", slug=dossier.provider.slug)
    return render(request, "providers/vetting/withdraw.html", {"dossier": dossier})


@page("GET", "POST")
def react_to_rejection(request: HttpRequest, pk: int) -> HttpResponse:
    """Reacts to the announced rejection of a dossier."""
    dossier = _own_dossier(request, pk)
    return react_to(request, dossier, "providers:dossier", {"pk": dossier.pk})


@page("GET", "POST")
def react_to_measure(request: HttpRequest, slug: str) -> HttpResponse:
    """Reacts to an announced measure against the provider."""
    provider = _own(request, slug)
    return react_to(request, provider, "providers:provider_page", {"slug": provider.slug})


@page("GET", "POST")
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Stops as provider, after a question whether that is meant."""
    provider = _own(request, slug)
    if request.method != "POST":
        return render(request, "providers/vetting/leave.html", {"provider": provider})
    return _act(request, provider, ProviderState.LEFT, services.leave, _("You are no longer a provider here."))


@page("POST")
def reapply(request: HttpRequest, slug: str) -> HttpResponse:
    """Starts again after having left or having been removed."""
    provider = _own(request, slug)
    return _act(request, provider, ProviderState.APPLICANT, services.reapply, _("You can fill in a new dossier."))


def react_to(request: HttpRequest, subject: Any, back: str, args: dict[str, Any]) -> HttpResponse:
    """The page on which a provider reacts to the notice of intent on this subject; 404 when there is none."""
    if subject.intent_sent_at is None:
        raise Http404
    form = ReactForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if subject.intent_answered_at and subject.intent_answer == text.strip():
            return redirect(back, **args)  # a double click: it is there
        _kept, reasons = try_to(lambda: services.react(by=request.user, subject=subject, text=text))
        if not reasons:
            messages.success(request, _("We received your reaction."))
            return redirect(back, **args)
    status = status_of(form, reasons=reasons)
    context = {"form": form, "subject": subject, "reasons": reasons, "back_url": reverse(back, kwargs=args)}
    return render(request, "providers/vetting/react.html", context, status=status)


def _own(request: HttpRequest, slug: str) -> Provider:
    return get_object_or_404(own_providers(request.user), slug=slug)


def _own_dossier(request: HttpRequest, pk: int) -> Dossier:
    return get_object_or_404(own_dossiers(request.user), pk=pk)


def _act(
    request: HttpRequest, provider: Provider, done: ProviderState, verb: Callable[..., Any], said: str
) -> HttpResponse:
    if provider.state != done:
        _moved, reasons = try_to(lambda: verb(by=request.user, provider=provider))
        if reasons:
            return _provider_page(request, provider, reasons)
        messages.success(request, said)
    return redirect("providers:provider_page", slug=provider.slug)


def _provider_page(request: HttpRequest, provider: Provider, reasons: list[Reason] | None = None) -> HttpResponse:
    dossiers = list(provider.dossiers.select_related("solution").order_by("-pk")[:50])
    for one in dossiers:
        one.provider = provider
    context = {
        "provider": provider,
        "organisation": provider.organisation,
        "next": next_step(provider, dossiers, ends=first_ending(provider), today=clock.today()),
        "dossiers": dossiers,
        "decisions": provider.decisions.select_related("dossier", "solution")[:50],
        "react_url": reverse("providers:provider_react", args=[provider.slug]),
        "solutions": provider.solutions.select_related("category").order_by("name")[:50],
        "reasons": reasons,
    }
    status = status_of(reasons=reasons)
    return render(request, "providers/vetting/provider.html", context, status=status)


def _dossier_page(request: HttpRequest, dossier: Dossier, reasons: list[Reason] | None = None) -> HttpResponse:
    items = items_of(dossier)
    done, total = progress(items)
    context = {
        "dossier": dossier,
        "provider": dossier.provider,
        "title": dossier.solution.name if dossier.solution else dossier.provider.name,
        "lead": dossier.get_kind_display().capitalize(),
        "chapters": chapters(dossier, items),
        "done": done,
        "total": total,
        "missing": total - done if dossier.editable else 0,
        "timeline": dossier_timeline(dossier, today=clock.today(), own=True),
        "decision": dossier.decisions.first(),
        "can_withdraw": dossier.state in WITHDRAWABLE,
        "reasons": reasons,
    }
    status = status_of(reasons=reasons)
    return render(request, "providers/vetting/dossier.html", context, status=status)


def _steps() -> list[dict[str, str]]:
    return [
        {"title": _("Register your business"), "text": _("Five minutes.")},
        {
            "title": _("Fill in the dossier"),
            "text": _("Who you are, how you are doing, how you handle data. You can stop and go on later."),
        },
        {"title": _("We check it"), "text": _("Two people look at it. You get a first answer within four weeks.")},
        {
            "title": _("Describe your solutions"),
            "text": _("With packages and prices. Your customers tell how much time it saves them."),
        },
    ]


WITHDRAWABLE = {
    DossierState.DRAFT,
    DossierState.SUBMITTED,
    DossierState.IN_REVIEW,
    DossierState.MORE_INFORMATION,
}
