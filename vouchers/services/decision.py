"""What a decider does: award, refuse, dismiss, put on the waiting list. Every decision can be replayed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from core.canonical import plain
from core.money import ZERO
from core.reasons import Reason
from core.workflow import NotAuthorised, perform, unit
from vouchers.enums import ApplicationState, DecisionKind
from vouchers.models import Application, Budget, Decision, Objection
from vouchers.reasons import GROUND_OF_REFUSAL, AmountReason, ApplicationReason, RefusalGround
from vouchers.rules import terms
from vouchers.rules.amount import AwardTerms, award_for, split_award
from vouchers.rules.eligibility import RULES_VERSION, Conditions, Moment, judge
from vouchers.rules.facts import Facts
from vouchers.services.application import tell
from vouchers.services.assessment import in_the_way, look_again
from vouchers.services.budget import budgets_of, commit, left_in, open_case, open_with_budgets
from vouchers.services.facts import Entitlement, conditions_of, entitlement, facts_of
from vouchers.services.intent import intent_reasons
from vouchers.services.submission import advance_waiting_list, pass_on
from vouchers.services.trial import lock_trials
from vouchers.services.undertaking import lock_undertaking
from vouchers.services.voucher import issue_vouchers
from vouchers.services.written import write_decision


@unit
def award(*, by: User, application: Application, explanation: str = "") -> Decision:
    """Awards what the rule gives for the assessed cost, out of the ceiling, and issues the vouchers, all or nothing.

    The reservation becomes an award, and what was set aside too much goes to the next. Raises Refused with every reason: a
    rule in the way, an advice about something else, a ceiling that does not fit it, the same person as the assessor, an
    amount that asks for two deciders. What a solution on trial has left, and what the undertaking was awarded elsewhere, is
    counted while nobody else can add to it.
    """
    if not application.may("award", by):
        raise NotAuthorised("award")
    budgets = budgets_of(application)
    lock_undertaking(application)
    application = open_case(application, "award", by)
    lock_trials(application.lines.values_list("package__solution", flat=True))
    content = application.content()
    advised = application.state == ApplicationState.ADVISED
    facts = look_again(application) if advised else facts_of(application, clock.today())
    entitled, short = _within_ceiling(application, budgets)
    inputs = _inputs(application, entitled, facts, content)

    def rule(_facts: Any) -> list[Reason]:
        reasons = _ruled_before(application, by)
        reasons += [] if content == application.advice_hash else [Reason(ApplicationReason.ADVICE_CHANGED)]
        reasons += in_the_way(application) + short
        if not entitled.award.award:
            reasons += [*entitled.award.reasons, Reason(ApplicationReason.AWARD_ZERO)]
        return reasons + _second_decider(application, entitled.award.award)

    held, amount, remaining = application.held, entitled.award.award, left_in(budgets)
    told = {"eligible": entitled.award.eligible, "released": held - amount, "remaining": remaining}
    application = perform(application, "award", by=by, facts=told, rule=rule, at=clock.now(), amount=amount)
    commit(by=by, application=application, budgets=budgets, held=held, amount=amount)
    lines = list(application.lines.order_by("pk"))
    for line, part in zip(lines, split_award(amount, [line.eligible_now for line in lines]), strict=True):
        line.awarded = part
        line.save(update_fields=["awarded"])
    decision = _write(
        by,
        DecisionKind.AWARD,
        application,
        reasons=list(entitled.award.reasons),
        legal_ground="Awb 4:29",
        explanation=explanation,
        inputs=inputs,
        amount=amount,
        remaining=remaining,
    )
    issue_vouchers(by=by, application=application, decision=decision)
    if held > amount:
        advance_waiting_list(programme=application.programme)
    tell(application, "application_awarded", decision=decision)
    return decision


def _second_decider(application: Application, amount: Decimal) -> list[Reason]:
    """Above a threshold a programme may ask for two deciders (DESIGN 4.8). Nobody can be the second yet: so it is refused."""
    limit = application.rule_set.second_decider_above
    if limit is None or amount <= limit:
        return []
    return [Reason(ApplicationReason.SECOND_DECIDER, {"limit": limit, "amount": amount})]


def _within_ceiling(application: Application, budgets: list[Budget]) -> tuple[Entitlement, list[Reason]]:
    """What is due, and why the ceiling does not fit it if it does not. Its own reservation is its own room."""
    today = clock.today()
    entitled = entitlement(application, today)
    room = left_in(budgets) + application.held
    if entitled.award.award <= room:
        return entitled, []
    if application.rule_set.partial_grant and room >= application.rule_set.minimum:
        return entitlement(application, today, ceiling_left=room), []
    params = {"left": room, "amount": entitled.award.award}
    return entitled, [Reason(AmountReason.CEILING_LEFT, params, ground="Awb 4:25")]


@unit
def refuse(*, by: User, application: Application, grounds: Sequence[RefusalGround], explanation: str = "") -> Decision:
    """Refuses an application on at least one ground; what was set aside goes to the next.

    A ground the applicant can dispute needs a notice of intent that was answered or whose term has ended. The ceiling is a
    ground only once the programme is closed and does not fit it, and from the waiting list it is the only one (DESIGN 4.10).
    """
    application, budgets = open_with_budgets(application, "refuse", by)
    grounds = [RefusalGround(ground) for ground in dict.fromkeys(grounds)]

    def rule(_facts: Any) -> list[Reason]:
        if not grounds:
            return [Reason(ApplicationReason.REASON_NEEDED)]
        if application.state == ApplicationState.WAITING_LIST:
            return _refusable_while_waiting(application, grounds)
        heard = intent_reasons(application, grounds)
        return _ruled_before(application, by) + heard + _room(application, budgets, grounds)

    entitled = entitlement(application, clock.today())
    inputs, remaining = _inputs(application, entitled), left_in(budgets)
    facts = {"grounds": grounds, "remaining": remaining}
    application = _end(application, "refuse", by, budgets, facts, rule)
    decision = _write(
        by,
        DecisionKind.REFUSAL,
        application,
        reasons=[Reason(ground, ground=GROUND_OF_REFUSAL[ground]) for ground in grounds],
        legal_ground=", ".join(sorted({GROUND_OF_REFUSAL[ground] for ground in grounds})),
        explanation=explanation,
        inputs=inputs,
        amount=ZERO,
        remaining=remaining,
    )
    tell(application, "application_refused", decision=decision)
    return decision


def _room(application: Application, budgets: list[Budget], grounds: Sequence[RefusalGround]) -> list[Reason]:
    """Why the ceiling is no ground: who asks while there is a fund waits for its money."""
    if RefusalGround.CEILING not in grounds:
        return []
    _entitled, short = _within_ceiling(application, budgets)
    closed = not application.programme.is_open(clock.today())
    return [] if closed and short else [Reason(ApplicationReason.CEILING_NO_GROUND, ground="Awb 4:25")]


def _ruled_before(application: Application, by: User) -> list[Reason]:
    """Who ruled on an objection and so opened the application again, does not decide it a second time."""
    ruled = Objection.objects.filter(decision__application=application, decided_by=by).exists()
    return [Reason(ApplicationReason.RULED_BEFORE)] if ruled else []


def _refusable_while_waiting(application: Application, grounds: Sequence[RefusalGround]) -> list[Reason]:
    if application.held:
        return [Reason(ApplicationReason.HAS_RESERVATION)]
    closed = not application.programme.is_open(clock.today())
    return [] if closed and list(grounds) == [RefusalGround.CEILING] else [Reason(ApplicationReason.STILL_WAITING)]


@unit
def dismiss(*, by: User, application: Application, explanation: str = "") -> Decision:
    """Takes an application that stayed incomplete out of consideration (Awb 4:5): only after asking, and after the term."""
    application, budgets = open_with_budgets(application, "dismiss", by)

    def rule(_facts: Any) -> list[Reason]:
        last = application.questions.order_by("-pk").first()
        if last is None:
            return [Reason(ApplicationReason.NEVER_ASKED, ground="Awb 4:5")]
        if last.answered_at is None and clock.today() <= last.answer_by:
            return [Reason(ApplicationReason.ASKED_TERM_OPEN, {"until": last.answer_by}, ground="Awb 4:5")]
        return []

    entitled = entitlement(application, clock.today())
    inputs, remaining = _inputs(application, entitled), left_in(budgets)
    application = _end(application, "dismiss", by, budgets, {"remaining": remaining}, rule)
    decision = _write(
        by,
        DecisionKind.DISMISSAL,
        application,
        reasons=[Reason(RefusalGround.INCOMPLETE, ground="Awb 4:5")],
        legal_ground="Awb 4:5",
        explanation=explanation,
        inputs=inputs,
        amount=ZERO,
        remaining=remaining,
    )
    tell(application, "application_dismissed", decision=decision)
    return decision


def _end(
    application: Application, verb: str, by: User, budgets: list[Budget], facts: dict[str, Any], rule: Any
) -> Application:
    """Ends a locked case without an award: what was set aside for it goes to the next."""
    held = application.held
    application = perform(application, verb, by=by, facts={**facts, "released": held}, rule=rule, at=clock.now())
    pass_on(by=by, application=application, budgets=budgets, held=held)
    return application


@unit
def return_to_assessor(*, by: User, application: Application, why: str) -> Application:
    """The decider wants another look and says at what; the advice no longer counts. Raises Refused without words."""
    missing = [] if why.strip() else [Reason(ApplicationReason.REASON_NEEDED)]
    application = perform(application, "return_to_assessor", by=by, rule=lambda _facts: missing, private={"why": why})
    application.returned_why = why.strip()
    application.save()
    return application


@unit
def queue(*, by: User, application: Application) -> Application:
    """Puts an assessed application on the waiting list when the ceiling does not fit its award (DESIGN 4.10)."""
    application, budgets = open_with_budgets(application, "queue", by)
    amount = entitlement(application, clock.today()).award.award
    room = left_in(budgets) + application.held

    def rule(_facts: Any) -> list[Reason]:
        return [] if amount > room else [Reason(ApplicationReason.FITS)]

    held = application.held
    application = perform(application, "queue", by=by, facts={"needed": amount, "left": room}, rule=rule)
    application.requested = amount
    application.save()
    pass_on(by=by, application=application, budgets=budgets, held=held)
    return application


# --- writing it down, and replaying it -------------------------------------------------------------------------------


def _inputs(
    application: Application, entitled: Entitlement, facts: Facts | None = None, content: str | None = None
) -> dict[str, Any]:
    """Everything the rules looked at, frozen (DESIGN 4.9)."""
    rules = application.rule_set
    facts = facts or facts_of(application, clock.today())
    verdicts = application.checks.exclude(verdict="").values_list("code", "verdict")
    return plain(
        {
            "facts": facts.as_json(),
            "conditions": conditions_of(rules).as_json(),
            "terms": rules.award_terms().as_json(),
            "eligible": [line.eligible_now for line in application.lines.order_by("pk")],
            "already_awarded": entitled.already_awarded,
            "de_minimis_headroom": entitled.de_minimis_headroom,
            "ceiling_left": entitled.ceiling_left,
            "verdicts": dict(verdicts),
            "content": content or application.content(),
        }
    )


def reckon(inputs: dict[str, Any]) -> dict[str, Any]:
    """The amounts and outcomes that follow from frozen inputs; nothing else is read."""
    limit, headroom = inputs["ceiling_left"], inputs["de_minimis_headroom"]
    eligible = [Decimal(amount) for amount in inputs["eligible"]]
    result = award_for(
        sum(eligible, ZERO),
        AwardTerms.from_json(inputs["terms"]),
        already_awarded=Decimal(inputs["already_awarded"]),
        de_minimis_headroom=None if headroom is None else Decimal(headroom),
        ceiling_left=None if limit is None else Decimal(limit),
    )
    outcomes = judge(Facts.from_json(inputs["facts"]), Conditions.from_json(inputs["conditions"]), Moment.AWARD)
    parts = split_award(result.award, eligible) if result.award else [ZERO] * len(eligible)
    return plain(
        {
            "eligible": result.eligible,
            "award": result.award,
            "own_contribution": result.own_contribution,
            "arithmetic": [row.as_json() for row in result.arithmetic],
            "reasons": [why.as_json() for why in result.reasons],
            "lines": parts,
            "outcomes": [outcome.as_json() for outcome in outcomes],
        }
    )


def replay(decision: Decision) -> bool:
    """Whether a decision on an application still follows from its own inputs and was not changed since it was written."""
    return decision.fingerprint() == decision.content_hash and reckon(decision.inputs) == decision.amounts


def _write(
    by: User,
    kind: DecisionKind,
    application: Application,
    *,
    reasons: list[Reason],
    legal_ground: str,
    explanation: str,
    inputs: dict[str, Any],
    amount: Decimal,
    remaining: Decimal,
) -> Decision:
    return write_decision(
        kind=kind,
        subject=application,
        by=by,
        amount=amount,
        legal_ground=legal_ground,
        objection_until=terms.objection_until(clock.today(), application.rule_set.objection_weeks),
        inputs=inputs,
        reasons=reasons,
        explanation=explanation,
        assessed_by=application.advised_by,
        amounts=reckon(inputs),
        remaining=remaining,
        code_version=RULES_VERSION,
    )
