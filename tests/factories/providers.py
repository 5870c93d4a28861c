"""Providers, dossiers and everything around vetting for tests. Everybody here is made up."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import factory
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import User
from providers import services
from providers.enums import DossierKind, Need, ProviderState, Verdict
from providers.models import ChecklistItem, Dossier, Provider
from providers.rules.vetting import FILE_KINDS
from tests.factories.accounts import ProviderOrganisationFactory, member_of, official

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GOOD_IBAN = "NL91ABNA0417164300"


class ProviderFactory(DjangoModelFactory):
    """An applicant. `ProviderFactory(admitted=True)` is admitted and in date until the end of 2036."""

    class Meta:
        model = Provider

    class Params:
        admitted = factory.Trait(
            state=ProviderState.ADMITTED, admitted_on=dt.date(2026, 1, 5), valid_until=dt.date(2036, 12, 31)
        )
        suspended = factory.Trait(
            state=ProviderState.SUSPENDED,
            admitted_on=dt.date(2026, 1, 5),
            valid_until=dt.date(2036, 12, 31),
            suspended_on=dt.date(2026, 6, 1),
        )

    organisation = factory.SubFactory(ProviderOrganisationFactory, vat_id="NL002455799B11")
    slug = factory.Sequence(lambda n: f"voorbeeldaanbieder-{n}")
    website = factory.Sequence(lambda n: f"https://aanbieder{n}.example/")
    contact_name = "Jo Voorbeeld"
    contact_email = factory.Sequence(lambda n: f"jo@aanbieder{n}.example")
    registered_at = dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)


def pdf(name: str = "bewijs.pdf") -> SimpleUploadedFile:
    """A small real PDF, as a form gives it."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def load_checklist() -> list[ChecklistItem]:
    """The published checklist, all 48 items, from the product's own reference file."""
    path = Path(settings.BASE_DIR) / "fixtures" / "reference" / "checklist.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    items = [ChecklistItem(**{**row, "validity_months": int(row["validity_months"] or 0)}) for row in rows]
    ChecklistItem.objects.bulk_create(items, ignore_conflicts=True)
    return list(ChecklistItem.objects.order_by("code"))


def provider_member(provider: Provider, **person: Any) -> User:
    """A person who belongs to this provider."""
    return member_of(provider.organisation, **person)


FIGURES: dict[str, dict[str, Any]] = {
    "FIN-01": {"total_assets": "120000.00", "total_liabilities": "45000.00"},
    "FIN-02": {"current_assets": "60000.00", "current_liabilities": "20000.00"},
    "FIN-05": {"iban": GOOD_IBAN},
    "INS-01": {"insured_sum": "1000000.00", "insured_until": "2030-01-01"},
    "INT-04": {"code_version": True},
    "ORG-05": {"url": "https://aanbieder.example/oplossing"},
    "SEC-02": {"critical_findings": "0"},
    "EXT-01": {"notice_months": "2"},
    "LAW-01": {"cancellation_months": "1"},
    "SUP-01": {"working_days": "1"},
}
"""Good figures that do not depend on the day; `good_answer` adds those that do."""


def good_answer(item: Any, dossier: Dossier, today: dt.date) -> dict[str, Any]:
    """An answer to one item that every machine check likes. Conditional items apply."""
    figures = dict(FIGURES.get(item.code, {}))
    if item.code == "FIN-05":
        figures["holder"] = dossier.provider.organisation.legal_name
    for code, name in [
        ("FIN-03", "checked_on"),
        ("INT-06", "checked_on"),
        ("FIN-04", "issued_on"),
        ("SEC-02", "tested_on"),
        ("SEC-05", "tested_on"),
    ]:
        if item.code == code:
            figures[name] = (today - dt.timedelta(days=3)).isoformat()
    return {
        "statement": f"Ons antwoord op {item.code}.",
        "applies": True if item.need == Need.CONDITIONAL else None,
        "figures": figures,
        "uploads": [pdf()] if item.evidence_kind in FILE_KINDS else [],
    }


def filled_dossier(provider: Provider, *, by: User, kind: str = DossierKind.ADMISSION, solution: Any = None) -> Dossier:
    """A dossier with a good answer to every item, not handed in yet."""
    from core import clock

    dossier = services.start_dossier(by=by, provider=provider, kind=kind, solution=solution)
    for item in dossier.items.all():
        services.answer_item(by=by, dossier=dossier, code=item.code, **good_answer(item, dossier, clock.today()))
    return dossier


def submitted_dossier(provider: Provider, *, by: User, **more: Any) -> Dossier:
    """A complete dossier, handed in."""
    return services.submit_dossier(by=by, dossier=filled_dossier(provider, by=by, **more))


def judged_dossier(provider: Provider, *, by: User, assessor: User, **more: Any) -> Dossier:
    """A dossier under review with every item met."""
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=by, **more))
    for item in dossier.items.all():
        services.give_verdict(
            by=assessor, dossier=dossier, code=item.code, verdict=Verdict.MET, note="Zelf gezien en in orde."
        )
    return dossier


def advised_dossier(provider: Provider, *, by: User, assessor: User, **more: Any) -> Dossier:
    """A dossier with the advice to approve."""
    dossier = judged_dossier(provider, by=by, assessor=assessor, **more)
    return services.advise(by=assessor, dossier=dossier, advice="approve", text="Alles is in orde.")


def admitted_by_the_book(provider: Provider, *, by: User) -> Provider:
    """A provider admitted through the whole procedure, by an assessor and a decider of its own."""
    dossier = advised_dossier(provider, by=by, assessor=official(Role.ASSESSOR))
    services.approve(by=official(Role.DECIDER), dossier=dossier, text="Voldoet aan alle eisen.")
    provider.refresh_from_db()
    return provider
