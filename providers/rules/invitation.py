"""Who may be asked about a solution: customers and users who stand apart from its provider (RELIABILITY 47, 48, 51)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from accounts.rules import PUBLIC_MAIL_DOMAINS
from core.reasons import Reason, ReasonCode
from core.terms import add_months
from providers.rules.rulesets import RuleSet


class InvitationReason(ReasonCode):
    """Why somebody is not asked."""

    SAME_BUSINESS = "providers.invite_same_business", _("%(company)s has the KvK number of the provider itself.")
    SAME_DOMAIN = (
        "providers.invite_same_domain",
        _("The address %(email)s uses the provider's own mail domain. Ask somebody who works at the customer."),
    )
    OWN_PERSON = "providers.invite_own_person", _("%(email)s belongs to somebody who works for the provider.")
    BUSINESS_TWICE = (
        "providers.invite_business_twice",
        _("A business with KvK number %(kvk)s was already named for this solution."),
    )
    PERSON_TWICE = "providers.invite_person_twice", _("%(email)s was already named for this solution.")
    TOO_SHORT = (
        "providers.invite_too_short",
        _("%(company)s has used it since %(since)s. A reference customer has used it for at least %(months)s months."),
    )
    FUTURE = "providers.invite_future", _("The date since which it is in use lies in the future.")
    TOO_MANY = "providers.invite_too_many", _("You can name at most %(most)s reference customers for a solution.")
    TOO_SOON = (
        "providers.invite_too_soon",
        _("Users are asked after at least %(days)s days of use. This one has used it since %(since)s."),
    )
    STILL_OPEN = "providers.invite_still_open", _("This person still has a link that works.")
    BASELINE_FIXED = (
        "providers.baseline_fixed",
        _("How the work went before has already been fixed and cannot be changed."),
    )
    ANSWERED = "providers.invite_answered", _("This person has already answered.")
    COUNTS_SO = "providers.answer_counts_so", _("That was done before.")
    WITHDRAWN = "providers.invite_withdrawn", _("This invitation was withdrawn before.")
    SENT_OFTEN = (
        "providers.invite_sent_often",
        _("This customer has been asked %(times)s times. More often is not allowed."),
    )


class LinkReason(ReasonCode):
    """Why a personal link does not work any more."""

    EXPIRED = "providers.link_expired", _("This link has expired.")
    USED = "providers.link_used", _("You have already answered. Thank you.")
    CANCELLED = "providers.link_cancelled", _("This link was withdrawn. You do not have to do anything.")


@dataclass(frozen=True)
class ProviderTies:
    """What ties a person or a business to the provider: its KvK number, its people's addresses, its mail domains."""

    kvk: str = ""
    addresses: frozenset[str] = field(default_factory=frozenset)
    domains: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, *, kvk: str, addresses: Iterable[str], websites: Iterable[str]) -> "ProviderTies":
        """The ties of a provider with these addresses and websites; public mail domains tie nobody."""
        known = frozenset(address.lower() for address in addresses if address)
        domains = {domain_of(address) for address in known} | {host_of(website) for website in websites}
        return cls(kvk=kvk, addresses=known, domains=frozenset(domains - PUBLIC_MAIL_DOMAINS - {""}))


@dataclass(frozen=True)
class Person:
    """Somebody to be asked, at a business, about something in use since a day."""

    company: str
    kvk: str
    email: str
    in_use_since: dt.date


def domain_of(email: str) -> str:
    """The mail domain of an address, in lower case."""
    return email.rpartition("@")[2].strip().lower()


def host_of(website: str) -> str:
    """The host of a web address without `www.`; empty when there is none."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def same_domain(one: str, other: str) -> bool:
    """Whether one domain is the other or lies below it: mail.zaak.example belongs to zaak.example."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def ties_to_provider(person: Person, ties: ProviderTies) -> list[Reason]:
    """Why this person stands too close to the provider to be asked."""
    reasons, email = [], person.email.lower()
    if ties.kvk and person.kvk == ties.kvk:
        reasons.append(Reason(InvitationReason.SAME_BUSINESS, {"company": person.company}))
    if email in ties.addresses:
        reasons.append(Reason(InvitationReason.OWN_PERSON, {"email": email}))
    elif any(same_domain(domain_of(email), domain) for domain in ties.domains):
        reasons.append(Reason(InvitationReason.SAME_DOMAIN, {"email": email}))
    return reasons


def reference_reasons(
    person: Person,
    *,
    ties: ProviderTies,
    named_kvks: Collection[str],
    named_emails: Collection[str],
    times_asked: Mapping[str, int],
    on: dt.date,
    rules: RuleSet,
) -> list[Reason]:
    """Why this customer is not accepted as a reference (checklist REF-01, REF-02).

    `times_asked` tells per KvK number how many links were sent for the solution, withdrawn ones included: withdrawing makes
    no room for another customer, and lets nobody be asked more often (ADR 0009).
    """
    reasons = ties_to_provider(person, ties)
    if person.kvk in named_kvks:
        reasons.append(Reason(InvitationReason.BUSINESS_TWICE, {"kvk": person.kvk}))
    elif times_asked.get(person.kvk, 0) >= rules.most_sent:
        reasons.append(Reason(InvitationReason.SENT_OFTEN, {"times": times_asked[person.kvk]}))
    if person.email.lower() in named_emails:
        reasons.append(Reason(InvitationReason.PERSON_TWICE, {"email": person.email.lower()}))
    if len({*times_asked, person.kvk}) > rules.most_references:
        reasons.append(Reason(InvitationReason.TOO_MANY, {"most": rules.most_references}))
    if person.in_use_since > on:
        reasons.append(Reason(InvitationReason.FUTURE))
    elif add_months(person.in_use_since, rules.reference_min_months) > on:
        reasons.append(
            Reason(
                InvitationReason.TOO_SHORT,
                {"company": person.company, "since": person.in_use_since, "months": rules.reference_min_months},
            )
        )
    return reasons


def user_reasons(person: Person, *, ties: ProviderTies, on: dt.date, rules: RuleSet) -> list[Reason]:
    """Why this user at a business with a voucher is not asked, or not yet."""
    reasons = ties_to_provider(person, ties)
    if (on - person.in_use_since).days < rules.voucher_min_days:
        params = {"days": rules.voucher_min_days, "since": person.in_use_since}
        reasons.append(Reason(InvitationReason.TOO_SOON, params))
    return reasons
