"""Hands on a file: nobody has two roles on one file, and the database itself says so (DESIGN 4.8)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from core.enums import HandRole
from core.models import Hand
from core.reasons import CoreReason, Reason, Refused
from core.rows import row
from core.state import StatefulModel


def objections(subject: StatefulModel, by: Any, role: HandRole) -> list[Reason]:
    """Why this person may not have this role on this subject's file; empty when nothing stands in the way."""
    return linked(subject, by) + ask(subject, by, role)[0]


def linked(subject: StatefulModel, by: Any) -> list[Reason]:
    """Why this person may not handle this case at all: a party's own. A machine belongs to nobody."""
    return [Reason(CoreReason.LINKED)] if by.pk is not None and subject.is_linked(by) else []


def ask(subject: StatefulModel, by: Any, role: HandRole) -> tuple[list[Reason], bool]:
    """What another hand of this person on the file says against it, and whether there is none to lay any more.

    A machine has no hand, and hands are counted per person: which deciding verbs it may do is for `may` to say, verb by verb.
    """
    if by.pk is None:
        return [], True
    held = role_on(subject.file(), by)
    if held and held != role:
        return [Reason(CoreReason.OTHER_HAND, {"role": held.label})], True
    return [], held is not None


def free_for(rows: QuerySet, by: Any, role: HandRole) -> QuerySet:
    """The rows on whose file this person has no hand but that of `role`. For models whose file is the row itself."""
    file = Concat(Value(f"{rows.model._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
    return rows.filter(~Exists(Hand.objects.filter(file=file, person=by).exclude(role=role)))


def role_on(file: str, by: Any) -> HandRole | None:
    """The role this person already has on this file, or None."""
    if by.pk is None:
        return None
    try:
        return HandRole(row(Hand, file=file, person_id=by.pk).role)
    except Hand.DoesNotExist:
        return None


def lay(subject: StatefulModel, by: Any, role: HandRole) -> None:
    """Lays this person's first hand on the file. Raises Refused when it got another role there a moment ago."""
    try:
        with transaction.atomic():
            Hand.objects.create(file=subject.file(), person_id=by.pk, role=role)
    except IntegrityError as taken:
        if role_on(subject.file(), by) != role:
            raise Refused(objections(subject, by, role) or Reason(CoreReason.CHANGED)) from taken
