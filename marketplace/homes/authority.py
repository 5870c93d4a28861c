"""What waits for the people of the authority. What somebody may not do, for a hand or a tie, does not wait for them."""

import datetime as dt
import json
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.enums import HandRole
from core.models import AuditCheckpoint, AuditEntry
from core.tones import tone_of
from core.wording import long_date
from marketplace.homes.parts import Link, Section, Task, first
from payouts import selectors
from providers.models import Dossier
from vouchers.enums import ApplicationState, ClaimState
from vouchers.models import Budget
from vouchers.selectors import applications_open_to, claims_open_to, objections_open_to


def assessor(user: Any) -> list[Section]:
    """Dossiers, applications and requests for payment to look at; what is too late on top.

    From the waiting list only what has money set aside by now: nobody can do anything about the others.
    """
    funded = Q(state=ApplicationState.WAITING_LIST, held__gt=0)
    mine = (user, HandRole.ASSESSOR)
    applications = applications_open_to(*mine).filter(
        Q(state__in=[ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW]) | funded
    )
    claims = claims_open_to(*mine).filter(state__in=[ClaimState.SUBMITTED, ClaimState.IN_REVIEW])
    return [
        _section(
            _("Applications to assess"),
            _applications(applications, "vouchers:assess_case"),
            "vouchers:assess_queue",
        ),
        _section(_("Requests for payment to check"), _claims(claims), "vouchers:claim_queue"),
        _section(
            _("Dossiers to assess"),
            _dossiers(Dossier.objects.awaiting_assessor().open_to(*mine)),
            "providers:vetting_queue",
        ),
    ]


def decider(user: Any) -> list[Section]:
    """What somebody else assessed and now wants a decision, objections included."""
    mine = (user, HandRole.DECIDER)
    applications = applications_open_to(*mine).filter(state=ApplicationState.ADVISED)
    claims = claims_open_to(*mine).filter(state=ClaimState.ADVISED)
    return [
        _section(
            _("Applications to decide"),
            _applications(applications, "vouchers:decide_case"),
            "vouchers:decide_queue",
        ),
        _section(_("Requests for payment to determine"), _claims(claims), "vouchers:claim_queue"),
        _section(
            _("Dossiers to decide"),
            _dossiers(Dossier.objects.awaiting_decision().open_to(*mine)),
            "providers:vetting_queue",
        ),
        _section(_("Objections"), _objections(objections_open_to(user).waiting()), "vouchers:objections"),
    ]


def treasurer(user: Any) -> list[Section]:
    """What can be paid."""
    return [_payouts(user, _("Payments to prepare"))]


def approver(user: Any) -> list[Section]:
    """Batches that somebody else prepared."""
    return [_payouts(user, _("Payments to release"))]


def manager(user: Any) -> list[Section]:
    """The money of every programme."""
    budgets = Budget.objects.filter(province__isnull=True).select_related("programme").order_by("programme")
    return [
        Section(
            title=_("Budgets"),
            budgets=list(budgets),
            links=[
                Link(_("Programmes"), reverse("vouchers:programmes")),
                Link(_("Applications"), reverse("vouchers:decide_queue")),
                Link(_("Providers"), reverse("providers:vetting_providers")),
                Link(_("Payments"), reverse("payouts:overview")),
            ],
        )
    ]


def auditor(user: Any) -> list[Section]:
    """Everything, to read."""
    return [
        Section(
            title=_("To read"),
            lead=" ".join([_("You can read every file and change none."), *_trail_in_words()]),
            links=[
                Link(_("Audit trail"), reverse("marketplace:trail")),
                Link(_("Applications"), reverse("vouchers:assess_queue")),
                Link(_("Requests for payment"), reverse("vouchers:claim_queue")),
                Link(_("Payments"), reverse("payouts:overview")),
                Link(_("Providers"), reverse("providers:vetting_providers")),
            ],
        )
    ]


def _trail_in_words() -> list[str]:
    """What is known of the trail without reading it all: how long it is and when it was last sealed."""
    entries = AuditEntry.objects.count()
    told = [
        ngettext("The audit trail has %(number)s entry.", "The audit trail has %(number)s entries.", entries)
        % {"number": number_format(entries, use_l10n=True, force_grouping=True)}
    ]
    last = AuditCheckpoint.objects.order_by("-number").first()
    if last:
        day = long_date(dt.datetime.fromisoformat(json.loads(last.body)["at"]))
        told.append(_("Checkpoint %(number)s of %(day)s is the last one.") % {"number": last.number, "day": day})
    else:
        told.append(_("No checkpoint has been made yet."))
    return [
        *told,
        _(
            "This page only counts. Every night the whole trail is checked by computer; ask the administrator what came of it."
        ),
    ]


def _section(title: str, waiting: tuple[list[Task], int], url: str) -> Section:
    tasks, more = waiting
    return Section(title=title, tasks=tasks, more=more, links=[Link(_("The whole list"), reverse(url))])


def _applications(rows: QuerySet, view: str) -> tuple[list[Task], int]:
    shown, more = first(rows.select_related("organisation").order_by("decide_by", "pk"))
    return [
        Task(
            title=f"{row} · {row.organisation}",
            url=reverse(view, args=[row.pk]),
            due=row.decide_by,
            badge=row.state_words(),
            tone=tone_of(row.state, row._meta.label_lower),
        )
        for row in shown
    ], more


def _claims(rows: QuerySet) -> tuple[list[Task], int]:
    shown, more = first(rows.with_case().order_by("determine_by", "pk"))
    return [
        Task(
            title=f"{row.number} · {row.voucher.sme}",
            url=reverse("vouchers:claim_review", args=[row.pk]),
            due=row.determine_by,
            badge=row.state_words(),
            tone=tone_of(row.state, row._meta.label_lower),
        )
        for row in shown
    ], more


def _dossiers(rows: QuerySet) -> tuple[list[Task], int]:
    shown, more = first(rows.select_related("provider__organisation", "solution"))
    return [
        Task(
            title=capfirst(f"{row.get_kind_display()}: {row.solution or row.provider}"),
            url=reverse("providers:review", args=[row.pk]),
            due=None if row.first_answered_at else row.first_answer_due,
            badge=row.state_words(),
            tone=tone_of(row.state, row._meta.label_lower),
        )
        for row in shown
    ], more


def _objections(rows: QuerySet) -> tuple[list[Task], int]:
    shown, more = first(rows.select_related("decision__application__organisation"))
    return [
        Task(
            title=f"{row.decision.application} · {row.decision.application.organisation}",
            url=reverse("vouchers:objection", args=[row.pk]),
            meta=_("%(decision)s of %(day)s")
            % {"decision": capfirst(row.decision.get_kind_display()), "day": long_date(row.decision.decided_at)},
            due=row.decide_by,
            badge=row.state_words(),
            tone=tone_of(row.state, row._meta.label_lower),
        )
        for row in shown
    ], more


def _payouts(user: Any, title: str) -> Section:
    return Section(
        title=title,
        tasks=[Task(**task) for task in selectors.tasks_for(user)],
        links=[Link(_("All payments"), reverse("payouts:overview"))],
    )
