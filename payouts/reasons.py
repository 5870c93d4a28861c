"""Why money does not leave, in the words of who handles it."""

from django.utils.translation import gettext_lazy as _

from core.reasons import ReasonCode


class PayoutReason(ReasonCode):
    """Why a payout or a batch cannot go on."""

    NOTHING_CHOSEN = "payouts.nothing_chosen", _("Choose at least one claim to pay.")
    NOT_PAYABLE = "payouts.not_payable", _("Claim %(claim)s is not ready to be paid any more.")
    ALREADY_IN_BATCH = "payouts.already_in_batch", _("Claim %(claim)s is already being paid.")
    OTHER_PROGRAMME = "payouts.other_programme", _("Claim %(claim)s belongs to another programme.")
    NO_ACCOUNT = "payouts.no_account", _("Claim %(claim)s has no bank account.")
    ACCOUNT_NOT_CHECKED = (
        "payouts.account_not_checked",
        _("The bank account of claim %(claim)s has not been checked yet."),
    )
    ACCOUNT_ENDED = "payouts.account_ended", _("The bank account of claim %(claim)s is no longer in use.")
    NO_STRIPE_ACCOUNT = "payouts.no_stripe_account", _("The payee of claim %(claim)s has no Stripe account.")
    UNREADABLE_HOLDER = (
        "payouts.unreadable_holder",
        _(
            "No bank can read the account holder of claim %(claim)s. Ask the payee how the bank writes the name in Latin"
            " letters; a decider opens the claim again, so that it can be filled in."
        ),
    )
    CANNOT_SEAL = (
        "payouts.cannot_seal",
        _("Claim %(claim)s does not fit in a bank file (%(problem)s). Correct the account or the name."),
    )
    NO_PAYER = "payouts.no_payer", _("The account the money leaves from is not set up.")
    DATE_IN_PAST = "payouts.date_in_past", _("Choose today or a later day for the payment.")
    DATE_TOO_FAR = "payouts.date_too_far", _("Choose a day within %(days)s days.")
    NO_BANK_DAY = "payouts.no_bank_day", _("Banks are closed on %(date)s. Choose a working day.")
    BATCH_CHANGED = (
        "payouts.batch_changed",
        _("The batch has changed since you looked at it. Check it again before you release it."),
    )
    PAYOUT_CHANGED = (
        "payouts.payout_changed",
        _("The account or the amount of claim %(claim)s has changed. It leaves this batch."),
    )
    MAYBE_SENT = (
        "payouts.maybe_sent",
        _(
            "This payment may have left before, so it is looked up first. It cannot be taken out; withhold the claim when"
            " it has to stop."
        ),
    )
    NOTHING_LEFT = "payouts.nothing_left", _("No payment is left in this batch.")
    SAME_PERSON = "payouts.same_person", _("Somebody else than who prepared the batch has to release it.")
    BOOKED_IN_FUTURE = "payouts.booked_in_future", _("The day in the bank statement cannot be later than today.")
    BOOKED_TOO_EARLY = (
        "payouts.booked_too_early",
        _("The money cannot have left before %(earliest)s. Look up the day in the bank statement again."),
    )
    BACK_TOO_EARLY = (
        "payouts.back_too_early",
        _("This was paid on %(paid_on)s, so it cannot have come back before that day."),
    )
    BOOKED_WHEN_CLOSED = (
        "payouts.booked_when_closed",
        _("Banks are closed on %(date)s. Look up the day in the bank statement again."),
    )
    NOTHING_TO_CONFIRM = "payouts.nothing_to_confirm", _("No payment in this batch is waiting for word from the bank.")
    OVERTAKEN = "payouts.overtaken", _("Another worker has taken over this payment.")
    TWO_PEOPLE = "payouts.two_people", _("Two different people have to look at this payment.")
    ALREADY_PROPOSED = (
        "payouts.already_proposed",
        _("Somebody has already said what happened. Confirm or withdraw that."),
    )
    NO_EVIDENCE = "payouts.no_evidence", _("Write down where you saw it: the statement and the line.")
    WRONG_RAIL = "payouts.wrong_rail", _("This is done by the payment service, not by hand.")
    NO_FILE = "payouts.no_file", _("This batch has no bank file.")
