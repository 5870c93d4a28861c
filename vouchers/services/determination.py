"""What the authority does with a claim: check, advise, determine, withhold, revise (DESIGN 4.12).

Lock order in every verb that moves money: budgets, then the claim, then its voucher (docs/locking.md). The assessor and the
decider are two people on the claim's own file, and who assessed the application does not assess a claim under it (4.8).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.services import verify_bank_account
from core import clock
from core.canonical import content_hash
from core.enums import HandRole
from core.hands import ask
from core.reasons import Reason, Refused
from core.terms import add_weeks, shift_to_workday
from core.workflow import perform, record, unit
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import OPEN_CLAIM, CheckCode, ClaimState, DecisionKind, LowerGround
from vouchers.models import Claim, Decision, NoticeOfIntent
from vouchers.rules import terms
from vouchers.rules.claim import Determined, lowering_reasons
from vouchers.services import budget
from vouchers.services.arithmetic import amounts_of, compute
from vouchers.services.conditions import (
    asked_term_reasons,
    assessed_before,
    determine_by,
    evidence_behind,
    follows_objection,
    last_determination,
    own_advice,
)
from vouchers.services.ending import MACHINE, hold_what_is_needed, settle_when_final
from vouchers.services.notices import announce, drop_notices, notice_reasons, respond
from vouchers.services.voucher import tell_sme
from vouchers.services.written import write_decision

WITHHOLD_WEEKS = 13
"""How long a payment may be withheld on a serious suspicion (Awb 4:56)."""


# --- the assessor --------------------------------------------------------------------------------------------------------


@unit
def take_up_claim(*, by: User, claim: Claim) -> Claim:
    """An assessor takes the claim from the queue. Refused for who assessed the application, or is linked to a party."""
    return perform(
        claim,
        "take_up",
        by=by,
        rule=lambda _facts: ask(claim, by, HandRole.ASSESSOR)[0] + assessed_before(claim, by),
        assessor=by,
    )


@unit
def ask_more_claim(*, by: User, claim: Claim, question: str) -> Claim:
    """Asks the business for something; the term stands still. For the sample it has eight weeks, otherwise two."""
    rules = claim.voucher.application.rule_set
    weeks = rules.evidence_weeks if claim.needs_proof and not claim.has_proof else rules.complete_weeks
    claim = perform(
        claim,
        "ask_more",
        by=by,
        rule=lambda _facts: (
            assessed_before(claim, by) + ([] if question.strip() else [Reason(ClaimReason.REASON_NEEDED)])
        ),
        private={"question": question},
        at=clock.now(),
        answer_by=terms.answer_by(clock.today(), weeks),
    )
    claim.question = question.strip()
    claim.save()
    tell_sme(claim.voucher, "emails/vouchers/claim_question", claim=claim)
    return claim


@unit
def advise_claim(
    *,
    by: User,
    claim: Claim,
    text: str,
    amount: Decimal | None = None,
    ground: LowerGround | None = None,
    judgements: Mapping[str, tuple[bool, str]] | None = None,
) -> Claim:
    """Advises an amount: what the arithmetic gives, or less on a ground. Lays the assessor's hand on the claim's file.

    `judgements` holds, per check that did not pass, whether it is accepted and why. Raises Refused with every reason:
    a check nobody judged, a check not accepted while the full amount is advised, an order or delivery that the provider
    did not confirm, proof missing for the sample or a flag, an amount above the arithmetic, a question that can still be
    answered. Accepting the check on the account verifies the account, once: from then on money may go there.
    """
    claim = budget.open_case(claim, "advise", by)
    computed = compute(claim).amount
    advised = computed if amount is None else amount
    given = {code: {"accepted": accepted, "note": note} for code, (accepted, note) in (judgements or {}).items()}
    suspended = claim.suspended_days + claim.unanswered_days(clock.today())

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        return [
            *assessed_before(claim, by),
            *asked_term_reasons(claim),
            *lowering_reasons(advised, computed, ground=ground, explanation=text),
            *evidence_behind(claim, advised, computed, given),
        ]

    claim = record(
        claim, "judge", by=by, facts={"accepted": {code: judged["accepted"] for code, judged in given.items()}}
    )
    if claim.state in {ClaimState.IN_REVIEW, ClaimState.MORE_INFORMATION}:
        claim.judgements, claim.advice = given, text.strip()
        claim.save()
    claim = perform(
        claim,
        "advise",
        by=by,
        facts={"computed": computed},
        rule=rule,
        private={"text": text},
        at=clock.now(),
        adviser=by,
        amount=advised,
        ground=(ground or "") if advised < computed else "",
        suspended_days=suspended,
        determine_by=determine_by(claim, suspended),
    )
    seen = given.get(CheckCode.IBAN.value, {}).get("accepted")
    if seen and claim.bank_account and claim.bank_account.verified_at is None:
        verify_bank_account(by=by, account=claim.bank_account)
    return claim


# --- the decider -----------------------------------------------------------------------------------------------------------


@unit
def return_claim(*, by: User, claim: Claim, why: str) -> Claim:
    """The decider sends the claim back to the assessor with a remark. What was announced on the advice is not meant any more."""
    claim = perform(claim, "return_to_assessor", by=by, rule=lambda _facts: _words(why), private={"why": why})
    claim.returned_why = why.strip()
    claim.save()
    drop_notices(claim, DecisionKind.DETERMINATION)
    return claim


@unit
def send_claim_notice(*, by: User, claim: Claim, text: str) -> NoticeOfIntent:
    """Tells the business that the lower amount of the advice is intended, so that it can respond within two weeks (Awb 4:8).

    Raises Refused when no lower amount was advised.
    """
    claim = budget.open_case(claim, "intend", by)
    if claim.state != ClaimState.ADVISED or not claim.advised_ground:
        raise Refused(Reason(ClaimReason.NO_LOWER_ADVICE))
    return announce(
        by=by,
        subject=claim,
        kind=DecisionKind.DETERMINATION,
        grounds=[LowerGround(claim.advised_ground)],
        amount=claim.advised_amount,
        text=text,
    )


@unit
def answer_claim_notice(*, by: User, claim: Claim, text: str) -> NoticeOfIntent:
    """The business responds to the notice. Raises Refused when there is none that is open."""
    return respond(by=by, subject=claim, kind=DecisionKind.DETERMINATION, text=text)


@unit
def determine(
    *,
    by: User,
    claim: Claim,
    amount: Decimal | None = None,
    ground: LowerGround | None = None,
    explanation: str = "",
) -> Claim:
    """Decides what the claim comes to (Awb 4:42, 4:46): the advised amount unless a lower one is given.

    min(award, floor(rate x min(eligible, invoices))) less earlier claims. What the voucher no longer needs goes back to the
    budget in the same transaction; an amount of nothing closes the claim. The account is frozen and the decision written.
    Raises Refused with every reason: a second role on the file, an amount one proposed oneself or that is above the advice, a
    change since the advice, an amount that does not rest on what was seen, a lower amount without ground, explanation and a
    notice of intent that announced it and was answered or has run out.
    """
    claim, _budgets = budget.open_with_budgets(claim, "determine", by)
    found = compute(claim)
    decided = claim.advised_amount if amount is None else amount
    decided = found.amount if decided is None else decided
    ground = ground or LowerGround(claim.advised_ground) if ground or claim.advised_ground else None
    explanation = explanation.strip() or claim.advice
    rules = claim.voucher.application.rule_set

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = lowering_reasons(decided, found.amount, ground=ground, explanation=explanation)
        if decided < found.amount:
            grounds = [ground] if ground else []
            reasons += notice_reasons(claim, DecisionKind.DETERMINATION, grounds=grounds, amount=decided)
        elif claim.advised_amount is not None and found.amount == decided > claim.advised_amount:
            reasons.append(Reason(ClaimReason.ABOVE_ADVICE, {"amount": claim.advised_amount}))
        reasons += own_advice(claim, by)
        if not follows_objection(claim):
            reasons += evidence_behind(claim, decided, found.amount, claim.judgements)
        if claim.fingerprint() != claim.advised_sha256:
            reasons.append(Reason(ClaimReason.CHANGED_SINCE_ADVICE))
        return reasons

    claim = perform(
        claim,
        "determine",
        by=by,
        facts={"content": claim.advised_sha256},
        rule=rule,
        at=clock.now(),
        amount=decided,
        computed=found.amount,
        ground=ground if ground and decided < found.amount else "",
        pay_by=shift_to_workday(add_weeks(clock.today(), rules.pay_weeks)),
    )
    claim.explanation = explanation if decided < found.amount else ""
    claim.decision = _write(claim, by, found)
    claim.save()
    drop_notices(claim, DecisionKind.DETERMINATION)
    claim.voucher = hold_what_is_needed(claim, by, event=claim.decision_id)
    if not claim.payable_amount:
        claim = perform(claim, "settle_at_nil", by=MACHINE, at=clock.now())
        settle_when_final(voucher=claim.voucher)
    tell_sme(claim.voucher, "emails/vouchers/claim_determined", claim=claim)
    return claim


@unit
def withhold_claim(*, by: Any, claim: Claim, why: str) -> Claim:
    """Suspends the payment on a serious suspicion, 13 weeks at most (Awb 4:56). The business is told why.

    Done by a decider, or by the machine that asks again before a payment (DESIGN 4.9).
    """
    until = add_weeks(clock.today(), WITHHOLD_WEEKS)
    claim = perform(
        claim, "withhold", by=by, rule=lambda _facts: _words(why), private={"why": why}, at=clock.now(), until=until
    )
    claim.withheld_why = why.strip()
    claim.save()
    tell_sme(claim.voucher, "emails/vouchers/claim_withheld", claim=claim)
    return claim


@unit
def release_claim(*, by: Any, claim: Claim) -> Claim:
    """The suspicion is gone, or 13 weeks are over: the claim may be paid. Refused for who has another hand on the file."""
    return perform(claim, "release", by=by, at=clock.now())


@unit
def settle_claim_at_nil(*, by: User, claim: Claim) -> Claim:
    """Closes a determined claim on which nothing is left to pay."""
    claim, _budgets = budget.open_with_budgets(claim, "settle_at_nil", by)
    left = claim.payable_amount

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        return [Reason(ClaimReason.SOMETHING_TO_PAY, {"amount": left})] if left else []

    claim = perform(claim, "settle_at_nil", by=by, rule=rule, at=clock.now())
    settle_when_final(voucher=claim.voucher)
    return claim


@unit
def revise_claim(*, by: User, claim: Claim, amount: Decimal, why: str, ground: LowerGround | None = None) -> Claim:
    """Opens a determined claim again, with the amount it should be determined at (an objection upheld, or Awb 4:49).

    Lays a decider's hand; who revised does not determine. That follows the usual way, in a term of its own; what was paid stays
    paid, and only the difference is paid or asked back. While a payment is on its way it is refused: that money cannot be
    called back, and it has to find the claim it was sent for.
    """
    claim, _budgets = budget.open_with_budgets(claim, "revise", by)
    computed = compute(claim).amount

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = _words(why) + lowering_reasons(amount, computed, ground=ground, explanation=why)
        if claim.voucher.claims.exclude(pk=claim.pk).filter(state__in=OPEN_CLAIM).exists():
            reasons.append(Reason(ClaimReason.CLAIM_OPEN))
        if claim.sent_payout_ref:
            reasons.append(Reason(ClaimReason.PAYMENT_SENT))
        return reasons

    return perform(
        claim,
        "revise",
        by=by,
        rule=rule,
        private={"why": why},
        at=clock.now(),
        reviser=by,
        amount=amount,
        ground=(ground or "") if amount < computed else "",
        term_from=clock.today(),
        determine_by=terms.decide_by(clock.today(), claim.voucher.application.rule_set.determine_weeks),
    )


def _write(claim: Claim, by: User, found: Determined) -> Decision:
    voucher = claim.voucher
    rules = voucher.application.rule_set
    ground = LowerGround(claim.ground) if claim.ground else None
    legal = "Awb 4:46" if ground else "Awb 4:42"
    before = last_determination(claim)
    if before and claim.determined_amount < before.amount:
        legal = "Awb 4:49"
    return write_decision(
        kind=DecisionKind.DETERMINATION,
        subject=claim,
        by=by,
        amount=claim.determined_amount,
        legal_ground=legal,
        reasons=[Reason(ground, ground=legal)] if ground else [],
        objection_until=terms.objection_until(clock.today(), rules.objection_weeks),
        inputs={
            **amounts_of(claim),
            "computed": found.amount,
            "ground": claim.ground,
            "content": claim.advised_sha256,
            "account": content_hash([claim.iban, claim.holder]),
        },
        arithmetic=found.arithmetic,
        explanation=claim.explanation,
        assessed_by=claim.advised_by,
    )


def _words(text: str) -> list[Reason]:
    return [] if text.strip() else [Reason(ClaimReason.REASON_NEEDED)]
