"""Measures against a provider or a solution: announced by an assessor, decided by somebody else, with reasons (DESIGN 3, 4.4).

A suspension hides at once; it does not cascade, and running vouchers are not touched. It can be decided without a notice only
when it cannot wait, and then the right to react follows at once; a removal always waits for the notice (Awb 4:8, 4:11;
ADR 0006).
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from core import clock
from core.enums import HandRole
from core.reasons import Reason, Refused
from core.workflow import perform, record, unit
from providers.enums import Measure, ProviderState, VettingDecisionKind
from providers.models import Provider, Solution
from providers.models.catalogue import SHOWN
from providers.notifications import tell_decided
from providers.rules.rulesets import vetting_rules
from providers.rules.vetting import VettingReason, measure_objections
from providers.services.decisions import new_decision
from providers.services.dossiers import bounded
from providers.services.facts import intent_facts
from providers.services.review import open_intent, send_intent, text_needed, text_rule, wrong_state

S = TypeVar("S", Provider, Solution)

FROM = {
    (Provider, Measure.SUSPEND): {ProviderState.ADMITTED},
    (Provider, Measure.REMOVE): {ProviderState.ADMITTED, ProviderState.SUSPENDED},
    (Solution, Measure.SUSPEND): set(SHOWN),
}
"""From which states a measure can be announced; a solution is never removed, its provider retires it."""


@unit
def announce_measure(*, by: Any, provider: Provider, measure: str, text: str) -> Provider:
    """An assessor tells the provider that it is about to be suspended or removed, and why; it has two weeks to react.

    Raises NotAuthorised, Refused without reasons, for a measure that does not fit the state, or while another notice is open.
    """
    return _announce(by, provider, Measure(measure), text)


@unit
def announce_suspension(*, by: Any, solution: Solution, text: str) -> Solution:
    """An assessor tells the provider that one of its solutions is about to be suspended; as `announce_measure`."""
    return _announce(by, solution, Measure.SUSPEND, text)


@unit
def drop_measure(*, by: Any, provider: Provider, text: str) -> Provider:
    """A decider lets an announced measure go, for instance after the provider's reaction.

    Raises NotAuthorised, Refused without reasons, without a notice, or for a suspension that was taken already.
    """
    return _let_go(by, provider, text)


@unit
def drop_suspension(*, by: Any, solution: Solution, text: str) -> Solution:
    """A decider lets an announced suspension of a solution go; as `drop_measure`."""
    return _let_go(by, solution, text)


@unit
def suspend_provider(*, by: Any, provider: Provider, grounds: Iterable[str], text: str, urgent: str = "") -> Provider:
    """Suspends, on grounds from `MeasureGround`, after the notice of intent. `urgent` says why that cannot be waited for
    (Awb 4:11 under a): then the provider may react from now on.

    Raises NotAuthorised, Refused with every objection.
    """
    return _take(by, provider, "suspend", Measure.SUSPEND, grounds, text, urgent, on=clock.today())


@unit
def suspend_solution(*, by: Any, solution: Solution, grounds: Iterable[str], text: str, urgent: str = "") -> Solution:
    """Suspends one solution, of which its provider gets a letter; as `suspend_provider`."""
    return _take(by, solution, "suspend", Measure.SUSPEND, grounds, text, urgent, at=clock.now())


@unit
def remove_provider(*, by: Any, provider: Provider, grounds: Iterable[str], text: str) -> Provider:
    """Takes a provider off the list after the notice of intent, however urgent; it can apply again after a year.

    Raises NotAuthorised, Refused with every objection.
    """
    return _take(by, provider, "remove", Measure.REMOVE, grounds, text, "", on=clock.today())


@unit
def reinstate_provider(*, by: Any, provider: Provider, text: str) -> Provider:
    """Lifts a suspension, with reasons. Raises NotAuthorised, Refused without reasons or without a suspension."""
    return _reinstate(by, provider, text)


@unit
def reinstate_solution(*, by: Any, solution: Solution, text: str) -> Solution:
    """Shows a suspended solution again, as listed, with reasons; as `reinstate_provider`."""
    return _reinstate(by, solution, text)


def _announce(by: Any, subject: S, measure: Measure, text: str) -> S:
    text = bounded(text)
    facts = {"measure": measure}
    subject = record(subject, "announce", by=by, hand=HandRole.ASSESSOR, facts=facts, private={"text": text})
    reasons = text_needed(text)
    if subject.state not in FROM.get((type(subject), measure), set()):
        reasons.append(wrong_state(subject, "announce"))
    if subject.intent_sent_at and not _heard(subject):
        reasons.append(Reason(VettingReason.INTENT_OPEN))
    if reasons:
        raise Refused(reasons)
    send_intent(subject, measure, text, weeks=vetting_rules(clock.today()).intent_weeks)
    return subject


def _heard(subject: Provider | Solution) -> bool:
    """Whether the notice on the table is about a suspension taken at once on which the provider has had its say."""
    over = subject.intent_answered_at is not None or subject.intent_due_on < clock.today()
    return subject.taken_at_once and over


def _let_go(by: Any, subject: S, text: str) -> S:
    text = bounded(text)
    subject = record(subject, "drop_measure", by=by, hand=HandRole.DECIDER, private={"text": text})
    reasons = text_needed(text)
    if not subject.intent_sent_at:
        reasons.append(Reason(VettingReason.INTENT_NEEDED))
    elif subject.taken_at_once:
        reasons.append(wrong_state(subject, "drop_measure"))
    if reasons:
        raise Refused(reasons)
    return _closed(subject)


def _take(
    by: Any,
    subject: S,
    verb: str,
    measure: Measure,
    grounds: Iterable[str],
    text: str,
    urgent: str,
    **details: Any,
) -> S:
    today, grounds, text, urgent = clock.today(), sorted(set(grounds)), bounded(text), bounded(urgent)

    def facts(locked: S) -> dict[str, Any]:
        return {"intent": intent_facts(locked, measure), "grounds": grounds, "urgent": bool(urgent)}

    def rule(seen: Any) -> list[Reason]:
        return measure_objections(grounds=grounds, text=text, intent=seen["intent"], urgent=urgent, today=today)

    private = {"text": text, "urgent": urgent}
    subject = perform(subject, verb, by=by, facts=facts, rule=rule, private=private, **details)
    if isinstance(subject, Solution):
        subject.suspension_text = text
    inputs = _inputs(subject)
    subject.close_measure()
    if urgent:
        open_intent(subject, measure, text, weeks=vetting_rules(today).intent_weeks)
        inputs["react_until"] = subject.intent_due_on
    subject.save()
    _keep(by, subject, VettingDecisionKind(measure), text, inputs, grounds=grounds, urgent=urgent)
    return subject


def _reinstate(by: Any, subject: S, text: str) -> S:
    text = bounded(text)
    subject = perform(subject, "reinstate", by=by, rule=text_rule(text), private={"text": text})
    _keep(by, subject, VettingDecisionKind.REINSTATE, text, _inputs(subject))
    return _closed(subject)


def _inputs(subject: Provider | Solution) -> dict[str, Any]:
    """What a decision on a measure rests on: which one it is, the notice and the reaction to it."""
    return {
        subject._meta.model_name: subject.reference(),
        "measure_round": subject.measure_round,
        "intent_measure": subject.intent_measure,
        "intent_text": subject.intent_text,
        "intent_sent_at": subject.intent_sent_at,
        "intent_due_on": subject.intent_due_on,
        "intent_answer": subject.intent_answer,
        "intent_answered_at": subject.intent_answered_at,
    }


def _keep(
    by: Any, subject: Provider | Solution, kind: VettingDecisionKind, text: str, inputs: dict[str, Any], **more: Any
) -> None:
    if isinstance(subject, Solution):
        more |= {"provider": subject.provider, "solution": subject}
    else:
        more |= {"provider": subject}
    tell_decided(new_decision(by=by, kind=kind, text=text, inputs=inputs, **more))


def _closed(subject: S) -> S:
    subject.close_measure()
    subject.save()
    return subject
