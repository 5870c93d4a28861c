"""What waits for the people of the authority. Work on which somebody already had another hand is left out for them."""

import datetime as dt
import json
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import AuditCheckpoint, AuditEntry, Hand
from core.tones import tone_of
from core.wording import long_date
from marketplace.homes.parts import Link, Section, Task, first
from payouts import selectors
from providers.models import Dossier
from vouchers.enums import ApplicationState, ClaimState, ObjectionState
from vouchers.models import Application, Budget, Claim, Objection


def assessor(user: Any) -> list[Section]:
    """Dossiers, applications and requests for payment to look at."""
    dossiers = Dossier.objects.awaiting_assessor()
    applications = Application.objects.filter(state__in=[ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW])
    claims = Claim.objects.filter(state__in=[ClaimState.SUBMITTED, ClaimState.IN_REVIEW])
    return [
        _section(
            _("Applications to assess"), _applications(applications, "vouchers:assess_case"), "vouchers:assess_queue"
        ),
        _section(
            _("Payments to check"), _claims(_without_hand(claims, "vouchers.claim", user)), "vouchers:claim_queue"
        ),
        _section(_("Dossiers to assess"), _dossiers(dossiers), "providers:vetting_queue"),
    ]


def decider(user: Any) -> list[Section]:
    """What somebody else assessed and now wants a decision, objections included."""
    applications = Application.objects.filter(state=ApplicationState.ADVISED)
    claims = Claim.objects.filter(state=ClaimState.ADVISED)
    return [
        _section(
            _("Applications to decide"),
            _applications(_without_hand(applications, "vouchers.application", user), "vouchers:decide_case"),
            "vouchers:decide_queue",
        ),
        _section(
            _("Payments to determine"), _claims(_without_hand(claims, "vouchers.claim", user)), "vouchers:claim_queue"
        ),
        _section(
            _("Dossiers to decide"), _dossiers(Dossier.objects.awaiting_decision(user)), "providers:vetting_queue"
        ),
        _objections(),
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
    return [*told, _("This page does not check the trail: the command verify_audit does.")]


def _section(title: str, waiting: tuple[list[Task], int], url: str) -> Section:
    tasks, more = waiting
    return Section(title=title, tasks=tasks, more=more, links=[Link(_("The whole list"), reverse(url))])


def _without_hand(rows: QuerySet, label: str, user: Any) -> QuerySet:
    """Without the files on which this person already has a hand: there somebody else takes the next step (DESIGN 4.8)."""
    file = Concat(Value(f"{label}:"), Cast(OuterRef("pk"), CharField()))
    return rows.filter(~Exists(Hand.objects.filter(file=file, person=user)))


def _applications(rows: QuerySet, view: str) -> tuple[list[Task], int]:
    shown, more = first(rows.select_related("organisation").order_by("decide_by", "pk"))
    return [
        Task(
            title=f"{row} · {row.organisation}",
            url=reverse(view, args=[row.pk]),
            due=row.decide_by,
            badge=str(row.get_state_display()),
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
            badge=str(row.get_state_display()),
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
            badge=str(row.get_state_display()),
            tone=tone_of(row.state, row._meta.label_lower),
        )
        for row in shown
    ], more


def _objections() -> Section:
    waiting = Objection.objects.filter(state__in=[ObjectionState.RECEIVED, ObjectionState.HEARING])
    shown, more = first(waiting.select_related("decision").order_by("decide_by"))
    tasks = [Task(title=str(row), url=reverse("vouchers:objection", args=[row.pk]), due=row.decide_by) for row in shown]
    return Section(title=_("Objections"), tasks=tasks, more=more)


def _payouts(user: Any, title: str) -> Section:
    return Section(
        title=title,
        tasks=[Task(**task) for task in selectors.tasks_for(user)],
        links=[Link(_("All payments"), reverse("payouts:overview"))],
    )
