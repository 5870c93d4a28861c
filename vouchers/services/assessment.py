"""What an assessor does with an application: take it up, ask, judge, correct, advise. It lays the assessor's hand."""

from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from core.enums import HandRole
from core.money import ZERO
from core.reasons import CoreReason, Reason, Refused
from core.workflow import perform, record, unit
from vouchers.enums import Advice, ApplicationState, RuleOutcome, Verdict
from vouchers.models import Application, ApplicationLine, EligibilityCheck, InformationRequest
from vouchers.reasons import ApplicationReason
from vouchers.rules import terms
from vouchers.rules.eligibility import Moment, judge
from vouchers.rules.facts import Facts
from vouchers.services.application import tell
from vouchers.services.budget import open_case
from vouchers.services.facts import conditions_of, entitlement, facts_of
from vouchers.services.submission import keep_outcomes


@unit
def take_up(*, by: User, application: Application) -> Application:
    """An assessor starts on an application. From the waiting list only when money is set aside for it by now."""

    def rule(facts: dict[str, Any]) -> list[Reason]:
        no_money = facts["was"] == ApplicationState.WAITING_LIST and not facts["held"]
        return [Reason(ApplicationReason.NO_RESERVATION)] if no_money else []

    return perform(application, "take_up", by=by, facts=lambda app: {"was": app.state, "held": app.held}, rule=rule)


@unit
def ask_more(*, by: User, application: Application, question: str) -> InformationRequest:
    """Asks the applicant to complete the application within a term; the clock of the decision stands still (Awb 4:5, 4:15).

    What was set aside stays, and so does the rank.
    """
    if not question.strip():
        raise Refused(Reason(ApplicationReason.QUESTION_NEEDED))
    answer_by = terms.answer_by(clock.today(), application.rule_set.complete_weeks)
    application = perform(application, "ask_more", by=by, facts={"answer_by": answer_by})
    asked = InformationRequest.objects.create(
        application=application, asked_by=by, asked_at=clock.now(), question=question.strip(), answer_by=answer_by
    )
    tell(application, "application_question", question=asked)
    return asked


@unit
def give_verdict(
    *, by: User, application: Application, code: str, verdict: Verdict, note: str = ""
) -> EligibilityCheck:
    """Judges one rule that asked for a person. Raises Refused for a rule that did not ask, EligibilityCheck.DoesNotExist
    for one that was not seen."""
    application = _in_review(application, by, "verdict", {"rule": code, "verdict": verdict})
    check = application.checks.get(code=code)
    if check.outcome != RuleOutcome.REVIEW:
        raise Refused(Reason(ApplicationReason.RULE_NOT_IN_REVIEW))
    check.verdict, check.verdict_by, check.verdict_at, check.note = verdict, by, clock.now(), note.strip()
    check.save()
    return check


@unit
def correct_line(*, by: User, line: ApplicationLine, assessed: Decimal, note: str) -> ApplicationLine:
    """Sets the cost of a line that counts, in euros, with the reason for the applicant. Never above what was asked."""
    application = _in_review(line.application, by, "correct_line", {"line": line.pk, "assessed": assessed})
    line = application.lines.get(pk=line.pk)
    reasons = []
    if line.eligible is None or assessed > line.eligible:
        reasons.append(Reason(ApplicationReason.ELIGIBLE_TOO_HIGH, {"limit": line.eligible or ZERO}))
    elif assessed < line.eligible and not note.strip():
        reasons.append(Reason(ApplicationReason.REASON_NEEDED))
    if reasons:
        raise Refused(reasons)
    line.assessed, line.assessed_note = assessed, note.strip()
    line.save()
    return line


def look_again(application: Application) -> Facts:
    """Asks the rules anew, as the facts stand today. For use inside a unit that holds the application."""
    facts = facts_of(application, clock.today())
    keep_outcomes(application, judge(facts, conditions_of(application.rule_set), Moment.AWARD))
    return facts


def in_the_way(application: Application) -> list[Reason]:
    """Which rules stand in the way of an award: not met, or waiting for a verdict. One reason per rule."""
    reasons = []
    for check in application.checks.all():
        if check.outcome == RuleOutcome.REVIEW and not check.verdict:
            reasons.append(Reason(ApplicationReason.VERDICT_MISSING, {"rule": check.rule_name}))
        elif not check.settled:
            reasons.append(Reason(ApplicationReason.NOT_ELIGIBLE, {"rule": check.rule_name}))
    return reasons


def advise(*, by: User, application: Application, advice: Advice, text: str) -> Application:
    """Advises the decider. For an award every rule is met or judged acceptable; a refusal needs the reasons in words.

    The advice is bound to the content it was about: a change after it voids it. How the rules stand today is kept also when
    the advice is refused: what stands in its way can then be read and judged.
    """
    _see_again(by=by, application=application)
    return _advise(by=by, application=application, advice=advice, text=text)


@unit
def _see_again(*, by: User, application: Application) -> None:
    application = open_case(application, "advise", by)
    if application.state == ApplicationState.IN_REVIEW:
        look_again(application)


@unit
def _advise(*, by: User, application: Application, advice: Advice, text: str) -> Application:
    application = open_case(application, "advise", by)
    if application.state == ApplicationState.IN_REVIEW:
        look_again(application)

    def rule(_facts: dict[str, Any]) -> list[Reason]:
        if advice == Advice.REFUSE:
            return [] if text.strip() else [Reason(ApplicationReason.REASON_NEEDED)]
        reasons = in_the_way(application)
        if not reasons and not entitled.award.award:
            reasons = [*entitled.award.reasons, Reason(ApplicationReason.AWARD_ZERO)]
        return reasons

    entitled = entitlement(application, clock.today())
    facts = {"eligible": entitled.award.eligible, "amount": entitled.award.award}
    now, content = clock.now(), application.content()
    application = perform(
        application, "advise", by=by, facts=facts, rule=rule, at=now, assessor=by.pk, advice=advice, content=content
    )
    application.advice_text = text.strip()
    application.save()
    return application


def _in_review(application: Application, by: User, action: str, facts: dict[str, Any]) -> Application:
    application = record(application, action, by=by, facts=facts, hand=HandRole.ASSESSOR)
    if application.state != ApplicationState.IN_REVIEW:
        raise Refused(Reason(CoreReason.WRONG_STATE, {"state": str(application.get_state_display())}))
    return application
