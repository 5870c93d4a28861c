"""What the pages about applications share: whose case it is, what it looks like, and the lists of the authority."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.enums import CASE_HANDLERS, OrganisationKind
from accounts.pages import opened, paged
from core import clock
from core.exports import csv_response
from core.money import ZERO
from vouchers.enums import APPLICATION_DECISIONS, RuleOutcome
from vouchers.enums import ApplicationState as State
from vouchers.forms.authority import QueueFilter
from vouchers.models import Application, Claim, Decision, Objection
from vouchers.models.objection import UPHELD
from vouchers.services.application import follow_rules
from vouchers.services.facts import entitlement, lines_of
from vouchers.services.intent import waiting


def own_application(request: HttpRequest, pk: int) -> Application:
    """An application of one's own business, or 404: other people's do not exist."""
    mine = Application.objects.filter(organisation__in=request.user.organisations(OrganisationKind.SME))
    return follow_rules(get_object_or_404(with_case(mine), pk=pk))


def sent_application(request: HttpRequest, pk: int) -> Application:
    """An application that was sent in, for people of the authority."""
    return opened(request, with_case(Application.objects.filter(received_at__isnull=False)), pk=pk)


def with_case(applications: QuerySet) -> QuerySet:
    """With what every page of a case shows of it, in one query."""
    return applications.select_related(
        "programme",
        "rule_set__programme",
        "organisation__municipality",
        "province",
        "bank_account",
        "created_by",
        "advised_by",
    )


def case_context(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Everything a case page shows: lines with their sum, checks, questions, decisions and the timeline."""
    lines = lines_of(application)
    eligible = sum((line.eligible_now for line in lines), ZERO)
    entitled = entitlement(application, clock.today(), eligible=eligible)
    checks = list(application.checks.select_related("verdict_by"))
    questions = list(application.questions.select_related("asked_by"))
    # A determination, a lapse or a reclaim belongs to the same case, but is told on the page of its claim or voucher.
    decided = application.decisions.filter(kind__in=APPLICATION_DECISIONS)
    decisions = list(decided.select_related("decided_by").prefetch_related("objections"))
    intents = list(application.intents.filter(subject=application.reference()))
    vouchers = list(application.vouchers.order_by("pk"))
    is_applicant = request.user.is_member_of(application.organisation_id)
    return {
        "application": application,
        "programme": application.programme,
        "rules": application.rule_set,
        "business": application.organisation,
        "lines": lines,
        "award": entitled.award,
        "checks": checks,
        "failing": [check for check in checks if check.outcome == RuleOutcome.FAIL],
        "questions": questions,
        "open_question": next((question for question in questions if question.answered_at is None), None),
        "intents": intents,
        "open_intent": next(iter(waiting(application)), None),
        "decisions": decisions,
        "decision": decisions[-1] if decisions else None,
        "vouchers": vouchers,
        "timeline": timeline(application, questions, intents, decisions, own=is_applicant),
        "handles_cases": request.user.holds(*CASE_HANDLERS),
        "is_applicant": is_applicant,
        "today": clock.today(),
    }


def reopened_by(subject: Application | Claim) -> Objection | None:
    """The objection that opened this file again, as long as no new decision has taken the place of the contested one."""
    decisions = Decision.objects.filter(subject=subject.reference())
    last = decisions.order_by("-pk").first()
    return last and last.objections.filter(state__in=UPHELD).first()


def timeline(
    application: Application, questions: list, intents: list, decisions: list, *, own: bool
) -> list[dict[str, Any]]:
    """What happened to a case and what is due, in the order of time; `own` in the words of the applicant itself."""
    items: list[dict[str, Any]] = [{"when": application.created_at, "what": _("Started"), "kind": "done"}]
    if application.received_at:
        items.append({"when": application.received_at, "what": _("Received"), "kind": "done"})
    for question in questions:
        items.append({"when": question.asked_at, "what": _("We asked for more information"), "kind": "done"})
        if question.answered_at:
            items.append({"when": question.answered_at, "what": _("Our question was answered"), "kind": "done"})
    if application.advised_at:
        items.append({"when": application.advised_at, "what": _("Assessed"), "kind": "done"})
    items += [{"when": intent.sent_at, "what": _("Notice of intent sent"), "kind": "done"} for intent in intents]
    items += [
        {
            "when": decision.decided_at,
            "what": _("Decision: %(what)s") % {"what": decision.get_kind_display()},
            "kind": "done",
        }
        for decision in decisions
    ]
    items.sort(key=lambda item: item["when"])
    for item in items:
        item["when"] = clock.day_of(item["when"])
    today = clock.today()
    answer = _("Answer our question by this day") if own else _("The applicant answers by this day")
    items += [_due(question.answer_by, answer, today) for question in questions if question.answered_at is None]
    undecided = (State.SUBMITTED, State.IN_REVIEW, State.ADVISED)
    if application.decide_by and application.state in undecided:
        items.append(_due(application.decide_by, _("We decide by this day"), today))
    if decisions and application.state in (State.AWARDED, State.REFUSED, State.DISMISSED):
        last = decisions[-1]
        if last.objection_until >= today:
            items.append(_due(last.objection_until, _("Last day to object"), today))
    return items


def _due(day: Any, what: str, today: Any) -> dict[str, Any]:
    return {"when": day, "what": what, "kind": "late" if day < today else "deadline"}


# --- lists -----------------------------------------------------------------------------------------------------------

ORDERINGS = {
    "decide_by": ("decide_by", "arrival", "pk"),
    "received_at": ("received_at", "pk"),
    "organisation": ("organisation__legal_name", "pk"),
    "requested": ("requested", "pk"),
}


def queue_context(request: HttpRequest, applications: QuerySet, states: Iterable[State]) -> dict[str, Any]:
    """A list of applications with search, filter, order and pages, as the address asks."""
    form = QueueFilter(request.GET or None, states=list(states))
    found = applications.select_related("organisation", "programme", "advised_by")
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if text := wanted.get("q", "").strip():
        found = found.filter(
            Q(number__icontains=text)
            | Q(organisation__legal_name__icontains=text)
            | Q(organisation__trade_name__icontains=text)
            | Q(kvk__icontains=text)
        )
    if state := wanted.get("state"):
        found = found.filter(state=state)
    ordering = wanted.get("ordering") or "decide_by"
    fields = ORDERINGS[ordering.removeprefix("-")]
    found = found.order_by(*(f"-{field}" if ordering.startswith("-") else field for field in fields))
    shown = paged(request, found)
    return {"form": form, "page": shown, "count": shown.paginator.count, "found": found}


def queue_csv(name: str, found: QuerySet) -> HttpResponse:
    """The list as a file for a spreadsheet."""
    head = [_("Number"), _("Business"), _("KvK number"), _("Status"), _("Received"), _("Decide by"), _("Asked")]
    rows = (
        [
            application.number,
            str(application.organisation),
            application.kvk,
            application.get_state_display(),
            clock.day_of(application.received_at),
            application.decide_by,
            application.requested,
        ]
        for application in found.iterator(chunk_size=500)
    )
    return csv_response(name, head, rows)
