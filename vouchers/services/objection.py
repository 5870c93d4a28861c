"""Objections: filed by the applicant, decided by somebody who had no hand in the decision. Thin, but whole.

An objection that is right changes the decision in the same unit (Awb 7:11), each kind in its own way.
"""

from typing import Any

from accounts.models import User
from core import clock, hands
from core.canonical import sha256_hex
from core.enums import HandRole
from core.models import Hand
from core.reasons import Reason, Refused
from core.workflow import NotAuthorised, perform, record, unit
from vouchers.enums import (
    DETERMINED_CLAIM,
    ApplicationState,
    DecisionKind,
    ObjectionState,
    ReclaimState,
    VoucherState,
)
from vouchers.models import Application, Claim, Decision, Objection, Voucher
from vouchers.reasons import ApplicationReason, EligibilityReason, ObjectionReason
from vouchers.rules import terms
from vouchers.services import budget
from vouchers.services.application import tell
from vouchers.services.arithmetic import compute
from vouchers.services.determination import return_claim, revise_claim
from vouchers.services.ending import reinstate_voucher, reopen_voucher
from vouchers.services.reclaim import annul_reclaim
from vouchers.services.written import write_decision

APPEAL_WEEKS = 6
"""Weeks to go to the court with a decision on an objection (Awb 6:7)."""

LEGAL_GROUND = {ObjectionState.INADMISSIBLE: "Awb 6:6, 6:9"}
"""What a decision on an objection rests on where it is not Awb 7:11, which asks for a new look at the decision."""


@unit
def file_objection(*, by: User, decision: Decision, text: str) -> Objection:
    """Objects to a decision. Too late is still received: a person decides whether that is excusable (Awb 6:11).

    Raises Refused without a text, when an objection is open or was decided already, and against the decision on an objection:
    with that one goes to the court (Awb 8:1).
    """
    if not by.is_member_of(decision.application.organisation_id):
        raise NotAuthorised("file")
    reasons = []
    if not text.strip():
        reasons.append(Reason(ObjectionReason.TEXT_NEEDED))
    if decision.kind == DecisionKind.OBJECTION:
        reasons.append(Reason(ObjectionReason.TO_COURT, {"until": decision.objection_until}, ground="Awb 8:1"))
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


def barred_from_ruling(*, objection: Objection, by: User) -> list[Reason]:
    """Why this person may not decide this objection, so that no page offers what is always refused (DESIGN 4.8)."""
    return hands.objections(objection, by, HandRole.DECIDER) + _hands_in_decision(objection, by)


@unit
def hear(*, by: User, objection: Objection) -> Objection:
    """Plans the hearing (Awb 7:2)."""
    return perform(objection, "hear", by=by, rule=lambda _facts: _hands_in_decision(objection, by))


@unit
def uphold(*, by: User, objection: Objection, answer: str, in_part: bool = False) -> Objection:
    """The objection is right, in whole or in part, and the decision gives way (Awb 7:11).

    A refused or dismissed application is looked at again; a voucher that lapsed or was revoked is back; a reclaim is annulled;
    a claim is to be determined again, in whole at what the rules give, in part at what the assessor advises anew. Raises
    Refused where that is not possible: an award whose vouchers are out, a reclaim that was paid back or written off, a ceiling
    that does not fit a voucher that comes back, a payment that is on its way.
    """
    verb = "uphold_in_part" if in_part else "uphold"
    objection = _decide(by, _with_budgets(objection, verb, by), verb, answer)
    decision = objection.decision
    match decision.kind:
        case DecisionKind.REFUSAL | DecisionKind.DISMISSAL:
            _reopen(by, objection)
        case DecisionKind.LAPSE | DecisionKind.REVOCATION | DecisionKind.REMAINDER:
            _give_back(by, _decided_on(decision, Voucher), answer)
        case DecisionKind.DETERMINATION:
            _determine_again(by, _decided_on(decision, Claim), answer, in_part=in_part)
        case DecisionKind.RECLAIM:
            _annul(by, decision, answer)
        case _:
            raise Refused(Reason(ObjectionReason.AWARD_STANDS))
    return objection


def _reopen(by: User, objection: Objection) -> None:
    application = objection.decision.application
    if application.state not in {ApplicationState.REFUSED, ApplicationState.DISMISSED}:
        return
    others = Application.objects.live().filter(programme=application.programme_id, kvk=application.kvk)
    if others.exists():
        raise Refused(Reason(EligibilityReason.OTHER_LIVE))
    today = clock.today()
    perform(
        application,
        "reopen",
        by=by,
        facts={"objection": objection.pk},
        term_from=today,
        decide_by=terms.decide_by(today, application.rule_set.decide_weeks),
    )


def _give_back(by: User, voucher: Voucher, why: str) -> None:
    """The voucher is back, or what was left of it; not when that happened already."""
    if voucher.state == VoucherState.CLOSED:
        voucher = reopen_voucher(by=by, voucher=voucher, why=why)
    if voucher.state in {VoucherState.LAPSED, VoucherState.REVOKED, VoucherState.SETTLED}:
        reinstate_voucher(by=by, voucher=voucher, why=why)


def _determine_again(by: User, claim: Claim, why: str, *, in_part: bool) -> None:
    """Opens the claim again. What the rules give in full is ready for the decider; anything less is advised on anew first."""
    if claim.state not in DETERMINED_CLAIM:
        return  # it is open again already, and the next decision takes the place of this one
    computed, decided = compute(claim).amount, claim.determined_amount
    claim = revise_claim(by=by, claim=claim, amount=computed, why=why)
    if in_part or decided == computed:
        return_claim(by=by, claim=claim, why=why)
    if claim.voucher.state == VoucherState.CLOSED:
        reopen_voucher(by=by, voucher=claim.voucher, why=why)


def _annul(by: User, decision: Decision, why: str) -> None:
    """A lower reclaim, when the objection was right in part, is a decision of its own."""
    for reclaim in decision.reclaims.exclude(state=ReclaimState.ANNULLED):
        if reclaim.state not in {ReclaimState.DECIDED, ReclaimState.DUE}:
            raise Refused(Reason(ObjectionReason.RECLAIM_ENDED))
        annul_reclaim(by=by, reclaim=reclaim, why=why)


def _decided_on(decision: Decision, model: type) -> Any:
    """The voucher or claim that this decision is about."""
    return model.objects.get(pk=decision.subject.rpartition(":")[2])


@unit
def reject(*, by: User, objection: Objection, answer: str) -> Objection:
    """The decision stands."""
    return _decide(by, _with_budgets(objection, "reject", by), "reject", answer)


@unit
def declare_inadmissible(*, by: User, objection: Objection, answer: str) -> Objection:
    """Not looked into: too late without a good reason, or not by the applicant."""
    return _decide(by, _with_budgets(objection, "declare_inadmissible", by), "declare_inadmissible", answer)


@unit
def withdraw_objection(*, by: User, objection: Objection) -> Objection:
    """Whoever objected takes it back."""
    return perform(objection, "withdraw", by=by)


def _with_budgets(objection: Objection, verb: str, by: User) -> Objection:
    """Authorises first, then locks the budgets, which come before the case (docs/locking.md)."""
    if not objection.may(verb, by):
        raise NotAuthorised(verb)
    budget.budgets_of(objection.decision.application)
    return objection


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
    objection.ruling = _write(by, objection)
    objection.save()
    tell(objection.decision.application, "objection_decided", objection=objection)
    return objection


def _write(by: User, objection: Objection) -> Decision:
    """The decision on the objection, written down like every other (Awb 7:12): its grounds, what it is about, who took it.

    With it one goes to the court, within six weeks of the day after it was sent (Awb 6:7, 6:8, 8:1).
    """
    about = objection.decision
    return write_decision(
        kind=DecisionKind.OBJECTION,
        subject=objection,
        by=by,
        amount=None,
        legal_ground=LEGAL_GROUND.get(objection.state, "Awb 7:11"),
        explanation=objection.answer,
        inputs={
            "outcome": objection.state,
            "decision": about.pk,
            "kind": about.kind,
            "content": about.content_hash,
            "filed_on": clock.day_of(objection.filed_at),
            "in_time": objection.in_time,
            "text": sha256_hex(objection.text),
        },
        objection_until=terms.objection_until(clock.today(), APPEAL_WEEKS),
    )


def _hands_in_decision(objection: Objection, by: User) -> list[Reason]:
    """Nobody with a hand in a decision decides the objection to it (DESIGN 4.8, Awb 10:3).

    A reclaim is decided on a file of its own, so who signed a decision is asked too.
    """
    decision = objection.decision
    files = [decision.subject, decision.application.file()]
    taken = by.pk in {decision.decided_by_id, decision.assessed_by_id}
    taken = taken or Hand.objects.filter(file__in=files, person=by).exists()
    return [Reason(ObjectionReason.HAND_IN_DECISION, ground="Awb 10:3")] if taken else []
