"""What provider and authority both read: evidence and decisions, each checked per object."""

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from accounts.letters import letter_response
from accounts.pages import page
from core.files import file_response
from core.i18n import localised
from core.reasons import Reason
from core.wording import long_date
from providers.enums import ConcernKind, MeasureGround, RejectGround, Verdict, VettingDecisionKind
from providers.models import ChecklistItem, Dossier, Evidence, VettingDecision
from providers.models.provider import OFFICIALS
from providers.services.facts import rules_of
from providers.wording import grounds_of


@page("GET")
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """One file of a dossier this person may see; 404 for any other, also one that was taken back."""
    readable = Evidence.objects.filter(
        removed_at__isnull=True, item__dossier__in=Dossier.objects.visible_to(request.user)
    ).select_related("file")
    return file_response(get_object_or_404(readable, pk=pk).file)


@page("GET")
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision as a letter: what was decided, why, and how to object. Prints without the rest of the page."""
    taken = VettingDecision.objects.select_related(
        "provider__organisation", "dossier__solution", "solution", "decided_by"
    )
    if not request.user.holds(*OFFICIALS):
        taken = taken.filter(provider__organisation__in=request.user.organisations(OrganisationKind.PROVIDER))
    letter = get_object_or_404(taken, pk=pk)
    named = {**dict(MeasureGround.choices), **dict(RejectGround.choices)}
    titles = {item.code: item for item in ChecklistItem.objects.all()} if letter.dossier_id else {}
    items = [
        {
            "code": row["code"],
            "title": localised(titles[row["code"]], "title") if row["code"] in titles else "",
            "verdict": Verdict(row["verdict"]).label if row["verdict"] else "",
            "verdict_note": row["verdict_note"],
            "valid_until": dt.date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        }
        for row in letter.inputs.get("items", [])
    ]
    dropped = letter.kind == VettingDecisionKind.DROP
    context = {
        "decision": letter,
        "provider": letter.provider,
        "organisation": letter.provider.organisation,
        "dossier": letter.dossier,
        "title": _title(letter),
        "rows": _facts(letter),
        "grounds": grounds_of(letter.reasons) if dropped else [named.get(code, code) for code in letter.grounds],
        "reasons": [] if dropped else [Reason.from_json(row) for row in letter.reasons],
        "items": items,
        "rules": rules_of(letter.dossier) if letter.dossier_id else None,
        "react_until": letter.inputs.get("react_until") and dt.date.fromisoformat(letter.inputs["react_until"]),
        "official": request.user.holds(*OFFICIALS),
        "rests_on": _rules(letter),
        "number": letter.dossier.number if letter.dossier else letter.pk,
    }
    name = _("Decision on %(number)s") % {"number": context["number"]}
    return letter_response(request, "providers/vetting/decision.html", context, name=name)


def _rules(letter: VettingDecision) -> str:
    """The rules a decision rests on in words: `vetting-2026-1` and `standard 1` are names for machines."""
    if letter.kind == VettingDecisionKind.DROP:
        version = letter.rules_version.rpartition(" ")[2]
        return _("The published rule of the preferred list, version %(version)s") % {"version": version}
    version = letter.rules_version.partition("-")[2]
    return _("The published requirements for providers and solutions, version %(version)s") % {"version": version}


def _title(letter: VettingDecision) -> str:
    subject = letter.dossier.subject if letter.dossier else letter.solution or letter.provider
    return {
        VettingDecisionKind.APPROVE: _("%(name)s is approved"),
        VettingDecisionKind.REJECT: _("%(name)s is not approved"),
        VettingDecisionKind.DISMISS: _("We stopped looking at the dossier of %(name)s"),
        VettingDecisionKind.SUSPEND: _("%(name)s is suspended"),
        VettingDecisionKind.REINSTATE: _("The suspension of %(name)s is lifted"),
        VettingDecisionKind.REMOVE: _("%(name)s is removed from the list"),
        VettingDecisionKind.DROP: _("%(name)s has left the preferred list"),
        VettingDecisionKind.LIFT: _("The decision about the integrity of %(name)s no longer holds"),
    }[VettingDecisionKind(letter.kind)] % {"name": subject}


def _facts(letter: VettingDecision) -> list[tuple[str, Any]]:
    rows = [(_("Date"), long_date(letter.decided_at))]
    if letter.dossier:
        rows += [(_("Dossier"), letter.dossier.number), (_("About"), letter.dossier.get_kind_display())]
    if letter.solution:
        rows += [(_("Solution"), letter.solution.name), (_("Provider"), letter.provider.name)]
    if "concern_kind" in letter.inputs:
        raised = long_date(dt.date.fromisoformat(letter.inputs["concern_raised_on"]))
        kind = ConcernKind(letter.inputs["concern_kind"]).label
        rows.append((_("About"), _("%(kind)s of %(day)s") % {"kind": kind, "day": raised}))
    decider = letter.decided_by.name if letter.decided_by else _("the published rule, run by machine")
    return [*rows, (_("KvK number"), letter.provider.organisation.kvk), (_("Decided by"), decider)]
