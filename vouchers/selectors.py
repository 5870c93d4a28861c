"""Which cases somebody may take a step in, so that nothing waits for a person who would be refused (DESIGN 4.8)."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from core.enums import HandRole
from core.hands import free_for
from core.models import Hand
from vouchers.models import Application, Claim, Objection


def applications_open_to(by: Any, role: HandRole) -> QuerySet[Application]:
    """Applications on which this person has no other hand, and whose applicant and suppliers are no business of theirs.

    To decide: not those that they opened again by ruling on an objection.
    """
    rows = free_for(Application.objects.all(), by, role).exclude(
        by.ties("organisation", "lines__provider__organisation")
    )
    ruled = Objection.objects.filter(decision__application=OuterRef("pk"), decided_by=by)
    return rows.filter(~Exists(ruled)) if role == HandRole.DECIDER else rows


def claims_open_to(by: Any, role: HandRole) -> QuerySet[Claim]:
    """The same of claims; who assessed an application assesses no claim under it, and who revised a claim does not decide it."""
    rows = free_for(Claim.objects.all(), by, role).exclude(by.ties("voucher__sme", "voucher__provider__organisation"))
    if role == HandRole.DECIDER:
        return rows.filter(~Q(advised_by=by) | Q(advised_by__isnull=True))
    return rows.filter(~Exists(Hand.objects.filter(file=_case("voucher__application"), person=by, role=role)))


def objections_open_to(by: Any) -> QuerySet[Objection]:
    """Objections to decisions in which this person has no hand (Awb 10:3), of others than their own businesses."""
    application = "decision__application"
    took_part = Hand.objects.filter(Q(file=OuterRef("decision__subject")) | Q(file=_case(application)), person=by)
    signed = Q(decision__decided_by=by) | Q(decision__assessed_by=by)
    tied = by.ties(f"{application}__organisation", f"{application}__lines__provider__organisation")
    return free_for(Objection.objects.all(), by, HandRole.DECIDER).filter(~Exists(took_part)).exclude(signed | tied)


def _case(path: str) -> Concat:
    """The file of the application that this path leads to."""
    return Concat(Value("vouchers.application:"), Cast(OuterRef(path), CharField()))
