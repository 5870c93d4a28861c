"""How a voucher ends: settled, cancelled, lapsed, revoked; and how it comes back (DESIGN 3, 4.11).

Lock order in every verb that moves money: budgets, then the voucher (docs/locking.md).
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from core.actors import SystemActor
from core.money import ZERO
from core.reasons import Reason
from core.workflow import perform, record, unit
from providers.models import Package
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import (
    DETERMINED_CLAIM,
    FINAL_CLAIM,
    OPEN_CLAIM,
    ClaimState,
    DecisionKind,
    RevocationGround,
    VoucherState,
)
from vouchers.models import Claim, Voucher
from vouchers.reasons import ApplicationReason
from vouchers.rules import terms
from vouchers.rules.voucher import last_call_reasons, last_call_until
from vouchers.services import budget
from vouchers.services.application import approved_price
from vouchers.services.arithmetic import spoken_for
from vouchers.services.facts import against_package
from vouchers.services.notices import LEGAL_GROUND, drop_notices, notice_reasons
from vouchers.services.submission import advance_waiting_list
from vouchers.services.trial import lock_trials
from vouchers.services.voucher import locked, tell_sme
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
def revoke_voucher(*, by: User, voucher: Voucher, ground: RevocationGround, explanation: str) -> Voucher:
    """The authority takes the award back (Awb 4:48), after a notice of intent on this ground that was answered or ran out.

    Raises Refused with every reason; wants no claim that is open or decided: after a determination it is that which is lowered
    (`revise_claim`, Awb 4:49).
    """
    voucher, _budgets = budget.open_with_budgets(voucher, "revoke", by)
    held = voucher.held
    rules = voucher.application.rule_set

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = _unless_unused(voucher) + notice_reasons(voucher, DecisionKind.REVOCATION, grounds=[ground])
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
    drop_notices(voucher, DecisionKind.REVOCATION)
    legal_ground = LEGAL_GROUND[DecisionKind.REVOCATION]
    write_decision(
        kind=DecisionKind.REVOCATION,
        subject=voucher,
        by=by,
        amount=ZERO,
        legal_ground=legal_ground,
        reasons=[Reason(ground, ground=legal_ground)],
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
        return _unless_unused(current) + last_call_reasons(current.dates, today=clock.today())

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
    """An objection was right: the voucher is back, or the rest of it, with a fresh last term.

    Raises Refused when the budget has no room, or when nothing of a settled voucher was taken back.
    """
    voucher, _budgets = budget.open_with_budgets(voucher, "reinstate", by)
    taken = voucher.amount - voucher.held
    nothing_taken = voucher.state == VoucherState.SETTLED and voucher.objection_until is None

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = [] if why.strip() else [Reason(ClaimReason.REASON_NEEDED)]
        return [*reasons, Reason(ClaimReason.NOTHING_TAKEN)] if nothing_taken else reasons

    voucher = perform(
        voucher,
        "reinstate",
        by=by,
        rule=rule,
        private={"why": why},
        last_call_until=last_call_until(clock.today(), voucher.application.rule_set.reminder_terms()),
        at=clock.now(),
    )
    ref = f"{voucher.reference()}:reinstate:{clock.now().isoformat()}"
    budget.recommit(by=by, application=voucher.application, amount=taken, ref=ref)
    return voucher


@unit
def replace_provider(
    *, by: User, voucher: Voucher, package: Package, why: str, accepted: Collection[str] = ()
) -> Voucher:
    """Another provider does the work, when the first no longer can: same category, not dearer, nothing ordered.

    The solution and its supplier have to meet the conditions an application would have to meet today; what asks for a person's
    judgement there is the assessor's to judge here, by naming it in `accepted`. The amount of the voucher never changes by it.
    Raises Refused with every reason.
    """

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        current, today = locked(voucher), clock.today()
        lock_trials([package.solution_id])
        package.refresh_from_db(fields=["solution"])  # what was read before the lock decides nothing
        solution, quantity = package.solution, current.line.quantity
        price = approved_price(package, quantity, today)
        reasons = []
        if current.ordered_on is not None:
            reasons.append(Reason(ClaimReason.ALREADY_ORDERED))
        same_kind = solution.category_id == current.solution.category_id
        if not (
            same_kind and solution.is_visible(today) and price is not None and package in solution.packages_on(today)
        ):
            reasons.append(Reason(ClaimReason.PROVIDER_NOT_VISIBLE))
        elif price > current.eligible:
            reasons.append(Reason(ClaimReason.PRICE_HIGHER))
        if quantity > package.max_quantity:
            reasons.append(Reason(ApplicationReason.QUANTITY_CAP, {"limit": package.max_quantity}))
        if solution.pk != current.solution_id:
            reasons += against_package(current.application, package, today, accepted)
        if not why.strip():
            reasons.append(Reason(ClaimReason.REASON_NEEDED))
        return reasons

    return perform(
        voucher,
        "replace_provider",
        by=by,
        facts=lambda current: {"from": current.package_id, "accepted": sorted(accepted)},
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
    """The term to claim is over, also the last call, and no claim was said to be the last: what is left is taken back.

    That is a determination of the rest at nil (Awb 4:47), open to objection. Where nothing is left nothing is decided.
    """
    current, _budgets = budget.open_with_budgets(voucher, "settle", by)
    rest = unclaimed_rest(current)
    needed = current.held - rest
    rules = current.application.rule_set
    until = terms.objection_until(clock.today(), rules.objection_weeks) if rest else None

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        states = list(current.claims.values_list("state", flat=True))
        reasons = last_call_reasons(current.dates, today=clock.today()) if rest else []
        if any(state not in FINAL_CLAIM for state in states):
            reasons.append(Reason(ClaimReason.CLAIM_OPEN))
        elif not any(state in {ClaimState.PAID, ClaimState.CLOSED} for state in states):
            reasons.append(Reason(ClaimReason.CLAIM_MISSING))
        return reasons

    voucher = perform(
        current, "settle", by=by, facts={"released": rest}, rule=rule, at=clock.now(), objection_until=until
    )
    if not rest:
        return voucher
    voucher.held = needed
    voucher.save()
    _release(by, voucher, rest, "rest")
    write_decision(
        kind=DecisionKind.REMAINDER,
        subject=voucher,
        by=by,
        amount=ZERO,
        legal_ground="Awb 4:47",
        inputs={"amount": voucher.amount, "claimed": needed, "rest": rest, "last_call_until": voucher.last_call_until},
        objection_until=until,
    )
    tell_sme(voucher, "emails/vouchers/voucher_rest_ended", rest=rest)
    return voucher


def unclaimed_rest(voucher: Voucher) -> Decimal:
    """Euros the budget still keeps for this voucher that no decided claim speaks for."""
    return voucher.held - spoken_for(voucher.claims.filter(state__in=DETERMINED_CLAIM))


def hold_what_is_needed(claim: Claim, by: Any, *, event: Any) -> Voucher:
    """Gives back what the voucher of a determined claim no longer needs, or takes it again after a revision.

    A voucher needs its whole amount until its last claim is determined or it was settled otherwise; then what its claims speak
    for. Called within the unit that changed the claim, after the budget lock; `event` makes the booking happen once. Returns
    the voucher.
    """
    voucher = locked(claim.voucher)
    decided = voucher.claims.filter(state__in=DETERMINED_CLAIM)
    all_claimed = voucher.state != VoucherState.ISSUED or decided.filter(is_last=True).exists()
    needed = spoken_for(decided) if all_claimed else voucher.amount
    difference = needed - voucher.held
    if not difference:
        return voucher
    act = budget.recommit if difference > 0 else budget.release_award
    act(by=by, application=voucher.application, amount=abs(difference), ref=f"{claim.reference()}:{event}")
    voucher = record(voucher, "hold", by=MACHINE, facts={"held": needed, "was": voucher.held, "claim": claim.number})
    voucher.held = needed
    voucher.save()
    if difference < 0:
        advance_waiting_list(programme=voucher.application.programme)
    return voucher


@unit
def close_voucher(*, by: SystemActor, voucher: Voucher) -> Voucher:
    """Nothing more is expected of a settled voucher, nor of its claims that were paid."""
    voucher = perform(voucher, "close", by=by)
    for claim in voucher.claims.filter(state=ClaimState.PAID).order_by("pk"):
        perform(claim, "close", by=by, at=clock.now())
    return voucher


@unit
def reopen_voucher(*, by: Any, voucher: Voucher, why: str) -> Voucher:
    """Something of a closed voucher has to be looked at again: after an objection, or because a payment came back."""
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
