"""Why something cannot happen to a voucher or a claim, what a machine check saw, and the words of a determination's arithmetic."""

from django.utils.translation import gettext_lazy as _

from core.reasons import ReasonCode


class ClaimReason(ReasonCode):
    """Why something cannot happen to a voucher or a claim."""

    NOT_ISSUED = "vouchers.claim.not_issued", _("This voucher can no longer be used.")
    ORDER_BEFORE_APPLYING = (
        "vouchers.claim.order_before_applying",
        _("The order date lies before your application (%(applied_on)s). Costs you agreed to earlier cannot be paid."),
    )
    DATE_IN_FUTURE = "vouchers.claim.date_in_future", _("This date lies in the future.")
    ORDER_TOO_LATE = "vouchers.claim.order_too_late", _("The order had to be placed on %(until)s at the latest.")
    ORDER_CONFIRMED = (
        "vouchers.claim.order_confirmed",
        _("The provider has confirmed the order, so its date can no longer change."),
    )
    NOT_ORDERED = "vouchers.claim.not_ordered", _("First write down when you placed the order.")
    DELIVERY_BEFORE_ORDER = (
        "vouchers.claim.delivery_before_order",
        _("The delivery date lies before the order date (%(ordered_on)s)."),
    )
    DELIVERY_TOO_LATE = "vouchers.claim.delivery_too_late", _("The delivery had to be done on %(until)s at the latest.")
    DELIVERY_CONFIRMED = (
        "vouchers.claim.delivery_confirmed",
        _("The provider has confirmed the delivery, so its date can no longer change."),
    )
    NOT_DELIVERED = "vouchers.claim.not_delivered", _("First write down when everything was delivered.")
    NOT_CONFIRMED = (
        "vouchers.claim.not_confirmed",
        _("The provider has not confirmed the order and the delivery yet. Ask the provider to do so."),
    )
    NOTHING_TO_CONFIRM = "vouchers.claim.nothing_to_confirm", _("There is nothing to confirm yet.")
    BASELINE_NEEDED = (
        "vouchers.claim.baseline_needed",
        _("First write down how the work goes now. Later we compare with it, so it cannot be added afterwards."),
    )
    EXTENDED_BEFORE = "vouchers.claim.extended_before", _("The term has been extended before. That is possible once.")
    TERM_OVER = "vouchers.claim.term_over", _("The term ended on %(until)s.")
    ALREADY_DELIVERED = "vouchers.claim.already_delivered", _("Everything has been delivered already.")
    ALREADY_ORDERED = "vouchers.claim.already_ordered", _("The order has been placed already.")
    PROVIDER_NOT_VISIBLE = (
        "vouchers.claim.provider_not_visible",
        _("The other provider does not offer this solution category at the moment."),
    )
    PRICE_HIGHER = (
        "vouchers.claim.price_higher",
        _("The other package costs more than the amount of this voucher is based on."),
    )
    LAST_CALL_NEEDED = (
        "vouchers.claim.last_call_needed",
        _("First send the business a last call, with a last term."),
    )
    NOTHING_TAKEN = "vouchers.claim.nothing_taken", _("Nothing of this voucher was taken back.")
    CLAIM_OPEN = "vouchers.claim.claim_open", _("There is still an open claim on this voucher.")
    CLAIM_MISSING = "vouchers.claim.claim_missing", _("There is no claim on this voucher that has been decided.")
    LAST_CLAIM_DONE = (
        "vouchers.claim.last_claim_done",
        _("You said that your last claim was the last one. There is nothing left to claim."),
    )
    CLAIM_TOO_LATE = "vouchers.claim.claim_too_late", _("The claim had to be sent on %(until)s at the latest.")
    INVOICE_INCOMPLETE = (
        "vouchers.claim.invoice_incomplete",
        _("Number, date, amounts and file of the invoice are needed."),
    )
    INVOICE_USED = (
        "vouchers.claim.invoice_used",
        _("Invoice %(number)s of this provider has been used for a claim before. An invoice counts once."),
    )
    INVOICE_TOTAL = (
        "vouchers.claim.invoice_total",
        _("The total including VAT cannot be lower than the amount without VAT."),
    )
    ACCOUNT_NEEDED = "vouchers.claim.account_needed", _("Choose the bank account that the money should go to.")
    ACCOUNT_OF_ANOTHER = "vouchers.claim.account_of_another", _("This bank account belongs to another organisation.")
    USERS_NEEDED = (
        "vouchers.claim.users_needed",
        _("Name at least one and at most %(limit)s people who work with the solution."),
    )
    USER_ADDRESS = "vouchers.claim.user_address", _("%(email)s is not an e-mail address.")
    USER_TWICE = "vouchers.claim.user_twice", _("%(email)s is named twice.")
    USER_OF_PROVIDER = (
        "vouchers.claim.user_of_provider",
        _("%(email)s belongs to the provider. Name people of your own business."),
    )
    PROOF_NEEDED = (
        "vouchers.claim.proof_needed",
        _("Add a proof of payment and show that the solution has been in use for 30 days."),
    )
    SAME_ASSESSOR = (
        "vouchers.claim.same_assessor",
        _("You assessed the application. Somebody else has to check the claim."),
    )
    CHECK_REFUSED = (
        "vouchers.claim.check_refused",
        _("You did not accept a check. Then advise a lower amount, or ask the business for more."),
    )
    NO_LOWER_ADVICE = "vouchers.claim.no_lower_advice", _("There is no advice to pay less, so no notice is needed.")
    NOTICE_OTHER = (
        "vouchers.claim.notice_other",
        _("The notice of intent named another ground or a better amount. First send a notice of what is meant now."),
    )
    NOTICE_SENT = "vouchers.claim.notice_sent", _("There is a notice of intent already that was not answered.")
    NOTICE_NONE = "vouchers.claim.notice_none", _("There is no notice of intent to respond to.")
    OTHER_PAYOUT = "vouchers.claim.other_payout", _("This claim was not paid with payout %(ref)s.")
    RETURNED_TOO_MUCH = (
        "vouchers.claim.returned_too_much",
        _(
            "More came back (€ %(amount)s) than is still booked as paid (€ %(paid)s): the business paid a part back itself."
        ),
    )
    CHECK_NOT_JUDGED = "vouchers.claim.check_not_judged", _("Give your judgement on: %(check)s.")
    OWN_ADVICE = (
        "vouchers.claim.own_advice",
        _("You proposed this amount yourself. Somebody else has to decide on it."),
    )
    ABOVE_ADVICE = (
        "vouchers.claim.above_advice",
        _("This is more than was advised (€ %(amount)s). Send the claim back to the assessor when you disagree."),
    )
    ASKED_TERM_OPEN = (
        "vouchers.claim.asked_term_open",
        _("The business can still answer the question until %(until)s."),
    )
    CHANGED_SINCE_ADVICE = (
        "vouchers.claim.changed_since_advice",
        _("The claim has changed since the advice. Send it back to the assessor."),
    )
    ABOVE_ARITHMETIC = (
        "vouchers.claim.above_arithmetic",
        _("The amount is more than the rules give (€ %(amount)s)."),
    )
    GROUND_NEEDED = "vouchers.claim.ground_needed", _("A lower amount needs a ground and an explanation.")
    NOTICE_NEEDED = (
        "vouchers.claim.notice_needed",
        _("First send a notice of intent, so that the business can respond."),
    )
    NOTICE_RUNNING = (
        "vouchers.claim.notice_running",
        _("The business can respond to the notice of intent until %(until)s."),
    )
    PAYMENT_SENT = (
        "vouchers.claim.payment_sent",
        _("A payment for this claim is on its way. This is possible once we know what became of it."),
    )
    NOTHING_TO_PAY = "vouchers.claim.nothing_to_pay", _("There is nothing left to pay on this claim.")
    SOMETHING_TO_PAY = "vouchers.claim.something_to_pay", _("There is still € %(amount)s to pay on this claim.")
    REASON_NEEDED = "vouchers.claim.reason_needed", _("Write down why.")
    PAID_BEFORE_DECISION = (
        "vouchers.claim.paid_before_decision",
        _("The payment date lies before the decision (%(determined_on)s)."),
    )
    RECLAIM_TOO_HIGH = (
        "vouchers.claim.reclaim_too_high",
        _("At most € %(amount)s can be asked back: what was paid above the determination."),
    )
    RECLAIM_TOO_OLD = (
        "vouchers.claim.reclaim_too_old",
        _("The determination is more than five years old (Awb 4:57). Nothing can be asked back any more."),
    )


class SeenReason(ReasonCode):
    """What a machine check saw, in words (DESIGN 4.12)."""

    ADDS_UP = "vouchers.seen.adds_up", _("€ %(excl)s without VAT and € %(incl)s with VAT: that is %(percent)s %% VAT.")
    VAT_UNUSUAL = (
        "vouchers.seen.vat_unusual",
        _("€ %(excl)s without VAT and € %(incl)s with VAT. The difference fits none of 0 %%, 9 %% and 21 %%."),
    )
    TOTAL_LOWER = (
        "vouchers.seen.total_lower",
        _("The total with VAT (€ %(incl)s) is lower than the amount without VAT (€ %(excl)s)."),
    )
    INSIDE_TERM = (
        "vouchers.seen.inside_term",
        _("Applied %(applied_on)s, ordered %(ordered_on)s, delivered %(delivered_on)s, invoice %(invoice_date)s."),
    )
    INVOICE_BEFORE_APPLYING = (
        "vouchers.seen.invoice_before_applying",
        _("The invoice (%(invoice_date)s) is older than the application (%(applied_on)s)."),
    )
    INVOICE_BEFORE_ORDER = (
        "vouchers.seen.invoice_before_order",
        _("The invoice (%(invoice_date)s) is older than the order (%(ordered_on)s)."),
    )
    INVOICE_AFTER_TERM = (
        "vouchers.seen.invoice_after_term",
        _("The invoice (%(invoice_date)s) is dated after the last day for claims (%(claim_by)s)."),
    )
    SAME_SUPPLIER = "vouchers.seen.same_supplier", _("The invoice and the voucher both name KvK number %(kvk)s.")
    OTHER_SUPPLIER = (
        "vouchers.seen.other_supplier",
        _("The invoice names KvK number %(invoice)s, the voucher %(voucher)s."),
    )
    NO_SUPPLIER_KVK = (
        "vouchers.seen.no_supplier_kvk",
        _("There is no KvK number on the invoice. The voucher names %(voucher)s."),
    )
    PACKAGE_NAMED = "vouchers.seen.package_named", _("The invoice names “%(name)s”.")
    PACKAGE_NOT_NAMED = (
        "vouchers.seen.package_not_named",
        _("The invoice says “%(description)s”. The voucher is for “%(name)s”."),
    )
    MORE_THAN_QUOTED = (
        "vouchers.seen.more_than_quoted",
        _("The invoices come to € %(invoiced)s, the quote was € %(quoted)s."),
    )
    ACCOUNT_VERIFIED = "vouchers.seen.account_verified", _("The account has been verified.")
    ACCOUNT_UNVERIFIED = (
        "vouchers.seen.account_unverified",
        _("The account is registered but nobody has verified it yet."),
    )
    ACCOUNT_MISSING = "vouchers.seen.account_missing", _("No account of the payee was chosen.")
    NUMBER_NEW = "vouchers.seen.number_new", _("No other claim names invoice %(number)s of this provider.")
    NUMBER_USED = "vouchers.seen.number_used", _("Another claim names invoice %(number)s of this provider.")
    LOOKALIKE = (
        "vouchers.seen.lookalike",
        _("The number %(number)s is new, but %(count)s other claim(s) have the same provider, date and amount."),
    )
    VAT_ID_SAME = "vouchers.seen.vat_id_same", _("The invoice and our register both say %(vat_id)s.")
    VAT_ID_OTHER = "vouchers.seen.vat_id_other", _("The invoice says %(invoice)s, our register %(register)s.")
    VAT_ID_NOT_GIVEN = "vouchers.seen.vat_id_not_given", _("No VAT number of the supplier was filled in.")
    VAT_ID_UNKNOWN = (
        "vouchers.seen.vat_id_unknown",
        _("The invoice says %(invoice)s. We know no VAT number of this supplier to compare it with."),
    )


class ClaimRow(ReasonCode):
    """The lines of the arithmetic under a determination (DESIGN 4.7, 4.12)."""

    INVOICED = "vouchers.claim_row.invoiced", _("This invoice, the costs that count")
    INVOICED_BEFORE = "vouchers.claim_row.invoiced_before", _("Earlier invoices on this voucher")
    OTHER_FUNDING = "vouchers.claim_row.other_funding", _("Other public money for the same costs")
    ELIGIBLE = "vouchers.claim_row.eligible", _("Costs the voucher was awarded for")
    COUNTED = "vouchers.claim_row.counted", _("Costs that count: the lower of the two")
    BY_RATE = "vouchers.claim_row.by_rate", _("%(percent)s %% of those costs")
    AWARD = "vouchers.claim_row.award", _("Amount of the voucher, the most we can pay")
    BEFORE = "vouchers.claim_row.before", _("Decided on earlier claims")
    AMOUNT = "vouchers.claim_row.amount", _("What this claim comes to")
