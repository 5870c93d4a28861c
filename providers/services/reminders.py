"""Reminds providers in time that a vetting, or evidence it rests on, runs out (DESIGN 4.4: 60, 30 and 7 days before)."""

import datetime as dt

from django.db.models import Q

from core import clock
from core.actors import SystemActor
from core.workflow import record, unit
from providers.enums import DossierState, Need, ProviderState, Verdict
from providers.models import ChecklistItem, Provider, Solution, VettingReminder
from providers.models.catalogue import SHOWN
from providers.notifications import tell_expiry
from providers.rules.rulesets import vetting_rules
from providers.rules.vetting import reminder_due
from providers.services.facts import last_approved

CALENDAR = SystemActor("calendar")
"""The machine that looks at the calendar every night."""

WITH_US = (DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.ADVISED)
"""States in which the provider has done its part, so that a reminder would only worry it."""


def remind_of_expiry(*, on: dt.date) -> int:
    """Sends the reminders that are due on a day, each once; returns how many. One unit per subject, safe to run again.

    A missed night is caught up by the next one. What ends first sets the day; the letter names everything that ends soon.
    """
    horizon = on + dt.timedelta(days=max(vetting_rules(on).reminder_days))
    soon = Q(dossiers__items__valid_until__range=(on, horizon)) | Q(valid_until__range=(on, horizon))
    sent = 0
    for provider in Provider.objects.filter(soon, state=ProviderState.ADMITTED).distinct().order_by("pk"):
        sent += _remind(subject=provider, on=on)
    shown = Solution.objects.filter(soon, state__in=SHOWN, provider__state=ProviderState.ADMITTED)
    for solution in shown.select_related("provider").distinct().order_by("pk"):
        sent += _remind(subject=solution, on=on)
    return sent


@unit
def _remind(*, subject: Provider | Solution, on: dt.date) -> int:
    provider, solution = (subject.provider, subject) if isinstance(subject, Solution) else (subject, None)
    if provider.dossiers.filter(solution=solution, state__in=WITH_US).exists():
        return 0
    days = vetting_rules(on).reminder_days
    coming = {until: items for until, items in _endings(provider, solution, subject.valid_until).items() if until >= on}
    until = min(coming, default=None)
    due = None if until is None else reminder_due(until, on=on, days=days)
    if due is None:
        return 0
    subject = type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
    _reminder, fresh = VettingReminder.objects.get_or_create(
        provider=provider, solution=solution, until=until, days=due, defaults={"sent_at": clock.now()}
    )
    if fresh:
        record(subject, "remind", by=CALENDAR, facts={"until": until, "days": due})
        soon = on + dt.timedelta(days=max(days))
        tell_expiry(provider, solution, [(day, coming[day]) for day in sorted(coming) if day <= soon])
    return int(fresh)


def first_ending(subject: Provider | Solution) -> dt.date | None:
    """The next last day of the vetting of this subject, or of evidence under it; its own end when that has passed; None for
    one that was never approved.
    """
    if subject.valid_until is None:
        return None
    provider, solution = (subject.provider, subject) if isinstance(subject, Solution) else (subject, None)
    coming = [day for day in _endings(provider, solution, subject.valid_until) if day >= clock.today()]
    return min(coming, default=subject.valid_until)


def _endings(provider: Provider, solution: Solution | None, valid_until: dt.date) -> dict[dt.date, list[ChecklistItem]]:
    """Every last day on which something of the vetting counts, with the items of the last approved round it is about.

    On the last day of the vetting itself everything ends, so no items are named.
    """
    endings: dict[dt.date, list[ChecklistItem]] = {}
    approved = last_approved(provider, solution)
    if approved:
        asked = Q(need=Need.YES) | Q(need=Need.CONDITIONAL, applies=True)
        items = approved.items.filter(asked, verdict=Verdict.MET, valid_until__lt=valid_until)
        for item in items.select_related("checklist_item").order_by("code"):
            endings.setdefault(item.valid_until, []).append(item.checklist_item)
    endings[valid_until] = []
    return endings
