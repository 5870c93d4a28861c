"""What the business does with a claim, up to sending it (DESIGN 3, 4.12)."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from accounts.models import BankAccount, User
from core import clock
from core.files import store_upload
from core.identifiers import normalise_kvk, normalise_vat_id
from core.money import ZERO
from core.reasons import CoreReason, Reason, Refused
from core.workflow import perform, record, unit
from providers.rules.invitation import Person, ties_to_provider
from providers.services.feedback import ties_of
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import DETERMINED_CLAIM, OPEN_CLAIM, ClaimState, Payee, Regime, VoucherState
from vouchers.models import Claim, EndUser, Voucher
from vouchers.rules import terms
from vouchers.rules.claim import AwardFacts, Finding, InvoiceFacts, OtherClaims, invoice_key, machine_checks
from vouchers.rules.sample import sampled
from vouchers.rules.voucher import claim_term_reasons
from vouchers.services.budget import open_case

EDITABLE = (ClaimState.DRAFT, ClaimState.MORE_INFORMATION)


@unit
def start_claim(*, by: User, voucher: Voucher) -> Claim:
    """Opens a claim on a voucher, or gives back the one that is still a draft, so that a double click makes one.

    The account is the one of the application until another is chosen. Raises Refused when there is nothing to claim now.
    """
    voucher = open_case(voucher, "start_claim", by)
    open_claim = voucher.claims.filter(state__in=OPEN_CLAIM).first()
    if open_claim and open_claim.state == ClaimState.DRAFT:
        return open_claim
    reasons = _claimable(voucher)
    if open_claim:
        reasons.append(Reason(ClaimReason.CLAIM_OPEN))
    if reasons:
        raise Refused(reasons)
    voucher = record(voucher, "start_claim", by=by)
    seq = voucher.claims.count() + 1
    account = voucher.application.bank_account
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                voucher=voucher,
                seq=seq,
                number=f"{voucher.number}/{seq}",
                created_at=clock.now(),
                supplier_ref=supplier_ref(voucher),
                payee=Payee.SME,
                bank_account=account if account and account.ended_at is None else None,
            )
    except IntegrityError as twice:
        raise Refused(Reason(ClaimReason.CLAIM_OPEN)) from twice
    _carry_end_users_over(voucher, claim)
    return record(claim, "start", by=by, facts={"number": claim.number})


@unit
def save_invoice(
    *,
    by: User,
    claim: Claim,
    number: str,
    dated: datetime.date,
    excl: Decimal,
    incl: Decimal,
    description: str,
    kvk: str = "",
    vat_id: str = "",
    is_last: bool = True,
    file: UploadedFile | None = None,
) -> Claim:
    """Writes down what stands on the invoice. `excl` and `incl` are euros without and with VAT; `file` may come later.

    Raises Refused for an invoice from the future, a total below its part, and a number that has been used.
    """
    claim = _open_for_change(claim, by, facts={"excl": excl, "incl": incl, "dated": dated})
    key = invoice_key(number)
    reasons = []
    if not key:
        reasons.append(Reason(ClaimReason.INVOICE_INCOMPLETE))
    if dated > clock.today():
        reasons.append(Reason(ClaimReason.DATE_IN_FUTURE))
    if incl < excl:
        reasons.append(Reason(ClaimReason.INVOICE_TOTAL))
    if key and _others(claim).filter(invoice_key=key).exists():
        reasons.append(_used(number))
    if file is None and claim.invoice_file_id is None:
        reasons.append(Reason(CoreReason.FILE_MISSING))
    if reasons:
        raise Refused(reasons)
    claim.invoice_number, claim.invoice_key, claim.invoice_date = number.strip(), key, dated
    claim.invoice_excl, claim.invoice_incl = excl, incl
    claim.invoice_description = description.strip()
    claim.invoice_kvk, claim.invoice_vat_id = normalise_kvk(kvk), normalise_vat_id(vat_id)
    claim.is_last = is_last
    if file is not None:
        claim.invoice_file = store_upload(upload=file, by=by, case=claim.case())
    _check_again(claim)
    claim.save()
    return claim


@unit
def save_payment(*, by: User, claim: Claim, payee: Payee, account: BankAccount | None = None) -> Claim:
    """Chooses who is paid. The business names one of its own accounts; for the provider the account on file is taken.

    Raises Refused when the account is missing, ended, or of another organisation.
    """
    claim = _open_for_change(claim, by, facts={"payee": payee, "account": account.pk if account else None})
    if payee == Payee.PROVIDER:
        account = account_of(claim.voucher.provider.organisation_id)
    claim.payee, claim.bank_account = payee, account
    reasons = _account_reasons(claim)
    if reasons:
        raise Refused(reasons)
    _check_again(claim)
    claim.save()
    return claim


@unit
def name_end_users(*, by: User, claim: Claim, people: Sequence[tuple[str, str]]) -> Claim:
    """Names the people who work with the solution (name, e-mail address), as many as the programme asks at most.

    Replaces those named before.
    Raises Refused when somebody is named twice, an address is wrong, or somebody belongs to the provider (invariant 47).
    """
    claim = _open_for_change(claim, by, facts={"end_users": len(people)})
    people = [(name.strip(), email.strip().lower()) for name, email in people]
    reasons = _people_reasons(claim.voucher, people)
    if reasons:
        raise Refused(reasons)
    claim.end_users.all().delete()
    EndUser.objects.bulk_create([EndUser(claim=claim, name=name, email=email) for name, email in people])
    return claim


@unit
def answer_question(
    *,
    by: User,
    claim: Claim,
    text: str = "",
    payment_proof: UploadedFile | None = None,
    use_proof: UploadedFile | None = None,
) -> Claim:
    """Answers what the assessor asked, with or without proof of payment and of use. Sending is `submit_claim`."""
    claim = _open_for_change(claim, by, facts={"payment_proof": bool(payment_proof), "use_proof": bool(use_proof)})
    claim.answer = text.strip()
    if payment_proof:
        claim.payment_proof = store_upload(upload=payment_proof, by=by, case=claim.case())
    if use_proof:
        claim.use_proof = store_upload(upload=use_proof, by=by, case=claim.case())
    claim.save()
    return claim


@unit
def submit_claim(*, by: User, claim: Claim) -> Claim:
    """Sends the claim, or the answer to a question. The machine checks run, the sample is drawn, the term starts.

    The lot is drawn for the voucher, so that every claim on it, withdrawn and sent again or not, has the same one. Raises Refused
    with every reason: incomplete, too late, invoice used before, proof missing when it was asked for.
    """
    claim = record(claim, "check", by=by)
    voucher = Voucher.objects.select_for_update(of=("self",)).get(pk=claim.voucher_id)
    first = claim.submitted_at is None
    rules = voucher.application.rule_set
    regime = regime_of(voucher)
    reasons = _completeness(claim)
    if not reasons and claim.state in EDITABLE:
        claim.checks = [finding.as_json() for finding in run_checks(claim)]
        claim.judgements = {}
    if first:
        reasons += _claimable(voucher, besides=claim)
    if (regime == Regime.FULL or (claim.needs_proof and not first)) and not claim.has_proof:
        reasons.append(Reason(ClaimReason.PROOF_NEEDED))
    if claim.invoice_key and _others(claim).filter(invoice_key=claim.invoice_key).exists():
        reasons.append(_used(claim.invoice_number))
    if reasons and claim.state in EDITABLE:
        raise Refused(reasons)
    if claim.state in EDITABLE:
        claim.save()
    term_from = claim.term_from or clock.today()
    suspended = claim.suspended_days + claim.unanswered_days(clock.today())
    seed = voucher.application.programme.sample_seed
    try:
        with transaction.atomic():
            return perform(
                claim,
                "submit",
                by=by,
                facts={"checks": {row["code"]: row["outcome"] for row in claim.checks}},
                at=clock.now(),
                term_from=term_from,
                determine_by=terms.decide_by(term_from, rules.determine_weeks, suspended),
                suspended_days=suspended,
                sampled=sampled(seed, voucher.number, Decimal(rules.sample_percent)),
                regime=regime,
            )
    except IntegrityError as used:
        raise Refused(_used(claim.invoice_number)) from used


@unit
def withdraw_claim(*, by: User, claim: Claim) -> Claim:
    """Takes the claim back; another may be started and the invoice used again."""
    return perform(claim, "withdraw", by=by, at=clock.now())


def _check_again(claim: Claim) -> None:
    """What the machine saw of one invoice says nothing about another: an assessor may be reading it before it is sent again."""
    if claim.submitted_at and not _completeness(claim):
        claim.checks = [finding.as_json() for finding in run_checks(claim)]
        claim.judgements = {}


# --- what the machine sees ------------------------------------------------------------------------------------------------


def run_checks(claim: Claim) -> list[Finding]:
    """The machine checks on a complete claim (DESIGN 4.12)."""
    voucher = claim.voucher
    organisation = voucher.provider.organisation
    invoice = InvoiceFacts(
        number=claim.invoice_number,
        dated=claim.invoice_date,
        excl=claim.invoice_excl,
        incl=claim.invoice_incl,
        description=claim.invoice_description,
        supplier_kvk=claim.invoice_kvk,
        supplier_vat_id=claim.invoice_vat_id,
    )
    award = AwardFacts(
        applied_on=voucher.applied_on,
        ordered_on=voucher.ordered_on,
        delivered_on=voucher.delivered_on,
        claim_by=max(voucher.claim_by, voucher.last_call_until or voucher.claim_by),
        provider_kvk=organisation.kvk or organisation.foreign_registration,
        provider_vat_id=organisation.vat_id,
        package=voucher.package.name,
        solution=voucher.solution.name,
        quoted=voucher.quoted,
        invoiced_before=invoiced_before(claim),
    )
    others = _others(claim)
    account = claim.bank_account
    return machine_checks(
        invoice,
        award,
        account_verified=None if account is None else account.verified_at is not None,
        others=OtherClaims(
            same_number=others.filter(invoice_key=claim.invoice_key).count(),
            lookalikes=others.filter(invoice_date=claim.invoice_date, invoice_excl=claim.invoice_excl)
            .exclude(invoice_key=claim.invoice_key)
            .count(),
        ),
    )


def invoiced_before(claim: Claim) -> Decimal:
    """Euros without VAT on the other invoices of this voucher whose amount was decided."""
    rows = claim.voucher.claims.filter(state__in=DETERMINED_CLAIM).exclude(pk=claim.pk)
    return rows.aggregate(total=Sum("invoice_excl"))["total"] or ZERO


def supplier_ref(voucher: Voucher) -> str:
    """How the supplier of a voucher is named when invoice numbers are compared: KvK, or its number abroad."""
    organisation = voucher.provider.organisation
    return organisation.kvk or f"foreign:{organisation.foreign_registration or organisation.pk}"


def regime_of(voucher: Voucher) -> Regime:
    """Light unless the award reaches the programme's threshold (EUR 25,000 by default): then all evidence from all."""
    application = voucher.application
    return Regime.FULL if application.awarded >= application.rule_set.full_regime_from else Regime.LIGHT


def accounts_of(claim: Claim) -> Any:
    """The accounts the business may choose from: its own live ones, verified first."""
    own = BankAccount.objects.filter(organisation=claim.voucher.sme_id, ended_at__isnull=True)
    return own.order_by(F("verified_at").desc(nulls_last=True), "pk")


def account_of(organisation: int) -> BankAccount | None:
    """The account of a provider that money may go to: live and verified first, the newest of those."""
    rows = BankAccount.objects.filter(organisation=organisation, ended_at__isnull=True)
    return rows.order_by(F("verified_at").desc(nulls_last=True), "-pk").first()


# --- helpers ----------------------------------------------------------------------------------------------------------------


def _open_for_change(claim: Claim, by: User, facts: dict[str, Any]) -> Claim:
    claim = record(claim, "change", by=by, facts=facts)
    if claim.state not in EDITABLE:
        state = {"state": str(claim.get_state_display()), "code": str(claim.state), "verb": "change"}
        raise Refused(Reason(CoreReason.WRONG_STATE, state))
    return claim


def _claimable(voucher: Voucher, besides: Claim | None = None) -> list[Reason]:
    if voucher.state != VoucherState.ISSUED:
        return [Reason(ClaimReason.NOT_ISSUED)]
    reasons = claim_term_reasons(voucher.dates, today=clock.today())
    earlier = voucher.claims.filter(state__in=DETERMINED_CLAIM, is_last=True)
    if besides is not None:
        earlier = earlier.exclude(pk=besides.pk)
    if earlier.exists():
        reasons.append(Reason(ClaimReason.LAST_CLAIM_DONE))
    return reasons


def _completeness(claim: Claim) -> list[Reason]:
    reasons = []
    invoice = (claim.invoice_key, claim.invoice_date, claim.invoice_excl, claim.invoice_incl, claim.invoice_file_id)
    if not all(invoice):
        reasons.append(Reason(ClaimReason.INVOICE_INCOMPLETE))
    reasons += _account_reasons(claim)
    people = list(claim.end_users.values_list("name", "email"))
    return reasons + _people_reasons(claim.voucher, people)


def _account_reasons(claim: Claim) -> list[Reason]:
    account = claim.bank_account
    if account is None or account.ended_at is not None:
        return [Reason(ClaimReason.ACCOUNT_NEEDED)]
    voucher = claim.voucher
    owner = voucher.sme_id if claim.payee == Payee.SME else voucher.provider.organisation_id
    return [] if account.organisation_id == owner else [Reason(ClaimReason.ACCOUNT_OF_ANOTHER)]


def _people_reasons(voucher: Voucher, people: Sequence[tuple[str, str]]) -> list[Reason]:
    limit = voucher.application.rule_set.most_end_users
    if not 1 <= len(people) <= limit or not all(name for name, _email in people):
        return [Reason(ClaimReason.USERS_NEEDED, {"limit": limit})]
    reasons, seen = [], set()
    ties = ties_of(voucher.provider_id)
    for _name, email in people:
        try:
            validate_email(email)
        except ValidationError:
            reasons.append(Reason(ClaimReason.USER_ADDRESS, {"email": email}))
            continue
        if email in seen:
            reasons.append(Reason(ClaimReason.USER_TWICE, {"email": email}))
        seen.add(email)
        person = Person(company=voucher.sme.legal_name, kvk=voucher.sme.kvk, email=email, in_use_since=clock.today())
        if ties_to_provider(person, ties):  # who would not be asked afterwards is not accepted now
            reasons.append(Reason(ClaimReason.USER_OF_PROVIDER, {"email": email}))
    return reasons


def _carry_end_users_over(voucher: Voucher, claim: Claim) -> None:
    earlier = voucher.claims.exclude(pk=claim.pk).exclude(state=ClaimState.WITHDRAWN).order_by("-seq").first()
    if earlier:
        EndUser.objects.bulk_create(
            [EndUser(claim=claim, name=user.name, email=user.email) for user in earlier.end_users.all()]
        )


def _others(claim: Claim) -> Any:
    return Claim.objects.live().filter(supplier_ref=claim.supplier_ref).exclude(pk=claim.pk)


def _used(number: str) -> Reason:
    return Reason(ClaimReason.INVOICE_USED, {"number": number.strip()})
