"""What vetting asks the catalogue about a solution. Reading only."""

from collections import Counter

from core import clock
from providers.enums import ConcernKind, FeedbackSource
from providers.models import Concern, FeedbackReport, Provider, Solution
from providers.rules.checks import PackageFacts, ReferenceFacts
from providers.rules.rulesets import VettingRules


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


def reference_facts(solution: Solution, rules: VettingRules) -> ReferenceFacts:
    """The reference customers that answered: one per business, since the invitation refuses a KvK number twice."""
    rows = list(
        FeedbackReport.objects.filter(
            invitation__solution=solution,
            invitation__source=FeedbackSource.REFERENCE,
            invitation__cancelled_at__isnull=True,
            withheld_at__isnull=True,
        ).values_list("satisfaction", "invitation__in_use_since", "invitation__sector")
    )
    return ReferenceFacts(
        count=len(rows),
        newest_use=max((since for _satisfaction, since, _sector in rows), default=None),
        answered=len(rows),
        below_neutral=sum(satisfaction < rules.neutral for satisfaction, _since, _sector in rows),
        by_sector=Counter(sector for _satisfaction, _since, sector in rows if sector is not None),
    )


def open_complaints(provider: Provider, solution: Solution | None) -> int:
    """How many complaints about the solution, or about any solution of the provider, nobody has decided on yet."""
    concerns = Concern.objects.open().filter(kind=ConcernKind.COMPLAINT, solution__provider=provider)
    return (concerns.filter(solution=solution) if solution else concerns).count()
