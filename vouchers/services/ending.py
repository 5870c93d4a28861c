"""How a voucher ends: settled, cancelled, lapsed, revoked; and how it comes back (DESIGN 3, 4.11).

Lock order in every verb that moves money: budgets, then the voucher (docs/locking.md).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from core.actors import SystemActor
from core.money import ZERO
from core.reasons import Reason
from core.workflow import perform, unit
from providers.models import Package
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import (
    DETERMINED_CLAIM,
    FINAL_CLAIM,
    OPEN_CLAIM,
    ClaimState,
    DecisionKind,
    LowerGround,
    VoucherState,
)
from vouchers.models import Voucher
from vouchers.rules import terms
from vouchers.rules.voucher import ReminderTerms, last_call_until
from vouchers.services import budget
from vouchers.services.arithmetic import spoken_for
from vouchers.services.submission import advance_waiting_list
from vouchers.services.trial import reasons_against
from vouchers.services.voucher import locked, notice_reasons, tell_sme
from vouchers.services.written import write_decision

MACHINE = SystemActor("vouchers")
"""Who settles a voucher whose claims are all final: the machine itself, as a consequence of a person's act."""


@unit
def cancel_voucher(*, by: User, voucher: Voucher) -> Voucher:
    """The business does not want the voucher any more; its money is free again. Wants no claim at all."""
    voucher, _budgets = budget.open_with_budgets(voucher, "cancel", by)
    held = voucher.held
    voucher = perform(
        voucher, "cancel", by=by, facts={"released": held}, rule=lambda _facts: _unless_unused(voucher), at=clock.now()
    )
    _release(MACHINE, voucher, held, "cancel")
    return voucher


@unit
def revoke_voucher(*, by: User, voucher: Voucher, ground: LowerGround, explanation: str) -> Voucher:
    """The authority takes the award back (Awb 4:48), after a notice of intent that was answered or whose term ended.

    Raises Refused with every reason; wants no claim that is open or decided.
    """
    voucher, _budgets = budget.open_with_budgets(voucher, "revoke", by)
    held = voucher.held
    rules = voucher.application.rule_set

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = _unless_unused(voucher) + notice_reasons(voucher, DecisionKind.REVOCATION)
        return reasons if explanation.strip() else [*reasons, Reason(ClaimReason.REASON_NEEDED)]

    voucher = perform(
        voucher,
        "revoke",
        by=by,
        facts={"released": held},
        rule=rule,
        private={"explanation": explanation},
        at=clock.now(),
        objection_until=terms.objection_until(clock.today(), rules.objection_weeks),
        ground=ground,
    )
    _release(by, voucher, held, "revoke")
    write_decision(
        kind=DecisionKind.REVOCATION,
        subject=voucher,
        by=by,
        amount=ZERO,
        legal_ground="Awb 4:48",
        explanation=explanation,
        inputs={"ground": ground, "amount": voucher.amount},
        objection_until=voucher.objection_until,
    )
    tell_sme(voucher, "emails/vouchers/voucher_revoked", explanation=explanation)
    return voucher


@unit
def lapse_voucher(*, by: SystemActor, voucher: Voucher) -> Voucher:
    """Nobody used it in time, also not after the last call: a determination at nil (Awb 4:47), open to objection."""
    current, _budgets = budget.open_with_budgets(voucher, "lapse", by)
    held, rules = current.held, current.application.rule_set

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = _unless_unused(current)
        if current.last_call_until is None or clock.today() <= current.last_call_until:
            reasons.append(Reason(ClaimReason.NOTICE_RUNNING, {"until": current.last_call_until}))
        return reasons

    voucher = perform(
        current,
        "lapse",
        by=by,
        facts={"released": held},
        rule=rule,
        at=clock.now(),
        objection_until=terms.objection_until(clock.today(), rules.objection_weeks),
    )
    _release(by, voucher, held, "lapse")
    write_decision(
        kind=DecisionKind.LAPSE,
        subject=voucher,
        by=by,
        amount=ZERO,
        legal_ground="Awb 4:47",
        inputs={"amount": voucher.amount, "last_call_until": voucher.last_call_until},
        objection_until=voucher.objection_until,
    )
    tell_sme(voucher, "emails/vouchers/voucher_lapsed")
    return voucher


@unit
def reinstate_voucher(*, by: User, voucher: Voucher, why: str) -> Voucher:
    """An objection was right: the voucher is back, with a fresh last term. Raises Refused when the budget has no room."""
    voucher, _budgets = budget.open_with_budgets(voucher, "reinstate", by)
    voucher = perform(
        voucher,
        "reinstate",
        by=by,
        rule=lambda _facts: [] if why.strip() else [Reason(ClaimReason.REASON_NEEDED)],
        private={"why": why},
        last_call_until=last_call_until(clock.today(), ReminderTerms()),
        at=clock.now(),
    )
    ref = f"{voucher.reference()}:reinstate:{clock.now().isoformat()}"
    budget.recommit(by=by, application=voucher.application, amount=voucher.amount, ref=ref)
    return voucher


@unit
def replace_provider(*, by: User, voucher: Voucher, package: Package, why: str) -> Voucher:
    """Another provider does the work, when the first no longer can: same category, visible, not dearer, nothing ordered.

    The amount of the voucher never changes by it. Raises Refused with every reason.
    """

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        current = locked(voucher)
        solution = package.solution
        price = package.price_on(clock.today())
        reasons = []
        if current.ordered_on is not None:
            reasons.append(Reason(ClaimReason.ALREADY_ORDERED))
        same_kind = solution.category_id == current.solution.category_id
        if not (same_kind and solution.is_visible(clock.today()) and price):
            reasons.append(Reason(ClaimReason.PROVIDER_NOT_VISIBLE))
        elif price.first_year * current.line.quantity > current.eligible:
            reasons.append(Reason(ClaimReason.PRICE_HIGHER))
        if solution.pk != current.solution_id:
            reasons += reasons_against(solution, clock.today())
        if not why.strip():
            reasons.append(Reason(ClaimReason.REASON_NEEDED))
        return reasons

    return perform(
        voucher,
        "replace_provider",
        by=by,
        facts=lambda current: {"from": current.package_id},
        rule=rule,
        private={"why": why},
        provider=package.solution.provider,
        solution=package.solution,
        package=package,
    )


@unit
def settle_when_final(*, voucher: Voucher) -> Voucher:
    """Settles the voucher once the last claim on it is final and no other is open. What the claims left over was released
    when the last one was determined.

    Called after every step that ends a claim, within its unit and after the budget lock. Does nothing when it is not time.
    """
    voucher = locked(voucher)
    claims = list(voucher.claims.values_list("state", "is_last"))
    ended = [state for state, is_last in claims if is_last and state in {ClaimState.PAID, ClaimState.CLOSED}]
    if voucher.state != VoucherState.ISSUED or not ended or any(state not in FINAL_CLAIM for state, _last in claims):
        return voucher
    return perform(voucher, "settle", by=MACHINE, at=clock.now())


@unit
def settle_unclaimed_rest(*, by: SystemActor, voucher: Voucher) -> Voucher:
    """The term to claim is over and something was paid, but no claim was said to be the last: what is left is released."""
    current, _budgets = budget.open_with_budgets(voucher, "settle", by)
    needed = spoken_for(current.claims.filter(state__in=DETERMINED_CLAIM))
    rest = current.held - needed

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        states = list(voucher.claims.values_list("state", flat=True))
        if any(state not in FINAL_CLAIM for state in states):
            return [Reason(ClaimReason.CLAIM_OPEN)]
        if not any(state in {ClaimState.PAID, ClaimState.CLOSED} for state in states):
            return [Reason(ClaimReason.CLAIM_MISSING)]
        return []

    voucher = perform(voucher, "settle", by=by, facts={"released": rest}, rule=rule, at=clock.now())
    voucher.held = needed
    voucher.save()
    _release(by, voucher, rest, "rest")
    return voucher


@unit
def close_voucher(*, by: SystemActor, voucher: Voucher) -> Voucher:
    """Nothing more is expected of a settled voucher."""
    return perform(voucher, "close", by=by)


@unit
def reopen_voucher(*, by: User, voucher: Voucher, why: str) -> Voucher:
    """Something of a closed voucher has to be looked at again."""
    rule = lambda _facts: [] if why.strip() else [Reason(ClaimReason.REASON_NEEDED)]  # noqa: E731 - one line, one use
    return perform(voucher, "reopen", by=by, rule=rule, private={"why": why})


def _unless_unused(voucher: Voucher) -> list[Reason]:
    states = set(voucher.claims.values_list("state", flat=True))
    return [Reason(ClaimReason.CLAIM_OPEN)] if states & {*OPEN_CLAIM, *DETERMINED_CLAIM} else []


def _release(by: Any, voucher: Voucher, amount: Decimal, event: str) -> None:
    if amount:
        ref = f"{voucher.reference()}:{event}:{voucher.ended_at.isoformat()}"
        budget.release_award(by=by, application=voucher.application, amount=amount, ref=ref)
        advance_waiting_list(programme=voucher.application.programme)
