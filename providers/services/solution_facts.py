"""What vetting asks the catalogue about a solution, and what it tells it after an approval."""

from typing import Any

from core import clock
from core.terms import add_months
from providers.enums import FeedbackSource
from providers.models import Dossier, FeedbackReport, Solution
from providers.rules.checks import PackageFacts, ReferenceFacts
from providers.rules.vetting import VettingRules

NEUTRAL = 3
"""Satisfaction on the scale of five below which a reference customer is dissatisfied (REF-04)."""


def package_facts(solution: Solution) -> tuple[PackageFacts, ...]:
    """The packages on offer with their cost in the first year and over three years: the proposed price, else today's."""
    today = clock.today()
    facts = []
    for package in solution.packages.filter(retired_on__isnull=True).prefetch_related("prices"):
        price = package.proposed or package.price_on(today)
        facts.append(
            PackageFacts(
                name=package.name,
                first_year=price.first_year if price else None,
                three_years=price.three_years if price else None,
            )
        )
    return tuple(facts)


def reference_facts(solution: Solution) -> ReferenceFacts:
    """The reference customers that answered: one per business, since the invitation refuses a KvK number twice."""
    rows = list(
        FeedbackReport.objects.filter(
            invitation__solution=solution,
            invitation__source=FeedbackSource.REFERENCE,
            invitation__cancelled_at__isnull=True,
            withheld_at__isnull=True,
        ).values_list("satisfaction", "invitation__in_use_since")
    )
    return ReferenceFacts(
        count=len(rows),
        newest_use=max((since for _satisfaction, since in rows), default=None),
        answered=len(rows),
        below_neutral=sum(satisfaction < NEUTRAL for satisfaction, _since in rows),
    )


def put_on_list(*, by: Any, solution: Solution, dossier: Dossier, on_trial: bool, rules: VettingRules) -> Solution:
    """Lists the solution after an approved listing dossier. Raises Refused as the catalogue does."""
    from providers.services.catalogue import list_solution  # the catalogue asks vetting to start a dossier

    until = add_months(clock.today(), rules.listing_months)
    return list_solution(by=by, solution=solution, dossier=dossier, on_trial=on_trial, valid_until=until, rules=rules)


def keep_listed(*, by: Any, solution: Solution, dossier: Dossier, on_trial: bool, rules: VettingRules) -> Solution:
    """Brings an approved revision into force, for another year; a trial ends once its grounds have gone.

    Raises Refused as the catalogue does.
    """
    from providers.services.catalogue import extend_solution

    until = add_months(max(clock.today(), solution.valid_until), rules.listing_months)
    ends = False if solution.on_trial and not on_trial else None
    return extend_solution(by=by, solution=solution, valid_until=until, dossier=dossier, on_trial=ends)
