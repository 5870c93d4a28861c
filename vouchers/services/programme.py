"""Programmes: what they pay, and their numbers through time."""

import datetime
from decimal import Decimal
from typing import Any

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.reasons import Reason, ReasonCode, Refused
from core.workflow import NotAuthorised, note, unit
from vouchers.enums import Distribution, RuleOutcome
from vouchers.models import Programme, RuleSet
from vouchers.reasons import BudgetReason
from vouchers.rules.amount import Award, award_for
from vouchers.rules.eligibility import Facts, Moment, judge

OPENING = ("distribution", "prefix", "opens_on")
"""What is announced with a programme and stays as it is once it is open (Awb 4:26)."""


def estimate(programme: Programme, eligible_cost: Decimal) -> Award:
    """What a voucher would pay for this cost in euros, as nobody in particular: the cap is whole, nothing was had before.

    Raises ValueError for an amount that is negative or no number of whole cents, RuleSet.DoesNotExist before the opening.
    """
    return estimate_under(programme.rules_on(clock.today()), eligible_cost)


def estimate_under(rules: RuleSet, eligible_cost: Decimal) -> Award:
    """The same under a version of the rules that was read already, for pages that estimate many costs. Raises ValueError."""
    return award_for(eligible_cost, rules.award_terms())


def foreseen(rules: RuleSet, *, province: str | None, sbi: str) -> set[ReasonCode]:
    """Why a business of which only this is known may get no voucher: the reasons of the rules of the pre-check (DESIGN 4.9).

    A rule that the programme does not ask, or only notes, says nothing. What nobody knows yet is among the reasons.
    """
    facts = Facts(on=clock.today(), province=province, sbi=sbi or None)
    outcomes = judge(facts, rules.conditions(), Moment.PRE_CHECK)
    in_the_way = (RuleOutcome.REVIEW, RuleOutcome.FAIL)
    return {why.code for outcome in outcomes if outcome.outcome in in_the_way for why in outcome.reasons}


@unit
def set_up_programme(*, by: Any, code: str, rules: dict[str, Any] | None = None, **fields: Any) -> Programme:
    """Makes a programme with the first version of its rules, or brings its words up to date; doing it twice changes nothing.

    What was announced with an open programme cannot change any more: raises Refused. So does a division per day by lot, which
    nothing carries out yet. The rules of an existing programme are left alone: `new_rules` writes their next version.
    """
    if not (isinstance(by, SystemActor) or by.holds(Role.MANAGER)):
        raise NotAuthorised("set_up_programme")
    programme = Programme.objects.select_for_update(of=("self",)).filter(code=code).first()
    changes_division = programme is None or programme.distribution != Distribution.DAY_LOTTERY
    by_lot = changes_division and fields.get("distribution") == Distribution.DAY_LOTTERY
    if programme is None:
        if by_lot:
            raise Refused(Reason(BudgetReason.LOTTERY_NOT_YET))
        programme = Programme(code=code, **fields)
        programme.full_clean()
        programme.save()
        note(by=by, action="set_up_programme", subject=programme, facts={"code": code})
    else:
        changed = {name: value for name, value in fields.items() if getattr(programme, name) != value}
        if changed:
            if programme.is_open(clock.today()) and set(changed) & set(OPENING):
                raise Refused(Reason(BudgetReason.DISTRIBUTION_FROZEN, ground="Awb 4:26"))
            if by_lot:
                raise Refused(Reason(BudgetReason.LOTTERY_NOT_YET))
            for name, value in changed.items():
                setattr(programme, name, value)
            programme.full_clean()
            programme.save()
            note(by=by, action="change_programme", subject=programme, facts={"fields": sorted(changed)})
    if not programme.rule_sets.exists():
        _write_rules(by, programme, programme.opens_on, rules or {})
    return programme


@unit
def new_rules(*, by: Any, programme: Programme, valid_from: datetime.date, **numbers: Any) -> RuleSet:
    """The next version of a programme's numbers: those of the last one with `numbers` changed, from a day on.

    Running cases keep the version they were made under.
    """
    if not (isinstance(by, SystemActor) or by.holds(Role.MANAGER)):
        raise NotAuthorised("new_rules")
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    last = programme.rule_sets.order_by("-version").first()
    kept = {field.attname: getattr(last, field.attname) for field in RuleSet._meta.concrete_fields} if last else {}
    for own in ("id", "programme_id", "version", "valid_from"):
        kept.pop(own, None)
    return _write_rules(by, programme, valid_from, {**kept, **numbers})


def _write_rules(by: Any, programme: Programme, valid_from: datetime.date, numbers: dict[str, Any]) -> RuleSet:
    rules = RuleSet(programme=programme, version=programme.rule_sets.count() + 1, valid_from=valid_from, **numbers)
    rules.full_clean()
    rules.save()
    facts = {"version": rules.version, "valid_from": valid_from, "rate": rules.rate, "cap": rules.cap}
    note(by=by, action="new_rules", subject=programme, facts=facts)
    return rules
