"""What is done with solutions, packages and prices."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from accounts.models import Province, Sector
from core import clock
from core.actors import SystemActor
from core.money import ZERO
from core.reasons import CoreReason, Reason, Refused
from core.terms import add_months
from core.workflow import NotAuthorised, note, perform, record, unit
from providers.enums import DossierKind, DossierState
from providers.models import Category, Dossier, Package, PackagePrice, Provider, Solution
from providers.models.catalogue import SHOWN, SHUFFLE_PRIME, shuffle_key
from providers.models.package import first_year
from providers.rules.catalogue import CatalogueReason, price_reasons, ready_to_list
from providers.rules.rulesets import VettingRules, vetting_rules

PRICES = SystemActor("prices")
BEING_JUDGED = (DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.ADVISED)
RECENT = dt.timedelta(days=62)
"""How far back the daily refresh looks for prices whose day came: two missed months are caught up."""

RESERVED_SLUGS = frozenset({"vergelijk", "voorkeurslijst", "compare", "preferred"})
"""Names that pages of the catalogue itself have."""

SOLUTION_FIELDS = frozenset({"name", "summary", "description", "category", "min_level", "max_level"})
PACKAGE_FIELDS = frozenset({"name", "included", "unit", "max_quantity", "hardware", "term_months", "position"})


@unit
def create_solution(
    *,
    by: Any,
    provider: Provider,
    category: Category,
    name: str,
    summary: str,
    description: str,
    min_level: int | None = None,
    max_level: int = 4,
    sectors: Iterable[Sector] = (),
    provinces: Iterable[Province] = (),
) -> Solution:
    """A draft of a solution. No sectors = every sector, no provinces = everywhere.

    Raises NotAuthorised for a stranger, ValidationError for fields of the wrong form.
    """
    if not by.is_member_of(provider.organisation_id):
        raise NotAuthorised("create")
    solution = Solution(
        provider=provider,
        category=category,
        name=name,
        slug=_free_slug(name),
        summary=summary,
        description=description,
        min_level=category.min_level if min_level is None else min_level,
        max_level=max_level,
        created_at=clock.now(),
    )
    solution.shuffle_key = shuffle_key(solution.slug)
    solution.full_clean(exclude=["provider"])
    solution.save()
    solution.sectors.set(sectors)
    solution.provinces.set(provinces)
    return record(solution, "create", by=by, facts={"provider": provider.pk, "category": category.pk})


@unit
def update_solution(
    *,
    by: Any,
    solution: Solution,
    sectors: Iterable[Sector] | None = None,
    provinces: Iterable[Province] | None = None,
    **fields: Any,
) -> Solution:
    """Changes a draft. A live solution keeps its words until a revision is approved: Refused.

    Raises TypeError for a field that is not the provider's to change, ValidationError for one of the wrong form.
    """
    unknown = set(fields) - SOLUTION_FIELDS
    if unknown:
        raise TypeError(f"not for a provider to change: {sorted(unknown)}")
    solution = record(solution, "update", by=by, facts={"fields": sorted(fields)})
    _refuse_unless_open(solution)
    for name, value in fields.items():
        setattr(solution, name, value)
    solution.full_clean(exclude=["provider"])
    solution.save()
    if sectors is not None:
        solution.sectors.set(sectors)
    if provinces is not None:
        solution.provinces.set(provinces)
    return solution


@unit
def add_package(
    *,
    by: Any,
    solution: Solution,
    name: str,
    included: str,
    one_off: Decimal = ZERO,
    monthly: Decimal = ZERO,
    hardware_price: Decimal = ZERO,
    valid_from: dt.date | None = None,
    **fields: Any,
) -> Package:
    """A package of a draft with its proposed price (euros excl. VAT; `hardware_price` is part of `one_off`).

    Raises Refused for a price that does not hold together, a name used before, or a solution that is live.
    """
    _refuse_unknown(fields, PACKAGE_FIELDS)
    solution = record(
        solution, "price", by=by, facts={"one_off": one_off, "monthly": monthly, "equipment": hardware_price}
    )
    _refuse_unless_open(solution)
    reasons = price_reasons(one_off=one_off, monthly=monthly, hardware=hardware_price)
    if solution.packages.filter(name__iexact=name).exists():
        reasons.append(Reason(CatalogueReason.PACKAGE_NAME, {"name": name}))
    if reasons:
        raise Refused(reasons)
    package = Package(solution=solution, name=name, included=included, **fields)
    package.full_clean(exclude=["solution"])
    package.save()
    PackagePrice.objects.create(
        package=package,
        valid_from=valid_from or clock.today(),
        one_off=one_off,
        monthly=monthly,
        hardware=hardware_price,
    )
    _refresh_draft_price(solution)
    return package


@unit
def update_package(
    *,
    by: Any,
    package: Package,
    one_off: Decimal = ZERO,
    monthly: Decimal = ZERO,
    hardware_price: Decimal = ZERO,
    **fields: Any,
) -> Package:
    """Changes a package and its proposed price while the solution is a draft. Raises Refused as `add_package` does."""
    _refuse_unknown(fields, PACKAGE_FIELDS)
    facts = {"package": package.pk, "one_off": one_off, "monthly": monthly, "equipment": hardware_price}
    solution = record(package.solution, "price", by=by, facts=facts)
    _refuse_unless_open(solution)
    package = _still_there(solution, package)
    reasons = price_reasons(one_off=one_off, monthly=monthly, hardware=hardware_price)
    name = fields.get("name", package.name)
    if solution.packages.filter(name__iexact=name).exclude(pk=package.pk).exists():
        reasons.append(Reason(CatalogueReason.PACKAGE_NAME, {"name": name}))
    if reasons:
        raise Refused(reasons)
    for field, value in fields.items():
        setattr(package, field, value)
    package.full_clean(exclude=["solution"])
    package.save()
    price = package.proposed
    price.one_off, price.monthly, price.hardware = one_off, monthly, hardware_price
    price.save()
    _refresh_draft_price(solution)
    return package


@unit
def remove_package(*, by: Any, package: Package) -> Solution:
    """Takes a package out of a draft. Raises Refused when the solution is live: quotes may rest on it."""
    solution = record(package.solution, "price", by=by, facts={"package": package.pk, "removed": True})
    _refuse_unless_open(solution)
    package = _still_there(solution, package)
    package.prices.all().delete()
    package.delete()
    _refresh_draft_price(solution)
    return solution


def _still_there(solution: Solution, package: Package) -> Package:
    """The package as it is under the lock of its solution. Raises Refused when somebody removed it a moment ago."""
    found = solution.packages.filter(pk=package.pk).first()
    if found is None:
        raise Refused(Reason(CoreReason.CHANGED))
    return found


@unit
def change_price(
    *,
    by: Any,
    package: Package,
    one_off: Decimal,
    monthly: Decimal,
    hardware_price: Decimal = ZERO,
    valid_from: dt.date,
) -> PackagePrice:
    """Proposes another price of a live package from a day on; it counts from that day, or from the day on which a revision
    dossier is approved when that is later.

    Until then, and for every quote made before, the old price stays (DESIGN 3). Raises Refused for a draft (change the
    package itself), for a day in the past or not after the latest approved price, and while another proposal waits, and
    while a dossier is being judged: its approval would bring a price into force that nobody looked at (DESIGN 4.8).
    """
    facts = {"package": package.pk, "one_off": one_off, "monthly": monthly, "from": valid_from}
    solution = record(package.solution, "price", by=by, facts=facts)
    reasons = price_reasons(one_off=one_off, monthly=monthly, hardware=hardware_price)
    if solution.editable:
        reasons.append(Reason(CatalogueReason.STILL_DRAFT))
    if solution.retired_at:
        reasons.append(Reason(CatalogueReason.RETIRED))
    if valid_from <= clock.today():
        reasons.append(Reason(CatalogueReason.PRICE_IN_PAST))
    if any(price.approved_at and price.valid_from >= valid_from for price in package.prices.all()):
        reasons.append(Reason(CatalogueReason.PRICE_OVERTAKEN))
    if package.proposed:
        reasons.append(Reason(CatalogueReason.PRICE_WAITS))
    if solution.dossiers.filter(state__in=BEING_JUDGED).exists():
        reasons.append(Reason(CatalogueReason.PRICE_NOT_SEEN))
    if reasons:
        raise Refused(reasons)
    try:
        with transaction.atomic():
            return PackagePrice.objects.create(
                package=package, valid_from=valid_from, one_off=one_off, monthly=monthly, hardware=hardware_price
            )
    except IntegrityError as taken:
        raise Refused(Reason(CatalogueReason.PRICE_WAITS)) from taken


@unit
def list_solution(
    *,
    by: Any,
    solution: Solution,
    on_trial: bool = False,
    dossier: Dossier | None = None,
    rules: VettingRules | None = None,
) -> Solution:
    """Into the catalogue after an approved listing dossier, with its prices as approved; on trial within limits.

    Valid, and on trial, for as long as the rules of the dossier say, by default those of today. Raises Refused without a
    package and price, or when the provider is not admitted.
    """
    now, today = clock.now(), clock.today()
    rules = rules or vetting_rules(today)
    _proposed(solution).update(valid_from=today, approved_at=now, approved_by=dossier)
    return perform(
        solution,
        "list",
        by=by,
        facts=lambda locked: {
            "packages": sum(1 for package in locked.packages.all() if package.price_on(today)),
            "provider": str(locked.provider.state),
            "dossier": dossier.pk if dossier else None,
        },
        rule=ready_to_list,
        at=now,
        valid_until=add_months(today, rules.listing_months),
        trial_until=add_months(today, rules.trial_months) if on_trial else None,
        trial_vouchers=rules.trial_vouchers if on_trial else None,
    )


@unit
def revise_solution(*, by: Any, solution: Solution, dossier: Dossier, on_trial: bool, valid_until: dt.date) -> Solution:
    """A revision or renewal was approved: proposed prices count, each from its own day but never from one before today, and a
    trial ends when its grounds have gone. Only a renewal brings another `valid_until`. Raises NotAuthorised.
    """
    today = clock.today()
    facts = {"until": valid_until, "dossier": dossier.pk, "on_trial": on_trial}
    solution = record(solution, "extend", by=by, facts=facts)
    solution.valid_until = valid_until
    if not on_trial:
        solution.on_trial, solution.trial_until, solution.trial_vouchers = False, None, None
    # A quote from before the approval was made on the old price, and keeps it.
    _proposed(solution).filter(valid_from__lt=today).update(valid_from=today)
    _proposed(solution).update(approved_at=clock.now(), approved_by=dossier)
    return refresh_price(solution, today)


@unit
def retire_solution(*, by: Any, solution: Solution) -> Solution:
    """The provider stops offering it; vouchers that run are not touched. Raises Refused while a dossier is under way."""
    return perform(
        solution,
        "retire",
        by=by,
        facts=lambda locked: {"open_dossiers": locked.dossiers.live().count()},
        rule=lambda facts: [Reason(CatalogueReason.DOSSIER_OPEN)] if facts["open_dossiers"] else [],
        at=clock.now(),
    )


def refresh_price(solution: Solution, on: dt.date) -> Solution:
    """Writes the cheapest first year in force on a day to the solution, by which the catalogue filters and sorts."""
    prices = [package.price_on(on) for package in solution.packages.prefetch_related("prices")]
    cheapest = min((price.first_year for price in prices if price), default=None)
    if cheapest is not None:
        solution.first_year_price = cheapest
    solution.save()
    return solution


@unit
def refresh_prices(*, on: dt.date) -> int:
    """Brings prices whose day has come into the catalogue. Answers how many solutions changed.

    Derived data, no decision; but what the public sees changes, and by the trail it is known that something did.
    """
    changed = 0
    recent = PackagePrice.objects.filter(valid_from__gt=on - RECENT, valid_from__lte=on, approved_at__isnull=False)
    due = Solution.objects.filter(pk__in=recent.values("package__solution"), state__in=SHOWN)
    for solution in due.select_for_update(of=("self",)).order_by("pk"):
        before = solution.first_year_price
        price = refresh_price(solution, on).first_year_price
        if price != before:
            changed += 1
            note(by=PRICES, action="refresh_price", subject=solution, facts={"first_year": price}, case=solution.case())
    return changed


def day_seed(on: dt.date) -> tuple[int, int]:
    """The two numbers that turn every solution's fixed place into the order of a day (DESIGN 4.15)."""
    return 1 + shuffle_key(f"a{on:%Y-%m-%d}") % (SHUFFLE_PRIME - 1), shuffle_key(f"b{on:%Y-%m-%d}")


def _refresh_draft_price(solution: Solution) -> None:
    prices = PackagePrice.objects.filter(package__solution=solution).values_list("one_off", "monthly")
    solution.first_year_price = min((first_year(*price) for price in prices), default=None)
    solution.save(update_fields=["first_year_price"])


def _proposed(solution: Solution) -> QuerySet[PackagePrice]:
    """The prices of a solution that wait for approval."""
    return PackagePrice.objects.filter(package__solution=solution, approved_at__isnull=True)


def _refuse_unknown(fields: dict[str, Any], known: frozenset[str]) -> None:
    unknown = set(fields) - known
    if unknown:
        raise TypeError(f"not for a provider to change: {sorted(unknown)}")


def _refuse_unless_open(solution: Solution) -> None:
    """A draft is open until its listing dossier is handed in; then what is vetted stays as it is."""
    if not solution.editable:
        raise Refused(Reason(CatalogueReason.LIVE))
    being_vetted = [DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.ADVISED]
    if solution.dossiers.filter(kind=DossierKind.LISTING, state__in=being_vetted).exists():
        raise Refused(Reason(CatalogueReason.BEING_VETTED))


def _free_slug(name: str) -> str:
    stem = slugify(name)[:80] or "oplossing"
    taken = set(Solution.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED_SLUGS
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
