"""Hands on a file: nobody has two roles on one file, and the database itself says so (DESIGN 4.8)."""

from typing import Any

from django.db import IntegrityError, transaction

from core.enums import HandRole
from core.models import Hand
from core.reasons import CoreReason, Reason, Refused
from core.state import StatefulModel


def objections(subject: StatefulModel, by: Any, role: HandRole) -> list[Reason]:
    """Why this person may not have this role on this subject's file; empty when nothing stands in the way."""
    reasons = []
    if subject.is_linked(by):
        reasons.append(Reason(CoreReason.LINKED))
    other = role_on(subject.file(), by)
    if other and other != role:
        reasons.append(Reason(CoreReason.OTHER_HAND, {"role": other.label}))
    return reasons


def role_on(file: str, by: Any) -> HandRole | None:
    """The role this person already has on this file, or None."""
    if by.pk is None:
        return None
    role = Hand.objects.filter(file=file, person_id=by.pk).values_list("role", flat=True).first()
    return HandRole(role) if role else None


def lay(subject: StatefulModel, by: Any, role: HandRole) -> None:
    """Lays this person's hand on the file. Raises Refused when it got another role there a moment ago.

    A machine act has no hand to lay: it may never do a deciding verb, which `may` has already refused.
    """
    if by.pk is None:
        raise Refused(Reason(CoreReason.LINKED))
    file = subject.file()
    if role_on(file, by) == role:
        return
    try:
        with transaction.atomic():
            Hand.objects.create(file=file, person_id=by.pk, role=role)
    except IntegrityError as taken:
        raise Refused(objections(subject, by, role) or Reason(CoreReason.CHANGED)) from taken
