"""How much a voucher is (DESIGN 4.7). Amounts are euros with two places; rates are percentages such as `Decimal(80)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import ZERO, floor_cents, split_largest_remainder
from core.reasons import Reason
from vouchers.enums import VatPosition
from vouchers.reasons import AmountReason, Row

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class AwardTerms:
    """What a programme pays: `rate` in percent, `cap` and `minimum` in euros, `window_months` for which the cap holds.

    State aid is limited to `de_minimis_ceiling` euros in `de_minimis_months`.
    """

    rate: Decimal
    cap: Decimal
    minimum: Decimal
    window_months: int = 12
    de_minimis_ceiling: Decimal = Decimal("300000.00")
    de_minimis_months: int = 36

    def as_json(self) -> dict[str, Any]:
        return {
            "rate": str(self.rate),
            "cap": str(self.cap),
            "minimum": str(self.minimum),
            "window_months": self.window_months,
            "de_minimis_ceiling": str(self.de_minimis_ceiling),
            "de_minimis_months": self.de_minimis_months,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "AwardTerms":
        return cls(
            rate=Decimal(stored["rate"]),
            cap=Decimal(stored["cap"]),
            minimum=Decimal(stored["minimum"]),
            window_months=stored["window_months"],
            de_minimis_ceiling=Decimal(stored["de_minimis_ceiling"]),
            de_minimis_months=stored["de_minimis_months"],
        )


@dataclass(frozen=True)
class ArithmeticRow:
    """One line of the sum as a person reads it: words and an amount."""

    label: Reason
    amount: Decimal

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label.as_json(), "amount": str(self.amount)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ArithmeticRow":
        return cls(Reason.from_json(stored["label"]), Decimal(stored["amount"]))


@dataclass(frozen=True)
class Award:
    """What the rule gives: `award` is 0.00 with at least one reason when it would be below the minimum."""

    eligible: Decimal
    award: Decimal
    own_contribution: Decimal
    arithmetic: tuple[ArithmeticRow, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Quote:
    """What a line costs according to its quote, in euros.

    `net` is after discounts, without VAT and without what never counts (hardware, delivery, paid advertising);
    `vat` is the VAT on it; `vat_deductible` is the percentage of that VAT the applicant gets back;
    `approved_price` is the approved package price for the quantity on the quote's date, or None when there is none;
    `other_funding` is other public money for the same cost.
    """

    net: Decimal
    vat: Decimal = ZERO
    vat_deductible: Decimal = HUNDRED
    approved_price: Decimal | None = None
    other_funding: Decimal = ZERO


def deductible_percent(position: str, pro_rata: Decimal | None) -> Decimal:
    """How many percent of the VAT does not count as cost. Reverse-charged VAT is never paid to the supplier, so it never counts."""
    match position:
        case VatPosition.NONE:
            return Decimal(0)
        case VatPosition.PRO_RATA:
            return Decimal(0) if pro_rata is None else pro_rata
        case _:
            return HUNDRED


def eligible_line(quote: Quote) -> Decimal:
    """The cost of one line that counts: min(quote, approved price), plus VAT that is not deducted, minus other public money.

    Raises ValueError for a negative or unreal amount. The VAT follows the capped price in proportion.
    """
    for amount in (quote.net, quote.vat, quote.other_funding):
        _require_amount(amount)
    net = quote.net
    if quote.approved_price is not None:
        _require_amount(quote.approved_price)
        net = min(net, quote.approved_price)
    lost_vat = ZERO
    if quote.net > 0:
        lost_vat = floor_cents(quote.vat * (HUNDRED - quote.vat_deductible) / HUNDRED * net / quote.net)
    return max(net + lost_vat - quote.other_funding, ZERO)


def award_for(
    eligible: Decimal,
    terms: AwardTerms,
    *,
    already_awarded: Decimal = ZERO,
    de_minimis_headroom: Decimal | None = None,
    ceiling_left: Decimal | None = None,
) -> Award:
    """floor to the cent of min(rate x eligible, cap - already awarded, de-minimis headroom); below the minimum nothing.

    `ceiling_left` is only given when the programme pays the remainder of its ceiling (`partial_grant`).
    Raises ValueError for a negative, unreal or sub-cent amount: those are refused at the door, not repaired here.
    """
    _require_amount(eligible)
    _require_amount(already_awarded)
    by_rate = floor_cents(terms.rate * eligible / HUNDRED)
    cap_left = max(terms.cap - already_awarded, ZERO)
    rows = [
        ArithmeticRow(Reason(Row.ELIGIBLE), eligible),
        ArithmeticRow(Reason(Row.RATE, {"rate": _percent(terms.rate)}), by_rate),
        ArithmeticRow(Reason(Row.CAP, {"months": terms.window_months}), terms.cap),
    ]
    limits = [by_rate, cap_left]
    notes = []
    if already_awarded > 0:
        rows += [
            ArithmeticRow(Reason(Row.ALREADY), -already_awarded),
            ArithmeticRow(Reason(Row.CAP_LEFT), cap_left),
        ]
        if cap_left < by_rate:
            params = {"months": terms.window_months, "already": already_awarded, "cap": terms.cap}
            notes.append(Reason(AmountReason.CAP_USED, params))
    if de_minimis_headroom is not None:
        room = max(de_minimis_headroom, ZERO)
        limits.append(room)
        if room < min(by_rate, cap_left):
            rows.append(ArithmeticRow(Reason(Row.DE_MINIMIS), room))
            params = {"ceiling": terms.de_minimis_ceiling, "months": terms.de_minimis_months, "left": room}
            notes.append(Reason(AmountReason.DE_MINIMIS_ROOM, params, ground="2023/2831 art. 3"))
    if ceiling_left is not None and ceiling_left < min(limits):
        left = max(ceiling_left, ZERO)
        rows.append(ArithmeticRow(Reason(Row.CEILING), left))
        notes.append(Reason(AmountReason.PART_ONLY, {"left": left, "amount": min(limits)}, ground="Awb 4:25"))
        limits.append(left)
    amount = min(limits)
    if amount < terms.minimum:
        notes.insert(0, Reason(AmountReason.BELOW_MINIMUM, {"award": amount, "minimum": terms.minimum}))
        amount = ZERO
    own = eligible - amount
    rows += [ArithmeticRow(Reason(Row.AWARD), amount), ArithmeticRow(Reason(Row.OWN), own)]
    return Award(eligible, amount, own, tuple(rows), tuple(notes))


def split_award(total: Decimal, eligible: Sequence[Decimal]) -> list[Decimal]:
    """The award over the lines in proportion to their eligible cost, to the cent, by largest remainder (DESIGN 4.7)."""
    return split_largest_remainder(total, eligible)


def _require_amount(amount: Decimal) -> None:
    if not amount.is_finite() or amount < 0 or amount != floor_cents(amount):
        raise ValueError(f"{amount} is not an amount in whole cents")


def _percent(rate: Decimal) -> str:
    """80.00 as `80`, 62.50 as `62.5`."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
