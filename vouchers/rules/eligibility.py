"""Whether an application meets the conditions of its programme (DESIGN 4.9): small named rules, each with its own mode.

A rule that is met says nothing. A rule that is not met gives its reasons, and the programme's mode decides what that
means: noted, judged by a person, or a refusal. What is not known is never silently met: a person looks at it.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.canonical import plain
from core.reasons import Reason
from core.terms import add_months, add_weeks
from vouchers.enums import RuleMode, RuleOutcome, SolutionStanding
from vouchers.reasons import EligibilityReason as Why
from vouchers.rules.facts import Facts, SolutionFacts
from vouchers.rules.size import Limits, size_reasons

#: Version of the code of these rules; with the version of the programme's parameters it names what a case was judged by.
RULES_VERSION = "application-1"


class Moment(StrEnum):
    """When a rule is asked: while the application is not complete yet, when it is, at the award, and before each payment."""

    PRE_CHECK = "pre_check"
    APPLY = "apply"
    AWARD = "award"
    PAYOUT = "payout"


@dataclass(frozen=True)
class Conditions:
    """A programme's parameters for the rules. `modes` overrules the mode a rule has by default."""

    provinces: Sequence[str] = ("PV20", "PV21", "PV22")
    province_names: str = "Groningen, Fryslân, Drenthe"
    headcount_limit: int = 250
    turnover_limit: Decimal = Decimal("50000000.00")
    balance_limit: Decimal = Decimal("43000000.00")
    trading_months: int = 12
    primary_sectors: Sequence[str] = ("01", "03")
    standing: str = SolutionStanding.PREFERRED
    de_minimis_ceiling: Decimal = Decimal("300000.00")
    de_minimis_months: int = 36
    minimum: Decimal = Decimal("500.00")
    price_held_weeks: int = 4
    modes: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return plain(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Conditions":
        amounts = ("turnover_limit", "balance_limit", "de_minimis_ceiling", "minimum")
        return cls(**{**stored, **{name: Decimal(stored[name]) for name in amounts}})


Judge = Callable[[Facts, Conditions], list[Reason]]

#: Reasons that say a fact is missing: whatever the mode, a person looks, nobody is refused for a blank.
UNKNOWN = {
    Why.PROVINCE_UNKNOWN,
    Why.HEADCOUNT_UNKNOWN,
    Why.GROUP_UNKNOWN,
    Why.FIGURES_UNKNOWN,
    Why.BALANCE_UNKNOWN,
    Why.TURNOVER_UNKNOWN,
    Why.TRADING_TIME_UNKNOWN,
    Why.SBI_UNKNOWN,
}


@dataclass(frozen=True)
class Rule:
    """One condition: its code, its name for people, its legal ground, its usual mode and when it is asked."""

    code: str
    name: Any
    ground: str
    mode: RuleMode
    moments: frozenset[Moment]
    judge: Judge


@dataclass(frozen=True)
class Outcome:
    """What one rule saw."""

    code: str
    outcome: RuleOutcome
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "outcome": self.outcome.value, "reasons": [why.as_json() for why in self.reasons]}

    @property
    def rule(self) -> Rule:
        return RULES[self.code]


def judge(facts: Facts, conditions: Conditions, moment: Moment) -> list[Outcome]:
    """Every rule that is asked at this moment with its outcome, in the order of the list."""
    outcomes = []
    for rule in RULES.values():
        mode = RuleMode(conditions.modes.get(rule.code, rule.mode))
        if mode == RuleMode.OFF or moment not in rule.moments:
            continue
        reasons = tuple(Reason(why.code, why.params, rule.ground) for why in rule.judge(facts, conditions))
        outcomes.append(Outcome(rule.code, _outcome(mode, reasons), reasons))
    return outcomes


def overall(outcomes: Sequence[Outcome]) -> RuleOutcome:
    """Not eligible when one rule fails, review needed when one asks for it, eligible otherwise."""
    seen = {outcome.outcome for outcome in outcomes}
    if RuleOutcome.FAIL in seen:
        return RuleOutcome.FAIL
    return RuleOutcome.REVIEW if RuleOutcome.REVIEW in seen else RuleOutcome.PASS


def _outcome(mode: RuleMode, reasons: Sequence[Reason]) -> RuleOutcome:
    if not reasons:
        return RuleOutcome.PASS
    if mode == RuleMode.FAIL and all(why.code in UNKNOWN for why in reasons):
        return RuleOutcome.REVIEW
    return RuleOutcome(mode.value)


# --- the rules -------------------------------------------------------------------------------------------------------


def _established(facts: Facts, conditions: Conditions) -> list[Reason]:
    if facts.province is None:
        return [Reason(Why.PROVINCE_UNKNOWN)]
    if facts.province not in conditions.provinces:
        return [Reason(Why.PROVINCE, {"provinces": conditions.province_names})]
    return []


def _small(facts: Facts, conditions: Conditions) -> list[Reason]:
    limits = Limits(conditions.headcount_limit, conditions.turnover_limit, conditions.balance_limit)
    reasons = size_reasons(facts.headcount, facts.turnover, facts.balance_total, facts.related, limits)
    if facts.in_group is None and not reasons:  # too large by itself it is in any group
        return [Reason(Why.GROUP_UNKNOWN)]
    return reasons


def _trading(facts: Facts, conditions: Conditions) -> list[Reason]:
    if facts.founded_on is None:
        return [Reason(Why.TRADING_TIME_UNKNOWN)]
    if add_months(facts.founded_on, conditions.trading_months) > facts.on:
        return [Reason(Why.TRADING_TIME, {"months": conditions.trading_months})]
    return []


def _primary_sector(facts: Facts, conditions: Conditions) -> list[Reason]:
    if not facts.sbi:
        return [Reason(Why.SBI_UNKNOWN)]
    if facts.sbi.startswith(tuple(conditions.primary_sectors)):
        return [Reason(Why.PRIMARY_SECTOR, {"sbi": facts.sbi})]
    return []


def listed_suffices(standing: str, *, assurance: bool) -> bool:
    """Whether a solution need not be on the preferred list: the programme asks no more, or it protects the business."""
    return assurance or standing == SolutionStanding.LISTED


def _standing(facts: Facts, conditions: Conditions) -> list[Reason]:
    reasons = []
    for solution in facts.solutions:
        suffices = listed_suffices(conditions.standing, assurance=solution.assurance)
        if suffices and not solution.listed:
            reasons.append(Reason(Why.NOT_LISTED, {"solution": solution.name}))
        elif not suffices and not (solution.listed and solution.preferred):
            reasons.append(Reason(Why.NOT_PREFERRED, {"solution": solution.name}))
    return reasons


def trial_reasons(solution: SolutionFacts, on: datetime.date) -> list[Reason]:
    """Why a solution on trial gets no voucher on this day: its time is over, or its vouchers are given out (DESIGN 4.4)."""
    if solution.trial_until is not None and on > solution.trial_until:
        return [Reason(Why.TRIAL_OVER, {"solution": solution.name, "until": solution.trial_until})]
    if solution.trial_left is not None and solution.trial_left < 1:
        return [Reason(Why.TRIAL_FULL, {"solution": solution.name, "limit": solution.trial_limit})]
    return []


def _trial(facts: Facts, _conditions: Conditions) -> list[Reason]:
    return [why for solution in facts.solutions for why in trial_reasons(solution, facts.on)]


def _roadmap(facts: Facts, _conditions: Conditions) -> list[Reason]:
    return [
        Reason(Why.NOT_ON_ROADMAP, {"solution": solution.name})
        for solution in facts.solutions
        if not solution.on_roadmap and not solution.motivation_given
    ]


def _nothing_ordered(facts: Facts, _conditions: Conditions) -> list[Reason]:
    return [] if facts.nothing_ordered else [Reason(Why.ALREADY_ORDERED)]


def _quotes(facts: Facts, _conditions: Conditions) -> list[Reason]:
    reasons = []
    for quote in facts.quotes:
        if quote.dated is None or quote.dated > facts.on:
            reasons.append(Reason(Why.QUOTE_FUTURE, {"number": quote.number, "dated": quote.dated or "-"}))
        if quote.valid_until is None or quote.valid_until < facts.on:
            reasons.append(Reason(Why.QUOTE_EXPIRED, {"number": quote.number, "valid_until": quote.valid_until or "-"}))
        if not quote.unsigned:
            reasons.append(Reason(Why.QUOTE_SIGNED, {"number": quote.number}))
    return reasons


def _price_held(facts: Facts, conditions: Conditions) -> list[Reason]:
    needed = add_weeks(facts.on, conditions.price_held_weeks)
    return [
        Reason(Why.QUOTE_SHORT, {"number": quote.number, "needed": needed, "weeks": conditions.price_held_weeks})
        for quote in facts.quotes
        if quote.valid_until is not None and quote.valid_until < needed
    ]


def _independent(facts: Facts, _conditions: Conditions) -> list[Reason]:
    reasons = []
    for supplier in facts.suppliers:
        params = {"supplier": supplier.name}
        if supplier.same_kvk:
            reasons.append(Reason(Why.SAME_BUSINESS, params))
        if supplier.same_iban:
            reasons.append(Reason(Why.SAME_IBAN, params))
        if supplier.same_person:
            reasons.append(Reason(Why.SAME_PERSON, params))
    return reasons


def _near(facts: Facts, _conditions: Conditions) -> list[Reason]:
    reasons = []
    for supplier in facts.suppliers:
        params = {"supplier": supplier.name}
        if supplier.same_address:
            reasons.append(Reason(Why.SAME_ADDRESS, params))
        if supplier.same_mail_domain:
            reasons.append(Reason(Why.SAME_MAIL_DOMAIN, params))
    return reasons


def _one_live(facts: Facts, _conditions: Conditions) -> list[Reason]:
    return [Reason(Why.OTHER_LIVE)] if facts.other_live else []


def _own_contribution(facts: Facts, _conditions: Conditions) -> list[Reason]:
    return [] if facts.own_contribution else [Reason(Why.OWN_CONTRIBUTION)]


def _de_minimis(facts: Facts, conditions: Conditions) -> list[Reason]:
    used = facts.declared_de_minimis + facts.awarded_de_minimis
    if conditions.de_minimis_ceiling - used < conditions.minimum:
        params = {"declared": used, "ceiling": conditions.de_minimis_ceiling, "months": conditions.de_minimis_months}
        return [Reason(Why.DE_MINIMIS, params)]
    return []


def _solvent(facts: Facts, _conditions: Conditions) -> list[Reason]:
    if facts.insolvent_since is not None:
        return [Reason(Why.INSOLVENT_SINCE, {"since": facts.insolvent_since})]
    return [] if facts.not_insolvent else [Reason(Why.INSOLVENT)]


def _payee(facts: Facts, _conditions: Conditions) -> list[Reason]:
    payee = facts.payee
    if payee is None:
        return [Reason(Why.PAYEE_UNKNOWN)]
    if not payee.own or payee.ended:
        return [Reason(Why.PAYEE_ACCOUNT, {"payee": payee.name})]
    return [] if payee.checked else [Reason(Why.PAYEE_UNCHECKED, {"payee": payee.name})]


def _no_suspicion(facts: Facts, _conditions: Conditions) -> list[Reason]:
    suspicion = facts.suspicion
    if suspicion is None or facts.on > suspicion.until:
        return []
    return [Reason(Why.SUSPICION, {"announced": suspicion.announced_on, "until": suspicion.until})]


_EARLY = frozenset({Moment.PRE_CHECK, Moment.APPLY, Moment.AWARD})
_FILED = frozenset({Moment.APPLY, Moment.AWARD})
_PAID = frozenset({Moment.PAYOUT})
_ALWAYS = frozenset(Moment)

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("established", _("Established in the north"), "Awb 4:23", RuleMode.FAIL, _EARLY, _established),
        Rule("sme", _("Small or medium-sized business"), "2003/361/EG", RuleMode.FAIL, _EARLY, _small),
        Rule("trading_time", _("Time in business"), "Awb 4:23", RuleMode.OFF, _EARLY, _trading),
        Rule(
            "primary_sector", _("Not farming or fishing"), "2023/2831 art. 1", RuleMode.REVIEW, _EARLY, _primary_sector
        ),
        Rule("standing", _("Solution on the preferred list"), "Awb 4:23", RuleMode.FAIL, _FILED, _standing),
        Rule("trial", _("Within the limits of a trial"), "Awb 4:23", RuleMode.FAIL, _FILED, _trial),
        Rule("roadmap", _("Fits the roadmap of the business"), "Awb 4:23", RuleMode.REVIEW, _FILED, _roadmap),
        Rule("nothing_ordered", _("Nothing ordered yet"), "Awb 4:23", RuleMode.FAIL, _FILED, _nothing_ordered),
        Rule(
            "quote", _("Quote dated, valid and unsigned"), "Awb 4:23", RuleMode.FAIL, frozenset({Moment.APPLY}), _quotes
        ),
        Rule(
            "price_held",
            _("Price held after the award"),
            "Awb 4:23",
            RuleMode.REVIEW,
            frozenset({Moment.AWARD}),
            _price_held,
        ),
        Rule(
            "independent", _("Supplier independent of the business"), "Awb 4:23", RuleMode.FAIL, _ALWAYS, _independent
        ),
        Rule("near", _("No close ties with the supplier"), "Awb 4:23", RuleMode.REVIEW, _FILED, _near),
        Rule("one_live", _("One application at a time"), "Awb 4:23", RuleMode.FAIL, _EARLY, _one_live),
        Rule(
            "own_contribution", _("Own part paid by the business"), "Awb 4:23", RuleMode.FAIL, _FILED, _own_contribution
        ),
        Rule("de_minimis", _("Room under the state aid limit"), "2023/2831 art. 3", RuleMode.FAIL, _EARLY, _de_minimis),
        Rule("solvent", _("Not bankrupt"), "Awb 4:35", RuleMode.FAIL, _FILED | {Moment.PAYOUT}, _solvent),
        Rule("payee", _("Paid to an account of the payee"), "Awb 4:52", RuleMode.FAIL, _PAID, _payee),
        Rule("no_suspicion", _("Nothing to take back"), "Awb 4:56", RuleMode.FAIL, _PAID, _no_suspicion),
    )
}
