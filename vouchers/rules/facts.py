"""What the conditions of a programme look at: plain values, gathered by `vouchers.services.facts` and frozen by a decision."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from core.canonical import plain
from core.money import ZERO
from vouchers.rules.size import RelatedFacts


@dataclass(frozen=True)
class SupplierFacts:
    """What ties a supplier to the applicant. Only the outcome of each comparison, never the number or address itself."""

    name: str
    same_kvk: bool = False
    same_iban: bool = False
    same_person: bool = False
    same_address: bool = False
    same_mail_domain: bool = False


@dataclass(frozen=True)
class QuoteFacts:
    """A quote as the applicant described it."""

    number: str
    dated: datetime.date | None
    valid_until: datetime.date | None
    unsigned: bool


@dataclass(frozen=True)
class SolutionFacts:
    """The chosen solution on this day: `listed` and `preferred` say where it stands, `assurance` that it saves no minutes.

    On trial it gets vouchers through `trial_until`, `trial_limit` in all, of which `trial_left` were not given yet.
    """

    name: str
    listed: bool
    preferred: bool
    assurance: bool = False
    on_roadmap: bool | None = None
    motivation_given: bool = False
    trial_until: datetime.date | None = None
    trial_limit: int | None = None
    trial_left: int | None = None


@dataclass(frozen=True)
class PayeeFacts:
    """The account a claim is to be paid to: whose it is, and whether it is still that account, checked and in use."""

    name: str
    own: bool
    checked: bool
    ended: bool


@dataclass(frozen=True)
class SuspicionFacts:
    """A notice of intent to take the voucher back or to pay less, on which nothing was decided yet (Awb 4:56)."""

    announced_on: datetime.date
    until: datetime.date


@dataclass(frozen=True)
class Facts:
    """Everything the rules look at. `on` is the day it is asked for; amounts are euros; None means not known.

    `payee` and `suspicion` are facts of a claim, gathered for its payment alone.
    """

    on: datetime.date
    province: str | None = None
    headcount: int | None = None
    turnover: Decimal | None = None
    balance_total: Decimal | None = None
    in_group: bool | None = False
    related: Sequence[RelatedFacts] = ()
    founded_on: datetime.date | None = None
    sbi: str | None = None
    solutions: Sequence[SolutionFacts] = ()
    quotes: Sequence[QuoteFacts] = ()
    suppliers: Sequence[SupplierFacts] = ()
    nothing_ordered: bool = False
    own_contribution: bool = False
    not_insolvent: bool = False
    insolvent_since: datetime.date | None = None
    other_live: bool = False
    declared_de_minimis: Decimal = ZERO
    awarded_de_minimis: Decimal = ZERO
    payee: PayeeFacts | None = None
    suspicion: SuspicionFacts | None = None

    def as_json(self) -> dict[str, Any]:
        """The facts as a decision freezes them."""
        return plain(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Facts":
        """The facts a decision on an application froze: those of a payment are not among them."""
        amounts = ("turnover", "balance_total", "declared_de_minimis", "awarded_de_minimis")
        values = dict(stored)
        values |= {name: None if values[name] is None else Decimal(values[name]) for name in amounts}
        values |= {name: _day(values.get(name)) for name in ("on", "founded_on", "insolvent_since")}
        values["solutions"] = tuple(
            SolutionFacts(**{**row, "trial_until": _day(row.get("trial_until"))}) for row in values["solutions"]
        )
        values["related"] = tuple(_related(row) for row in values.get("related", ()))
        values["suppliers"] = tuple(SupplierFacts(**row) for row in values["suppliers"])
        values["quotes"] = tuple(
            QuoteFacts(**{**row, "dated": _day(row["dated"]), "valid_until": _day(row["valid_until"])})
            for row in values["quotes"]
        )
        return cls(**values)


def _related(row: Mapping[str, Any]) -> RelatedFacts:
    numbers = {name: Decimal(row[name]) for name in ("share", "turnover", "balance_total")}
    return RelatedFacts(**{**row, **numbers})


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
