"""Solutions, packages and feedback for tests. Everybody here is made up."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Organisation
from core import clock
from core.tokens import hash_token
from providers.enums import Benefit, CategoryGroup, FeedbackSource, SolutionState
from providers.models import Category, FeedbackInvitation, FeedbackReport, Package, PackagePrice, Solution
from providers.models.catalogue import shuffle_key
from tests.factories.accounts import OrganisationFactory
from tests.factories.providers import ProviderFactory

_tokens = count(1)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("code",)

    code = "BOEKHOUD"
    group = CategoryGroup.ADMINISTRATIE
    name_nl = "Online boekhouden"
    name_en = "Cloud accounting"
    why_nl = "Actueel inzicht in de cijfers."
    why_en = "Up-to-date figures."
    min_level = 1
    benefit = Benefit.TIME


class BackupFactory(CategoryFactory):
    code = "BACKUP"
    group = CategoryGroup.BASIS
    name_nl = "Back-up en herstel"
    name_en = "Backup and recovery"
    benefit = Benefit.ASSURANCE


class WebsiteFactory(CategoryFactory):
    code = "WEBSITE"
    group = CategoryGroup.KLANT
    name_nl = "Website en online vindbaarheid"
    name_en = "Website and online visibility"
    benefit = Benefit.OUTPUT


class SolutionFactory(DjangoModelFactory):
    """A draft. `listed=True` is in the catalogue, with a package of 1,000.00 one-off and 50.00 a month; `preferred=True`
    is on the preferred list.
    """

    class Meta:
        model = Solution
        skip_postgeneration_save = True

    class Params:
        listed = factory.Trait(
            state=SolutionState.LISTED,
            listed_at=dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC),
            valid_until=dt.date(2036, 12, 31),
            first_year_price=Decimal("1600.00"),
            package=factory.RelatedFactory("tests.factories.catalogue.PackageFactory", factory_related_name="solution"),
        )
        preferred = factory.Trait(
            listed=True, state=SolutionState.PREFERRED, preferred_at=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
        )

    provider = factory.SubFactory(ProviderFactory, admitted=True)
    category = factory.SubFactory(CategoryFactory)
    name = factory.Sequence(lambda n: f"Oplossing {n}")
    slug = factory.Sequence(lambda n: f"oplossing-{n}")
    summary = "Doet wat het belooft."
    description = "Een uitgebreide beschrijving van wat de oplossing doet."
    created_at = dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC)
    shuffle_key = factory.LazyAttribute(lambda solution: shuffle_key(solution.slug))


class PackageFactory(DjangoModelFactory):
    """A package with an approved price since 2026, or with a proposed one (`approved=False`)."""

    class Meta:
        model = Package
        skip_postgeneration_save = True

    class Params:
        approved = True

    solution = factory.SubFactory(SolutionFactory)
    name = factory.Sequence(lambda n: f"Pakket {n}")
    included = "Inrichten, training van een dagdeel en ondersteuning."
    price = factory.RelatedFactory(
        "tests.factories.catalogue.PackagePriceFactory",
        factory_related_name="package",
    )


class PackagePriceFactory(DjangoModelFactory):
    class Meta:
        model = PackagePrice

    package = factory.SubFactory(PackageFactory, price=None)
    valid_from = dt.date(2026, 1, 1)
    one_off = Decimal("1000.00")
    monthly = Decimal("50.00")
    hardware = Decimal("0.00")
    approved_at = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)


class InvitationFactory(DjangoModelFactory):
    """An invitation to a reference customer; the link's token is `token_of(invitation)`."""

    class Meta:
        model = FeedbackInvitation

    class Params:
        token = factory.Sequence(lambda n: f"geheim-{n}")

    source = FeedbackSource.REFERENCE
    solution = factory.SubFactory(SolutionFactory, listed=True)
    company = factory.Sequence(lambda n: f"Klant {n} B.V.")
    kvk = factory.Sequence(lambda n: f"{30000000 + n}")
    name = "Sam Voorbeeld"
    email = factory.Sequence(lambda n: f"sam@klant{n}.example")
    in_use_since = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=400))
    token_hash = factory.LazyAttribute(lambda made: hash_token(made.token))
    sent_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyAttribute(lambda made: made.sent_at + dt.timedelta(days=30))


class VoucherInvitationFactory(InvitationFactory):
    source = FeedbackSource.VOUCHER
    organisation = factory.SubFactory(OrganisationFactory)
    company = factory.SelfAttribute("organisation.legal_name")
    kvk = factory.SelfAttribute("organisation.kvk")
    wave = 1
    voucher_ref = factory.Sequence(lambda n: f"DT-2026-{n:06d}-1")
    case_ref = factory.Sequence(lambda n: f"vouchers.application:{n}")


def answered(solution: Solution, gain: Any = None, **invitation: Any) -> FeedbackReport:
    """An answer with this gain in percent (or satisfaction for assurance), kept without running the rule."""
    given = {"satisfaction": invitation.pop("satisfaction", 4), "test_passed": invitation.pop("test_passed", None)}
    maker = VoucherInvitationFactory if "organisation" in invitation else InvitationFactory
    invited = maker(solution=solution, answered_at=clock.now(), **invitation)
    from fractions import Fraction

    exact = "" if gain is None else str(Fraction(str(gain)) / 100)
    numbers = {} if gain is None else {"times_per_week": 5, "minutes_before": 20, "minutes_after": 15}
    return FeedbackReport.objects.create(
        invitation=invited,
        benefit=solution.category.benefit,
        gain=exact,
        answered_at=clock.now(),
        **given,
        **numbers,
    )


def customer(**fields: Any) -> dict[str, Any]:
    """A reference customer as a provider names one."""
    number = next(_tokens)
    return {
        "company": f"Bakkerij Voorbeeld {number}",
        "kvk": f"{40000000 + number}",
        "name": "Kim Voorbeeld",
        "email": f"kim@bakkerij{number}.example",
        "in_use_since": clock.today() - dt.timedelta(days=400),
        **fields,
    }


def sme(**fields: Any) -> Organisation:
    """A business that may have a voucher."""
    return OrganisationFactory(**fields)
