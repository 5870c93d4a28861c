"""One dossier as assessor and decider see it: checking, advising, deciding."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, opened, page, posted, status_of, try_to
from core import clock
from core.i18n import localised
from core.reasons import Reason
from providers import services
from providers.enums import DossierState
from providers.forms.vetting import VerdictForm
from providers.guidance import in_order
from providers.models import Dossier, DossierItem
from providers.models.provider import OFFICIALS
from providers.rules.vetting import BY_RULE, approval_objections
from providers.services.facts import (
    facts_of_item,
    items_of,
    latest_valid_until,
    stored_checks,
)
from providers.views.vetting_acts import ACTS, take_step
from providers.views.vetting_rows import (
    VERDICT_TONES,
    before_approval,
    chapters,
    dossier_timeline,
    figure_rows,
    outcome_rows,
    outcome_tally,
)


@page("GET")
@for_roles(*OFFICIALS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A dossier as assessor and decider see it: answers, what the machine saw, verdicts, and what can be done now."""
    return _review_page(request, opened(request, _handed_in(), pk=pk))


@page("GET", "POST")
@for_roles(*OFFICIALS)
def review_item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One item with its evidence, and the verdict on it."""
    # Items are judged side by side, so one verdict does not ask for a second look at the next; the advice does.
    dossier = get_object_or_404(_handed_in(), pk=pk)
    items = {one.code: one for one in items_of(dossier)}
    if code not in items:
        raise Http404
    chosen, codes = items[code], in_order(list(items))
    judging = request.user.holds(Role.ASSESSOR) and dossier.state == DossierState.IN_REVIEW and code not in BY_RULE
    form = VerdictForm(*posted(request), item=chosen) if judging else None
    reasons: list[Reason] = []
    following = codes[codes.index(code) + 1] if code != codes[-1] else None
    if request.method == "POST":
        if form is None:
            return _act_on_verdict_refused(request, dossier, code)
        if form.is_valid():
            given = form.cleaned_data
            _item, reasons = try_to(lambda: services.give_verdict(by=request.user, dossier=dossier, code=code, **given))
            if not reasons:
                if following:
                    return redirect("providers:review_item", pk=dossier.pk, code=following)
                return redirect("providers:review", pk=dossier.pk)
    context = {
        "dossier": dossier,
        "item": chosen,
        "title": localised(chosen.checklist_item, "title"),
        "figures": figure_rows(chosen),
        "evidence": chosen.evidence.filter(removed_at__isnull=True).select_related("file"),
        "outcomes": outcome_rows(seen for seen in stored_checks(dossier) if seen.code == code),
        "latest": latest_valid_until(chosen, clock.today()),
        "form": form,
        "reasons": reasons,
        "following": following,
        "save_label": _("Save and go to the next item") if following else _("Save"),
        "verdict_tone": VERDICT_TONES.get(chosen.verdict, "neutral"),
        "previous": codes[codes.index(code) - 1] if code != codes[0] else None,
        "number": codes.index(code) + 1,
        "total": len(codes),
    }
    status = status_of(form, reasons=reasons)
    return render(request, "providers/vetting/review_item.html", context, status=status)


@page("GET", "POST")
@for_roles(Role.ASSESSOR, Role.DECIDER)
def review_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One step with a dossier, on a page of its own."""
    if act not in ACTS:
        raise Http404
    dossier = opened(request, _handed_in(), pk=pk)
    done = take_step(request, ACTS[act], {"dossier": dossier})
    if done is None:
        messages.success(request, _("Done: %(what)s.") % {"what": ACTS[act].title})
        return redirect("providers:review", pk=dossier.pk)
    context, status = done
    objections = _before_approval(items_of(dossier)) if act in {"advies", "goedkeuren", "afwijzen"} else []
    context |= {
        "objections": objections,
        "subject_name": f"{dossier.number} {dossier.provider.name}",
        "back_url": reverse("providers:review", args=[dossier.pk]),
        "intent": dossier,
    }
    return render(request, "providers/vetting/act.html", context, status=status)


def _act_on_verdict_refused(request: HttpRequest, dossier: Dossier, code: str) -> HttpResponse:
    """A verdict by somebody, or at a moment, that cannot give one: the service says why (403 or a reason)."""
    _item, reasons = try_to(
        lambda: services.give_verdict(by=request.user, dossier=dossier, code=code, verdict="met", note="")
    )
    return _review_page(request, dossier, reasons)


def _before_approval(items: list[DossierItem]) -> list[str]:
    return before_approval(items, approval_objections([facts_of_item(one) for one in items], today=clock.today()))


def _handed_in() -> QuerySet[Dossier]:
    found = Dossier.objects.filter(submitted_at__isnull=False)
    return found.select_related("provider__organisation", "solution", "assessor")


def _review_page(request: HttpRequest, dossier: Dossier, reasons: list[Reason] | None = None) -> HttpResponse:
    items = items_of(dossier)
    outcomes = stored_checks(dossier)
    rows = outcome_rows(outcomes, items)
    acts = [
        {"slug": slug, "act": act}
        for slug, act in ACTS.items()
        if dossier.state in act.states and request.user.holds(act.role)
    ]
    context = {
        "dossier": dossier,
        "provider": dossier.provider,
        "organisation": dossier.provider.organisation,
        "chapters": chapters(dossier, items),
        "attention": [row for row in rows if row["tone"] != "good"],
        "passed": [row for row in rows if row["tone"] == "good"],
        "title": dossier.solution.name if dossier.solution else dossier.provider.name,
        "tally": outcome_tally(outcomes),
        "objections": _before_approval(items),
        "timeline": dossier_timeline(dossier, today=clock.today(), own=False),
        "decisions": dossier.decisions.select_related("decided_by"),
        "acts": acts,
        "linked": dossier.is_linked(request.user),
        "reasons": reasons,
    }
    status = status_of(reasons=reasons)
    return render(request, "providers/vetting/review.html", context, status=status)
