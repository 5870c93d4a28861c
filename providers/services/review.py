"""What the authority does with a dossier: take up, judge, ask, advise, decide. Assessor and decider are two people."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from accounts.enums import Role
from accounts.models import BankAccount
from accounts.services import verify_bank_account
from core import clock, hands
from core.enums import HandRole
from core.identifiers import normalise_iban
from core.reasons import CoreReason, Reason, Refused
from core.rows import row
from core.terms import add_months, add_weeks, shift_to_workday
from core.workflow import perform, record, unit
from providers.enums import Advice, DossierKind, DossierState, Measure, ProviderState, Verdict, VettingDecisionKind
from providers.models import Dossier, DossierItem, Provider, Solution, VettingDecision
from providers.models.provider import INTENT
from providers.notifications import tell_decided, tell_intent, tell_more_asked
from providers.rules.checks import months_between
from providers.rules.vetting import (
    VettingReason,
    advice_objections,
    approval_objections,
    on_trial,
    rejection_objections,
    renewed_until,
    verdict_objections,
)
from providers.services.catalogue import list_solution, revise_solution
from providers.services.decisions import new_decision
from providers.services.dossiers import VERDICT, bounded
from providers.services.facts import (
    Items,
    as_facts,
    content_with,
    facts_of_item,
    fingerprint,
    intent_facts,
    item_facts,
    items_with_files,
    latest_valid_until,
    rules_of,
    stored_checks,
)
from providers.services.solution_facts import reference_facts


@unit
def take_up(*, by: Any, dossier: Dossier) -> Dossier:
    """An assessor starts checking a dossier that was handed in."""
    dossier = perform(dossier, "take_up", by=by)
    dossier.assessor = by
    dossier.save(update_fields=["assessor"])
    return dossier


@unit
def give_verdict(
    *,
    by: Any,
    dossier: Dossier,
    code: str,
    verdict: str,
    note: str = "",
    valid_until: dt.date | None = None,
) -> DossierItem:
    """Gives a verdict on one item, with the day until which its evidence counts (default: the validity of the item).

    Raises NotAuthorised, DossierItem.DoesNotExist for a code of another dossier, Refused with every objection: among them a
    failed or unknown machine check that is passed over without a note.
    """
    note, today, verdict = bounded(note), clock.today(), Verdict(verdict)
    dossier = record(
        dossier,
        "verdict",
        by=by,
        hand=HandRole.ASSESSOR,
        facts={"item": code, "verdict": verdict, "valid_until": valid_until},
        private={"note": note} if note else None,
    )
    item = row(DossierItem, dossier_id=dossier.pk, code=code)
    if dossier.state != DossierState.IN_REVIEW:
        raise Refused(Reason(VettingReason.NOT_UNDER_REVIEW))
    latest = latest_valid_until(item, today)
    reasons = verdict_objections(
        facts_of_item(item, files=0),  # how many there are is for the assessor to see, not for this rule
        verdict=verdict,
        note=note,
        valid_until=valid_until,
        latest=latest,
        today=today,
        outcomes=[seen.outcome for seen in stored_checks(dossier) if seen.code == item.code],
    )
    if reasons:
        raise Refused(reasons)
    item.verdict, item.verdict_note, item.verdict_by, item.verdict_on = verdict, note, by, today
    item.valid_until = (valid_until or latest) if verdict == Verdict.MET else None
    item.save(update_fields=VERDICT)
    if item.code == "FIN-05" and verdict == Verdict.MET:
        _verify_account(by, dossier, item)
    return item


@unit
def ask_more(*, by: Any, dossier: Dossier, text: str, due_on: dt.date | None = None) -> Dossier:
    """Asks the provider for more, once per round, with a term (default two weeks, shifted to a working day; Awb 4:5)."""
    text, now, today = bounded(text), clock.now(), clock.today()
    term = shift_to_workday(due_on or add_weeks(today, rules_of(dossier).answer_weeks))

    def rule(seen: Any) -> list[Reason]:
        reasons = text_needed(text)
        return reasons + ([Reason(VettingReason.ASKED_BEFORE)] if seen["asked_in_round"] == seen["round"] else [])

    dossier = perform(
        dossier,
        "ask_more",
        by=by,
        facts=lambda locked: {"round": locked.round, "asked_in_round": locked.asked_in_round},
        rule=rule,
        private={"text": text},
        at=now,
        due_on=term,
    )
    dossier.asked_text, dossier.reply_text = text, ""
    dossier.save(update_fields=["asked_text", "reply_text"])
    tell_more_asked(dossier)
    return dossier


@unit
def advise(*, by: Any, dossier: Dossier, advice: str, text: str) -> Dossier:
    """Advises the decider, with reasons. Approval is never advised past an unmet requirement."""
    text, today, advice = bounded(text), clock.today(), Advice(advice)

    def rule(seen: Any) -> list[Reason]:
        return advice_objections(seen["items"], approve=advice == Advice.APPROVE, text=text, today=today)

    def facts(locked: Dossier) -> dict[str, Any]:
        locked.advice_text = text  # saved together with the transition, which a constraint asks for
        return {"items": item_facts(locked)}

    return perform(
        dossier,
        "advise",
        by=by,
        facts=facts,
        rule=rule,
        private={"text": text},
        at=clock.now(),
        advice=advice,
        content_sha256=fingerprint(dossier),
    )


@unit
def announce_rejection(*, by: Any, dossier: Dossier, text: str) -> Dossier:
    """Tells the provider that a rejection is meant on facts it may dispute, and gives it two weeks to react (Awb 4:7)."""
    text = bounded(text)
    dossier = record(dossier, "announce", by=by, hand=HandRole.ASSESSOR, private={"text": text})
    reasons = text_needed(text)
    if dossier.state not in {DossierState.IN_REVIEW, DossierState.ADVISED}:
        reasons.append(wrong_state(dossier, "announce"))
    if dossier.intent_sent_at:
        reasons.append(Reason(VettingReason.INTENT_OPEN))
    if reasons:
        raise Refused(reasons)
    send_intent(dossier, Measure.REJECT, text, weeks=rules_of(dossier).intent_weeks)
    return dossier


@unit
def approve(*, by: Any, dossier: Dossier, text: str) -> Dossier:
    """Approves what another person advised on, with reasons, and carries it out: admits, renews or lists.

    Every mandatory item of the stage is met and in date, every condition decided, and nothing changed since the advice.
    """
    text, today = bounded(text), clock.today()
    gathered: Items = []

    def facts(locked: Dossier) -> dict[str, Any]:
        gathered[:] = items_with_files(locked)
        return _approval_facts(locked, gathered)

    def rule(seen: Any) -> list[Reason]:
        reasons = text_needed(text)
        reasons += approval_objections(seen["items"], today=today)
        if seen["advised_on"] != seen["content"]:
            reasons.append(Reason(VettingReason.CHANGED_SINCE))
        return reasons + _provider_objections(seen, today)

    dossier = perform(dossier, "approve", by=by, facts=facts, rule=rule, private={"text": text}, at=clock.now())
    trial, until = _carry_out(by, dossier, today)
    granted = {"items": gathered, "on_trial": trial, "valid_until": until}
    decision = _decide(by, dossier, VettingDecisionKind.APPROVE, text, **granted)
    dossier.clear_intent()
    dossier.save(update_fields=INTENT)
    tell_decided(decision)
    return dossier


@unit
def reject(*, by: Any, dossier: Dossier, grounds: Iterable[str], text: str) -> Dossier:
    """Rejects, on grounds from `RejectGround` and with reasons. Disputable grounds want a notice of intent first."""
    text, today, grounds = bounded(text), clock.today(), sorted(set(grounds))

    def facts(locked: Dossier) -> dict[str, Any]:
        return {"items": item_facts(locked), "intent": intent_facts(locked, Measure.REJECT), "grounds": grounds}

    def rule(seen: Any) -> list[Reason]:
        return rejection_objections(seen["items"], grounds=grounds, text=text, intent=seen["intent"], today=today)

    dossier = perform(dossier, "reject", by=by, facts=facts, rule=rule, private={"text": text}, at=clock.now())
    unmet = approval_objections(item_facts(dossier), today=today)
    tell_decided(_decide(by, dossier, VettingDecisionKind.REJECT, text, grounds=grounds, reasons=unmet))
    dossier.clear_intent()
    dossier.save(update_fields=INTENT)
    return dossier


@unit
def dismiss(*, by: Any, dossier: Dossier, text: str) -> Dossier:
    """Sets an incomplete dossier aside, after the term to complete it has ended (Awb 4:5)."""
    text, today = bounded(text), clock.today()

    def rule(seen: Any) -> list[Reason]:
        reasons = text_needed(text)
        due = seen["answer_due_on"]
        if due and today <= due:
            reasons.append(Reason(VettingReason.TERM_RUNNING, {"until": due}, ground="Awb 4:5"))
        return reasons

    dossier = perform(
        dossier,
        "dismiss",
        by=by,
        facts=lambda locked: {"answer_due_on": locked.answer_due_on},
        rule=rule,
        private={"text": text},
        at=clock.now(),
    )
    tell_decided(_decide(by, dossier, VettingDecisionKind.DISMISS, text))
    return dossier


@unit
def return_to_assessor(*, by: Any, dossier: Dossier, text: str) -> Dossier:
    """The decider sends the dossier back, and says what to look at again."""
    text = bounded(text)
    dossier = perform(dossier, "return_to_assessor", by=by, rule=text_rule(text), private={"text": text})
    dossier.returned_text = text
    dossier.save(update_fields=["returned_text"])
    return dossier


@unit
def reopen(*, by: Any, dossier: Dossier, text: str) -> Dossier:
    """An objection against a rejection was upheld: judged again, in a new round in which more may be asked again.

    By a decider who had no hand in the first judgement, and who does not decide the next one either (DESIGN 4.8): his hand
    is laid beside the assessor's, because he has said what has to be looked at again.
    """
    text = bounded(text)

    def facts(locked: Dossier) -> dict[str, Any]:
        return {"assessed": hands.role_on(locked.file(), by) == HandRole.ASSESSOR}

    def rule(seen: Any) -> list[Reason]:
        other = Reason(CoreReason.OTHER_HAND, {"role": HandRole.ASSESSOR.label})
        return text_needed(text) + ([other] if seen["assessed"] else [])

    dossier = perform(dossier, "reopen", by=by, facts=facts, rule=rule, private={"text": text})
    dossier.returned_text = text
    dossier.save(update_fields=["returned_text"])
    return dossier


def wrong_state(subject: Any, verb: str) -> Reason:
    """The reason that a write which is no transition does not fit the state."""
    return Reason(
        CoreReason.WRONG_STATE,
        {"state": str(subject.get_state_display()), "code": str(subject.state), "verb": verb},
    )


def open_intent(subject: Dossier | Provider | Solution, measure: Measure, text: str, *, weeks: int) -> None:
    """Writes a notice of intent on the subject, which the caller saves; its term ends on a working day."""
    subject.clear_intent()
    subject.intent_measure, subject.intent_text = measure, text
    subject.intent_sent_at = clock.now()
    subject.intent_due_on = shift_to_workday(add_weeks(clock.today(), weeks))


def send_intent(subject: Dossier | Provider | Solution, measure: Measure, text: str, *, weeks: int) -> None:
    """Keeps and sends a notice of intent."""
    open_intent(subject, measure, text, weeks=weeks)
    subject.save()
    tell_intent(subject)


def text_needed(text: str) -> list[Reason]:
    """The reason that nothing is decided without reasons in words; empty when there are some."""
    return [] if text else [Reason(VettingReason.TEXT_NEEDED)]


def text_rule(text: str) -> Callable[[Any], list[Reason]]:
    """`text_needed` as a rule for the door, which looks at no other fact."""
    return lambda _seen: text_needed(text)


def _decide(
    by: Any, dossier: Dossier, kind: VettingDecisionKind, text: str, *, items: Items | None = None, **more: Any
) -> VettingDecision:
    return new_decision(
        by=by,
        provider=dossier.provider,
        dossier=dossier,
        kind=kind,
        text=text,
        inputs=content_with(dossier, items_with_files(dossier) if items is None else items),
        rules=rules_of(dossier),
        **more,
    )


def _approval_facts(locked: Dossier, items: Items) -> dict[str, Any]:
    provider = locked.provider
    return {
        "items": as_facts(items),
        "advised_on": locked.content_sha256,
        "content": fingerprint(locked, items),
        "kind": locked.kind,
        "about_solution": locked.solution_id is not None,
        "provider_state": str(provider.state),
        "provider_valid_until": provider.valid_until,
    }


def _provider_objections(seen: Any, today: dt.date) -> list[Reason]:
    """An admission wants an applicant; everything else an admitted provider, and what is about a solution one in date."""
    if seen["kind"] == DossierKind.ADMISSION:
        fits = seen["provider_state"] == ProviderState.APPLICANT
        return [] if fits else [Reason(VettingReason.ALREADY_ADMITTED)]
    if seen["provider_state"] != ProviderState.ADMITTED:
        return [Reason(VettingReason.NOT_ADMITTED)]
    until = seen["provider_valid_until"]
    if seen["about_solution"] and until < today:
        return [Reason(VettingReason.VETTING_EXPIRED, {"until": until})]
    return []


def _carry_out(by: Any, dossier: Dossier, today: dt.date) -> tuple[bool, dt.date]:
    """What an approval does; returns whether it is on trial, and until when it counts."""
    rules = rules_of(dossier)
    until = add_months(today, rules.admission_months)
    if dossier.kind == DossierKind.ADMISSION:
        perform(dossier.provider, "admit", by=by, facts={"dossier": dossier.pk}, on=today, valid_until=until)
        return False, until
    if dossier.solution_id is None:
        provider = record(dossier.provider, "renew", by=by, facts={"dossier": dossier.pk})
        provider.valid_until = renewed_until(
            valid_until=provider.valid_until, months=rules.admission_months, today=today, rules=rules
        )
        provider.save()
        return False, provider.valid_until
    trial = _on_trial(dossier, today)
    if dossier.kind == DossierKind.LISTING:
        solution = list_solution(by=by, solution=dossier.solution, dossier=dossier, on_trial=trial, rules=rules)
    else:
        until = dossier.solution.valid_until
        if dossier.kind == DossierKind.RENEWAL:
            until = renewed_until(valid_until=until, months=rules.listing_months, today=today, rules=rules)
        solution = revise_solution(by=by, solution=dossier.solution, dossier=dossier, on_trial=trial, valid_until=until)
    return solution.on_trial, solution.valid_until


def _on_trial(dossier: Dossier, today: dt.date) -> bool:
    references = reference_facts(dossier.solution, rules_of(dossier))
    founded = dossier.provider.organisation.founded_on
    return on_trial(
        references=references.count,
        trading_months=months_between(founded, today) if founded else None,
        rules=rules_of(dossier),
    )


def _verify_account(by: Any, dossier: Dossier, item: DossierItem) -> None:
    """The assessor saw the statement (FIN-05), so money may go to this account. Needs an assessor's role, checked there."""
    iban = normalise_iban(item.figures.get("iban", ""))
    accounts = BankAccount.objects.filter(
        organisation=dossier.provider.organisation, iban=iban, ended_at__isnull=True, verified_at__isnull=True
    )
    for account in accounts:
        if by.holds(Role.ASSESSOR):
            verify_bank_account(by=by, account=account)
