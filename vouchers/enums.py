"""The closed lists of this room. The first part is about programmes and applications, the second about vouchers and claims."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.reasons import ReasonCode


class ApplicationState(models.TextChoices):
    """Where an application stands (DESIGN 3)."""

    DRAFT = "draft", _("not sent yet")
    SUBMITTED = "submitted", _("received")
    IN_REVIEW = "in_review", _("being assessed")
    MORE_INFORMATION = "more_information", _("waiting for the applicant")
    ADVISED = "advised", _("assessed, waiting for a decision")
    WAITING_LIST = "waiting_list", _("on the waiting list")
    AWARDED = "awarded", _("awarded")
    REFUSED = "refused", pgettext_lazy("application", "refused")
    DISMISSED = "dismissed", _("closed because it was not complete")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: One business has at most one of these per programme; a partial UNIQUE index says so (DESIGN 4.7).
LIVE_APPLICATION_STATES = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.MORE_INFORMATION,
    ApplicationState.ADVISED,
    ApplicationState.WAITING_LIST,
)

#: The applicant may change the application in these.
OPEN_APPLICATION_STATES = (ApplicationState.DRAFT, ApplicationState.MORE_INFORMATION)


class ObjectionState(models.TextChoices):
    """Where an objection stands (DESIGN 3)."""

    RECEIVED = "received", _("received")
    HEARING = "hearing", _("hearing")
    UPHELD = "upheld", _("upheld")
    UPHELD_IN_PART = "upheld_in_part", _("upheld in part")
    REJECTED = "rejected", _("rejected")
    INADMISSIBLE = "inadmissible", _("inadmissible")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Distribution(models.TextChoices):
    """How a programme divides its ceiling, announced with it and frozen at the opening (Awb 4:26)."""

    COUNTER = "counter", _("in order of arrival")
    DAY_LOTTERY = "day_lottery", _("per day, by lot when a day does not fit")


class RuleMode(models.TextChoices):
    """What a programme does with an eligibility rule that is not met (DESIGN 4.9)."""

    OFF = "off", _("not asked")
    RECORD = "record", _("noted only")
    REVIEW = "review", _("a person judges")
    FAIL = "fail", _("refusal")


class RuleOutcome(models.TextChoices):
    """What an eligibility rule saw."""

    PASS = "pass", _("in order")
    RECORD = "record", _("noted")
    REVIEW = "review", _("to be judged")
    FAIL = "fail", _("not met")


class Verdict(models.TextChoices):
    """What the assessor says about a rule that asked for a person's judgement."""

    ACCEPTED = "accepted", _("acceptable")
    NOT_ACCEPTED = "not_accepted", _("not acceptable")


class Advice(models.TextChoices):
    """What the assessor advises the decider."""

    AWARD = "award", _("award")
    REFUSE = "refuse", _("refuse")


class PaymentRail(models.TextChoices):
    """How the money of a programme leaves (DESIGN 4.13)."""

    SEPA = "sepa", _("SEPA batch")
    STRIPE = "stripe", _("Stripe transfer")


class Payee(models.TextChoices):
    """Who receives the money of a claim (DESIGN 4.12)."""

    SME = "sme", _("the business itself")
    PROVIDER = "provider", _("the provider, by payment instruction")


class VatPosition(models.TextChoices):
    """How much of the VAT the applicant gets back from the tax office (DESIGN 4.7)."""

    FULL = "full", _("all of it")
    PRO_RATA = "pro_rata", _("part of it")
    NONE = "none", _("nothing")
    REVERSED = "reversed", _("the VAT is reverse-charged to us")


class SolutionStanding(models.TextChoices):
    """What a programme asks of a solution before it pays for it (DESIGN 4.9)."""

    PREFERRED = "preferred", _("on the preferred list")
    LISTED = "listed", _("in the catalogue")


class LedgerAccount(models.TextChoices):
    """Where the euros of a budget are. `ceiling` is the source, so that every transaction sums to zero."""

    CEILING = "ceiling", _("ceiling")
    AVAILABLE = "available", _("available")
    RESERVED = "reserved", _("reserved")
    COMMITTED = "committed", _("committed")
    PAID = "paid", _("paid")


class LedgerKind(models.TextChoices):
    """The business event behind a ledger transaction. Kind and reference together happen once, ever."""

    CEILING = "ceiling", _("ceiling set")
    RESERVE = "reserve", _("reserved for an application")
    RELEASE = "release", _("reservation released")
    COMMIT = "commit", _("awarded")
    UNCOMMIT = "uncommit", _("award released")
    PAY = "pay", _("paid")
    RETURN = "return", _("payment came back")
    RECLAIM = "reclaim", _("paid back by the recipient")
    RECOMMIT = "recommit", _("award restored")


class DecisionKind(models.TextChoices):
    """What was decided; each is a *besluit* one can object to."""

    AWARD = "award", _("award")
    REFUSAL = "refusal", _("refusal")
    DISMISSAL = "dismissal", _("not taken into consideration")
    DETERMINATION = "determination", _("determination")
    LAPSE = "lapse", _("lapse")
    REVOCATION = "revocation", _("revocation")
    RECLAIM = "reclaim", _("reclaim")
    REMAINDER = "remainder", _("lapse of the rest of a voucher")
    OBJECTION = "objection", _("decision on an objection")


#: Decisions that end a voucher, or what is left of it; its page tells of them.
ENDS_A_VOUCHER = (DecisionKind.LAPSE, DecisionKind.REVOCATION, DecisionKind.REMAINDER)

#: Decisions on the application itself, whose letter is the application's. Those on vouchers and claims have pages of their own.
APPLICATION_DECISIONS = (DecisionKind.AWARD, DecisionKind.REFUSAL, DecisionKind.DISMISSAL)


# Vouchers, claims and reclaims.


class VoucherState(models.TextChoices):
    """Where a voucher stands (DESIGN 3). Ordered and delivered are dated facts on an issued voucher, not states."""

    ISSUED = "issued", _("to use")
    SETTLED = "settled", _("paid out")
    CLOSED = "closed", _("closed")
    LAPSED = "lapsed", _("lapsed")
    CANCELLED = "cancelled", _("cancelled")
    REVOKED = "revoked", _("revoked")


class ClaimState(models.TextChoices):
    """Where a claim stands (DESIGN 3)."""

    DRAFT = "draft", _("not sent yet")
    SUBMITTED = "submitted", _("sent")
    IN_REVIEW = "in_review", _("being checked")
    MORE_INFORMATION = "more_information", _("waiting for the applicant")
    ADVISED = "advised", _("checked, waiting for the decision")
    DETERMINED = "determined", _("decided, payment follows")
    WITHHELD = "withheld", _("payment withheld")
    PAID = "paid", _("paid")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_CLAIM = (
    ClaimState.DRAFT,
    ClaimState.SUBMITTED,
    ClaimState.IN_REVIEW,
    ClaimState.MORE_INFORMATION,
    ClaimState.ADVISED,
)
"""A claim that is still to be decided. A voucher has at most one of these, and the database says so."""

FINAL_CLAIM = (ClaimState.PAID, ClaimState.CLOSED, ClaimState.WITHDRAWN)
"""A claim nothing more is done with, unless an objection or a returned payment re-opens it."""

DETERMINED_CLAIM = (ClaimState.DETERMINED, ClaimState.WITHHELD, ClaimState.PAID, ClaimState.CLOSED)
"""A claim whose amount has been decided."""


class ReclaimState(models.TextChoices):
    """Where a reclaim stands (DESIGN 3)."""

    DECIDED = "decided", _("decided")
    DUE = "due", _("to be paid back")
    RECEIVED = "received", _("paid back")
    WRITTEN_OFF = "written_off", _("written off")
    ANNULLED = "annulled", _("annulled")


class CheckCode(models.TextChoices):
    """What the machine checks on a claim (DESIGN 4.12)."""

    ARITHMETIC = "arithmetic", _("The amounts add up")
    DATES = "dates", _("The dates fall inside the term")
    SUPPLIER = "supplier", _("The invoice comes from the right provider")
    PACKAGE = "package", _("The invoice is for the right package")
    IBAN = "iban", _("The bank account is known")
    INVOICE_NUMBER = "invoice_number", _("The invoice has not been used before")
    VAT_ID = "vat_id", _("The VAT number is the provider’s")


class CheckOutcome(models.TextChoices):
    """What came out of a machine check. Unknown is shown to a person and never passed in silence."""

    PASS = "pass", _("in order")
    FAIL = "fail", _("not in order")
    UNKNOWN = "unknown", _("look at this")


class LowerGround(ReasonCode):
    """Why a determination is lower than the arithmetic gives (Awb 4:46). All can be disputed, so all need a notice."""

    NOT_DONE = "vouchers.lower.not_done", _("The work was not done, or not all of it (Awb 4:46, 2a)")
    OBLIGATION = "vouchers.lower.obligation", _("An obligation was not met (Awb 4:46, 2b)")
    FALSE_DATA = "vouchers.lower.false_data", _("Information was wrong or incomplete (Awb 4:46, 2c)")
    KNOWN_WRONG = "vouchers.lower.known_wrong", _("The award was wrong and the business could know (Awb 4:46, 2d)")
    UNREASONABLE_COST = "vouchers.lower.unreasonable_cost", _("The costs are not reasonable (Awb 4:46, 3)")


class RevocationGround(ReasonCode):
    """Why an award is taken back before anything was determined (Awb 4:48). All can be disputed, so all need a notice."""

    NOT_DONE = (
        "vouchers.revocation.not_done",
        _("The work was not or will not be done, or not all of it (Awb 4:48, 1a)"),
    )
    OBLIGATION = "vouchers.revocation.obligation", _("An obligation of the award was not met (Awb 4:48, 1b)")
    FALSE_DATA = (
        "vouchers.revocation.false_data",
        _("Information was wrong or incomplete, and the award would have been another (Awb 4:48, 1c)"),
    )
    KNOWN_WRONG = (
        "vouchers.revocation.known_wrong",
        _("The award was wrong otherwise, and the business knew or could know (Awb 4:48, 1d)"),
    )


class ReclaimGround(ReasonCode):
    """Why money is asked back (Awb 4:57)."""

    REVISED = "vouchers.reclaim.revised", _("The determination was lowered (Awb 4:49)")
    PAID_TOO_MUCH = "vouchers.reclaim.paid_too_much", _("Too much was paid (Awb 4:57)")
    PAID_WRONG = "vouchers.reclaim.paid_wrong", _("It was paid to the wrong account (Awb 4:57)")


class ReminderKind(models.TextChoices):
    """What a business is reminded of, each before its term ends and once more after it (DESIGN 4.11, 3)."""

    ORDER = "order", _("place the order")
    DELIVERY = "delivery", _("have it delivered")
    CLAIM = "claim", _("ask for the payment")
    LAST_CALL = "last_call", _("last call before the voucher lapses")


class Regime(models.TextChoices):
    """How much evidence a claim needs: the invoice, or everything (DESIGN 4.12)."""

    LIGHT = "light", _("the invoice is enough")
    FULL = "full", _("all evidence")
