"""A business becomes a provider, keeps its profile, leaves, and may come back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from accounts.services import register_organisation
from core import clock
from core.reasons import Reason, Refused
from core.terms import add_months
from core.workflow import NotAuthorised, perform, record, unit
from providers.models import Provider
from providers.rules.rulesets import vetting_rules
from providers.rules.vetting import EEA, VettingReason

PROFILE = frozenset({"website", "contact_name", "contact_email", "contact_phone", "about_nl", "about_en"})
"""What a provider may write about itself."""


@unit
def register_provider(*, by: Any, organisation: Organisation | None = None, **fields: Any) -> Provider:
    """Registers a business as provider, with `by` as its first member; an admission dossier comes next.

    `fields` are those of the organisation (legal_name, trade_name, legal_form, kvk, foreign_registration, vat_id, country,
    street, postcode, city, municipality, founded_on) and of the profile (website, contact_name, contact_email,
    contact_phone, about_nl, about_en). With `organisation` an existing one of the person is used. Raises Refused when the
    KvK number is already a provider's or no register is named, ValidationError for a number of the wrong form.
    """
    profile = {name: fields.pop(name) for name in list(fields) if name in PROFILE}
    if organisation is None:
        organisation = _organisation(by, fields)
    elif not by.is_member_of(organisation) or organisation.kind != OrganisationKind.PROVIDER:
        raise NotAuthorised("register")
    if Provider.objects.filter(organisation=organisation).exists():
        raise Refused(Reason(VettingReason.KVK_TAKEN))
    provider = Provider(
        organisation=organisation, slug=_free_slug(str(organisation)), registered_at=clock.now(), **profile
    )
    provider.full_clean(exclude=["organisation"])
    provider.save()
    return record(provider, "register", by=by, facts={"organisation": organisation.pk})


@unit
def update_profile(*, by: Any, provider: Provider, **profile: Any) -> Provider:
    """Changes what a provider says about itself. Raises NotAuthorised for a stranger, ValidationError for a wrong address."""
    changed = sorted(set(profile) & PROFILE)
    provider = record(provider, "update_profile", by=by, facts={"fields": changed})
    for name in changed:
        setattr(provider, name, profile[name])
    provider.full_clean(exclude=["organisation"])
    provider.save()
    return provider


@unit
def leave(*, by: Any, provider: Provider) -> Provider:
    """The provider leaves, and an open notice of intent ends with it: it carries no measure against who comes back.

    Who leaves while its removal is announced waits as long as who was removed (ADR 0006). Raises Refused while it is
    suspended or already gone.
    """
    return perform(
        provider, "leave", by=by, facts=lambda locked: {"announced": locked.intent_measure}, on=clock.today()
    )


@unit
def reapply(*, by: Any, provider: Provider) -> Provider:
    """The provider starts again. Raises Refused within a year after it was removed, or left to forestall that (DESIGN 3)."""

    def facts(locked: Provider) -> dict[str, Any]:
        gone = locked.left_on if locked.left_under_notice else locked.removed_on
        return {"gone_on": gone, "on": clock.today()}

    def rule(seen: Any) -> list[Reason]:
        if seen["gone_on"] is None:
            return []
        until = add_months(seen["gone_on"], vetting_rules(seen["on"]).cooling_off_months)
        return [Reason(VettingReason.COOLING_OFF, {"until": until})] if seen["on"] < until else []

    return perform(provider, "reapply", by=by, facts=facts, rule=rule)


def _organisation(by: Any, fields: dict[str, Any]) -> Organisation:
    country = str(fields.setdefault("country", "NL")).upper()
    if country not in EEA:
        raise Refused(Reason(VettingReason.NOT_IN_EEA))
    if not fields.get("kvk") and (country == "NL" or not fields.get("foreign_registration")):
        raise Refused(Reason(VettingReason.TRADE_REGISTER_NEEDED))
    try:
        return register_organisation(by=by, kind=OrganisationKind.PROVIDER, **fields)
    except ValidationError as wrong:
        errors = getattr(wrong, "error_dict", {})
        # The only error that belongs to no field is the constraint of one provider per KvK number.
        if "__all__" in errors or any(error.code == "taken" for error in errors.get("kvk", [])):
            raise Refused(Reason(VettingReason.KVK_TAKEN)) from wrong
        raise


def _free_slug(name: str) -> str:
    base = slugify(name)[:60] or "aanbieder"
    taken = set(Provider.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug
        for slug in (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 3))
        if slug not in taken
    )
