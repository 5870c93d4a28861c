"""What ties a business to its suppliers. Reading only, in two queries however many suppliers there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from accounts.models import BankAccount, Membership, Organisation
from accounts.rules import own_mail_domain
from providers.models import Provider
from vouchers.rules.facts import SupplierFacts


def supplier_facts(business: Organisation, providers: Sequence[Provider]) -> tuple[SupplierFacts, ...]:
    """What ties each of these suppliers to the business, in their order. Only whether something is shared, never what."""
    known = _known_of([business, *(provider.organisation for provider in providers)])
    us = known[business.pk]
    return tuple(_facts(us, known[provider.organisation_id], provider) for provider in providers)


@dataclass
class _Known:
    """What can tie an organisation to another."""

    kvk: str
    address: str
    domains: set[str]
    ibans: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


def _known_of(organisations: Iterable[Organisation]) -> dict[int, _Known]:
    known = {each.pk: _Known(each.kvk, _address(each), _own_domains([each.email])) for each in organisations}
    members: dict[int, list[str]] = defaultdict(list)
    live = Membership.objects.filter(organisation__in=known, ended_at__isnull=True)
    for organisation, person, email in live.values_list("organisation", "person", "person__email"):
        known[organisation].people.add(person)
        members[organisation].append(email)
    for organisation, emails in members.items():
        known[organisation].domains |= _own_domains(emails)
    accounts = BankAccount.objects.filter(organisation__in=known, ended_at__isnull=True)
    for organisation, iban in accounts.values_list("organisation", "iban"):
        known[organisation].ibans.add(iban)
    return known


def _facts(us: _Known, them: _Known, provider: Provider) -> SupplierFacts:
    return SupplierFacts(
        name=str(provider.organisation),
        same_kvk=bool(us.kvk) and us.kvk == them.kvk,
        same_iban=bool(us.ibans & them.ibans),
        same_person=bool(us.people & them.people),
        same_address=bool(us.address) and us.address == them.address,
        same_mail_domain=bool(us.domains & (them.domains | _own_domains([provider.contact_email]))),
    )


def _address(organisation: Organisation) -> str:
    if not (organisation.postcode and organisation.street):
        return ""
    return "".join(f"{organisation.postcode}{organisation.street}".lower().split())


def _own_domains(addresses: Iterable[str]) -> set[str]:
    return {domain for domain in map(own_mail_domain, addresses) if domain}
