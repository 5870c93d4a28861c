"""What the pages of vetting show of rows: task lists, timelines, the next step. Pure but for words and addresses."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.i18n import localised
from core.reasons import Reason
from core.wording import euro, long_date
from providers.enums import DossierKind, DossierState, Need, Outcome, ProviderState, Verdict
from providers.guidance import GROUPS, Figure, FigureKind, figures_of, in_order
from providers.models import Dossier, DossierItem, Provider
from providers.rules.checks import CheckOutcome
from providers.rules.rulesets import vetting_rules
from providers.rules.vetting import VettingReason, answer_gaps
from providers.services.facts import facts_of_item


def answer_state(item: DossierItem) -> tuple[str, str]:
    """How far the answer is, as (words, tone of the badge)."""
    if item.applies is False and item.need == Need.CONDITIONAL:
        return _("does not apply"), "ended"
    if item.need == Need.NO and not (item.statement or item.files or item.figures):
        return _("optional"), "neutral"
    if answer_gaps(facts_of_item(item)):
        return (_("to do"), "neutral") if item.answered_at is None else (_("not complete"), "act")
    return _("done"), "good"


def chapters(dossier: Dossier, items: list[DossierItem]) -> list[dict[str, Any]]:
    """The items chapter by chapter, as lines of a task list: `tasks` for the provider, `reviews` for the authority."""
    by_code = {item.code: item for item in items}
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for code in in_order(list(by_code)):
        item = by_code[code]
        words, tone = answer_state(item)
        title = localised(item.checklist_item, "title")
        chapter = found.setdefault(code[:3], {"tasks": [], "reviews": []})
        task = {"title": title, "url": reverse("providers:dossier_item", args=[dossier.pk, code])}
        need = str(item.get_need_display())
        whose = _("only if it applies") if item.need == Need.CONDITIONAL else need  # "to you" would be the assessor
        chapter["tasks"].append(
            {**task, "meta": need, "badge": verdict_of(item) or words, "tone": VERDICT_TONES.get(item.verdict, tone)}
        )
        chapter["reviews"].append(
            {
                "title": f"{code} {title}",
                "url": reverse("providers:review_item", args=[dossier.pk, code]),
                "meta": f"{whose} · {words}",
                "badge": verdict_of(item) or _("no verdict"),
                "tone": VERDICT_TONES.get(item.verdict, "neutral"),
            }
        )
    return [{"title": GROUPS.get(key, key), **rows} for key, rows in found.items()]


def progress(items: list[DossierItem]) -> tuple[int, int]:
    """How many items are ready and how many have to be: what may stay empty is neither done nor missing."""
    asked = [item for item in items if item.need != Need.NO]
    return sum(not answer_gaps(facts_of_item(item)) for item in asked), len(asked)


VERDICT_TONES = {Verdict.MET.value: "good", Verdict.NOT_MET.value: "bad", Verdict.NOT_APPLICABLE.value: "ended"}


def verdict_of(item: DossierItem) -> str:
    """The verdict in words; empty while there is none."""
    return str(item.get_verdict_display()) if item.verdict else ""


OUTCOME_TONES = {Outcome.FAIL.value: "bad", Outcome.UNKNOWN.value: "act", Outcome.PASS.value: "good"}


def outcome_rows(outcomes: Iterable[CheckOutcome], items: Iterable[DossierItem] = ()) -> list[dict[str, Any]]:
    """What the machine checks saw, as lines: what failed first, then what a person has to look at."""
    known = {item.code: item for item in items}
    order = list(OUTCOME_TONES)
    return [
        {
            "code": seen.code,
            "title": localised(known[seen.code].checklist_item, "title") if seen.code in known else "",
            "seen": said(seen),
            "label": Outcome(seen.outcome).label,
            "tone": OUTCOME_TONES[str(seen.outcome)],
            "url": reverse("providers:dossier_item", args=[known[seen.code].dossier_id, seen.code])
            if seen.code in known
            else "",
        }
        for seen in sorted(outcomes, key=lambda seen: (order.index(str(seen.outcome)), seen.code))
    ]


def gap_rows(dossier: Dossier, items: list[DossierItem]) -> list[dict[str, Any]]:
    """What is still missing, item by item in the order of the dossier, each with the page on which it is filled in."""
    missing = {
        VettingReason.UNANSWERED: _("there is no answer yet"),
        VettingReason.FILE_NEEDED: _("a file is missing"),
        VettingReason.FIGURE_NEEDED: _("not all fields are filled in"),
        VettingReason.APPLIES_UNDECIDED: _("say whether this applies to you"),
        VettingReason.APPLIES_REASON: _("say why this does not apply to you"),
    }
    by_code = {item.code: item for item in items}
    return [
        {
            "title": localised(by_code[code].checklist_item, "title"),
            "url": reverse("providers:dossier_item", args=[dossier.pk, code]),
            "missing": get_text_list([str(missing[gap.code]) for gap in gaps], _("and")),
        }
        for code in in_order(list(by_code))
        if (gaps := answer_gaps(facts_of_item(by_code[code])))
    ]


def before_approval(items: list[DossierItem], objections: Iterable[Reason]) -> list[str]:
    """What stands in the way of an approval, in sentences; items without a verdict are counted, not listed."""
    open_items = [reason for reason in objections if reason.code == VettingReason.NO_VERDICT]
    others = [str(reason) for reason in objections if reason.code != VettingReason.NO_VERDICT]
    if not open_items:
        return others
    counted = ngettext("%(n)s item has no verdict yet.", "%(n)s items have no verdict yet.", len(open_items))
    return [counted % {"n": len(open_items)}, *others]


def figure_rows(item: DossierItem) -> list[tuple[str, str]]:
    """The figures of an answer as they are read: label and value."""
    return [(str(figure.label), _shown(figure, item.figures.get(figure.name, ""))) for figure in figures_of(item.code)]


def _shown(figure: Figure, stored: str) -> str:
    if not stored:
        return ""
    match figure.kind:
        case FigureKind.AMOUNT:
            return euro(stored)
        case FigureKind.DATE:
            return long_date(dt.date.fromisoformat(stored))
        case FigureKind.ACCEPT:
            return _("agreed, version %(version)s") % {"version": stored}
        case _:
            return stored


def said(seen: CheckOutcome) -> str:
    """What a check saw, with days and amounts as people write them."""
    return str(replace(seen, saw=_in_words(seen.saw)))


def _in_words(saw: Mapping[str, str]) -> dict[str, str]:
    """What a check saw is kept as text; here `2026-12-07` becomes 7 december 2026 again, `1250.00` € 1.250,00."""
    words = {}
    for name, text in saw.items():
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            words[name] = long_date(dt.date.fromisoformat(text))
        elif re.fullmatch(r"-?[0-9]+\.[0-9]{2}", text, re.ASCII):
            words[name] = euro(text)
        else:
            words[name] = text
    return words


def outcome_tally(outcomes: Iterable[CheckOutcome]) -> dict[str, int]:
    """How many machine checks passed, failed and could not see."""
    counted = Counter(str(seen.outcome) for seen in outcomes)
    return {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}


def dossier_timeline(dossier: Dossier, *, today: dt.date, own: bool) -> list[dict[str, Any]]:
    """What happened to a dossier and what is due, in the order of time; `own` in the words of the provider itself."""
    rows: list[tuple[Any, str, str]] = [(dossier.started_at, _("Dossier started"), "done")]
    if dossier.submitted_at:
        rows.append((dossier.submitted_at, _("Handed in"), "done"))
    if dossier.asked_at:
        rows.append((dossier.asked_at, _("More information asked"), "done"))
    if dossier.advised_at:
        rows.append((dossier.advised_at, _("Checked; waiting for the decision"), "done"))
    if dossier.decided_at:
        rows.append((dossier.decided_at, _("Decided"), "done"))
    timeline = [{"when": when, "what": what, "kind": kind} for when, what, kind in rows]
    answer = _("Your answer is due") if own else _("The answer of the provider is due")
    first = _("You have our first answer") if own else _("The first answer to the provider is due")
    if dossier.state == DossierState.MORE_INFORMATION:
        late = "late" if dossier.answer_due_on < today else "deadline"
        timeline.append({"when": dossier.answer_due_on, "what": answer, "kind": late})
    waiting = {DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.ADVISED}
    if dossier.state in waiting and dossier.first_answered_at is None:
        late = "late" if dossier.first_answer_due < today else "deadline"
        timeline.append({"when": dossier.first_answer_due, "what": first, "kind": late})
    if dossier.intent_sent_at and not dossier.intent_answered_at:
        late = "late" if dossier.intent_due_on < today else "deadline"
        timeline.append({"when": dossier.intent_due_on, "what": _("Last day to react"), "kind": late})
    return timeline


def next_step(provider: Provider, dossiers: list[Dossier], *, ends: dt.date | None, today: dt.date) -> dict[str, Any]:
    """The one thing this provider should do now: a sentence, and a page to go to or a dossier to start.

    `ends` is the first day to come on which its admission, or evidence under it, ends.
    """
    about_provider = [one for one in dossiers if one.solution_id is None]
    running = next((one for one in about_provider if one.editable), None)
    if running:
        return {
            "text": _("Fill in your dossier and hand it in.")
            if running.state == DossierState.DRAFT
            else _("The assessor asked you something. Change your answers and hand the dossier in again."),
            "url": reverse("providers:dossier", args=[running.pk]),
            "label": pgettext("dossier", "Go on"),
        }
    waiting = next((one for one in about_provider if one.state in WAITING), None)
    if waiting:
        return {
            "text": _("Your dossier is with us. You do not have to do anything now."),
            "url": reverse("providers:dossier", args=[waiting.pk]),
            "label": _("Look at the dossier"),
        }
    match provider.state:
        case ProviderState.APPLICANT:
            return {
                "text": _("To be admitted you fill in a dossier about your business. You can stop and go on later."),
                "start": DossierKind.ADMISSION,
                "label": _("Start the dossier"),
            }
        case ProviderState.ADMITTED if provider.valid_until < today:
            return {
                "text": _("Your admission has ended, so customers do not see you any more. Renew it."),
                "start": DossierKind.RENEWAL,
                "label": _("Renew the admission"),
            }
        case ProviderState.ADMITTED if ends and (ends - today).days <= vetting_rules(today).renewal_early_days:
            return {
                "text": _("Your admission, or evidence you gave for it, ends on %(day)s. Renew it in time.")
                % {"day": long_date(ends)},
                "start": DossierKind.RENEWAL,
                "label": _("Renew the admission"),
            }
        case ProviderState.ADMITTED:
            return {"text": _("You are admitted. Describe a solution and have it listed.")}
        case ProviderState.SUSPENDED:
            return {"text": _("You are suspended: customers do not see you and your solutions. Read the decision.")}
        case ProviderState.REMOVED:
            return {"text": _("You were removed from the list. You can apply again after a year."), "reapply": True}
        case _:
            return {"text": _("You are no longer a provider here."), "reapply": True}


WAITING = {DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.ADVISED}
