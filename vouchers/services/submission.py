"""Sending an application in, taking it back, and the waiting list for money that comes free."""

from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet

from accounts.models import User
from core import clock
from core.actors import SystemActor
from core.reasons import Reason, Refused
from core.workflow import perform, record, unit
from vouchers.enums import (
    OPEN_APPLICATION_STATES,
    ApplicationState,
    Distribution,
    RuleOutcome,
)
from vouchers.models import Application, Budget, EligibilityCheck, Programme
from vouchers.reasons import ApplicationReason
from vouchers.rules import terms
from vouchers.rules.eligibility import Moment, Outcome, judge, overall
from vouchers.rules.waiting import Waiting, served
from vouchers.services.application import follow_rules, reckon, tell
from vouchers.services.budget import counted_on, give_back, hold, left_in, lock_budgets, open_with_budgets
from vouchers.services.facts import conditions_of, entitlement, facts_of
from vouchers.services.trial import lock_trials

CEILING = SystemActor("ceiling")
WAITING_LIST = SystemActor("waiting-list")


def missing(application: Application) -> list[Reason]:
    """What still has to be filled in before the application can be sent; empty when it is complete (Awb 4:2)."""
    reasons = []
    if application.business_confirmed_at is None:
        reasons.append(Reason(ApplicationReason.FACTS_MISSING))
    if application.bank_account_id is None:
        reasons.append(Reason(ApplicationReason.IBAN_MISSING))
    lines = list(application.lines.all())
    if not lines:
        reasons.append(Reason(ApplicationReason.NO_LINES))
    reasons += [
        Reason(ApplicationReason.QUOTE_MISSING, {"solution": line.package.solution.name})
        for line in lines
        if line.net is None or line.quote_file_id is None
    ]
    if application.in_group is None:
        reasons.append(Reason(ApplicationReason.GROUP_MISSING))
    elif application.in_group and not application.related.exists():
        reasons.append(Reason(ApplicationReason.RELATED_MISSING))
    if not application.vat_position:
        reasons.append(Reason(ApplicationReason.VAT_MISSING))
    if application.declared_de_minimis is None:
        reasons.append(Reason(ApplicationReason.DE_MINIMIS_MISSING))
    stated = (
        application.nothing_ordered,
        application.own_contribution,
        application.not_insolvent,
        application.truthful,
    )
    if not all(stated):
        reasons.append(Reason(ApplicationReason.STATEMENTS_MISSING))
    return reasons


def pre_check(application: Application) -> list[Outcome]:
    """What the rules would say of the application as it stands today, before it is sent.

    While something is missing only the rules about the business are asked, so that nobody fills in the rest for nothing.
    """
    today = clock.today()
    moment = Moment.PRE_CHECK if missing(application) else Moment.APPLY
    return judge(facts_of(application, today), conditions_of(application.rule_set), moment)


@unit
def submit_application(*, by: User, application: Application, answer: str = "") -> Application:
    """Sends an application, or sends it again with the `answer` to the authority's question.

    What is missing is refused with everything that is missing. What does not meet the conditions is not: anybody may apply,
    and a person decides (Awb 4:1). A programme that works in order of arrival sets the money aside at once; when the fund
    does not fit it, the application goes to the waiting list with its rank.
    """
    application, budgets = open_with_budgets(application, "submit", by)
    today, now = clock.today(), clock.now()
    question = application.open_question()
    reasons = missing(application)
    if application.state == ApplicationState.DRAFT and not application.programme.is_open(today):
        reasons.append(Reason(ApplicationReason.NOT_OPEN))
    if question is not None and not answer.strip():
        reasons.append(Reason(ApplicationReason.ANSWER_MISSING))
    if reasons and application.state in OPEN_APPLICATION_STATES:
        raise Refused(reasons)
    follow_rules(application)
    application.save(update_fields=["rule_set"])
    reckon(application)
    if question is not None:
        question.answer, question.answered_at = answer.strip(), now
        question.save()
        application.suspended_days += terms.stood_still(clock.day_of(question.asked_at), question.answer_by, today)
    entitled = entitlement(application, today)
    lock_trials(application.lines.values_list("package__solution", flat=True))
    outcomes = judge(facts_of(application, today), conditions_of(application.rule_set), Moment.APPLY)
    term_from = application.term_from or today
    arrival = application.arrival or _next_arrival(application.programme)
    application = perform(
        application,
        "submit",
        by=by,
        facts={"outcome": overall(outcomes), "eligible": entitled.award.eligible},
        at=now,
        arrival=arrival,
        number=application.number or f"{application.programme.prefix}-{today.year}-{arrival:06d}",
        requested=entitled.award.award,
        term_from=term_from,
        suspended_days=application.suspended_days,
        decide_by=terms.decide_by(term_from, application.rule_set.decide_weeks, application.suspended_days),
    )
    keep_outcomes(application, outcomes)
    application = _set_aside(application, budgets, entitled.award.award)
    tell(application, "application_received")
    return application


def _set_aside(application: Application, budgets: list[Budget], amount: Decimal) -> Application:
    """Reserves in order of arrival, or puts on the waiting list. A budget that was short for others is short for newcomers."""
    if application.programme.distribution != Distribution.COUNTER or amount == application.held:
        return application
    if application.held:
        return _adjust(application, budgets, amount)
    every = lock_budgets(application.programme)
    ahead = [_as_waiting(each, each.requested, every) for each in _waiting(application.programme)]
    given = served([*ahead, _as_waiting(application, amount, every)], _left(every))
    if application.pk not in given:
        return perform(application, "queue", by=CEILING, facts={"left": left_in(budgets), "needed": amount})
    hold(by=CEILING, application=application, budgets=budgets, amount=given[application.pk])
    application.save()
    return application


def _adjust(application: Application, budgets: list[Budget], amount: Decimal) -> Application:
    """Sent again with another amount. What does not fit more of it stays as it was: the award is judged by what is left then."""
    room = left_in(budgets) + application.held
    rules = application.rule_set
    if amount > room and rules.partial_grant and room >= rules.minimum:
        amount = room
    if amount <= room:
        hold(by=CEILING, application=application, budgets=budgets, amount=amount)
        application.save()
    return application


@unit
def withdraw(*, by: User, application: Application) -> Application:
    """Takes an application back, which is possible until the award. What was set aside goes to the next."""
    application, budgets = open_with_budgets(application, "withdraw", by)
    held = application.held
    application = perform(application, "withdraw", by=by, facts={"released": held})
    pass_on(by=by, application=application, budgets=budgets, held=held)
    return application


def pass_on(*, by: Any, application: Application, budgets: list[Budget], held: Decimal) -> None:
    """Gives back what was `held` for a case that just ended, and sets it aside for who waits. Inside that case's unit."""
    if held:
        give_back(by=by, application=application, budgets=budgets, held=held)
        advance_waiting_list(programme=application.programme)


@unit
def advance_waiting_list(*, programme: Programme) -> int:
    """Sets money aside for who waits, in order of rank, as far as it goes; returns for how many (DESIGN 4.10).

    Nobody is passed by a smaller application that counts on the same budget. After closing the rest of the list is refused,
    so a programme that is closed gives nothing more out.
    """
    if not programme.is_open(clock.today()):
        return 0
    every = lock_budgets(programme)
    waiting = {application.pk: application for application in _waiting(programme)}
    given = served([_as_waiting(each, each.requested, every) for each in waiting.values()], _left(every))
    for key, amount in given.items():
        application = record(waiting[key], "reserve", by=WAITING_LIST, facts={"amount": amount})
        hold(by=WAITING_LIST, application=application, budgets=counted_on(every, application), amount=amount)
        application.save()
        tell(application, "application_off_waiting_list")
    return len(given)


def advance_waiting_lists() -> dict[str, int]:
    """The waiting list of every programme, each in a unit of its own: per programme for how many it had money."""
    return {programme.code: advance_waiting_list(programme=programme) for programme in Programme.objects.order_by("pk")}


def _waiting(programme: Programme) -> QuerySet[Application]:
    """Who has no money yet, in order of rank. Stands still under the budget lock: every way off the list takes it."""
    waiting = Application.objects.filter(programme=programme, state=ApplicationState.WAITING_LIST, held=0)
    return waiting.filter(requested__gt=0).select_related("rule_set").in_arrival_order()


def _as_waiting(application: Application, amount: Decimal, every: list[Budget]) -> Waiting:
    rules = application.rule_set
    return Waiting(
        key=application.pk,
        amount=amount,
        budgets=frozenset(budget.pk for budget in counted_on(every, application)),
        least=rules.minimum if rules.partial_grant else None,
    )


def _left(budgets: list[Budget]) -> dict[int, Decimal]:
    return {budget.pk: budget.available for budget in budgets}


def keep_outcomes(application: Application, outcomes: list[Outcome]) -> None:
    """Keeps what the rules saw. A verdict stays as long as the rule sees the same."""
    known = {check.code: check for check in application.checks.all()}
    first_seen = []
    for outcome in outcomes:
        reasons = [why.as_json() for why in outcome.reasons]
        check = known.pop(outcome.code, None) or EligibilityCheck(application=application, code=outcome.code)
        if check.pk and (check.outcome, check.reasons) == (outcome.outcome, reasons):
            continue
        check.verdict, check.verdict_by, check.verdict_at, check.note = "", None, None, ""
        check.outcome, check.reasons, check.seen_at = outcome.outcome, reasons, clock.now()
        if check.pk:
            check.save()
        else:
            first_seen.append(check)
    EligibilityCheck.objects.bulk_create(first_seen)
    gone = [check.pk for check in known.values() if check.outcome == RuleOutcome.PASS]
    if gone:
        application.checks.filter(pk__in=gone).delete()


def _next_arrival(programme: Programme) -> int:
    """The next place in order of arrival. Asked under the budget lock, so that no two get the same (invariant 9)."""
    return (Application.objects.filter(programme=programme).aggregate(last=Max("arrival"))["last"] or 0) + 1
