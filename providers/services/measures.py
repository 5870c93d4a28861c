"""Measures against a provider: announced by an assessor, decided by somebody else, with reasons (DESIGN 3, 4.4; Awb 4:8).

A suspension hides the provider and its solutions at once; it does not cascade, and running vouchers are not touched.
"""

from collections.abc import Callable, Iterable
from typing import Any

from core import clock
from core.enums import HandRole
from core.reasons import Reason, Refused
from core.workflow import perform, record, unit
from providers.enums import Measure, ProviderState, VettingDecisionKind
from providers.models import Provider
from providers.notifications import tell_decided
from providers.rules.vetting import CURRENT, VettingReason, measure_objections
from providers.services.decisions import new_decision
from providers.services.dossiers import bounded
from providers.services.facts import intent_facts
from providers.services.review import send_intent, wrong_state

FROM = {
    Measure.SUSPEND: {ProviderState.ADMITTED},
    Measure.REMOVE: {ProviderState.ADMITTED, ProviderState.SUSPENDED},
}


@unit
def announce_measure(*, by: Any, provider: Provider, measure: str, text: str) -> Provider:
    """An assessor tells the provider that it is about to be suspended or removed, and why; it has two weeks to react."""
    text, measure = bounded(text), Measure(measure)
    provider = record(
        provider, "announce", by=by, hand=HandRole.ASSESSOR, facts={"measure": measure}, private={"text": text}
    )
    reasons = [] if text else [Reason(VettingReason.TEXT_NEEDED)]
    if provider.state not in FROM.get(measure, set()):
        reasons.append(wrong_state(provider, "announce"))
    if provider.intent_sent_at:
        reasons.append(Reason(VettingReason.INTENT_OPEN))
    if reasons:
        raise Refused(reasons)
    send_intent(provider, measure, text, weeks=CURRENT.intent_weeks)
    return provider


@unit
def drop_measure(*, by: Any, provider: Provider, text: str) -> Provider:
    """A decider lets an announced measure go, for instance after the provider's reaction."""
    text = bounded(text)
    provider = record(provider, "drop_measure", by=by, hand=HandRole.DECIDER, private={"text": text})
    reasons = [] if text else [Reason(VettingReason.TEXT_NEEDED)]
    if not provider.intent_sent_at:
        reasons.append(Reason(VettingReason.INTENT_NEEDED))
    if reasons:
        raise Refused(reasons)
    return _next_round(provider)


@unit
def suspend_provider(*, by: Any, provider: Provider, grounds: Iterable[str], text: str, urgent: str = "") -> Provider:
    """Suspends, on grounds from `MeasureGround`. `urgent` says why waiting for a reaction is impossible (Awb 4:11 under a)."""
    rule_inputs = (Measure.SUSPEND, sorted(set(grounds)), bounded(text), bounded(urgent))
    return _decide(by, provider, "suspend", VettingDecisionKind.SUSPEND, *rule_inputs, on=clock.today())


@unit
def remove_provider(*, by: Any, provider: Provider, grounds: Iterable[str], text: str, urgent: str = "") -> Provider:
    """Takes a provider off the list; it can apply again after a year."""
    rule_inputs = (Measure.REMOVE, sorted(set(grounds)), bounded(text), bounded(urgent))
    return _decide(by, provider, "remove", VettingDecisionKind.REMOVE, *rule_inputs, on=clock.today())


@unit
def reinstate_provider(*, by: Any, provider: Provider, text: str) -> Provider:
    """Lifts a suspension, with reasons."""
    text = bounded(text)
    rule = _needs_text(text)
    provider = perform(provider, "reinstate", by=by, rule=rule, private={"text": text})
    _keep(by, provider, VettingDecisionKind.REINSTATE, text)
    return _next_round(provider)


def _decide(
    by: Any,
    provider: Provider,
    verb: str,
    kind: VettingDecisionKind,
    measure: Measure,
    grounds: list[str],
    text: str,
    urgent: str,
    **details: Any,
) -> Provider:
    today = clock.today()

    def facts(locked: Provider) -> dict[str, Any]:
        return {"intent": intent_facts(locked, measure), "grounds": grounds, "urgent": bool(urgent)}

    def rule(seen: Any) -> list[Reason]:
        return measure_objections(grounds=grounds, text=text, intent=seen["intent"], urgent=urgent, today=today)

    private = {"text": text, "urgent": urgent}
    provider = perform(provider, verb, by=by, facts=facts, rule=rule, private=private, **details)
    _keep(by, provider, kind, text, grounds=grounds, urgent=urgent)
    return _next_round(provider)


def _keep(by: Any, provider: Provider, kind: VettingDecisionKind, text: str, **more: Any) -> None:
    inputs = {
        "provider": provider.reference(),
        "measure_round": provider.measure_round,
        "intent_measure": provider.intent_measure,
        "intent_text": provider.intent_text,
        "intent_sent_at": provider.intent_sent_at,
        "intent_due_on": provider.intent_due_on,
        "intent_answer": provider.intent_answer,
        "intent_answered_at": provider.intent_answered_at,
    }
    tell_decided(new_decision(by=by, provider=provider, kind=kind, text=text, inputs=inputs, **more))


def _next_round(provider: Provider) -> Provider:
    """The measure is done: the next one is a file of its own, with hands of its own."""
    provider.measure_round += 1
    provider.clear_intent()
    provider.save()
    return provider


def _needs_text(text: str) -> Callable[[Any], list[Reason]]:
    return lambda _seen: [] if text else [Reason(VettingReason.TEXT_NEEDED)]
