"""People and organisations for tests. Everybody here is made up."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts.enums import LegalForm, OrganisationKind, Role
from accounts.models import BankAccount, Membership, Municipality, Organisation, Province, SbiDivision, Sector, User

PASSWORD = "trede-demo"


class ProvinceFactory(DjangoModelFactory):
    class Meta:
        model = Province
        django_get_or_create = ("code",)

    code = "PV20"
    name = "Groningen"
    is_north = True


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality
        django_get_or_create = ("code",)

    code = "GM0014"
    name = "Groningen"
    province = factory.SubFactory(ProvinceFactory)
    latitude = 53.2
    longitude = 6.6


class SbiDivisionFactory(DjangoModelFactory):
    class Meta:
        model = SbiDivision
        django_get_or_create = ("code",)

    code = "47"
    section = "G"
    title_nl = "Detailhandel"
    title_en = "Retail trade"


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector
        django_get_or_create = ("code",)

    code = "DETAIL"
    name_nl = "Detailhandel"
    name_en = "Retail"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"persoon{n}@voorbeeld{n}.example")
    name = factory.Sequence(lambda n: f"Persoon {n}")
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.SME
    legal_name = factory.Sequence(lambda n: f"Voorbeeldbedrijf {n} B.V.")
    legal_form = LegalForm.COMPANY
    kvk = factory.Sequence(lambda n: f"{10000000 + n}")
    municipality = factory.SubFactory(MunicipalityFactory)
    sector = factory.SubFactory(SectorFactory)
    sbi = "47"
    headcount = 4
    founded_on = dt.date(2015, 3, 1)


class ProviderOrganisationFactory(OrganisationFactory):
    kind = OrganisationKind.PROVIDER
    legal_name = factory.Sequence(lambda n: f"Voorbeeldaanbieder {n} B.V.")
    kvk = factory.Sequence(lambda n: f"{20000000 + n}")
    website = factory.Sequence(lambda n: f"https://aanbieder{n}.example/")


class AuthorityFactory(OrganisationFactory):
    kind = OrganisationKind.AUTHORITY
    legal_name = "Voorbeeldautoriteit Noord"
    kvk = ""


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.MEMBER


class BankAccountFactory(DjangoModelFactory):
    class Meta:
        model = BankAccount

    organisation = factory.SubFactory(OrganisationFactory)
    iban = "NL91ABNA0417164300"
    holder = factory.SelfAttribute("organisation.legal_name")


def member_of(organisation: Organisation, **person) -> User:
    """A person who belongs to this organisation."""
    return MembershipFactory(organisation=organisation, person=UserFactory(**person)).person


def official(*roles: Role, **person) -> User:
    """A person with these roles at the (one) authority."""
    authority = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY).first() or AuthorityFactory()
    user = UserFactory(**person)
    for role in roles:
        MembershipFactory(organisation=authority, person=user, role=role)
    return user
