"""What the rules of vetting look at, gathered from the database. Reading only."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from accounts.enums import OrganisationKind, Role
from accounts.models import Membership, Organisation
from core.canonical import content_hash
from core.terms import add_months
from providers.enums import DossierState, Need, ProviderState, Verdict
from providers.guidance import FigureKind, figures_of
from providers.models import Dossier, DossierItem, Evidence, Provider, Solution
from providers.rules.checks import CheckFacts, CheckOutcome, run_checks
from providers.rules.rulesets import VettingRules, vetting_version
from providers.rules.vetting import IntentFacts, ItemFacts
from providers.services.solution_facts import open_complaints, package_facts, reference_facts


def rules_of(dossier: Dossier) -> VettingRules:
    """The numbers the dossier is judged by: those of the day it was started. Raises LookupError as `vetting_version` does."""
    return vetting_version(dossier.rules_version)


def items_of(dossier: Dossier) -> list[DossierItem]:
    """The items in order, each with its number of files; two queries whatever their number."""
    files = Count("evidence", filter=Q(evidence__removed_at__isnull=True))
    return list(dossier.items.select_related("checklist_item", "verdict_by").annotate(files=files).order_by("code"))


Items = list[tuple[DossierItem, list[str]]]
"""The items of a dossier in order, each with the fingerprints of its files."""


def items_with_files(dossier: Dossier) -> Items:
    """What the rules and a decision need of the items; two queries whatever their number."""
    files: dict[int, list[str]] = {}
    shown = Evidence.objects.filter(item__dossier=dossier, removed_at__isnull=True).order_by("pk")
    for item, sha256 in shown.values_list("item_id", "file__sha256"):
        files.setdefault(item, []).append(sha256)
    return [(item, files.get(item.pk, [])) for item in dossier.items.order_by("code")]


def facts_of_item(item: DossierItem, *, files: int | None = None) -> ItemFacts:
    """One item as the rules see it, with this number of files; without it the item is one of `items_of`, which counts."""
    return ItemFacts(
        code=item.code,
        need=item.need,
        evidence_kind=item.evidence_kind,
        applies=item.applies,
        applies_reason=item.applies_reason,
        statement=item.statement,
        files=item.files if files is None else files,
        figures=item.figures,
        figures_needed=tuple(figure.name for figure in figures_of(item.code) if figure.required),
        verdict=item.verdict,
        verdict_note=item.verdict_note,
        valid_until=item.valid_until,
        validity_months=item.validity_months,
    )


def item_facts(dossier: Dossier) -> tuple[ItemFacts, ...]:
    """All items as the rules see them."""
    return as_facts(items_with_files(dossier))


def as_facts(items: Items) -> tuple[ItemFacts, ...]:
    """`item_facts` of items that were gathered before."""
    return tuple(facts_of_item(item, files=len(files)) for item, files in items)


def latest_valid_until(item: DossierItem, today: dt.date) -> dt.date | None:
    """The last day a verdict of today may count; None = it does not expire."""
    return add_months(today, item.validity_months) if item.validity_months else None


def intent_facts(subject: Dossier | Provider | Solution, measure: str) -> IntentFacts:
    """The notice of intent on this subject, if it announces this measure."""
    if subject.intent_measure != measure:
        return IntentFacts()
    return IntentFacts(
        sent=subject.intent_sent_at is not None,
        due_on=subject.intent_due_on,
        answered=subject.intent_answered_at is not None,
    )


def check_facts(dossier: Dossier, *, today: dt.date, items: tuple[ItemFacts, ...] | None = None) -> CheckFacts:
    """Everything the machine checks look at, gathered in a fixed number of queries."""
    provider, organisation = dossier.provider, dossier.provider.organisation
    namesakes = Provider.objects.filter(organisation__kvk=organisation.kvk).exclude(pk=provider.pk)
    measures = Provider.objects.filter(
        Q(removed_on__isnull=False) | Q(state=ProviderState.SUSPENDED), organisation__kvk=organisation.kvk
    )
    officials = Membership.objects.filter(
        role__in=[Role.ASSESSOR, Role.DECIDER],
        ended_at__isnull=True,
        organisation__kind=OrganisationKind.AUTHORITY,
        person__memberships__organisation=organisation,
        person__memberships__ended_at__isnull=True,
    )
    return CheckFacts(
        kvk_of_others=_kvk_of_others(organisation) if organisation.kvk else None,
        kind=dossier.kind,
        today=today,
        items=item_facts(dossier) if items is None else items,
        rules=rules_of(dossier),
        country=organisation.country,
        kvk=organisation.kvk,
        kvk_taken=namesakes.exists() if organisation.kvk else None,
        vat_id=organisation.vat_id,
        legal_name=organisation.legal_name,
        founded_on=organisation.founded_on,
        website=provider.website,
        linked_officials=officials.values("person").distinct().count(),
        own_measures=measures.count() if organisation.kvk else None,
        packages=package_facts(dossier.solution) if dossier.solution else None,
        references=reference_facts(dossier.solution, rules_of(dossier)) if dossier.solution else None,
        expired_evidence=expired_evidence(provider, today=today),
        sectors=frozenset(dossier.solution.sectors.values_list("pk", flat=True)) if dossier.solution else None,
        open_complaints=open_complaints(provider, dossier.solution),
    )


def _kvk_of_others(organisation: Organisation) -> str:
    """The businesses, of whatever kind, with the KvK number of this one and none of its people; nothing when there are none."""
    ours = organisation.memberships.filter(ended_at__isnull=True).values("person")
    theirs = Membership.objects.filter(ended_at__isnull=True, organisation__kvk=organisation.kvk)
    found = theirs.exclude(organisation=organisation).select_related("organisation")
    shared = set(found.filter(person__in=ours).values_list("organisation", flat=True))
    names = {
        f"{row.organisation.legal_name} ({row.organisation.get_kind_display()})"
        for row in found
        if row.organisation_id not in shared
    }
    return ", ".join(sorted(names))


def look(dossier: Dossier, *, today: dt.date, items: tuple[ItemFacts, ...] | None = None) -> list[CheckOutcome]:
    """What the machine checks see now, in these items when they were gathered already. `submit_dossier` keeps it."""
    return run_checks(check_facts(dossier, today=today, items=items))


def stored_checks(dossier: Dossier) -> list[CheckOutcome]:
    """What the machine checks saw at the last submit."""
    return [CheckOutcome.from_json(row) for row in dossier.checks]


def last_approved(provider: Provider, solution: Any = None) -> Dossier | None:
    """The last approved dossier about the solution, or about the provider itself."""
    approved = provider.dossiers.filter(state=DossierState.APPROVED, solution=solution)
    return approved.order_by("-decided_at", "-pk").first()


def expired_evidence(provider: Provider, *, today: dt.date) -> int | None:
    """How many required items of the last approved round are out of date; None when there was no such round."""
    previous = last_approved(provider)
    if previous is None:
        return None
    due = Q(need=Need.YES) | Q(need=Need.CONDITIONAL, applies=True)
    return previous.items.filter(due, verdict=Verdict.MET, valid_until__lt=today).count()


def content_with(dossier: Dossier, items: Items) -> dict[str, Any]:
    """Everything an advice and a decision are about, in a canonical form: answers, files by fingerprint, verdicts, checks."""
    return {
        "dossier": dossier.reference(),
        "kind": dossier.kind,
        "round": dossier.round,
        "rules": dossier.rules_version,
        "checks": dossier.checks,
        "items": [
            {
                "code": item.code,
                "need": item.need,
                "applies": item.applies,
                "applies_reason": item.applies_reason,
                "statement": item.statement,
                "figures": item.figures,
                "files": files,
                "verdict": item.verdict,
                "verdict_note": item.verdict_note,
                "verdict_on": item.verdict_on,
                "valid_until": item.valid_until,
            }
            for item, files in items
        ],
    }


def fingerprint(dossier: Dossier, items: Items | None = None) -> str:
    """The SHA-256 an approval binds itself to (DESIGN 4.8), of these items when they were gathered already."""
    return content_hash(content_with(dossier, items_with_files(dossier) if items is None else items))


def canonical_figures(code: str, figures: Mapping[str, Any], rules: VettingRules) -> dict[str, str]:
    """Figures as they are stored: text in one form per kind. Raises KeyError for a field the item does not have.

    A code of conduct is accepted in the version of these rules. Amounts become plain decimals, days ISO dates, numbers
    digits; what is empty is left out.
    """
    kinds = {figure.name: figure.kind for figure in figures_of(code)}
    stored = {}
    for name, value in figures.items():
        kind = kinds[name]
        if value is None or value == "" or value is False:
            continue
        match value:
            case dt.date():
                stored[name] = value.isoformat()
            case Decimal():
                stored[name] = str(value)
            case True if kind == FigureKind.ACCEPT:
                stored[name] = rules.code_of_conduct
            case _:
                stored[name] = str(value).strip()[:500]
    return stored
