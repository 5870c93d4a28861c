"""Notices of intent about an application: what is meant is told beforehand, and the applicant may answer (Awb 4:7)."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from accounts.models import User
from core import clock
from core.enums import HandRole
from core.reasons import Reason, Refused
from core.workflow import record, unit
from vouchers.enums import ApplicationState, DecisionKind
from vouchers.models import Application, NoticeOfIntent
from vouchers.reasons import GROUND_OF_REFUSAL, ApplicationReason, RefusalGround
from vouchers.rules import terms
from vouchers.services.application import tell

DISPUTABLE = frozenset(ground for ground, article in GROUND_OF_REFUSAL.items() if article == "Awb 4:35")
"""Grounds the applicant can dispute; for these a notice of intent goes first (DESIGN 3)."""


@unit
def send_intent(*, by: User, application: Application, grounds: Sequence[RefusalGround], text: str) -> NoticeOfIntent:
    """Tells the applicant that a refusal is meant and why, and gives a term to answer (Awb 4:7). Lays the
    decider's hand: who announces does not assess.

    Raises Refused without grounds or words, before the advice, or while a notice about this advice waits for its answer. One
    that waits no longer, because its term is over or its advice was dropped, makes place.
    """
    grounds = [RefusalGround(ground) for ground in dict.fromkeys(grounds)]
    if not grounds or not text.strip():
        raise Refused(Reason(ApplicationReason.REASON_NEEDED))
    answer_by = terms.answer_by(clock.today(), application.rule_set.intent_weeks)
    facts = {"grounds": list(grounds), "answer_by": answer_by}
    application = record(application, "send_intent", by=by, facts=facts, hand=HandRole.DECIDER)
    if application.state != ApplicationState.ADVISED:
        raise Refused(Reason(ApplicationReason.NOT_ADVISED))
    if any(not intent.is_done(clock.today()) for intent in counting(application)):
        raise Refused(Reason(ApplicationReason.INTENT_SENT))
    _about(application).open().update(dropped_at=clock.now())
    intent = NoticeOfIntent.objects.create(
        application=application,
        subject=application.reference(),
        kind=DecisionKind.REFUSAL,
        reasons=[Reason(ground, ground=GROUND_OF_REFUSAL[ground]).as_json() for ground in grounds],
        text=text.strip(),
        sent_at=clock.now(),
        sent_by=by,
        answer_by=answer_by,
    )
    tell(application, "application_intent", intent=intent)
    return intent


@unit
def answer_intent(*, by: User, intent: NoticeOfIntent, answer: str) -> NoticeOfIntent:
    """The applicant's view on a notice of intent; once, and only while the advice it is about stands."""
    if not answer.strip():
        raise Refused(Reason(ApplicationReason.ANSWER_MISSING))
    application = record(intent.application, "answer_intent", by=by, facts={"intent": intent.pk})
    intent = NoticeOfIntent.objects.select_for_update(of=("self",)).get(pk=intent.pk)
    if intent.answered_at is not None:
        raise Refused(Reason(ApplicationReason.INTENT_ANSWERED))
    if intent not in waiting(application):
        raise Refused(Reason(ApplicationReason.INTENT_CLOSED))
    intent.answer, intent.answered_at = answer.strip(), clock.now()
    intent.save()
    return intent


def counting(application: Application) -> QuerySet[NoticeOfIntent]:
    """The notices about the advice as it stands: what was sent about an earlier one says nothing about this one."""
    if application.advised_at is None:
        return NoticeOfIntent.objects.none()
    return _about(application).filter(sent_at__gte=application.advised_at)


def waiting(application: Application) -> list[NoticeOfIntent]:
    """The notices the applicant can still answer."""
    if application.state != ApplicationState.ADVISED:
        return []
    return list(counting(application).open())


def announced(application: Application) -> set[RefusalGround]:
    """The grounds on which the applicant was heard about this advice: an answer came, or the term for it has ended."""
    today = clock.today()
    return {ground for intent in counting(application) if intent.is_done(today) for ground in _grounds_of(intent)}


def intent_reasons(application: Application, grounds: Iterable[RefusalGround]) -> list[Reason]:
    """Why a refusal on these grounds has to wait; empty when the applicant had the chance to answer on each one of them."""
    unheard = DISPUTABLE & set(grounds) - announced(application)
    if not unheard:
        return []
    sent = [intent for intent in counting(application) if unheard & _grounds_of(intent)]
    if unheard - {ground for intent in sent for ground in _grounds_of(intent)}:
        weeks = application.rule_set.intent_weeks
        return [Reason(ApplicationReason.INTENT_NEEDED, {"weeks": weeks}, ground="Awb 4:7")]
    until = max(intent.answer_by for intent in sent)
    return [Reason(ApplicationReason.INTENT_OPEN, {"until": until}, ground="Awb 4:7")]


def _about(application: Application) -> QuerySet[NoticeOfIntent]:
    return application.intents.filter(subject=application.reference(), kind=DecisionKind.REFUSAL)


def _grounds_of(intent: NoticeOfIntent) -> set[RefusalGround]:
    return {RefusalGround(why["code"]) for why in intent.reasons}
