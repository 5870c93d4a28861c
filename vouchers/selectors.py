"""Which cases wait for somebody who may take a step in them, so that nothing waits for a person who would be refused (DESIGN 4.8)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.enums import OrganisationKind
from core import clock
from core.enums import HandRole
from core.hands import free_for
from core.models import Hand
from core.state import StatefulModel
from vouchers.models import Application, Claim, NoticeOfIntent, Objection, Voucher


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


def notices_to_answer(by: Any) -> list[tuple[NoticeOfIntent, Voucher | None, Claim | None]]:
    """Notices of intent about cases of this person's businesses that can still be answered, the first due on top.

    With each the voucher it is about, if any, and the claim. Three queries, however many there are.
    """
    mine = {"application__organisation__in": by.organisations(OrganisationKind.SME)}
    rows = list(
        NoticeOfIntent.objects.open()
        .filter(answer_by__gte=clock.today(), **mine)
        .select_related("application__organisation")
        .order_by("answer_by", "pk")
    )
    about = {row.subject for row in rows}
    claims = {claim.reference(): claim for claim in Claim.objects.filter(pk__in=_keys(Claim, about))}
    keys = {claim.voucher_id for claim in claims.values()} | _keys(Voucher, about)
    vouchers = {voucher.pk: voucher for voucher in Voucher.objects.filter(pk__in=keys)}
    by_reference = {voucher.reference(): voucher for voucher in vouchers.values()}
    return [
        (
            row,
            vouchers[claim.voucher_id] if (claim := claims.get(row.subject)) else by_reference.get(row.subject),
            claim,
        )
        for row in rows
    ]


def _keys(model: type[StatefulModel], references: Iterable[str]) -> set[int]:
    """Of these references the keys of rows of this model."""
    start = f"{model._meta.label_lower}:"
    return {int(each.removeprefix(start)) for each in references if each.startswith(start)}


def _case(path: str) -> Concat:
    """The file of the application that this path leads to."""
    return Concat(Value("vouchers.application:"), Cast(OuterRef(path), CharField()))
