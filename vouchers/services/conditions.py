"""What has to hold before a step is taken on a claim, and which steps are open: asked by the services and by the pages."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.enums import Role
from accounts.models import User
from core import clock
from core.enums import HandRole
from core.hands import objections, role_on
from core.reasons import Reason
from core.state import transitions_of
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, DecisionKind, ObjectionState
from vouchers.models import Claim, Decision, Objection
from vouchers.rules import terms
from vouchers.rules.claim import evidence_of, evidence_reasons

WITH_THE_ASSESSOR = (ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.MORE_INFORMATION)


def assessed_before(claim: Claim, by: User) -> list[Reason]:
    """Nobody assesses both an application and a claim under it (DESIGN 4.8)."""
    if role_on(claim.voucher.application.file(), by) == HandRole.ASSESSOR:
        return [Reason(ClaimReason.SAME_ASSESSOR)]
    return []


def own_advice(claim: Claim, by: User) -> list[Reason]:
    """A decider who revised the claim does not decide on it (DESIGN 4.8). An assessor is kept from that by the hand on the file."""
    revised = claim.advised_by_id == by.pk and role_on(claim.file(), by) != HandRole.ASSESSOR
    return [Reason(ClaimReason.OWN_ADVICE)] if revised else []


def asked_term_reasons(claim: Claim) -> list[Reason]:
    """While the business can still answer, nothing is advised without its answer (Awb 4:15, as at an application)."""
    if claim.state == ClaimState.MORE_INFORMATION and clock.today() <= claim.answer_by:
        return [Reason(ClaimReason.ASKED_TERM_OPEN, {"until": claim.answer_by}, ground="Awb 4:15")]
    return []


def determine_by(claim: Claim, suspended_days: int) -> datetime.date | None:
    """The last day to determine, with so many days on which the term stood still; None before the claim was sent."""
    if claim.term_from is None:
        return None
    return terms.decide_by(claim.term_from, claim.voucher.application.rule_set.determine_weeks, suspended_days)


def evidence_behind(
    claim: Claim, amount: Decimal, computed: Decimal, judgements: Mapping[str, Mapping[str, Any]]
) -> list[Reason]:
    """Why this amount in euros does not rest on what was seen of the claim; asked of the assessor and of the decider alike."""
    evidence = evidence_of(
        claim.findings,
        judgements,
        confirmed=claim.voucher.is_confirmed,
        proof_missing=claim.needs_proof and not claim.has_proof,
    )
    return evidence_reasons(amount, computed, evidence)


def last_determination(claim: Claim) -> Decision | None:
    """The latest determination of this claim; of a claim that was opened again, the one that is being revised."""
    found = Decision.objects.filter(subject=claim.reference(), kind=DecisionKind.DETERMINATION)
    return found.order_by("-pk").first()


def follows_objection(claim: Claim) -> bool:
    """Whether the amount that lies here was given by an objection that was upheld in whole, by who decided that objection.

    Then that decision has weighed the evidence. Once an assessor advises anew the usual conditions hold again.
    """
    return Objection.objects.filter(
        decision=last_determination(claim), state=ObjectionState.UPHELD, decided_by=claim.advised_by_id
    ).exists()


def in_the_way(claim: Claim, by: User) -> list[Reason]:
    """Why this person cannot take the next step, to be told before it is tried; locks nothing."""
    if claim.state in WITH_THE_ASSESSOR and by.holds(Role.ASSESSOR):
        return objections(claim, by, HandRole.ASSESSOR) + assessed_before(claim, by) + asked_term_reasons(claim)
    if claim.state == ClaimState.ADVISED and by.holds(Role.DECIDER):
        return objections(claim, by, HandRole.DECIDER) + own_advice(claim, by)
    return []


def open_steps(claim: Claim, by: User) -> set[str]:
    """The verbs this person may do on the claim as it stands, a notice of intent included; none while something is in the way.

    Who proposed the amount may do everything but decide on it.
    """
    if any(reason.code != ClaimReason.OWN_ADVICE for reason in in_the_way(claim, by)):
        return set()
    verbs = {verb for source, verb, _target in transitions_of(Claim) if source == claim.state}
    if claim.state == ClaimState.ADVISED and claim.advised_ground:
        verbs.add("intend")
    if own_advice(claim, by):
        verbs.discard("determine")
    return {verb for verb in verbs if claim.may(verb, by)}
