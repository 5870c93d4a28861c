"""Programmes, applications and awards for tests. Everybody here is made up."""

import datetime as dt
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Organisation, User
from core import clock
from core.actors import SystemActor
from providers.enums import Benefit, CategoryGroup, SolutionState
from providers.models import Category, Package, PackagePrice, Solution
from tests.factories.accounts import OrganisationFactory, member_of, official
from tests.factories.providers import ProviderFactory, pdf
from vouchers import services
from vouchers.enums import Advice, ApplicationState, RuleOutcome, VatPosition, Verdict
from vouchers.models import Application, ApplicationLine, Decision, Programme
from vouchers.reasons import RefusalGround

BEFORE = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
FAR = dt.date(2036, 12, 31)
IBAN = "NL91ABNA0417164300"


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("code",)

    code = "KASSA"
    group = CategoryGroup.KLANT
    name_nl = "Kassasysteem"
    name_en = "Point of sale"
    why_nl = "Sneller afrekenen."
    why_en = "Faster checkout."
    benefit = Benefit.TIME


class SolutionFactory(DjangoModelFactory):
    """A solution on the preferred list of an admitted provider."""

    class Meta:
        model = Solution

    provider = factory.SubFactory(ProviderFactory, admitted=True)
    category = factory.SubFactory(CategoryFactory)
    name = factory.Sequence(lambda n: f"Oplossing {n}")
    slug = factory.Sequence(lambda n: f"voucher-oplossing-{n}")
    summary = "Doet wat het belooft."
    description = "Een voorbeeld."
    state = SolutionState.PREFERRED
    created_at = BEFORE
    listed_at = BEFORE
    preferred_at = BEFORE
    valid_until = FAR
    first_year_price = Decimal("50000.00")


class PackageFactory(DjangoModelFactory):
    """A package with an approved first-year price of 50,000 euros, of which nothing is equipment."""

    class Meta:
        model = Package
        skip_postgeneration_save = True

    solution = factory.SubFactory(SolutionFactory)
    name = factory.Sequence(lambda n: f"Pakket {n}")
    included = "Alles wat u nodig heeft."
    max_quantity = 5

    @factory.post_generation
    def price(self, create: bool, extracted: str | None, **_more: Any) -> None:
        PackagePrice.objects.create(
            package=self,
            valid_from=dt.date(2026, 1, 1),
            one_off=Decimal(extracted or "50000.00"),
            monthly=Decimal("0.00"),
            hardware=Decimal("0.00"),
            approved_at=BEFORE,
        )


def programme_with(
    ceiling: str = "2000000.00", *, code: str = "digitale-trede", distribution: str = "", **fields: Any
) -> Programme:
    """An open programme with its first rules and a ceiling in euros. `rules` changes numbers of the first version.

    `distribution` is written straight into the database: with `day_lottery` submitting reserves nothing.
    """
    by = SystemActor("test")
    prefix = "DT" if code == "digitale-trede" else code[:6].upper()
    names = {"prefix": prefix, "name_nl": "Digitale Trede", "name_en": "Digital Rung", "opens_on": dt.date(2026, 1, 1)}
    programme = services.set_up_programme(by=by, code=code, **{**names, **fields})
    services.set_ceiling(by=by, programme=programme, ceiling=Decimal(ceiling))
    if distribution:
        programme.distribution = distribution
        programme.save(update_fields=["distribution"])
    return programme


def business(**fields: Any) -> tuple[Organisation, User]:
    """A small business in Groningen and its one member."""
    organisation = OrganisationFactory(**{"sbi": "4771", **fields})
    return organisation, member_of(organisation)


def filled_application(
    programme: Programme | None = None,
    *,
    net: str = "10000.00",
    package: Package | None = None,
    organisation: Organisation | None = None,
    by: User | None = None,
    iban: str = IBAN,
    **more: Any,
) -> Application:
    """An application with everything filled in, not sent yet. `by` is a member of `organisation`."""
    if organisation is None:
        organisation, by = business()
    by = by or member_of(organisation)
    programme = programme or programme_with()
    package = package or PackageFactory()
    today = clock.today()
    application = services.start_application(by=by, organisation=organisation, programme=programme, package=package)
    services.confirm_business(by=by, application=application, iban=iban, holder=organisation.legal_name)
    services.set_vat_position(by=by, application=application, position=more.get("vat", VatPosition.FULL))
    services.add_quote(
        by=by,
        line=application.lines.get(package=package),
        number="2026-14",
        dated=today - dt.timedelta(days=3),
        valid_until=more.get("valid_until", today + dt.timedelta(days=90)),
        unsigned=True,
        net=Decimal(net),
        upload=pdf("offerte.pdf"),
    )
    services.declare_group(by=by, application=application, in_group=False)
    services.declare_aid(by=by, application=application, amount=Decimal(more.get("aid", "0.00")))
    services.explain(by=by, application=application, motivation="Wij willen sneller afrekenen.")
    return services.confirm_statements(
        by=by,
        application=application,
        nothing_ordered=True,
        own_contribution=True,
        not_insolvent=True,
        truthful=True,
    )


def submitted_application(*args: Any, **more: Any) -> Application:
    """An application that was sent in."""
    application = filled_application(*args, **more)
    return services.submit_application(by=application.created_by, application=application)


def reviewed_application(*args: Any, assessor: User | None = None, **more: Any) -> Application:
    """An application that an assessor took up, with every review item judged acceptable."""
    assessor = assessor or official(Role.ASSESSOR)
    application = services.take_up(by=assessor, application=submitted_application(*args, **more))
    for check in application.checks.filter(outcome=RuleOutcome.REVIEW):
        services.give_verdict(by=assessor, application=application, code=check.code, verdict=Verdict.ACCEPTED)
    application.refresh_from_db()
    return application


def advised_application(
    *args: Any, assessor: User | None = None, advice: str = Advice.AWARD, **more: Any
) -> Application:
    """An application with an advice to the decider."""
    assessor = assessor or official(Role.ASSESSOR)
    application = reviewed_application(*args, assessor=assessor, **more)
    return services.advise(by=assessor, application=application, advice=advice, text="Alles gezien en in orde.")


def awarded(*args: Any, decider: User | None = None, **more: Any) -> Decision:
    """The award of an application, with its vouchers issued: `decision.application`, `decision.vouchers`."""
    return services.award(by=decider or official(Role.DECIDER), application=advised_application(*args, **more))


def refused(*args: Any, decider: User | None = None, **more: Any) -> Decision:
    """The refusal of an application because it does not meet the conditions."""
    application = advised_application(*args, advice=Advice.REFUSE, **more)
    grounds = [RefusalGround.NOT_ELIGIBLE]
    return services.refuse(by=decider or official(Role.DECIDER), application=application, grounds=grounds)


class AdvisedApplicationFactory(DjangoModelFactory):
    """An advised application written straight into the database, for tests that need many. Call `bind` on it afterwards."""

    class Meta:
        model = Application

    organisation = factory.SubFactory(OrganisationFactory, sbi="4771")
    kvk = factory.SelfAttribute("organisation.kvk")
    province_id = factory.SelfAttribute("organisation.municipality.province_id")
    created_at = BEFORE
    business_confirmed_at = BEFORE
    vat_position = VatPosition.FULL
    motivation = "Wij willen sneller afrekenen."
    declared_de_minimis = Decimal("0.00")
    in_group = False
    nothing_ordered = own_contribution = not_insolvent = truthful = True
    state = ApplicationState.ADVISED
    received_at = BEFORE
    complete_at = BEFORE
    arrival = factory.Sequence(lambda n: n + 1)
    number = factory.LazyAttribute(lambda application: f"DT-2026-{application.arrival:06d}")
    advice = Advice.AWARD
    advised_at = BEFORE

    @staticmethod
    def bind(application: Application, package: Package, net: Decimal) -> Application:
        """Gives it a line for `net` euros and binds the advice to what is there."""
        ApplicationLine.objects.create(
            application=application,
            package=package,
            provider=package.solution.provider,
            category=package.solution.category,
            approved_price=net,
            quote_number="2026-14",
            quote_date=dt.date(2026, 1, 2),
            quote_valid_until=FAR,
            quote_unsigned=True,
            net=net,
            eligible=net,
        )
        application.advice_hash = application.content()
        application.save()
        return application
