"""What the house remembers for every room: hands, the trail, idempotency keys and stored files."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import HandRole


class Hand(models.Model):
    """One person's role on one file. UNIQUE(file, person): a second role is refused by the database itself."""

    file = models.CharField(max_length=80)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hands")
    role = models.CharField(max_length=12, choices=HandRole)

    class Meta:
        verbose_name = _("hand on a file")
        verbose_name_plural = _("hands on files")
        constraints = [
            models.UniqueConstraint(fields=["file", "person"], name="one_role_per_person_and_file"),
            models.CheckConstraint(condition=Q(role__in=HandRole.values), name="hand_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.role}"


class AuditHead(models.Model):
    """The last place taken in a stream; its row is the stream's lock."""

    stream = models.CharField(max_length=80, primary_key=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}"


class AuditEntry(models.Model):
    """One sentence of the trail. Triggers refuse UPDATE and DELETE; there is no foreign key, so nothing can cascade.

    `body` is the entry as hashed; the other columns repeat it for searching and are compared with it by `verify_audit`.
    """

    stream = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=80, db_index=True)
    body = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="audit_place_taken_once")]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.action}"


class AuditPayload(models.Model):
    """The personal detail of an entry. Erasing empties body and salt; the entry keeps the fingerprint, so the chain holds."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="payload", primary_key=True)
    salt = models.CharField(max_length=32)
    body = models.TextField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(body="", salt=""), name="erased_payload_is_empty"
            )
        ]

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class AuditCheckpoint(models.Model):
    """The heads that moved since the one before it, chained among themselves, so that the last one fixes all heads.

    Only a copy outside the operator's reach proves anything.
    """

    number = models.PositiveBigIntegerField(unique=True)
    body = models.TextField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"checkpoint {self.number}"


class IdempotencyKey(models.Model):
    """A caller's key, what was asked with it and the answer: one transaction with the effect (DESIGN 4.17)."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_used_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


def _private_path(stored: "StoredFile", _name: str) -> str:
    return f"files/{stored.id.hex[:2]}/{stored.id.hex}"


class StoredFile(models.Model):
    """An uploaded file: private, unchangeable, known by its SHA-256. The room that holds it decides who may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField(upload_to=_private_path)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    case = models.CharField(max_length=80, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def as_json(self) -> dict[str, Any]:
        """How the trail names a file: its id and fingerprint, not its name."""
        return {"file": str(self.id), "sha256": self.sha256, "size": self.size}
