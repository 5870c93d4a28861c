"""Objections: filed by the applicant, decided by somebody who had no hand in the decision. Thin, but whole."""

from accounts.models import User
from core import clock
from core.models import Hand
from core.reasons import Reason, Refused
from core.workflow import NotAuthorised, perform, record, unit
from vouchers.enums import ApplicationState
from vouchers.models import Application, Decision, Objection
from vouchers.reasons import ApplicationReason, EligibilityReason, ObjectionReason
from vouchers.rules import terms
from vouchers.services.application import tell


@unit
def file_objection(*, by: User, decision: Decision, text: str) -> Objection:
    """Objects to a decision. Too late is still received: a person decides whether that is excusable (Awb 6:11).

    Raises Refused without a text, or when an objection is open or was decided already.
    """
    if not by.is_member_of(decision.application.organisation_id):
        raise NotAuthorised("file")
    reasons = []
    if not text.strip():
        reasons.append(Reason(ObjectionReason.TEXT_NEEDED))
    if decision.objections.exists():
        reasons.append(Reason(ObjectionReason.ALREADY))
    if reasons:
        raise Refused(reasons)
    today, rules = clock.today(), decision.application.rule_set
    objection = Objection.objects.create(
        decision=decision,
        filed_by=by,
        filed_at=clock.now(),
        text=text.strip(),
        in_time=today <= decision.objection_until,
        decide_by=terms.objection_decide_by(max(decision.objection_until, today), rules.objection_decide_weeks),
    )
    return record(objection, "file", by=by, facts={"decision": decision.pk, "in_time": objection.in_time})


@unit
def hear(*, by: User, objection: Objection) -> Objection:
    """Plans the hearing (Awb 7:2)."""
    return perform(objection, "hear", by=by, rule=lambda _facts: _hands_in_decision(objection, by))


@unit
def uphold(*, by: User, objection: Objection, answer: str, in_part: bool = False) -> Objection:
    """The objection is right, in whole or in part: a refused or dismissed application is looked at again."""
    objection = _decide(by, objection, "uphold_in_part" if in_part else "uphold", answer)
    application = objection.decision.application
    if application.state in {ApplicationState.REFUSED, ApplicationState.DISMISSED}:
        others = Application.objects.live().filter(programme=application.programme_id, kvk=application.kvk)
        if others.exists():
            raise Refused(Reason(EligibilityReason.OTHER_LIVE))
        perform(application, "reopen", by=by, facts={"objection": objection.pk})
    return objection


@unit
def reject(*, by: User, objection: Objection, answer: str) -> Objection:
    """The decision stands."""
    return _decide(by, objection, "reject", answer)


@unit
def declare_inadmissible(*, by: User, objection: Objection, answer: str) -> Objection:
    """Not looked into: too late without a good reason, or not by the applicant."""
    return _decide(by, objection, "declare_inadmissible", answer)


@unit
def withdraw_objection(*, by: User, objection: Objection) -> Objection:
    """Whoever objected takes it back."""
    return perform(objection, "withdraw", by=by)


def _decide(by: User, objection: Objection, verb: str, answer: str) -> Objection:
    reasons = [] if answer.strip() else [Reason(ApplicationReason.REASON_NEEDED)]
    objection = perform(
        objection,
        verb,
        by=by,
        rule=lambda _facts: reasons + _hands_in_decision(objection, by),
        at=clock.now(),
        decider=by.pk,
    )
    objection.answer = answer.strip()
    objection.save()
    tell(objection.decision.application, "objection_decided", objection=objection)
    return objection


def _hands_in_decision(objection: Objection, by: User) -> list[Reason]:
    """Nobody with a hand in a decision decides the objection to it (DESIGN 4.8, Awb 10:3)."""
    files = [objection.decision.subject, objection.decision.application.file()]
    taken = Hand.objects.filter(file__in=files, person=by).exists()
    return [Reason(ObjectionReason.HAND_IN_DECISION, ground="Awb 10:3")] if taken else []
