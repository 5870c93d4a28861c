"""What an applicant does before sending: start, choose, fill in, declare."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from accounts.notifications import notify
from accounts.services import keep_bank_account
from core import clock
from core.files import store_upload
from core.money import ZERO
from core.reasons import CoreReason, Reason, Refused
from core.workflow import NotAuthorised, note, record, unit
from providers.models import Package
from vouchers.enums import (
    OPEN_APPLICATION_STATES,
    ApplicationState,
    VatPosition,
)
from vouchers.models import Application, ApplicationLine, Programme
from vouchers.reasons import ApplicationReason, EligibilityReason
from vouchers.services.undertaking import lock_businesses


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
    lock_businesses({organisation.kvk})  # so that who starts at the same moment finds this one
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
    application = write(application, by, {"package": package.pk, "quantity": quantity})
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
        approved_price=approved_price(package, quantity, today),
    )


@unit
def remove_line(*, by: User, line: ApplicationLine) -> Application:
    """Takes a package out of an application that is not sent yet. Its quote file stays in the case."""
    application = write(line.application, by, {"package": line.package_id, "removed": True})
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
    street, postcode, city, vat_id. Raises ValidationError with the field that is wrong, and Refused for another province once
    money was set aside.
    """
    facts = {name: value for name, value in (facts or {}).items() if name in BUSINESS_FACTS}
    if application.may("write", by):
        lock_businesses({application.kvk})  # before the application (docs/locking.md)
    application = write(application, by, {"facts": sorted(facts)})
    business = Organisation.objects.get(pk=application.organisation_id)
    changed = {name: value for name, value in facts.items() if getattr(business, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(business, name, value)
        business.full_clean()
        business.save()
        note(by=by, action="change_facts", subject=business, facts={"fields": sorted(changed)})
    account = keep_bank_account(by=by, organisation=business, iban=iban, holder=holder)
    if application.held and _province_of(business) != application.province_id:
        # What was set aside lies in the budgets of the province of receipt (DESIGN 4.10).
        raise Refused(Reason(ApplicationReason.PROVINCE_FIXED, {"province": str(application.province)}))
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
    application = write(line.application, by, {"line": line.pk, "net": net, "vat": vat, "other_funding": other_funding})
    line = application.lines.select_related("package").get(pk=line.pk)
    quantity = line.quantity if quantity is None else quantity
    if not 1 <= quantity <= line.package.max_quantity:
        raise Refused(Reason(ApplicationReason.QUANTITY_CAP, {"limit": line.package.max_quantity}))
    if upload is not None or line.quote_file_id is None:
        line.quote_file = store_upload(by=by, upload=upload, case=application.case())
    line.quote_number, line.quote_date, line.quote_valid_until = number.strip(), dated, valid_until
    line.quote_unsigned, line.quantity = unsigned, quantity
    line.net, line.vat, line.other_funding = net, vat, other_funding
    line.approved_price = approved_price(line.package, quantity, dated)
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
    application = write(application, by, {"vat_position": position, "pro_rata": pro_rata})
    application.vat_position = position
    application.vat_pro_rata = pro_rata if position == VatPosition.PRO_RATA else None
    application.save(update_fields=["vat_position", "vat_pro_rata"])
    reckon(application)
    return application


@unit
def declare_aid(*, by: User, application: Application, amount: Decimal) -> Application:
    """The de-minimis aid of the last three years in euros, as the applicant declares it (2023/2831 art. 7)."""
    application = write(application, by, {"declared_de_minimis": amount})
    application.declared_de_minimis = amount
    application.save(update_fields=["declared_de_minimis"])
    return application


@unit
def explain(*, by: User, application: Application, motivation: str) -> Application:
    """Why the business wants this, in its own words; needed when it is not a step on its roadmap."""
    application = write(application, by, {"motivation_given": bool(motivation.strip())})
    application.motivation = motivation.strip()
    application.save(update_fields=["motivation"])
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
    application = write(application, by, statements)
    for name, value in statements.items():
        setattr(application, name, value)
    application.save(update_fields=list(statements))
    return application


# --- helpers ---------------------------------------------------------------------------------------------------------


def write(application: Application, by: User, facts: dict[str, Any]) -> Application:
    """Opens an application for its applicant to fill in: locked, not sent yet or sent back, by the rules that hold for it.

    Raises NotAuthorised, or Refused when it was sent.
    """
    application = record(application, "write", by=by, facts=facts)
    if application.state not in OPEN_APPLICATION_STATES:
        raise Refused(_wrong_state(application))
    return follow_rules(application)


def follow_rules(application: Application) -> Application:
    """What was not sent yet follows the rules in force today; what was keeps those of the day it was first sent."""
    if application.received_at is None:
        application.rule_set = application.programme.rules_on(clock.today())
    return application


def _wrong_state(application: Application) -> Reason:
    return Reason(CoreReason.WRONG_STATE, {"state": str(application.get_state_display())})


def reckon(application: Application) -> None:
    for line in application.lines.all():
        if line.net is not None and (eligible := line.reckon()) != line.eligible:
            line.eligible, line.assessed, line.assessed_note = eligible, None, ""
            line.save()


def approved_price(package: Package, quantity: int, on: datetime.date) -> Decimal | None:
    """The approved first-year price without equipment, times the quantity, on the day of the quote (DESIGN 4.7)."""
    price = package.price_on(on) or package.price_on(clock.today())
    return None if price is None else (price.first_year - price.hardware) * quantity


def _province_of(organisation: Organisation) -> str | None:
    return organisation.municipality.province_id if organisation.municipality else None


def tell(application: Application, what: str, **more: Any) -> None:
    person = application.created_by
    context = {"application": application, "person": person, **more}
    notify(to=person.email, template=f"emails/vouchers/{what}", context=context, language=person.language)
