"""A batch: payouts that one person puts together and another lets go, and the file the bank gets (invariants 20, 21, 25, 26)."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core import clock
from core.canonical import content_hash
from core.fields import MoneyField
from core.state import StateField, StatefulModel, transition
from payouts import rules
from payouts.actors import HANDLERS, is_rails, may_read
from payouts.enums import FINAL_PAYOUT, BatchState
from payouts.models.payout import Payout
from vouchers.enums import PaymentRail
from vouchers.models import Programme


class BatchQuerySet(models.QuerySet["Batch"]):
    """Named selections."""

    def visible_to(self, user: Any) -> "BatchQuerySet":
        """Who handles money, the manager and the auditor see every batch; nobody else sees one."""
        return self.all() if may_read(user) else self.none()

    def with_totals(self) -> "BatchQuerySet":
        """`n` and `total` of the lines that are in, and how many still wait for word (`waiting`)."""
        live = Q(lines__live=True)
        return self.annotate(
            n=Count("lines", filter=live),
            total=Sum("lines__payout__amount", filter=live, default=0, output_field=MoneyField()),
            waiting=Count("lines", filter=live & ~Q(lines__payout__state__in=FINAL_PAYOUT)),
        )


class Batch(StatefulModel):
    """Payouts of one programme over one rail. Its number is the MsgId of the file and is never used again."""

    number = models.UUIDField(_("number"), default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="batches")
    rail = models.CharField(_("rail"), max_length=8, choices=PaymentRail)
    state = StateField(choices=BatchState, default=BatchState.PREPARED, max_length=12)
    execution_date = models.DateField(_("pay on"))
    payer_name = models.CharField(max_length=140)
    payer_iban = models.CharField(max_length=34, blank=True)
    payer_bic = models.CharField(max_length=11, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=clock.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_sha256 = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(_("bank file downloaded"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_known"),
            models.CheckConstraint(condition=Q(rail__in=PaymentRail.values), name="batch_rail_known"),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("prepared_by")), name="batch_by_two_people"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[BatchState.RELEASED, BatchState.CLOSED], released_by__isnull=False)
                    & Q(released_at__isnull=False)
                    & ~Q(released_sha256="")
                )
                | Q(
                    state__in=[BatchState.PREPARED, BatchState.CANCELLED],
                    released_by__isnull=True,
                    released_at__isnull=True,
                    released_sha256="",
                ),
                name="released_batch_has_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.CLOSED, BatchState.CANCELLED], ended_at__isnull=False)
                | Q(state__in=[BatchState.PREPARED, BatchState.RELEASED], ended_at__isnull=True),
                name="ended_batch_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("payouts:batch", args=[self.number])

    @property
    def title(self) -> str:
        """How people name it."""
        return f"{self.execution_date.year}-{self.pk:04d}" if self.pk else self.number.hex

    @property
    def msg_id(self) -> str:
        """MsgId of the file: 32 characters, unique for ever."""
        return self.number.hex

    @property
    def pmt_inf_id(self) -> str:
        """PmtInfId of the file: unique for ever."""
        return f"{self.number.hex}-1"

    @property
    def pay_on(self) -> dt.date:
        """The day in the bank file: the day that was asked for, or the first bank day when it is released later than that."""
        released_on = clock.day_of(self.released_at) if self.released_at else clock.today()
        return max(self.execution_date, rules.first_bank_day(released_on))

    @property
    def waits_for_bank(self) -> bool:
        """Released over SEPA, and nobody has fetched the file that the bank has to get: nothing can be paid yet."""
        return self.rail == PaymentRail.SEPA and self.state == BatchState.RELEASED and self.fetched_at is None

    def state_words(self, *, own: bool = False) -> str:
        return (
            gettext("released, bank file not downloaded yet") if self.waits_for_bank else super().state_words(own=own)
        )

    def may(self, verb: str, by: Any) -> bool:
        match verb:
            case "prepare":
                return by.holds(Role.TREASURER)
            case "release" | "seal":
                return by.holds(Role.APPROVER)
            case "cancel" | "confirm" | "download":
                return by.holds(*HANDLERS)
            case "close":
                return is_rails(by) or by.holds(*HANDLERS)
        return False

    def payouts(self) -> "models.QuerySet[Payout]":
        """The payouts that are in, in the order of the file."""
        return (
            Payout.objects.filter(lines__batch=self, lines__live=True)
            .select_related("claim", "payee")
            .order_by("lines__position")
        )

    def content(self, payouts: "list[Payout] | None" = None) -> dict[str, Any]:
        """What its releaser agrees to: everything the bank file is made of, except the moment it is made."""
        rows = list(self.payouts()) if payouts is None else payouts
        return {
            "batch": self.number.hex,
            "programme": f"vouchers.programme:{self.programme_id}",
            "rail": str(self.rail),
            "pay_on": self.pay_on,
            "payer": [self.payer_name, self.payer_iban, self.payer_bic],
            "payouts": [row.fingerprint() for row in rows],
        }

    def fingerprint(self, payouts: "list[Payout] | None" = None) -> str:
        """SHA-256 of the content as it stands now."""
        return content_hash(self.content(payouts))

    @transition(field="state", source=BatchState.PREPARED, target=BatchState.RELEASED)
    def release(self, *, at: dt.datetime, person: Any, sha256: str) -> None:
        """A second person lets go what has this fingerprint."""
        self.released_at = at
        self.released_by_id = person.pk
        self.released_sha256 = sha256

    @transition(field="state", source=BatchState.PREPARED, target=BatchState.CANCELLED)
    def cancel(self, *, at: dt.datetime) -> None:
        """Nobody will release it; its claims wait for another batch."""
        self.ended_at = at

    @transition(field="state", source=BatchState.RELEASED, target=BatchState.CLOSED)
    def close(self, *, at: dt.datetime) -> None:
        """Every payment in it has its last word."""
        self.ended_at = at


class BatchLine(models.Model):
    """A payout's place in a batch. A dropped line stays, with the reason."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    end_to_end_id = models.CharField(max_length=35, unique=True)
    live = models.BooleanField(default=True)
    dropped_because = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("line of a batch")
        verbose_name_plural = _("lines of batches")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["payout"], condition=Q(live=True), name="one_live_line_per_payout"),
            models.UniqueConstraint(fields=["batch", "position"], name="batch_position_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.position}"


class BatchFile(models.Model):
    """The bytes the bank gets. Written once in the transaction of the release; triggers refuse any change."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="file_row", primary_key=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    total = MoneyField()
    sealed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name under which it is downloaded."""
        return f"pain001-{self.batch.title}.xml"
