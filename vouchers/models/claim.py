"""The claim: an invoice against a voucher, what was seen of it, what it comes to and what was paid (DESIGN 3, 4.12)."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.canonical import content_hash
from core.enums import HandRole
from core.fields import MoneyField
from core.money import ZERO
from core.state import StateField, StatefulModel, transition
from vouchers.enums import DETERMINED_CLAIM, OPEN_CLAIM, ClaimState, LowerGround, Payee, Regime
from vouchers.models.claim_lists import UNSENT, ClaimQuerySet
from vouchers.models.voucher import Voucher, linked_to
from vouchers.rules.claim import Finding, flags
from vouchers.rules.terms import stood_still

PAYMENT_VERBS = {"send_payment", "stop_payment", "pay", "return_funds"}
MACHINE_VERBS = {
    # The payment service has word of it; and what pays asks again first, and withholds on what it finds (DESIGN 4.9).
    "payouts": {*PAYMENT_VERBS, "withhold"},
    "terms": {"release", "close"},  # the longest term of withholding is over; nothing is left to be done
    "vouchers": {"settle_at_nil", "close"},  # follows from a determination at nothing, or from the end of its voucher
}
"""What a machine may do, by its name; never what a person decides (ADR 0027)."""


class Claim(StatefulModel):
    """A business asks for the payment of one invoice. All amounts are euros; `invoice_excl` is without VAT.

    A file of its own for hands: assessor, decider, and in payouts the preparer and the releaser of the payment.
    `iban` and `holder` are frozen at the determination; nothing after it changes where the money goes.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="claims")
    seq = models.PositiveSmallIntegerField()
    number = models.CharField(_("number"), max_length=48, unique=True)
    state = StateField(_("status"), max_length=16, choices=ClaimState, default=ClaimState.DRAFT)
    regime = models.CharField(max_length=5, choices=Regime, default=Regime.LIGHT)
    is_last = models.BooleanField(_("last claim on this voucher"), default=True)
    created_at = models.DateTimeField()

    invoice_number = models.CharField(_("invoice number"), max_length=60, blank=True)
    invoice_key = models.CharField(max_length=60, blank=True)
    supplier_ref = models.CharField(max_length=48)
    invoice_date = models.DateField(_("invoice date"), null=True)
    invoice_excl = MoneyField(_("amount without VAT"), null=True)
    invoice_incl = MoneyField(_("amount with VAT"), null=True)
    invoice_description = models.CharField(_("what the invoice is for"), max_length=300, blank=True)
    invoice_kvk = models.CharField(_("KvK number on the invoice"), max_length=8, blank=True)
    invoice_vat_id = models.CharField(_("VAT number on the invoice"), max_length=16, blank=True)
    invoice_file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    payment_proof = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    use_proof = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    payee = models.CharField(_("who is paid"), max_length=8, choices=Payee, default=Payee.SME)
    bank_account = models.ForeignKey("accounts.BankAccount", on_delete=models.PROTECT, null=True, related_name="+")

    submitted_at = models.DateTimeField(null=True)
    determine_by = models.DateField(null=True)
    sampled = models.BooleanField(default=False)
    checks = models.JSONField(default=list)
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    answer_by = models.DateField(null=True)
    answer = models.TextField(blank=True)
    term_from = models.DateField(null=True)  # receipt, or the day it was opened again
    suspended_days = models.PositiveSmallIntegerField(default=0)

    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="claims_assessed"
    )
    judgements = models.JSONField(default=dict)
    advice = models.TextField(blank=True)
    advised_amount = MoneyField(null=True)
    advised_ground = models.CharField(max_length=40, choices=LowerGround, blank=True)
    advised_at = models.DateTimeField(null=True)
    #: Who stands behind the advised amount: the assessor who advised it, or the decider who revised it.
    advised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    advised_sha256 = models.CharField(max_length=64, blank=True)
    returned_why = models.TextField(blank=True)

    computed_amount = MoneyField(null=True)
    determined_amount = MoneyField(null=True)
    ground = models.CharField(max_length=40, choices=LowerGround, blank=True)
    explanation = models.TextField(blank=True)
    decision = models.ForeignKey("vouchers.Decision", on_delete=models.PROTECT, null=True, related_name="claims")
    determined_at = models.DateTimeField(null=True)
    pay_by = models.DateField(null=True)
    iban = models.CharField(max_length=34, blank=True)
    holder = models.CharField(max_length=70, blank=True)
    stripe_account = models.CharField(max_length=64, blank=True)

    withheld_at = models.DateTimeField(null=True)
    withheld_until = models.DateField(null=True)
    withheld_why = models.TextField(blank=True)
    #: The payout that is on its way for this claim, from the moment it was sent until its end is known. Empty: none.
    sent_payout_ref = models.CharField(max_length=64, blank=True)
    paid_amount = MoneyField(default=ZERO)
    paid_on = models.DateField(null=True)
    payout_ref = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ClaimQuerySet.as_manager()

    MEMBER_VERBS: ClassVar = {"start", "change", "check", "submit", "withdraw", "respond"}
    OWN_WORDS: ClassVar = {ClaimState.MORE_INFORMATION: _("waiting for your answer")}
    HANDS: ClassVar = {
        **dict.fromkeys(("take_up", "ask_more", "advise"), HandRole.ASSESSOR),
        **dict.fromkeys(("return_to_assessor", "determine", "withhold", "revise"), HandRole.DECIDER),
        **dict.fromkeys(("release", "settle_at_nil"), HandRole.DECIDER),
    }

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "submitted_at"]),
            models.Index(fields=["determine_by"]),
            models.Index(fields=["supplier_ref", "invoice_date"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "seq"], name="claim_numbered_once"),
            models.UniqueConstraint(
                fields=["voucher"], condition=Q(state__in=OPEN_CLAIM), name="one_open_claim_per_voucher"
            ),
            models.UniqueConstraint(
                fields=["supplier_ref", "invoice_key"], condition=~Q(state__in=UNSENT), name="invoice_used_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(condition=Q(payee__in=Payee.values), name="claim_payee_known"),
            models.CheckConstraint(condition=Q(regime__in=Regime.values), name="claim_regime_known"),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT)
                | Q(
                    submitted_at__isnull=False,
                    invoice_excl__gt=0,
                    invoice_incl__gte=F("invoice_excl"),
                    invoice_date__isnull=False,
                    invoice_file__isnull=False,
                    bank_account__isnull=False,
                )
                & ~Q(invoice_key=""),
                name="sent_claim_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.ADVISED)
                | Q(advised_at__isnull=False, advised_by__isnull=False, advised_amount__gte=0) & ~Q(advised_sha256=""),
                name="advised_claim_has_an_advice",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=DETERMINED_CLAIM,
                    determined_at__isnull=False,
                    determined_amount__gte=0,
                    determined_amount__lte=F("computed_amount"),
                )
                | ~Q(state__in=DETERMINED_CLAIM)
                & Q(determined_at__isnull=True, determined_amount__isnull=True, decision__isnull=True),
                name="claim_determined_at_most_what_the_rules_give",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DETERMINED_CLAIM) | Q(determined_amount=0) | ~Q(iban=""),
                name="determined_claim_has_an_account",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.WITHHELD, withheld_at__isnull=False, withheld_until__isnull=False)
                | ~Q(state=ClaimState.WITHHELD) & Q(withheld_at__isnull=True, withheld_until__isnull=True),
                name="withheld_claim_has_a_term",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.PAID)
                | Q(paid_on__isnull=False, paid_amount__gt=0, paid_amount__gte=F("determined_amount")),
                name="paid_claim_was_paid",
            ),
            models.CheckConstraint(condition=Q(paid_amount__gte=0), name="claim_paid_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(sent_payout_ref="") | Q(state__in=[ClaimState.DETERMINED, ClaimState.WITHHELD]),
                name="claim_stands_while_its_payment_is_on_its_way",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # --- whose it is ---------------------------------------------------------------------------------------------

    def case(self) -> str:
        return self.voucher.case()

    def is_linked(self, by: Any) -> bool:
        """A member of the business or of the provider, or of an organisation with the KvK number of either."""
        return linked_to(by, self.voucher.sme, self.voucher.provider.organisation)

    def may(self, verb: str, by: Any) -> bool:
        """Who may do what. Members of the provider never claim, also when they are asked to by the business."""
        if isinstance(by, SystemActor):
            return verb in MACHINE_VERBS.get(by.name, ())
        if verb in self.MEMBER_VERBS:
            provider = self.voucher.provider.organisation_id
            return by.is_member_of(self.voucher.sme_id) and not by.is_member_of(provider)
        match verb:
            case "take_up" | "ask_more" | "advise" | "judge":
                return by.holds(Role.ASSESSOR)
            case "determine" | "return_to_assessor" | "withhold" | "release" | "revise" | "settle_at_nil" | "close":
                return by.holds(Role.DECIDER)
            case "intend":
                return by.holds(Role.ASSESSOR, Role.DECIDER)
            case "receive_back":
                return by.holds(Role.TREASURER)
            case _ if verb in PAYMENT_VERBS:
                return by.holds(Role.TREASURER, Role.APPROVER)
        return False

    # --- what was claimed --------------------------------------------------------------------------------------------

    @property
    def payable_amount(self) -> Decimal:
        """What is left to pay: what was determined less what was paid before, never negative."""
        return max((self.determined_amount or ZERO) - self.paid_amount, ZERO)

    @property
    def needs_proof(self) -> bool:
        """Whether proof of payment and of 30 days' use is asked: the sample, every flag, and everybody under the full regime."""
        return self.sampled or self.regime == Regime.FULL or bool(flags(self.findings))

    @property
    def has_proof(self) -> bool:
        return self.payment_proof_id is not None and self.use_proof_id is not None

    def unanswered_days(self, today: datetime.date) -> int:
        """Days the term stood still for the question that is open (Awb 4:15); none when no question is."""
        if self.state != ClaimState.MORE_INFORMATION:
            return 0
        return stood_still(clock.day_of(self.asked_at), self.answer_by, today)

    @property
    def findings(self) -> list[Finding]:
        """The machine checks as they came out when the claim was sent."""
        return [Finding.from_json(row) for row in self.checks]

    def content(self) -> dict[str, Any]:
        """What an advice binds itself to: invoice, files, payee, account, checks and judgements."""
        return {
            "number": self.number,
            "invoice": [
                self.invoice_number,
                self.invoice_date,
                self.invoice_excl,
                self.invoice_incl,
                self.invoice_description,
                self.invoice_kvk,
                self.invoice_vat_id,
            ],
            "files": [
                file.sha256 if file else None for file in (self.invoice_file, self.payment_proof, self.use_proof)
            ],
            "payee": self.payee,
            "account": self.bank_account_id,
            "iban": self.bank_account.iban if self.bank_account else "",
            "is_last": self.is_last,
            "answer": self.answer,
            "checks": self.checks,
            "judgements": self.judgements,
            "advised_amount": self.advised_amount,
            "advised_ground": self.advised_ground,
        }

    def fingerprint(self) -> str:
        """SHA-256 of `content`: the decider decides on exactly what the assessor advised on (DESIGN 4.8)."""
        return content_hash(self.content())

    # --- the machine ------------------------------------------------------------------------------------------------

    @transition(field=state, source=[ClaimState.DRAFT, ClaimState.MORE_INFORMATION], target=ClaimState.SUBMITTED)
    def submit(
        self,
        *,
        at: datetime.datetime,
        term_from: datetime.date,
        determine_by: datetime.date,
        suspended_days: int,
        sampled: bool,
        regime: str,
    ) -> None:
        """The business sends the claim, or its answer. The first receipt counts for the term."""
        self.submitted_at = self.submitted_at or at
        self.term_from, self.suspended_days, self.determine_by = term_from, suspended_days, determine_by
        self.sampled, self.regime = sampled, regime

    @transition(field=state, source=ClaimState.SUBMITTED, target=ClaimState.IN_REVIEW)
    def take_up(self, *, assessor: Any) -> None:
        """An assessor takes the claim from the queue."""
        self.assessor = assessor

    @transition(field=state, source=ClaimState.IN_REVIEW, target=ClaimState.MORE_INFORMATION)
    def ask_more(self, *, at: datetime.datetime, answer_by: datetime.date) -> None:
        """The assessor asks for something. The term to determine stands still meanwhile (Awb 4:15)."""
        self.asked_at, self.answer_by = at, answer_by
        self.answer = ""

    @transition(field=state, source=[ClaimState.IN_REVIEW, ClaimState.MORE_INFORMATION], target=ClaimState.ADVISED)
    def advise(
        self,
        *,
        at: datetime.datetime,
        adviser: Any,
        amount: Decimal,
        ground: str,
        suspended_days: int,
        determine_by: datetime.date | None,
    ) -> None:
        """The assessor advises an amount, on the content as it stands. A question that stayed unanswered stopped the clock."""
        self.suspended_days, self.determine_by = suspended_days, determine_by
        self._advise(at, adviser, amount, ground)

    @transition(field=state, source=ClaimState.ADVISED, target=ClaimState.IN_REVIEW)
    def return_to_assessor(self) -> None:
        """The decider wants it looked at again."""
        self.advised_at = self.advised_amount = self.advised_by = None
        self.advised_ground = self.advised_sha256 = ""

    @transition(field=state, source=ClaimState.ADVISED, target=ClaimState.DETERMINED)
    def determine(
        self,
        *,
        at: datetime.datetime,
        amount: Decimal,
        computed: Decimal,
        ground: str,
        pay_by: datetime.date,
    ) -> None:
        """The decider decides what the claim comes to (Awb 4:42, 4:46). The account is frozen here."""
        self.determined_at, self.determined_amount, self.computed_amount = at, amount, computed
        self.ground, self.pay_by = ground, pay_by
        account = self.bank_account
        self.iban, self.holder, self.stripe_account = account.iban, account.holder, account.stripe_account

    @transition(field=state, source=ClaimState.DETERMINED, target=ClaimState.PAID)
    def pay(self, *, paid_on: datetime.date, amount: Decimal, payout_ref: str) -> None:
        """The bank, or the payment service, has booked it."""
        self.paid_amount += amount
        self.paid_on, self.payout_ref = paid_on, payout_ref
        self.sent_payout_ref = ""

    @transition(
        field=state, source=[ClaimState.DETERMINED, ClaimState.PAID, ClaimState.CLOSED], target=ClaimState.DETERMINED
    )
    def return_funds(self, *, amount: Decimal, payout_ref: str) -> None:
        """A payment came back; what is due now is to be paid again. Which payment: `payout_ref`."""
        self.paid_amount -= amount
        self.ended_at = None

    @transition(field=state, source=ClaimState.DETERMINED, target=ClaimState.CLOSED)
    def settle_at_nil(self, *, at: datetime.datetime) -> None:
        """Determined, and nothing is left to pay."""
        self.ended_at = at

    @transition(field=state, source=ClaimState.DETERMINED, target=ClaimState.WITHHELD)
    def withhold(self, *, at: datetime.datetime, until: datetime.date) -> None:
        """Payment is suspended on a serious suspicion, 13 weeks at most (Awb 4:56)."""
        self.withheld_at, self.withheld_until = at, until

    @transition(field=state, source=ClaimState.WITHHELD, target=ClaimState.DETERMINED)
    def release(self, *, at: datetime.datetime) -> None:
        """The suspicion is gone, or its term is over."""
        self.withheld_at = self.withheld_until = None
        self.withheld_why = ""

    @transition(field=state, source=ClaimState.PAID, target=ClaimState.CLOSED)
    def close(self, *, at: datetime.datetime) -> None:
        """Nothing more is expected of this claim."""
        self.ended_at = at

    @transition(
        field=state, source=[ClaimState.DETERMINED, ClaimState.PAID, ClaimState.CLOSED], target=ClaimState.ADVISED
    )
    def revise(
        self,
        *,
        at: datetime.datetime,
        reviser: Any,
        amount: Decimal,
        ground: str,
        term_from: datetime.date,
        determine_by: datetime.date,
    ) -> None:
        """An objection was right, or a determination turns out wrong (Awb 4:49): it is to be determined again.

        That has a term of its own.
        """
        self.term_from, self.suspended_days, self.determine_by = term_from, 0, determine_by
        self.determined_at = self.determined_amount = self.computed_amount = self.pay_by = self.ended_at = None
        self.decision = None
        self.ground = self.explanation = self.iban = self.holder = self.stripe_account = ""
        self._advise(at, reviser, amount, ground)

    @transition(
        field=state,
        source=[ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.MORE_INFORMATION],
        target=ClaimState.WITHDRAWN,
    )
    def withdraw(self, *, at: datetime.datetime) -> None:
        """The business takes the claim back; the invoice may be used again."""
        self.ended_at = at

    def _advise(self, at: datetime.datetime, by: Any, amount: Decimal, ground: str) -> None:
        self.advised_at, self.advised_by, self.advised_amount, self.advised_ground = at, by, amount, ground
        self.advised_sha256 = self.fingerprint()
