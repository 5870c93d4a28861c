"""What an applicant does: start, fill in, send, answer, take back."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.enums import OrganisationKind
from accounts.models import BankAccount, Organisation, User
from accounts.notifications import notify
from core import clock
from core.actors import SystemActor
from core.files import store_upload
from core.money import ZERO
from core.reasons import CoreReason, Reason, Refused
from core.workflow import NotAuthorised, note, perform, record, unit
from providers.models import Package
from vouchers.enums import (
    OPEN_APPLICATION_STATES,
    ApplicationState,
    Distribution,
    RuleOutcome,
    VatPosition,
)
from vouchers.models import Application, ApplicationLine, Budget, EligibilityCheck, Programme
from vouchers.reasons import ApplicationReason, EligibilityReason
from vouchers.rules import terms
from vouchers.rules.eligibility import Moment, Outcome, judge, overall
from vouchers.services.budget import budgets_of, give_back, hold, left_in
from vouchers.services.facts import conditions_of, entitlement, facts_of, lines_of

CEILING = SystemActor("ceiling")
WAITING_LIST = SystemActor("waiting-list")


# --- starting and filling in -----------------------------------------------------------------------------------------


@unit
def start_application(
    *, by: User, organisation: Organisation, programme: Programme, package: Package | None = None, quantity: int = 1
) -> Application:
    """Starts an application of one's own business, or goes on with the one that was not sent yet.

    Raises NotAuthorised for somebody else's business, Refused when the programme is closed, the business has no KvK number,
    another application is running, or the package is not offered.
    """
    if organisation.kind != OrganisationKind.SME or not by.is_member_of(organisation):
        raise NotAuthorised("start")
    today = clock.today()
    reasons = []
    if not programme.is_open(today):
        reasons.append(Reason(ApplicationReason.NOT_OPEN))
    if not organisation.kvk:
        reasons.append(Reason(ApplicationReason.KVK_MISSING))
    if reasons:
        raise Refused(reasons)
    running = Application.objects.live().filter(programme=programme, kvk=organisation.kvk).first()
    if running is None:
        running = _create(by, organisation, programme, today)
    elif running.state != ApplicationState.DRAFT or running.organisation_id != organisation.pk:
        raise Refused(Reason(EligibilityReason.OTHER_LIVE))
    if package is not None and not running.lines.filter(package=package).exists():
        running = add_line(by=by, application=running, package=package, quantity=quantity).application
    return running


def _create(by: User, organisation: Organisation, programme: Programme, today: datetime.date) -> Application:
    application = Application(
        programme=programme,
        rule_set=programme.rules_on(today),
        organisation=organisation,
        kvk=organisation.kvk,
        province_id=_province_of(organisation),
        created_by=by,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as second:
        raise Refused(Reason(EligibilityReason.OTHER_LIVE)) from second
    return record(application, "start", by=by, facts={"programme": programme.code, "rules": application.rule_set.name})


@unit
def add_line(*, by: User, application: Application, package: Package, quantity: int = 1) -> ApplicationLine:
    """Adds a package to an application that is not sent yet. One of each category.

    Raises Refused when the package is not offered, its category is there already, or the quantity is above its cap.
    """
    solution = package.solution
    application = _write(application, by, {"package": package.pk, "quantity": quantity})
    today = clock.today()
    reasons = []
    if not solution.is_visible(today) or package not in solution.packages_on(today):
        reasons.append(Reason(ApplicationReason.PACKAGE_GONE))
    if quantity < 1 or quantity > package.max_quantity:
        reasons.append(Reason(ApplicationReason.QUANTITY_CAP, {"limit": package.max_quantity}))
    if application.lines.filter(category=solution.category_id).exists():
        reasons.append(Reason(ApplicationReason.ONE_PER_CATEGORY))
    if application.lines.count() >= application.rule_set.max_lines:
        reasons.append(Reason(ApplicationReason.TOO_MANY_LINES, {"limit": application.rule_set.max_lines}))
    if reasons:
        raise Refused(reasons)
    return ApplicationLine.objects.create(
        application=application,
        package=package,
        provider=solution.provider,
        category=solution.category,
        quantity=quantity,
        approved_price=_approved_price(package, quantity, today),
    )


@unit
def remove_line(*, by: User, line: ApplicationLine) -> Application:
    """Takes a package out of an application that is not sent yet. Its quote file stays in the case."""
    application = _write(line.application, by, {"package": line.package_id, "removed": True})
    if application.received_at is not None:
        raise Refused(_wrong_state(application))
    application.lines.filter(pk=line.pk).delete()
    return application


@unit
def confirm_business(
    *, by: User, application: Application, iban: str, holder: str, facts: dict[str, Any] | None = None
) -> Application:
    """The applicant confirms or corrects what the rules ask of the business, and where the money may go.

    `facts` are fields of the organisation: municipality, headcount, sbi, turnover, balance_total, founded_on, legal_form,
    street, postcode, city, vat_id. Raises ValidationError with the field that is wrong.
    """
    from accounts.services import add_bank_account

    facts = {name: value for name, value in (facts or {}).items() if name in BUSINESS_FACTS}
    application = _write(application, by, {"facts": sorted(facts)})
    business = Organisation.objects.select_for_update(of=("self",)).get(pk=application.organisation_id)
    changed = {name: value for name, value in facts.items() if getattr(business, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(business, name, value)
        business.full_clean()
        business.save()
        note(by=by, action="change_facts", subject=business, facts={"fields": sorted(changed)})
    account = BankAccount.objects.filter(organisation=business, iban=iban, ended_at__isnull=True).first()
    if account is None:
        account = add_bank_account(by=by, organisation=business, iban=iban, holder=holder)
    application.organisation = business
    application.bank_account = account
    application.province_id = _province_of(business)
    application.business_confirmed_at = clock.now()
    application.save()
    return application


BUSINESS_FACTS = frozenset(
    {
        "municipality",
        "headcount",
        "sbi",
        "turnover",
        "balance_total",
        "founded_on",
        "legal_form",
        "street",
        "postcode",
        "city",
        "vat_id",
    }
)


@unit
def add_quote(
    *,
    by: User,
    line: ApplicationLine,
    number: str,
    dated: datetime.date,
    valid_until: datetime.date,
    unsigned: bool,
    net: Decimal,
    vat: Decimal = ZERO,
    other_funding: Decimal = ZERO,
    quantity: int | None = None,
    upload: UploadedFile | None = None,
) -> ApplicationLine:
    """Puts the quote of a line in place: the file, its dates and its amounts in euros.

    The file may be left out when there is one already. Raises Refused for a wrong file or a quantity above the package's cap.
    """
    application = _write(
        line.application, by, {"line": line.pk, "net": net, "vat": vat, "other_funding": other_funding}
    )
    line = application.lines.select_related("package").get(pk=line.pk)
    quantity = line.quantity if quantity is None else quantity
    if not 1 <= quantity <= line.package.max_quantity:
        raise Refused(Reason(ApplicationReason.QUANTITY_CAP, {"limit": line.package.max_quantity}))
    if upload is not None or line.quote_file_id is None:
        line.quote_file = store_upload(by=by, upload=upload, case=application.case())
    line.quote_number, line.quote_date, line.quote_valid_until = number.strip(), dated, valid_until
    line.quote_unsigned, line.quantity = unsigned, quantity
    line.net, line.vat, line.other_funding = net, vat, other_funding
    line.approved_price = _approved_price(line.package, quantity, dated)
    line.assessed, line.assessed_note = None, ""
    line.application = application
    line.eligible = line.reckon()
    line.save()
    return line


@unit
def set_vat_position(
    *, by: User, application: Application, position: VatPosition, pro_rata: Decimal | None = None
) -> Application:
    """How much VAT the business gets back; `pro_rata` in percent when it is a part."""
    application = _write(application, by, {"vat_position": position, "pro_rata": pro_rata})
    application.vat_position = position
    application.vat_pro_rata = pro_rata if position == VatPosition.PRO_RATA else None
    application.save()
    _reckon(application)
    return application


@unit
def declare_aid(*, by: User, application: Application, amount: Decimal) -> Application:
    """The de-minimis aid of the last three years in euros, as the applicant declares it (2023/2831 art. 7)."""
    application = _write(application, by, {"declared_de_minimis": amount})
    application.declared_de_minimis = amount
    application.save()
    return application


@unit
def explain(*, by: User, application: Application, motivation: str) -> Application:
    """Why the business wants this, in its own words; needed when it is not a step on its roadmap."""
    application = _write(application, by, {"motivation_given": bool(motivation.strip())})
    application.motivation = motivation.strip()
    application.save()
    return application


@unit
def confirm_statements(
    *,
    by: User,
    application: Application,
    nothing_ordered: bool,
    own_contribution: bool,
    not_insolvent: bool,
    truthful: bool,
) -> Application:
    """The statements an applicant signs for: nothing ordered yet, own part paid, not bankrupt, all of it true."""
    statements = {
        "nothing_ordered": nothing_ordered,
        "own_contribution": own_contribution,
        "not_insolvent": not_insolvent,
        "truthful": truthful,
    }
    application = _write(application, by, statements)
    for name, value in statements.items():
        setattr(application, name, value)
    application.save()
    return application


# --- sending ---------------------------------------------------------------------------------------------------------


def missing(application: Application) -> list[Reason]:
    """What still has to be filled in before the application can be sent; empty when it is complete (Awb 4:2)."""
    reasons = []
    if application.business_confirmed_at is None:
        reasons.append(Reason(ApplicationReason.FACTS_MISSING))
    if application.bank_account_id is None:
        reasons.append(Reason(ApplicationReason.IBAN_MISSING))
    lines = lines_of(application)
    if not lines:
        reasons.append(Reason(ApplicationReason.NO_LINES))
    reasons += [
        Reason(ApplicationReason.QUOTE_MISSING, {"solution": line.package.solution.name})
        for line in lines
        if line.net is None or line.quote_file_id is None
    ]
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
    """What the rules would say of the application as it stands today, before it is sent."""
    today = clock.today()
    return judge(facts_of(application, today), conditions_of(application.rule_set), Moment.APPLY)


@unit
def submit_application(*, by: User, application: Application, answer: str = "") -> Application:
    """Sends an application, or sends it again with the `answer` to the authority's question.

    What is missing is refused with everything that is missing. What does not meet the conditions is not: anybody may apply,
    and a person decides (Awb 4:1). A programme that works in order of arrival sets the money aside at once; when the fund
    does not fit it, the application goes to the waiting list with its rank.
    """
    if not application.may("submit", by):
        raise NotAuthorised("submit")
    budgets = budgets_of(application)
    application = _lock(application)
    today, now = clock.today(), clock.now()
    question = application.open_question()
    reasons = missing(application)
    if application.state == ApplicationState.DRAFT and not application.programme.is_open(today):
        reasons.append(Reason(ApplicationReason.NOT_OPEN))
    if question is not None and not answer.strip():
        reasons.append(Reason(ApplicationReason.ANSWER_MISSING))
    if reasons and application.state in OPEN_APPLICATION_STATES:
        raise Refused(reasons)
    _reckon(application)
    if question is not None:
        question.answer, question.answered_at = answer.strip(), now
        question.save()
        application.suspended_days += (today - clock.day_of(question.asked_at)).days
    entitled = entitlement(application, today)
    outcomes = judge(facts_of(application, today), conditions_of(application.rule_set), Moment.APPLY)
    received = clock.day_of(application.received_at) if application.received_at else today
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
        suspended_days=application.suspended_days,
        decide_by=terms.decide_by(received, application.rule_set.decide_weeks, application.suspended_days),
    )
    keep_outcomes(application, outcomes)
    application = _set_aside(application, budgets, entitled.award.award)
    tell(application, "application_received")
    return application


def _set_aside(application: Application, budgets: list[Budget], amount: Decimal) -> Application:
    """Reserves in order of arrival, or puts on the waiting list. A fund that was short for others is short for newcomers."""
    if application.programme.distribution != Distribution.COUNTER or amount == application.held:
        return application
    waiting = Application.objects.filter(programme=application.programme_id, state=ApplicationState.WAITING_LIST)
    room = left_in(budgets) + application.held
    if application.held or not waiting.exists():
        if amount > room and application.rule_set.partial_grant and room >= application.rule_set.minimum:
            amount = room
        if amount <= room:
            hold(by=CEILING, application=application, budgets=budgets, amount=amount)
            application.save()
            return application
    if application.held:
        return application  # what was set aside stays; the award is judged by what is left then
    return perform(application, "queue", by=CEILING, facts={"left": left_in(budgets), "needed": amount})


@unit
def withdraw(*, by: User, application: Application) -> Application:
    """Takes an application back, which is possible until the award. What was set aside goes to the next."""
    if not application.may("withdraw", by):
        raise NotAuthorised("withdraw")
    budgets = budgets_of(application)
    held = _lock(application).held
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

    It stops at the first that does not fit, so that nobody is passed by a smaller application.
    """
    waiting = Application.objects.filter(programme=programme, state=ApplicationState.WAITING_LIST, held=0)
    served = 0
    for candidate in waiting.in_arrival_order():
        budgets = budgets_of(candidate)
        locked = _lock(candidate)
        if locked.state != ApplicationState.WAITING_LIST or locked.held or not locked.requested:
            continue
        amount, room = locked.requested, left_in(budgets)
        if amount > room and locked.rule_set.partial_grant and room >= locked.rule_set.minimum:
            amount = room
        if amount > room:
            break
        locked = record(locked, "reserve", by=WAITING_LIST, facts={"amount": amount})
        hold(by=WAITING_LIST, application=locked, budgets=budgets, amount=amount)
        locked.save()
        tell(locked, "application_off_waiting_list")
        served += 1
    return served


def keep_outcomes(application: Application, outcomes: list[Outcome]) -> None:
    """Keeps what the rules saw. A verdict stays as long as the rule sees the same."""
    known = {check.code: check for check in application.checks.all()}
    for outcome in outcomes:
        reasons = [why.as_json() for why in outcome.reasons]
        check = known.pop(outcome.code, None) or EligibilityCheck(application=application, code=outcome.code)
        if check.pk and (check.outcome, check.reasons) == (outcome.outcome, reasons):
            continue
        check.verdict, check.verdict_by, check.verdict_at, check.note = "", None, None, ""
        check.outcome, check.reasons, check.seen_at = outcome.outcome, reasons, clock.now()
        check.save()
    gone = [check.pk for check in known.values() if check.outcome == RuleOutcome.PASS]
    if gone:
        application.checks.filter(pk__in=gone).delete()


# --- helpers ---------------------------------------------------------------------------------------------------------


def _write(application: Application, by: User, facts: dict[str, Any]) -> Application:
    application = record(application, "write", by=by, facts=facts)
    if application.state not in OPEN_APPLICATION_STATES:
        raise Refused(_wrong_state(application))
    return application


def _lock(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def _wrong_state(application: Application) -> Reason:
    return Reason(CoreReason.WRONG_STATE, {"state": str(application.get_state_display())})


def _reckon(application: Application) -> None:
    for line in lines_of(application):
        if line.net is not None and (eligible := line.reckon()) != line.eligible:
            line.eligible, line.assessed, line.assessed_note = eligible, None, ""
            line.save()


def _approved_price(package: Package, quantity: int, on: datetime.date) -> Decimal | None:
    """The approved first-year price without equipment, times the quantity, on the day of the quote (DESIGN 4.7)."""
    price = package.price_on(on) or package.price_on(clock.today())
    return None if price is None else (price.first_year - price.hardware) * quantity


def _next_arrival(programme: Programme) -> int:
    """The next place in order of arrival. Asked under the budget lock, so that no two get the same (invariant 9)."""
    return (Application.objects.filter(programme=programme).aggregate(last=Max("arrival"))["last"] or 0) + 1


def _province_of(organisation: Organisation) -> str | None:
    return organisation.municipality.province_id if organisation.municipality else None


def tell(application: Application, what: str, **more: Any) -> None:
    person = application.created_by
    context = {"application": application, "person": person, **more}
    notify(to=person.email, template=f"emails/vouchers/{what}", context=context, language=person.language)
