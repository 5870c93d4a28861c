"""A payout: one payment of one claim, frozen before two people agree to it (DESIGN 3 and 4.13, RELIABILITY c2)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Organisation
from core import clock
from core.canonical import content_hash
from core.enums import HandRole
from core.fields import MoneyField
from core.state import StateField, StatefulModel, transition
from payouts.actors import HANDLERS, is_rails, may_read
from payouts.enums import (
    AGREED_PAYOUT,
    LIVE_PAYOUT,
    SENT_PAYOUT,
    PayoutState,
)
from payouts.gateways.protocol import Instruction
from payouts.wording import said
from vouchers.enums import PaymentRail
from vouchers.models import Claim, Programme


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Named selections."""

    def visible_to(self, user: Any) -> "PayoutQuerySet":
        """Who handles money, the manager and the auditor see every payout; nobody else sees one."""
        return self.all() if may_read(user) else self.none()

    def live(self) -> "PayoutQuerySet":
        """Payouts that still occupy their claim."""
        return self.filter(state__in=LIVE_PAYOUT)

    def due(self, now: dt.datetime) -> "PayoutQuerySet":
        """What the dispatcher of the Stripe rail may take now: ready, unknown, or left behind in the middle of sending."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        waiting = Q(state__in=[PayoutState.READY, PayoutState.UNKNOWN]) & (
            Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
        )
        left_behind = Q(state=PayoutState.SENDING, lease_until__lte=now)
        return self.filter(free & (waiting | left_behind), rail=PaymentRail.STRIPE).order_by("pk")


class Payout(StatefulModel):
    """One payment of one claim. Amount, account and text are copied when it is prepared and never change after that.

    `number` is its name at every rail (EndToEndId, transfer group): 32 hexadecimal characters, never used again.
    A payment that was refused, came back or was cancelled is over; paying the claim after all is a new payout.
    """

    HANDS: ClassVar[Mapping[str, HandRole]] = {"approve": HandRole.RELEASER, "release": HandRole.RELEASER}

    number = models.UUIDField(_("number"), default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payouts")
    seq = models.PositiveSmallIntegerField(_("time"), default=1)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="payouts")
    rail = models.CharField(_("rail"), max_length=8, choices=PaymentRail)
    state = StateField(choices=PayoutState, default=PayoutState.PREPARED, max_length=12)

    # The frozen instruction.
    amount = MoneyField(_("amount"))
    currency = models.CharField(max_length=3, default="EUR")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payouts")
    holder = models.CharField(_("account holder"), max_length=160)
    destination = models.CharField(_("account"), max_length=64)
    remittance = models.CharField(_("text"), max_length=140)
    content_sha256 = models.CharField(max_length=64)
    agreed_sha256 = models.CharField(max_length=64, blank=True)

    # Sending.
    idempotency_key = models.CharField(max_length=64, unique=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True, db_index=True)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=80, null=True, blank=True, unique=True)

    # What became of it.
    prepared_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    returned_on = models.DateField(_("came back on"), null=True, blank=True)
    because = models.CharField(_("why"), max_length=80, blank=True)

    objects = PayoutQuerySet.as_manager()

    file_waits = False
    """Whether nobody has fetched the bank file it is in yet; as `selectors.with_bank_file` found it."""

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=LIVE_PAYOUT), name="one_live_payout_per_claim"
            ),
            models.UniqueConstraint(fields=["claim", "seq"], name="payout_seq_used_once"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(condition=Q(rail__in=PaymentRail.values), name="payout_rail_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(condition=Q(currency="EUR"), name="payout_in_euro"),
            models.CheckConstraint(
                condition=Q(state__in=AGREED_PAYOUT, agreed_sha256=F("content_sha256"), released_at__isnull=False)
                | Q(state=PayoutState.APPROVED, agreed_sha256=F("content_sha256"))
                | Q(state__in=[PayoutState.PREPARED, PayoutState.CANCELLED], agreed_sha256=""),
                name="agreed_payout_is_what_was_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SENT_PAYOUT, first_sent_at__isnull=False) | ~Q(state__in=SENT_PAYOUT),
                name="sent_payout_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PayoutState.PAID, PayoutState.RETURNED], paid_on__isnull=False)
                | (~Q(state__in=[PayoutState.PAID, PayoutState.RETURNED]) & Q(paid_on__isnull=True)),
                name="paid_payout_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=PayoutState.RETURNED, returned_on__isnull=False)
                | (~Q(state=PayoutState.RETURNED) & Q(returned_on__isnull=True)),
                name="returned_payout_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=PayoutState.PAID, rail=PaymentRail.STRIPE, provider_id__isnull=False)
                | ~Q(state=PayoutState.PAID, rail=PaymentRail.STRIPE),
                name="paid_by_stripe_has_transfer",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "rail"], name="payout_state_rail"),
            models.Index(fields=["prepared_at", "id"], name="payout_by_moment"),  # the order of the list
        ]

    def __str__(self) -> str:
        return self.number.hex

    def state_words(self, *, own: bool = False) -> str:
        if self.state == PayoutState.SENDING and self.file_waits:
            return gettext("released, bank file not downloaded yet")
        return super().state_words(own=own)

    def get_absolute_url(self) -> str:
        return reverse("payouts:payout", args=[self.number])

    # The door

    def case(self) -> str:
        return self.claim.case()

    def file(self) -> str:
        return self.claim.file()

    def is_linked(self, by: Any) -> bool:
        return self.claim.is_linked(by) or by.is_member_of(self.payee_id)

    def may(self, verb: str, by: Any) -> bool:
        match verb:
            case "prepare":
                return by.holds(Role.TREASURER)
            case "approve" | "release":
                return by.holds(Role.APPROVER)
            case "propose" | "report_return" | "confirm" | "withdraw_proposal":
                return by.holds(*HANDLERS)
            case "look_up":
                return is_rails(by)
            case "send":
                # A SEPA payout is sent by being in the file that its releaser seals.
                return is_rails(by) or (self.rail == PaymentRail.SEPA and by.holds(Role.APPROVER))
            case "cancel" | "void" | "settle" | "lose" | "decline" | "absent" | "escalate" | "return_funds":
                return is_rails(by) or by.holds(*HANDLERS)
        return False

    # The frozen instruction

    def content(self) -> dict[str, Any]:
        """What the two people agree to: everything that decides which money goes where."""
        return {
            "payout": self.number.hex,
            "claim": f"vouchers.claim:{self.claim_id}",
            "seq": self.seq,
            "rail": str(self.rail),
            "amount": self.amount,
            "currency": self.currency,
            "payee": f"accounts.organisation:{self.payee_id}",
            "holder": self.holder,
            "destination": self.destination,
            "remittance": self.remittance,
        }

    def fingerprint(self) -> str:
        """SHA-256 of the content as it stands now; differs from `content_sha256` when somebody changed the row."""
        return content_hash(self.content())

    def frozen_facts(self) -> dict[str, Any]:
        """What the rule `frozen_content` asks: is this row still the one that was prepared."""
        return {
            "claim": f"vouchers.claim:{self.claim_id}",
            "sha256": self.fingerprint(),
            "content_sha256": self.content_sha256,
        }

    def instruction(self) -> Instruction:
        """The payment in the words of a rail."""
        return Instruction(
            payout=self.number,
            amount=self.amount,
            currency=self.currency,
            destination=self.destination,
            holder=self.holder,
            remittance=self.remittance,
            idempotency_key=self.idempotency_key,
        )

    @property
    def why(self) -> str:
        """Why it stands where it stands, in words."""
        return said(self.because)

    # The machine

    @transition(field="state", source=PayoutState.PREPARED, target=PayoutState.APPROVED)
    def approve(self, *, sha256: str) -> None:
        """A second person agrees to exactly this content, by its fingerprint."""
        self.agreed_sha256 = sha256

    @transition(field="state", source=PayoutState.APPROVED, target=PayoutState.READY)
    def release(self, *, at: dt.datetime) -> None:
        """It may leave the house."""
        self.released_at = at

    @transition(field="state", source=[PayoutState.READY, PayoutState.UNKNOWN], target=PayoutState.SENDING)
    def send(self, *, at: dt.datetime) -> None:
        """It leaves, or leaves once more after a look; from now on nobody may think that it did not."""
        self.first_sent_at = self.first_sent_at or at
        self.next_try_at = None
        self.because = ""

    @transition(
        field="state",
        source=[PayoutState.SENDING, PayoutState.UNKNOWN, PayoutState.MANUAL],
        target=PayoutState.PAID,
    )
    def settle(self, *, paid_on: dt.date, provider_id: str = "") -> None:
        """The money arrived: the bank, the payment service or two people say so. `provider_id` is the transfer at Stripe."""
        self.paid_on = paid_on
        self.provider_id = provider_id or None
        self.because = ""
        self._let_go()

    @transition(field="state", source=PayoutState.PAID, target=PayoutState.RETURNED)
    def return_funds(self, *, returned_on: dt.date, because: str) -> None:
        """The money came back after it was paid. The claim is paid anew by another payout."""
        self.returned_on = returned_on
        self.because = because

    @transition(
        field="state",
        source=[PayoutState.SENDING, PayoutState.UNKNOWN, PayoutState.MANUAL],
        target=PayoutState.REJECTED,
    )
    def decline(self, *, because: str) -> None:
        """A definite no: no money moved, and this payout never moves any."""
        self.because = because
        self._let_go()

    @transition(field="state", source=PayoutState.SENDING, target=PayoutState.UNKNOWN)
    def lose(self, *, because: str, next_try_at: dt.datetime | None = None) -> None:
        """No answer, or one that proves nothing. It is looked up from `next_try_at` on."""
        self.because = because
        self._let_go()
        self.next_try_at = next_try_at

    @transition(field="state", source=[PayoutState.SENDING, PayoutState.UNKNOWN], target=PayoutState.MANUAL)
    def escalate(self, *, because: str) -> None:
        """No machine can settle it: from now on two people say what happened."""
        self.because = because
        self._let_go()

    @transition(field="state", source=[PayoutState.UNKNOWN, PayoutState.MANUAL], target=PayoutState.READY)
    def absent(self, *, because: str) -> None:
        """There is evidence that it never left, so it may be sent; over Stripe after one more look."""
        self.because = because
        self._let_go()

    @transition(field="state", source=[PayoutState.APPROVED, PayoutState.READY], target=PayoutState.PREPARED)
    def void(self, *, because: str) -> None:
        """What was agreed to has changed, so nobody has agreed to this (invariant 15)."""
        self._disagree(because)

    @transition(
        field="state",
        source=[PayoutState.PREPARED, PayoutState.APPROVED, PayoutState.READY],
        target=PayoutState.CANCELLED,
    )
    def cancel(self, *, because: str) -> None:
        """It never leaves. The claim may be paid by another payout."""
        self._disagree(because)

    def _disagree(self, because: str) -> None:
        self.agreed_sha256 = ""
        self.released_at = None
        self.because = because
        self._let_go()

    def _let_go(self) -> None:
        self.lease_owner = ""
        self.lease_until = None
        self.next_try_at = None
