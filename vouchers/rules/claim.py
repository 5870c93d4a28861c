"""What a machine can see on a claim, and what a claim comes to (DESIGN 4.12, Awb 4:42-4:47).

Amounts are euros with two places; rates are percentages such as `Decimal(80)`.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import ZERO, euro, floor_cents, round_cents
from core.reasons import Reason
from vouchers.claim_reasons import ClaimReason, ClaimRow, SeenReason
from vouchers.enums import CheckCode, CheckOutcome, LowerGround
from vouchers.rules.amount import HUNDRED, ArithmeticRow

RULES_VERSION = "claim-1"
"""Version of the code of these rules; every determination names it beside the version of the programme's parameters."""

VAT_RATES = (Decimal(21), Decimal(9), Decimal(0))
"""Dutch VAT rates in percent; 0 also stands for reverse-charged."""

VAT_TOLERANCE = Decimal("0.05")
"""Euros by which an invoice that rounds per line may differ from the VAT over its total."""


@dataclass(frozen=True, kw_only=True)
class InvoiceFacts:
    """What stands on the invoice, as the business copied it."""

    number: str
    dated: datetime.date
    excl: Decimal
    incl: Decimal
    description: str
    supplier_kvk: str
    supplier_vat_id: str


@dataclass(frozen=True, kw_only=True)
class AwardFacts:
    """What the voucher says. `quoted` is the quote without VAT, `invoiced_before` earlier decided invoices without VAT."""

    applied_on: datetime.date
    ordered_on: datetime.date
    delivered_on: datetime.date
    claim_by: datetime.date
    provider_kvk: str
    provider_vat_id: str
    package: str
    solution: str
    quoted: Decimal
    invoiced_before: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class OtherClaims:
    """What stands elsewhere in the register: the same number used by anyone, or the same date and amount under another number."""

    same_number: int = 0
    lookalikes: int = 0


@dataclass(frozen=True)
class Finding:
    """The outcome of one machine check and what the machine saw."""

    code: CheckCode
    outcome: CheckOutcome
    seen: Reason

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code.value, "outcome": self.outcome.value, "seen": self.seen.as_json()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Finding":
        """The finding as it was."""
        return cls(CheckCode(stored["code"]), CheckOutcome(stored["outcome"]), Reason.from_json(stored["seen"]))


def invoice_key(number: str) -> str:
    """An invoice number as it is compared: `inv. 2026/001` and `INV-2026-001` are the same invoice.

    Compatibility forms are folded (full-width digits), digits of other scripts are read as digits, accents and case and
    everything but letters and digits are dropped. Leading zeros stay: `001` and `1` may be two invoices.
    """
    folded = unicodedata.normalize("NFKD", number).upper()
    read = "".join(str(unicodedata.decimal(letter, letter)) for letter in folded)
    return re.sub(r"[\W_]", "", read)


def machine_checks(
    invoice: InvoiceFacts, award: AwardFacts, *, account_verified: bool | None, others: OtherClaims
) -> list[Finding]:
    """Every check of DESIGN 4.12 with its outcome, in the order in which people read them.

    `account_verified` is None when no account of the payee was chosen.
    """
    return [
        _arithmetic(invoice),
        _dates(invoice, award),
        _supplier(invoice, award),
        _package(invoice, award),
        _account(account_verified),
        _number(invoice, others),
        _vat_id(invoice, award),
    ]


def needs_judgement(findings: Sequence[Finding]) -> list[CheckCode]:
    """The checks a person has to judge before the claim can be advised: everything that did not pass."""
    return [finding.code for finding in findings if finding.outcome != CheckOutcome.PASS]


def flags(findings: Sequence[Finding]) -> list[CheckCode]:
    """The checks for which proof is asked besides a judgement: everything that did not pass (DESIGN 4.12).

    One thing is no flag: an account nobody verified yet. Everybody has that once, the assessor verifies it with the first
    claim, and it says nothing about the invoice (ADR 0014).
    """
    return [
        finding.code
        for finding in findings
        if finding.outcome != CheckOutcome.PASS and finding.seen.code != SeenReason.ACCOUNT_UNVERIFIED
    ]


def counted_cost(excl: Decimal, incl: Decimal, vat_deductible: Decimal) -> Decimal:
    """What of an invoice counts: the amount without VAT and the VAT the business does not get back, floored to the cent.

    `vat_deductible` is a percentage. Raises ValueError when the total is lower than the amount without VAT.
    """
    if incl < excl:
        raise ValueError("the total with VAT is lower than the amount without VAT")
    return excl + floor_cents((incl - excl) * (HUNDRED - vat_deductible) / HUNDRED)


@dataclass(frozen=True)
class Determined:
    """What the arithmetic gives for one claim, with its lines."""

    amount: Decimal
    arithmetic: tuple[ArithmeticRow, ...]


def determined_amount(
    *,
    award: Decimal,
    eligible: Decimal,
    rate: Decimal,
    invoiced: Decimal,
    invoiced_before: Decimal = ZERO,
    determined_before: Decimal = ZERO,
    other_funding: Decimal = ZERO,
) -> Determined:
    """min(award, floor(rate x min(eligible, invoices))) less what earlier claims on the voucher got; never above the award.

    Invoices of one voucher are added up before the rate is taken, so that paying in parts never costs or gains a cent.
    Other public money for the same cost is taken off the invoices, as it was taken off the quote (DESIGN 4.7).
    Raises ValueError for an amount that is negative, unreal or has a fraction of a cent.
    """
    for amount in (award, eligible, invoiced, invoiced_before, determined_before, other_funding):
        if euro(amount) < 0:
            raise ValueError(f"{amount} is negative")
    counted = min(eligible, max(invoiced_before + invoiced - other_funding, ZERO))
    by_rate = floor_cents(rate * counted / HUNDRED)
    amount = max(min(award, by_rate) - determined_before, ZERO)
    rows = [ArithmeticRow(Reason(ClaimRow.INVOICED), invoiced)]
    if invoiced_before:
        rows.append(ArithmeticRow(Reason(ClaimRow.INVOICED_BEFORE), invoiced_before))
    if other_funding:
        rows.append(ArithmeticRow(Reason(ClaimRow.OTHER_FUNDING), -other_funding))
    rows += [
        ArithmeticRow(Reason(ClaimRow.ELIGIBLE), eligible),
        ArithmeticRow(Reason(ClaimRow.COUNTED), counted),
        ArithmeticRow(Reason(ClaimRow.BY_RATE, {"percent": f"{rate.normalize():f}"}), by_rate),
        ArithmeticRow(Reason(ClaimRow.AWARD), award),
    ]
    if determined_before:
        rows.append(ArithmeticRow(Reason(ClaimRow.BEFORE), -determined_before))
    rows.append(ArithmeticRow(Reason(ClaimRow.AMOUNT), amount))
    return Determined(amount, tuple(rows))


def lowering_reasons(
    amount: Decimal,
    computed: Decimal,
    *,
    ground: LowerGround | None,
    explanation: str,
) -> list[Reason]:
    """Why this amount cannot be advised, revised to or determined. Above the arithmetic: never. Below it: only on a ground and
    with an explanation (Awb 4:46)."""
    if amount > computed:
        return [Reason(ClaimReason.ABOVE_ARITHMETIC, {"amount": computed}, ground="Awb 4:46")]
    if amount < computed and (ground is None or not explanation.strip()):
        return [Reason(ClaimReason.GROUND_NEEDED, ground="Awb 4:46")]
    return []


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What stands behind an amount: checks a person did not judge or did not accept, the provider's word, and the proof.

    `unjudged` and `refused` are checks of the machine that did not pass by themselves.
    """

    unjudged: Sequence[CheckCode] = ()
    refused: Sequence[CheckCode] = ()
    confirmed: bool = False
    proof_missing: bool = False


def evidence_of(
    findings: Sequence[Finding], judgements: Mapping[str, Mapping[str, Any]], *, confirmed: bool, proof_missing: bool
) -> Evidence:
    """Puts the judgements beside the checks. A judgement without words is none."""
    unjudged, refused = [], []
    for code in needs_judgement(findings):
        judged = judgements.get(code.value, {})
        if judged.get("accepted") is None or not judged.get("note", "").strip():
            unjudged.append(code)
        if judged.get("accepted") is False:
            refused.append(code)
    return Evidence(unjudged=unjudged, refused=refused, confirmed=confirmed, proof_missing=proof_missing)


def evidence_reasons(amount: Decimal, computed: Decimal, evidence: Evidence) -> list[Reason]:
    """Why this amount does not rest on what was seen, whoever proposes it: assessor or decider (DESIGN 4.12).

    Every check that did not pass has to be judged; one that was not accepted lowers the amount; nothing at all is paid
    without the provider's confirmation and, where it is asked for, the proof.
    """
    reasons = [
        Reason(ClaimReason.CHECK_NOT_JUDGED, {"check": str(CheckCode(code).label)}) for code in evidence.unjudged
    ]
    if evidence.refused and computed and amount >= computed:
        reasons.append(Reason(ClaimReason.CHECK_REFUSED))
    if amount and not evidence.confirmed:
        reasons.append(Reason(ClaimReason.NOT_CONFIRMED))
    if amount and evidence.proof_missing:
        reasons.append(Reason(ClaimReason.PROOF_NEEDED))
    return reasons


def reclaim_reasons(
    amount: Decimal,
    *,
    paid: Decimal,
    reclaimed: Decimal,
    determined_on: datetime.date,
    last_day: datetime.date,
    today: datetime.date,
) -> list[Reason]:
    """Why this amount cannot be asked back: more than was paid and not asked back before, or after five years (Awb 4:57)."""
    reasons = []
    if amount > paid - reclaimed:
        reasons.append(Reason(ClaimReason.RECLAIM_TOO_HIGH, {"amount": paid - reclaimed}))
    if today > last_day:
        reasons.append(Reason(ClaimReason.RECLAIM_TOO_OLD, {"determined_on": determined_on}, ground="Awb 4:57"))
    return reasons


def _arithmetic(invoice: InvoiceFacts) -> Finding:
    seen = {"excl": invoice.excl, "incl": invoice.incl}
    if invoice.incl < invoice.excl:
        return Finding(CheckCode.ARITHMETIC, CheckOutcome.FAIL, Reason(SeenReason.TOTAL_LOWER, seen))
    vat = invoice.incl - invoice.excl
    for rate in VAT_RATES:
        if abs(vat - round_cents(invoice.excl * rate / HUNDRED)) <= (VAT_TOLERANCE if rate else ZERO):
            reason = Reason(SeenReason.ADDS_UP, {**seen, "percent": f"{rate}"})
            return Finding(CheckCode.ARITHMETIC, CheckOutcome.PASS, reason)
    return Finding(CheckCode.ARITHMETIC, CheckOutcome.UNKNOWN, Reason(SeenReason.VAT_UNUSUAL, seen))


def _dates(invoice: InvoiceFacts, award: AwardFacts) -> Finding:
    seen = {
        "applied_on": award.applied_on,
        "ordered_on": award.ordered_on,
        "delivered_on": award.delivered_on,
        "invoice_date": invoice.dated,
        "claim_by": award.claim_by,
    }
    if invoice.dated < award.applied_on:
        return Finding(CheckCode.DATES, CheckOutcome.FAIL, Reason(SeenReason.INVOICE_BEFORE_APPLYING, seen))
    if invoice.dated < award.ordered_on:
        return Finding(CheckCode.DATES, CheckOutcome.UNKNOWN, Reason(SeenReason.INVOICE_BEFORE_ORDER, seen))
    if invoice.dated > award.claim_by:
        return Finding(CheckCode.DATES, CheckOutcome.FAIL, Reason(SeenReason.INVOICE_AFTER_TERM, seen))
    return Finding(CheckCode.DATES, CheckOutcome.PASS, Reason(SeenReason.INSIDE_TERM, seen))


def _supplier(invoice: InvoiceFacts, award: AwardFacts) -> Finding:
    if not invoice.supplier_kvk:
        seen = Reason(SeenReason.NO_SUPPLIER_KVK, {"voucher": award.provider_kvk})
        return Finding(CheckCode.SUPPLIER, CheckOutcome.UNKNOWN, seen)
    if invoice.supplier_kvk == award.provider_kvk:
        return Finding(
            CheckCode.SUPPLIER, CheckOutcome.PASS, Reason(SeenReason.SAME_SUPPLIER, {"kvk": award.provider_kvk})
        )
    seen = Reason(SeenReason.OTHER_SUPPLIER, {"invoice": invoice.supplier_kvk, "voucher": award.provider_kvk})
    return Finding(CheckCode.SUPPLIER, CheckOutcome.FAIL, seen)


def _package(invoice: InvoiceFacts, award: AwardFacts) -> Finding:
    invoiced = award.invoiced_before + invoice.excl
    if invoiced > award.quoted:
        seen = Reason(SeenReason.MORE_THAN_QUOTED, {"invoiced": invoiced, "quoted": award.quoted})
        return Finding(CheckCode.PACKAGE, CheckOutcome.UNKNOWN, seen)
    description = invoice.description.casefold()
    for name in (award.package, award.solution):
        if name and name.casefold() in description:
            return Finding(CheckCode.PACKAGE, CheckOutcome.PASS, Reason(SeenReason.PACKAGE_NAMED, {"name": name}))
    names = f"{award.solution}, {award.package}"
    seen = Reason(SeenReason.PACKAGE_NOT_NAMED, {"description": invoice.description, "name": names})
    return Finding(CheckCode.PACKAGE, CheckOutcome.UNKNOWN, seen)


def _account(verified: bool | None) -> Finding:
    if verified is None:
        return Finding(CheckCode.IBAN, CheckOutcome.FAIL, Reason(SeenReason.ACCOUNT_MISSING))
    if verified:
        return Finding(CheckCode.IBAN, CheckOutcome.PASS, Reason(SeenReason.ACCOUNT_VERIFIED))
    return Finding(CheckCode.IBAN, CheckOutcome.UNKNOWN, Reason(SeenReason.ACCOUNT_UNVERIFIED))


def _number(invoice: InvoiceFacts, others: OtherClaims) -> Finding:
    if others.same_number:
        return Finding(
            CheckCode.INVOICE_NUMBER, CheckOutcome.FAIL, Reason(SeenReason.NUMBER_USED, {"number": invoice.number})
        )
    if others.lookalikes:
        seen = Reason(SeenReason.LOOKALIKE, {"number": invoice.number, "count": others.lookalikes})
        return Finding(CheckCode.INVOICE_NUMBER, CheckOutcome.UNKNOWN, seen)
    return Finding(
        CheckCode.INVOICE_NUMBER, CheckOutcome.PASS, Reason(SeenReason.NUMBER_NEW, {"number": invoice.number})
    )


def _vat_id(invoice: InvoiceFacts, award: AwardFacts) -> Finding:
    if not invoice.supplier_vat_id:
        return Finding(CheckCode.VAT_ID, CheckOutcome.UNKNOWN, Reason(SeenReason.VAT_ID_NOT_GIVEN))
    if not award.provider_vat_id:
        seen = {"invoice": invoice.supplier_vat_id}
        return Finding(CheckCode.VAT_ID, CheckOutcome.UNKNOWN, Reason(SeenReason.VAT_ID_UNKNOWN, seen))
    if invoice.supplier_vat_id == award.provider_vat_id:
        return Finding(
            CheckCode.VAT_ID, CheckOutcome.PASS, Reason(SeenReason.VAT_ID_SAME, {"vat_id": award.provider_vat_id})
        )
    seen = {"invoice": invoice.supplier_vat_id, "register": award.provider_vat_id}
    return Finding(CheckCode.VAT_ID, CheckOutcome.FAIL, Reason(SeenReason.VAT_ID_OTHER, seen))
