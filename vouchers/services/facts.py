"""What the rules look at, gathered from the rows. Reading only."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from accounts.models import Organisation, Province
from core.money import ZERO
from core.reasons import Reason, Refused
from providers.enums import Benefit
from providers.models import Package
from roadmap.models import Scan
from roadmap.services import roadmap_categories
from vouchers.enums import RuleOutcome
from vouchers.models import Application, ApplicationLine, RuleSet, Voucher
from vouchers.rules.amount import Award, award_for
from vouchers.rules.eligibility import Conditions, Moment, judge
from vouchers.rules.facts import Facts, QuoteFacts, SolutionFacts
from vouchers.rules.size import RelatedFacts
from vouchers.rules.terms import window_start
from vouchers.services.parties import supplier_facts
from vouchers.services.trial import vouchers_left
from vouchers.services.undertaking import kvk_numbers


def conditions_of(rules: RuleSet) -> Conditions:
    """The parameters of the eligibility rules, with the provinces by name."""
    names = Province.objects.filter(code__in=rules.provinces).order_by("code").values_list("name", flat=True)
    return rules.conditions(", ".join(names))


def lines_of(application: Application) -> list[ApplicationLine]:
    """The lines with all that the rules ask of them, in one query."""
    lines = application.lines.select_related(
        "package__solution__provider", "package__solution__category", "provider__organisation", "category", "quote_file"
    )
    found = list(lines)
    for line in found:
        line.application = application
    return found


def facts_of(application: Application, on: datetime.date) -> Facts:
    """Everything the eligibility rules look at, as it stands on a day."""
    business = application.organisation
    lines = lines_of(application)
    roadmap = roadmap_of(business)
    others = Application.objects.live().filter(programme=application.programme_id, kvk=application.kvk)
    return Facts(
        on=on,
        province=application.province_id,
        headcount=business.headcount,
        turnover=business.turnover,
        balance_total=business.balance_total,
        in_group=application.in_group,
        related=tuple(_related(application)),
        founded_on=business.founded_on,
        sbi=business.sbi or None,
        solutions=tuple(_solutions(lines, on, roadmap, motivated=bool(application.motivation.strip()))),
        quotes=tuple(
            QuoteFacts(line.quote_number, line.quote_date, line.quote_valid_until, line.quote_unsigned)
            for line in lines
        ),
        suppliers=supplier_facts(business, [line.provider for line in lines]),
        nothing_ordered=application.nothing_ordered,
        own_contribution=application.own_contribution,
        not_insolvent=application.not_insolvent,
        insolvent_since=business.insolvent_since,
        other_live=others.exclude(pk=application.pk).exists(),
        declared_de_minimis=application.declared_de_minimis or ZERO,
        awarded_de_minimis=awarded_in(application, on, application.rule_set.de_minimis_months, everywhere=True),
    )


def _related(application: Application) -> Iterator[RelatedFacts]:
    for each in application.related.order_by("pk"):
        yield RelatedFacts(each.name, each.kvk, each.share, each.headcount, each.turnover, each.balance_total)


def roadmap_of(business: Organisation) -> set[str] | None:
    """The categories on the roadmap of this business, by its latest saved scan; None without one."""
    scan = Scan.objects.finished().filter(organisation=business).order_by("-finished_at").first()
    if scan is None:
        return None
    try:
        return roadmap_categories(sector=scan.sector_id, level=scan.level, have=scan.have, sbi=scan.sbi)
    except (Refused, LookupError):
        return None


def _solutions(
    lines: list[ApplicationLine], on: datetime.date, roadmap: set[str] | None, *, motivated: bool
) -> Iterator[SolutionFacts]:
    left = vouchers_left(line.package.solution for line in lines)
    for line in lines:
        yield _solution(line, on, roadmap, motivated=motivated, trial_left=left.get(line.package.solution_id))


def _solution(
    line: ApplicationLine, on: datetime.date, roadmap: set[str] | None, *, motivated: bool, trial_left: int | None
) -> SolutionFacts:
    solution = line.package.solution
    return SolutionFacts(
        name=solution.name,
        listed=solution.is_visible(on),
        preferred=solution.is_preferred,
        assurance=solution.category.benefit == Benefit.ASSURANCE,
        on_roadmap=None if roadmap is None else line.category_id in roadmap,
        motivation_given=motivated,
        trial_until=solution.trial_until,
        trial_limit=solution.trial_vouchers,
        trial_left=trial_left,
    )


def against_package(
    application: Application, package: Package, on: datetime.date, accepted: Collection[str] = ()
) -> list[Reason]:
    """Why this package cannot take the place of an awarded one: the rules about the solution and its supplier, as at applying.

    A rule that asks for a person's judgement stands in the way unless its code is among `accepted`.
    """
    solution = package.solution
    line = ApplicationLine(
        application=application, package=package, provider=solution.provider, category=solution.category
    )
    facts = Facts(
        on=on,
        solutions=tuple(_solutions([line], on, None, motivated=True)),
        suppliers=supplier_facts(application.organisation, [line.provider]),
    )
    reasons: list[Reason] = []
    for outcome in judge(facts, conditions_of(application.rule_set), Moment.APPLY):
        stands = outcome.outcome == RuleOutcome.REVIEW and outcome.code not in accepted
        if outcome.code in OF_A_PACKAGE and (stands or outcome.outcome == RuleOutcome.FAIL):
            reasons += outcome.reasons
    return reasons


OF_A_PACKAGE = frozenset({"standing", "trial", "independent", "near"})
"""The rules about the chosen solution and its supplier alone."""


# --- amounts ---------------------------------------------------------------------------------------------------------


def awarded_in(application: Application, on: datetime.date, months: int, *, everywhere: bool = False) -> Decimal:
    """What was awarded in a rolling window, in euros: as determined once it was, nothing once it lapsed.

    To this KvK number in the same programme; or, for the state aid limit, to its whole undertaking in all of them, counted
    from the decision (2023/2831 art. 2, 3).
    """
    vouchers = Voucher.objects.filter(awarded_on__gte=window_start(on, months), awarded_on__lte=on)
    vouchers = vouchers.exclude(application=application)
    if everywhere:
        vouchers = vouchers.filter(application__kvk__in=kvk_numbers(application))
    else:
        vouchers = vouchers.filter(application__kvk=application.kvk, application__programme=application.programme_id)
    return vouchers.aggregate(sum=Sum("held"))["sum"] or ZERO


@dataclass(frozen=True)
class Entitlement:
    """What an application comes to, with the inputs it was reckoned from, so that it can be replayed."""

    award: Award
    already_awarded: Decimal
    de_minimis_headroom: Decimal
    ceiling_left: Decimal | None = None


def entitlement(
    application: Application, on: datetime.date, *, eligible: Decimal | None = None, ceiling_left: Decimal | None = None
) -> Entitlement:
    """What the rule gives this application on a day (DESIGN 4.7); `ceiling_left` only when the rest of it is paid."""
    rules = application.rule_set
    already = awarded_in(application, on, rules.window_months)
    elsewhere = awarded_in(application, on, rules.de_minimis_months, everywhere=True)
    headroom = max(rules.de_minimis_ceiling - (application.declared_de_minimis or ZERO) - elsewhere, ZERO)
    award = award_for(
        application.eligible_total() if eligible is None else eligible,
        rules.award_terms(),
        already_awarded=already,
        de_minimis_headroom=headroom,
        ceiling_left=ceiling_left,
    )
    return Entitlement(award, already, headroom, ceiling_left)
