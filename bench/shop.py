"""A catalogue of any size, written in bulk: measurements of reading do not wait for a thousand vettings.

Needs the reference data. Everybody in it is made up, and the same every time.
"""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

CUSTOMERS_PER_ANSWERED = 6
"""Businesses that reported about a solution that has reports: one more than the rule asks for."""

FIRST = ["Snel", "Slim", "Helder", "Stevig", "Rustig", "Vlot", "Kundig", "Nuchter", "Degelijk", "Fris"]
SECOND = [
    "Kassa",
    "Planner",
    "Website",
    "Boekhouding",
    "Back-up",
    "Voorraad",
    "Webwinkel",
    "Rooster",
    "Portaal",
    "Dossier",
]
WORDS = [*FIRST, *SECOND, "training", "koppeling", "offerte", "ondersteuning", "horeca"]
TEXT = "Inrichten, training van een dagdeel, koppeling met wat u al heeft en ondersteuning in het Nederlands."


def stock(*, solutions: int, providers: int = 0, first: int = 0, seed: int = 2026) -> None:
    """Fills the catalogue with so many listed solutions (a fifth of them preferred), each with two packages.

    `first` is the number of the first one, for adding to what is there; a tenth as many providers unless said otherwise.
    """
    from accounts.enums import OrganisationKind
    from accounts.models import Organisation
    from providers.enums import ProviderState, SolutionState
    from providers.models import Category, Package, PackagePrice, Provider, Solution
    from providers.models.catalogue import shuffle_key

    chance, at = random.Random(seed), dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC)
    until = dt.date(2036, 12, 31)
    number = providers or max(1, solutions // 10)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            kind=OrganisationKind.PROVIDER,
            legal_name=f"Meetaanbieder {each} B.V.",
            kvk=f"{70000000 + each}",
            created_at=at,
        )
        for each in range(first, first + number)
    )
    admitted = Provider.objects.bulk_create(
        Provider(
            organisation=organisation,
            slug=f"meetaanbieder-{each}",
            contact_name="Robin Voorbeeld",
            contact_email=f"robin@meetaanbieder{each}.example",
            registered_at=at,
            state=ProviderState.ADMITTED,
            admitted_on=at.date(),
            valid_until=until,
        )
        for each, organisation in enumerate(organisations, start=first)
    )
    categories = list(Category.objects.order_by("position", "code"))
    made = []
    for each in range(first, first + solutions):
        slug = f"meetoplossing-{each}"
        preferred = each % 5 == 0
        lowest = chance.randint(1, 3)
        made.append(
            Solution(
                provider=admitted[each % number],
                category=categories[each % len(categories)],
                name=f"{chance.choice(FIRST)} {chance.choice(SECOND)} {each}",
                slug=slug,
                summary=f"{chance.choice(FIRST)} en {chance.choice(SECOND).lower()} voor het kleine bedrijf.",
                description=f"{TEXT} {' '.join(chance.choices(WORDS, k=40))}",
                min_level=lowest,
                max_level=chance.randint(lowest, 4),
                created_at=at,
                listed_at=at,
                valid_until=until,
                shuffle_key=shuffle_key(slug),
                state=SolutionState.PREFERRED if preferred else SolutionState.LISTED,
                preferred_at=at if preferred else None,
                first_year_price=Decimal(chance.randrange(200_00, 18_000_00)) / 100,
            )
        )
    made = Solution.objects.bulk_create(made, batch_size=500)
    _where_and_for_whom(made, chance)
    packages = Package.objects.bulk_create(
        (Package(solution=solution, name=name, included=TEXT) for solution in made for name in ("Basis", "Compleet")),
        batch_size=500,
    )
    PackagePrice.objects.bulk_create(
        (
            PackagePrice(
                package=package,
                valid_from=at.date(),
                one_off=Decimal("500.00"),
                monthly=Decimal("50.00"),
                hardware=Decimal("0.00"),
                first_year=Decimal("1100.00"),
                approved_at=at,
            )
            for package in packages
        ),
        batch_size=500,
    )
    _count()


def _count() -> None:
    """Lets PostgreSQL count what was written, as it does by itself after a while; unplanned queries say nothing."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _where_and_for_whom(solutions: list[Any], chance: random.Random) -> None:
    from accounts.models import Province, Sector
    from providers.models import Solution

    sectors, provinces = list(Sector.objects.all()), list(Province.objects.filter(is_north=True))
    for field, choices in (("sectors", sectors), ("provinces", provinces)):
        through = getattr(Solution, field).through
        key = Solution._meta.get_field(field).m2m_reverse_field_name()
        through.objects.bulk_create(
            (
                through(solution_id=solution.pk, **{f"{key}_id": chosen.pk})
                for solution in solutions
                if chance.random() < 0.5
                for chosen in chance.sample(choices, chance.randint(1, min(3, len(choices))))
            ),
            batch_size=500,
        )


def reports(*, per_solution: int = CUSTOMERS_PER_ANSWERED, on: dt.date) -> int:
    """Lets so many customers report about every solution, 300 days before `on` at most; returns how many did."""
    from fractions import Fraction

    from providers.enums import Benefit, FeedbackSource
    from providers.models import FeedbackInvitation, FeedbackReport, Solution

    chance, number = random.Random(2026), 0
    for solutions in _chunks(list(Solution.objects.select_related("category").order_by("pk")), 200):
        invited = []
        for solution in solutions:
            for customer in range(per_solution):
                sent = dt.datetime.combine(on - dt.timedelta(days=chance.randint(20, 300)), dt.time(9), tzinfo=dt.UTC)
                number += 1
                invited.append(
                    FeedbackInvitation(
                        source=FeedbackSource.REFERENCE,
                        solution=solution,
                        company=f"Klant {customer} B.V.",
                        kvk=f"{40000000 + customer}",
                        name="Sam Voorbeeld",
                        email=f"sam@klant{customer}.example",
                        in_use_since=on - dt.timedelta(days=600),
                        token_hash=f"{number:064x}",
                        sent_at=sent,
                        expires_at=sent + dt.timedelta(days=30),
                        answered_at=sent + dt.timedelta(days=2),
                    )
                )
        invited = FeedbackInvitation.objects.bulk_create(invited, batch_size=500)
        told = []
        for invitation in invited:
            benefit = Benefit(invitation.solution.category.benefit)
            assurance = benefit == Benefit.ASSURANCE
            told.append(
                FeedbackReport(
                    invitation=invitation,
                    benefit=benefit,
                    gain="" if assurance else str(Fraction(round(chance.gauss(18, 12)), 100)),
                    satisfaction=chance.choice([3, 4, 4, 5]),
                    test_passed=chance.random() < 0.95 if assurance else None,
                    answered_at=invitation.answered_at,
                )
            )
        FeedbackReport.objects.bulk_create(told, batch_size=500)
    _count()
    return number


def _chunks(rows: list[Any], size: int) -> list[list[Any]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]
